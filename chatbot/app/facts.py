"""What a card says of an item, chosen by what the catalog's fields mean, not by their names."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chatbot.app.words import Words
from index.catalog import Catalog, Field, FieldRole

PEOPLE: tuple[FieldRole, ...] = ("creator", "performer")
SHORT: tuple[FieldRole, ...] = ("year", "price", "duration")
SCALES = (5, 10, 100)


@dataclass(frozen=True)
class CardFacts:
    """The facts of one card as finished text: short ones in a row, labels, and named lists of people or the like."""

    short: tuple[str, ...]
    labels: tuple[str, ...]
    lists: tuple[tuple[str, str], ...]  # (field's name, its first values)


class FactReader:
    """Reads the facts of shown items under one catalog's schema."""

    def __init__(self, catalog: Catalog, words: Words) -> None:
        self._catalog = catalog
        self._words = words
        self._short = tuple(field for role in SHORT if (field := catalog.field_of(role)))
        self._rating = catalog.field_of("rating")
        self._scale = _scale(catalog, self._rating)
        self._genre = catalog.field_of("genre")
        self._lists = _list_fields(catalog)

    def read(self, facts: Mapping[str, Any], said: str = "") -> CardFacts:
        """The card's texts; what the record does not hold is left out. Of many names, those that stand in the text
        `said` beside the card come first, so that a reader finds what it speaks of."""
        genres = _values(facts, self._genre)
        return CardFacts(tuple(self._short_facts(facts)), genres, tuple(self._named_lists(facts, said)))

    def _short_facts(self, facts: Mapping[str, Any]) -> Iterator[str]:
        for field in self._short:
            if (value := facts.get(field.name)) is not None:
                text = number_text(value)
                plain = field.role == "year"
                yield text if plain else self._words("card.number", field=field_text(field.name), value=text)
        if self._rating and (value := facts.get(self._rating.name)) is not None:
            key = "card.rating" if self._scale else "card.rating_alone"
            yield self._words(key, value=f"{value:.1f}", scale=self._scale)

    def _named_lists(self, facts: Mapping[str, Any], said: str) -> Iterator[tuple[str, str]]:
        for field in self._lists:
            values = sorted(_values(facts, field), key=lambda name: name not in said)
            if values:
                yield field_text(field.name), ", ".join(values[: self._words.number("card.people")])


def field_text(name: str) -> str:
    """A field's name as people read it."""
    return name.replace("_", " ")


def number_text(value: Any) -> str:
    """A number without a needless fraction; anything else as it is written."""
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.10g}"
    return str(value)


def _list_fields(catalog: Catalog) -> Sequence[Field]:
    people = [field for role in PEOPLE if (field := catalog.field_of(role))]
    if people:
        return people
    return [field for field in catalog.of_kind("category") if field.role not in ("genre", "keyword")][:2]


def _scale(catalog: Catalog, field: Field | None) -> int | None:
    """The usual scale that the catalog's ratings fit on, or None."""
    if field is None or not len(catalog):
        return None
    column = catalog.numbers(field.name)
    highest = float(np.nanmax(column)) if not np.isnan(column).all() else math.inf
    return next((scale for scale in SCALES if highest <= scale), None)


def _values(facts: Mapping[str, Any], field: Field | None) -> tuple[str, ...]:
    if field is None or (fact := facts.get(field.name)) is None:
        return ()
    return tuple(str(value) for value in fact) if isinstance(fact, list | tuple) else (str(fact),)
