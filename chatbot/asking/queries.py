"""What can be asked: for each field of the catalog, the answers and who of the candidates would give which.

A field is asked about if people choose by it: categories that are closed or say who made it, and numbers, the year by
decades and others by bands. Which fields those are follows from the schema alone. Numbers of which everybody wants
more (ratings, fame) are no questions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from chatbot.wording import Wording
from index.catalog import Catalog, Field

MAX_CHOICES = 4
FILLED = 0.5
"""The least share of the candidates' chances of whom the field is known: else most could not be found by an answer."""
_NO_QUESTION = ("rating", "votes", "popularity", "alias")
_PEOPLE = ("creator", "performer", "person", "keyword")
TOPICS = ("genre", "year", "creator", "performer", "keyword", "price")
"""Roles with sentences of their own; for every other field there is a general one."""
ANSWERED = {
    "genre": 0.9, "year": 0.35, "keyword": 0.25, "performer": 0.25, "creator": 0.05, "person": 0.02, "price": 0.7,
    "duration": 0.3, "category": 0.4, "number": 0.2,
}  # fmt: skip
"""How often people have an answer to a question about a field, by its role: names and themes about as often as those
who ask for films speak of any of their own accord (in 400 dialogues of ReDial: genre .79, keyword .25, performer .24,
year .20, creator .02, writers .01), and kinds and years, of which there are few, somewhat more often. The rest, and
"category" and "number" for fields without a role, are guesses."""
_COUNT_LIKENESS = 0.4
LIKED = "liked"
"""What a question for an item that the person likes is about, instead of a field."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question about a field, with the likeliest answers, each of which can be said as it stands; or for an item
    that the person likes."""

    field: str  # or LIKED
    topic: str  # the segment's topic
    options: tuple[str, ...]  # () for an item
    gain: float  # what the strategy thinks of it; only its order counts


@dataclass(frozen=True)
class Answers:
    """The answers to one question, as pairs: `texts[codes[e]]` is true of candidate `rows[e]`.

    Pairs stand in the order of the answers, and for each in that of the candidates.
    """

    field: Field
    texts: Sequence[str]
    rows: np.ndarray  # (e,) int64, 0 … m - 1
    codes: np.ndarray  # (e,) int64, 0 … a - 1
    count: int  # m, the candidates

    @property
    def chance(self) -> float:
        """How often people have an answer at all."""
        return ANSWERED.get(self.field.role or self.field.kind, 0.0)

    @property
    def closed(self) -> bool:
        """Whether the vocabulary is closed, so that people know what else they may answer."""
        return self.field.role not in _PEOPLE

    @property
    def ordered(self) -> bool:
        """Whether the answers have an order of their own."""
        return self.field.kind == "number"

    @cached_property
    def places(self) -> np.ndarray:
        """The place of each pair's candidate among those of whom the same answer is true, from 0: (e,)."""
        firsts = np.searchsorted(self.codes, np.arange(len(self.texts)))
        return np.arange(len(self.codes)) - firsts[self.codes]

    def each(self, weights: np.ndarray) -> np.ndarray:
        """The weights of pairs (e,) summed by answer: (a,)."""
        return np.bincount(self.codes, weights=weights, minlength=len(self.texts))

    def own(self, kept: np.ndarray | None = None) -> np.ndarray:
        """How many of the pairs, or of these pairs (e,) bool, each candidate is in: (m,)."""
        return np.bincount(self.rows if kept is None else self.rows[kept], minlength=self.count)


