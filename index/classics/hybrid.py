"""A weighted hybrid (Burke, 2002): the scores of several rankers, each on one scale."""

from collections.abc import Sequence
from typing import Self

import numpy as np
import scipy.sparse as sparse

from index.classics.ranker import Ranker


class Hybrid:
    """The weighted sum of standardised scores."""

    def __init__(self, parts: Sequence[tuple[Ranker, float]]) -> None:
        self._parts = parts

    def fit(self, rows: sparse.csr_matrix) -> Self:
        """Fit every part on rows (u, n)."""
        for ranker, _ in self._parts:
            ranker.fit(rows)
        return self

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        """Histories (v, n) → scores (v, n) float32."""
        total = np.zeros(histories.shape, dtype=np.float32)
        for ranker, weight in self._parts:
            total += np.float32(weight) * standardised(ranker.score(histories))
        return total


def standardised(scores: np.ndarray) -> np.ndarray:
    """Each row (v, n) less its mean, in units of its standard deviation; zeros where all are equal."""
    spread = scores.std(axis=1, keepdims=True)
    return (scores - scores.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)
