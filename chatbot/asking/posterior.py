"""How likely each candidate is what the person wants: the softmax of what the ranking makes of it."""

from dataclasses import dataclass

import numpy as np

from chatbot.recommending import Recommender
from chatbot.state import Belief, DialogueState
from chatbot.user import embed_user

CANDIDATES = 4000
"""So many of the best ranked are weighed; what lies behind them has next to no chance in a dialogue."""
TEMPERATURE = 0.1
"""In units of the ranking's relevance. Fitted to simulated dialogues of other seeds than those that are reported."""


@dataclass(frozen=True)
class Posterior:
    """Candidates in the order of their chances."""

    places: np.ndarray  # (m,) int64 positions, the likeliest first
    chances: np.ndarray  # (m,) float64, summing to 1


class Ranking:
    """The candidates by what is believed. The last ranking is kept: beliefs stay as they are over many a list."""

    def __init__(self, recommender: Recommender) -> None:
        self._recommender = recommender
        self._kept: tuple[tuple[Belief, ...], np.ndarray, np.ndarray] | None = None

    def posterior(self, state: DialogueState, allowed: np.ndarray) -> Posterior:
        """The candidates where `allowed` (n,) bool holds, which every wish does."""
        places, totals = self._ranked(state)
        open_ = allowed[places]
        places, logits = places[open_], totals[open_].astype(np.float64) / TEMPERATURE
        weights = np.exp(logits - logits.max()) if len(places) else logits
        return Posterior(places, weights / weights.sum() if len(places) else weights)

    def _ranked(self, state: DialogueState) -> tuple[np.ndarray, np.ndarray]:
        """Positions of the items for which every wish holds (m,), best first, and their relevance (m,)."""
        kept = self._kept  # another thread may replace it meanwhile
        if kept is not None and kept[0] == state.beliefs:
            return kept[1], kept[2]
        index = self._recommender.index
        user = embed_user(state, index)
        wished = self._recommender.allowed(state)
        places, totals = index.scores(user.evidence, user.weights, wished, CANDIDATES, user.bonus)
        best = np.lexsort((places, -totals))[:CANDIDATES]
        self._kept = state.beliefs, places[best], totals[best]
        return places[best], totals[best]
