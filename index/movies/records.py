"""From merged entries to the catalog's records: which title, which id, which facts in which order."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from index.catalog import Catalog, Fact, Field, Item, fact_list
from index.movies.extracts import is_about
from index.movies.films import Film, Films
from index.movies.genres import GENRES
from index.movies.popularity import popularity_of
from index.movies.sources import Entry
from index.movies.subjects import subjects_in
from index.movies.titles import title_key

FIELDS = (
    Field("year", "number", role="year", integer=True),
    Field("genres", "category", many=True, role="genre"),
    Field("directors", "category", many=True, role="creator"),
    Field("cast", "category", many=True, role="performer"),
    Field("writers", "category", many=True, role="person"),
    Field("keywords", "category", many=True, role="keyword"),
    Field("rating", "number", role="rating"),
    Field("ratings", "number", role="votes", integer=True),
    Field("popularity", "number", role="popularity"),
    Field("imdb_id", "identifier"),
    Field("redial_id", "identifier", many=True),
    Field("movielens_id", "identifier"),
    Field("other_titles", "identifier", many=True, role="alias"),
)
CAST_LIMIT = 10
TAG_LIMIT = 12
_NO_FILM = re.compile(r" 3D$|^Untitled |\([^)]* release\)$")
RECENT = 2010
NOTABLE = 0.065
"""Popularity from which an older film is kept that neither MovieLens nor ReDial has."""


def catalog_of(films: Films) -> Catalog:
    """The catalog, best known films first."""
    popularity = dict(zip(films.all, popularity_of(films.all), strict=True))
    kept = [film for film in films.all if _belongs(film, popularity[film])]
    names = _spellings(kept)
    items = [item_of(film, names, popularity[film]) for film in kept]
    items.sort(key=lambda item: (-_number(item, "popularity"), item.id))
    return Catalog("films", ("film", "films"), FIELDS, tuple(items))


def _number(item: Item, field: str) -> float:
    fact = item.facts[field]
    return float(fact) if isinstance(fact, int | float) else 0.0


def _belongs(film: Film, popularity: float) -> bool:
    """Every film of MovieLens, and of ReDial if anything is known of it; of the others, recent or notable ones."""
    if any(e.movielens_id or (e.redial_id and (film.genres or film.people)) for e in film.entries):
        return True
    if any(e.redial_id for e in film.entries):
        return False
    first = film.entries[0]
    if not (first.genres and first.cast) or _NO_FILM.search(first.title.text):
        return False
    return (film.year or 0) >= RECENT or bool(first.directors and popularity >= NOTABLE)


def item_of(film: Film, names: dict[str, str], popularity: float) -> Item:
    """The record of one film."""
    redial = sorted((e for e in film.entries if e.redial_id), key=lambda e: (-e.mentions, int(e.redial_id or 0)))
    movielens = [e for e in film.entries if e.movielens_id]
    wiki = [e for e in film.entries if not e.redial_id and not e.movielens_id]  # and what is stated by hand
    title = _title(film, redial, movielens, wiki)
    people = {f: _people(f, (*redial, *wiki), names) for f in ("directors", "cast", "writers")}
    facts: dict[str, Fact] = {
        "year": film.year,
        "genres": _genres(redial, movielens, wiki, film),
        "directors": people["directors"],
        "cast": people["cast"][:CAST_LIMIT],
        "writers": people["writers"],
        "keywords": _keywords(film, names),
        "rating": movielens[0].rating if movielens else None,
        "ratings": sum(e.ratings for e in movielens),
        "popularity": popularity,
        "imdb_id": film.imdb_id,
        "redial_id": fact_list([e.redial_id or "" for e in redial]),
        "movielens_id": movielens[0].movielens_id if movielens else None,
        "other_titles": tuple(t for t in film.titles if t and t != title),
    }
    return Item(_id(title, film.year, redial, movielens), title, facts)


def _title(film: Film, *sources: Sequence[Entry]) -> str:
    """The first title that two sources share, else the first one; ReDial's are those that people write.

    A title without a year may be the name of a series, so those with one go first.
    """
    ordered = [e for source in sources for e in source if e.title.text]
    dated = [e.title.text for e in ordered if e.title.year] or [e.title.text for e in ordered]
    keys = [{title_key(t) for e in source for t in (e.title.text, *e.title.others)} for source in sources if source]
    shared = [title for title in dated if sum(title_key(title) in k for k in keys) >= 2]
    return next(iter([*shared, *dated]), "") or film.titles[0]


def _id(title: str, year: int | None, redial: Sequence[Entry], movielens: Sequence[Entry]) -> str:
    """The id of the ReDial entry mentioned most, else of MovieLens, else one drawn from title and year."""
    if redial:
        return redial[0].redial_id or ""
    if movielens:
        return f"ml{movielens[0].movielens_id}"
    return "w" + hashlib.sha256(f"{title_key(title)}|{year}".encode()).hexdigest()[:10]


def _people(field: str, entries: Iterable[Entry], names: dict[str, str]) -> tuple[str, ...]:
    """Casts are added up; directors and writers are one source's, the first that has any."""
    lists: list[list[str]] = [values for e in entries if (values := getattr(e, field))]
    chosen = [name for values in (lists if field == "cast" else lists[:1]) for name in values]
    return fact_list([names.get(_name_key(name), name) for name in chosen])


def _name_key(name: str) -> str:
    return title_key(name)


def _spellings(films: Sequence[Film]) -> dict[str, str]:
    """Name → its most frequent spelling, so that one person is one value."""
    counts: dict[str, Counter[str]] = {}
    for film in films:
        for entry in film.entries:
            for name in (*entry.directors, *entry.cast, *entry.writers):
                counts.setdefault(_name_key(name), Counter())[" ".join(name.split())] += 1
    return {key: min(c.items(), key=lambda pair: (-pair[1], pair[0]))[0] for key, c in counts.items()}


def _genres(redial: Sequence[Entry], movielens: Sequence[Entry], wiki: Sequence[Entry], film: Film) -> tuple[str, ...]:
    """MovieLens and ReDial add up; the third is asked where they are silent, or where it names the same people."""
    found = {g for e in (*movielens, *redial) for g in e.genres}
    known = set().union(*(e.people for e in redial))
    for entry in wiki:
        if not found or known & entry.people:
            clash = {"horror", "family"} <= {*found, *entry.genres}
            found |= set(entry.genres) - ({"horror", "family"} if clash and found else set())
    return tuple(g for g in GENRES if g in found)


def _keywords(film: Film, names: dict[str, str]) -> tuple[str, ...]:
    """Tags first, then kinds, then subjects; no names of people."""
    words = [word for e in film.entries for word in (e.keywords[:TAG_LIMIT] if e.movielens_id else e.keywords)]
    for entry in film.entries:
        if entry.extract and is_about(entry.extract, entry.title.text):
            words.extend(subjects_in(entry.extract))
    return fact_list([word for word in words if title_key(word) not in names])
