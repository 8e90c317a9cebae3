"""A turn: what one reply was, as Python and as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from index.catalog import Item, as_json


@dataclass(frozen=True)
class ShownItem:
    """An item as a reply shows it. `score` is in 0..1, comparable within one list."""

    id: str
    title: str
    score: float
    reason: str
    facts: dict[str, Any]

    @classmethod
    def of(cls, item: Item, score: float, reason: str) -> "ShownItem":
        """From the record; every field of the catalog is there, many-valued ones as lists."""
        return cls(item.id, item.title, round(score, 4), reason, {k: as_json(v) for k, v in item.facts.items()})


CHOOSING = ("ask", "relax")
"""The acts that offer choices to programs; to a person a greeting that asks does so too."""


@dataclass(frozen=True)
class Turn:
    """One reply. `state` is the state after it, as JSON has it; `said` what it answers ("" for a click).

    `sources` tells of each belief by its id, and of each seen item by its own, the turn and the words that it comes
    from; the words of a click are "".
    """

    turn: int
    act: str
    language: str
    text: str
    items: tuple[ShownItem, ...]
    state: dict[str, Any]
    choices: tuple[str, ...] = ()
    timing_ms: Mapping[str, float] = field(default_factory=dict)
    said: str = ""
    sources: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The object that `chatbot chat --json` prints."""
        items = [
            {"id": i.id, "title": i.title, "score": i.score, "reason": i.reason, "facts": i.facts} for i in self.items
        ]
        return {
            "turn": self.turn,
            "act": self.act,
            "language": self.language,
            "text": self.text,
            "items": items,
            "state": self.state,
            "choices": list(self.choices) if self.act in CHOOSING else [],
            "timing_ms": {name: round(value, 1) for name, value in self.timing_ms.items()},
        }
