"""How a simulated user reads a reply: which of the choices are true of the target, what is wrong with a list."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chatbot.simulation.personas import People
from chatbot.turn import Turn
from index.catalog import Catalog, Field, Item, fold

_PARTS = re.compile(r"[:,;?]| or | and ")
_DECADE = re.compile(r"the \d{3}0s")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NEARER = 0.1
"""By so much more than the rest must an item resemble the target for somebody to ask for more like it (cosine)."""


@dataclass(frozen=True)
class Asked:
    """A question as it was understood: the field it is about, None where that is unclear, and the true choices."""

    field: Field | None
    true: tuple[str, ...]


class Reader:
    """Reads replies for somebody who knows the record of one target. `vectors` (n, d) say what resembles what."""

    def __init__(self, catalog: Catalog, vectors: np.ndarray, people: People) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._people = people

    # ------------------------------------------------------------ questions

    def asks_for_example(self, turn: Turn) -> bool:
        """Whether what stands under a list asks for something that was liked, other than what is shown."""
        last = self._beneath(turn)
        words, asked = set(fold(last).split()), self._people.words("asked")
        return bool(words & set(asked["liked"])) and not words & set(asked["shown"])

    def which(self, turn: Turn, title: str) -> str:
        """The choice that bears a title, of those that a question for one of several offers; "" if none does."""
        return next((c for c in turn.choices if title and fold(title) in fold(c)), "")

    def _beneath(self, turn: Turn) -> str:
        """What stands under the list, "" where nothing does."""
        last = turn.text.rsplit("\n\n", 1)[-1] if turn.items else ""
        return "" if last[:1].isdigit() else last

    def options(self, turn: Turn) -> tuple[str, ...]:
        """The answers that a reply offers: its choices, or under a list what the last sentence lists."""
        if turn.choices or not turn.items:
            return turn.choices
        last = self._beneath(turn)
        if "?" not in last:
            return ()
        return tuple(found for part in _PARTS.split(last) if (found := self._value_in(part.strip())))

    def _value_in(self, part: str) -> str:
        """The longest stretch of words that is a value or a decade, as "something by Jane Austen" holds one."""
        decade = _DECADE.search(part)
        if decade:
            return decade.group()
        words = part.strip(" ?.!").split()
        for length in range(len(words), 0, -1):
            for start in range(len(words) - length + 1):
                stretch = " ".join(words[start : start + length])
                if any(fold(stretch) in self._catalog.postings(f.name) for f in self._categories):
                    return stretch
        return ""

    def asked(self, turn: Turn, target: Item) -> Asked:
        """What a question asks, and which of the answers that it offers are true of the target."""
        options = self.options(turn)
        values = {f.name: sum(fold(c) in self._catalog.postings(f.name) for c in options) for f in self._categories}
        best = max(values, key=lambda name: values[name], default=None)
        if best is not None and len(options) > 1 and 2 * values[best] > len(options):
            own = {fold(str(v)) for v in target.values(best)}
            return Asked(self._catalog.field(best), tuple(c for c in options if fold(c) in own))
        field = self._number_meant(turn.text, options) if len(options) > 1 else None
        known = target.values(field.name) if field else ()
        number = float(known[0]) if known else float("nan")
        return Asked(field, tuple(c for c in options if self._within(c, number)))

    def is_closed(self, field: Field) -> bool:
        """Whether the field has few values, which people know."""
        return field.kind == "number" or (field.role in ("genre", None) and self._catalog.is_closed(field.name))

    @property
    def _categories(self) -> list[Field]:
        return list(self._catalog.of_kind("category"))

    def _number_meant(self, question: str, options: Sequence[str]) -> Field | None:
        """The number field that a question is about, by the words of it and by what its choices look like."""
        if not all(_NUMBER.search(c) for c in options):
            return None
        if all(_DECADE.search(c) for c in options):
            return self._catalog.field_of("year")
        text = f" {fold(question)} "
        words = self._people.words("asked")
        fields = list(self._catalog.of_kind("number"))
        for field in fields:
            names = (field.name.replace("_", " ").casefold(), *words.get(field.role or "", ()))
            if any(f" {name}" in text for name in names):
                return field
        return None

    def _within(self, choice: str, number: float) -> bool:
        """Whether a number lies in what a choice says: "the 1990s", "under 20", "between 20 and 40", "over 40"."""
        bounds = [float(n.replace(",", "")) for n in _NUMBER.findall(choice)]
        words = set(fold(choice).split())
        sides = self._people.words("sides")
        if not bounds:
            return False
        if re.search(r"\d0s\b", choice):
            return bounds[0] <= number < bounds[0] + 10
        if len(bounds) > 1:
            return bounds[0] <= number <= bounds[1]
        if words & set(sides["below"]):
            return number <= bounds[0]
        return number >= bounds[0] if words & set(sides["above"]) else number == bounds[0]

    def giving_up(self, turn: Turn, target: Item, dearest: Sequence[str]) -> str:
        """The choice, of those offered where nothing fits, that gives up what is not so; the last one where all is."""
        own = {fold(str(v)) for f in self._categories for v in target.values(f.name)} | {fold(v) for v in dearest}
        harmless = [c for c in turn.choices if not any(value and value in fold(c) for value in own)]
        return (harmless or list(turn.choices))[-1]

    # ------------------------------------------------------------ lists

    def too_low_or_high(self, turn: Turn, target: Item) -> list[tuple[str, str]]:
        """(Role, "low" or "high") of the numbers that all shown items have on one side of the target's."""
        found = []
        for role in self._people.words("critiques"):
            field = self._catalog.field_of(role)  # type: ignore[arg-type]
            own = target.facts.get(field.name) if field else None
            shown = [v for i in turn.items if field and isinstance(v := i.facts.get(field.name), int | float)]
            if isinstance(own, int | float) and len(shown) > 1:
                sides = {"low" for _ in shown if max(shown) < own} | {"high" for _ in shown if min(shown) > own}
                found += [(role, side) for side in sides]
        return found

    def too_much(self, turn: Turn, target: Item) -> list[str]:
        """Values of kinds that most shown items have and the target has not."""
        found = []
        for field in self._categories:
            own = {fold(str(v)) for v in target.values(field.name)}
            if field.role != "genre" or not own:
                continue
            shown = [str(v) for item in turn.items for v in self._values(item.facts.get(field.name))]
            found += [v for v in dict.fromkeys(shown) if fold(v) not in own and 2 * shown.count(v) > len(turn.items)]
        return found

    def _values(self, fact: object) -> list[str]:
        return [str(v) for v in fact] if isinstance(fact, list | tuple) else [] if fact is None else [str(fact)]

    def nearest(self, turn: Turn, position: int) -> int | None:
        """The place in the list, from 0, of the one item that is a good deal more like the target than the rest."""
        places = [self._catalog.positions[item.id] for item in turn.items]
        if len(places) < 2:
            return None
        likeness = self._vectors[places] @ self._vectors[position]
        order = np.argsort(-likeness)
        return int(order[0]) if likeness[order[0]] > likeness[order[1]] + NEARER else None
