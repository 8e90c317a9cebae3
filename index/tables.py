"""Rows out of CSV, JSON lines, JSON and Parquet files, plain or gzipped, each with the place it stands at."""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from index.errors import CatalogError

Row = tuple[str, Mapping[str, Any]]
"""Where the row stands, for messages ("books.csv, line 7"), and its cells by column name."""


def read_rows(path: Path) -> list[Row]:
    """All rows of a table. CatalogError names file, line and remedy where it cannot be read."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    zipped = suffixes[-1:] == [".gz"]
    kind = suffixes[-2:-1] if zipped else suffixes[-1:]
    reader = _READERS.get(kind[0] if kind else "")
    if reader is None:
        raise CatalogError(
            f"{path}: the ending is none of {', '.join(_READERS)} (each also with .gz); rename or convert the file"
        )
    if not path.is_file():
        raise CatalogError(f"{path}: there is no such file; check the path")
    try:
        content = gzip.decompress(path.read_bytes()) if zipped else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise CatalogError(f"{path} cannot be read ({error}); check that the file is whole") from error
    return list(reader(path, content))


def _text(path: Path, content: bytes) -> TextIO:
    try:
        return io.StringIO(content.decode("utf-8-sig"), newline="")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CatalogError(f"{path}, line {line}: not UTF-8 text; save the file as UTF-8") from error


def _csv(path: Path, content: bytes) -> Iterator[Row]:
    lines = _text(path, content)
    header = lines.readline()
    lines.seek(0)
    delimiter = max("\t;,", key=header.count)
    csv.field_size_limit(1 << 24)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        columns = [name.strip() for name in next(reader, [])]
        _check_columns(path, columns)
        for cells in reader:
            where = f"{path}, line {reader.line_num}"
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                raise CatalogError(
                    f"{where}: {len(cells)} cells where the first line names {len(columns)} columns; "
                    "put cells that hold the separator in quotes"
                )
            yield where, dict(zip(columns, cells, strict=True))
    except csv.Error as error:
        raise CatalogError(f"{path}, line {reader.line_num}: {error}; check the quotes of that line") from error


def _check_columns(path: Path, columns: list[str]) -> None:
    for place, name in enumerate(columns, start=1):
        if not name or name in columns[: place - 1]:
            said = f"{name!r} stands twice" if name else f"column {place} has no name"
            raise CatalogError(f"{path}, line 1: {said}; give every column a name of its own")


def _json_lines(path: Path, content: bytes) -> Iterator[Row]:
    for number, line in enumerate(_text(path, content), start=1):
        if line.strip():
            where = f"{path}, line {number}"
            yield where, _object(where, _parse(where, line))


def _json(path: Path, content: bytes) -> Iterator[Row]:
    loaded = _parse(str(path), _text(path, content).read())
    if isinstance(loaded, dict):  # {"products": […], "total": 194}
        lists = [value for value in loaded.values() if isinstance(value, list)]
        loaded = lists[0] if len(lists) == 1 else loaded
    if not isinstance(loaded, list):
        raise CatalogError(f"{path}: a list of records was expected; write [{{…}}, {{…}}]")
    for number, record in enumerate(loaded, start=1):
        where = f"{path}, record {number}"
        yield where, _object(where, record)


def _parse(where: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) and ", line" not in where else ""
        raise CatalogError(f"{where}{place}: not JSON ({error}); correct or remove it") from error


def _object(where: str, record: Any) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise CatalogError(f"{where}: {str(record)[:40]!r} is no record; write an object, {{…}}")
    return record


def _parquet(path: Path, content: bytes) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        said = str(error).splitlines()[0]
        raise CatalogError(f"{path}: not a Parquet file ({said}); check that the file is whole") from error
    for number, record in enumerate(table.to_pylist(), start=1):
        yield f"{path}, record {number}", record


_READERS: Mapping[str, Callable[[Path, bytes], Iterator[Row]]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".json": _json,
    ".parquet": _parquet,
}
