"""Items come and go without a fresh build: what is there keeps its place.

A new item is placed by its texts, with the map that `index.build` fitted from texts to vectors, in the group that
stands closest. It has no item-to-item weights until the next build, which is better after many changes. An index is
never changed: these functions give another one that shares what it can.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from index.build import encode
from index.catalog import Catalog, Item
from index.embedding import unit_rows
from index.errors import IndexFolderError
from index.folder import Index
from index.groups import group_means
from index.storing import REMEDY


def with_items(index: Index, items: Sequence[Item], texts: Mapping[str, str] | None = None) -> Index:
    """The index with these items added; one whose id is there already takes the place of the old record.

    `texts` holds prose by item id, read for the vectors and kept nowhere. IndexFolderError where the index has a
    ranking learned from dialogues, which knows its own items only.
    """
    _check(index)
    if not items:
        return index
    given = {item.id: item for item in items}
    old = index.catalog
    kept = tuple(given.get(item.id, item) for item in old.items)
    new = tuple(item for item in given.values() if item.id not in old.positions)
    catalog = replace(old, items=kept + new)
    touched = np.array([catalog.positions[item_id] for item_id in given])
    encoded = encode(replace(old, items=tuple(given.values())), index.embedder, texts or {})
    assert index.placing is not None
    placed = index.placing(np.hstack([encoded.record, encoded.mixed]))
    vectors = np.vstack([index.vectors, np.zeros((len(new), index.vectors.shape[1]), np.float32)])
    vectors[touched] = unit_rows(placed.astype(np.float16).astype(np.float32))  # rounded as they are stored
    of_item = np.concatenate([index.groups.of_item, np.zeros(len(new), dtype=np.int64)])
    of_item[touched] = (vectors[touched] @ index.groups.centroids.T).argmax(axis=1)
    places = np.concatenate([np.arange(len(old)), np.full(len(new), -1)])
    return _changed(index, catalog, vectors, of_item, places)


def without_items(index: Index, ids: Iterable[str]) -> Index:
    """The index without these items. IndexFolderError where one is not there, or as `with_items`."""
    _check(index)
    gone = set(ids)
    if missing := sorted(gone - index.catalog.positions.keys()):
        raise IndexFolderError(
            f"the catalog {index.catalog.name} has no item {missing[0]!r}; name ids that stand in it"
        )
    places = np.array([at for at, item in enumerate(index.catalog.items) if item.id not in gone], dtype=np.int64)
    catalog = replace(index.catalog, items=tuple(index.catalog.items[at] for at in places))
    return _changed(index, catalog, index.vectors[places], index.groups.of_item[places], places)


def _check(index: Index) -> None:
    if index.placing is None:
        raise IndexFolderError(f"this index was built by an older version, which cannot place new items; {REMEDY}")
    if index.ranker is not None:
        raise IndexFolderError(
            "this index has a ranking learned from dialogues, which knows its own items only; "
            "build it again with `chatbot index CATALOG... --dialogues FILE -o DIR`"
        )


def _changed(index: Index, catalog: Catalog, vectors: np.ndarray, of_item: np.ndarray, places: np.ndarray) -> Index:
    """The index over another catalog, whose items stood at `places` (n,), -1 for those that are new."""
    occupied = np.bincount(of_item, minlength=len(index.groups)) > 0
    occupied[0] |= not occupied.any()
    number = np.cumsum(occupied) - 1  # a group that lost its last item is gone
    names = tuple(name for name, there in zip(index.groups.names, occupied, strict=True) if there)
    of_item = number[of_item]
    groups = replace(index.groups, names=names, of_item=of_item, centroids=group_means(vectors, of_item, len(names)))
    return replace(index, catalog=catalog, vectors=vectors, groups=groups, links=index.links.taken(places))
