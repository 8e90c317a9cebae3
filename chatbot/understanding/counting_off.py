"""Items counted off: "the first", "the last two", "number three", "seen 1 and 2", "the middle one"."""

from collections.abc import Iterator, Sequence
from functools import partial

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.phrases import Span
from chatbot.understanding.pointing import PRAISE, Shelf
from chatbot.understanding.text import Message

MIDDLE = 0
"""The place that the lexicon gives to words for the middle; negative places count from the end."""


class CountingOff:
    """Finds ordinals and numbers that stand for places of the list. Stateless, so that threads may share it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._words = lexicon.words

    def read(self, message: Message, shelf: Shelf, named: Sequence[Mention]) -> Iterator[Mention]:
        """The references in this form."""
        if not shelf.shown:
            return
        yield from self._numbers(message, shelf)
        for span in map(partial(self._without_time, message), self._lexicon.ordinals.longest(message)):
            after = self._noun(message, span.end)
            if self._points(message, span, after):
                yield from self._counted(message, span, after, shelf)

    def beyond(self, message: Message, shown: int) -> bool:
        """Whether a place is named that the list does not have: "the fifth one", of four."""
        places = [
            self._lexicon.ordinal_values[s.tag]
            for s in self._lexicon.ordinals.longest(message)
            if self._points(message, s, self._noun(message, s.end))
        ]
        return any(abs(place) > shown for place in places)

    # ------------------------------------------------------------ ordinals

    def _without_time(self, message: Message, span: Span) -> Span:
        """ "I took the second last year" speaks of the second, and of last year."""
        timed = span.end < len(message.tokens) and message.tokens[span.end].key in self._words["times"]
        return Span(span.start, span.start + 1, message.tokens[span.start].key) if timed else span

    def _noun(self, message: Message, at: int) -> Span | None:
        """ "One", "two", "film" behind an ordinal."""
        return self._lexicon.pointers.starting_at(message, at, ("one",))

    def _points(self, message: Message, span: Span, after: Span | None) -> bool:
        tokens = message.tokens
        before = tokens[span.start - 1].key if span.start else ""
        definite = before in self._words["definite"]
        if after or len(span.tag.split()) > 1:  # "number two" needs no article
            return after is None or definite or before in self._words["light_before_ordinal"] or not before
        chained = span.start > 1 and before in self._words["coordinators"]
        return (definite or chained) and (self._is_asked(message, span) or self._stands_alone(message, span.end))

    def _is_asked(self, message: Message, span: Span) -> bool:
        """Whether it is the subject behind the verb that opens a question: "how long does the second run"."""
        verb = message.tokens[span.start - 2].key if span.start > 1 else ""
        thing = span.end < len(message.tokens) and message.tokens[span.end].key in self._words["things"]
        return verb in self._words["supports"] and not thing

    def _stands_alone(self, message: Message, at: int) -> bool:
        """Whether no noun follows: "the second was great", "the first and the third", not "the first film I saw"."""
        if at >= len(message.tokens) or message.tokens[at].gap.strip():
            return True
        if message.tokens[at].key in self._words["after_ordinal"] | self._words["own"]:
            return True
        return self._lexicon.opinions.starting_at(message, at, (*PRAISE, "like", "dislike", "seen")) is not None

    def _counted(self, message: Message, span: Span, after: Span | None, shelf: Shelf) -> Iterator[Mention]:
        tokens, shown = message.tokens, shelf.shown
        place = self._lexicon.ordinal_values[span.tag]
        start, end = span.start, after.end if after else span.end
        count = self._lexicon.number_words.get(tokens[after.start].key, 1) if after else 1
        definite = start > 0 and tokens[start - 1].key in self._words["definite"]
        if after and count > 1:
            none = self._none_of(message, start - definite)
            chosen_ids = shown[-count:] if place == -1 else shown[:count]
            yield shelf.all(start if none is None else none, end, chosen_ids, refused=none is not None)
            return
        chosen = self._at(place, shown)
        if chosen is None:
            return
        but = self._lexicon.pointers.ending_at(message, start - definite, ("all_but",))
        if but:
            yield shelf.all(but.start, end, [i for i in shown if i != chosen])
        else:
            yield shelf.one(start, end, chosen)

    def _none_of(self, message: Message, at: int) -> int | None:
        """Where "neither of" or "none of" begins that stands before a token."""
        of = at > 1 and message.tokens[at - 1].key in self._words["of"]
        return at - 2 if of and message.tokens[at - 2].key in self._words["none_of"] else None

    def _at(self, place: int, shown: Sequence[str]) -> str | None:
        if place == MIDDLE:
            return shown[len(shown) // 2] if len(shown) % 2 else None
        if abs(place) > len(shown):
            return None
        return shown[place - (place > 0)]

    # ------------------------------------------------------------ numbers

    def _numbers(self, message: Message, shelf: Shelf) -> Iterator[Mention]:
        """ "#2", "seen 1 and 2", "numbers two and three"."""
        hosts = ("like", "dislike", "seen", "similar", "takes")
        chained = False
        for at, token in enumerate(message.tokens):
            number = self._lexicon.number_word(token.key)
            before = message.tokens[at - 1].key if at else ""
            counted = before in self._words["numbers"]
            hosted = (
                token.gap.endswith("#")
                or counted
                or chained
                or (token.key.isdigit() and self._hosted(message, at, hosts))
            )
            hosted = hosted or (len(message.tokens) == 1 and token.key.isdigit())
            fits = number is not None and 0 < number <= len(shelf.shown)
            if fits and number and hosted and not self._is_noun(message, at + 1):
                yield shelf.one(at - counted, at + 1, shelf.shown[number - 1])
                chained = True
            else:
                chained = chained and token.key in self._words["coordinators"]

    def _hosted(self, message: Message, at: int, hosts: Sequence[str]) -> bool:
        return self._lexicon.opinions.ending_at(message, at, hosts) is not None

    def _is_noun(self, message: Message, at: int) -> bool:
        if at >= len(message.tokens) or message.tokens[at].gap.strip():
            return False
        return message.tokens[at].key in self._words["things"]
