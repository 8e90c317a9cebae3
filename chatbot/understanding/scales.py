"""Values that have an order: "easier" than advanced is beginner or intermediate, "two sizes larger" than S is L.

Which words make a scale stands in the language's table [[scales]]; a field of the catalog has an order where all its
values are words of one scale.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chatbot.state import DialogueState
from chatbot.understanding.lexicon import Lexicon, Quantity, Scale
from chatbot.understanding.mentions import Mention
from chatbot.understanding.names import Name
from chatbot.understanding.phrases import Phrases, Span
from chatbot.understanding.schema import Schema, field_words, forms_of, made
from chatbot.understanding.text import Message
from index.catalog import Catalog, Field, Item

MIN_VALUES = 2


@dataclass(frozen=True)
class Ordered:
    """A category field whose values have an order. `ranks` gives the place of each value, as the catalog writes it,
    the lowest first."""

    field: str
    scale: Scale
    ranks: Mapping[str, int]

    def of(self, item: Item) -> int | None:
        """The place of an item's value; None where it has none."""
        return next((self.ranks[str(v)] for v in item.values(self.field) if str(v) in self.ranks), None)

    def at(self, rank: int) -> tuple[str, ...]:
        """The values at a place."""
        return tuple(v for v, r in self.ranks.items() if r == rank)

    def beyond(self, rank: int, side: str) -> tuple[str, ...]:
        """The values that are higher (">") or lower ("<") than a place; those at the end where there are none."""
        found = tuple(v for v, r in self.ranks.items() if (r > rank if side == ">" else r < rank))
        return found or self.end(side)

    def next_to(self, rank: int, side: str) -> tuple[str, ...]:
        """The values one step higher or lower; those at the end where there are none."""
        places = [self.ranks[v] for v in self.beyond(rank, side)]
        return self.at(min(places) if side == ">" else max(places))

    def end(self, side: str) -> tuple[str, ...]:
        """The highest or the lowest values."""
        return self.at((max if side == ">" else min)(self.ranks.values()))


class ScaleReader:
    """Finds comparisons on ordered fields as mentions of their values. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema) -> None:
        self._catalog = catalog
        self._lexicon = lexicon
        self._schema = schema
        found = (_ordered(catalog, field, lexicon) for field in catalog.of_kind("category"))
        self._fields = {one.field: one for one in found if one is not None}
        self._phrases = Phrases(self._table())

    def read(self, message: Message, named: Sequence[Mention], state: DialogueState) -> list[Mention]:
        """The mentions in order. Comparisons are made with the item that is named or spoken of, else with the first of
        the list; where there is none, they mean the end of the scale."""
        if not self._fields:
            return []
        item = self._compared_with(named, state)
        return [self._mention(span, item) for span in self._phrases.longest(message)]

    def _compared_with(self, named: Sequence[Mention], state: DialogueState) -> Item | None:
        items = [m.name.item for m in named if m.name.kind == "item"]
        return self._catalog.items[items[0]] if items else self._catalog.item(state.focus or "")

    def _mention(self, span: Span, item: Item | None) -> Mention:
        kind, side, name = span.tag.split(" ", 2)
        ordered = self._fields[name]
        rank = ordered.of(item) if item else None
        values = self._values(ordered, kind, side, rank)
        said = Name("closed", values[0] if len(values) == 1 else "", 1.0, fields=(name,), values=values, any_of=True)
        return Mention(span.start, span.end, (said,))

    def _values(self, ordered: Ordered, kind: str, side: str, rank: int | None) -> tuple[str, ...]:
        if kind == "at":
            return ordered.at(int(side))
        if kind == "modest":
            return tuple(v for v in ordered.ranks if v not in ordered.end(">" if side == "<" else "<"))
        if rank is None or kind == "end":
            return ordered.end(side)
        return ordered.next_to(rank, side) if kind == "next" else ordered.beyond(rank, side)

    # ------------------------------------------------------------ phrases

    def _table(self) -> dict[str, list[str]]:
        """Phrases by a tag of kind, side and field: "beyond < level"."""
        table: dict[str, list[str]] = {}
        known: set[str] = set()
        for text, tag in self._texts():
            if text not in known:
                known.add(text)
                table.setdefault(tag, []).append(text)
        return table

    def _texts(self) -> Iterator[tuple[str, str]]:
        for name, ordered in self._fields.items():
            for quantity in self._quantities(name, ordered):
                yield from self._adjectives(name, quantity)
            for degree, side in (("field_more", ">"), ("field_less", "<")):
                for text in self._schema.names_of(name):
                    yield from ((p.format(text), f"beyond {side} {name}") for p in self._lexicon.degrees[degree])
            for side, steps in ((">", "steps_up"), ("<", "steps_down")):
                yield from ((text, f"next {side} {name}") for text in self._lexicon.degrees[steps])
            own = {v.casefold() for v in ordered.ranks}
            for text, rank in ordered.scale.places.items():
                if text not in own and ordered.at(rank):
                    yield text, f"at {rank} {name}"

    def _adjectives(self, name: str, quantity: Quantity) -> Iterator[tuple[str, str]]:
        degrees = self._lexicon.degrees
        for side, other, texts in ((">", "<", quantity.up), ("<", ">", quantity.down)):
            for forms in map(forms_of, texts):
                yield from made(degrees["more"], forms, f"beyond {side} {name}")
                yield from made(degrees["less"], forms, f"beyond {other} {name}")
                yield from made((*degrees["most"], *degrees["rather"]), forms, f"end {side} {name}")
                yield from made(degrees["least"], forms, f"end {other} {name}")
                yield from made(degrees["modest"], forms, f"modest {other} {name}")

    def _quantities(self, name: str, ordered: Ordered) -> Iterator[Quantity]:
        """What is said of the field, by its name, else by its scale; nothing that is said of a number field."""
        field = self._catalog.field(name)
        words = set(field_words(field)) if field else set()
        table = self._lexicon.quantities
        by_name = [q for q in table.values() if words & set(q.names)]
        by_scale = [table[ordered.scale.quantity]] if ordered.scale.quantity in table else []
        yield from (q for q in (by_name or by_scale) if not self._schema.measures(q))
        if not by_name or by_name == by_scale:
            yield Quantity(up=ordered.scale.up, down=ordered.scale.down)


def _ordered(catalog: Catalog, field: Field, lexicon: Lexicon) -> Ordered | None:
    spellings = catalog.spellings(field.name)
    if len(spellings) < MIN_VALUES:
        return None
    for scale in lexicon.scales:
        ranks = {written: scale.places[key] for key, written in spellings.items() if key in scale.places}
        if len(ranks) == len(spellings) and len(set(ranks.values())) >= MIN_VALUES:
            return Ordered(field.name, scale, dict(sorted(ranks.items(), key=lambda pair: pair[1])))
    return None
