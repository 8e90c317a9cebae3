"""Catalogs on disk: `catalog.json` says what the fields mean, `items.parquet` holds the records.

The same catalog is written as the same bytes every time, so that what ships can be checked against a rebuild.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from index.catalog import Catalog, Fact, Field, FieldKind, FieldRole, Item
from index.errors import CatalogError, IndexFolderError
from index.files import replace_file

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = 1
SCHEMA_FILE = "catalog.json"
ITEMS_FILE = "items.parquet"
REMEDY = "build the folder again with `chatbot index CATALOG... -o DIR`"


def save_catalog(catalog: Catalog, folder: str | Path, keep_text: bool = False) -> None:
    """Write the catalog's two files into the folder, which is made if need be.

    Text fields (prose) serve for vectors and are left out unless `keep_text`.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    fields = [field for field in catalog.fields if keep_text or field.kind != "text"]
    replace_file(target / ITEMS_FILE, lambda path: _write_items(catalog.items, fields, path))
    replace_file(target / SCHEMA_FILE, lambda path: path.write_text(_schema_json(catalog, fields), encoding="utf-8"))


def load_catalog(folder: str | Path) -> Catalog:
    """Read what `save_catalog` wrote. IndexFolderError where a file is missing, damaged or of another format."""
    source = Path(folder)
    schema = _read_schema(source / SCHEMA_FILE)
    path = source / SCHEMA_FILE
    try:
        nouns = (str(schema["nouns"][0]), str(schema["nouns"][1]))
        fields = tuple(_field(entry) for entry in schema["fields"])
        name = str(schema["name"])
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise IndexFolderError(f"{path} is damaged ({error!r} in its fields); {REMEDY}") from error
    items = _read_items(source / ITEMS_FILE, fields)
    try:
        return Catalog(name=name, nouns=nouns, fields=fields, items=items)
    except CatalogError as error:
        raise IndexFolderError(f"{source / ITEMS_FILE} is damaged ({error}); {REMEDY}") from error


def _schema_json(catalog: Catalog, fields: Sequence[Field]) -> str:
    described = [
        {"name": f.name, "kind": f.kind, "role": f.role, "many": f.many, "integer": f.integer}
        | ({"unit": f.unit} if f.unit else {})
        for f in fields
    ]
    schema = {"format": FORMAT, "name": catalog.name, "nouns": list(catalog.nouns), "fields": described}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _arrow_type(field: Field) -> "pa.DataType":
    import pyarrow as pa

    if field.kind == "number":
        return pa.int64() if field.integer else pa.float64()
    return pa.list_(pa.string()) if field.many else pa.string()


def _cell(fact: Fact, field: Field) -> Fact | list[str]:
    if fact is None:
        return [] if field.many else None
    if field.kind == "number":
        return fact
    return [str(v) for v in fact] if isinstance(fact, tuple) else str(fact)


def _write_items(items: Sequence[Item], fields: Sequence[Field], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = [pa.array([i.id for i in items], pa.string()), pa.array([i.title for i in items], pa.string())]
    for field in fields:
        cells = [_cell(item.facts.get(field.name), field) for item in items]
        columns.append(pa.array(cells, _arrow_type(field)))
    names = ["id", "title", *(field.name for field in fields)]
    table = pa.table(columns, names=names)
    pq.write_table(table, path, compression="zstd", compression_level=19, row_group_size=1 << 20)


def _read_schema(path: Path) -> Mapping[str, Any]:
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise IndexFolderError(f"{path} is missing, so {path.parent} is no index folder; {REMEDY}") from error
    except (OSError, ValueError) as error:
        raise IndexFolderError(f"{path} cannot be read ({error}); {REMEDY}") from error
    if not isinstance(schema, dict) or "format" not in schema:
        raise IndexFolderError(f"{path} is damaged (no format number); {REMEDY}")
    if schema["format"] != FORMAT:
        raise IndexFolderError(f"{path} has format {schema['format']!r}, this version reads {FORMAT}; {REMEDY}")
    return schema


def _field(entry: Mapping[str, Any]) -> Field:
    kind, role = entry["kind"], entry["role"]
    if kind not in get_args(FieldKind) or not (role is None or role in get_args(FieldRole)):
        raise ValueError(f"kind {kind!r}, role {role!r}")
    return Field(
        str(entry["name"]), kind, bool(entry["many"]), role, bool(entry["integer"]), str(entry.get("unit", ""))
    )


def _read_items(path: Path, fields: Sequence[Field]) -> tuple[Item, ...]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        raise IndexFolderError(f"{path} is missing; {REMEDY}")
    try:
        # One thread: the file is small, and threads that spin cost more than they bring.
        table = pq.ParquetFile(path).read(use_threads=False)
        # By position, not by name: a catalog may have a field of its own that is called "id" or "title".
        if table.column_names != ["id", "title", *(field.name for field in fields)]:
            raise ValueError(f"its columns are {', '.join(table.column_names)}")
        ids, titles = table.column(0).to_pylist(), table.column(1).to_pylist()
        columns = [_column(table.column(2 + place), field) for place, field in enumerate(fields)]
    except (OSError, KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise IndexFolderError(f"{path} is damaged ({str(error).splitlines()[0]}); {REMEDY}") from error
    if not all(isinstance(text, str) for text in (*ids, *titles)):
        raise IndexFolderError(f"{path} is damaged (an item without id or title); {REMEDY}")
    names = [field.name for field in fields]
    rows = zip(*columns, strict=True) if columns else (() for _ in ids)
    return tuple(
        Item(item_id, title, dict(zip(names, row, strict=True)))
        for item_id, title, row in zip(ids, titles, rows, strict=True)
    )


def _column(chunks: "pa.ChunkedArray", field: Field) -> Sequence[Fact]:
    """One field of all items, as the facts that records hold. TypeError where the file's type is another."""
    import pyarrow as pa

    if chunks.type != _arrow_type(field):
        raise TypeError(f"column {field.name} holds {chunks.type}")
    column = chunks.combine_chunks()
    if isinstance(column, pa.ChunkedArray):  # without rows there is nothing to combine
        return []
    if not field.many:
        return column.to_pylist()
    # Lists are cut out of one flat list: converting them one by one is ten times slower.
    values = column.values.to_pylist()
    offsets = column.offsets.to_pylist()
    return [tuple(values[start:end]) for start, end in pairwise(offsets)]
