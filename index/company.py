"""Which items keep company: rows of items that one person liked, or that one dialogue named."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.catalog import Catalog, fold
from index.dialogues import Dialogue
from index.errors import CatalogError
from index.tables import Row, read_rows

Company = Sequence[tuple[int, float]]
"""One row: (item position, weight > 0) of the items that go together."""

LIKED = 0.7
"""The part of the highest value in a ratings file from which a rating counts as liking."""

RATINGS_WEIGHT = 0.3
"""A person's ratings against a dialogue: a dialogue says more about what is asked for. Chosen on held-out films."""


@dataclass(frozen=True)
class Interactions:
    """Rows of one source. `weight` is what a row counts against rows of other sources."""

    name: str
    rows: Sequence[Company]
    weight: float = 1.0


def own_positions(catalog: Catalog, field: str | None = None) -> dict[str, int]:
    """Item ids → positions, or the values of a field (an identifier of another source) → positions."""
    if field is None:
        return dict(catalog.positions)
    return {str(value): at for at, item in enumerate(catalog.items) for value in item.values(field)}


def linked_positions(path: str | Path, catalog: Catalog) -> dict[str, int]:
    """From a two-column file, catalog id and the ratings' item id: the latter → positions."""
    linked = {}
    for place, row in read_rows(Path(path)):
        if len(row) != 2:
            raise CatalogError(f"{place}: {len(row)} columns; two are expected, catalog id and the ratings' item id")
        ours, theirs = (str(cell).strip() for cell in row.values())
        if ours in catalog.positions:
            linked[theirs] = catalog.positions[ours]
    return linked


def read_ratings(path: str | Path, positions: Mapping[str, int]) -> Interactions:
    """What each person liked, from a table with user and item columns, and a value column unless all count alike."""
    scores = read_scores(path)
    enough = LIKED * max((value for _, _, value in scores), default=0.0)
    liked: dict[str, dict[int, float]] = {}
    for user, item, stars in scores:
        at = positions.get(item)
        if at is not None and stars >= enough:
            liked.setdefault(user, {})[at] = 1.0
    return Interactions("ratings", _together(liked.values()), RATINGS_WEIGHT)


def read_scores(path: str | Path) -> list[tuple[str, str, float]]:
    """(user, item, value) of each line of a ratings file; the value is 1 where the file has none."""
    rows = read_rows(Path(path))
    user, item, value = _rating_columns(rows, Path(path))
    return [
        (str(row[user]), str(row[item]).strip(), _number(place, value, row[value]) if value else 1.0)
        for place, row in rows
    ]


NAMES: Mapping[str, tuple[str, ...]] = {
    "user": ("user", "userid", "reader", "readerid", "customer", "customerid", "reviewer", "reviewerid", "who"),
    "item": ("item", "itemid", "movie", "movieid", "film", "filmid", "book", "bookid", "product", "productid", "asin"),
    "value": ("rating", "value", "stars", "score", "overall"),
}


def _rating_columns(rows: Sequence[Row], path: Path) -> tuple[str, str, str | None]:
    columns = {re.sub(r"[^a-z]", "", fold(name)): name for name in (rows[0][1] if rows else ())}
    found = {kind: next((columns[n] for n in names if n in columns), None) for kind, names in NAMES.items()}
    for kind in ("user", "item"):
        if rows and found[kind] is None:
            raise CatalogError(
                f"{path}, line 1: none of the columns {', '.join(columns.values())} is the {kind}; "
                f"name one of them {kind}_id"
            )
    return found["user"] or "", found["item"] or "", found["value"]


def _number(place: str, column: str, cell: Any) -> float:
    try:
        return float(cell)
    except (TypeError, ValueError) as error:
        raise CatalogError(f"{place}: the {column} {cell!r} is no number; correct or remove the line") from error


def together(dialogues: Iterable[Dialogue]) -> Interactions:
    """The items that each dialogue names, likes or has seen, without those that were disliked."""
    named = []
    for dialogue in dialogues:
        items = [item for turn in dialogue.turns for item in turn.items] + sorted(dialogue.enjoyed)
        named.append({item: 1.0 for item in items if item not in dialogue.disliked})
    return Interactions("dialogues", _together(named))


def _together(rows: Iterable[Mapping[int, float]]) -> list[Company]:
    """The rows with two items or more: one alone keeps no company."""
    return [tuple(row.items()) for row in rows if len(row) > 1]
