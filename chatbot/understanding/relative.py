"""Numbers told against those of items: "20 dollars cheaper", "half the price", "newer than all of these".

What is compared with are the items that the message names or points at, else those shown last: of several the middle
one, or where all of them are meant ("than any of these") the one at the end.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import cast

from chatbot.state import DialogueState
from chatbot.understanding.amounts import Amount
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.numbers import RangeReader
from chatbot.understanding.phrases import Span
from chatbot.understanding.ranges import Range, tidy
from chatbot.understanding.schema import Schema
from chatbot.understanding.text import Message
from index.catalog import Catalog
from index.constraints import Constraint, Op

_AT_MOST = ("<", "<=")
_BOUNDS = ("<", "<=", ">", ">=")
MAX_BETWEEN_NUMBERS = 5
"""Words that may stand between a number and the one whose place it takes."""
MAX_BETWEEN = 3
"""Words that may stand between a share and what it is a share of: "half of the", "twice as"."""


class RelativeReader:
    """Turns comparisons with items into ranges. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema, ranges: RangeReader) -> None:
        self._catalog = catalog
        self._lexicon = lexicon
        self._schema = schema
        self._ranges = ranges

    def read(self, message: Message, mentions: Sequence[Mention], state: DialogueState) -> list[Range]:
        """The ranges, in order and without overlap; [] where there is no item to compare with."""
        places = self._compared_with(mentions, state)
        found = list(self._anew(message, state))
        if not places:
            return found
        readers = (self._amounts, self._shares, self._than_all)
        candidates = [one for reader in readers for one in reader(message, places)]
        for one in (*candidates, *self._betweens(message, places, mentions)):
            if all(one.end <= other.start or one.start >= other.end for other in found):
                found.append(one)
        return sorted(found, key=lambda r: r.start)

    def _anew(self, message: Message, state: DialogueState) -> Iterator[Range]:
        """ "300, not 30", "400 pages instead of 300", "from 50 to 80": a number in the place of one that was said
        bounds as that did."""
        numbers = {at: n for at in range(len(message.tokens)) if (n := self._ranges.amount(message, at)) and not n.span}
        for (first, one), (second, other) in itertools.pairwise(sorted(numbers.items())):
            between = {t.key for t in message.tokens[one.end : second]}
            swaps = between & self._lexicon.words["swapping"]
            if not swaps or second - one.end > MAX_BETWEEN_NUMBERS:
                continue
            for old, new in ((one, other), (other, one)):
                wish = next((w for w in state.wishes if w.constraint.value == old.low != new.low), None)
                if wish and self._ranges.bound_before(message, new)[0] not in _BOUNDS:
                    swap = self._lexicon.opinions.ending_at(message, first, ("swaps", "refuse", "negator"))
                    start = swap.start if swap else first
                    bound = Constraint(wish.constraint.field, wish.constraint.op, tidy(new.low))
                    yield Range(start, max(other.end, self._unit(message, other)[0]), (bound,))
                    return

    def _compared_with(self, mentions: Sequence[Mention], state: DialogueState) -> list[int]:
        """Places in the catalog of the items that are named or pointed at, else of those shown last."""
        named = [m for m in mentions if m.name.kind == "item"]
        if named:
            return [n.item for m in named for n in (m.names if m.several else m.names[:1])]
        return [self._catalog.positions[i] for i in state.last_shown if i in self._catalog.positions]

    def _values(self, field: str, places: Sequence[int]) -> list[float]:
        """The numbers that the items have in a field, the smallest first."""
        values = [self._catalog.items[place].facts.get(field) for place in places]
        return sorted(cast(list[float], [v for v in values if isinstance(v, (int, float))]))

    def _middle(self, field: str, places: Sequence[int]) -> float | None:
        values = self._values(field, places)
        return values[len(values) // 2] if values else None

    # ------------------------------------------------------------ so much more, so much less

    def _amounts(self, message: Message, places: Sequence[int]) -> Iterator[Range]:
        """ "At least ten years newer", "20 dollars less", "shorter by two weeks", "a few years older"."""
        for at in range(len(message.tokens)):
            number = self._amount(message, at)
            compared = self._comparative(message, number) if number else None
            if number is None or compared is None:
                continue
            side, field, start, end, amount = compared
            base = self._middle(field, places)
            if base is None:
                continue
            op, first = self._ranges.bound_before(message, number)
            start = min(start, self._widen(message, first))
            share = self._is_percent(message, number)
            far = amount * base / 100 if share else amount
            bare = message.tokens[end - 1].key in self._lexicon.words["more_of"] | self._lexicon.words["less_of"]
            bounds = self._beyond(side, op, field, base, far)
            yield Range(start, end, bounds[-1:] if bare else bounds)  # "up to 10 dollars more" need not be more

    def _amount(self, message: Message, at: int) -> Amount | None:
        """The number at a place; "a month" is one, "half a century" a half."""
        number = self._ranges.amount(message, at)
        if number is not None:
            return None if number.span or (number.is_year and number.digits) else number
        words, tokens = self._lexicon.words, message.tokens
        half = tokens[at].key in words["half"]
        article = at + half
        if article + 1 >= len(tokens) or tokens[article].key not in words["one_of"]:
            return None
        return Amount(at, article + 1, 0.5 if half else 1.0, 0.5 if half else 1.0, digits=False)

    def _comparative(self, message: Message, number: Amount) -> tuple[str, str, int, int, float] | None:
        """(side, field, start, end, amount) of a number with the adjective, or "more" and "less", that it goes with."""
        end, fields = self._unit(message, number)
        if not fields and not number.digits:
            return None
        vague = message.tokens[number.end - 1].key in self._lexicon.words["vague_amounts"]
        for span in (self._behind(message, end, fields), self._before(message, number)):
            if span is None:
                continue
            side, field = span.tag[0], span.tag[1:]
            factor = fields.get(field, None if fields else 1.0)
            if factor is not None:
                amount = 0.0 if vague else number.low * factor
                return side, field, min(number.start, span.start), max(end, span.end), amount
        return None

    def _unit(self, message: Message, number: Amount) -> tuple[int, dict[str, float]]:
        """Where a unit behind a number ends, and the fields it may measure with their sizes; years measure a year."""
        at = number.end
        if at < len(message.tokens) and message.tokens[at].key in self._lexicon.words["of"]:
            at += 1
        units = self._schema.unit(number.unit) if number.unit else ()
        end, behind = (at, units) if units else self._schema.units_at(message, at)
        fields = {unit.field: unit.factor for unit in behind}
        year = self._catalog.field_of("year")
        years = self._lexicon.number_ops.starting_at(message, at, ("years", "decade", "century"))
        if year and years:
            return years.end, {year.name: {"years": 1.0, "decade": 10.0, "century": 100.0}[years.tag]}
        return (end, fields) if fields else (number.end, {})

    def _behind(self, message: Message, at: int, fields: dict[str, float]) -> Span | None:
        """The comparative that follows: "newer"; "more" and "less" are of the unit before them."""
        span = self._schema.critiques.starting_at(message, at)
        if span or at >= len(message.tokens):
            return span
        key = message.tokens[at].key
        for side, words in ((">", "more_of"), ("<", "less_of")):
            if key in self._lexicon.words[words] and fields:
                return Span(at, at + 1, side + next(iter(fields)))
        return None

    def _before(self, message: Message, number: Amount) -> Span | None:
        """The comparative of "cheaper by 20 dollars"."""
        _, start = self._ranges.bound_before(message, number)
        by = start and message.tokens[start - 1].key in self._lexicon.words["differing_by"]
        return self._schema.critiques.ending_at(message, start - 1) if by else None

    def _beyond(self, side: str, op: str, field: str, base: float, far: float) -> tuple[Constraint, ...]:
        """So far beyond the base and more; with "at most" no farther, but beyond it."""
        limit = base + far if side == ">" else max(0.0, base - far)
        if op in _AT_MOST:
            inner = op if side == ">" else op.replace("<", ">")
            return self._bound(field, side, base), self._bound(field, inner, limit)
        return (self._bound(field, side if not far or op == ">" else side + "=", limit),)

    def _bound(self, field: str, op: str, limit: float) -> Constraint:
        """A bound in whole numbers where the field has no others, else to the hundredth."""
        described = self._catalog.field(field)
        whole = described is not None and described.integer
        return Constraint(field, cast(Op, op), int(limit) if whole else tidy(round(limit, 2)))

    def _is_percent(self, message: Message, number: Amount) -> bool:
        behind = message.text[message.tokens[number.end - 1].end :].lstrip()[:1] == "%"
        end = number.end
        return behind or (end < len(message.tokens) and message.tokens[end].key in self._lexicon.measures["percent"])

    def _widen(self, message: Message, start: int) -> int:
        """Over an article before the number: "a few years", "a hundred pages"."""
        return start - 1 if start and message.tokens[start - 1].key in self._lexicon.words["articles"] else start

    # ------------------------------------------------------------ shares of a number

    def _shares(self, message: Message, places: Sequence[int]) -> Iterator[Range]:
        """ "Half the price", "under half as many pages", "twice as long", "for a third of that"."""
        for span in self._lexicon.shares.longest(message):
            goal = self._share_of(message, span.end)
            base = self._middle(goal[0], places) if goal else None
            if goal is None or base is None:
                continue
            field, end = goal
            share = self._lexicon.share_values[span.tag]
            start = self._widen(message, span.start)
            bound = self._lexicon.number_ops.ending_at(message, start, _BOUNDS)
            described = self._catalog.field(field)
            smaller = share < 1 or (described is not None and described.role == "price")
            op = cast(Op, bound.tag if bound else "<=" if smaller else ">=")
            yield Range(bound.start if bound else start, end, (self._bound(field, op, share * base),))

    def _share_of(self, message: Message, at: int) -> tuple[str, int] | None:
        """The number field that a share is of, and where it ends."""
        words, tokens = self._lexicon.words, message.tokens
        linking = words["articles"] | words["of"] | words["sharing"]
        for end in range(at, min(at + MAX_BETWEEN, len(tokens))):
            for table in (self._schema.fields, self._schema.leanings, self._schema.nouns):
                span = table.starting_at(message, end)
                field = self._catalog.field(span.tag.lstrip("<>")) if span else None
                if span and field and field.kind == "number":
                    return field.name, span.end
            if tokens[end].key not in linking:
                break
        last = at
        while last < len(tokens) and tokens[last].key in linking:
            last += 1
        return (self._spoken_of(message), last) if last > at and self._spoken_of(message) else None

    def _spoken_of(self, message: Message) -> str:
        """The number field that the message speaks of elsewhere, else the price."""
        tables = (self._schema.critiques, self._schema.leanings, self._schema.orders)
        spans = [s for table in tables for s in table.longest(message)]
        price = self._catalog.field_of("price")
        return spans[0].tag[1:] if spans else price.name if price else ""

    # ------------------------------------------------------------ against several

    def _than_all(self, message: Message, places: Sequence[int]) -> Iterator[Range]:
        """ "Cheaper than all of these", "newer than any of those", "costs less than both"."""
        for table in (self._schema.critiques, self._schema.compares):
            for span in table.longest(message):
                at = span.end
                than = at < len(message.tokens) and message.tokens[at].key in self._lexicon.words["than"]
                if not than and table is self._schema.compares:
                    continue
                end = self._all_of(message, at + than)
                values = self._values(span.tag[1:], places)
                if end and values:
                    extreme = values[-1] if span.tag[0] == ">" else values[0]
                    yield Range(span.start, end, (self._bound(span.tag[1:], span.tag[0], extreme),))

    def _all_of(self, message: Message, at: int) -> int:
        """Behind words for the whole list that stand at a token; 0 where none do."""
        span = self._lexicon.pointers.starting_at(message, at, ("both", "either"))
        if span:
            return span.end
        plural = at < len(message.tokens) and message.tokens[at].key in self._lexicon.words["plural_pronouns"]
        closed = at + 1 >= len(message.tokens) or bool(message.tokens[at + 1].gap.strip())
        return at + 1 if plural and closed else 0

    def _betweens(self, message: Message, places: Sequence[int], mentions: Sequence[Mention]) -> Iterator[Range]:
        """ "Something between those two in price", "between the first and the last, by weight"."""
        named = [s for s in self._schema.fields.longest(message) if self._is_number(s.tag)]
        for span in self._lexicon.number_ops.longest(message) if named else ():
            between = message.tokens[span.end - 1].key in self._lexicon.words["between_two"]
            ends = [m.end for m in mentions if m.name.kind == "item" and m.start >= span.end]
            end = max(self._all_of(message, span.end), *ends, 0) if span.tag == "between" and between else 0
            values = self._values(named[0].tag, places)
            if end and len(values) > 1:
                field, low, high = named[0].tag, values[0], values[-1]
                yield Range(span.start, end, (self._bound(field, ">", low), self._bound(field, "<", high)))

    def _is_number(self, name: str) -> bool:
        field = self._catalog.field(name)
        return field is not None and field.kind == "number"
