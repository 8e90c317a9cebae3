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
