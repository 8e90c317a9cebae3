"""What a message takes from an item that was shown or is named: "the same brand", "by her", "a different colour"."""

from collections.abc import Iterator, Sequence
from typing import cast

from chatbot.state import Evidence, Opinion, Wish
from chatbot.understanding.found import Found
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.phrases import Span
from chatbot.understanding.ranges import about
from chatbot.understanding.schema import Schema
from chatbot.understanding.text import Message
from index.catalog import PEOPLE, Catalog, Field, FieldRole, Item
from index.constraints import Constraint

_BY = {"by_creator": ("creator", "person", "performer"), "by_performer": ("performer", "creator", "person"),
       "by_person": ("person", "creator", "performer")}  # fmt: skip
"""Cues before a pronoun, and the roles of people that it may mean, the likeliest first."""
DECADE = 10


class SamenessReader:
    """Wishes for what an item has, or for anything else. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema) -> None:
        self._catalog = catalog
        self._lexicon = lexicon
        self._schema = schema

    def read(self, found: Found) -> list[Evidence]:
        """The wishes and refusals; [] where no item is shown or named, or nothing is taken from it."""
        made = list(self._makers_of_named(found))
        item = self._item(found)
        if made or item is None:
            return made
        people = list(self._people(found, item))
        return [*people, *self._fields(found, item, bool(people))]

    def _item(self, found: Found) -> Item | None:
        """The one item that the message names or points at, else the item in focus."""
        named = [m.name.item for m in found.mentions if m.name.kind == "item" and not m.several]
        return self._catalog.items[named[0]] if len(named) == 1 else self._catalog.item(found.state.focus or "")

    # ------------------------------------------------------------ people

    def _makers_of_named(self, found: Found) -> Iterator[Evidence]:
        """ "By the director of Heat": a wish for who made the item that is named there."""
        field = self._catalog.field_of("creator")
        ends = {s.end for s in self._lexicon.pointers.longest(found.message) if s.tag == "people_of"}
        for mention in found.mentions:
            if field and mention.start in ends and mention.name.kind == "item":
                made = self._wanted(self._catalog.items[mention.name.item], field)
                yield from (Wish(c, replaces=True, words=_words(found, mention)) for c in made[:1])
                return

    def _people(self, found: Found, item: Item) -> Iterator[Evidence]:
        """ "More by him", "with the same actor", "by someone else"."""
        for span in self._lexicon.pointers.longest(found.message):
            field = self._catalog.field_of(cast(FieldRole, span.tag.removeprefix("same_")))
            if span.tag.startswith("same_") and field and item.values(field.name):
                yield from self._taken(found, item, field, span, self._is_refused(found.message, span.start))
                return
        places = range(len(found.message.tokens))
        cues = (self._lexicon.cues.starting_at(found.message, at, tuple(_BY)) for at in places)
        for span in filter(None, cues):
            field = self._known(item, _BY[span.tag])
            pronoun = self._pronoun(found.message, span.end) if field else None
            if field and pronoun:
                other = pronoun.tag == "someone_else"
                refused = other or self._is_refused(found.message, span.start)
                yield from self._taken(found, item, field, Span(span.start, pronoun.end, ""), refused)
                return

    def _known(self, item: Item, roles: Sequence[str]) -> Field | None:
        """The first of the roles in which people are known of the item."""
        fields = (self._catalog.field_of(cast(FieldRole, role)) for role in roles)
        return next((f for f in fields if f and item.values(f.name)), None)

    def _pronoun(self, message: Message, at: int) -> Span | None:
        """Words for a person that stand at a token: "him", "the same guy", "someone else"."""
        return self._lexicon.pointers.starting_at(message, at, ("someone", "someone_else"))

    # ------------------------------------------------------------ any field

    def _fields(self, found: Found, item: Item, by_people: bool) -> Iterator[Evidence]:
        """ "The same brand", "from the same decade", "another language"."""
        message = found.message
        for span in self._schema.fields.longest(message):
            field, degree = self._catalog.field(span.tag), self._degree(message, span.start)
            decade = self._lexicon.number_ops.starting_at(message, span.start, ("decade",))
            if field is None or not degree or decade or (by_people and field.role in PEOPLE):
                continue
            refused = degree == "different" or self._is_refused(message, span.start - 1)
            if degree == "that" and not refused:
                continue
            if refused and self._names_other(found, field):
                continue  # "another director, Michael Mann say"
            yield from self._taken(found, item, field, Span(span.start - 1, span.end, ""), refused)
        yield from self._decade(message, item)

    def _degree(self, message: Message, at: int) -> str:
        """Whether "same" or "different" stands before a token; "the same kind of" speaks of no field."""
        before = message.tokens[at - 1].key if at else ""
        if before in self._lexicon.words["same"]:
            return "" if self._lexicon.pointers.starting_at(message, at - 1, ("alike",)) else "same"
        if before in self._lexicon.words["different"]:
            return "different"
        return "that" if before in self._lexicon.words["pointing"] else ""  # "no more of that director"

    def _names_other(self, found: Found, field: Field) -> bool:
        """Whether the message says itself which value it shall be."""
        same = {f.name for f in self._catalog.fields if f is field or (f.role in PEOPLE and field.role in PEOPLE)}
        values = [c.what.name for c in found.coloured if isinstance(c.what, Mention) and c.what.name.kind != "item"]
        return any(set(name.fields) & same for name in values)

    def _decade(self, message: Message, item: Item) -> Iterator[Evidence]:
        """ "From the same decade"."""
        field = self._catalog.field_of("year")
        year = item.facts.get(field.name) if field else None
        for span in self._lexicon.number_ops.longest(message) if isinstance(year, (int, float)) else ():
            if span.tag == "decade" and field and self._degree(message, span.start) == "same":
                first, words = int(cast(float, year)) // DECADE * DECADE, message.words(span.start - 1, span.end)
                yield Wish(Constraint(field.name, ">=", first), replaces=True, words=words)
                yield Wish(Constraint(field.name, "<=", first + DECADE - 1), words=words)

    # ------------------------------------------------------------ what is taken

    def _taken(self, found: Found, item: Item, field: Field, span: Span, refused: bool) -> Iterator[Evidence]:
        words = found.message.words(span.start, span.end)
        if not refused:
            yield from (Wish(c, replaces=not n, words=words) for n, c in enumerate(self._wanted(item, field)))
        elif field.kind == "category":
            for value in item.values(field.name):
                yield Opinion(False, field=field.name, value=str(value), words=words)
        elif field.kind == "number":
            yield from (Wish(Constraint(field.name, "!=", v), words=words) for v in item.values(field.name))

    def _wanted(self, item: Item, field: Field) -> list[Constraint]:
        """What has the same: the first value of a list, the year itself, a number about as great."""
        value = next(iter(item.values(field.name)), None)
        if value is None or field.kind not in ("category", "number"):
            return []
        if field.kind == "category" or field.role == "year":
            return [Constraint(field.name, "=", value)]
        return list(about(field, cast(float, value)))

    def _is_refused(self, message: Message, start: int) -> bool:
        """ "Not by the same author", "don't want one with her again"."""
        before = start
        while before and message.tokens[before - 1].key in self._light and not message.tokens[before].gap.strip():
            before -= 1
        opinions = self._lexicon.opinions
        wish = opinions.ending_at(message, before, ("want", "maybe_want", "like"))
        return opinions.ending_at(message, wish.start if wish else before, ("refuse", "negator")) is not None

    @property
    def _light(self) -> frozenset[str]:
        return self._lexicon.words["articles"] | self._lexicon.words["things"]


def _words(found: Found, mention: Mention) -> str:
    return found.message.words(mention.start, mention.end)
