"""Taking back what was said: "forget the horror thing", "never mind the year", "any genre is fine".

What a phrase such as "forget" speaks of ends at the next break; what is said besides is a message of its own, read
after it: "drop Tarantino, I just want a comedy".
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from chatbot.state import Believed, Order, Request, Wish
from chatbot.understanding.found import Found
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.phrases import Span
from chatbot.understanding.pointing import PRAISE
from chatbot.understanding.reading import Reading
from chatbot.understanding.schema import Schema
from chatbot.understanding.text import Message, Stretch
from index.catalog import Catalog, fold

_BREAKS = frozenset(",.;!?")
MAX_BEFORE = 3
"""The phrase that takes something back has at most this many tokens of its clause before it."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a message takes back: the reading where it does nothing else, and what else it says ("" for nothing)."""

    reading: Reading
    rest: str = ""


@dataclass(frozen=True, slots=True)
class _Named:
    """What is to be forgotten: folded values, item ids, names of fields."""

    said: Set[str]
    items: Set[str]
    fields: Set[str]

    def __bool__(self) -> bool:
        return bool(self.said or self.items or self.fields)

    def means(self, evidence: Believed) -> bool:
        if isinstance(evidence, Order):
            return evidence.field in self.fields
        if isinstance(evidence, Request):
            return bool(set(fold(evidence.text).split()) & self.said)
        if isinstance(evidence, Wish):
            values = {fold(str(v)) for v in evidence.constraint.values}
            return bool(values & self.said) or evidence.constraint.field in self.fields
        value = evidence.value is not None and fold(evidence.value) in self.said
        return value or evidence.item_id in self.items or evidence.field in self.fields


@dataclass(frozen=True, slots=True)
class _Part:
    """Tokens `start` up to, not including, `end`: a phrase that takes back, and from `object` on what it speaks of."""

    start: int
    object: int
    end: int


