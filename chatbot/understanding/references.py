"""Pointing at what is shown without naming it in full: "the first one", "both", "it", "the Nolan one", "the oldest"."""

from collections.abc import Iterator, Sequence
from functools import partial

from chatbot.state import DialogueState
from chatbot.understanding.counting_off import CountingOff
from chatbot.understanding.describing import Describing
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.pointing import PRAISE, Shelf
from chatbot.understanding.ranges import Range
from chatbot.understanding.schema import Schema
from chatbot.understanding.text import Message, covered
from index.catalog import Catalog

_HOSTS = ("like", "dislike", "seen", "similar", "want", "negator", "takes")
MANY = 3
"""From so many items on, "neither" means the list."""


class ReferenceReader:
    """Finds mentions of shown items, or of the one in focus. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema) -> None:
        self._catalog = catalog
        self._lexicon = lexicon
        self._counting = CountingOff(lexicon)
        self._describing = Describing(catalog, lexicon, schema)

    def read(
        self, message: Message, named: Sequence[Mention], ranges: Sequence[Range], state: DialogueState
    ) -> list[Mention]:
        """The references in order. They overlap each other nowhere, but may take the place of a named mention:
        "the Nolan one" is no mention of Nolan."""
        shelf = Shelf(self._catalog, state)
        if not shelf.shown and not shelf.meant:
            return []
        light = self._lexicon.words["stop"] | self._lexicon.words["one"]
        titles = {
            at
            for m in named
            if m.name.kind == "item" and sum(t.key not in light for t in message.tokens[m.start : m.end])
            for at in range(m.start, m.end)
            if m.end - m.start > 1
        }
        found = list(self._all_but(message, shelf, named))
        taken = titles | covered(found)
        readers = (self._counting.read, partial(self._describing.read, ranges=ranges), self._whole, self._single)
        for reader in readers:
            for reference in reader(message, shelf, [*named, *found]):
                span = set(range(reference.start, reference.end))
                if not taken & span:
                    taken |= span
                    found.append(reference)
        return sorted(found, key=lambda m: m.start)

    def beyond(self, message: Message, state: DialogueState) -> bool:
        """Whether a place is named that the list does not have: "the fifth one", of four."""
        return bool(state.last_shown) and self._counting.beyond(message, len(state.last_shown))

    def _all_but(self, message: Message, shelf: Shelf, named: Sequence[Mention]) -> Iterator[Mention]:
        """ "All of them except Alien": the list without the item that is named."""
        for span in self._lexicon.pointers.longest(message):
            item = next((m for m in named if m.start == span.end and m.name.kind == "item"), None)
            if span.tag == "all_but" and item:
                left_out = {self._catalog.items[name.item].id for name in item.names}
                rest = [i for i in shelf.shown if i not in left_out]
                if rest and len(rest) < len(shelf.shown):
                    yield shelf.all(span.start, item.end, rest)

    def _whole(self, message: Message, shelf: Shelf, before: Sequence[Mention]) -> Iterator[Mention]:
        """The whole list: "both", "all of these", "none of them", "neither"."""
        pointers, opinions = self._lexicon.pointers, self._lexicon.opinions
        taken = covered(m for m in before if m.pointed)
        for span in pointers.longest(message):
            if span.tag not in ("both", "neither", "either") or not shelf.shown or span.start in taken:
                continue
            if any(m.end <= span.start and m.name.kind == "item" for m in before) and span.tag == "both":
                continue  # "Alien and Heat, loved both": said of those
            host = opinions.ending_at(message, span.start, _HOSTS)
            praised = opinions.starting_at(message, span.end, PRAISE)
            if span.tag == "neither" or ((host or praised) and (praised or self._closes(message, span.end))):
                yield shelf.all(span.start, span.end, shelf.shown, refused=span.tag == "neither")

    def _single(self, message: Message, shelf: Shelf, before: Sequence[Mention]) -> Iterator[Mention]:
        """ "It", "that one": the item spoken of, or any of the list."""
        opinions = self._lexicon.opinions
        for span in self._lexicon.pointers.longest(message):
            if span.tag != "it" or not shelf.meant:
                continue
            if any(s.start < span.start and span.end < s.end for s in opinions.longest(message)):
                continue  # "been there, done that with …"
            if any(m.name.kind == "item" and (m.start < span.start or not m.pointed) for m in before):
                continue  # the pronoun stands for what this message names
            if not shelf.focus and any(m.end <= span.start for m in before):
                continue  # "no mystery, that isn't for me"
            after = opinions.starting_at(message, span.end, PRAISE)
            if after and any(m.start == after.end for m in before):
                continue  # "that's too much crime for me"
            before_it = opinions.ending_at(message, span.start, _HOSTS)
            if after or (before_it and self._closes(message, span.end)):
                yield Mention(span.start, span.end, shelf.meant, pointed=True)

    def _closes(self, message: Message, at: int) -> bool:
        """Whether what stands before token `at` is no part of a longer noun: "that", not "that film"."""
        if at >= len(message.tokens) or message.tokens[at].gap.strip():
            return True
        return message.tokens[at].key in self._lexicon.words["after_pronoun"]
