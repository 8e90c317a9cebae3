"""What is measured on: a catalog's items, their texts, and people's ratings, split by people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy.sparse as sparse

from index.catalog import Catalog
from index.company import own_positions, read_scores
from index.embedding import Embedder
from index.errors import RapportError
from index.space import ItemTexts, encode_items

GOOD = 0.8
"""Part of the highest value from which a rating is a hit to predict: 4 of 5."""
LEAST = 5
"""Hits that a person needs to be tested on."""
GIVEN = 0.8


class Person(NamedTuple):
    """What one person rated."""

    liked: np.ndarray  # positions
    other: np.ndarray  # positions rated lower


@dataclass(frozen=True)
class Split:
    """People to learn from, and people to test on, of whose hits a part is given."""

    learning: Sequence[Person]
    histories: sparse.csr_matrix  # (v, n)
    gold: Sequence[np.ndarray]  # (v,) positions to be found


@dataclass(frozen=True)
class Data:
    """Ratings of the items of a catalog."""

    catalog: Catalog  # the items that have an id in the ratings' source
    texts: ItemTexts
    people: Sequence[Person]


def load(folder: Path, catalog: Catalog, embedder: Embedder) -> Data:
    """Read `ratings.csv` of the folder, or of ml-latest-small in it, and encode the items. RapportError names what
    is missing."""
    path = next((p for p in (folder / "ratings.csv", folder / "ml-latest-small" / "ratings.csv") if p.is_file()), None)
    if path is None:
        raise RapportError(f"{folder} holds neither ratings.csv nor ml-latest-small/ratings.csv; name it with --data")
    fields = [None, *(field.name for field in catalog.of_kind("identifier"))]
    candidates = [own_positions(catalog, name) for name in fields]
    wanted = {str(item) for _, item, _ in read_scores(path)}
    positions = max(candidates, key=lambda known: len(wanted & known.keys()))
    part = _part(catalog, sorted(set(positions.values())))
    where = {theirs: part.positions[catalog.items[at].id] for theirs, at in positions.items()}
    people = _people(path, where)
    if len(people) < 10:
        raise RapportError(f"{path}: {len(people)} people rated items of the catalog {catalog.name}; 10 are needed")
    texts = encode_items(part.items, part.fields, [""] * len(part), embedder)
    return Data(part, texts, people)


def _part(catalog: Catalog, kept: Sequence[int]) -> Catalog:
    return Catalog(catalog.name, catalog.nouns, catalog.fields, tuple(catalog.items[at] for at in kept))


def _people(path: Path, positions: dict[str, int]) -> list[Person]:
    scores = [(user, positions[item], value) for user, item, value in read_scores(path) if item in positions]
    enough = GOOD * max((value for *_, value in scores), default=0.0)
    by_user: dict[str, tuple[dict[int, None], dict[int, None]]] = {}
    for user, at, value in scores:
        liked, other = by_user.setdefault(user, ({}, {}))
        (liked if value >= enough else other)[at] = None
    return [Person(np.array([*liked], dtype=np.int64), np.array([*o], dtype=np.int64)) for liked, o in by_user.values()]


def table(people: Sequence[Person], n_items: int, seen: float) -> sparse.csr_matrix:
    """(u, n) float32: 1 for a hit, `seen` for what was rated lower."""
    parts = [(at, p.liked, 1.0) for at, p in enumerate(people)]
    parts += [(at, p.other, seen) for at, p in enumerate(people) if seen]
    return cells(
        [at for at, *_ in parts], [items for _, items, _ in parts], [v for *_, v in parts], len(people), n_items
    )


def cells(
    rows: Sequence[int], items: Sequence[np.ndarray], values: Sequence[float], height: int, width: int
) -> sparse.csr_matrix:
    """A table with `values[k]` at row `rows[k]` and all of `items[k]`."""
    sizes = [len(part) for part in items]
    where = np.concatenate([*items, np.zeros(0, dtype=np.int64)])
    entries = (
        np.repeat(np.array(values, dtype=np.float32), sizes),
        (np.repeat(np.array(rows, dtype=np.int64), sizes), where),
    )
    return sparse.csr_matrix(entries, shape=(height, width))


def split(
    people: Sequence[Person],
    tested: Iterable[int],
    learning: Iterable[int],
    n_items: int,
    generator: np.random.Generator,
) -> Split:
    """Give a random part of each tested person's hits and keep the rest to be found."""
    given, gold = [], []
    for at in tested:
        liked = generator.permutation(people[at].liked)
        if len(liked) >= LEAST:
            cut = min(len(liked) - 1, round(GIVEN * len(liked)))
            given.append(liked[:cut])
            gold.append(liked[cut:])
    histories = cells(range(len(given)), given, [1.0] * len(given), len(given), n_items)
    return Split([people[at] for at in learning], histories, gold)


def folds(count: int, people: int, generator: np.random.Generator) -> list[np.ndarray]:
    """All people in that many random parts."""
    return np.array_split(generator.permutation(people), count)
