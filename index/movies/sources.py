"""The sources, each read into plain entries that still know nothing of one another."""

import csv
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.errors import CatalogError
from index.movies.extracts import kinds_in, people_in
from index.movies.genres import genres_of, keywords_of, one_spelling
from index.movies.subjects import subjects_in
from index.movies.titles import Title, parse_title, title_key

_JUNK_TAGS = {
    "in netflix queue", "imdb top 250", "classic", "bad", "movie to see", "seen more than once", "predictable",
    "oscar", "remade", "good", "great", "boring", "overrated", "underrated", "stupid", "want to see again", "own",
    "awesome", "great acting", "masterpiece", "interesting", "unique", "good dialogue", "dialogue", "highly quotable",
    "dvd", "less than 300 ratings", "music", "short", "history", "war", "sport", "not seen", "seen",
}  # fmt: skip

_NO_NAME = re.compile(r"\b(?:voices?|cast|narrator|various|writers?)\b|.{36}", re.IGNORECASE)


@dataclass
class Entry:
    """One film as one source has it."""

    title: Title
    genres: list[str] = field(default_factory=list)
    directors: list[str] = field(default_factory=list)
    writers: list[str] = field(default_factory=list)
    cast: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    imdb_id: str | None = None
    redial_id: str | None = None
    movielens_id: str | None = None
    linked_movielens_id: str | None = None
    mentions: int = 0
    ratings: int = 0
    rating: float | None = None
    extract: str = ""

    @property
    def people(self) -> set[str]:
        """Everyone who made the film, in the form in which names are compared."""
        return {title_key(name) for name in (*self.directors, *self.writers, *self.cast)}

    @property
    def is_empty(self) -> bool:
        """Whether the source knows nothing but the title."""
        return not (self.genres or self.directors or self.cast)


def _table(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)
    except FileNotFoundError as error:
        raise CatalogError(f"{path} is missing; --data names the folder that holds it") from error


def _records(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except FileNotFoundError as error:
        raise CatalogError(f"{path} is missing; --data names the folder that holds it") from error


def read_movielens(folder: Path) -> list[Entry]:
    """MovieLens: titles, years, genres, ratings, IMDb ids, and tags as keywords."""
    ratings: dict[str, list[float]] = defaultdict(list)
    for row in _table(folder / "ratings.csv"):
        ratings[row["movieId"]].append(float(row["rating"]))
    imdb = {row["movieId"]: f"tt{row['imdbId']}" for row in _table(folder / "links.csv")}
    keywords = _tags(folder / "tags.csv")
    entries = []
    for row in _table(folder / "movies.csv"):
        key, given = row["movieId"], ratings[row["movieId"]]
        entry = Entry(parse_title(row["title"], brackets=True), genres_of(row["genres"].split("|")))
        entry.keywords = keywords.get(key, [])
        entry.imdb_id, entry.movielens_id, entry.ratings = imdb.get(key), key, len(given)
        entry.rating = round(sum(given) / len(given), 2) if given else None
        entries.append(entry)
    return entries


def _tags(path: Path) -> dict[str, list[str]]:
    """Film → tags, most given first: those that two people gave, or that are in use for several films."""
    given: dict[str, Counter[str]] = defaultdict(Counter)
    films: Counter[str] = Counter()
    for row in _table(path):
        tag = one_spelling(" ".join(row["tag"].lower().split()))
        films[tag] += tag not in given[row["movieId"]]
        given[row["movieId"]][tag] += 1
    usable = {tag for tag, n in films.items() if n >= 3 and tag not in _JUNK_TAGS and not genres_of([tag])}
    return {
        film: [t for t, n in sorted(tags.items(), key=lambda pair: (-pair[1], pair[0])) if t in usable or _firm(t, n)]
        for film, tags in given.items()
    }


def _firm(tag: str, people: int) -> bool:
    return people >= 2 and tag not in _JUNK_TAGS and not genres_of([tag])


def read_redial(folder: Path) -> list[Entry]:
    """ReDial: titles, how often they are mentioned, the facts that go with them, and their MovieLens ids."""
    mentions: Counter[str] = Counter()
    for dialogue in _records(folder / "train.jsonl.gz"):
        mentions.update(list(dialogue["movieMentions"] or ()))
    facts = {record["movieId"]: record for record in _records(folder / "movie_facts.jsonl.gz")}
    links = {row["redialMovieId"]: row["movielensMovieId"] for row in _table(folder / "movielens_ids.csv")}
    entries = []
    for row in _table(folder / "movies.csv"):
        key = row["movieId"]
        record = facts.get(key, {})
        entry = Entry(parse_title(row["movieName"]), genres_of(record.get("genre") or []))
        entry.directors, entry.writers, entry.cast = (list(record.get(k) or []) for k in ("director", "writer", "star"))
        entry.imdb_id, entry.redial_id = record.get("imdb_id") or None, key
        entry.keywords = subjects_in(record.get("plot") or "")
        entry.linked_movielens_id, entry.mentions = links.get(key), mentions[key]
        entries.append(entry)
    return entries


def read_wikimovies(folder: Path) -> list[Entry]:
    """American films by year: casts, genres, finer kinds as keywords, and the people whom the extracts name."""
    entries = []
    for record in _records(folder / "movies.jsonl.gz"):
        extract = record.get("extract") or ""
        title = parse_title(record["title"])
        kinds = [*record["genres"], *kinds_in(extract, title.text)]
        entry = Entry(Title(title.text, int(record["year"])), genres_of(kinds))
        people = people_in(extract, title.text)
        entry.directors, entry.writers = people["directors"], people["writers"]
        entry.cast = _performers(record["cast"]) or people["cast"]
        entry.keywords, entry.extract = keywords_of(kinds), extract
        entries.append(entry)
    return entries


def _performers(names: list[str]) -> list[str]:
    """Names without remarks in brackets; what is no name falls away."""
    plain = [" ".join(re.sub(r"\([^)]*\)", " ", name).split()) for name in names]
    return [name for name in plain if name[:1].isupper() and not _NO_NAME.search(name)]
