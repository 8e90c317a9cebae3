"""Vectors, weights and groups of the film index: python -m index.movies.vectors --data DIR [-o assets/movies].

Reads the film catalog that `python -m index.movies` wrote, and from DIR the plot lines and extracts (read for the
vectors, never kept), the MovieLens ratings and the ReDial training dialogues. The same data, seed, libraries and
number of threads (OMP_NUM_THREADS=1 for what ships) give the same bytes.
"""

import argparse
import gzip
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from index.build import build_index
from index.catalog import Catalog, fold
from index.company import own_positions, read_ratings, together
from index.dialogues import read_dialogues
from index.embedding import load_embedder
from index.errors import CatalogError, RapportError
from index.folder import save_vectors
from index.storing import load_catalog


def prose(data: Path, catalog: Catalog) -> dict[str, str]:
    """Plot lines and extracts by item id."""
    known = own_positions(catalog, "redial_id")
    told: dict[str, list[str]] = {}
    for record in _json_lines(data / "redial" / "movie_facts.jsonl.gz"):
        if record["movieId"] in known and record.get("plot"):
            told.setdefault(catalog.items[known[record["movieId"]]].id, []).append(record["plot"])
    titles = {(fold(item.title), item.facts["year"]): item.id for item in catalog.items}
    for record in _json_lines(data / "wikimovies" / "movies.jsonl.gz"):
        item = titles.get((fold(record["title"]), record["year"]))
        if item is not None and record.get("extract"):
            told.setdefault(item, []).append(record["extract"][:600])
    return {item: " ".join(dict.fromkeys(texts)) for item, texts in told.items()}


def _json_lines(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _show(what: str, done: int, of: int) -> None:
    sys.stderr.write(f"\r{what}: {done} of {of}   " + ("\n" if done == of else ""))
    sys.stderr.flush()


def rebuild(data: Path, folder: Path, encoder: str, seed: int) -> None:
    """Compute and write the folder's vectors, weights, groups and manifest."""
    catalog = load_catalog(folder)
    try:
        company = (
            together(read_dialogues(data / "redial" / "train.jsonl.gz", own_positions(catalog, "redial_id"))),
            read_ratings(data / "ml-latest-small" / "ratings.csv", own_positions(catalog, "movielens_id")),
        )
        texts = prose(data, catalog)
    except FileNotFoundError as error:
        raise CatalogError(f"{error.filename} is missing; --data names the folder that holds the sources") from error
    index = build_index(catalog, load_embedder(encoder), texts=texts, company=company, seed=seed, progress=_show)
    save_vectors(index, folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m index.movies.vectors", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with redial/, ml-latest-small/, wikimovies/")
    parser.add_argument("-o", "--output", type=Path, default=Path("assets/movies"), help="the index folder")
    parser.add_argument("--encoder", default="use-multilingual-v3")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    try:
        rebuild(options.data, options.output, options.encoder, options.seed)
    except RapportError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
