"""From a column's raw cells to a field and its facts: numbers, years out of dates, lists, categories, prose."""

import ast
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from index.catalog import PEOPLE, Fact, Field, FieldRole, fact_list
from index.errors import CatalogError
from index.roles import LISTED, is_identifier, is_prose, role_of, unit_of

_MISSING = {"", "na", "n/a", "nan", "null", "\\n"}
_NUMBER = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?(?:[eE][-+]?\d+)?|[-+]?\.\d+")
_MONEY = re.compile(r"^[$€£¥]\s*|\s*(?:[$€£¥]|usd|eur|gbp)$", re.IGNORECASE)
_DATE = re.compile(
    r"(-?\d{1,4})-\d{1,2}(?:-\d{1,2})?(?:[T ].*)?|\D{3,12}\d{0,2},? (\d{4})|\d{1,2}[./]\d{1,2}[./](\d{4})"
)
PROSE_LENGTH = 80
"""Characters that cells of a column without a telling name have on average, from where it is prose."""
LISTED_SHARE, PART_WORDS, TIMES = 0.5, 4, 2
"""A column without a telling name holds lists where this share of its texts are split, into parts of at most so many
words, each of which stands so many times on average."""
MOSTLY = 0.9
"""Share of a column's cells that must be numbers for the others to be errors rather than words."""


@dataclass(frozen=True)
class Column:
    """One column of all records: `cells[i]` is the raw cell of record i, None where it has none."""

    name: str
    cells: Sequence[Any]
    places: Sequence[str]  # where each record stands, for messages


def blank(cell: Any) -> bool:
    """Whether a cell says nothing."""
    return cell is None or cell != cell or (isinstance(cell, str) and cell.strip().lower() in _MISSING)


def infer(column: Column) -> tuple[Field, list[Fact]] | None:
    """The column as a field and one fact a record; None for what no field can hold (nested records, no values).

    CatalogError where most cells are numbers and one is not.
    """
    cells = [None if blank(cell) else cell for cell in column.cells]
    values = [cell for cell in cells if cell is not None]
    if not values or any(isinstance(v, dict) or (isinstance(v, list) and _nested(v)) for v in values):
        return None
    if is_identifier(column.name):
        return _identifier(column.name, cells)
    if numbers := _numbers(column, cells, values):
        return numbers
    if is_prose(column.name):
        return Field(column.name, "text"), [None if c is None else " ".join(_parts(c, None)) for c in cells]
    return _words(column.name, cells, values)


def conform(column: Column, field: Field) -> list[Fact]:
    """One fact a record for a field that exists already: the cells read as its kind asks. CatalogError names a cell
    that cannot be."""
    cells = [None if blank(cell) else cell for cell in column.cells]
    if field.kind == "number":
        return _as_numbers(column, cells, field.role, field.integer)
    if not field.many:
        plain = _plain_id if field.kind == "identifier" else _word
        return [None if cell is None else plain(cell) for cell in cells]
    separator = _separator(field.role, [cell for cell in cells if cell is not None])
    if separator is None and field.role is None:  # a few records say too little of what splits them
        separator = next((mark for mark in "|;," if any(isinstance(c, str) and mark in c for c in cells)), None)
    return [fact_list(_parts(cell, separator)) for cell in cells]


def _as_numbers(column: Column, cells: Sequence[Any], role: FieldRole | None, integer: bool) -> list[Fact]:
    read: Callable[[Any], float | None] = _year if role == "year" else _number
    facts = [None if cell is None else read(cell) for cell in cells]
    for cell, fact, place in zip(cells, facts, column.places, strict=True):
        if cell is not None and (fact is None or (integer and not float(fact).is_integer())):
            wanted = "a year or date" if role == "year" else "a whole number" if integer else "a number"
            raise CatalogError(
                f"{place}: {column.name} is {str(cell)[:40]!r}, expected {wanted}; correct it or leave it out"
            )
    return [None if f is None else int(f) if integer else float(f) for f in facts]


def _nested(values: Sequence[Any]) -> bool:
    return any(isinstance(value, dict | list) for value in values)


def _identifier(name: str, cells: Sequence[Any]) -> tuple[Field, list[Fact]]:
    many = any(isinstance(cell, list) for cell in cells)
    if many:
        return Field(name, "identifier", many=True), [fact_list(_parts(cell, None)) for cell in cells]
    return Field(name, "identifier"), [None if cell is None else _plain_id(cell) for cell in cells]


