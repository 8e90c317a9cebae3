"""The one format that the generator reads and writes, in training and in use.

A line is `<act> topic words, style, domain <slot>… <text> delexicalised text <end>`. Slots are single tokens. In
the model's own form a slot token carries the space before it, so that no lone spaces have to be written.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

SLOTS = (
    "title", "title2", "year", "year2", "decade", "genre", "genres", "creator", "performer", "performers", "person",
    "keyword", "keywords", "rating", "price", "duration", "liked", "liked2", "shared", "wish", "wish2", "wish3",
    "noun", "nouns", "count", "options", "option", "field", "value", "value2", "conflict", "query",
)  # fmt: skip
PAD, END, ACT, TEXT = "<pad>", "<end>", "<act>", "<text>"
SPECIAL = (PAD, END, ACT, TEXT, *(f"<{slot}>" for slot in SLOTS))

SLOT = re.compile(r"<(" + "|".join(sorted(SLOTS, key=len, reverse=True)) + r")>")
_SPACED = re.compile(r" (?=" + SLOT.pattern + ")")
_OPENERS = "([\"'-/ "


@dataclass(frozen=True, slots=True)
class Example:
    """One training line. `slots` are those that `text` uses, in any order."""

    topic: str
    slots: tuple[str, ...]
    text: str
    style: str = ""
    domain: str = ""


@lru_cache(maxsize=1 << 15)  # of the same few thousand lines, again and again
def slots_of(text: str) -> tuple[str, ...]:
    """The slot names in a delexicalised text, in order, repetitions included."""
    return tuple(SLOT.findall(text))


def prompt(topic: str, slots: Iterable[str], style: str = "", domain: str = "") -> str:
    """What the model reads before it writes; the slots come in the order of SLOTS, whatever order is given."""
    given = set(slots)
    words = " ".join(part for part in (topic.replace(".", " ").replace("_", " "), style, domain) if part)
    return f"{ACT} {words}" + "".join(f"<{slot}>" for slot in SLOTS if slot in given) + TEXT


def to_model(text: str) -> str:
    """A delexicalised text in the model's form: the space before a slot is dropped."""
    return _SPACED.sub("", text)


def from_model(text: str) -> str:
    """The inverse: a slot gets its space back unless it opens the text or follows an opening mark."""
    parts: list[str] = []
    last = 0
    for match in SLOT.finditer(text):
        before = text[last : match.start()]
        parts.append(before)
        previous = before[-1:] or ("x" if last else "")
        if previous and previous not in _OPENERS:
            parts.append(" ")
        parts.append(match.group())
        last = match.end()
    return "".join(parts) + text[last:]
