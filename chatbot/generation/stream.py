"""Finished text as the pieces in which it is shown."""

import re
from collections.abc import Iterator

_PIECE = re.compile(r"\s*\S+\s*|\s+")


def pieces(text: str) -> Iterator[str]:
    """Word by word, each with the white space after it; joined they are the text."""
    return (match.group() for match in _PIECE.finditer(text))
