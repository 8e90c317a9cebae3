"""Where a sentence may go next: the token paths of our own lines, and how often a draw may change between them.

A draw follows our lines token by token. Where two lines of the same family of topics share two tokens it may change
from one to the other, but not close behind a slot, so that what is said about a fact stays what people say about
such facts. The model chooses the way; that there is a way keeps its English whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from chatbot.generation.prompts import END, SLOTS, Example, to_model
from chatbot.generation.usage import family

MEMORY = 3
"""Tokens back that a line is followed by."""
SHARED = 2
"""Tokens that two lines must have in common where a draw changes between them."""
CHANGES = 1
"""Changes that one draw may make."""


class Paths:
    """For each family of topics, the tokens that our lines have after each stretch of two and of three tokens."""

    def __init__(self, tokenizer: Any, examples: Iterable[Example]) -> None:
        """`tokenizer` is a `tokenizers.Tokenizer`."""
        examples = list(examples)
        self._slots = {tokenizer.token_to_id(f"<{slot}>") for slot in SLOTS}
        encoded = tokenizer.encode_batch([to_model(example.text) + END for example in examples])
        self._after: dict[tuple[str, tuple[int, ...]], set[int]] = defaultdict(set)
        for example, line in zip(examples, encoded, strict=True):
            row = [*[-1] * MEMORY, *line.ids]
            for place in range(MEMORY, len(row)):
                for size in (SHARED, MEMORY):
                    self._after[family(example.topic), tuple(row[place - size : place])].add(row[place])
        self._families = {group for group, _ in self._after}

    def next(self, topic: str, written: Sequence[int], changes: int) -> set[int] | None:
        """The tokens that may follow, given how many changes were made; None where anything may (unknown topic)."""
        if family(topic) not in self._families:
            return None
        free = changes < CHANGES and not self._slots.intersection(written[-MEMORY:])
        return self._known(topic, written, SHARED if free else MEMORY)

    def is_change(self, topic: str, written: Sequence[int], token: int) -> bool:
        """Whether writing `token` next changes from one line to another."""
        return token not in self._known(topic, written, MEMORY)

    def _known(self, topic: str, written: Sequence[int], size: int) -> set[int]:
        context = tuple([*[-1] * MEMORY, *written][-size:])
        return self._after.get((family(topic), context), set())
