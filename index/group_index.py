"""The group index: FAISS inverted lists that are the groups.

The scorer says which groups to look at; the index hands out all their members. Groups are opened in falling
attention until enough items that may be shown have been met, so a search is never empty while one such item exists.

An index never changes. `with_items` and `without` give a new one that shares the large lists with the old: what was
added stands in small lists of its own, what was removed is passed over. `Versions` swaps them for many threads.
"""

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

GONE = -1
"""The group of an item that is not in the index."""

MERGE_SHARE = 0.1
"""Added items, as a share of all, from which the added lists are merged into the large ones."""


class Rows(NamedTuple):
    """The members of one group."""

    positions: np.ndarray  # (m,) int64
    vectors: np.ndarray  # (m, d) float32; a view of the index, good only while that lives, not to be written to


class GroupIndex:
    """Items in groups. Safe to share between threads: no method changes it."""

    def __init__(self, vectors: np.ndarray, of_item: np.ndarray, centroids: np.ndarray) -> None:
        """Items (n, d) float32, the group of each (n,), and the groups (g, d) float32."""
        groups = np.ascontiguousarray(of_item, dtype=np.int64)
        lists = _filled(vectors, np.arange(len(groups)), groups, centroids)
        self._set(centroids, groups, lists, None, np.zeros(len(groups), dtype=bool))

    @classmethod
    def of_lists(cls, lists: Any, centroids: np.ndarray) -> "GroupIndex":
        """Take over a filled `faiss.IndexIVFFlat`, whose ids are positions 0 … n-1, without copying it."""
        index = cls.__new__(cls)
        of_item = np.full(lists.ntotal, GONE, dtype=np.int64)
        for group in range(len(centroids)):
            of_item[_rows(lists, group).positions] = group
        index._set(centroids, of_item, lists, None, np.zeros(len(of_item), dtype=bool))
        return index

    def _set(self, centroids: np.ndarray, of_item: np.ndarray, large: Any, small: Any, passed: np.ndarray) -> None:
        self.centroids = np.ascontiguousarray(centroids, dtype=np.float32)  # (g, d)
        self.of_item = of_item  # (n,) int64, GONE where there is no such item
        self.sizes = np.bincount(of_item[of_item != GONE], minlength=len(centroids))  # (g,)
        self._large, self._small = large, small  # FAISS inverted files; the small one may be None
        self._passed = passed  # (n,) bool: whose entry in the large lists counts no more
        self._any_passed = bool(passed.any())

    def __len__(self) -> int:
        """Items in the index."""
        return int(self.sizes.sum())

    # ------------------------------------------------------------ reading

    def choose(self, log_weights: np.ndarray, allowed: np.ndarray, wanted: int) -> np.ndarray:
        """The fewest groups, in falling attention (g,), whose items hold `wanted` of the allowed (n,) bool."""
        order = np.argsort(-log_weights, kind="stable")
        if 2 * wanted < len(self.of_item):  # likely to be met soon: count group by group
            return self._count_on(order, allowed, wanted)
        met = np.bincount(self.of_item[allowed & (self.of_item != GONE)], minlength=len(log_weights))
        order = order[met[order] > 0]
        return order[: np.searchsorted(np.cumsum(met[order]), wanted) + 1]

    def _count_on(self, order: np.ndarray, allowed: np.ndarray, wanted: int) -> np.ndarray:
        chosen: list[int] = []
        for group in order:
            met = np.count_nonzero(allowed[self._positions(int(group))])
            if met:
                chosen.append(int(group))
                wanted -= int(met)
            if wanted <= 0:
                break
        return np.array(chosen, dtype=np.int64)

    def _positions(self, group: int) -> np.ndarray:
        """Positions of a group's items, as `rows`, without touching the vectors."""
        positions = _rows(self._large, group).positions
        if self._any_passed:
            positions = positions[~self._passed[positions]]
        if self._small is None:
            return positions
        return np.concatenate([positions, _rows(self._small, group).positions])

    def rows(self, group: int) -> Rows:
        """All items of a group."""
        rows = _rows(self._large, group)
        if self._any_passed and (passed := self._passed[rows.positions]).any():
            rows = Rows(rows.positions[~passed], rows.vectors[~passed])
        if self._small is None or not self._small.invlists.list_size(group):
            return rows
        return Rows(*(np.concatenate(pair) for pair in zip(rows, _rows(self._small, group), strict=True)))

    def members(self, groups: np.ndarray, users: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """All members of the groups (p,): positions (m,) int64, and inner products (m,) with users (p, d)."""
        met = [(rows.positions, rows.vectors @ user) for rows, user in zip(map(self.rows, groups), users, strict=True)]
        if not met:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        return np.concatenate([p for p, _ in met]), np.concatenate([i for _, i in met]).astype(np.float32)

    def nearest(self, vectors: np.ndarray) -> np.ndarray:
        """The group that stands closest to each vector (m, d): (m,) int64."""
        return self._large.quantizer.search(np.ascontiguousarray(vectors, dtype=np.float32), 1)[1][:, 0]

    # ------------------------------------------------------------ other versions

    def with_items(self, positions: np.ndarray, vectors: np.ndarray, of_item: np.ndarray | None = None) -> "GroupIndex":
        """An index that also holds these items (m,), (m, d), in their nearest groups unless `of_item` (m,) is given.

        Items that are there already are moved to the new vector. ValueError if shapes differ or one is given twice.
        """
        positions = np.ascontiguousarray(positions, dtype=np.int64)
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        if vectors.shape != (len(positions), self.centroids.shape[1]) or len(np.unique(positions)) != len(positions):
            raise ValueError(
                f"expected {len(positions)} different positions and as many vectors of {self.centroids.shape[1]}, "
                f"got vectors of shape {vectors.shape}"
            )
        groups = self.nearest(vectors) if of_item is None else np.ascontiguousarray(of_item, dtype=np.int64)
        kept = self._small_rows(without=positions)
        added = (
            np.concatenate([kept[0], vectors]),
            np.concatenate([kept[1], positions]),
            np.concatenate([kept[2], groups]),
        )
        length = max(len(self.of_item), int(positions.max(initial=-1)) + 1)
        members = np.full(length, GONE, dtype=np.int64)
        members[: len(self.of_item)] = self.of_item
        members[positions] = groups
        index = self._version(members, added, positions)
        return index.merged() if len(added[0]) > MERGE_SHARE * len(index) else index

    def without(self, positions: np.ndarray) -> "GroupIndex":
        """An index that lacks these items (m,); those that are not there are passed over."""
        gone = np.asarray(positions, dtype=np.int64)
        gone = gone[(gone >= 0) & (gone < len(self.of_item))]
        members = self.of_item.copy()
        members[gone] = GONE
        return self._version(members, self._small_rows(without=gone), gone)

    def merged(self) -> "GroupIndex":
        """The same items in one set of lists. Copies every vector once; groups stay as they are."""
        lists = _empty(self.centroids)
        for group in range(len(self.centroids)):
            rows = self.rows(group)
            _add(lists, rows.vectors, rows.positions, np.full(len(rows.positions), group, dtype=np.int64))
        index = GroupIndex.__new__(GroupIndex)
        index._set(self.centroids, self.of_item, lists, None, np.zeros(len(self.of_item), dtype=bool))
        return index

    def _version(
        self, of_item: np.ndarray, small: tuple[np.ndarray, np.ndarray, np.ndarray], touched: np.ndarray
    ) -> "GroupIndex":
        passed = np.zeros(len(of_item), dtype=bool)
        passed[: len(self._passed)] = self._passed
        passed[touched] = True
        index = GroupIndex.__new__(GroupIndex)
        lists = _filled(*small, self.centroids) if len(small[0]) else None
        index._set(self.centroids, of_item, self._large, lists, passed)
        return index

    def _small_rows(self, without: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The added items but for some: vectors (m, d), positions (m,), groups (m,)."""
        dimension = self.centroids.shape[1]
        if self._small is None:
            return np.zeros((0, dimension), np.float32), np.zeros(0, np.int64), np.zeros(0, np.int64)
        parts = [_rows(self._small, group) for group in range(len(self.centroids))]
        positions = np.concatenate([part.positions for part in parts])
        kept = ~np.isin(positions, without)
        return np.concatenate([part.vectors for part in parts])[kept], positions[kept], self.of_item[positions[kept]]


class Versions:
    """The current index for any number of readers, and one writer at a time.

    A reader takes `current` once and keeps it for as long as it likes; a change never touches it.
    """

    def __init__(self, index: GroupIndex) -> None:
        self._index = index
        self._writing = threading.Lock()

    @property
    def current(self) -> GroupIndex:
        """The newest whole version."""
        return self._index

    def change(self, edit: Callable[[GroupIndex], GroupIndex]) -> GroupIndex:
        """Replace the current version by an edited one, and return it; on an error the old one stays."""
        with self._writing:
            self._index = edit(self._index)
            return self._index


def _empty(centroids: np.ndarray) -> Any:
    import faiss

    faiss.omp_set_num_threads(1)  # small searches are many times slower with threads that spin
    centres = np.ascontiguousarray(centroids, dtype=np.float32)
    quantizer = faiss.IndexFlatIP(centres.shape[1])
    quantizer.add(centres)
    lists = faiss.IndexIVFFlat(quantizer, centres.shape[1], max(len(centres), 1), faiss.METRIC_INNER_PRODUCT)
    lists.is_trained = True
    return lists


def _filled(vectors: np.ndarray, positions: np.ndarray, of_item: np.ndarray, centroids: np.ndarray) -> Any:
    lists = _empty(centroids)
    _add(lists, vectors, positions, of_item)
    return lists


def _add(lists: Any, vectors: np.ndarray, positions: np.ndarray, of_item: np.ndarray) -> None:
    import faiss

    if not len(positions):
        return
    # Named, because FAISS is handed bare pointers.
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    ids, groups = (np.ascontiguousarray(a, dtype=np.int64) for a in (positions, of_item))
    lists.add_core(len(rows), faiss.swig_ptr(rows), faiss.swig_ptr(ids), faiss.swig_ptr(groups))


def _rows(lists: Any, group: int) -> Rows:
    """One list as it lies in FAISS's memory, nothing copied."""
    import faiss

    kept, dimension = lists.invlists, lists.d
    size = kept.list_size(int(group))
    if not size:
        return Rows(np.zeros(0, np.int64), np.zeros((0, dimension), np.float32))
    codes = faiss.rev_swig_ptr(kept.get_codes(int(group)), size * 4 * dimension)
    return Rows(faiss.rev_swig_ptr(kept.get_ids(int(group)), size), codes.view(np.float32).reshape(size, dimension))
