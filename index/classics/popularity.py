"""What most people like, whoever asks."""

from typing import Self

import numpy as np
import scipy.sparse as sparse


class Popularity:
    """Every item's score is the sum of its column."""

    def fit(self, rows: sparse.csr_matrix) -> Self:
        """Learn from rows (u, n)."""
        self.counts = np.asarray(rows.sum(axis=0), dtype=np.float32).ravel()  # (n,)
        return self

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        """Histories (v, n) → scores (v, n) float32."""
        return np.tile(self.counts, (histories.shape[0], 1))
