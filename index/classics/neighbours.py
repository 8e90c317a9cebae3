"""Neighbourhoods: people who like alike, items that are liked together (Herlocker 1999; Sarwar 2001)."""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import scipy.sparse as sparse

Measure = Literal["cosine", "pearson"]


def similarities(
    these: sparse.csr_matrix, those: sparse.csr_matrix, measure: Measure = "cosine", shrinkage: float = 0.0
) -> np.ndarray:
    """How alike the rows of two tables are: (a, n), (b, n) → (a, b) float32, 0 where a row says nothing.

    Cosine is x·y / (|x| |y|), Pearson the same of rows less their mean over all n columns, so that it is also
    defined where every cell is 1. `shrinkage` is added to the denominator: likeness that rests on little counts less.
    """
    inner = (these @ those.T).toarray().astype(np.float32)
    squares = [np.asarray(rows.multiply(rows).sum(axis=1), dtype=np.float64).ravel() for rows in (these, those)]
    if measure == "pearson":
        means = [np.asarray(rows.mean(axis=1), dtype=np.float64).ravel() for rows in (these, those)]
        n = these.shape[1]
        inner -= np.outer(n * means[0].astype(np.float32), means[1].astype(np.float32))
        squares = [square - n * mean**2 for square, mean in zip(squares, means, strict=True)]
    lengths = [np.sqrt(np.where(square > 1e-9, square, 0)).astype(np.float32) for square in squares]
    scale = np.outer(*lengths)
    silent = scale == 0
    scale += np.float32(shrinkage)
    scale[silent] = np.inf  # a row that says nothing, or the same of all, is like no other
    inner /= scale
    return inner


def strongest(weights: np.ndarray, k: int) -> np.ndarray:
    """The weights (a, b) with all but each row's k highest, and all that are negative, set to 0."""
    if k < weights.shape[1]:
        floor = np.partition(weights, weights.shape[1] - k, axis=1)[:, weights.shape[1] - k, None]
        weights = np.where(weights >= floor, weights, 0)
    return np.maximum(weights, 0)


@dataclass
class UserKNN:
    """Items that the people most like this one have liked, each counted by the likeness to the power `power`."""

    neighbours: int = 50
    measure: Measure = "cosine"
    shrinkage: float = 0.0
    power: float = 1.0

    def fit(self, rows: sparse.csr_matrix) -> Self:
        """Keep the rows (u, n)."""
        self._rows = rows
        return self

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        """Histories (v, n) → scores (v, n) float32."""
        alike = strongest(similarities(histories, self._rows, self.measure, self.shrinkage), self.neighbours)
        return np.asarray(alike**self.power @ self._rows, dtype=np.float32)


@dataclass
class ItemKNN:
    """Items that are liked by the same people as those in the history; each item listens to its nearest only."""

    neighbours: int = 100
    measure: Measure = "cosine"
    shrinkage: float = 0.0

    def fit(self, rows: sparse.csr_matrix) -> Self:
        """Learn from rows (u, n); takes the square of the rated items in memory while it does."""
        columns = sparse.csr_matrix(rows.T)
        touched = np.flatnonzero(np.diff(columns.indptr))  # the others are like none
        alike = similarities(columns[touched], columns[touched], self.measure, self.shrinkage)
        np.fill_diagonal(alike, 0)
        heard = sparse.coo_matrix(strongest(alike, self.neighbours))  # row: who the item listens to
        cells = (heard.data, (touched[heard.row], touched[heard.col]))
        self._heard = sparse.csr_matrix(cells, shape=(columns.shape[0],) * 2)
        return self

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        """Histories (v, n) → scores (v, n) float32."""
        return np.asarray((histories @ self._heard.T).todense(), dtype=np.float32)
