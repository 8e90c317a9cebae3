"""`python -m index.movies --data DIR [-o assets/movies]`: builds the film catalog and says what it covers."""

import argparse
import sys
from pathlib import Path

from index.catalog import Catalog
from index.errors import RapportError
from index.movies.merging import merge
from index.movies.records import catalog_of
from index.movies.sources import read_movielens, read_redial, read_wikimovies
from index.storing import save_catalog


def build(data: Path) -> Catalog:
    """The film catalog out of the sources' folder."""
    films = merge(
        read_movielens(data / "ml-latest-small"), read_redial(data / "redial"), read_wikimovies(data / "wikimovies")
    )
    return catalog_of(films)


def coverage(catalog: Catalog) -> list[tuple[str, int, float]]:
    """Field, records that have it, and their share."""
    counts = [(f.name, sum(1 for item in catalog.items if item.values(f.name))) for f in catalog.fields]
    return [(name, count, count / max(1, len(catalog))) for name, count in counts]


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
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
