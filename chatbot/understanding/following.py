"""What a message says only together with what was said and shown before: "similar ones", "something newer"."""

from typing import cast

from chatbot.state import Dropped, Evidence, Opinion, Order, Wish
from chatbot.understanding import intents
from chatbot.understanding.found import Found
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.requests import negated
from chatbot.understanding.sameness import SamenessReader
from chatbot.understanding.schema import Schema
from index.catalog import PEOPLE, Catalog, fold
from index.constraints import Constraint, Op


class Follower:
    """Completes the evidence of a message from the state. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema) -> None:
        self._catalog = catalog
        self._schema = schema
        self._lexicon = lexicon
        self._sameness = SamenessReader(catalog, lexicon, schema)

    def complete(self, found: Found, evidence: list[Evidence]) -> list[Evidence]:
        """The evidence that the message gives by itself, with what it takes from the state, in order."""
        evidence = [*self._allowed(found, evidence), *self._answers(found)]
        evidence = [*self._switched(found, evidence), *evidence]
        evidence += self._sameness.read(found)
        evidence += self._alike(found, evidence)
        return [*evidence, *self._critiques(found)]

    def _allowed(self, found: Found, evidence: list[Evidence]) -> list[Evidence]:
        """ "Horror is fine after all" lifts a refusal; where nothing was refused it is a wish like any other."""
        scopes = ("allow", "pardon")
        allowed = {fold(c.what.name.text) for c in found.coloured if isinstance(c.what, Mention) and c.scope in scopes}
        lifted = tuple(
            belief.id
            for belief in found.state.beliefs
            if isinstance(belief.evidence, Opinion)
            and not belief.evidence.liked
            and fold(belief.evidence.value or "") in allowed
        )
        if not lifted:
            return evidence
        kept = [
            e for e in evidence if not (isinstance(e, Wish) and {fold(str(v)) for v in e.constraint.values} & allowed)
        ]
        return [*kept, Dropped(lifted)]

    def _answers(self, found: Found) -> list[Evidence]:
        """Titles alone, without any cue, are ones that the person likes: a hint at their taste."""
        answers: list[Evidence] = []
        light = self._lexicon.words["articles"] | self._lexicon.words["list_words"] | self._lexicon.words["things"]
        rest = [t.key for at, t in enumerate(found.message.tokens) if at not in found.taken]
        listed = all(key in light for key in rest)
        for one in found.coloured:
            what = one.what
            if one.scope != "none" or not isinstance(what, Mention) or what.name.kind != "item":
                continue
            alone = what.end - what.start >= len(found.message.tokens) - 2
            if what in found.mentions and (alone or listed):
                words = found.message.words(what.start, what.end)
                for name in what.names if what.several else what.names[:1]:
                    answers.append(Opinion(True, item_id=self._catalog.items[name.item].id, words=words))
        return answers

    def _switched(self, found: Found, evidence: list[Evidence]) -> list[Evidence]:
        """ "What about Kubrick?" after a wish for another person, in whatever role: the earlier one is dropped."""
        people = {f.name for f in self._catalog.of_kind("category") if f.role in PEOPLE}
        named = any(isinstance(e, Wish) and e.constraint.field in people for e in evidence)
        if not named or not intents.has(found.message, self._lexicon, "switch"):
            return []
        dropped = [
            b.id for b in found.state.beliefs if isinstance(b.evidence, Wish) and b.evidence.constraint.field in people
        ]
        return [Dropped(tuple(dropped))] if dropped else []

    def _alike(self, found: Found, evidence: list[Evidence]) -> list[Evidence]:
        """ "Similar ones": the item in focus is the model, unless the message names one."""
        message, focus = found.message, found.state.focus
        span = next((s for s in self._lexicon.pointers.longest(message) if s.tag == "alike"), None)
        if span is None or not focus or any(isinstance(e, Opinion) and e.item_id for e in evidence):
            return []
        if any(t.key in self._lexicon.words["alike_to"] for t in message.tokens[span.end : span.end + 1]):
            return []
        return [Opinion(True, item_id=focus, words=message.words(span.start, span.end))]

    def _critiques(self, found: Found) -> list[Evidence]:
        """ "Something newer": a bound taken from the item pointed at, or from the middle of what is shown. Where
        nothing is shown it only says which end is preferred, as do "the cheapest" and "something light"."""
        message, taken = found.message, set(found.taken)
        # "Shorter, at most 300 pages" says how short; "older, but no earlier than 1980" sets the other end.
        bounded = {(c.op[0], r.field) for r in found.ranges for c in r.constraints}
        wishes: list[Evidence] = []
        for table, strict in (
            (self._schema.orders, True),
            (self._schema.critiques, False),
            (self._schema.leanings, False),
        ):
            for span in table.longest(message):
                tokens = set(range(span.start, span.end))
                said = {(side, span.tag[1:]) for side in (span.tag[0], "=", "!", "i", "n")}
                if tokens & taken or said & bounded:
                    continue
                taken |= tokens
                words, field, high = message.words(span.start, span.end), span.tag[1:], span.tag[0] == ">"
                values = self._values_pointed_at(found, field) if table is self._schema.critiques else []
                if values and self._is_wish(found, span.start, span.end):
                    bound = Constraint(field, cast(Op, span.tag[0]), sorted(values)[len(values) // 2])
                    wishes.append(Wish(bound, words=words))
                elif self._is_wish(found, span.start, span.end):
                    refused = table is self._schema.leanings and span.start in negated(message, self._lexicon)
                    wishes.append(Order(field, high != refused, first=strict, words=words))
        return wishes

    def _is_wish(self, found: Found, start: int, end: int) -> bool:
        """Whether an adjective is asked for, rather than said of something: "so long", "light blue", "long time"."""
        message, words = found.message, self._lexicon.words
        before = message.tokens[start - 1].key if start else ""
        after = message.tokens[end].key if end < len(message.tokens) and not message.tokens[end].gap.strip() else ""
        shaded = any(
            isinstance(m, Mention) and m.start == end and set(m.name.fields) & words["shaded"] for m in found.mentions
        )
        if self._lexicon.opinions.starting_at(message, end, ("after_allow",)):
            return False  # "heavier is fine" wishes nothing
        compared = {t.key for t in message.tokens[start:end]} & words["as_measure"]  # "not as old as that"
        behind = after in words["after_no_range"] and not (compared and after in words["as_measure"])
        return before not in words["before_no_range"] and not behind and not shaded

    def _values_pointed_at(self, found: Found, field: str) -> list[float]:
        """The numbers that the items named in the message, or else those shown last, have in this field."""
        places = self._catalog.positions
        pointed = [m.name.item for m in found.mentions if m.name.kind == "item"]
        pointed = pointed or [places[i] for i in found.state.last_shown if i in places]
        values = [self._catalog.items[p].facts.get(field) for p in pointed]
        return cast(list[float], [v for v in values if v is not None])
