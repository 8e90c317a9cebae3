"""Phrases that stand for something, found in texts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.catalog import fold

LONGEST = 6
"""Words of the longest phrase looked for."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Phrases:
    """What each phrase stands for: columns of a table."""

    meaning: Mapping[str, Sequence[int]]
    columns: int

    @classmethod
    def of(cls, phrases: Sequence[str]) -> "Phrases":
        """One column for each phrase; several may be written alike."""
        meaning: dict[str, list[int]] = {}
        for column, phrase in enumerate(phrases):
            if words := _WORD.findall(fold(phrase)):
                meaning.setdefault(" ".join(words), []).append(column)
        return cls(meaning, len(phrases))

    def within(self, text: str) -> Iterator[int]:
        """The columns of the phrases in a text."""
        words = _WORD.findall(fold(text))
        for start in range(len(words)):
            for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
                yield from self.meaning.get(" ".join(words[start:end]), ())
