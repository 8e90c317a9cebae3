"""One record a film: entries of all sources, joined by ids and by title and year, each checked against the other."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from index.catalog import fold
from index.movies.sources import Entry
from index.movies.titles import title_key

SIMILAR = 80
"""How alike, of 100, two titles of one year must be for an id that joins them to be believed."""


@dataclass
class Film:
    """All entries of one film. The first is the one that opened the record."""

    entries: list[Entry] = field(default_factory=list)

    @property
    def year(self) -> int | None:
        """The year that the first entry with one names."""
        return next((e.title.year for e in self.entries if e.title.year), None)

    @property
    def titles(self) -> list[str]:
        """All titles of all entries, each once."""
        return list(dict.fromkeys(t for e in self.entries for t in (e.title.text, *e.title.others)))

    @property
    def imdb_id(self) -> str | None:
        """The first IMDb id."""
        return next((e.imdb_id for e in self.entries if e.imdb_id), None)

    @property
    def people(self) -> set[str]:
        """Everyone whom an entry names."""
        return set().union(*(e.people for e in self.entries))

    @property
    def weight(self) -> int:
        """How well known the film is, from what people did: ratings and mentions."""
        return sum(e.ratings + 3 * e.mentions for e in self.entries)


class Films:
    """The records so far, found by IMDb id, MovieLens id and title."""

    def __init__(self) -> None:
        self.all: list[Film] = []
        self._by_imdb: dict[str, Film] = {}
        self._by_movielens: dict[str, Film] = {}
        self._by_key: dict[str, list[Film]] = defaultdict(list)

    def add(self, entry: Entry, film: Film | None = None) -> Film:
        """Put the entry into the record, or into a new one."""
        if film is None:
            film = Film()
            self.all.append(film)
        film.entries.append(entry)
        if entry.imdb_id:
            self._by_imdb.setdefault(entry.imdb_id, film)
        if entry.movielens_id:
            self._by_movielens.setdefault(entry.movielens_id, film)
        for key in {title_key(t) for t in (entry.title.text, *entry.title.others)}:
            if film not in self._by_key[key]:
                self._by_key[key].append(film)
        return film

    def by_imdb(self, imdb_id: str | None) -> Film | None:
        """The record of that IMDb id."""
        return self._by_imdb.get(imdb_id or "")

    def by_movielens(self, movielens_id: str | None) -> Film | None:
        """The record of that MovieLens id."""
        return self._by_movielens.get(movielens_id or "")

    def titled(self, title: str) -> list[Film]:
        """The records of that title, the best known first."""
        return sorted(self._by_key.get(title_key(title), []), key=lambda film: -film.weight)


def merge(movielens: Iterable[Entry], redial: Iterable[Entry], wikimovies: Iterable[Entry]) -> Films:
    """All films of the sources. Films of `wikimovies` that no other source has are records too."""
    films = Films()
    for entry in sorted(movielens, key=lambda e: (-e.ratings, int(e.movielens_id or 0))):
        films.add(entry, _same_year(films, entry))
    # Entries with a year come first: bare titles then find them.
    for entry in sorted(redial, key=lambda e: (e.title.year is None, -e.mentions, int(e.redial_id or 0))):
        _add_redial(films, entry)
    _add_wikimovies(films, list(wikimovies))
    return films


def _same_year(films: Films, entry: Entry) -> Film | None:
    return next((f for f in films.titled(entry.title.text) if f.year == entry.title.year), None)


def _add_redial(films: Films, entry: Entry) -> None:
    linked = films.by_imdb(entry.imdb_id)
    if linked and not agree(linked, entry):
        _drop_facts(entry)  # the facts are of another film
        linked = None
    film = _same_year(films, entry) if entry.title.year else None
    candidates = [linked, films.by_movielens(entry.linked_movielens_id), *films.titled(entry.title.text)]
    film = film or next((c for c in candidates if c and agree(c, entry) and not _other_id(c, entry)), None)
    if film and entry.title.year is None and linked is not film and linked is not None:
        _drop_facts(entry)
    films.add(entry, film)


def _other_id(film: Film, entry: Entry) -> bool:
    """Whether both have an IMDb id, a year, and differ in both: then a shared title is chance."""
    differ = bool(film.imdb_id and entry.imdb_id and film.imdb_id != entry.imdb_id)
    return differ and entry.title.year is not None and film.year != entry.title.year


def agree(film: Film, entry: Entry) -> bool:
    """Whether title and year allow that they are the same film, given that an id or a title joined them."""
    key = title_key(entry.title.text)
    same = any(title_key(t) == key for t in film.titles)
    if entry.title.year is None or film.year is None:
        return same or any(_begins(t, entry.title.text) for t in film.titles)
    apart = abs(film.year - entry.title.year)
    alike = any(_alike(t, entry.title.text) for t in film.titles)
    return (same and apart <= 1) or (alike and apart == 0)


def _begins(title: str, name: str) -> bool:
    """Whether a bare name is the beginning of the title: `Harry Potter` of the first of its films."""
    title, name = fold(title), fold(name)
    return len(name) >= 4 and title.startswith(name) and not title[len(name) : len(name) + 1].isalnum()


def _alike(a: str, b: str) -> bool:
    a, b = fold(a), fold(b)
    return fuzz.ratio(a, b) >= SIMILAR or fuzz.token_set_ratio(a, b) >= 95


def _drop_facts(entry: Entry) -> None:
    entry.imdb_id, entry.genres, entry.directors, entry.writers, entry.cast = None, [], [], [], []


def _add_wikimovies(films: Films, entries: list[Entry]) -> None:
    """Exact years first, so that a film of the year before does not take the place of the right one."""
    taken: set[int] = set()
    late: list[Entry] = []
    for entry in sorted(entries, key=lambda e: (e.title.year or 0, e.title.text, -len(e.extract))):
        film = _same_year(films, entry)
        if film is None:
            late.append(entry)
        elif id(film) not in taken:
            taken.add(id(film))
            _check_people(film, entry)
            films.add(entry, film)
    for entry in late:
        if _same_year(films, entry):
            continue  # listed twice
        film = next((f for f in films.titled(entry.title.text) if id(f) not in taken and _near(f, entry)), None)
        films.add(entry, film)
        if film:
            taken.add(id(film))


def _near(film: Film, entry: Entry) -> bool:
    """A year apart, or none known, but the same people."""
    close = film.year is None or abs(film.year - (entry.title.year or 0)) <= 1
    return close and bool(film.people & entry.people)


def _check_people(film: Film, entry: Entry) -> None:
    """Where the two name people and share none, the earlier facts were of another film of that title."""
    if entry.cast and film.people and not film.people & entry.people:
        for other in film.entries:
            if other.redial_id and not other.movielens_id and film.imdb_id != other.imdb_id:
                _drop_facts(other)
