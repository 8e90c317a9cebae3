"""Catalogs: items with typed facts, and the columns that questions and masks are answered from."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np

from index.errors import CatalogError

Value = str | int | float | bool
Fact = Value | tuple[str, ...] | None
"""What a record holds in one field: one value, several (a tuple, perhaps empty), or nothing."""

FieldKind = Literal["category", "number", "text", "identifier"]
FieldRole = Literal[
    "genre",  # the closed vocabulary people choose by: genres of films, categories of products
    "creator",  # who made it: directors, authors, brands
    "performer",  # who is in it: casts
    "person",  # other people: writers, translators
    "keyword",  # open vocabulary: tags, keywords
    "year",
    "price",
    "rating",  # what people think of it, more is better
    "votes",  # how many ratings it has
    "popularity",  # how well known it is, more is better
    "duration",
    "alias",  # other names that the item is known by
]

PEOPLE: tuple[FieldRole, ...] = ("creator", "performer", "person")
"""The roles of fields whose values are people's names, or brands'."""

CLOSED_VOCABULARY = 200
"""A category field with at most this many values is closed: an item that has none was not filled in."""

RATING_SCALES = (5.0, 10.0, 20.0, 100.0)
"""What ratings are out of."""


@lru_cache(maxsize=1 << 16)  # a catalog names the same people and genres again and again
def fold(text: str) -> str:
    """The form in which names are compared: no accents, no case, single spaces."""
    if text.isascii():
        return " ".join(text.casefold().split())
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a catalog. `role` says what the field means to a person, where that is known.

    `unit` is the unit of its numbers as people write it after them ("minutes", "g", "euros"), "" where unknown.
    """

    name: str
    kind: FieldKind
    many: bool = False
    role: FieldRole | None = None
    integer: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One record. `facts` has an entry for every field of the catalog, in the catalog's order."""

    id: str
    title: str
    facts: Mapping[str, Fact]

    def values(self, field: str) -> tuple[Value, ...]:
        """The field's values as a tuple, empty where the record has none."""
        fact = self.facts.get(field)
        if fact is None:
            return ()
        return fact if isinstance(fact, tuple) else (fact,)


@dataclass(frozen=True)
class Catalog:
    """An immutable list of items. Positions (0 … n-1) are what vectors, masks and rankings speak of."""

    name: str
    nouns: tuple[str, str]  # ("film", "films")
    fields: tuple[Field, ...]
    items: tuple[Item, ...]

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for item in self.items:
            if item.id in seen:
                raise CatalogError(f"catalog {self.name}: the id {item.id!r} stands twice; ids must be unique")
            seen.add(item.id)

    def __len__(self) -> int:
        return len(self.items)

    @cached_property
    def positions(self) -> dict[str, int]:
        """Item id → position."""
        return {item.id: position for position, item in enumerate(self.items)}

    def item(self, item_id: str) -> Item | None:
        """The item of that id, or None."""
        position = self.positions.get(item_id)
        return None if position is None else self.items[position]

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)

    def field_of(self, role: FieldRole) -> Field | None:
        """The first field of that role, or None."""
        return next((field for field in self.fields if field.role == role), None)

    def of_kind(self, kind: FieldKind) -> Iterator[Field]:
        """The fields of that kind, in order."""
        return (field for field in self.fields if field.kind == kind)

    @cached_property
    def _numbers(self) -> dict[str, np.ndarray]:
        return {}

    @cached_property
    def _postings(self) -> dict[str, dict[str, np.ndarray]]:
        return {}

    @cached_property
    def _spellings(self) -> dict[str, dict[str, str]]:
        return {}

    def numbers(self, field: str) -> np.ndarray:
        """A number field as (n,) float64, NaN where the record has none."""
        if field not in self._numbers:
            column = [item.facts.get(field) for item in self.items]
            self._numbers[field] = np.array([np.nan if v is None else v for v in column], dtype=np.float64)
        return self._numbers[field]

    def postings(self, field: str) -> dict[str, np.ndarray]:
        """A category field as {folded value: sorted positions (m,) int64 of the items that have it}."""
        if field not in self._postings:
            lists: dict[str, list[int]] = {}
            for position, item in enumerate(self.items):
                for value in {fold(str(v)) for v in item.values(field)}:
                    lists.setdefault(value, []).append(position)
            self._postings[field] = {value: np.array(where, dtype=np.int64) for value, where in lists.items()}
        return self._postings[field]

    def spellings(self, field: str) -> dict[str, str]:
        """A category field's values as {folded value: the value as the catalog first writes it}."""
        if field not in self._spellings:
            table: dict[str, str] = {}
            for item in self.items:
                for value in item.values(field):
                    table.setdefault(fold(str(value)), str(value))
            self._spellings[field] = table
        return self._spellings[field]

    def scale(self, field: str) -> float:
        """The top of a rating field's scale: the least of RATING_SCALES that no item exceeds, else the highest."""
        highest = float(np.nanmax(self.numbers(field), initial=0.0))
        return next((top for top in RATING_SCALES if highest <= top), highest)

    def is_closed(self, field: str) -> bool:
        """Whether the field has a closed vocabulary (see CLOSED_VOCABULARY)."""
        return len(self.postings(field)) <= CLOSED_VOCABULARY


def as_json(fact: Fact) -> Value | list[str] | None:
    """A fact as JSON has it: many-valued facts are lists."""
    return list(fact) if isinstance(fact, tuple) else fact


def fact_list(values: Sequence[str]) -> tuple[str, ...]:
    """Many values as a fact: stripped, without blanks or repetitions, in order."""
    return tuple(dict.fromkeys(stripped for v in values if (stripped := v.strip())))
