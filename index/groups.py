"""Groups of items that are alike, their embeddings, and names that people can read."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import scipy.sparse as sparse

from index.catalog import Catalog, Field, fold
from index.embedding import unit_rows


@dataclass(frozen=True)
class Groups:
    """Every item is in one group. A group's embedding is the mean of its items' vectors (not scaled)."""

    names: tuple[str, ...]
    of_item: np.ndarray  # (n,) int64
    centroids: np.ndarray  # (g, d) float32

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def sizes(self) -> np.ndarray:
        """Items in each group: (g,) int64."""
        return np.bincount(self.of_item, minlength=len(self))


def group_means(vectors: np.ndarray, of_item: np.ndarray, n_groups: int) -> np.ndarray:
    """The mean of each group's vectors: (g, d) float32."""
    sizes = np.bincount(of_item, minlength=n_groups)
    ones = np.ones(len(of_item), dtype=np.float32)
    sums = sparse.csr_matrix((ones, (of_item, np.arange(len(of_item)))), (n_groups, len(of_item))) @ vectors
    return (sums / np.maximum(sizes, 1)[:, None]).astype(np.float32)


def default_group_count(n_items: int) -> int:
    """About the square root of the catalog: 1 for an empty one, 122 for 15,000 items."""
    return max(1, min(n_items // 4, round(n_items**0.5)))


def make_groups(catalog: Catalog, vectors: np.ndarray, n_groups: int | None = None, seed: int = 0) -> Groups:
    """Group the items by their vectors (n, d) and name the groups."""
    wanted = default_group_count(len(catalog)) if n_groups is None else n_groups
    of_item = spherical_kmeans(vectors, max(1, min(wanted, len(catalog))), seed)
    count = int(of_item.max(initial=0)) + 1
    return Groups(name_groups(catalog, of_item, count), of_item, group_means(vectors, of_item, count))


def spherical_kmeans(vectors: np.ndarray, n_groups: int, seed: int = 0, rounds: int = 25) -> np.ndarray:
    """Assign unit rows (n, d) to groups by cosine: (n,) int64, numbered by falling size, none empty."""
    if not len(vectors):
        return np.zeros(0, dtype=np.int64)
    generator = np.random.default_rng(seed)
    centres = vectors[_spread_out(vectors, n_groups, generator)]
    of_item = np.full(len(vectors), -1, dtype=np.int64)
    for _ in range(rounds):
        nearest = (vectors @ centres.T).argmax(axis=1)
        if np.array_equal(nearest, of_item):
            break
        of_item = nearest
        centres = unit_rows(group_means(vectors, of_item, n_groups))
    sizes = np.bincount(of_item, minlength=n_groups)
    rank = np.empty(n_groups, dtype=np.int64)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(n_groups)
    return rank[of_item]


def _spread_out(vectors: np.ndarray, count: int, generator: np.random.Generator) -> list[int]:
    """Starting points far from one another (k-means++)."""
    chosen = [int(generator.integers(len(vectors)))]
    distance = 1 - vectors @ vectors[chosen[0]]
    while len(chosen) < count:
        weight = np.clip(distance, 0, None).astype(np.float64)
        total = weight.sum()
        pick = generator.choice(len(vectors), p=weight / total) if total > 0 else generator.integers(len(vectors))
        chosen.append(int(pick))
        distance = np.minimum(distance, 1 - vectors @ vectors[pick])
    return chosen


def name_groups(catalog: Catalog, of_item: np.ndarray, n_groups: int) -> tuple[str, ...]:
    """A distinct, readable name for each group, made of the facts that its items share and others lack."""
    tables = [(field, _labels(catalog, field)) for field in _naming_fields(catalog)]
    names: list[str] = []
    taken: set[str] = set()
    for group in range(n_groups):
        members = np.flatnonzero(of_item == group)
        words = _telling_words(tables, members)
        tries = _spellings(words, catalog.nouns[1])
        numbered = (f"{tries[0]} ({number})" for number in range(2, n_groups + 2))
        name = next(name for name in chain(tries, numbered) if name not in taken)
        taken.add(name)
        names.append(name)
    return tuple(names)


NAMING_ROLES = ("year", "price", "keyword", "genre", "creator", "performer")


def _naming_fields(catalog: Catalog) -> list[Field]:
    return [field for role in NAMING_ROLES if (field := catalog.field_of(role)) is not None]  # type: ignore[arg-type]


def _labels(catalog: Catalog, field: Field) -> tuple[list[list[str]], Counter[str]]:
    """Each item's labels of a field, and how many items have each label."""
    labels = [[_label(field, value) for value in item.values(field.name)] for item in catalog.items]
    return labels, Counter(label for row in labels for label in dict.fromkeys(row))


def _label(field: Field, value: object) -> str:
    if field.role == "year" and isinstance(value, (int, float)):
        return f"{int(value) // 10 * 10}s"
    if field.kind == "number" and isinstance(value, (int, float)):
        return _price_band(float(value))
    return str(value)


def _price_band(value: float) -> str:
    bound = 10.0
    while bound < value:
        bound *= 2.5 if str(bound)[0] == "2" else 2
    return f"up to {bound:g}"


Telling = dict[str, list[str]]


def _telling_words(tables: list[tuple[Field, tuple[list[list[str]], Counter[str]]]], members: np.ndarray) -> Telling:
    """Per role, the labels that tell these members from the catalog, the most telling first."""
    telling: Telling = {}
    for field, (labels, everywhere) in tables:
        inside = Counter(label for i in members for label in dict.fromkeys(labels[i]))
        scored = []
        for label, count in inside.items():
            share, base = count / len(members), everywhere[label] / len(labels)
            lift = share / base
            if count > 2 and share >= LEAST_SHARE[field.role or "genre"] and lift >= 1.3:
                scored.append((-share * np.log(lift), label))
        best = [label for _, label in sorted(scored)]
        if field.role == "genre":  # the broadest of the first two comes last: "crime drama"
            best[:2] = sorted(best[:2], key=lambda label: (everywhere[label], label))
        telling[field.role or field.name] = best
    return telling


LEAST_SHARE = {"year": 0.5, "price": 0.6, "keyword": 0.2, "genre": 0.35, "creator": 0.02, "performer": 0.02}
"""The part of a group that must share a label; a person known for one kind of thing says much at a few items."""


def _spellings(words: Telling, noun: str) -> list[str]:
    """Names to try, shortest first: "1990s crime drama", then with a keyword, then with a person. Never empty."""
    eras, kinds, topics = words.get("year", [])[:1], words.get("genre", []), words.get("keyword", [])[:3]
    base = " ".join([*eras, *(kinds[:2] or [noun])])
    names = [base] if eras or kinds else []
    names += [" ".join([*eras, topic, *_beside(topic, kinds[:2])]) for topic in topics]
    names += [" ".join([*eras, *kinds[:3]])] if len(kinds) > 2 else []
    names += [f"{base} {band}" for band in words.get("price", [])]
    names += [f"{base} with {player}" for player in words.get("performer", [])]
    names += [f"{base} by {maker}" for maker in words.get("creator", [])]
    return names or [noun]


def _beside(topic: str, kinds: list[str]) -> list[str]:
    """The kinds that a topic does not name already: "romantic comedy" names both romance and comedy."""
    said = [word[:STEM] for word in fold(topic).split()]
    return [kind for kind in kinds if not any(word[:STEM] in said for word in fold(kind).split())]


STEM = 5
"""Letters that words of one family share."""
