"""Which items of the list a description is true of: "Nolan", "cheap brown", "from the 90s", "not waterproof"."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.names import Name
from chatbot.understanding.phrases import Span
from chatbot.understanding.ranges import Range
from chatbot.understanding.schema import Schema
from chatbot.understanding.text import Message, keys_of
from index.catalog import PEOPLE, Catalog, Item, fold
from index.constraints import Constraint, holds

Test = Callable[[Sequence[Item]], list[Item]]
"""What one part of a description leaves of some items."""


class Fitting:
    """Tests the parts of one message on `items`; `named` and `ranges` are what the message names and bounds."""

    def __init__(
        self,
        catalog: Catalog,
        lexicon: Lexicon,
        schema: Schema,
        message: Message,
        named: Sequence[Mention],
        ranges: Sequence[Range],
        items: Sequence[Item],
    ) -> None:
        self.items = items
        self._catalog = catalog
        self._words = lexicon.words
        self._schema = schema
        self._message = message
        self._parts: dict[int, list[tuple[int, Test]]] = {}
        for start, end, test in (*self._of_names(named), *self._of_ranges(ranges), *self._of_adjectives()):
            self._parts.setdefault(start, []).append((end, test))

    def whole(self, start: int, end: int, items: Sequence[Item]) -> list[Item]:
        """The items of which all the words of a stretch hold; [] where some word says nothing of them."""
        exactly = self.exact(start, end, items)
        if exactly:
            return exactly
        left, at, tested = list(items), start, False
        while at < end:
            part = self.part(at, end, left)
            if part is None and self._message.tokens[at].key not in self._light:
                return []
            tested = tested or part is not None
            at, left = part or (at + 1, left)
        return left if tested else []

    def part(self, at: int, end: int, items: Sequence[Item]) -> tuple[int, list[Item]] | None:
        """Where the longest part that begins at a token and fits some of the items ends, and those items."""
        for stop, test in sorted(self._parts.get(at, ()), key=lambda pair: -pair[0]):
            fitting = test(items) if stop <= end else []
            if fitting:
                return stop, fitting
        for stop in range(min(end, at + MAX_WORDS), at, -1):
            fitting = self.exact(at, stop, items)
            if fitting:
                return stop, fitting
        return None

    def begins(self, at: int) -> bool:
        """Whether a name, a number or an adjective begins at a token."""
        return at in self._parts

    def exact(self, start: int, end: int, items: Sequence[Item], people: bool = False) -> list[Item]:
        """The items that have these words as a value, a last name, a number or a part of the title."""
        tokens = self._message.tokens
        while start < end and tokens[start].key in self._words["articles"]:
            start += 1
        said = tuple(t.key for t in tokens[start:end])
        if not said or all(k in self._words["stop"] for k in said):
            return []
        return [i for i in items if self._has_words(said, i, people)]

    @property
    def _light(self) -> frozenset[str]:
        return self._words["articles"] | self._words["joint_words"] | self._words["degree"]

    # ------------------------------------------------------------ parts

    def _of_names(self, named: Sequence[Mention]) -> Iterator[tuple[int, int, Test]]:
        for mention in named:
            if mention.name.kind != "item":
                yield mention.start, mention.end, self._with_value(mention.names)

    def _with_value(self, names: Sequence[Name]) -> Test:
        values = {fold(v) for name in names for v in (*(name.values or (name.text,)),)}
        fields = {f for name in names for f in name.fields}
        people = {f.name for f in self._catalog.of_kind("category") if f.role in PEOPLE}
        fields |= people if fields & people else set()
        return lambda items: [i for i in items if any(fold(str(v)) in values for f in fields for v in i.values(f))]

    def _of_ranges(self, ranges: Sequence[Range]) -> Iterator[tuple[int, int, Test]]:
        for one in ranges:
            yield one.start, one.end, partial(_within, constraints=one.constraints)

    def _of_adjectives(self) -> Iterator[tuple[int, int, Test]]:
        """ "The cheapest", "the cheaper", "the cheap": the one at that end of those left."""
        for table in (self._schema.orders, self._schema.critiques, self._schema.leanings):
            for span in table.longest(self._message):
                yield span.start, span.end, partial(extreme, span=span)

    # ------------------------------------------------------------ words

    def _has_words(self, said: tuple[str, ...], item: Item, people: bool) -> bool:
        for field in self._catalog.fields:
            person = field.role in PEOPLE
            if people and not person:
                continue
            for value in item.values(field.name):
                if not isinstance(value, str):
                    if len(said) == 1 and said[0] == str(value):
                        return True
                    continue
                keys = keys_of(value) if field.kind == "category" else ()
                if keys and (keys == said or (person and keys[-len(said) :] == said)):
                    return True
        return not people and _inside(said, keys_of(item.title))


MAX_WORDS = 4
"""Words of a part of a description that nothing else was found in."""


def extreme(items: Sequence[Item], span: Span) -> list[Item]:
    """The one item at an end of a number field, by a span tagged with side and field; [] where two are equal."""
    side, field = span.tag[0], span.tag[1:]
    known = [(float(v), i) for i in items if isinstance(v := i.facts.get(field), (int, float))]
    if not known:
        return []
    end = (min if side == "<" else max)(value for value, _ in known)
    ends = [item for value, item in known if value == end]
    return ends if len(ends) == 1 else []


def _within(items: Sequence[Item], constraints: Sequence[Constraint]) -> list[Item]:
    return [item for item in items if all(holds(item, c) for c in constraints)]


def _inside(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
