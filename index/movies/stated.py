"""Facts stated by hand in `stated.csv`, for well-known films about which the sources say too little."""

import csv
from pathlib import Path

from index.movies.films import Films
from index.movies.sources import Entry
from index.movies.titles import Title

STATED = Path(__file__).with_name("stated.csv")


def add_stated(films: Films, path: Path = STATED) -> list[str]:
    """Give each stated film's record what it lacks; the titles that fit no record.

    A record without a year takes the stated one, if there is only one record of that title.
    """
    unused = []
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            year = int(row["year"])
            same = films.titled(row["title"])
            film = next((f for f in same if f.year == year), None) or next((f for f in same if f.year is None), None)
            if film is None:
                unused.append(f"{row['title']} ({year})")
                continue
            entry = Entry(Title(row["title"], year if film.year is None else None))
            has_directors, has_cast = (any(getattr(e, f) for e in film.entries) for f in ("directors", "cast"))
            entry.directors = [] if has_directors else _names(row["directors"])
            entry.cast = [] if has_cast else _names(row["cast"])
            films.add(entry, film)
    return unused


def _names(cell: str) -> list[str]:
    return [name for name in cell.split("|") if name]
