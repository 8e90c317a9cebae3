"""A writer that keeps a record of what it wrote, and how varied that is."""

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chatbot.acts import Segment
from chatbot.generation.surface import sentences
from chatbot.generation.usage import tokens
from chatbot.generation.writer import Writer


@dataclass(frozen=True, slots=True)
class Written:
    """One reply as written: its segments, the text of each, and the processor time until its first words and its
    end, in seconds. Headings and numbers of a list are set by code and not among the texts."""

    segments: tuple[Segment, ...]
    texts: tuple[str, ...]
    first: float
    total: float

    @property
    def words(self) -> int:
        """How many words were written."""
        return sum(len(text.split()) for text in self.texts)

    @property
    def sentences(self) -> list[str]:
        """All sentences of the reply."""
        return [sentence for text in self.texts for sentence in sentences(text)]


class Chronicle:
    """Hands everything on to another writer, and notes it."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.replies: list[Written] = []

    def warm_up(self) -> None:
        """See `Writer.warm_up`."""
        self._writer.warm_up()

    def write(
        self, segments: Sequence[Segment], *, seed: int, avoid: Collection[str] = ()
    ) -> Iterator[tuple[int, str]]:
        """See `Writer.write`."""
        texts = [""] * len(segments)
        started = time.process_time()
        first = None
        for number, piece in self._writer.write(segments, seed=seed, avoid=avoid):
            first = first if first is not None else time.process_time() - started
            texts[number] += piece
            yield number, piece
        total = time.process_time() - started
        self.replies.append(Written(tuple(segments), tuple(texts), first or 0.0, total))


def distinct(parts: Sequence[object]) -> float:
    """The share of different ones among them."""
    return len(set(parts)) / max(1, len(parts))


def pairs(texts: Sequence[str]) -> list[tuple[str, str]]:
    """All neighbouring words of the texts, marks included; their share of different ones is called distinct-2."""
    return [pair for text in texts for pair in pairwise(tokens(text))]


def repeats(replies: Sequence[Written]) -> int:
    """Sentences of one conversation that this conversation had before."""
    said = [sentence for reply in replies for sentence in reply.sentences]
    return len(said) - len(set(said))
