"""Records in the making: all entries of one film, and the means to find a film by id or title."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from index.movies.sources import Entry
from index.movies.titles import title_key


def _trust(entry: Entry) -> int:
    """ReDial's years are trusted least: for films to come they were guesses."""
    return 2 if entry.movielens_id else 0 if entry.redial_id else 1


@dataclass(eq=False)
class Film:
    """All entries of one film. The first is the one that opened the record."""

    entries: list[Entry] = field(default_factory=list)

    @property
    def year(self) -> int | None:
        """The year that most sources name; if each has another, MovieLens', then wikimovies', then ReDial's."""
        years = [(e.title.year, _trust(e)) for e in self.entries if e.title.year]
        count = Counter(year for year, _ in set(years))
        return max(years, key=lambda pair: (count[pair[0]], pair[1]), default=(None, 0))[0]

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
        return {name for entry in self.entries for name in entry.people}

    @property
    def genres(self) -> set[str]:
        """All genres that an entry names."""
        return {genre for entry in self.entries for genre in entry.genres}

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
