"""What it is worth to ask for an item that the person likes.

Whoever names one names something like what they want. So for some of the candidates an item near them is taken to be
named, and the chances of all are weighed by their likeness to it, as the ranking will.
"""

import numpy as np

from chatbot.asking.posterior import TEMPERATURE, Posterior
from chatbot.asking.queries import LIKED
from chatbot.asking.worth import discounts
from chatbot.state import DialogueState
from index.folder import Index

NAMED = 0.8
"""How often people can name one (in 400 dialogues of ReDial .8 of those who ask do of their own accord)."""
SAMPLES = 12
NEAR = 5
"""The item named is the one so many places from the one wanted, counted by likeness: as near as people come."""


def chance_of_example(state: DialogueState) -> float:
    """How likely an item is named; 0 where one was, or was asked for."""
    known = any(opinion.item_id for opinion in state.opinions(liked=True))
    return 0.0 if known or LIKED in state.asked else NAMED


def worth_of_example(index: Index, candidates: Posterior, shown: int) -> float:
    """What lists are worth after an item is named, in 0..1."""
    p = candidates.chances
    vectors = index.vectors[candidates.places]
    wanted = np.searchsorted(np.cumsum(p), (np.arange(SAMPLES) + 0.5) / SAMPLES)
    wanted = np.minimum(wanted, len(p) - 1)
    likeness = vectors @ vectors[wanted].T  # (m, s)
    near = min(NEAR, len(p) - 1)
    named = np.argpartition(-likeness, near, axis=0)[near] if near else np.zeros(SAMPLES, dtype=int)
    logits = np.log(p + 1e-12)[:, None] + vectors @ vectors[named].T / TEMPERATURE
    ranks = (logits > logits[wanted, np.arange(SAMPLES)]).sum(axis=0)
    return float(discounts(ranks, shown).mean())
