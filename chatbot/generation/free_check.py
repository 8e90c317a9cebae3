"""The check of texts by models that never saw our slots: the same rule, that nothing is said but what was handed over.

Such a model words things in its own way, so its sentences cannot be held to the paths and neighbours of our lines.
They are held to the values of the slots, to the words that our lines use for the same act or use everywhere, and to
which fact a word goes with: "directed by" is followed by who made it, and by nobody else.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from chatbot.acts import Segment
from chatbot.generation.check import Check, form_fault
from chatbot.generation.guard import forms_of
from chatbot.generation.prompts import slots_of
from chatbot.generation.templates import usable_slots
from chatbot.generation.usage import MOSTLY, is_word, kind_of, tokens, turns

EVERYWHERE = 3
"""A word that so many acts use is at home in every act."""
SURE = 3
"""So often a word must go with one kind of fact, and never with another, before it is held to it."""
REACH = 3
"""Tokens within which a word goes with the slot that follows."""
LONGEST = 40
"""Tokens of one sentence."""
SAYING_NO = 0.2
"""The share of a topic's lines that say no from which a free text may."""
COMPARING = 0.05
"""The share of a topic's lines that have a word of comparison from which a free text may have it beside a fact."""
SELDOM = 0.005
"""The same for a sentence without facts."""


@dataclass(frozen=True)
class FreeCheck:
    """Whether a sentence of free wording, as a mould with slots, says only what it may."""

    check: Check
    addressing: frozenset[str] = frozenset()
    """Words that speak of the reader."""
    claiming: frozenset[str] = frozenset()
    """Words for wishes and tastes, which are claims where they follow one of those."""
    comparing: frozenset[str] = frozenset()
    """Words that set one thing above or below others."""

    def fault(self, mould: str, segment: Segment, first: bool = True) -> str | None:
        """What is wrong with one sentence, in a few words, or None. The first one of a text comes to the point."""
        row = tokens(mould)
        extra = set(slots_of(mould)) - usable_slots(segment)
        if extra:
            return f"claims {', '.join(sorted(extra))}"
        if first and segment.required and not slots_of(mould):
            return "states nothing"
        if len(row) > LONGEST:
            return "too long"
        own = frozenset(form for value in segment.slots.values() for form in forms_of(value.casefold()))
        guard = self.check.guard
        check = replace(self.check, guard=replace(guard, exempt=guard.exempt | own))
        return form_fault(mould, self.check.words) or check.words_fault(row) or self._strange(row, segment.topic)

    def lost_turn(self, mould: str, topic: str) -> bool:
        """Whether a finished text says yes where all our lines say no."""
        turning = self.check.words.turning
        return self._share_of_no(topic) >= MOSTLY and not any(turns(word, turning) for word in tokens(mould))

    # ------------------------------------------------------------ words

    def _strange(self, row: Sequence[str], topic: str) -> str | None:
        turning, act = self.check.words.turning, _act(topic)
        facts = any(kind_of(token) for token in row)
        for word in filter(is_word, row):
            if turns(word, turning) and (facts or word not in self._words_of(topic)):
                if self._share_of_no(topic) < SAYING_NO:
                    return f"turned by {word}"
            elif word in self.comparing:
                if self._share_with(topic, word) < (COMPARING if facts else SELDOM):
                    return f"compares by {word}"
            elif act not in self._acts_of.get(word, ()) and len(self._acts_of.get(word, ())) < EVERYWHERE:
                return f"strange word {word}"
        return self._strange_claim(row, topic) or self._misplaced(row) or self._swapped(row, topic)

    def _strange_claim(self, row: Sequence[str], topic: str) -> str | None:
        """What is said of the reader's wish or taste that the topic's lines do not say, or None."""
        if topic not in self._said:
            lines = self.check.usage.rows.get(topic, set())
            self._said[topic] = Counter(claim for line in lines for claim in set(self._claims(line)))
        enough = min(SURE, COMPARING * len(self.check.usage.rows.get(topic, ())))
        odd = (claim for claim in self._claims(row) if self._said[topic][claim] < max(1, enough))
        return next((f"strange claim {' '.join(claim)}" for claim in odd), None)

    def _claims(self, row: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Words for the reader with the words for a wish or taste right behind them."""
        for place, word in enumerate(row):
            if word in self.addressing:
                yield from ((word, near) for near in row[place + 1 : place + 1 + REACH] if near in self.claiming)

    def _misplaced(self, row: Sequence[str]) -> str | None:
        """A word that goes with one kind of fact, beside a fact of another kind or none at all, or None."""
        for place, word in enumerate(row):
            wanted = self._goes_with.get(word)
            if wanted and wanted != _companion(row, place):
                return f"{word} without {wanted}"
        return None

    def _swapped(self, row: Sequence[str], topic: str) -> str | None:
        """Where two of a kind are told apart ("newer"), a slot in a place that no line gives it, or None."""
        paired = any(slot.endswith("2") for slot in slots_of(" ".join(row)))
        slot = self.check.usage.strange_slot(row, topic) if paired else None
        return f"strange place of {slot}" if slot else None

    # ------------------------------------------------------------ what our lines show

    @cached_property
    def _acts_of(self) -> Mapping[str, set[str]]:
        """The acts (coarse topics) in which our lines use a word."""
        acts: dict[str, set[str]] = defaultdict(set)
        for topic, words in self.check.usage.words.items():
            for word in words:
                acts[word].add(_act(topic))
        return acts

    @cached_property
    def _said(self) -> dict[str, Counter[tuple[str, str]]]:
        """By topic, how many of its lines say what of the reader; filled as it is asked for."""
        return {}

    @cached_property
    def _goes_with(self) -> Mapping[str, str]:
        """The words that stand beside one kind of fact and no other: "directed" beside who made it."""
        beside: dict[str, Counter[str]] = defaultdict(Counter)
        for row in (row for rows in self.check.usage.rows.values() for row in rows):
            for place, word in enumerate(row):
                if is_word(word):
                    beside[word][_companion(row, place)] += 1
        only = {word: next(iter(kinds)) for word, kinds in beside.items() if len(kinds) == 1}
        return {word: kind for word, kind in only.items() if kind and beside[word][kind] >= SURE}

    def _words_of(self, topic: str) -> set[str]:
        return self.check.usage.words.get(topic, set())

    def _share_of_no(self, topic: str) -> float:
        """The share of a topic's lines that say no."""
        if topic not in self._shares:
            rows = self.check.usage.rows.get(topic, set())
            saying = sum(any(turns(word, self.check.words.turning) for word in row) for row in rows)
            self._shares[topic] = saying / len(rows) if rows else 0.0
        return self._shares[topic]

    def _share_with(self, topic: str, word: str) -> float:
        """The share of a topic's lines that have a word."""
        rows = self.check.usage.rows.get(topic, set())
        return sum(word in row for row in rows) / len(rows) if rows else 0.0

    @cached_property
    def _shares(self) -> dict[str, float]:
        return {}


def _companion(row: Sequence[str], place: int) -> str:
    """The kind of fact a word goes with: that of the next slot within reach, else of the last before; "" if none."""
    after = (kind for token in row[place + 1 : place + 1 + REACH] if (kind := kind_of(token)))
    before = (kind for token in reversed(row[:place]) if (kind := kind_of(token)))
    return next(after, None) or next(before, "")


def _act(topic: str) -> str:
    return topic.partition(".")[0]
