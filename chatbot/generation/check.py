"""The check that every draw must pass before a word of it is shown."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chatbot.generation.guard import CatalogGuard
from chatbot.generation.lines import Words
from chatbot.generation.prompts import SLOT, slots_of
from chatbot.generation.surface import stands_verbatim, takes_an
from chatbot.generation.usage import Usage, is_word, tokens
from index.catalog import fold

LONGEST = 45
"""Tokens of a segment whose topic has no lines of its own."""

_MARKS = re.compile(r"^\W|\s[,.?!:;]|[,:;][,.:;]|\.\.|[,;:]$|\s\s|\s$|^\s|[^\w\s,.?!:;'\"()<>-]|[<>](?!\w+>)(?<!\w>)")
_ENDS = re.compile(r"[.?!][\"')]?$")
_INNER_CAPITAL = re.compile(r"(?<![.?!] )(?<![.?!][\"')] )(?<!^)\b[A-Z][\w']*")
_LOWER_START = re.compile(r"(?:^|[.?!] )[\"'(]?[a-z]")
_ARTICLE = re.compile(r"\b(an?) ([^\W\d_]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Check:
    """Whether a delexicalised text says only what it may."""

    words: Words
    guard: CatalogGuard
    usage: Usage

    def fault(self, text: str, topic: str, slots: Collection[str]) -> str | None:
        """What is wrong with a text that should use each of `slots` once, in a few words, or None."""
        row = tokens(text)
        return (
            _slots_fault(text, slots)
            or form_fault(text, self.words)
            or self.words_fault(row)
            or self._usage_fault(row, topic)
        )

    def words_fault(self, row: Sequence[str]) -> str | None:
        """What is wrong with the words of a text: numbers, the catalog's values, repetition, a loose end."""
        number = next((word for word in row if word in self.words.numbers), None)
        if number:
            return f"number {number}"
        folded = [fold(word) if is_word(word) else word for word in row]
        named = self.guard.named_in(folded)
        if named:
            return f"names {named}"
        grams = Counter(tuple(row[i : i + 4]) for i in range(len(row) - 3))
        if any(count > 1 for count in grams.values()) or any(a == b for a, b in pairwise(row)):
            return "repeats itself"
        last = [word for word in row if is_word(word) or word.startswith("<")][-1:]
        return f"ends with {last[0]}" if last and last[0] in self.words.dangling else None

    def _usage_fault(self, row: Sequence[str], topic: str) -> str | None:
        limit = self.usage.longest.get(topic, LONGEST - 2) + 2
        if len(row) > limit:
            return "too long"
        strange = self.usage.strange_word(row, topic, self.words.turning)
        if strange:
            return f"strange word {strange}"
        unfounded = self.usage.unfounded_phrase(row, topic)
        if unfounded:
            return f"unfounded {unfounded}"
        slot = self.usage.strange_slot(row, topic)
        if slot:
            return f"strange place of {slot}"
        if self.usage.lost_turn(row, topic, self.words.turning):
            return "lost its no"
        run = self.usage.strange_run(row)
        return f"strange run {run}" if run else None


def _slots_fault(text: str, slots: Collection[str]) -> str | None:
    used = slots_of(text)
    if len(set(used)) < len(used):
        return "slot twice"
    missing = set(slots) - set(used)
    if missing:
        return f"lacks {', '.join(sorted(missing))}"
    extra = set(used) - set(slots)
    return f"adds {', '.join(sorted(extra))}" if extra else None


def form_fault(text: str, words: Words) -> str | None:
    """What is wrong with the letters and marks of a delexicalised text."""
    bare = SLOT.sub("it", text)
    if not _ENDS.search(bare):
        return "no end"
    if any(c.isdigit() for c in bare) or not text.isascii():
        return "digit or foreign letter"
    if _MARKS.search(bare) or bare.count('"') % 2 or bare.count("(") != bare.count(")"):
        return "odd mark"
    capitals = [c for c in _INNER_CAPITAL.findall(SLOT.sub("it", text)) if c not in words.capitals]
    if capitals:
        return f"capital {capitals[0]}"
    if _LOWER_START.search(SLOT.sub("It", text)):
        return "small start"
    wrong = [m.group() for m in _ARTICLE.finditer(text) if takes_an(m.group(2)) != (m.group(1).casefold() == "an")]
    return f"article {wrong[0]}" if wrong else None


def missing_value(text: str, used: Collection[str], slots: Mapping[str, str]) -> str | None:
    """The first slot of `used` whose value does not stand in the finished text as it was given, or None."""
    return next((slot for slot in used if not stands_verbatim(text, slots[slot])), None)
