"""Example messages for the empty page, made of the catalog's own titles, genres and names."""

from collections.abc import Iterator

import numpy as np

from chatbot.app.words import Words
from index.catalog import Catalog, FieldRole, Item, fold

FAME: tuple[FieldRole, ...] = ("popularity", "votes", "rating")
"""What tells how well known an item is, the best sign first."""
WELL_KNOWN = 200
"""So many of the best known items vote on what the examples name."""


def openers(catalog: Catalog, words: Words, count: int = 4) -> tuple[str, ...]:
    """Up to `count` different examples, the most telling first; all hold in this catalog."""
    return tuple(dict.fromkeys(text[:1].upper() + text[1:] for text in _openers(catalog, words)))[:count]


def _openers(catalog: Catalog, words: Words) -> Iterator[str]:
    known = _well_known(catalog)
    if known:
        yield words("openers.liked", title=known[0].title)
    genres = _common(known, catalog, "genre")
    if genres:
        decade = _common_decade(known, catalog, genres[0])
        if decade is not None:
            yield words("openers.genre_year", genre=genres[0], decade=decade)
    if len(genres) > 2:
        yield words("openers.genre_without", genre=genres[1], other=genres[2])
    if creators := _common(known, catalog, "creator"):
        yield words("openers.creator", creator=creators[0])
    yield words("openers.anything")


def _well_known(catalog: Catalog) -> list[Item]:
    """The best known items, best first, by the first sign of it that the catalog has."""
    field = next((found for role in FAME if (found := catalog.field_of(role))), None)
    if field is None:
        return list(catalog.items[:WELL_KNOWN])
    order = np.argsort(-np.nan_to_num(catalog.numbers(field.name)), kind="stable")
    return [catalog.items[position] for position in order[:WELL_KNOWN]]


def _common(items: list[Item], catalog: Catalog, role: FieldRole) -> list[str]:
    """The values of that role's field among the items, the commonest first."""
    field = catalog.field_of(role)
    counts: dict[str, int] = {}
    for item in items:
        for value in item.values(field.name) if field else ():
            counts[str(value)] = counts.get(str(value), 0) + 1
    return sorted(counts, key=lambda value: -counts[value])


def _common_decade(items: list[Item], catalog: Catalog, genre: str) -> int | None:
    field, genres = catalog.field_of("year"), catalog.field_of("genre")
    if field is None or genres is None:
        return None
    having = [item for item in items if fold(genre) in {fold(str(v)) for v in item.values(genres.name)}]
    decades = [int(year) // 10 * 10 for item in having if isinstance(year := item.facts.get(field.name), int | float)]
    return max(set(decades), key=lambda decade: (decades.count(decade), decade), default=None)
