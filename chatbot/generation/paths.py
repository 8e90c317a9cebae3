"""Where a sentence may go next: the token paths of our own lines, and how a draw may change between them.

A draw follows lines of its topic token by token. Where another line of the same topic has the same last
tokens it may change over to that one, a limited number of times and never just to end. The model chooses the way;
that there is a way keeps its English whole and its facts where people have put them. Ways that cannot lead to all
the slots are closed early.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from typing import Any

from chatbot.generation.prompts import END, SLOTS, Example, to_model

SHARED = 4
"""Tokens that two lines must have in common where a draw changes between them: words, and a slot at most. After a
slot and a comma sentences go on in many ways that do not belong together."""
CHANGES = 2
"""Changes that one draw may make."""
HANDFUL = 6
"""Lines of which a draw follows one at first."""

Place = tuple[int, int]
"""A line's number and how many of its tokens are written."""


@dataclass(frozen=True, slots=True)
class Path:
    """Where a draw is: the places in lines that it may go on from, and what it has yet to say."""

    topic: str
    places: frozenset[Place]
    slots: frozenset[int]  # slot tokens to be written
    pending: frozenset[int]  # those that are not written yet
    changes: int = 0
    tail: tuple[int, ...] = ()  # the last tokens, SHARED at most


class Paths:
    """The lines as token rows, by topic, and by the stretches of tokens that stand in them."""

    def __init__(self, tokenizer: Any, examples: Iterable[Example]) -> None:
        """`tokenizer` is a `tokenizers.Tokenizer`."""
        examples = list(examples)
        self._slots = frozenset(tokenizer.token_to_id(f"<{slot}>") for slot in SLOTS)
        self._end = tokenizer.token_to_id(END)
        self._ends = frozenset(tokenizer.token_to_id(mark) for mark in (END, ".", "?", "!"))
        words = {n for n in tokenizer.get_vocab().values() if tokenizer.decode([n]).strip().isalpha()}
        encoded = tokenizer.encode_batch([to_model(example.text) + END for example in examples])
        self._rows = [tuple(line.ids) for line in encoded]
        self._ahead = [self._slots_ahead(row) for row in self._rows]
        self._starts: dict[str, set[Place]] = defaultdict(set)
        self._stretches: dict[tuple[str, tuple[int, ...]], set[Place]] = defaultdict(set)
        for number, (example, row) in enumerate(zip(examples, self._rows, strict=True)):
            self._starts[example.topic].add((number, 0))
            for place in range(SHARED, len(row)):
                stretch = row[place - SHARED : place]
                if sum(token in words for token in stretch) > 1 and self._slots.union(words).issuperset(stretch):
                    self._stretches[example.topic, stretch].add((number, place))

    def _slots_ahead(self, row: tuple[int, ...]) -> list[frozenset[int]]:
        """The slots that a row has from each place on."""
        return [self._slots.intersection(row[place:]) for place in range(len(row) + 1)]

    def start(self, topic: str, slots: Set[int], rng: random.Random) -> Path | None:
        """The beginning of a draw that is to write each of `slots`; None for a topic without lines.

        It begins with one of a HANDFUL of lines, drawn at random, so that a model's favourites do not always win.
        """
        if topic not in self._starts:
            return None
        start = Path(topic, frozenset(self._starts[topic]), frozenset(slots), frozenset(slots))
        fitting = sorted(self._open(start))
        return replace(start, places=frozenset(rng.sample(fitting, min(HANDFUL, len(fitting)))))

    def next(self, path: Path) -> set[int]:
        """The tokens that may follow."""
        return {self._rows[line][place] for line, place in self._open(path) | self._others(path)}

    def go(self, path: Path, token: int) -> Path:
        """The path after one of its next tokens."""
        places = {(line, at + 1) for line, at in self._open(path) if self._rows[line][at] == token}
        changes = path.changes
        if not places:
            changes += 1
            places = {(line, at + 1) for line, at in self._others(path) if self._rows[line][at] == token}
        tail = (*path.tail, token)[-SHARED:]
        return Path(path.topic, frozenset(places), path.slots, path.pending - {token}, changes, tail)

    def _open(self, path: Path) -> set[Place]:
        """Places to go on from in the present lines."""
        inside = (place for place in path.places if place[1] < len(self._rows[place[0]]))
        return {place for place in inside if self._leads(place, path, path.changes)}

    def _others(self, path: Path) -> set[Place]:
        """Places to go on from after a change: those with the same last tokens, unless little but the end follows, in
        lines without other slots (the words around those would speak of facts that are not at hand)."""
        if path.changes >= CHANGES:
            return set()
        found = self._stretches.get((path.topic, path.tail), set()) - path.places
        return {
            (line, place)
            for line, place in found
            if self._ahead[line][0] <= path.slots
            and not self._ends.intersection(self._rows[line][place : place + 2])
            and self._leads((line, place), path, path.changes + 1)
        }

    def _leads(self, place: Place, path: Path, changes: int) -> bool:
        """Whether a line, from a place on, has no slot too many, and none too few where no change is left."""
        line, at = place
        if self._rows[line][at] == self._end and path.pending:
            return False
        ahead = self._ahead[line][at]
        return ahead <= path.pending if changes < CHANGES else ahead == path.pending
