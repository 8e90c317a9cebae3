"""Dialogues about items: turns of two speakers, each with the items that it names.

JSON lines are read, in ReDial's published form or as
{"messages": [{"role", "text", "mentions"}], "likes": [id], "dislikes": [id], "seen": [id]}.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from index.errors import CatalogError
from index.tables import Row, read_rows

MARK = re.compile(r"@(\w+)")
"""How a text carries an item's id."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one speaker says before the other speaks again."""

    by_user: bool
    text: str  # items named are marked as @ID, or stand by their titles
    items: tuple[int, ...]  # positions of the items named, in order, each once


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One conversation. `liked`, `disliked` and `seen` hold positions of items by what the user said of them, in
    words or in a form (an item may be in both of the first, where two forms disagree); `number` is higher for later
    ones, -1 where nothing tells."""

    turns: tuple[Said, ...]
    liked: frozenset[int] = frozenset()
    disliked: frozenset[int] = frozenset()
    number: int = -1
    seen: frozenset[int] = frozenset()

    @property
    def enjoyed(self) -> frozenset[int]:
        """What was liked, or seen and not refused: people mostly watch, read and buy what they like."""
        return (self.liked | self.seen) - self.disliked


def read_dialogues(path: str | Path, positions: Mapping[str, int]) -> list[Dialogue]:
    """The dialogues of a file; items that `positions` lacks are passed over.

    Of several lines with one `id` the last counts: a conversation that went on.
    """
    latest: dict[object, Row] = {}
    for number, row in enumerate(read_rows(Path(path))):
        latest[str(row[1]["id"]) if "id" in row[1] else number] = row
    return [_dialogue(row, positions) for row in latest.values()]


def by_time(dialogues: Iterable[Dialogue]) -> list[Dialogue]:
    """Oldest first, as far as numbers tell; those without one keep their order, before the others."""
    return sorted(dialogues, key=lambda dialogue: dialogue.number)


def merge(messages: Iterable[Said]) -> tuple[Said, ...]:
    """Messages with those that one speaker sent in a row made one."""
    merged = []
    for by_user, together in groupby(messages, key=lambda message: message.by_user):
        parts = list(together)
        items = tuple(dict.fromkeys(item for part in parts for item in part.items))
        merged.append(Said(by_user, "\n".join(part.text for part in parts), items))
    return tuple(merged)


def mentions(message: Mapping[str, Any]) -> list[str]:
    """The item ids of a message: its `mentions`, else those that its text carries as @ID."""
    given = message.get("mentions")
    return MARK.findall(str(message.get("text", ""))) if given is None else [str(name) for name in given]


def _age(dialogue: Mapping[str, Any]) -> int:
    """ReDial numbers most of its dialogues in the order of their making."""
    number = str(dialogue.get("conversationId", ""))
    return int(number) if number.isascii() and number.isdigit() else -1


def _dialogue(row: Row, positions: Mapping[str, int]) -> Dialogue:
    place, dialogue = row
    messages = dialogue.get("messages")
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        raise CatalogError(f'{place}: no list of messages; write {{"messages": [{{"role": …, "text": …}}, …]}}')
    said = [
        Said(_by_user(m, dialogue), str(m.get("text", "")), tuple(positions[i] for i in mentions(m) if i in positions))
        for m in messages
    ]
    liked, disliked, seen = (
        _known([*_listed(dialogue.get(key)), *_answered(dialogue, answer)], positions)
        for key, answer in (("likes", 1), ("dislikes", 0), ("seen", None))
    )
    return Dialogue(merge(said), liked, disliked, _age(dialogue), seen)


def _by_user(message: Mapping[str, Any], dialogue: Mapping[str, Any]) -> bool:
    """Whether the one who looks for something speaks."""
    if "senderWorkerId" in message:
        return bool(message["senderWorkerId"] == dialogue.get("initiatorWorkerId"))
    return message.get("role") == "user"


def _answered(dialogue: Mapping[str, Any], liked: int | None) -> list[str]:
    """The items of which either form of a ReDial dialogue gives that answer to "liked": 1 yes, 0 no."""
    forms = (dialogue.get(name) for name in ("initiatorQuestions", "respondentQuestions"))
    # An empty form is published as a list.
    filled = [form for form in forms if isinstance(form, dict)]
    return [] if liked is None else [i for form in filled for i, said in form.items() if said.get("liked") == liked]


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _known(ids: Iterable[Any], positions: Mapping[str, int]) -> frozenset[int]:
    return frozenset(positions[i] for i in map(str, ids) if i in positions)
