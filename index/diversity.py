"""The list as a whole: the best items that are not all the same."""

from collections.abc import Sequence

import numpy as np


def diversify(vectors: np.ndarray, relevance: Sequence[float], k: int, trade: float = 0.1) -> list[int]:
    """Indices of k of the candidates by maximal marginal relevance (Carbonell and Goldstein, 1998), best first.

    `vectors` (m, d) are unit rows, `relevance` (m,) falls with rank; `trade` is what likeness to an item already
    chosen costs: 0 keeps the order.
    """
    scores = np.asarray(relevance, dtype=np.float64)
    chosen: list[int] = []
    likeness = np.zeros(len(scores))
    while len(chosen) < min(k, len(scores)):
        gain = scores - trade * likeness
        gain[chosen] = -np.inf
        best = int(np.argmax(gain))
        chosen.append(best)
        likeness = np.maximum(likeness, vectors @ vectors[best])
    return chosen


BLUR = 0.01
"""Share of the target that a list is taken to have anyway, so that the divergence stays finite."""


def calibrate(kinds: np.ndarray, relevance: Sequence[float], target: np.ndarray, k: int, trade: float) -> list[int]:
    """Indices of k of the candidates, whose mix of kinds comes near a person's own, in the order they are chosen.

    Steck, "Calibrated recommendations" (2018): greedily the most of
    (1 − trade) · Σ relevance − trade · KL(target ‖ mix).
    `kinds` (m, c) are the candidates' shares of kinds and `target` (c,) the person's, each summing to 1; `relevance`
    (m,) is in 0..1. `trade` 0 keeps the order, 1 looks at the mix alone.
    """
    scores = np.asarray(relevance, dtype=np.float64)
    chosen: list[int] = []
    mixed, total = np.zeros(kinds.shape[1]), 0.0
    while len(chosen) < min(k, len(scores)):
        mixes = (mixed + kinds) / (len(chosen) + 1)  # (m, c), one for each that might come next
        gain = (1 - trade) * (total + scores) - trade * divergence(target, mixes)
        gain[chosen] = -np.inf
        best = int(np.argmax(gain))
        chosen.append(best)
        mixed, total = mixed + kinds[best], total + scores[best]
    return chosen


def divergence(target: np.ndarray, mixes: np.ndarray) -> np.ndarray:
    """KL(target ‖ mix) in nats: (c,), (m, c) → (m,)."""
    blurred = (1 - BLUR) * mixes + BLUR * target
    wanted = target > 0
    return (target[wanted] * np.log(target[wanted] / np.maximum(blurred[:, wanted], 1e-12))).sum(axis=1)


def expose(relevance: Sequence[float] | np.ndarray, fame: np.ndarray, share: float) -> np.ndarray:
    """The relevance (m,), lowered by `share` of how well known each item is (m,) in 0..1: the long tail comes up."""
    return np.asarray(relevance, dtype=np.float64) - share * fame
