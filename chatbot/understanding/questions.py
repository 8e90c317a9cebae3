"""Questions about items, about the catalog, and about what the bot believes."""

from chatbot.state import Opinion, Wish
from chatbot.understanding.evidence import EvidenceMaker
from chatbot.understanding.found import Found
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.numbers import Range
from chatbot.understanding.phrases import Span
from chatbot.understanding.reading import Question
from chatbot.understanding.text import Message
from index.catalog import Catalog
from index.constraints import Constraint


class QuestionReader:
    """Recognises a question and what it is about. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, maker: EvidenceMaker) -> None:
        self._catalog = catalog
        self._lexicon = lexicon
        self._maker = maker

    def read(self, found: Found) -> Question | None:
        """The question of the message, or None where it asks none."""
        message = found.message
        if not message.tokens:
            return None
        intents = {span.tag for span in self._lexicon.intents.all(message)}
        items = self._items(found)
        if "profile" in intents:
            return Question("profile")
        if any(s.tag == "people_of" for s in self._lexicon.pointers.longest(message)):
            return None
        asked = self._longest(message)
        if "count" in intents and not (asked and asked.tag in ("votes", "price", "rating", "duration") and items):
            return self._count(found)
        if "compare" in intents and (len(items) > 1 or len(found.state.last_shown) > 1):
            return Question("about", items if len(items) > 1 else found.state.last_shown[:2])
        compare = self._compare(found, items)
        if compare:
            return compare
        if "why" in intents and self._begins(message, "why_openers"):
            return Question("why", items or self._in_focus(found))
        if not items and self._counts_off(message):  # "the second one", of a list of one
            return Question("fact") if asked else None
        vague = not items and self._lexicon.names_things(message)  # "any good films?" is about none of them
        if asked and self._opens(message, asked) and (items or not self._has_values(found)) and not vague:
            return Question("fact", items or self._in_focus(found), role=asked.tag)
        yes_no = self._yes_no(found, items)
        if yes_no:
            return yes_no
        return self._about_or_have(found, intents, items)

    # ------------------------------------------------------------ parts

    def _begins(self, message: Message, words: str) -> bool:
        """Whether the first word is one of those that the lexicon has under this name."""
        return message.tokens[0].key in self._lexicon.words[words]

    def _counts_off(self, message: Message) -> bool:
        """Whether an ordinal with a noun points at an item."""
        spans = self._lexicon.ordinals.longest(message)
        return any(self._lexicon.pointers.starting_at(message, s.end, ("one",)) for s in spans)

    def _longest(self, message: Message) -> Span | None:
        return max(self._lexicon.questions.longest(message), key=lambda s: (s.end - s.start, -s.start), default=None)

    def _opens(self, message: Message, span: Span) -> bool:
        """Whether the phrase asks: it stands near the beginning, or the message ends with a question mark."""
        return span.start <= 3 or message.text.rstrip().endswith("?")

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
        constraints = self._constraints(found)
        return Question("count", constraints=constraints)

    def _compare(self, found: Found, items: tuple[str, ...]) -> Question | None:
        message = found.message
        spans = self._lexicon.comparisons.longest(message)
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
        smaller = any(s.tag == "smaller" for s in self._lexicon.smaller.longest(message))
        return Question("compare", both, role=spans[0].tag, smaller=smaller)

    def _of_two(self, message: Message) -> bool:
        return any(t.key in self._lexicon.words["of_two"] for t in message.tokens)

    def _yes_no(self, found: Found, items: tuple[str, ...]) -> Question | None:
        """ "Is the first one a comedy?", "Does it star Tom Hanks?" """
        message = found.message
        if not self._begins(message, "yes_no_openers"):
            return None
        pointed = any(s.tag == "it" for s in self._lexicon.pointers.all(message))
        if not items and any(s.tag == "both" for s in self._lexicon.pointers.all(message)):
            items = found.state.last_shown
        if not items:
            lost = (
                pointed and len(message.tokens) > 1 and message.tokens[1].key in self._lexicon.words["object_pronouns"]
            )
            return Question("has") if lost and found.coloured else None
        values = [c.what for c in found.coloured if isinstance(c.what, Mention) and c.what.name.kind != "item"]
        if len(items) > 1 and values:
            return Question("has", items, field=self._maker.field_of(message, values[0]), value=values[0].name.text)
        if len(items) > 1:
            asks = message.text.rstrip().endswith("?") and not self._begins(message, "experience_openers")
            return Question("about", items[1:]) if asks else None
        for one in found.coloured:
            if isinstance(one.what, Mention) and one.what.name.kind != "item":
                name = one.what.name
                return Question("has", items, field=self._maker.field_of(message, one.what), value=name.text)
            if isinstance(one.what, Range):
                return Question("fact", items, role="year")
        return None

    def _about_or_have(self, found: Found, intents: set[str], items: tuple[str, ...]) -> Question | None:
        message = found.message
        named = any(m.name.kind == "item" for m in found.mentions)
        ranged = any(isinstance(c.what, Range) for c in found.coloured)
        neutral = not any(c.scope == "seen" for c in found.coloured if "more" in intents) and not any(
            c.scope in ("like", "dislike", "refuse", "similar") for c in found.coloured
        )
        if not neutral or self._has_values(found) or ranged:
            return None
        if "have" in intents and named and self._begins(message, "have_openers"):
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
