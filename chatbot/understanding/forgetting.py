"""Taking back what was said: "forget the horror thing", "never mind the year", "any genre is fine"."""

from collections.abc import Set
from dataclasses import dataclass
from typing import cast

from chatbot.state import Believed, Order, Request, Wish
from chatbot.understanding.found import Found
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.phrases import Span
from chatbot.understanding.reading import Reading
from chatbot.understanding.text import Message
from index.catalog import Catalog, FieldRole, fold

_BREAKS = frozenset(",.;!")
MAX_BEFORE = 3
"""The phrase that takes something back has at most this many tokens before it."""


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


class ForgetReader:
    """Finds the beliefs that a message takes back. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon) -> None:
        self._catalog = catalog
        self._lexicon = lexicon

    def read(self, found: Found) -> Reading | None:
        """A reading to forget something, or to undo where nothing is named; None where nothing is taken back."""
        message = found.message
        open_roles = self._left_open(message)
        span = None if open_roles else self._command(message)
        if span is None and not open_roles:
            return None
        rest = span.end if span else 0
        named = self._named(found, open_roles or self._roles_behind(message, span))
        if not named and rest == len(message.tokens):
            return Reading("undo")
        if (open_roles and self._says_more(found)) or self._break(found, span) is not None:
            return None
        dropped = tuple(belief.id for belief in found.state.beliefs if named.means(belief.evidence))
        words = message.words(rest, len(message.tokens))
        return Reading("forget", forget=dropped, topic=words) if named or words else None

    def leaves_open(self, message: Message) -> bool:
        """Whether the message says of a field that it does not matter."""
        return bool(self._left_open(message))

    def left_open(self, found: Found) -> tuple[str, ...]:
        """Ids of the beliefs about fields that a message with other wishes in it leaves open."""
        roles = self._left_open(found.message)
        span = None if roles else self._command(found.message)
        end = self._break(found, span)
        if span is not None and end is not None:  # "forget the actor, just a thriller"
            roles = {s.tag for s in self._lexicon.fields.longest(found.message) if span.start <= s.start < end}
        fields = {f.name for role in roles if (f := self._catalog.field_of(cast(FieldRole, role)))}
        return tuple(b.id for b in found.state.beliefs if _Named(frozenset(), frozenset(), fields).means(b.evidence))

    def _break(self, found: Found, span: Span | None) -> int | None:
        """Where a wish of its own begins behind what is to be forgotten, if one does."""
        if span is None:
            return None
        tokens = found.message.tokens
        if any(c.what.start == span.end or c.what.start == span.end + 1 for c in found.coloured):
            return None  # what is forgotten is named at once: "forget the comedy, just something dark"
        breaks = [at for at in range(span.end + 1, len(tokens)) if _BREAKS & set(tokens[at].gap)]
        return next((at for at in breaks if any(c.what.start >= at for c in found.coloured)), None)

    def _says_more(self, found: Found) -> bool:
        return any(one.scope != "allow" for one in found.coloured)

    def _command(self, message: Message) -> Span | None:
        span = next((s for s in self._lexicon.intents.longest(message) if s.tag == "forget"), None)
        if span is None or span.start > MAX_BEFORE or self._starts_anew(message, span.end):
            return None
        return span

    def _starts_anew(self, message: Message, at: int) -> bool:
        """Whether what follows is a request of its own: "never mind, show me a comedy"."""
        wishes = any(s.start >= at and s.tag in ("want", "like") for s in self._lexicon.opinions.longest(message))
        return wishes and at < len(message.tokens) and bool(_BREAKS & set(message.tokens[at].gap))

    def _left_open(self, message: Message) -> set[str]:
        """Roles of fields that are said not to matter: "any year", "the genre doesn't matter"."""
        lexicon = self._lexicon
        return {
            span.tag
            for span in lexicon.fields.longest(message)
            if lexicon.intents.starting_at(message, span.end, ("forget_after",))
            or lexicon.intents.ending_at(message, span.start, ("forget_any",))
        }

    def _roles_behind(self, message: Message, span: Span | None) -> set[str]:
        return {s.tag for s in self._lexicon.fields.longest(message) if span and s.start >= span.start}

    def _named(self, found: Found, roles: set[str]) -> _Named:
        names = [mention.name for mention in found.mentions]
        said = {fold(text) for name in names for text in (name.text, *name.values)}
        items = {self._catalog.items[name.item].id for name in names if name.kind == "item"}
        ranged = {f.role for r in found.ranges if (f := self._catalog.field(r.field)) and f.role}
        fields = {f.name for role in roles | ranged if (f := self._catalog.field_of(cast(FieldRole, role)))}
        return _Named(said, items, fields)
