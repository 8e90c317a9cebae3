"""One message to one Reading: the parts of understanding, composed."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np

from chatbot.state import DialogueState, Dropped, Evidence, Focus, Opinion, Request, Wish
from chatbot.understanding import intents
from chatbot.understanding.evidence import EvidenceMaker, request_of
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.linking import Linker, Mention, year_after
from chatbot.understanding.names import PERSON_ROLES, NameIndex
from chatbot.understanding.numbers import Range, RangeReader
from chatbot.understanding.preferences import Coloured, ScopeReader
from chatbot.understanding.questions import Found, QuestionReader
from chatbot.understanding.reading import Ambiguity, Intent, Reading
from chatbot.understanding.references import find_references
from chatbot.understanding.text import MAX_CHARACTERS, Message, read
from chatbot.understanding.words import common_words
from index.catalog import Catalog, FieldRole, fold
from index.constraints import Constraint, Op

MAX_OPTIONS = 4
MAX_COUNT = 10


class Understander:
    """Reads messages about one catalog in one language. Immutable, so that conversations may share it."""

    def __init__(self, catalog: Catalog, prior: np.ndarray, lexicon: Lexicon, this_year: int) -> None:
        self._catalog = catalog
        self._lexicon = lexicon
        self._linker = Linker(NameIndex(catalog, lexicon, prior), lexicon)
        self._ranges = RangeReader(catalog, lexicon, this_year)
        self._scopes = ScopeReader(lexicon)
        self._maker = EvidenceMaker(catalog, lexicon)
        self._questions = QuestionReader(catalog, lexicon, self._maker)

    def read(self, text: str, state: DialogueState) -> Reading:
        """What the message says, given what was said and shown before."""
        message = read(text)
        early = self._without_entities(message, state)
        if early:
            return early
        numbers = {i for r in self._ranges.read(message) for i in range(r.start, r.end)}
        mentions = [self._narrowed(message, self._dated(message, m)) for m in self._linker.link(message, numbers)]
        ranges = self._ranges.read(message, {i for m in mentions for i in range(m.start, m.end)})
        references = find_references(message, mentions, state, self._catalog, self._lexicon)
        mentions = [m for m in mentions if all(m.end <= r.start or m.start >= r.end for r in references)]
        every = [*mentions, *references]
        coloured = self._scopes.colour(message, [*every, *ranges])
        found = Found(message, coloured, every, state)
        return self._interpret(message, found, ranges)

    # ------------------------------------------------------------ before names are looked for

    def _without_entities(self, message: Message, state: DialogueState) -> Reading | None:
        if len(message.text) > MAX_CHARACTERS:
            return Reading("long")
        if not message.tokens:
            return Reading("unclear" if message.text else "empty")
        if intents.script_is_foreign(message.text) or self._is_other_language(message):
            return Reading("language")
        if intents.has(message, self._lexicon, "instruction"):
            return Reading("instruction")
        whole = intents.whole_intent(message, self._lexicon, after_question=state.open_question is not None)
        if whole and not (whole == "take" and not state.last_shown):
            greeted = intents.greets_first(message, self._lexicon)
            return Reading(whole, greeted=greeted, evidence=self._taken(whole, state))
        topic = intents.small_talk(message, self._lexicon)
        if topic:
            return Reading("smalltalk", topic=topic)
        if self._is_off_topic(message):
            return Reading("offtopic")
        return None

    def _is_other_language(self, message: Message) -> bool:
        """Whether most words of a sentence are no English ones."""
        words = [t for t in message.tokens if t.key.isalpha()]
        foreign = [t for t in words if not self._is_english(t.key) and (not t.capital or t.start == 0)]
        return len(words) > 3 and len(foreign) > 0.6 * len(words)

    def _is_off_topic(self, message: Message) -> bool:
        """Whether the message speaks of other matters and of nothing that the catalog could answer."""
        things = any(t.key in self._lexicon.words["things"] for t in message.tokens)
        wishes = any(s.tag in ("want", "like", "similar") for s in self._lexicon.opinions.longest(message))
        return intents.off_topic(message, self._lexicon) and not things and not wishes

    def _taken(self, intent: Intent, state: DialogueState) -> tuple[Evidence, ...]:
        return (Opinion(True, item_id=state.focus),) if intent == "take" and state.focus else ()

    def _narrowed(self, message: Message, mention: Mention) -> Mention:
        """Among several people of one surname, those who did what is said: "directed by Scott"."""
        if mention.name.kind != "person" or len(mention.names) < 2:
            return mention
        field = self._maker.said_field(message, mention)
        main = tuple(n for n in mention.names if n.fields[0] == field)
        return replace(mention, names=main) if field and main else mention

    def _dated(self, message: Message, mention: Mention) -> Mention:
        """Among several items of one title, the one of a year that stands beside it: "It (2017)", "the 1999 Mummy",
        "The Mummy from 1999"."""
        field = self._catalog.field_of("year")
        if mention.name.kind != "item" or field is None:
            return mention
        for at in (mention.end, mention.end + 1, mention.start - 1, mention.start - 2):
            year = year_after(message, at) if at >= 0 else None
            between = message.tokens[mention.end].key if mention.end < at < len(message.tokens) else ""
            if year is None or (between and between not in self._lexicon.words["before_year"]):
                continue
            of_year = tuple(n for n in mention.names if self._catalog.items[n.item].facts.get(field.name) == year)
            if of_year:
                start, end = min(mention.start, at), max(mention.end, at + 1)
                return replace(mention, names=of_year, start=start, end=end)
        return mention

    # ------------------------------------------------------------ with names

    def _interpret(self, message: Message, found: Found, ranges: Sequence[Range]) -> Reading:
        forgotten = self._forget(found, ranges)
        if forgotten is not None:
            return forgotten
        unclear = self._ambiguity(found)
        question = self._questions.read(found)
        if question:
            focus = (Focus(question.items[0]),) if len(question.items) == 1 else ()
            return Reading(
                "question", evidence=focus, question=question, ambiguity=unclear if not question.items else None
            )
        correction = intents.has(message, self._lexicon, "correct")
        # What it would say of one that is not clear is learnt when the question is answered.
        clear = replace(found, coloured=[c for c in found.coloured if not self._is_unclear(c)])
        evidence = self._evidence(message, clear, correction)
        if not unclear:
            evidence += self._request(message, found)
        base = Reading(
            "tell",
            evidence=tuple(evidence),
            ambiguity=unclear,
            count=self._count(message),
            correction=correction,
            greeted=intents.greets_first(message, self._lexicon),
            more=intents.has(message, self._lexicon, "more"),
            unknown="" if unclear else self._unknown(message, found),
        )
        praise = any(s.tag == "after_take" for s in self._lexicon.opinions.longest(message))
        if (
            praise
            and evidence
            and all(isinstance(e, Opinion) and e.liked and e.item_id in found.state.shown for e in evidence)
        ):
            return replace(base, intent="take", evidence=(*evidence, Focus(cast(Opinion, evidence[0]).item_id or "")))
        if intents.has(message, self._lexicon, "take") and found.mentions and not evidence and found.state.last_shown:
            item = self._catalog.items[found.mentions[0].name.item]
            return replace(base, intent="take", evidence=(Opinion(True, item_id=item.id), Focus(item.id)))
        return base if evidence or unclear or base.unknown else self._without_evidence(message, base)

    def _without_evidence(self, message: Message, base: Reading) -> Reading:
        """A message that names nothing: more of the same, a vague wish, or not our business."""
        lexicon = self._lexicon
        if intents.has(message, lexicon, "insult"):
            return replace(base, intent="insult")
        if intents.off_topic(message, lexicon):
            return replace(base, intent="offtopic")
        for tag in ("undo", "restart", "bye", "thanks"):
            if intents.has(message, lexicon, tag) and len(message.tokens) <= 6:
                return replace(base, intent=cast(Intent, tag))
        if base.more:
            return replace(base, intent="more")
        wants = any(s.tag in ("want", "like") for s in lexicon.opinions.longest(message))
        things = any(t.key in lexicon.words["things"] for t in message.tokens)
        if wants or things or base.count:
            return base
        return replace(base, intent="greet" if base.greeted else "unclear")

    def _evidence(self, message: Message, found: Found, correction: bool) -> list[Evidence]:
        adds = intents.has(message, self._lexicon, "add") or (
            self._lexicon.intents.starting_at(message, 0, ("add_first",)) is not None
        )
        evidence = self._maker.make(message, found.coloured, replaces=correction, adds=adds)
        evidence = self._allowed(found, evidence)
        evidence = self._answered(message, found, evidence)
        evidence = [*self._switched(message, found, evidence), *evidence]
        evidence += self._same_people(message, found)
        evidence += self._alike(message, found, evidence)
        evidence += self._critique(message, found)
        return evidence

    def _allowed(self, found: Found, evidence: list[Evidence]) -> list[Evidence]:
        """ "Horror is fine after all" lifts a refusal; where nothing was refused it is a wish like any other."""
        allowed = {fold(c.what.name.text) for c in found.coloured if isinstance(c.what, Mention) and c.scope == "allow"}
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

    def _answered(self, message: Message, found: Found, evidence: list[Evidence]) -> list[Evidence]:
        """A title without any cue is one that the person likes: an answer, or a hint at their taste."""
        for one in found.coloured:
            if (
                isinstance(one.what, Mention)
                and one.what.name.kind == "item"
                and one.scope == "none"
                and one.what in found.mentions
            ):
                named = one.what.end - one.what.start
                if named >= len(message.tokens) - 2 or found.state.open_question == "liked":
                    evidence.append(
                        Opinion(True, item_id=self._catalog.items[one.what.name.item].id, words=message.text)
                    )
        return evidence

    def _switched(self, message: Message, found: Found, evidence: list[Evidence]) -> list[Evidence]:
        """ "What about Kubrick?" after a wish for another person, in whatever role: the earlier one is dropped."""
        people = {f.name for f in self._catalog.of_kind("category") if f.role in PERSON_ROLES}
        named = any(isinstance(e, Wish) and e.constraint.field in people for e in evidence)
        if not named or not intents.has(message, self._lexicon, "switch"):
            return []
        dropped = [
            b.id for b in found.state.beliefs if isinstance(b.evidence, Wish) and b.evidence.constraint.field in people
        ]
        return [Dropped(tuple(dropped))] if dropped else []

    def _alike(self, message: Message, found: Found, evidence: list[Evidence]) -> list[Evidence]:
        """ "Similar ones": the item in focus is the model."""
        focus = found.state.focus
        spans = [s for s in self._lexicon.pointers.longest(message) if s.tag == "alike"]
        named = any(isinstance(e, Opinion) and e.item_id for e in evidence)
        if (
            not spans
            or not focus
            or named
            or any(t.key in self._lexicon.words["alike_to"] for t in message.tokens[spans[0].end : spans[0].end + 1])
        ):
            return []
        return [Opinion(True, item_id=focus, words=message.words(spans[0].start, spans[0].end))]

    def _same_people(self, message: Message, found: Found) -> list[Evidence]:
        """ "More by him", "others with the same actor": the people of the item in focus."""
        item = self._catalog.item(found.state.focus or "")
        for span in self._lexicon.pointers.longest(message):
            field = self._catalog.field_of(cast(FieldRole, span.tag.removeprefix("same_")))
            values = item.values(field.name)[:1] if item and field and span.tag.startswith("same_") else ()
            if values and field:
                words = message.words(span.start, span.end)
                return [Wish(Constraint(field.name, "=", values[0]), replaces=True, words=words)]
        return []

    def _critique(self, message: Message, found: Found) -> list[Evidence]:
        """ "Something newer": a bound taken from the item pointed at, or from the middle of what is shown."""
        taken = {i for c in found.coloured for i in range(c.what.start, c.what.end)}
        wishes: list[Evidence] = []
        for span in self._lexicon.critiques.longest(message):
            role, op = self._lexicon.critique_rules[span.tag]
            field = self._catalog.field_of(cast(FieldRole, role))
            if field is None or span.start in taken:
                continue
            pointed = [m.name.item for m in found.mentions if m.name.kind == "item"]
            shown = pointed or [
                self._catalog.positions[i] for i in found.state.last_shown if i in self._catalog.positions
            ]
            values = [v for p in shown if (v := self._catalog.items[p].facts.get(field.name)) is not None]
            if values:
                middle = sorted(cast(list[float], values))[len(values) // 2]
                wishes.append(
                    Wish(Constraint(field.name, cast(Op, op), middle), words=message.words(span.start, span.end))
                )
        return wishes

    def _request(self, message: Message, found: Found) -> list[Evidence]:
        """Words of mood and matter, where a wish is made and nothing off topic is said."""
        lexicon = self._lexicon
        if intents.off_topic(message, lexicon):
            return []
        refused = [c for c in found.coloured if c.scope in ("refuse", "dislike", "seen")]
        wishing = any(s.tag in ("want", "similar", "maybe_want") for s in lexicon.opinions.longest(message))
        things = any(t.key in lexicon.words["things"] for t in message.tokens)
        if not (wishing or things) or refused or len(message.tokens) > 60:
            return []
        used = {i for c in found.coloured for i in range(c.what.start, c.what.end)}
        for table in (
            lexicon.opinions,
            lexicon.cues,
            lexicon.intents,
            lexicon.number_ops,
            lexicon.critiques,
            lexicon.fields,
            lexicon.pointers,
        ):
            used |= {i for span in table.longest(message) for i in range(span.start, span.end)}
        used |= {
            at
            for at, t in enumerate(message.tokens)
            if lexicon.number_word(t.key) is not None or not self._is_word(t.key)
        }
        used |= self._other_sentences(message)
        return cast(list[Evidence], list(request_of(message, used, lexicon)))

    def _other_sentences(self, message: Message) -> set[int]:
        """Tokens of the sentences that make no wish."""
        lexicon = self._lexicon
        wishing = {s.start for s in lexicon.opinions.longest(message) if s.tag in ("want", "similar", "maybe_want")}
        wishing |= {at for at, t in enumerate(message.tokens) if t.key in lexicon.words["things"]}
        starts = [at for at in range(len(message.tokens)) if message.starts_sentence(at)] + [len(message.tokens)]
        spans = [set(range(a, b)) for a, b in itertools.pairwise(starts)]
        return {at for span in spans if not span & wishing for at in span}

    def _is_word(self, key: str) -> bool:
        return self._is_english(key) or self._linker.names.knows(key)

    def _is_english(self, key: str) -> bool:
        return key in common_words(self._lexicon.language) or key in self._lexicon.words["stop"]

    def _count(self, message: Message) -> int | None:
        """How many are asked for: "three comedies", "just one", "two good action movies", "top 5"."""
        for at, token in enumerate(message.tokens):
            number = self._lexicon.number_word(token.key)
            capital = token.capital and not message.starts_sentence(at)
            if number is None or not 1 <= number <= MAX_COUNT or capital or token.gap.strip():
                continue
            before = message.tokens[at - 1].key if at else ""
            after = [t.key for t in message.tokens[at + 1 : at + 4]]
            if token.key == "one" and not (before in ("just", "only", "exactly", "single") or after[:1] == ["single"]):
                continue
            if token.key in ("few", "several") or before in ("last", "past", "part", "at", "recent", "next"):
                continue
            exact = before in ("top", "exactly", "just", "only") and not after
            if token.key == "one" or exact or self._counts_things(after):
                return number
        return 1 if any(t.key == "single" for t in message.tokens) else None

    def _counts_things(self, after: Sequence[str]) -> bool:
        """Whether a noun for the catalog's things stands among the words behind a number."""
        units = ("years", "decades", "stars", "minutes", "dollars", "hours", "times", "out", "or", "and")
        for key in after:
            if key in units:
                return False
            if key in self._lexicon.words["things"] or key in ("more", "good") or self._is_plural_value(key):
                return True
        return False

    def _is_plural_value(self, key: str) -> bool:
        return key.endswith("s") and any(n.kind == "closed" for n in self._linker.names[(key,)])

    # ------------------------------------------------------------ what is not clear

    def _is_unclear(self, one: Coloured) -> bool:
        what = one.what
        if not isinstance(what, Mention) or not what.ambiguous or what.name.kind not in ("item", "person"):
            return False
        series = what.name.partial and what.name.kind == "item"  # its best known film stands for it
        return one.scope != "refuse" and not (series and one.scope in ("like", "similar", "none", "want"))

    def _ambiguity(self, found: Found) -> Ambiguity | None:
        for one in found.coloured:
            if isinstance(one.what, Mention) and self._is_unclear(one):
                mention = one.what
                rivals = [
                    n
                    for n in mention.names
                    if n.partial == mention.name.partial and n.weight * 3 >= mention.name.weight
                ]
                options = tuple(dict.fromkeys(self._option(name) for name in rivals))[:MAX_OPTIONS]
                if len(options) > 1:
                    kind = "person" if mention.name.kind == "person" else "item"
                    return Ambiguity(found.message.words(mention.start, mention.end), kind, options)  # type: ignore[arg-type]
        return None

    def _option(self, name: object) -> str:
        field = self._catalog.field_of("year")
        text, item = name.text, name.item  # type: ignore[attr-defined]
        year = self._catalog.items[item].facts.get(field.name) if item >= 0 and field else None
        return f"{text} ({year})" if year else text

    def _unknown(self, message: Message, found: Found) -> str:
        """A capitalised or unheard-of name behind a cue for names that the catalog has nothing for."""
        taken = {i for c in found.coloured for i in range(c.what.start, c.what.end)}
        for at in range(1, len(message.tokens)):
            cue = self._lexicon.cues.ending_at(message, at, ("by_performer", "by_creator", "similar", "like", "seen"))
            if at in taken or cue is None or message.tokens[at].gap.strip():
                continue
            end = at
            while (
                end < len(message.tokens)
                and end not in taken
                and self._nameish(message, end)
                and (end == at or not message.tokens[end].gap.strip())
            ):
                end += 1
            if end > at and any(not self._is_word(t.key) or t.capital for t in message.tokens[at:end]):
                return message.words(at, end)
        return ""

    def _nameish(self, message: Message, at: int) -> bool:
        token = message.tokens[at]
        proper = token.key in self._lexicon.words["proper"] or token.key in self._lexicon.words["pronouns"]
        return (
            not proper
            and token.number is None
            and ((token.capital and not message.shouted) or not self._is_word(token.key))
            and len(token.key) > 1
        )

    # ------------------------------------------------------------ forgetting

    def _forget(self, found: Found, ranges: Sequence[Range]) -> Reading | None:
        """ "Forget the horror thing", "never mind the year": the beliefs that these words mean."""
        message, lexicon = found.message, self._lexicon
        span = next((s for s in lexicon.intents.longest(message) if s.tag == "forget"), None)
        open_fields = self._left_open(message)
        if open_fields:
            span = None
        elif span is None or span.start > 3 or self._starts_anew(message, span.end):
            return None
        said = {fold(m.name.text) for m in found.mentions} | {fold(v) for m in found.mentions for v in m.name.values}
        items = {self._catalog.items[m.name.item].id for m in found.mentions if m.name.kind == "item"}
        roles = open_fields or {s.tag for s in lexicon.fields.longest(message) if span and s.start >= span.start}
        roles |= {f.role for r in ranges if (f := self._catalog.field(r.field)) and f.role}
        fields = {f.name for role in roles if (f := self._catalog.field_of(cast(FieldRole, role)))}
        dropped = tuple(
            belief.id for belief in found.state.beliefs if self._is_meant(belief.evidence, said, items, fields)
        )
        named = bool(said or items or fields)
        rest = span.end if span else 0
        if not named and rest == len(message.tokens):
            return Reading("undo")
        words = message.words(rest, len(message.tokens))
        return Reading("forget", forget=dropped, topic=words) if named or words else None

    def _starts_anew(self, message: Message, at: int) -> bool:
        """Whether what follows is a request of its own: "never mind, show me a comedy"."""
        wishes = any(s.start >= at and s.tag in ("want", "like") for s in self._lexicon.opinions.longest(message))
        return at < len(message.tokens) and bool(set(",.;!") & set(message.tokens[at].gap)) and wishes

    def _left_open(self, message: Message) -> set[str]:
        """Roles of fields that are said not to matter: "any year", "the genre doesn't matter"."""
        lexicon = self._lexicon
        return {
            span.tag
            for span in lexicon.fields.longest(message)
            if lexicon.intents.starting_at(message, span.end, ("forget_after",))
            or lexicon.intents.ending_at(message, span.start, ("forget_any",))
        }

    def _is_meant(self, evidence: Opinion | Wish | Request, said: set[str], items: set[str], fields: set[str]) -> bool:
        if isinstance(evidence, Request):
            return bool(set(fold(evidence.text).split()) & said)
        if isinstance(evidence, Wish):
            values = {fold(str(v)) for v in evidence.constraint.values}
            return bool(values & said) or evidence.constraint.field in fields
        return (
            evidence.item_id in items
            or (evidence.value is not None and fold(evidence.value) in said)
            or evidence.field in fields
        )
