"""The writer: what the rest of the program sees of text generation, and the one place where it is chosen."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from chatbot.acts import Segment
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.lines import read_words
from chatbot.generation.templates import TemplateWriter


class Writer(Protocol):
    """Turns segments into checked text."""

    def warm_up(self) -> None:
        """Loads what is heavy, so that the first reply need not wait for it. May be called more than once."""

    def write(
        self, segments: Sequence[Segment], *, seed: int, avoid: Collection[str] = ()
    ) -> Iterator[tuple[int, str]]:
        """Yields (number of the segment, next piece of its finished text), segment by segment, in order.

        Every segment yields at least one piece; a segment's pieces joined are its text. `avoid` holds sentences
        that this reader has read: another wording is chosen where there is one. Equal arguments give equal text.
        """


def load_writer(name: str | Path | None, guard: CatalogGuard, language: str = "en") -> Writer:
    """The writer of that name: None for the bundled model, "templates", or any causal LM by folder or hub name.

    Raises ModelError where a folder is missing or is not a model; names what to do.
    """
    words = read_words(language)
    return TemplateWriter(words)
