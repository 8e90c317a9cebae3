"""Dialogue acts: what the policy decides to say, as segments that a writer turns into text.

A segment is one sentence or two with slots. Its `slots` hold the finished surface text of every fact that the
writer may use ("1979", "Ridley Scott", "comedies from the 1990s"); no other name, number or attribute may stand
in the written text. Titles of the shown list are set by code, one numbered line an item, so that text and cards
come from the same list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Act = Literal[
    "greet", "ask", "recommend", "answer", "compare", "explain", "relax", "acknowledge", "decline", "bye"
]  # fmt: skip


@dataclass(frozen=True)
class Segment:
    """What one stretch of text has to say.

    `topic` is dotted, coarse first ("reason.liked", "ask.genre"); `required` are the slots that must appear in
    the text, all others may. `style` is a hint that the writer is free to ignore ("plain", "warm", "concise").
    """

    topic: str
    slots: Mapping[str, str] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    style: str = "plain"


@dataclass(frozen=True)
class Line:
    """One shown item in the reply: the heading is set by code, the reason is written from the segment."""

    item_id: str
    heading: str  # "Alien (1979)"
    reason: Segment


@dataclass(frozen=True)
class DialogueAct:
    """One reply: an opening, the shown items, a closing; each part may be empty."""

    act: Act
    opening: tuple[Segment, ...] = ()
    lines: tuple[Line, ...] = ()
    closing: tuple[Segment, ...] = ()
    choices: tuple[str, ...] = ()
