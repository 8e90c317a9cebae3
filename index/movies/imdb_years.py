"""What an IMDb number says of a film's year: numbers up to 118000 were once given out in the order of years."""

from bisect import bisect_left
from collections.abc import Iterable
from statistics import median

ORDERED = (20_000, 118_000)
"""Among these numbers the neighbours' year is right within two years for 99.7 % of MovieLens' films."""
NEWEST = 8_900_000
"""ReDial was collected until mid 2018; a greater number was given out later."""
LATEST = 15
"""Years by which a film may come out after its number was given out."""
LATE_NUMBERS = 2_000_000
"""From here on (2011) few films got their number more than EARLIEST years after they came out."""
EARLIEST = 12


class ImdbYears:
    """Years of known IMDb ids, and what their neighbours' years make likely."""

    def __init__(self, known: Iterable[tuple[str, int]]) -> None:
        self._points = sorted((int(imdb_id[2:]), year) for imdb_id, year in known)
        self._numbers = [number for number, _ in self._points]

    def _near(self, number: int) -> int | None:
        place = bisect_left(self._numbers, number)
        years = [year for _, year in self._points[max(0, place - 4) : place + 5]]
        return int(median(years)) if years else None

    def year(self, imdb_id: str) -> int | None:
        """The film's year, where its number lies among those given out in order."""
        number = int(imdb_id[2:])
        return self._near(number) if ORDERED[0] <= number < ORDERED[1] else None

    def contradict(self, imdb_id: str, year: int | None) -> bool:
        """Whether a film of that year cannot well have that id."""
        number = int(imdb_id[2:])
        near = self._near(number)
        if number > NEWEST:
            return True
        if year is None or near is None:
            return False
        if number < ORDERED[1]:
            return abs(near - year) > (2 if number >= ORDERED[0] else 5)
        return year - near > LATEST or (number >= LATE_NUMBERS and near - year > EARLIEST)
