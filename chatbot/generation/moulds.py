"""From free text back to a mould with slots, so that values are known from words."""

import re
from collections.abc import Mapping

from chatbot.generation.prompts import slots_of
from chatbot.generation.surface import NAMES
from chatbot.generation.templates import NEUTRAL

_ASCII = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "…": ".", " ": " ", "*": None, "`": None, "_": " ", "#": None}
)
_THOUGHT = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
_BREAK = re.compile(r"(?<=[.!?])(?=\s)|(?<=[.!?][\"')])(?=\s)|\n")
_FIRST = 0xE000  # letters for private use stand for slots while values are sought


def tidy(text: str) -> str:
    """A model's text without thoughts, mark-up, curly quotes, and quotes around the whole."""
    plain = _THOUGHT.sub("", text).replace(" — ", ", ").replace("—", ", ").translate(_ASCII).strip()
    plain = re.sub(r"^\d+[.)]\s+", "", plain)
    if plain.startswith('"') and plain.count('"') % 2:
        plain = plain[1:]  # the closing quote has yet to come
    return plain[1:-1].strip() if len(plain) > 1 and plain[0] == plain[-1] == '"' and plain.count('"') == 2 else plain


def mould_of(text: str, slots: Mapping[str, str]) -> str:
    """The text with every value of `slots` replaced by its slot, longer values first.

    Names must stand as they are given, other values in any case. A full stop that ends a value and the sentence too
    is kept behind the slot.
    """
    found = sorted(
        (slot for slot in slots if slot not in NEUTRAL and slots[slot].strip()), key=lambda s: -len(slots[s])
    )
    for number, slot in enumerate(found):
        value, mark = slots[slot].translate(_ASCII), chr(_FIRST + number)
        flags = 0 if slot in NAMES else re.IGNORECASE
        if value.endswith("."):
            text = re.sub(rf"(?<!\w){re.escape(value)}(?=\s+[A-Z\"]|\s*$)", mark + ".", text, flags=flags)
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", mark, text, flags=flags)
    for number, slot in enumerate(found):
        text = text.replace(chr(_FIRST + number), f"<{slot}>")
    return text


def finished(mould: str, ended: bool) -> list[str]:
    """The sentences of a mould that have come to their end; all of them where the text has `ended`."""
    parts = [part.strip() for part in _BREAK.split(mould)]
    return [part for part in (parts if ended else parts[:-1]) if part]


def told(mould: str, slots: Mapping[str, str]) -> set[str]:
    """The slots whose values stand in a mould, in their own slot or inside the value of another."""
    values = [slots[slot] for slot in slots_of(mould) if slot in slots]
    return {slot for slot, value in slots.items() if any(value in other for other in values)}
