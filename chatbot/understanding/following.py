"""What a message says only together with what was said and shown before: "similar ones", "something newer"."""

from typing import cast

from chatbot.state import Dropped, Evidence, Opinion, Order, Wish
from chatbot.understanding import intents
from chatbot.understanding.found import Found
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.requests import negated
from chatbot.understanding.schema import Schema
from index.catalog import PEOPLE, Catalog, FieldRole, fold
from index.constraints import Constraint, Op


class Follower:
    """Completes the evidence of a message from the state. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema) -> None:
        self._catalog = catalog
        self._schema = schema
        self._lexicon = lexicon

    def complete(self, found: Found, evidence: list[Evidence]) -> list[Evidence]:
        """The evidence that the message gives by itself, with what it takes from the state, in order."""
        evidence = [*self._allowed(found, evidence), *self._answers(found)]
        evidence = [*self._switched(found, evidence), *evidence]
        evidence += self._same_people(found)
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

    def _same_people(self, found: Found) -> list[Evidence]:
        """ "More by him", "others with the same actor": the people of the item in focus."""
        item = self._catalog.item(found.state.focus or "")
        made = self._makers_of_named(found)
        if made:
            return made
        for span in self._lexicon.pointers.longest(found.message):
            field = self._catalog.field_of(cast(FieldRole, span.tag.removeprefix("same_")))
            values = item.values(field.name)[:1] if item and field and span.tag.startswith("same_") else ()
            if values and field:
                words = found.message.words(span.start, span.end)
                if self._lexicon.opinions.ending_at(found.message, span.start, ("refuse", "negator")):
                    return [Opinion(False, field=field.name, value=str(values[0]), words=words)]
                return [Wish(Constraint(field.name, "=", values[0]), replaces=True, words=words)]
        return self._same_values(found)

    def _same_values(self, found: Found) -> list[Evidence]:
        """ "The same brand", "in the same language": the value of the item in focus, for any field."""
        message = found.message
        item = self._catalog.item(found.state.focus or "")
        for span in self._schema.fields.longest(message) if item else ():
            field = self._catalog.field(span.tag)
            same = span.start and message.tokens[span.start - 1].key in self._lexicon.words["same"]
            if same and self._lexicon.pointers.starting_at(message, span.start - 1, ("alike",)):
                continue  # "the same kind of thing"
            values = item.values(field.name)[:1] if same and item and field and field.kind == "category" else ()
            if values and field:
                words = message.words(span.start - 1, span.end)
                return [Wish(Constraint(field.name, "=", values[0]), replaces=True, words=words)]
        return []

    def _makers_of_named(self, found: Found) -> list[Evidence]:
        """ "By the director of Heat": a wish for who made the item that is named there."""
        field = self._catalog.field_of("creator")
        ends = {s.end for s in self._lexicon.pointers.longest(found.message) if s.tag == "people_of"}
        for mention in found.mentions:
            values = (
                self._catalog.items[mention.name.item].values(field.name)
                if field and mention.name.kind == "item"
                else ()
            )
            if mention.start in ends and values and field:
                words = found.message.words(mention.start, mention.end)
                return [Wish(Constraint(field.name, "=", values[0]), replaces=True, words=words)]
        return []

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
        bounded = {r.field for r in found.ranges}  # "shorter, at most 300 pages" says how short
        wishes: list[Evidence] = []
        for table, strict in (
            (self._schema.orders, True),
            (self._schema.critiques, False),
            (self._schema.leanings, False),
        ):
            for span in table.longest(message):
                tokens = set(range(span.start, span.end))
                if tokens & taken or span.tag[1:] in bounded:
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
        return before not in words["before_no_range"] and after not in words["after_no_range"] and not shaded

    def _values_pointed_at(self, found: Found, field: str) -> list[float]:
        """The numbers that the items named in the message, or else those shown last, have in this field."""
        places = self._catalog.positions
        pointed = [m.name.item for m in found.mentions if m.name.kind == "item"]
        pointed = pointed or [places[i] for i in found.state.last_shown if i in places]
        values = [self._catalog.items[p].facts.get(field) for p in pointed]
        return cast(list[float], [v for v in values if v is not None])
