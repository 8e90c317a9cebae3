"""Tagged phrases that find themselves in messages."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from chatbot.understanding.text import Message, keys_of

MAX_PHRASE = 8
"""Tokens of the longest phrase that is looked for backwards."""
_CHOICE = re.compile(r"\{([^{}]*,[^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Span:
    """A phrase found in a message: tokens `start` up to, not including, `end`."""

    start: int
    end: int
    tag: str


def expanded(text: str) -> Iterator[str]:
    """A phrase with choices in braces, written out: "{hate,loathe} {it,them}" is four; an empty choice may be left out.

    >>> list(expanded("so {,very }tired"))
    ['so tired', 'so very tired']
    """
    if "{" not in text:
        yield text
        return
    parts = _CHOICE.split(text)
    for chosen in itertools.product(*(part.split(",") if i % 2 else (part,) for i, part in enumerate(parts))):
        yield "".join(chosen)


class Phrases:
    """A set of tagged phrases that finds itself in messages."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._by_keys: dict[tuple[str, ...], list[str]] = {}
        for tag, texts in phrases.items():
            for text in itertools.chain.from_iterable(map(expanded, texts)):
                tags = self._by_keys.setdefault(keys_of(text), [])
                if tag not in tags:
                    tags.append(tag)
        self._lengths: dict[str, int] = {}
        for keys in self._by_keys:
            self._lengths[keys[0]] = max(len(keys), self._lengths.get(keys[0], 0))

    def __contains__(self, keys: tuple[str, ...]) -> bool:
        return keys in self._by_keys

    def tags(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """The tags of exactly this phrase."""
        return tuple(self._by_keys.get(keys, ()))

    def at(self, message: Message, start: int) -> list[Span]:
        """The phrases that begin at a token, the longest first."""
        tokens = message.tokens
        longest = min(self._lengths.get(tokens[start].key, 0), len(tokens) - start)
        keys = tuple(token.key for token in tokens[start : start + longest])
        return [
            Span(start, start + length, tag)
            for length in range(longest, 0, -1)
            for tag in self._by_keys.get(keys[:length], ())
        ]

    def all(self, message: Message) -> Iterator[Span]:
        """Every phrase at every place, the longest first at each."""
        for start in range(len(message.tokens)):
            yield from self.at(message, start)

    def longest(self, message: Message, without: Set[int] = frozenset()) -> list[Span]:
        """The phrases that cover the message from left to right, the longest at each place, without overlap.

        A phrase of several tags gives several spans at one place. Tokens in `without` belong to no phrase.
        """
        chosen: list[Span] = []
        for span in self.all(message):
            if without and not without.isdisjoint(range(span.start, span.end)):
                continue
            if (
                not chosen
                or span.start >= chosen[-1].end
                or (span.start, span.end) == (chosen[-1].start, chosen[-1].end)
            ):
                chosen.append(span)
        return chosen

    def tags_in(self, message: Message) -> set[str]:
        """The tags of the phrases that cover the message."""
        return {span.tag for span in self.longest(message)}

    def ending_at(self, message: Message, end: int, tags: Iterable[str] = ()) -> Span | None:
        """The longest phrase (of those tags, if given) whose last token stands right before token `end`."""
        wanted = set(tags)
        for start in range(max(0, end - MAX_PHRASE), min(end, len(message.tokens))):
            for span in self.at(message, start):
                if span.end == end and (not wanted or span.tag in wanted):
                    return span
        return None

    def starting_at(self, message: Message, start: int, tags: Iterable[str] = ()) -> Span | None:
        """The longest phrase (of those tags, if given) that begins at token `start`."""
        wanted = set(tags)
        if start >= len(message.tokens):
            return None
        return next((span for span in self.at(message, start) if not wanted or span.tag in wanted), None)
