"""Catalogs from files of the user's own: which column is the id, which the title, what the others mean."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.catalog import Catalog, Fact, Field, Item
from index.errors import CatalogError
from index.inference import Column, blank, conform, infer
from index.roles import LOOSE_ID, id_rank, is_prose, title_rank
from index.storing import load_catalog, save_catalog
from index.tables import Row, read_rows

__all__ = ["load_catalog", "read_catalog", "save_catalog"]

_DATED_TITLE = re.compile(r"^(.*\S)\s*\((\d{4})\)\s*$", re.DOTALL)
NO_NOUNS = ("item", "record", "row", "unique", "entry", "object", "key", "user", "imdb", "tmdb", "data", "catalog")
"""What stands before "id" in a column's name and is no noun for the things."""
DATED = 0.5
"""Share of titles ending in a year in brackets from where the years are taken for a field of their own."""


@dataclass
class _Record:
    place: str
    cells: dict[str, Any]


def read_catalog(paths: Sequence[str | Path], name: str | None = None, nouns: tuple[str, str] | None = None) -> Catalog:
    """One catalog out of one file or several, joined by their common id column.

    The first file decides the order, and its value where two files have one. Columns keep their names; `kind` and
    `role` are inferred. CatalogError names file, line, field and remedy.
    """
    if not paths:
        raise CatalogError("no catalog file was named; name at least one CSV, JSONL, JSON or Parquet file")
    files = [(Path(path), read_rows(Path(path))) for path in paths]
    for path, rows in files:
        if not rows:
            raise CatalogError(f"{path}: there are no records in it; a catalog needs at least one")
    stem = files[0][0].name.split(".")[0]
    noun = _nouns(stem)[0]
    id_columns = _id_columns(files, noun)
    records = _joined(files, id_columns)
    title = _title_column(records, noun)
    fields, facts = _fields(records, title, skip={*id_columns, title})
    titles, years = _titles(records, title)
    if years and not any(field.role == "year" for field in fields):
        fields.insert(0, Field("year", "number", role="year", integer=True))
        facts.insert(0, years)
    rows_of_facts: Iterable[tuple[Fact, ...]] = zip(*facts, strict=True) if facts else (() for _ in titles)
    names = [field.name for field in fields]
    items = tuple(
        Item(item_id, text, dict(zip(names, row, strict=True)))
        for item_id, text, row in zip(records, titles, rows_of_facts, strict=True)
    )
    return Catalog(name or stem, nouns or _nouns(stem, id_columns[0]), tuple(fields), items)


def read_items(paths: Sequence[str | Path], catalog: Catalog) -> tuple[list[Item], dict[str, str]]:
    """Further records for a catalog, in its own fields, and by id the prose that is told of them besides.

    Columns that are none of its fields are passed over. CatalogError as `read_catalog`.
    """
    files = [(Path(path), read_rows(Path(path))) for path in paths]
    if not all(rows for _, rows in files):
        raise CatalogError(f"{next(path for path, rows in files if not rows)}: there are no records in it")
    noun = catalog.nouns[0]
    records = _joined(files, _id_columns(files, noun))
    titles, years = _titles(records, _title_column(records, noun))
    places = [record.place for record in records.values()]
    columns = {
        field.name: conform(Column(field.name, [r.cells.get(field.name) for r in records.values()], places), field)
        for field in catalog.fields
    }
    dated = catalog.field_of("year")
    if years and dated is not None:
        columns[dated.name] = [own or behind for own, behind in zip(columns[dated.name], years, strict=True)]
    items = [
        Item(item_id, titles[at], {name: facts[at] for name, facts in columns.items()})
        for at, item_id in enumerate(records)
    ]
    return items, {item_id: text for item_id, record in records.items() if (text := _prose(record, columns))}


def _prose(record: _Record, fields: Collection[str]) -> str:
    told = (cell for name, cell in record.cells.items() if name not in fields and is_prose(name) and not blank(cell))
    return " ".join(str(cell) for cell in told)


def _columns(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(str(column) for _, cells in rows for column in cells))


def _id_columns(files: Sequence[tuple[Path, list[Row]]], noun: str) -> list[str]:
    """The id column of every file: the same name in all, else in each the one that looks most like an id."""
    columns = [_columns(rows) for _, rows in files]
    common = [column for column in columns[0] if all(column in others for others in columns[1:])]
    chosen = _best(common, files[0][1]) if len(files) > 1 else None
    if chosen:
        return [chosen] * len(files)
    found = []
    for (path, rows), own in zip(files, columns, strict=True):
        column = _best(own, rows) or (_title_as_id(own, rows, noun) if len(files) == 1 else None)
        if column is None:
            raise CatalogError(
                f"{path}: no column is an id (columns: {', '.join(own)}); give every record an `id` of its own"
            )
        found.append(column)
    return found


