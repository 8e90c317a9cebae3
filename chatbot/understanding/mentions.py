"""Mentions: stretches of a message that stand for names of the catalog."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.understanding.names import Name
from chatbot.understanding.text import Message

DOMINANT = {"item": 1.12, "person": 2.5, "keyword": 1.0, "closed": 1.0}
"""A phrase stands for one name where that name is this many times as well known as the next."""
CLEAR, CLEAR_BY_VOTES = 1.5, 10.0
"""Of items with one title, one is meant for sure where it is so much better known, or has so many times the ratings."""
SERIES = 1.3
"""How much better known an item must be to be meant by a short form that is another item's whole title."""

FIRST_YEAR, LAST_YEAR = 1000, 2100


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens `start` up to, not including, `end`, and the names that they may stand for, the likeliest first."""

    start: int
    end: int
    names: tuple[Name, ...]
    misspelt: bool = False
    several: bool = False  # all the names are meant: "both", "the first two"
    pointed: bool = False  # at an item of the list, without its name or with it
    refused: bool = False  # by itself: "neither"

    @property
    def name(self) -> Name:
        """The likeliest name."""
        return self.names[0]

    @property
    def ambiguous(self) -> bool:
        """Whether no one name dominates the others; a short form of many titles stands for them all."""
        if self.several:
            return False
        return any(self.rivals(name) for name in self.names[1:])

    def rivals(self, other: Name) -> bool:
        """Whether another name may be meant as well as the likeliest one."""
        first = self.name
        if other.partial != first.partial:
            return False
        close = first.weight < DOMINANT[first.kind] * other.weight
        rated = other.votes > 0 and first.votes + 1 <= CLEAR_BY_VOTES * (other.votes + 1)
        return close or (not first.partial and rated and first.weight < CLEAR * other.weight)


def year_after(message: Message, end: int) -> int | None:
    """A year that stands right behind the token `end - 1`: "It (2017)", "the 1990 one" is not one."""
    if end < len(message.tokens) and len(message.tokens[end].key) == 4 and message.tokens[end].key.isdigit():
        year = int(message.tokens[end].key)
        return year if FIRST_YEAR <= year <= LAST_YEAR else None
    return None


def by_weight(names: Sequence[Name]) -> tuple[Name, ...]:
    """The likeliest first: whole names before short forms, unless the short form is far better known."""
    whole = max((n.weight for n in names if not n.partial), default=0.0)
    return tuple(sorted(names, key=lambda n: (n.partial and n.weight < SERIES * whole, -n.weight)))
