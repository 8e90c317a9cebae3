"""Whether an entry is of a film that an id, a title or its people suggest."""

from rapidfuzz import fuzz

from index.catalog import fold
from index.movies.films import Film
from index.movies.sources import Entry
from index.movies.titles import plain_title, title_key

SIMILAR = 80
"""How alike, of 100, two titles of one year must be for an id that joins them to be believed."""


def agree(film: Film, entry: Entry) -> bool:
    """Whether title and year allow what an id says, that they are the same film.

    Sources differ by up to two years over when a film came out, and over its title, but not over both.
    """
    same = any(title_key(t) == title_key(entry.title.text) for t in film.titles)
    if entry.title.year is None or film.year is None:
        return same or any(begins(t, entry.title.text) for t in film.titles)
    apart = abs(film.year - entry.title.year)
    if apart:
        return apart <= 2 and same_words(film, entry)
    return same or (is_alike(film, entry) or _same_start(film, entry))


def likely(film: Film, entry: Entry) -> bool:
    """Whether a shared title alone makes them the same film: no year, or years one apart and nothing against it."""
    if entry.title.year is None or film.year is None:
        return True
    if film.imdb_id and entry.imdb_id and film.imdb_id != entry.imdb_id:
        return False
    return abs(film.year - entry.title.year) <= 1 and same_words(film, entry) and fits(film, entry)


def fits(film: Film, entry: Entry) -> bool:
    """Whether the facts of both may be of one film: shared people, or where one names none, a shared genre."""
    if film.people and entry.people:
        return bool(film.people & entry.people)
    return not film.genres or not entry.genres or bool(film.genres & set(entry.genres))


def is_alike(film: Film, entry: Entry) -> bool:
    """Whether one of the film's titles is much like the entry's."""
    return any(_alike(title, entry.title.text) for title in film.titles)


def may_be(film: Film, entry: Entry) -> bool:
    """Whether an entry of the film's title and year is of that film.

    Two films of one title and year are rare; it takes other people and other genres to believe it, or a foreign
    film's other genres.
    """
    if fits(film, entry):
        return True
    overlap = bool(film.genres & set(entry.genres))
    if film.people and entry.people:
        return overlap
    return not any(e.title.others for e in film.entries)


def begins(title: str, name: str) -> bool:
    """Whether a bare name is the beginning of the title: `Harry Potter` of the first of its films."""
    title, name = fold(title), fold(name)
    return len(name) >= 4 and title.startswith(name) and not title[len(name) : len(name) + 1].isalnum()


def same_words(film: Film, entry: Entry) -> bool:
    """Whether one of the film's titles is the entry's, word by word."""
    return any(plain_title(t) == plain_title(entry.title.text) for t in film.titles)


def _same_start(film: Film, entry: Entry) -> bool:
    """`Annabelle 2` and `Annabelle: Creation`."""
    first = plain_title(entry.title.text).split()[0] if entry.title.text else ""
    return len(first) >= 5 and any(plain_title(t).split()[0] == first for t in film.titles)


def _alike(a: str, b: str) -> bool:
    """Whether two titles may be one film's; `Untitled …` stands for a title not yet given."""
    a, b = plain_title(a), plain_title(b)
    if a.startswith("untitled ") or b.startswith("untitled "):
        return True
    return fuzz.ratio(a, b) >= SIMILAR or fuzz.token_set_ratio(a, b) >= 95