def _best(columns: Sequence[str], rows: Sequence[Row]) -> str | None:
    """The column most like an id. One named `id` stands even with repetitions, which are then named as errors."""
    ranked = sorted((rank, place) for place, c in enumerate(columns) if (rank := id_rank(c)) is not None)
    for rank, place in ranked:
        if rank == 0 or _unique(columns[place], rows):
            return columns[place]
    sure = [place for rank, place in ranked if rank < LOOSE_ID]
    return columns[sure[0]] if sure else None


def _unique(column: str, rows: Sequence[Row]) -> bool:
    values = [cells.get(column) for _, cells in rows]
    return not any(blank(value) for value in values) and len(set(map(str, values))) == len(values)


def _title_as_id(columns: Sequence[str], rows: Sequence[Row], noun: str) -> str | None:
    titles = (c for c in columns if title_rank(c) is not None or c.lower() == noun)
    return next((c for c in titles if _unique(c, rows)), None)


def _joined(files: Sequence[tuple[Path, list[Row]]], id_columns: Sequence[str]) -> dict[str, _Record]:
    records: dict[str, _Record] = {}
    for (_, rows), column in zip(files, id_columns, strict=True):
        seen: dict[str, str] = {}
        for place, cells in rows:
            item_id = _id(place, column, cells)
            if item_id in seen:
                raise CatalogError(f"{place}: the {column} {item_id!r} stands already at {seen[item_id]}; remove one")
            seen[item_id] = place
            record = records.setdefault(item_id, _Record(place, {}))
            for name, value in cells.items():
                if blank(record.cells.get(str(name))):
                    record.cells[str(name)] = value
    return records


def _id(place: str, column: str, cells: Mapping[str, Any]) -> str:
    value = cells.get(column)
    if blank(value) or isinstance(value, dict | list | bool):
        raise CatalogError(f"{place}: {column} is {value!r}, expected an id; give every record one of its own")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _title_column(records: Mapping[str, _Record], noun: str) -> str:
    """The column of titles: one that is called so, else one called what the file holds ("recipe" in recipes.csv)."""
    columns = dict.fromkeys(column for record in records.values() for column in record.cells)
    ranked = sorted((rank, place, c) for place, c in enumerate(columns) if (rank := title_rank(c)) is not None)
    counts = {c: sum(not blank(record.cells.get(c)) for record in records.values()) for _, _, c in ranked}
    # A joined file may have titles of its own for some of the records: the fuller column is the catalog's.
    full = [c for _, _, c in ranked if counts[c] == max(counts.values())]
    called = next((c for c in columns if c.lower() == noun), None)
    if not full and called:
        return called
    if not full:
        raise CatalogError(
            f"{next(iter(records.values())).place}: no column is a title (columns: {', '.join(columns)}); "
            "name one `title` or `name`"
        )
    return full[0]


def _titles(records: Mapping[str, _Record], column: str) -> tuple[list[str], list[Fact]]:
    """The titles, and the years that stood in brackets behind them, if that is how titles are written here."""
    titles = []
    for record in records.values():
        value = record.cells.get(column)
        if blank(value) or isinstance(value, dict | list):
            raise CatalogError(f"{record.place}: {column} is {value!r}, expected a title; add it or remove the record")
        titles.append(" ".join(str(value).split()))
    dated = [_DATED_TITLE.match(title) for title in titles]
    if sum(match is not None for match in dated) < DATED * len(titles):
        return titles, []
    split = [match[1] if match else title for match, title in zip(dated, titles, strict=True)]
    return split, [int(match[2]) if match else None for match in dated]


def _fields(records: Mapping[str, _Record], title: str, skip: set[str]) -> tuple[list[Field], list[list[Fact]]]:
    """All other columns that can be fields. Further columns of titles are kept as identifiers."""
    places = [record.place for record in records.values()]
    fields: list[Field] = []
    facts: list[list[Fact]] = []
    for name in dict.fromkeys(column for record in records.values() for column in record.cells):
        if name in skip:
            continue
        inferred = infer(Column(name, [record.cells.get(name) for record in records.values()], places))
        if inferred is None:
            continue
        field, values = inferred
        if field.kind == "category" and not field.many and field.role is None and title_rank(name) is not None:
            field = Field(name, "identifier")
        fields.append(field)
        facts.append(values)
    return fields, facts


def _nouns(stem: str, id_column: str = "") -> tuple[str, str]:
    """`books.csv` holds books; where the name is no plural, an id column such as `article_id` names the things; else
    they are items."""
    word = stem.lower()
    if re.fullmatch(r"[a-z]{3,}[^s\W]s", word):
        return word[:-1], word
    named = re.fullmatch(r"([a-z]{3,})[_ -]?(?:id|nr|no|code)", id_column.lower())
    if named and named[1] not in NO_NOUNS:
        return named[1], f"{named[1]}s"
    return "item", "items"
