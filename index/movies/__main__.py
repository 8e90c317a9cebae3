"""`python -m index.movies --data DIR [-o assets/movies]`: builds the film catalog and says what it covers."""

import argparse
import sys
from hashlib import sha256
from pathlib import Path

from index.catalog import Catalog
from index.errors import RapportError
from index.movies.merging import merge
from index.movies.records import catalog_of
from index.movies.sources import read_movielens, read_redial, read_wikimovies
from index.movies.stated import add_stated
from index.storing import ITEMS_FILE, SCHEMA_FILE, save_catalog

NOTE, START, END = "SOURCES.md", "<!-- measured by the builder -->", "<!-- end -->"


def build(data: Path) -> Catalog:
    """The film catalog out of the sources' folder."""
    films = merge(
        read_movielens(data / "ml-latest-small"), read_redial(data / "redial"), read_wikimovies(data / "wikimovies")
    )
    for title in add_stated(films):
        sys.stderr.write(f"stated.csv: there is no record of {title}\n")
    return catalog_of(films)


def coverage(catalog: Catalog) -> list[tuple[str, int, float]]:
    """Field, records that have it, and their share."""
    counts = [(f.name, sum(1 for item in catalog.items if item.values(f.name))) for f in catalog.fields]
    return [(name, count, count / max(1, len(catalog))) for name, count in counts]


def update_note(folder: Path, catalog: Catalog) -> None:
    """Put coverage and check sums into the folder's SOURCES.md, between its two markers, if there is one."""
    note = folder / NOTE
    if not note.is_file():
        return
    before, _, rest = note.read_text(encoding="utf-8").partition(START)
    _, _, after = rest.partition(END)
    rows = [f"| `{name}` | {count:,} | {share:.1%} |" for name, count, share in coverage(catalog)]
    sums = [f"- `{name}`: `{sha256((folder / name).read_bytes()).hexdigest()}`" for name in (SCHEMA_FILE, ITEMS_FILE)]
    table = [f"{len(catalog):,} films.", "", "| field | films that have it | share |", "|---|---|---|", *rows]
    measured = "\n".join([START, *table, "", "SHA-256:", "", *sums, END])
    note.write_text(f"{before}{measured}{after}", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m index.movies", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with redial, ml-latest-small and wikimovies")
    parser.add_argument("-o", "--output", type=Path, default=Path("assets/movies"))
    options = parser.parse_args(arguments)
    try:
        catalog = build(options.data)
        save_catalog(catalog, options.output)
    except RapportError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    lines = [f"{name:13} {count:6} {share:6.1%}" for name, count, share in coverage(catalog)]
    sys.stdout.write("\n".join([f"{len(catalog)} films", *lines, ""]))
    update_note(options.output, catalog)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
