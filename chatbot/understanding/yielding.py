"""What a message leaves of the beliefs before it: a wish put in another's place, a bound that is widened.

"Sneakers instead of boots" after a wish for boots gives the boots up; it does not refuse them for ever.
"""

from collections.abc import Sequence, Set
from dataclasses import replace

from chatbot.state import Belief, DialogueState, Dropped, Evidence, Opinion, Wish
from chatbot.understanding import intents
from chatbot.understanding.found import Found
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.ranges import Range
from chatbot.understanding.schema import Schema
from chatbot.understanding.text import Message
from index.catalog import PEOPLE, Catalog, fold

_REFUSING = ("refuse", "dislike")
_LOW, _HIGH = (">", ">="), ("<", "<=")


class YieldReader:
    """Turns refusals and bounds of a message into dropped beliefs. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema) -> None:
        self._catalog = catalog
        self._lexicon = lexicon
        self._schema = schema
        self._people = {f.name for f in catalog.of_kind("category") if f.role in PEOPLE}

    def settle(self, found: Found, evidence: list[Evidence]) -> list[Evidence]:
        """The evidence with what it only takes back of the state as drops."""
        settled: list[Evidence] = []
        for one in evidence:
            instead = any(other is not one and self._replaces(other, one) for other in evidence)
            given_up = self._given_up(found.state, one) if instead else ()
            if given_up:
                settled.append(Dropped(given_up))
            else:
                settled.append(one)
        said = tuple(i for m in self._only_said(found) for i in self._given_up(found.state, _refusal(m)))
        return self._widened(found, [Dropped(said), *settled] if said else settled)

    def _only_said(self, found: Found) -> list[Mention]:
        """What was believed and gives way to another value: "I said cooking, but what I want is writing"."""
        message, opinions = found.message, self._lexicon.opinions.longest(found.message)
        corrected = [s.start for s in self._lexicon.intents.longest(message) if s.tag == "correct"]
        turned = max([s.start for s in opinions if s.tag == "contrast"] + corrected, default=0)
        new = {f for m in found.mentions if m.start > turned for f in m.name.fields}
        before = [m for m in found.mentions if m.end <= turned and set(m.name.fields) & new]
        return [
            m for m in before if self._given_up(found.state, _refusal(m)) and self._follows_saying(message, m.start)
        ]

    def _follows_saying(self, message: Message, at: int) -> bool:
        while at and message.tokens[at - 1].key in self._lexicon.words["articles"]:
            at -= 1
        return self._lexicon.intents.ending_at(message, at, ("said",)) is not None

    def without_old_bounds(self, found: Found) -> Found:
        """The message without what only says what was believed: "under 200, not under 100", "I said cooking, but …"."""
        new = {c.what.field for c in found.coloured if isinstance(c.what, Range) and c.scope not in _REFUSING}
        old = [c for c in found.coloured if c.scope in _REFUSING and self._was_believed(found.state, c.what, new)]
        said = self._only_said(found)
        old += [c for c in found.coloured if c.what in said]
        return replace(found, coloured=[c for c in found.coloured if c not in old]) if old else found

    def _was_believed(self, state: DialogueState, what: Mention | Range, fields: Set[str]) -> bool:
        """Whether a range in one of the fields speaks of the bounds of a wish."""
        if not isinstance(what, Range) or what.field not in fields:
            return False
        values = {v for c in what.constraints for v in c.values}
        return any(w.constraint.field == what.field and values & set(w.constraint.values) for w in state.wishes)

    def _replaces(self, new: Evidence, old: Evidence) -> bool:
        """Whether one piece of a message puts something of the same field in the place of what another refuses."""
        fields = [self._field(e) for e in (new, old)]
        same = fields[0] and (fields[0] == fields[1] or set(fields) <= self._people)
        return bool(same) and _wishes(new) and not _wishes(old)

    def _field(self, evidence: Evidence) -> str:
        if isinstance(evidence, Wish):
            return evidence.constraint.field
        return (evidence.field or "") if isinstance(evidence, Opinion) else ""

    def _given_up(self, state: DialogueState, refused: Evidence) -> tuple[str, ...]:
        """Ids of the wishes that are refused now, in the same words."""
        if not isinstance(refused, Opinion) or refused.value is None:
            return ()
        return tuple(b.id for b in state.beliefs if self._wanted(b, refused))

    def _wanted(self, belief: Belief, refused: Opinion) -> bool:
        held, value = belief.evidence, fold(refused.value or "")
        if isinstance(held, Wish):
            return held.constraint.op in ("=", "in") and value in {fold(str(v)) for v in held.constraint.values}
        return isinstance(held, Opinion) and held.liked and fold(held.value or "") == value

    # ------------------------------------------------------------ wider than before

    def _widened(self, found: Found, evidence: list[Evidence]) -> list[Evidence]:
        """ "It can be older than 1950 too", "older is fine": a bound the other way is given up, and none set."""
        if not intents.has(found.message, self._lexicon, "widen"):
            return evidence
        kept, dropped = list(evidence), list(self._lifted(found))
        for one in evidence:
            if isinstance(one, Wish):
                against = [b.id for b in found.state.beliefs if _opposed(b, one.constraint.field, one.constraint.op)]
                dropped += against
                if against:
                    kept.remove(one)
        return [*kept, Dropped(tuple(dropped))] if dropped else evidence

    def _lifted(self, found: Found) -> Sequence[str]:
        spans = self._schema.critiques.longest(found.message)
        return [b.id for s in spans for b in found.state.beliefs if _opposed(b, s.tag[1:], s.tag[0])]


def _refusal(mention: Mention) -> Opinion:
    return Opinion(False, field=next(iter(mention.name.fields), ""), value=mention.name.text)


def _wishes(evidence: Evidence) -> bool:
    if isinstance(evidence, Wish):
        return evidence.constraint.op not in ("!=", "not in")
    return isinstance(evidence, Opinion) and evidence.liked


def _opposed(belief: Belief, field: str, op: str) -> bool:
    held = belief.evidence
    if not isinstance(held, Wish) or held.constraint.field != field:
        return False
    return (op in _HIGH and held.constraint.op in _LOW) or (op in _LOW and held.constraint.op in _HIGH)