class ForgetReader:
    """Finds the beliefs that a message takes back. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema) -> None:
        self._catalog = catalog
        self._lexicon = lexicon
        self._schema = schema

    def read(self, found: Found) -> TakenBack | None:
        """What is taken back, or everything said last where nothing is named; None where nothing is taken back."""
        message = found.message
        kept = list(self._all_but(message))
        parts = kept or [*self._commands(found), *self._open(found), *self._denials(found)]
        if not parts or self._goes_on_about(found, parts):
            return None
        named = self._named(found, parts)
        words = " ".join(message.words(p.object, p.end) for p in parts).strip()
        if not named and not words:
            return TakenBack(Reading("undo")) if parts[0].end == len(message.tokens) else None
        rest = self._rest(message, parts)
        if not named and (rest or found.coloured):
            return None
        dropped = tuple(b.id for b in found.state.beliefs if named.means(b.evidence) != bool(kept))
        if not dropped and found.state.open_question:
            return TakenBack(Reading("any"), rest)
        return TakenBack(Reading("forget", forget=dropped, topic=words), rest)

    # ------------------------------------------------------------ parts

    def _commands(self, found: Found) -> Iterator[_Part]:
        """ "Forget" and the like, near the beginning of a clause, with what follows up to the next break."""
        message, last = found.message, 0
        for span in self._lexicon.intents.longest(message):
            if span.tag != "forget" or span.start < last or span.start - self._clause(message, span.start) > MAX_BEFORE:
                continue
            reminds = self._lexicon.opinions.ending_at(message, span.start, ("negator",)) is not None
            if reminds or self._starts_anew(message, span.end):
                continue  # "don't forget the year"
            last = self._break(message, span.end)
            yield _Part(span.start, span.end, last)

    def _clause(self, message: Message, at: int) -> int:
        """The first token of the clause that token `at` stands in."""
        while at > 0 and not _BREAKS & set(message.tokens[at].gap):
            if message.tokens[at - 1].key in self._lexicon.words["clause_joints"]:
                return at
            at -= 1
        return at

    def _break(self, message: Message, start: int) -> int:
        """Behind what a phrase speaks of: at the next mark, or where "and" begins a wish."""
        for at in range(start + 1, len(message.tokens)):
            if _BREAKS & set(message.tokens[at].gap):
                return at
            joins = message.tokens[at - 1].key in self._lexicon.words["joins"] and at - 1 > start
            if joins and self._lexicon.opinions.starting_at(message, at, ("want", "refuse", "like", "dislike")):
                return at - 1
        return len(message.tokens)

    def _starts_anew(self, message: Message, at: int) -> bool:
        """Whether what follows is a request of its own: "never mind, show me a comedy"."""
        wishes = any(s.start >= at and s.tag in ("want", "like") for s in self._lexicon.opinions.longest(message))
        return wishes and at < len(message.tokens) and bool(_BREAKS & set(message.tokens[at].gap))

    def _all_but(self, message: Message) -> Iterator[_Part]:
        """ "Drop everything except the director", "only keep the genre": what is named stays."""
        intents = self._lexicon.intents
        for span in self._lexicon.pointers.longest(message):
            command = intents.ending_at(message, span.start, ("forget",)) if span.tag == "all_but" else None
            if command:
                yield _Part(command.start, span.end, self._break(message, span.end))
        for span in intents.longest(message):
            if span.tag == "keep_only":
                yield _Part(span.start, span.end, self._break(message, span.end))

    def _open(self, found: Found) -> Iterator[_Part]:
        """Fields, and values that were wished for, of which it is said that they do not matter: "any year", "the genre
        doesn't matter", "the leather part is not a must"."""
        message, intents = found.message, self._lexicon.intents
        fields = [Span(s.start, s.end, "field") for s in self._schema.fields.longest(message)]
        stretches: list[Stretch] = [*found.mentions, *found.ranges]
        values = [Span(one.start, one.end, "value") for one in stretches]
        for span in (*fields, *(v for v in values if self._is_wished(found, _Part(v.start, v.start, v.end)))):
            behind = span.end
            if behind < len(message.tokens) and message.tokens[behind].key in self._lexicon.words["wish_nouns"]:
                behind += 1
            after = intents.starting_at(message, behind, ("forget_after",))
            before = intents.ending_at(message, span.start, ("forget_any",)) if span.tag == "field" else None
            if after or before:
                end = after.end if after else span.end
                yield _Part(before.start if before else span.start, span.start, end)

    def _denials(self, found: Found) -> Iterator[_Part]:
        """ "I never asked for a musical", where one is believed to be wished."""
        for span in self._lexicon.intents.longest(found.message):
            part = _Part(span.start, span.end, self._break(found.message, span.end))
            if span.tag == "denies" and self._is_wished(found, part):
                yield part

    def _is_wished(self, found: Found, part: _Part) -> bool:
        """Whether what is named in a part is believed."""
        named = self._named(found, [part])
        return any(named.means(belief.evidence) for belief in found.state.beliefs)

    def _goes_on_about(self, found: Found, parts: Sequence[_Part]) -> bool:
        """Whether a pronoun behind takes up what was named, for another opinion: "I changed my mind about westerns,
        no more of them", "I take back what I said about Titanic, it's good"."""
        tokens, end = found.message.tokens, max(p.end for p in parts)
        pronouns = self._lexicon.words["object_pronouns"] | self._lexicon.words["pronoun_copulas"]
        for span in self._lexicon.opinions.longest(found.message):
            if span.start < end:
                continue
            if (
                span.tag in ("refuse", "dislike", "like")
                and span.end < len(tokens)
                and tokens[span.end].key in pronouns
            ):
                return True
            if span.tag in PRAISE and tokens[span.start - 1].key in pronouns:
                return True
        return False

    def _rest(self, message: Message, parts: Sequence[_Part]) -> str:
        """What is said besides, as one text; "" if that is no more than small words."""
        inside = {at for p in parts for at in range(p.start, p.end)}
        clauses = {self._clause(message, p.start) for p in parts}
        outside = [
            at for at in range(len(message.tokens)) if at not in inside and self._clause(message, at) not in clauses
        ]
        tail = [at for at in range(len(message.tokens)) if at not in inside and any(at >= p.end for p in parts)]
        kept = sorted({*outside, *tail})
        light = self._lexicon.words["stop"] | self._lexicon.words["articles"]
        polite = {
            at
            for s in self._lexicon.intents.longest(message)
            if s.tag in ("polite", "correct")
            for at in range(s.start, s.end)
        }
        if all(message.tokens[at].key in light or at in polite for at in kept):
            return ""
        return "".join(message.tokens[at].gap * (n > 0) + message.tokens[at].text for n, at in enumerate(kept))

    # ------------------------------------------------------------ what they speak of

    def _named(self, found: Found, parts: Sequence[_Part]) -> _Named:
        def inside(stretch: Stretch | Span) -> bool:
            return any(p.object <= stretch.start < p.end for p in parts)

        names = [mention.name for mention in found.mentions if inside(mention)]
        said = {fold(text) for name in names for text in (name.text, *name.values)}
        items = {self._catalog.items[name.item].id for name in names if name.kind == "item"}
        ranged = {r.field for r in found.ranges if inside(r)}
        fields = {s.tag for s in self._schema.fields.longest(found.message) if inside(s)}
        return _Named(said, items, fields | ranged)
