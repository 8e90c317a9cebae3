"""How good a full ranking is: NDCG@10 and Recall@20 over all items, no sampling."""

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sparse

NDCG_AT, RECALL_AT = 10, 20


def top(scores: np.ndarray, histories: sparse.csr_matrix, k: int) -> np.ndarray:
    """The k best items of each row (v, n) that the history does not hold, best first: (v, k).

    Equal scores stand in an order drawn once for all: that of the catalog would tell how well known an item is.
    """
    masked = scores.astype(np.float32, copy=True)
    masked[histories.nonzero()] = -np.inf
    drawn = np.random.default_rng(0).permutation(masked.shape[1])
    return drawn[np.argsort(-masked[:, drawn], axis=1, kind="stable")[:, :k]]


def ndcg(lists: np.ndarray, gold: Sequence[np.ndarray], at: int = NDCG_AT) -> np.ndarray:
    """Σ over hits of 1 / log2(1 + rank), by the highest that was possible: (v,)."""
    gains = 1 / np.log2(np.arange(2, at + 2))
    hits = np.stack([np.isin(row[:at], wanted) for row, wanted in zip(lists, gold, strict=True)])
    return hits @ gains[: hits.shape[1]] / np.array([gains[: len(wanted)].sum() for wanted in gold])


def recall(lists: np.ndarray, gold: Sequence[np.ndarray], at: int = RECALL_AT) -> np.ndarray:
    """The part of each person's items that is among the first: (v,)."""
    return np.array([np.isin(w, row[:at]).mean() for row, w in zip(lists, gold, strict=True)])


def interval(values: np.ndarray) -> tuple[float, float]:
    """The mean over people and half the width of its 95 % confidence interval (normal)."""
    if len(values) < 2:
        return float(np.mean(values)), float("nan")
    return float(values.mean()), float(1.96 * values.std(ddof=1) / len(values) ** 0.5)