class Questionnaire:
    """The questions that a catalog allows. Immutable, but for what it remembers of the columns."""

    def __init__(self, catalog: Catalog, wording: Wording) -> None:
        self._catalog = catalog
        self._wording = wording
        self.fields = tuple(f for f in catalog.fields if self._is_askable(f))
        self._columns: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self._texts: dict[str, list[str]] = {}

    def _is_askable(self, field: Field) -> bool:
        if field.role in _NO_QUESTION or field.kind not in ("category", "number"):
            return False
        if field.kind == "number":
            return field.role is not None or not self._counts(field)
        values = len(self._catalog.postings(field.name))
        return values > 1 and (field.role in _PEOPLE or self._catalog.is_closed(field.name))

    def _counts(self, field: Field) -> bool:
        """Whether a number without a role goes with how well known the items are, as a count of reviews does."""
        known = next((f for f in self._catalog.fields if f.role in ("votes", "popularity")), None)
        if known is None:
            return False
        a, b = self._catalog.numbers(field.name), self._catalog.numbers(known.name)
        both = ~np.isnan(a) & ~np.isnan(b)
        if both.sum() < 3:
            return False
        ranks = [np.argsort(np.argsort(x[both])).astype(float) for x in (a, b)]
        return abs(float(np.corrcoef(ranks)[0, 1])) > _COUNT_LIKENESS

    def answers(self, field: Field, places: np.ndarray, chances: np.ndarray) -> Answers | None:
        """What candidates at these positions (m,), with these chances (m,), would answer; None where they would not
        differ, or too little is known of them."""
        found = self._numbers(field, places, chances) if field.kind == "number" else self._values(field, places)
        if found is None or not len(found.codes) or found.codes[0] == found.codes[-1]:
            return None
        known = float(chances[found.own() > 0].sum())
        return found if known >= FILLED * float(chances.sum()) else None

    # ------------------------------------------------------------ categories

    def _values(self, field: Field, places: np.ndarray) -> Answers:
        """Each value is an answer."""
        starts, codes = self._column(field.name)
        lengths = starts[places + 1] - starts[places]
        rows = np.repeat(np.arange(len(places)), lengths)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        held = codes[np.repeat(starts[places], lengths) + within]
        order = np.argsort(held, kind="stable")
        return Answers(field, self._names(field.name), rows[order], held[order], len(places))

    def _column(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """A category field by items: where each item's values start (n + 1,), and the values as numbers."""
        if name not in self._columns:
            postings = self._catalog.postings(name)
            items = np.concatenate([*postings.values()])
            codes = np.repeat(np.arange(len(postings)), [len(where) for where in postings.values()])
            order = np.argsort(items, kind="stable")
            starts = np.searchsorted(items[order], np.arange(len(self._catalog) + 1))
            self._columns[name] = starts, codes[order]
        return self._columns[name]

    def _names(self, name: str) -> list[str]:
        if name not in self._texts:
            spelling = self._catalog.spellings(name)
            self._texts[name] = [spelling[value] for value in self._catalog.postings(name)]
        return self._texts[name]

    # ------------------------------------------------------------ numbers

    def _numbers(self, field: Field, places: np.ndarray, chances: np.ndarray) -> Answers | None:
        """Each band is an answer."""
        column = self._catalog.numbers(field.name)[places]
        if np.isnan(column).all():
            return None
        cut = self._decades if field.role == "year" else self._bands
        bands = list(cut(field, column, chances))
        rows = [np.flatnonzero(inside) for _, inside in bands]
        codes = np.repeat(np.arange(len(bands)), [len(inside) for inside in rows])
        return Answers(field, [text for text, _ in bands], np.concatenate([*rows, []]).astype(int), codes, len(places))

    def _decades(self, field: Field, column: np.ndarray, chances: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
        decades = np.floor(column / 10) * 10
        for decade in np.unique(decades[~np.isnan(decades)]):
            yield self._wording.decade(int(decade)), decades == decade

    def _bands(self, field: Field, column: np.ndarray, chances: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
        """Three or four bands of about equal chances, with round bounds."""
        bounds = _round_bounds(column, chances)
        if not bounds:
            return
        first, last = bounds[0], bounds[-1]
        yield self._wording.band(field, None, first), column < first
        for low, high in pairwise(bounds):
            yield self._wording.band(field, low, high), (column >= low) & (column <= high)
        yield self._wording.band(field, last, None), column > last

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields that are asked about, by name."""
        return {field.name: field for field in self.fields}


def _round_bounds(column: np.ndarray, chances: np.ndarray) -> list[float | int]:
    """Two bounds, or one, between bands of about equal chances, rounded to two leading digits or fewer."""
    known = ~np.isnan(column)
    order = np.argsort(column[known])
    values, cumulated = column[known][order], np.cumsum(chances[known][order])
    cuts = [
        float(values[min(np.searchsorted(cumulated, share * cumulated[-1]), len(values) - 1)])
        for share in (1 / 3, 2 / 3)
    ]
    rounded = sorted({_rounded(cut) for cut in cuts})
    return [bound for bound in rounded if values[0] <= bound < values[-1]]


def _rounded(value: float) -> float | int:
    """To one leading digit, or to a half of it: 37 → 40, 134 → 150, 0.21 → 0.2."""
    if value == 0:
        return 0
    size = 10.0 ** np.floor(np.log10(abs(value)))
    near = round(value / size * 2) / 2 * size
    return int(near) if float(near).is_integer() else round(float(near), 4)


def topic_of(field: Field) -> str:
    """The topic of the sentence that asks about a field."""
    return f"ask.{field.role}" if field.role in TOPICS else "ask.any"
