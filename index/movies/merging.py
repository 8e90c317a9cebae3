"""One record a film: entries of all sources, joined by ids and by title and year, each checked against the other."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from index.movies.films import Film, Films
from index.movies.imdb_years import ImdbYears
from index.movies.matching import agree, fits, is_alike, likely, may_be, same_words
from index.movies.sources import Entry

LAST_REDIAL_YEAR = 2018
"""No film that ReDial speaks of is newer."""
YEAR_WITHIN = 20
"""Characters after the title within which an extract names the film's year: ` is a 2009 `."""


def merge(movielens: Iterable[Entry], redial: Iterable[Entry], wikimovies: Iterable[Entry]) -> Films:
    """All films of the sources. Films of `wikimovies` that no other source has are records too."""
    films = Films()
    known = list(movielens)
    years = ImdbYears((e.imdb_id, e.title.year) for e in known if e.imdb_id and e.title.year)
    for entry in sorted(known, key=lambda e: (-e.ratings, int(e.movielens_id or 0))):
        films.add(entry, _same_year(films, entry))
    # Entries with a year come first: bare titles then find them.
    for entry in sorted(redial, key=lambda e: (e.title.year is None, -e.mentions, int(e.redial_id or 0))):
        _add_redial(films, entry, years)
    _add_wikimovies(films, list(wikimovies))
    return films


def _same_year(films: Films, entry: Entry) -> Film | None:
    return next((f for f in films.titled(entry.title.text) if f.year == entry.title.year), None)


def _drop_facts(entry: Entry) -> None:
    entry.imdb_id = None
    entry.genres, entry.directors, entry.writers, entry.cast, entry.keywords = [], [], [], [], []


def _add_redial(films: Films, entry: Entry, years: ImdbYears) -> None:
    linked = films.by_imdb(entry.imdb_id)
    if linked and not agree(linked, entry):
        _drop_facts(entry)  # they are of another film
        linked = None
    if linked is None and entry.imdb_id and years.contradict(entry.imdb_id, entry.title.year):
        _drop_facts(entry)
    film = _redial_film(films, entry, linked) or _best_known(films, entry)
    if film and entry.imdb_id and film.imdb_id and film.imdb_id != entry.imdb_id:
        _drop_facts(entry)  # the film's own id was found by title and year, this one was only searched for
    if film is None and entry.title.year is None and entry.imdb_id:
        entry.title = replace(entry.title, year=years.year(entry.imdb_id))
    films.add(entry, film)


def _redial_film(films: Films, entry: Entry, linked: Film | None) -> Film | None:
    """The entry's film: of its title and year, or where one of its ids leads, or of its title alone."""
    if entry.title.year and (exact := _same_year(films, entry)):
        return exact
    ids = [linked, films.by_movielens(entry.linked_movielens_id)]
    by_id = [film for film in ids if film and agree(film, entry)]
    by_title = [film for film in films.titled(entry.title.text) if likely(film, entry)]
    if entry.title.year is None:  # of all films of that name, people mean the best known
        return max([*by_id, *by_title], key=lambda film: film.weight, default=None)
    return next(iter([*by_id, *by_title]), None)


def _best_known(films: Films, entry: Entry) -> Film | None:
    """Of an entry about which nothing is known the year is often wrong too: the best known film of that title."""
    if not entry.is_empty:
        return None
    film = next((f for f in films.titled(entry.title.text) if same_words(f, entry)), None)
    if film:
        entry.title = replace(entry.title, year=None)
    return film


def _add_wikimovies(films: Films, entries: list[Entry]) -> None:
    """Exact years first, so that a film of the year before does not take the place of the right one."""
    taken: set[int] = set()
    late: list[Entry] = []
    by_person: dict[tuple[int | None, str], list[Film]] = defaultdict(list)
    for film in films.all:
        for name in film.people:
            by_person[film.year, name].append(film)
    for entry in sorted(entries, key=lambda e: (e.title.year or 0, e.title.text, -len(e.extract))):
        exact = _same_year(films, entry)
        if exact is None:
            late.append(entry)
        elif id(exact) not in taken and _settle(exact, entry):
            taken.add(id(exact))
            films.add(entry, exact)
    # Of films of one name, a title without a year means the latest.
    for entry in sorted(late, key=lambda e: (-(e.title.year or 0), e.title.text, -len(e.extract))):
        if _same_year(films, entry):
            continue  # listed twice
        near = [f for f in films.titled(entry.title.text) if _near(f, entry)]
        if any(id(f) in taken and len(f.people & entry.people) >= 2 for f in near):
            continue  # listed under both years
        shared = [film for name in sorted(entry.people) for film in by_person.get((entry.title.year, name), ())]
        renamed = [f for f in shared if shared.count(f) >= 2 and is_alike(f, entry)]
        found = next((f for f in (*near, *renamed) if id(f) not in taken), None)
        taken.add(id(films.add(entry, found)))


def _near(film: Film, entry: Entry) -> bool:
    """A title without a year takes that of the same people's film, or, if it has no people, of the latest before it."""
    if film.year is None and not film.people:
        return (entry.title.year or 0) <= LAST_REDIAL_YEAR
    if film.year and not film.people and same_words(film, entry):
        # The list goes by the year it came out in America; the extract names the film's own.
        return f" {film.year} " in entry.extract[: len(entry.title.text) + YEAR_WITHIN] or likely(film, entry)
    return likely(film, entry) and fits(film, entry)


def _settle(film: Film, entry: Entry) -> bool:
    """Whether an entry of the film's title and year is of that film.

    Where they name other people, facts that only ReDial vouches for were those of another film, and go.
    """
    if any(e.movielens_id for e in film.entries):
        return may_be(film, entry)
    if not fits(film, entry):
        for other in film.entries:
            _drop_facts(other)
    return True
