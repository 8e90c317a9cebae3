"""One message to one Reading: the parts of understanding, composed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from chatbot.state import DialogueState, Dropped, Evidence, Focus, Opinion, Request, Seen, Shown, Wish
from chatbot.understanding import intents
from chatbot.understanding.ambiguity import find_ambiguity, is_unclear
from chatbot.understanding.answers import answer_to
from chatbot.understanding.colours import Coloured
from chatbot.understanding.completion import Pending, chosen_place, complete
from chatbot.understanding.counting import CountReader
from chatbot.understanding.evidence import EvidenceMaker
from chatbot.understanding.following import Follower
from chatbot.understanding.forgetting import ForgetReader, TakenBack
from chatbot.understanding.found import Found
from chatbot.understanding.framing import FrameReader
from chatbot.understanding.guessing import PurposeReader
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.linking import Linker
from chatbot.understanding.mentions import Mention
from chatbot.understanding.names import NameIndex
from chatbot.understanding.narrowing import Narrower
from chatbot.understanding.numbers import RangeReader
from chatbot.understanding.phrases import Span
from chatbot.understanding.preferences import ScopeReader
from chatbot.understanding.qualifying import Qualifier
from chatbot.understanding.questions import QuestionReader
from chatbot.understanding.ranges import Range
from chatbot.understanding.reacting import ReactionReader
from chatbot.understanding.reading import Ambiguity, Question, Reading
from chatbot.understanding.reconciling import reconciled
from chatbot.understanding.references import ReferenceReader
from chatbot.understanding.relative import RelativeReader
from chatbot.understanding.remarks import RemarkReader
from chatbot.understanding.requests import RequestReader
from chatbot.understanding.scales import ScaleReader
from chatbot.understanding.schema import Schema
from chatbot.understanding.set_phrases import SetPhraseReader
from chatbot.understanding.taking import TakeReader
from chatbot.understanding.text import Message, Stretch, covered, read
from chatbot.understanding.things import ThingReader
from chatbot.understanding.unkept import UnkeptReader
from chatbot.understanding.unknown import UnknownNameReader
from chatbot.understanding.vocabulary import Vocabulary
from chatbot.understanding.yielding import YieldReader
from index.catalog import Catalog
from index.constraints import Constraint

BEYOND = "beyond"
"""The topic where a place is named that the list does not have."""
BESIDE_QUESTION = ("tell", "greet", "thanks", "yes", "any", "unclear", "smalltalk")
"""Intents that one part of a message may have where the other part asks."""
MAYBE_PART = ("smalltalk", "instruction")
"""Intents whose set phrases may stand in a message of another purpose."""


MEASURE = 4
"""Words from the first "as" to what is compared with: "not as old as that"."""
_S = TypeVar("_S", bound=Stretch)


class Understander:
    """Reads messages about one catalog in one language. Immutable, so that conversations may share it."""

    def __init__(self, catalog: Catalog, prior: np.ndarray, lexicon: Lexicon, this_year: int) -> None:
        lexicon = lexicon.for_things(catalog.nouns)
        schema = Schema(catalog, lexicon)
        self._schema = schema
        names = NameIndex(catalog, lexicon, schema, prior)
        vocabulary = Vocabulary(lexicon, names)
        self._catalog = catalog
        self._lexicon = lexicon
        self._set_phrases = SetPhraseReader(lexicon, vocabulary)
        self._linker = Linker(names, lexicon, schema)
        self._ranges = RangeReader(catalog, lexicon, schema, this_year)
        self._relative = RelativeReader(catalog, lexicon, schema, self._ranges)
        self._references = ReferenceReader(catalog, lexicon, schema)
        self._scales = ScaleReader(catalog, lexicon, schema)
        self._scopes = ScopeReader(lexicon, schema)
        self._purposes = PurposeReader(catalog, lexicon, vocabulary)
        self._remarks = RemarkReader(catalog, lexicon)
        self._takes = TakeReader(catalog, lexicon)
        self._reactions = ReactionReader(lexicon)
        self._maker = EvidenceMaker(catalog, lexicon)
        self._narrower = Narrower(catalog, lexicon, names, self._maker)
        self._qualifier = Qualifier(catalog, lexicon, names)
        self._forgetting = ForgetReader(catalog, lexicon, schema)
        self._yielding = YieldReader(catalog, lexicon, schema)
        self._questions = QuestionReader(catalog, lexicon, schema, self._maker)
        self._frames = FrameReader(lexicon)
        self._follower = Follower(catalog, lexicon, schema)
        self._requests = RequestReader(lexicon, vocabulary, schema)
        self._counts = CountReader(lexicon, names)
        self._unknown = UnknownNameReader(lexicon, vocabulary)
        self._things = ThingReader(catalog, lexicon, schema, names)
        self._unkept = UnkeptReader(catalog, lexicon, schema)

    def read(self, text: str, state: DialogueState) -> Reading:
        """What the message says, given what was said and shown before."""
        message = read(text)
        answer = answer_to(message, state, self._catalog)
        early = None if answer else self._set_phrases.before_names(message, state)
        if early and not (early.intent in MAYBE_PART and self._purposes.doubts(message, early)):
            return replace(early, count=self._counts.read(message)) if early.intent in ("any", "more") else early
        parted = self._parted(message, state)
        if parted:
            return parted
        found = self._find(message, state)
        reading = self._interpret(found)
        return reading if answer and reading.evidence else self._purposes.settle(found, reading)

    def _parted(self, message: Message, state: DialogueState) -> Reading | None:
        """The reading of a message that asks something and says something else besides, in the order in which it does:
        "Loved Contact! Who directed Moon?"; None for any other."""
        parts = self._frames.split(message)
        if parts is None:
            return None
        texts = (parts.told, parts.asked) if parts.told_first else (parts.asked, parts.told)
        first = self.read(texts[0], state)
        now = 1 + max((e.turn for e in state.evidence), default=0)
        second = self.read(texts[1], state.plus(first.evidence, now))
        told, asked = (first, second) if parts.told_first else (second, first)
        clear = told.intent in BESIDE_QUESTION and not (told.ambiguity or told.unknown or told.forget)
        if asked.intent != "question" or asked.question is None or not clear or self._only_points(parts.told, told):
            return None
        kept = [e for e in told.evidence if not isinstance(e, Focus)]
        return replace(asked, evidence=(*kept, *asked.evidence), greeted=told.greeted or asked.greeted)

    def _only_points(self, text: str, reading: Reading) -> bool:
        """Whether a part names an item and says nothing of it: "the second one, who made it?"."""
        named = any(isinstance(e, Opinion | Seen) and e.item_id for e in reading.evidence)
        return named and not self._lexicon.opinions.tags_in(read(text))

    def items_named(self, text: str) -> tuple[int, ...]:
        """Positions of the items whose names are in a text, whoever says it and whatever it says of them."""
        return tuple(dict.fromkeys(m.name.item for m in self._named(read(text)) if m.name.kind == "item"))

    def warm_up(self) -> None:
        """Loads what the first odd message would wait for: the classifiers and the table of misspelt words."""
        self.read("it is, hm, qwertz", DialogueState((Shown(tuple(item.id for item in self._catalog.items[:1])),)))

    def complete(self, pending: Pending, answer: str, options: tuple[str, ...]) -> str:
        """The message that led to "which one?", with the chosen option in its place; "" if none is chosen."""
        return complete(pending, answer, options, self._lexicon)

    def choice(self, answer: str, options: tuple[str, ...]) -> int | None:
        """Which of the options an answer takes as it stands or counts off, from 0; None for any other message."""
        return chosen_place(answer, options, self._lexicon)

    def _find(self, message: Message, state: DialogueState) -> Found:
        """Names, numbers and pointers, and what the sentence says of each."""
        named = self._named(message)
        ranges = self._ranges.read(message, covered(named) | self._unkept.measured(message))
        named = [m for m in named if not self._speaks_of_field(message, m)]
        answer = answer_to(message, state, self._catalog)
        named = [*named, *_outside([answer] if answer else (), named)]
        scaled = self._scales.read(message, named, state)
        references = self._references.read(message, [*named, *scaled], ranges, state)
        compared = _outside(self._scales.read(message, [*named, *references], state) if scaled else (), references)
        named = sorted([*_outside(named, compared), *compared], key=lambda m: m.start) if compared else named
        pointed = covered(references)
        named = [m for m in named if not pointed & covered([m])]
        relative = self._relative.read(message, [*named, *references], state)
        named, references = _outside(named, relative), _outside(references, relative)
        ranges = sorted([*_outside(ranges, [*references, *relative]), *relative], key=lambda r: r.start)
        mentions = [*named, *references]
        coloured = [self._measured(message, one) for one in self._scopes.colour(message, [*mentions, *ranges])]
        coloured = [self._freed(message, one, covered(mentions)) for one in coloured]
        if compared:
            coloured = _comparing(coloured, compared)
            mentions = [m for m in mentions if m.name.kind != "item" or any(c.what is m for c in coloured)]
        return Found(message, coloured, mentions, ranges, state)

    def _named(self, message: Message) -> list[Mention]:
        numbers = covered(self._ranges.read(message, self._unkept.measured(message)))
        linked = self._qualifier.join(message, self._linker.link(message, numbers))
        return self._narrower.among([self._narrower.narrow(message, mention) for mention in linked])

    def _speaks_of_field(self, message: Message, mention: Mention) -> bool:
        """ "A different language" names a field, though there be a value of that name."""
        words, at = self._lexicon.words, mention.start
        degree = at > 0 and message.tokens[at - 1].key in words["same"] | words["different"]
        field = self._schema.fields.starting_at(message, at) if degree and mention.name.kind != "item" else None
        return field is not None and field.end == mention.end

    def _measured(self, message: Message, one: Coloured) -> Coloured:
        """What is only compared with, or taken as a measure, is not liked for it: "cheaper than Heat", "older than the
        first one", "the same author as Emma"."""
        at = one.what.start
        while at and message.tokens[at - 1].key in self._lexicon.words["articles"]:
            at -= 1
        item = isinstance(one.what, Mention) and one.what.name.kind == "item"
        measured = item and self._is_measure(message, at)
        return replace(one, scope="neutral") if measured else one

    def _freed(self, message: Message, one: Coloured, named: set[int]) -> Coloured:
        """A time behind what is refused in free words is wished for all the same: "without gore, from the 90s"."""
        if not isinstance(one.what, Range) or one.scope not in ("refuse", "dislike"):
            return one
        words, at = self._lexicon.words, one.what.start
        when = message.tokens[at].key in words["before_year"]
        while at and message.tokens[at - 1].key in words["before_year"] | words["articles"]:
            at -= 1
            when = when or message.tokens[at].key in words["before_year"]
        if not when or not at or at - 1 in named | covered(self._lexicon.opinions.longest(message)):
            return one
        free = message.tokens[at - 1].key not in words["stop"] | words["things"]
        return replace(one, scope="none") if free else one

    def _is_measure(self, message: Message, at: int) -> bool:
        """Whether what stands before a token compares with what follows it."""
        words, before = self._lexicon.words, message.tokens[at - 1].key if at else ""
        if self._lexicon.opinions.ending_at(message, at, ("similar",)):
            return False  # "in the same league as Heat"
        if before in words["than"]:
            return self._lexicon.opinions.ending_at(message, at, ("refuse",)) is None  # "rather than Heat"
        same = any(t.key in words["same"] for t in message.tokens[:at])
        alike = {t.key for t in message.tokens[max(0, at - MEASURE) : max(0, at - 1)]} & words["as_measure"]
        return (before in words["as_measure"] and (same or bool(alike))) or self._schema.critiques.ending_at(
            message, at
        ) is not None

    def _interpret(self, found: Found) -> Reading:
        taken_back = self._forgetting.read(found)
        if taken_back is not None:
            return self._forgotten(taken_back, found.state)
        if not found.mentions and self._references.beyond(found.message, found.state):
            return Reading("unclear", topic=BEYOND)
        unclear = find_ambiguity(found, self._catalog, self._lexicon)
        taken = self._takes.read(found)
        if taken:
            return Reading("take", evidence=taken)
        question = self._questions.read(found)
        if question and question.kind == "has" and not question.items:
            refused = any(c.scope in ("refuse", "dislike") for c in found.coloured)  # "if it is a western, hard pass"
            question = None if refused else question
        if question is None:
            return self._statement(found, unclear)
        focus = (Focus(question.items[0]),) if len(question.items) == 1 else ()
        asks_which = unclear if unclear and (not question.items or self._is_asked_of(found, question)) else None
        return Reading("question", evidence=focus, question=question, ambiguity=asks_which)

    def _is_asked_of(self, found: Found, question: Question) -> bool:
        """Whether the one item that a question is about is named by what several bear: "who made Robin Hood?"."""
        named = [m for m in found.mentions if m.name.kind == "item"]
        return len(question.items) == 1 and len(named) == 1 and named[0].ambiguous and not named[0].name.partial

    def _forgotten(self, taken_back: TakenBack, state: DialogueState) -> Reading:
        """The reading of a message that takes something back, and of what it wishes instead."""
        dropped = taken_back.reading.forget
        rest = self.read(taken_back.rest, state) if taken_back.rest else None
        if rest is None or rest.intent != "tell" or not (rest.evidence or rest.ambiguity or rest.unknown):
            return taken_back.reading
        evidence = (Dropped(dropped), *rest.evidence) if dropped else rest.evidence
        return replace(rest, evidence=evidence, correction=True)

    def _statement(self, found: Found, unclear: Ambiguity | None) -> Reading:
        message, lexicon = found.message, self._lexicon
        correction = intents.has(message, lexicon, "correct")
        # What it would say of one that is not clear is learnt when the question is answered.
        known = self._yielding.without_old_bounds(found)
        clear = replace(found, coloured=[c for c in known.coloured if not is_unclear(c)])
        thing = None if unclear else self._things.read(found)
        unkept = self._unkept.read(found)
        if thing and not (thing.value or thing.related):
            return Reading(
                "tell", unknown=thing.text, kinds=thing.field, greeted=intents.greets_first(message, lexicon)
            )
        evidence = reconciled(self._evidence(clear, correction))
        if thing and thing.value:  # a word for a kind that the catalog calls otherwise
            evidence.append(Wish(Constraint(thing.field, "=", thing.value), words=thing.text))
        elif not unclear:
            requests = self._requests.read(found, covered(unkept))
            evidence += requests or ([Request(thing.text, words=message.text)] if thing else [])
        base = Reading(
            "tell",
            evidence=self._remarks.of_pointed(clear, self._remarks.of_seen(found, tuple(evidence))),
            ambiguity=unclear,
            count=self._counts.read(message, found.taken),
            correction=correction,
            greeted=intents.greets_first(message, lexicon),
            more=intents.has(message, lexicon, "more"),
            unknown="" if unclear or thing else self._unknown_in(found, unkept),
            unkept=tuple(dict.fromkeys(span.tag for span in unkept)),
        )
        named = [m for m in found.mentions if m.name.kind == "item" and not m.several]
        if not evidence and not unclear and len(named) == 1 and len(found.coloured) == 1 and not base.more:
            return self._remark(found, base, named[0])
        if evidence or unclear or base.unknown or base.unkept:
            return replace(base, praised=self._takes.praised(found, base.evidence))
        relative = self._schema.critiques.longest(message)  # "longer is fine" praises nothing
        reaction = None if relative else self._reactions.read(message, found.state)
        if reaction and not found.coloured:
            return replace(reaction, greeted=base.greeted)
        said = self._remarks.of_pronoun(found)
        if said:
            return replace(base, evidence=said)
        if found.ranges:  # "new or old, I don't mind"
            return replace(base, intent="any")
        if "unseen" in self._lexicon.opinions.tags_in(message) and found.state.last_shown:
            return base  # "haven't seen any of these yet"
        return self._set_phrases.without_evidence(message, base)

    def _unknown_in(self, found: Found, unkept: list[Span]) -> str:
        """A name that the catalog does not have, unless it is the language or the like that no field holds."""
        name = self._unknown.read(found)
        return "" if name in {found.message.words(s.start, s.end) for s in unkept} else name

    def _remark(self, found: Found, base: Reading, mention: Mention) -> Reading:
        """A remark on an item that no set phrase reads. "I haven't seen Titanic" asks for more."""
        if "unseen" in self._lexicon.opinions.tags_in(found.message):
            item = self._catalog.items[mention.name.item].id
            return replace(base, intent="question", evidence=(Focus(item),), question=Question("about", (item,)))
        return replace(base, evidence=self._remarks.read(found, mention))

    def _evidence(self, found: Found, correction: bool) -> list[Evidence]:
        message, lexicon = found.message, self._lexicon
        first = lexicon.intents.starting_at(message, 0, ("add_first",))
        adds = first is not None or intents.has(message, lexicon, "add")
        said = self._maker.make(message, found.coloured, replaces=correction, adds=adds)
        return self._yielding.settle(found, self._follower.complete(found, said))


def _outside(stretches: Iterable[_S], others: Iterable[Stretch]) -> list[_S]:
    """Those that share no token with the others."""
    taken = covered(others)
    return [s for s in stretches if not taken & covered([s])]


def _comparing(coloured: Iterable[Coloured], compared: Sequence[Mention]) -> list[Coloured]:
    """With comparisons as wishes, however they are told: "that's too hard" asks for something easier, and of those
    shown it means whichever."""
    told = [c for c in coloured if not (isinstance(c.what, Mention) and c.what.ambiguous and c.what.pointed)]
    return [replace(c, scope="want") if c.what in compared and c.scope == "neutral" else c for c in told]
