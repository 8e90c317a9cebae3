"""Series: titles of one beginning, in their order: "The Godfather", "The Godfather Part II", "Terminator 2: …"."""

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.text import keys_of
from index.catalog import Catalog

ROMAN = {"ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
MAX_NUMBER = 20
MIN_SHARED = 3
"""Titles that must begin alike before the word that goes on ("Harry Potter and …") to be a series."""
_SUBTITLE = re.compile(r": | [-–—] ")


@dataclass(frozen=True, slots=True)
class Part:
    """One title of a series; `number` as its title has it, 0 where it has none."""

    position: int
    number: int


class SeriesIndex:
    """Which items belong together. Built once for a catalog; immutable afterwards."""

    def __init__(
        self, catalog: Catalog, titles: Sequence[tuple[str, ...]], lexicon: Lexicon, prior: np.ndarray
    ) -> None:
        """`titles` are the titles of the catalog's items as keys, in order."""
        self._catalog = catalog
        self._lexicon = lexicon
        self._prior = prior
        self._of: dict[int, tuple[Part, ...]] = {}
        self._numbers: dict[int, int] = {}
        for positions in self._groups(titles).values():
            ordered = self._ordered([Part(p, self._numbers.get(p, 0)) for p in positions]) if len(positions) > 1 else ()
            if len(ordered) > 1:
                self._of |= dict.fromkeys(positions, ordered)

    def of(self, position: int) -> tuple[Part, ...]:
        """The series that an item belongs to, in order; empty where it belongs to none."""
        return self._of.get(position, ())

    def nth(self, position: int, place: int) -> int | None:
        """The item that is the `place`th of an item's series, -1 for the last; None where there is none."""
        parts = self.of(position)
        numbered = [part for part in parts if part.number == place and place > 1]
        if numbered:
            return numbered[0].position
        known = 0 < place <= len(parts) or (place == -1 and bool(parts))
        return parts[place - (place > 0)].position if known else None

    def after(self, position: int) -> int | None:
        """The next item of an item's series; None where there is none."""
        positions = [part.position for part in self.of(position)]
        return next((b for a, b in itertools.pairwise(positions) if a == position), None)

    # ------------------------------------------------------------ building

    def _groups(self, titles: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], list[int]]:
        """Positions by the words that their titles begin with."""
        groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
        shared: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for position, item in enumerate(self._catalog.items):
            head, number = self._head(item.title, titles[position])
            if number:
                self._numbers[position] = number
            if head:
                groups[head].append(position)
            for length in range(2, len(head)):  # "Harry Potter and the …"
                if head[length] in self._lexicon.words["series_breaks"]:
                    shared[head[:length]].append(position)
                    break
        for head, positions in shared.items():
            if len(positions) >= MIN_SHARED:
                groups[head] += positions
        return self._with_plurals(groups)

    def _with_plurals(self, groups: dict[tuple[str, ...], list[int]]) -> dict[tuple[str, ...], list[int]]:
        """ "Aliens" goes on where "Alien" began, if that is a series already."""
        for head in [h for h, positions in groups.items() if len(positions) > 1]:
            plural = (*head[:-1], head[-1] + self._lexicon.plural_mark)
            if len(groups.get(plural, ())) == 1:
                groups[head] += groups.pop(plural)
        return groups

    def _head(self, title: str, full: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
        """What a title begins with, without article and number, and its number."""
        main = _SUBTITLE.split(title)[0] if _SUBTITLE.search(title) else title
        keys = list(full if main == title else keys_of(main))
        while len(keys) > 1 and keys[0] in self._lexicon.words["articles"]:
            keys = keys[1:]
        number = 0
        if len(keys) > 1:
            last = keys[-1]
            value = ROMAN.get(last) or self._lexicon.number_word(last) or 0
            if 0 < value <= MAX_NUMBER:
                number, keys = value, keys[:-1]
                keys = keys[:-1] if len(keys) > 1 and keys[-1] in self._lexicon.words["parts"] else keys
        return tuple(keys), number

    def _ordered(self, parts: list[Part]) -> tuple[Part, ...]:
        """One item a title, by year, then number; a title of nothing but the beginning that is less known than all
        others is no part of the series."""
        best: dict[str, Part] = {}
        for part in sorted(parts, key=lambda p: float(self._prior[p.position])):
            best[self._catalog.items[part.position].title] = part
        kept = list(best.values())
        least = min(kept, key=lambda p: float(self._prior[p.position]))
        bare = len(keys_of(self._catalog.items[least.position].title)) == min(
            len(keys_of(self._catalog.items[p.position].title)) for p in kept
        )
        if len(kept) > 2 and bare:
            kept.remove(least)
        year = self._catalog.field_of("year")

        def order(part: Part) -> tuple[float, int]:
            when = self._catalog.items[part.position].facts.get(year.name) if year else None
            return (float(when) if isinstance(when, int) else 0.0, part.number)

        return tuple(sorted(kept, key=order))