def _plain_id(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _numbers(column: Column, cells: Sequence[Any], values: Sequence[Any]) -> tuple[Field, list[Fact]] | None:
    """The column as a number field, where nearly all of its cells are numbers, or dates and its name is a year's."""
    role = role_of(column.name, numeric=True)
    read: Callable[[Any], float | None] = _year if role == "year" else _number
    facts = [None if cell is None else read(cell) for cell in cells]
    good = sum(fact is not None for fact in facts)
    # Without a telling name a column is of numbers only if every cell is one.
    if good < len(values) * (MOSTLY if role else 1.0):
        return None
    integer = all(fact is None or float(fact).is_integer() for fact in facts)
    whole = _as_numbers(column, cells, role, integer)
    unit = unit_of(column.name) or ("" if role != "price" else _currency(values))
    return Field(column.name, "number", role=role, integer=integer, unit=unit), whole


def _currency(values: Sequence[Any]) -> str:
    """The currency that stands with all prices, "" where none or several do."""
    signs = {"$": "dollars", "usd": "dollars", "€": "euros", "eur": "euros", "£": "pounds", "gbp": "pounds"}
    written = [found.group().strip().lower() if (found := _MONEY.search(str(v))) else "" for v in values]
    return signs.get(written[0], "") if len(set(written)) == 1 else ""


def _number(cell: Any) -> float | None:
    if isinstance(cell, bool | list):
        return None
    if isinstance(cell, int | float):
        return float(cell) if abs(cell) != float("inf") else None
    text = _MONEY.sub("", str(cell).strip())
    return float(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def _year(cell: Any) -> float | None:
    """The year of a year, a date, or a text that ends in one."""
    if hasattr(cell, "year"):  # dates, as Parquet has them
        return float(cell.year)
    number = _number(cell)
    if number is None and (found := _DATE.fullmatch(str(cell).strip())):
        number = float(next(group for group in found.groups() if group))
    return number if number is not None and number.is_integer() and -9999 <= number <= 9999 else None


def _words(name: str, cells: Sequence[Any], values: Sequence[Any]) -> tuple[Field, list[Fact]]:
    role = role_of(name, numeric=False)
    separator = _separator(role, values)
    if separator or any(isinstance(v, list) or _is_list(v) for v in values):
        return Field(name, "category", many=True, role=role), [fact_list(_parts(cell, separator)) for cell in cells]
    texts: list[Fact] = [None if c is None else _word(c) for c in cells]
    present = [str(text) for text in texts if text is not None]
    distinct = len(set(present)) / len(present)
    if role is None and sum(map(len, present)) / len(present) >= PROSE_LENGTH and distinct > 0.5:
        return Field(name, "text"), texts
    if role is None and len(present) > 20 and distinct > MOSTLY:
        return Field(name, "identifier"), texts  # every record has its own: nothing to choose by
    return Field(name, "category", role=role), texts


def _word(cell: Any) -> str:
    return ("yes" if cell else "no") if isinstance(cell, bool) else " ".join(str(cell).split())


def _is_list(cell: Any) -> bool:
    return isinstance(cell, str) and cell.lstrip()[:1] == "[" and cell.rstrip()[-1:] == "]"


def _parts(cell: Any, separator: str | None) -> list[str]:
    if cell is None:
        return []
    if _is_list(cell):
        cell = _parsed(cell)
    if isinstance(cell, list | tuple):
        return [_word(part) for part in cell if not blank(part)]
    return [_word(part) for part in (str(cell).split(separator) if separator else [cell])]


def _parsed(text: str) -> Any:
    """A list written as JSON or as Python prints it (read as data, nothing is run); else the text itself."""
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(found, list) and not _nested(found):
            return found
    return text


def _separator(role: FieldRole | None, values: Sequence[Any]) -> str | None:
    """What lists in the column's texts are split by: | always, ; and , where the parts look like values; in a column
    whose name says nothing, where most texts are lists of values that come back again and again."""
    texts = [value for value in values if isinstance(value, str) and not _is_list(value)]
    if not texts or len(texts) < len(values) * MOSTLY:
        return None
    if any("|" in text for text in texts):
        return "|"
    for separator in (";", ","):
        listed = _splits(texts, separator, names=role in PEOPLE) if role in LISTED else _recurs(texts, separator)
        if listed:
            return separator
    return None


def _recurs(texts: Sequence[str], separator: str) -> bool:
    """Whether splitting most of the texts yields short parts that come back in other records, and no prose."""
    split = [[part.strip() for part in text.split(separator)] for text in texts]
    parts = [part.casefold() for row in split for part in row if part]
    listed = sum(len(row) > 1 for row in split)
    if listed < len(texts) * LISTED_SHARE or any(text.rstrip().endswith((".", "!", "?")) for text in texts):
        return False
    return max(len(part.split()) for part in parts) <= PART_WORDS and len(set(parts)) * TIMES <= len(parts)


def _splits(texts: Sequence[str], separator: str, names: bool) -> bool:
    """Whether splitting yields short parts: full names for people, else words that come back in other records."""
    split = [[part.strip() for part in text.split(separator)] for text in texts if separator in text]
    parts = [part for row in split for part in row if part]
    if not parts or max(map(len, parts)) > 60:
        return False
    if names:  # "King, Stephen" is one name
        return sum(" " in part for part in parts) >= len(parts) * 0.6
    return len({part.casefold() for part in parts}) < len(parts) * 0.8 or len(split) < 5
