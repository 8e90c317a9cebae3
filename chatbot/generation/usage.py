"""What our own lines show: which slots a topic combines, which words it uses, and what stands beside what.

A small model writes fluently and carelessly. It is kept truthful by letting it use words and slot contexts only
where people have used them: "directed by <creator>" cannot become "directed by <performer>".
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from chatbot.generation.prompts import SLOT, Example, slots_of
from chatbot.generation.surface import sentences

NEUTRAL = frozenset(("noun", "nouns"))
"""Slots that state no fact about an item."""

COMMON = 8
"""A word that so many topics use is at home in every topic."""

MOSTLY = 0.7
"""The share of a topic's lines that say no from which a new one has to say it too."""

NEW_THREES = 0.34
"""The share of three-token stretches that may be new: recombining is welcome, wandering is not."""

_TOKEN = re.compile(r"<\w+>|[^\W\d_]+(?:['-][^\W\d_]+)*|\S")
_SAME = {"performers": "performer", "genres": "genre", "keywords": "keyword", "decade": "year", "year2": "year"}
_FACTS = frozenset(
    ("year", "genre", "creator", "performer", "person", "keyword", "rating", "price", "duration", "liked", "shared")
)


Shape = tuple[frozenset[str], str, str]
"""The slots, style and domain of a line."""


def tokens(text: str) -> list[str]:
    """Slots, words and marks of a delexicalised text, folded."""
    return [token if token.startswith("<") else token.casefold() for token in _TOKEN.findall(text)]


def is_word(token: str) -> bool:
    """Whether a token is a word, not a slot or a mark."""
    return token[0].isalpha()


def kind_of(token: str) -> str | None:
    """The kind of fact that a slot token states ("<genres>" and "<genre>" are one), None for any other token."""
    name = token.strip("<>")
    kind = _SAME.get(name, name)
    return kind if token.startswith("<") and kind in _FACTS else None


def family(topic: str) -> str:
    """Topics that put their slots in the same way: all reasons are one."""
    return "reason" if topic.startswith("reason.") else topic


def _coarse(topic: str) -> str:
    return topic.partition(".")[0]


def _phrases(row: Sequence[str]) -> list[str]:
    """The words of a row, and its pairs of neighbouring words."""
    pairs = [f"{a} {b}" for a, b in pairwise(row) if is_word(a) and is_word(b)]
    return [*filter(is_word, row), *pairs]


def runs(row: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """All stretches of `size` tokens, with marks for the start and the end of the row."""
    padded = ("^", *row, "$")
    return [tuple(padded[i : i + size]) for i in range(len(padded) - size + 1)]


def contexts(row: Sequence[str]) -> Iterable[tuple[str, str, str, str]]:
    """(slot, side, nearest token, next but one) for both sides of every slot in a row of tokens."""
    padded = ["^", "^", *row, "$", "$"]
    for place in range(2, len(padded) - 2):
        if SLOT.fullmatch(padded[place]):
            yield padded[place], "left", padded[place - 1], padded[place - 2]
            yield padded[place], "right", padded[place + 1], padded[place + 2]


@dataclass
class Usage:
    """Gathered from examples by `of`; see there."""

    shapes: dict[str, Counter[Shape]] = field(default_factory=lambda: defaultdict(Counter))
    sayings: Counter[str] = field(default_factory=Counter)
    words: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    common: set[str] = field(default_factory=set)
    needs: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)  # (coarse topic, phrase) → facts
    around: dict[str, set[tuple[str, str, str, str]]] = field(default_factory=lambda: defaultdict(set))
    longest: Counter[str] = field(default_factory=Counter)
    runs: dict[int, set[tuple[str, ...]]] = field(default_factory=lambda: {2: set(), 3: set()})
    rows: dict[str, set[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, examples: Iterable[Example]) -> "Usage":
        """Everything below, gathered from our lines."""
        usage, topics = cls(), defaultdict(set)
        for example in examples:
            row = tokens(example.text)
            facts = frozenset(_SAME.get(slot, slot) for slot in slots_of(example.text)) & _FACTS
            usage.shapes[example.topic][frozenset(example.slots), example.style, example.domain] += 1
            usage.sayings.update(part for part in sentences(example.text) if NEUTRAL.issuperset(slots_of(part)))
            usage.around[family(example.topic)].update(contexts(row))
            for size, known in usage.runs.items():
                known.update(runs(row, size))
            usage.rows[example.topic].add(tuple(row))
            usage.longest[example.topic] = max(usage.longest[example.topic], len(row))
            for word in filter(is_word, row):
                usage.words[example.topic].add(word)
                topics[word].add(example.topic)
            for phrase in _phrases(row):
                key = (_coarse(example.topic), phrase)
                usage.needs[key] = usage.needs.get(key, facts) & facts
        usage.common = {word for word, where in topics.items() if len(where) >= COMMON}
        return usage

    def worn(self, text: str) -> float:
        """How often the sentences of a text that are the same for everybody stand in our lines: a sum of logarithms,
        0.0 for a text of which no sentence stands there twice."""
        return sum(math.log(max(1, self.sayings[part])) for part in sentences(text))

    def strange_word(self, row: Sequence[str], topic: str, turning: frozenset[str]) -> str | None:
        """A word that this topic's lines do not use and that is not common, or None."""
        at_home = self.words.get(topic, set())
        odd = (w for w in row if is_word(w) and w not in at_home and (w not in self.common or turns(w, turning)))
        return next(odd, None)

    def unfounded_phrase(self, row: Sequence[str], topic: str) -> str | None:
        """A word or pair of words that only ever comes with a fact (as "directed" with a creator) that this row
        lacks, or None."""
        facts = {_SAME.get(slot, slot) for slot in (token.strip("<>") for token in row)} & _FACTS
        coarse = _coarse(topic)
        return next((p for p in _phrases(row) if self.needs.get((coarse, p), frozenset()) - facts), None)

    def lost_turn(self, row: Sequence[str], topic: str, turning: frozenset[str]) -> bool:
        """Whether a new text of a topic that says no ("I have nothing with …") has no word that says it."""
        known = self.rows.get(topic, set())
        if not known or tuple(row) in known or any(turns(word, turning) for word in row):
            return False
        return sum(any(turns(word, turning) for word in line) for line in known) >= MOSTLY * len(known)

    def strange_run(self, row: Sequence[str]) -> str | None:
        """Two neighbours that no line has side by side, or None; or three, where a third of all threes are new."""
        odd = next((pair for pair in runs(row, 2) if pair not in self.runs[2]), None)
        if odd:
            return " ".join(odd)
        new = [three for three in runs(row, 3) if three not in self.runs[3]]
        return " ".join(new[0]) if len(new) > NEW_THREES * len(row) else None

    def strange_slot(self, row: Sequence[str], topic: str) -> str | None:
        """A slot that stands where no line of the topic's family has it, or None."""
        known = self.around.get(family(topic), set())
        return next((context[0] for context in contexts(row) if context not in known), None)


def turns(word: str, turning: frozenset[str]) -> bool:
    """Whether a word turns a sentence around: one of the listed, or a contraction with "not"."""
    return word in turning or word.endswith("n't")
