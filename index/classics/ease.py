"""EASE: the linear autoencoder in closed form (Steck, "Embarrassingly Shallow Autoencoders", 2019)."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
import scipy.sparse as sparse


@dataclass
class Ease:
    """Item-to-item weights W with zero diagonal that rebuild each row from itself: min |X − XW|² + ridge.

    With P = (XᵀX + Λ)⁻¹ the weights are W_hi = −P_hi / P_ii. `dropout` adds to the ridge of an item a share of its
    own square (Steck, "Autoencoders that don't overfit towards the identity", 2020). Rows of `facts` are attributes:
    each is a row of the items that have it, as if somebody liked these (Jeunen and others, 2020); they say where an
    item belongs that nobody has rated.

    P is written by the Woodbury identity in the rows, of which there are fewer than items, so nothing of n² is built
    until `weights` is asked for.
    """

    ridge: float = 100.0
    dropout: float = 0.0
    facts: sparse.csr_matrix | None = field(default=None, repr=False)  # (a, n), scaled as they are to count

    def fit(self, rows: sparse.csr_matrix) -> Self:
        """Learn from rows (u, n)."""
        from scipy import linalg

        table = rows if self.facts is None else sparse.vstack([rows, self.facts])
        dense = table.toarray().astype(np.float32)  # (r, n)
        self._lambda = self.ridge + self.dropout * np.einsum("rn,rn->n", dense, dense)  # (n,)
        self._scaled = dense / self._lambda
        inner = self._scaled @ dense.T
        inner[np.diag_indices(len(inner))] += 1
        self._solved = linalg.solve(inner, self._scaled, assume_a="pos")  # (r, n)
        self._diagonal = 1 / self._lambda - np.einsum("rn,rn->n", self._scaled, self._solved)  # of P
        self._table = sparse.csr_matrix(table)
        return self

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        """Histories (v, n) → scores (v, n) float32, x W."""
        return self._through(sparse.csr_matrix(histories))

    def weights(self, items: np.ndarray) -> np.ndarray:
        """The rows of W of some items (m,): what each in a history gives to every item, (m, n) float32."""
        ones = np.ones(len(items), dtype=np.float32)
        width = len(self._lambda)
        return self._through(sparse.csr_matrix((ones, (np.arange(len(items)), items)), shape=(len(items), width)))

    def _through(self, histories: sparse.csr_matrix) -> np.ndarray:
        by_rows = histories.multiply(1 / self._lambda[None]).tocsr() @ self._table.T  # (v, r)
        through = histories.multiply(1 / self._lambda[None]).toarray() - by_rows.toarray() @ self._solved  # x P
        # −(xP)_i / P_ii counts an item's own cell as −x_i, where the weights have a zero diagonal.
        return (histories.toarray() - through / self._diagonal).astype(np.float32)
