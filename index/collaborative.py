"""What people did together with items: ratings and dialogues → one factor per item.

Every person (and every dialogue) is a row of items with weights. Items that keep the same company get factors
that point the same way. An item nobody touched has none; `index.space` predicts one from its text and facts.
"""

from collections.abc import Iterable

import numpy as np
import scipy.sparse as sparse

from index.company import Interactions
from index.embedding import unit_rows


def matrix(sources: Iterable[Interactions], n_items: int, breadth: float = 0.5) -> sparse.csr_matrix:
    """All rows as (rows, n_items) float32; a row with m items is divided by m**breadth, so that few say more."""
    row_of: list[int] = []
    column_of: list[int] = []
    values: list[float] = []
    n_rows = 0
    for source in sources:
        for row in source.rows:
            scale = source.weight / max(len(row), 1) ** breadth
            row_of.extend([n_rows] * len(row))
            column_of.extend(position for position, _ in row)
            values.extend(weight * scale for _, weight in row)
            n_rows += 1
    cells = (
        np.array(values, dtype=np.float32),
        (np.array(row_of, dtype=np.int64), np.array(column_of, dtype=np.int64)),
    )
    return sparse.csr_matrix(cells, shape=(n_rows, n_items), dtype=np.float32)


def item_factors(
    rows: sparse.csr_matrix, dimension: int = 64, fame: float = 0.5, depth: float = 0.5, seed: int = 0
) -> np.ndarray:
    """Item factors by truncated SVD: (n_items, dimension) float32, unit rows, zero where an item is in no row.

    Columns are divided by their length to the power `fame`, so that well-known items do not stand beside
    everything; singular values enter to the power `depth` (0 treats all directions alike).
    """
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=0)).ravel())
    scaled = rows @ sparse.diags(np.where(lengths > 0, np.maximum(lengths, 1e-9), 1.0) ** -fame)
    kept = min(dimension, *scaled.shape)
    factors = np.zeros((rows.shape[1], dimension), dtype=np.float32)
    if kept:
        directions, strengths = _right_singular(scaled.tocsr(), kept, seed)
        factors[:, :kept] = directions * strengths**depth
    factors[lengths == 0] = 0
    return unit_rows(factors)


def _right_singular(cells: sparse.csr_matrix, kept: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Leading right singular vectors (columns, kept) and values (kept,), by random projection (Halko et al.)."""
    generator = np.random.default_rng(seed)
    width = min(kept + 16, *cells.shape)
    basis = np.linalg.qr(cells.T @ generator.standard_normal((cells.shape[0], width)))[0]
    for _ in range(5):
        basis = np.linalg.qr(cells.T @ (cells @ basis))[0]
    _, strengths, turned = np.linalg.svd(cells @ basis, full_matrices=False)
    directions = basis @ turned.T
    # A singular vector's sign is free: fix it, so that the same data gives the same bytes.
    heaviest = np.abs(directions).argmax(axis=0)
    directions *= np.sign(directions[heaviest, np.arange(directions.shape[1])])
    return directions[:, :kept].astype(np.float32), strengths[:kept].astype(np.float32)
