"""The group index: a FAISS inverted file whose lists are the groups.

The scorer says which groups to look at; the index returns all their members with the inner products that the
scorer asks for. Groups are opened in falling attention until enough items that may be shown have been met, so a
search is never empty while one such item exists.
"""

from typing import Any

import numpy as np


class GroupIndex:
    """Searches the groups of a fixed set of items. Safe to share: searching changes nothing."""

    def __init__(self, vectors: np.ndarray, of_item: np.ndarray, centroids: np.ndarray) -> None:
        """Items (n, d) float32, the group of each (n,), and the groups (g, d) float32."""
        import faiss

        faiss.omp_set_num_threads(1)  # small searches are many times slower with threads that spin
        dimension = vectors.shape[1]
        self._quantizer = faiss.IndexFlatIP(dimension)
        self._quantizer.add(np.ascontiguousarray(centroids, dtype=np.float32))
        # faiss replaces its methods while it loads, so their declared types are not those that are called.
        self._lists: Any = faiss.IndexIVFFlat(
            self._quantizer, dimension, max(len(centroids), 1), faiss.METRIC_INNER_PRODUCT
        )
        self._of_item = np.ascontiguousarray(of_item, dtype=np.int64)
        self._sizes = np.bincount(self._of_item, minlength=len(centroids))
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        ids = np.arange(len(rows), dtype=np.int64)
        if len(rows):
            self._lists.add_core(len(rows), *(faiss.swig_ptr(a) for a in (rows, ids, self._of_item)))

    def choose(self, log_weights: np.ndarray, allowed: np.ndarray, wanted: int) -> np.ndarray:
        """The fewest groups, in falling attention (g,), whose items hold `wanted` of the allowed (n,) bool."""
        met = np.bincount(self._of_item[allowed], minlength=len(log_weights))
        order = np.argsort(-log_weights, kind="stable")
        order = order[met[order] > 0]
        enough = np.searchsorted(np.cumsum(met[order]), wanted) + 1
        return order[:enough]

    def members(self, groups: np.ndarray, users: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """All members of the groups (p,): positions (m,) int64, and inner products (m,) with users (p, d)."""
        if not len(groups):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        longest = int(self._sizes[groups].max())
        keys = np.ascontiguousarray(groups, dtype=np.int64)[:, None]
        queries = np.ascontiguousarray(users, dtype=np.float32)
        inner, positions = self._lists.search_preassigned(queries, longest, keys, np.zeros(keys.shape, np.float32))
        found = positions >= 0
        return positions[found], inner[found]
