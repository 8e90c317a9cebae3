"""What all classics have in common."""

from typing import Protocol, Self

import numpy as np
import scipy.sparse as sparse


class Ranker(Protocol):
    """Learns from people's rows and scores items for others; see `index.classics`."""

    def fit(self, rows: sparse.csr_matrix) -> Self:
        """Learn from rows (u, n)."""
        ...

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        """Histories (v, n) → scores (v, n) float32."""
        ...
