"""How likely each candidate is what the person wants: the softmax of what the ranking makes of it."""

from dataclasses import dataclass

import numpy as np

from chatbot.state import DialogueState
from chatbot.user import embed_user
from index.folder import Index

CANDIDATES = 4000
"""So many of the best ranked are weighed; what lies behind them has next to no chance in a dialogue."""
TEMPERATURE = 0.1
"""In units of the ranking's relevance. Fitted to simulated dialogues of other seeds than those that are reported."""


@dataclass(frozen=True)
class Posterior:
    """Candidates in the order of their chances."""

    places: np.ndarray  # (m,) int64 positions, the likeliest first
    chances: np.ndarray  # (m,) float64, summing to 1


def posterior(index: Index, state: DialogueState, allowed: np.ndarray, temperature: float = TEMPERATURE) -> Posterior:
    """The candidates where `allowed` (n,) bool holds, by what is known of the person."""
    user = embed_user(state, index)
    places, totals = index.scores(user.evidence, user.weights, allowed, CANDIDATES, user.bonus)
    best = np.lexsort((places, -totals))[:CANDIDATES]
    logits = totals[best].astype(np.float64) / temperature
    weights = np.exp(logits - logits.max()) if len(best) else logits
    return Posterior(places[best], weights / weights.sum() if len(best) else weights)
