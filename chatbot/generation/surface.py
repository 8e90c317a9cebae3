"""Filling slots: articles, capitals and full stops are set right here; a value is never altered.

(The one change a value may see is a capital at the start of a sentence, and never in a name or title.)
"""

import re
from collections.abc import Mapping

from chatbot.generation.prompts import SLOT

NAMES = frozenset(
    ("title", "title2", "liked", "liked2", "creator", "performer", "performers", "person", "query", "conflict")
)
"""Slots whose values keep their spelling even at the start of a sentence."""

_ARTICLE = re.compile(r"\b([Aa])n?( )$")
_VOWEL_SOUND = re.compile(r"(?:[aeio]|u(?!ni|se|su|ti|k)|ho(?:ur|nest|no)|heir|8|1[18](?:\D|$))", re.IGNORECASE)
_CONSONANT_SOUND = re.compile(r"(?:one\b|once\b|eu)", re.IGNORECASE)


def takes_an(word: str) -> bool:
    """Whether "an" and not "a" stands before a word, as far as its spelling tells."""
    return bool(_VOWEL_SOUND.match(word)) and not _CONSONANT_SOUND.match(word)


def fill(text: str, slots: Mapping[str, str]) -> str:
    """A delexicalised text with its slots filled in, in one pass: what stands in a value is never read as a slot."""
    parts: list[str] = []
    last = 0
    for match in SLOT.finditer(text):
        before = _join("".join(parts[-1:]), text[last : match.start()])
        value = slots[match.group(1)]
        article = _ARTICLE.search(before)
        if article and value:
            before = before[: article.start()] + article.group(1) + ("n" if takes_an(value) else "") + article.group(2)
        opens = not "".join(parts).strip() if not before.strip() else before.rstrip().endswith((".", "!", "?"))
        parts += [before, _capital(value) if opens and match.group(1) not in NAMES else value]
        last = match.end()
    return "".join(parts) + _join("".join(parts[-1:]), text[last:])


def _capital(value: str) -> str:
    return value[:1].upper() + value[1:]


def _join(value: str, after: str) -> str:
    """What follows a value, without a mark that the value has already set ("Robert Downey Jr." and ".")."""
    if value.endswith(".") and after.startswith("."):
        return after[1:]
    if value.endswith(("?", "!")) and after.startswith((".", value[-1])):
        return after[1:]
    return after


def stands_verbatim(text: str, value: str) -> bool:
    """Whether a value stands in the finished text as it was given, but for a capital at its start."""
    return value in text or _capital(value) in text


def sentences(text: str) -> list[str]:
    """A text split into sentences and lines; the full stop of an initial ("George C. Scott") ends none."""
    return [part for part in re.split(r"(?<=[.!?])(?<!\b[A-Z]\.)\s+|\n+", text.strip()) if part]
