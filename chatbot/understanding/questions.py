"""Questions about items, about the catalog, and about what the bot believes."""

from chatbot.state import Opinion, Wish
from chatbot.understanding.confirming import ConfirmReader
from chatbot.understanding.evidence import EvidenceMaker
from chatbot.understanding.found import Found
from chatbot.understanding.framing import FrameReader
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.phrases import Span
from chatbot.understanding.ranges import Range
from chatbot.understanding.reading import Question
from chatbot.understanding.schema import Schema
from chatbot.understanding.text import Message, covered
from index.catalog import Catalog
from index.constraints import Constraint

MAX_FIELD_WORDS = 3


class QuestionReader:
    """Recognises a question and what it is about. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema, maker: EvidenceMaker) -> None:
        self._catalog = catalog
        self._schema = schema
        self._lexicon = lexicon
        self._maker = maker
        self._frames = FrameReader(lexicon)
        self._confirming = ConfirmReader(catalog, lexicon, schema, maker)

    def read(self, found: Found) -> Question | None:
        """The question of the message, or None where it asks none."""
        if not found.message.tokens:
            return None
        items = self._items(found)
        found = found.behind(self._behind_topic(found))
        found = found.behind(self._frames.start(found.message))
        message = found.message
        intents = {span.tag for span in self._lexicon.intents.all(message)}
        if "profile" in intents and not self._schema.critiques.longest(message):
            return Question("profile")
        if any(s.tag == "people_of" for s in self._lexicon.pointers.longest(message)):
            return None
        asked = self._asked(found)
        if asked and (self._is_wished_anew(found, asked) or self._only_tells(found)):
            asked = None  # "loved every page of Dune"
        of_catalog = self._of_catalog(found, intents, asked, items)
        if of_catalog:
            return of_catalog
        if "compare" in intents and (len(items) > 1 or len(found.state.last_shown) > 1):
            number = asked.tag if asked and self._is_number(asked.tag) else ""
            return Question("compare", items if len(items) > 1 else found.state.last_shown[:2], field=number)
        return self._of_items(found, intents, asked, items)

    def _of_catalog(
        self, found: Found, intents: set[str], asked: Span | None, items: tuple[str, ...]
    ) -> Question | None:
        """A question about the catalog as a whole: how many there are, what there is to choose from."""
        amount = asked is not None and self._is_number(asked.tag)
        amount = amount and asked is not None and (bool(items) or asked.end == len(found.message.tokens))
        if "count" in intents and (not amount or found.ranges):
            return self._count(found)
        if asked and not items and self._asks_for_values(found.message, asked):
            return Question("values", field=asked.tag, constraints=self._constraints(found))
        return None

    def _of_items(self, found: Found, intents: set[str], asked: Span | None, items: tuple[str, ...]) -> Question | None:
        """A question about items that are named, pointed at, or in focus."""
        message = found.message
        compare = self._compare(found, items)
        if compare:
            return compare
        if "why" in intents and self._begins(message, "why_openers"):
            return Question("why", items or self._in_focus(found))
        described = self._asked_to_describe(message)
        plain = asked is None or (described is not None and asked.start < described.end)
        if described and items and plain and self._named_behind(found, described.end):
            return Question("about", items)
        confirmed = self._confirming.read(found, items)
        if confirmed and confirmed.value:
            return confirmed
        if not items and self._counts_off(message):  # "the second one", of a list of one
            return Question("fact") if asked else None
        vague = not items and self._lexicon.names_things(message)  # "any good films?" is about none of them
        if self._is_critique(found) and not self._begins(message, "have_openers"):
            return None  # "the price is too high"
        if asked and asked.tag in {r.field for r in found.ranges} and not items:
            asked = None  # "a rating of at least four" asks for no rating
        if asked and self._opens(message, asked) and (items or not self._has_values(found)) and not vague:
            return self._fact(asked.tag, items or self._in_focus(found))
        if confirmed or self._is_critique(found):
            return confirmed
        if not asked and not items and found.state.focus and self._asks_for_all(message):
            return Question("about", self._in_focus(found))
        lacking = self._unknown_field(message) if not asked and (not items or self._points(found)) else ""
        if lacking and found.state.focus:
            return Question("fact", items or self._in_focus(found), role=lacking)
        return self._about_or_have(found, intents, items)

    # ------------------------------------------------------------ parts

    def _behind_topic(self, found: Found) -> int:
        """Behind an item that is only named first: "the second one - who's in that?"; 0 where none is."""
        subject = next((m for m in found.mentions if m.name.kind == "item"), None)
        tokens, light = found.message.tokens, self._lexicon.words["articles"] | self._lexicon.words["definite"]
        if subject is None or subject.end >= len(tokens) or any(t.key not in light for t in tokens[: subject.start]):
            return 0
        asks = self._lexicon.words["have_openers"] | self._lexicon.words["modals"]
        cut = tokens[subject.end].gap.strip(" \"'“”’") and tokens[subject.end].key in asks
        return subject.end if cut else 0

    def _begins(self, message: Message, words: str) -> bool:
        """Whether the first word is one of those that the lexicon has under this name."""
        return message.tokens[0].key in self._lexicon.words[words]

    def _counts_off(self, message: Message) -> bool:
        """Whether an ordinal with a noun points at an item."""
        spans = self._lexicon.ordinals.longest(message)
        return any(self._lexicon.pointers.starting_at(message, s.end, ("one",)) for s in spans)

    def _asked(self, found: Found) -> Span | None:
        """The longest phrase that asks for a field."""
        message = found.message
        spans = self._schema.questions.longest(message)
        named = any(m.name.kind == "item" for m in found.mentions)
        if message.text.rstrip().endswith("?") or (named and self._begins(message, "have_openers")):
            spans += self._schema.hints.longest(message)
        pointed = covered(m for m in found.mentions if m.pointed)
        verbs = self._schema.verbs.longest(message, without=pointed)
        if verbs and self._begins(message, "have_openers"):
            return verbs[0]  # "how much does the first one weigh?"
        if not spans and message.tokens[-1].key in self._lexicon.words["stranded"] and self._asks_who(message):
            field = self._catalog.field_of("creator")
            return Span(0, 1, field.name if field else "role:creator")
        return max(spans, key=lambda s: (s.end - s.start, -s.start), default=None)

    def _only_tells(self, found: Found) -> bool:
        """Whether the message has an opinion and no mark of a question."""
        asks = found.message.text.rstrip().endswith("?") or self._begins(found.message, "have_openers")
        return not asks and any(c.scope in ("like", "dislike") for c in found.coloured)

    def _asks_who(self, message: Message) -> bool:
        return message.tokens[0].key in self._lexicon.words["who"]

    def _asks_for_all(self, message: Message) -> bool:
        """ "What's the story?": a noun for all that can be told ends the message."""
        spans = self._lexicon.intents.all(message)
        return any(s.tag == "about" and s.start and s.end == len(message.tokens) for s in spans)

    def _asked_to_describe(self, message: Message) -> Span | None:
        """A phrase that asks for all about something, behind a polite request at most: "could I get some info on"."""
        for at, token in enumerate(message.tokens):
            described = self._lexicon.intents.starting_at(message, at, ("about",))
            if described or token.key not in self._lexicon.words["requesting"]:
                return described
        return None

    def _named_behind(self, found: Found, at: int) -> bool:
        """Whether an item stands right behind a request to describe it, or nothing but a word that points."""
        light = self._lexicon.words["articles"] | self._lexicon.words["definite"]
        while at < len(found.message.tokens) and found.message.tokens[at].key in light:
            at += 1
        return any(c.what.start <= at < c.what.end and _is_item(c.what) for c in found.coloured)

    def _is_wished_anew(self, found: Found, asked: Span) -> bool:
        """ "Could we go with a different director?" wishes for another one than that of the item shown."""
        words, at = self._lexicon.words, asked.end - 1
        before = {t.key for t in found.message.tokens[max(0, at - 2) : at]}
        return bool(before & (words["same"] | words["different"])) and not self._begins(found.message, "asking_words")

    def _is_number(self, tag: str) -> bool:
        field = self._catalog.field(tag)
        return field is not None and field.kind == "number"

    def _fact(self, tag: str, items: tuple[str, ...]) -> Question:
        """The question for a field by its name, or by "role:…" where the catalog has no such field."""
        field = self._catalog.field(tag)
        flag = self._schema.values_of(tag)
        if flag:
            return Question("has", items, field=tag, value=flag[0])
        role = (field.role or "") if field else tag.removeprefix("role:")
        return Question("fact", items, role=role, field=field.name if field else "")

    def _asks_for_values(self, message: Message, asked: Span) -> bool:
        """ "What brands do you have?", "which languages are there?": what there is to choose from."""
        field = self._catalog.field(asked.tag)
        if field is None or field.kind != "category":
            return False
        offers = self._lexicon.intents.longest(message)
        return any(s.tag in ("have", "offer") and s.start >= asked.start for s in offers)

    def _opens(self, message: Message, span: Span) -> bool:
        """Whether the phrase asks: it stands near the beginning, or the message ends with a question mark."""
        return span.start <= 3 or message.text.rstrip().endswith("?") or self._begins(message, "have_openers")

    def _items(self, found: Found) -> tuple[str, ...]:
        """Ids of the items that the message names or points at; "it" counts wherever it stands."""
        positions: list[int] = []
        for mention in found.mentions:
            if mention.name.kind == "item":
                positions += [n.item for n in (mention.names if mention.several else mention.names[:1])]
        ids = tuple(dict.fromkeys(self._catalog.items[p].id for p in positions))
        if ids:
            return ids
        pointers = {span.tag for span in self._lexicon.pointers.all(found.message)}
        return self._in_focus(found) if "it" in pointers and len(found.message.tokens) < 12 else ()

    def _in_focus(self, found: Found) -> tuple[str, ...]:
        return (found.state.focus,) if found.state.focus else ()

    def _has_values(self, found: Found) -> bool:
        return any(isinstance(m.what, Mention) and m.what.name.kind != "item" for m in found.coloured)

    def _constraints(self, found: Found) -> tuple[Constraint, ...]:
        """What the values and ranges of the message ask for, as constraints of a query."""
        constraints: list[Constraint] = []
        for evidence in self._maker.make(found.message, found.coloured, replaces=False, adds=False):
            if isinstance(evidence, Wish):
                constraints.append(evidence.constraint)
            elif isinstance(evidence, Opinion) and evidence.field and evidence.value is not None:
                constraints.append(Constraint(evidence.field, "=" if evidence.liked else "!=", evidence.value))
        return tuple(constraints)

    def _count(self, found: Found) -> Question:
        """What is counted: what the message names, else, unless it names the things, all that was wished for."""
        constraints = self._constraints(found)
        if not constraints and not self._lexicon.names_things(found.message):
            constraints = tuple(found.state.constraints(self._catalog))
        return Question("count", constraints=constraints)

    def _compare(self, found: Found, items: tuple[str, ...]) -> Question | None:
        message = found.message
        spans = self._schema.compares.longest(message)
        if not spans or not self._begins(message, "compare_openers"):
            return None
        shown = found.state.last_shown
        both = items if len(items) >= 2 else shown[:2] if self._of_two(message) else (*self._in_focus(found), *items)
        pointed = any(s.tag == "it" for s in self._lexicon.pointers.all(message))
        choice = self._begins(message, "choice_openers")
        if len(items) == 1 and pointed and not choice:
            both = (*self._in_focus(found), *items)
        elif len(items) < 2 and not self._of_two(message) and not choice:
            return None
        both = shown if choice and len(items) < 2 and not self._of_two(message) else both
        both = tuple(dict.fromkeys(both if len(set(both)) >= 2 else shown))
        if len(both) < 2:
            return None
        side, name = spans[0].tag[0], spans[0].tag[1:]
        field = self._catalog.field(name)
        return Question("compare", both, role=(field.role or "") if field else "", field=name, smaller=side == "<")

    def _of_two(self, message: Message) -> bool:
        return any(t.key in self._lexicon.words["of_two"] for t in message.tokens)

    def _points(self, found: Found) -> bool:
        """Whether the items are pointed at, by no name of their own."""
        return any(s.tag == "it" for s in self._lexicon.pointers.all(found.message))

    def _is_critique(self, found: Found) -> bool:
        """ "Something cheaper than the second one" asks for others."""
        message = found.message
        spans = self._schema.critiques.longest(message)
        return bool(spans) and (self._lexicon.names_things(message) or message.tokens[0].key not in self._openers())

    def _openers(self) -> frozenset[str]:
        return self._lexicon.words["compare_openers"] | self._lexicon.words["have_openers"]

    def _unknown_field(self, message: Message) -> str:
        """The words for something that no field of the catalog holds: "what's the warranty?"; else ""."""
        span = next((s for s in self._lexicon.intents.longest(message) if s.tag == "fact_of"), None)
        if span is None or span.start > 1:
            return ""
        light = self._lexicon.words["stop"] | self._lexicon.words["pronouns"] | self._lexicon.words["articles"]
        end = span.end
        while (
            end < len(message.tokens) and message.tokens[end].key not in light and not message.tokens[end].gap.strip()
        ):
            end += 1
        rest = message.tokens[end:]
        plain = all(token.key in light for token in rest) and 0 < end - span.end <= MAX_FIELD_WORDS
        return message.words(span.end, end).lower() if plain else ""

    def _about_or_have(self, found: Found, intents: set[str], items: tuple[str, ...]) -> Question | None:
        message = found.message
        named = any(m.name.kind == "item" for m in found.mentions)
        ranged = any(isinstance(c.what, Range) for c in found.coloured)
        neutral = not any(c.scope == "seen" for c in found.coloured if "more" in intents) and not any(
            c.scope in ("like", "dislike", "refuse", "similar") for c in found.coloured
        )
        if not neutral or self._has_values(found) or ranged:
            return None
        stocked = self._lexicon.asking.tags_in(message) & {"stocked"}
        offered = self._lexicon.intents.starting_at(message, 0, ("have",))
        if named and (offered or (("have" in intents or stocked) and self._begins(message, "have_openers"))):
            return Question("have", items)
        if "about" in intents and items and not self._seen_only(found):
            return Question("about", items)
        wanted = [
            c
            for c in found.coloured
            if isinstance(c.what, Mention) and c.scope == "want" and c.what.name.kind == "item"
        ]
        if wanted or (
            named and message.text.rstrip().endswith("?") and not self._begins(message, "experience_openers")
        ):
            return Question("about", items)
        return None

    def _seen_only(self, found: Found) -> bool:
        return any(c.scope == "seen" for c in found.coloured)


def _is_item(what: Mention | Range) -> bool:
    return isinstance(what, Mention) and what.name.kind == "item"
