"""Ranges in words and digits: years, decades, prices, ratings; "between", "no older than", "the last ten years"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import numpy as np

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.text import Message, Token
from index.catalog import Catalog, FieldRole
from index.constraints import Constraint, Op

_UNIT_SIGNS = {"$": "price", "€": "price", "£": "price"}
_INVERSE: dict[Op, Op] = {
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "=": "!=",
    "!=": "=",
    "in": "not in",
    "not in": "in",
}
_DEFAULT_OP: dict[str, Op] = {"year": "=", "price": "<=", "rating": ">=", "duration": "<=", "votes": ">="}
FIRST_YEAR, LAST_YEAR = 1870, 2100


@dataclass(frozen=True, slots=True)
class Range:
    """Tokens `start` up to, not including, `end`, that say what one number field must be."""

    start: int
    end: int
    constraints: tuple[Constraint, ...]

    @property
    def field(self) -> str:
        """The field it speaks of."""
        return self.constraints[0].field

    def negated(self) -> tuple[Constraint, ...]:
        """What holds where this range does not: a bound turns round, a span is left out."""
        if len(self.constraints) == 1:
            only = self.constraints[0]
            return (Constraint(only.field, _INVERSE[only.op], only.value),)
        low, high = (int(cast(float, c.value)) for c in self.constraints)
        return (Constraint(self.field, "not in", tuple(range(low, high + 1))),)


@dataclass(frozen=True, slots=True)
class _Number:
    """A number, or a span of years such as a decade: from `low` to `high`, both included."""

    start: int
    end: int
    low: float
    high: float
    span: bool = False


class RangeReader:
    """Finds the ranges of a message for the number fields that the catalog has."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, this_year: int) -> None:
        self._catalog = catalog
        self._lexicon = lexicon
        self._this_year = this_year
        self._decades = re.compile(r"(\d{2}|\d{4})" + re.escape(lexicon.decade_mark))

    def read(self, message: Message, taken: Iterable[int] = ()) -> list[Range]:
        """The ranges in order; tokens in `taken` belong to names and are left alone."""
        used = set(taken)
        found: list[Range] = []
        for reader in (self._spans_of_words, self._betweens, self._bounds, self._vague):
            for candidate in reader(message):
                tokens = set(range(candidate.start, candidate.end))
                if not tokens & used:
                    used |= tokens
                    found.append(candidate)
        return sorted(found, key=lambda r: r.start)

    # ------------------------------------------------------------ numbers

    def _number_at(self, message: Message, at: int) -> _Number | None:
        """A year, a decade ("the early 90s"), or another number that starts at token `at`."""
        token = message.tokens[at]
        decade = self._decade(token)
        if decade is not None:
            start, low, high = at, decade, decade + 9
            for tag, (first, last) in {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}.items():
                before = self._lexicon.number_ops.ending_at(message, at, (tag,))
                if before:
                    start, low, high = before.start, decade + first, decade + last
            return _Number(start, at + 1, low, high, span=True)
        if token.number is not None:
            value = token.number
            if "'" in token.gap[-1:] or "’" in token.gap[-1:]:
                value = self._full_year(value) if value < 100 else value
            return _Number(at, at + 1, value, value)
        word = self._lexicon.number_words.get(token.key)
        return _Number(at, at + 1, word, word) if word is not None else None

    def _decade(self, token: Token) -> int | None:
        if token.key in self._lexicon.decades:
            return self._full_year(self._lexicon.decades[token.key])
        match = self._decades.fullmatch(token.key)
        return self._full_year(int(match.group(1))) // 10 * 10 if match else None

    def _full_year(self, value: float) -> int:
        if value >= 100:
            return int(value)
        return int(value) + (2000 if value < self._lexicon.century_turn else 1900)

    def _role(self, message: Message, number: _Number) -> FieldRole | None:
        """What a number is about: by its sign or unit, by a field's name before it, or because it is a year."""
        sign = _UNIT_SIGNS.get(message.tokens[number.start].gap[-1:])
        after = message.text[message.tokens[number.end - 1].end :].lstrip()[:1]
        sign = sign or _UNIT_SIGNS.get(after)
        unit = self._lexicon.units.starting_at(message, number.end)
        named = self._named_before(message, number.start)
        if number.span or (FIRST_YEAR <= number.low <= LAST_YEAR and number.low == int(number.low) and not sign):
            is_year = message.tokens[number.end - 1].number is not None or number.span
            if is_year and not (unit and unit.tag != "year"):
                return "year"
        role = sign or (unit.tag if unit and unit.tag != "year" else None) or named
        if role is None and self._is_bounded(message, number):  # "phones under 300": what else is counted is said
            return "price"
        return cast(FieldRole, role) if role else None

    def _is_bounded(self, message: Message, number: _Number) -> bool:
        digits = message.tokens[number.end - 1].number is not None
        return digits and self._lexicon.number_ops.ending_at(message, number.start, ("<", "<=", ">", ">=")) is not None

    def _named_before(self, message: Message, start: int) -> str | None:
        """The role of a field named up to three tokens before: "rating above 4"."""
        for end in range(start, max(0, start - 4), -1):
            for table in (self._lexicon.units, self._lexicon.fields):
                span = table.ending_at(message, end)
                if span and span.tag in _DEFAULT_OP and span.tag != "year":
                    return span.tag
        return None

    # ------------------------------------------------------------ forms

    def _bounds(self, message: Message) -> Iterable[Range]:
        """One number with what stands before and behind it."""
        ops = self._lexicon.number_ops
        for at in range(len(message.tokens)):
            number = self._number_at(message, at)
            field = self._field(message, number)
            if number is None or field is None:
                continue
            role = self._catalog.field(field).role or ""  # type: ignore[union-attr]
            before = ops.ending_at(message, self._skip(message, number.start), ("<", "<=", ">", ">=", "="))
            end = self._after_unit(message, number)
            behind = ops.starting_at(message, end, ("or_more", "or_less"))
            if behind and behind.end < len(message.tokens) and self._number_at(message, behind.end):
                behind = None  # "after 2010 and before 2015": the second bound is one of its own
            if (
                behind
                and behind.tag == "or_more"
                and message.tokens[behind.start].key in self._lexicon.words["on_of_years"]
                and role != "year"
            ):
                behind = None
            op = cast(Op, before.tag) if before else _DEFAULT_OP[role]
            if behind:
                op, end = (">=" if behind.tag == "or_more" else "<="), behind.end
            if before is None and behind is None and role == "year" and not self._stands_as_year(message, number):
                continue
            start = before.start if before else number.start
            yield Range(start, end, self._constraints(field, op, number))

    def _stands_as_year(self, message: Message, number: _Number) -> bool:
        return number.span or len(message.tokens[number.end - 1].key) == 4

    def _betweens(self, message: Message) -> Iterable[Range]:
        """Two numbers: "between 1994 and 1999", "1994-1999", "from the 70s to the 80s"."""
        ops = self._lexicon.number_ops
        for at in range(len(message.tokens)):
            first = self._number_at(message, at)
            if first is None or first.end >= len(message.tokens):
                continue
            before = ops.ending_at(message, self._skip(message, first.start), ("between",))
            joint = ops.starting_at(message, self._after_unit(message, first), ("to",))
            dash = message.tokens[first.end].gap.strip() in ("-", "–", "—")
            place = first.end if dash else joint.end if joint else None
            if place is None:
                continue
            second = self._second(message, place)
            joins = joint is not None and message.tokens[joint.start].key in self._lexicon.words["joins"]
            if second is None or (joins and not (dash or before)):
                continue
            field = self._field(message, second) or self._field(message, first)
            high = second.high if second.high >= 100 or first.low < 100 else first.low // 100 * 100 + second.high
            if field and first.low <= high:
                start = before.start if before else first.start
                both = (Constraint(field, ">=", _tidy(first.low)), Constraint(field, "<=", _tidy(high)))
                yield Range(start, self._after_unit(message, second), both)

    def _second(self, message: Message, place: int) -> _Number | None:
        for at in range(place, min(place + 3, len(message.tokens))):
            number = self._number_at(message, at)
            if number is not None:
                return number
            if message.tokens[at].key not in self._lexicon.words["articles"] and not self._is_part_of_decade(
                message, at
            ):
                return None
        return None

    def _is_part_of_decade(self, message: Message, at: int) -> bool:
        return self._lexicon.number_ops.starting_at(message, at, ("early", "mid", "late")) is not None

    def _spans_of_words(self, message: Message) -> Iterable[Range]:
        """Spans that name no bound: "this century", "the last ten years", "last year"."""
        field = self._catalog.field_of("year")
        if field is None:
            return
        year = self._this_year
        fixed: dict[str, tuple[tuple[Op, int], ...]] = {
            "this_century": ((">=", 2000),),
            "last_century": ((">=", 1900), ("<=", 1999)),
            "this_year": (("=", year),),
            "last_year": (("=", year - 1),),
        }
        for span in self._lexicon.number_ops.longest(message):
            if span.tag in fixed:
                yield Range(span.start, span.end, tuple(Constraint(field.name, op, v) for op, v in fixed[span.tag]))
            elif span.tag == "last_years":
                count, at = 1, span.end
                if at < len(message.tokens) and (number := self._lexicon.number_word(message.tokens[at].key)):
                    count, at = number, at + 1
                unit = self._lexicon.number_ops.starting_at(message, at, ("years", "decade"))
                if unit:
                    back = count * (10 if unit.tag == "decade" else 1)
                    yield Range(span.start, unit.end, (Constraint(field.name, ">=", year - back),))

    def _vague(self, message: Message) -> Iterable[Range]:
        """Words for a range without a number: "recent", "classic", "highly rated"."""
        for span in self._lexicon.vague.longest(message):
            role, op, value = self._lexicon.vague_rules[span.tag]
            before = message.tokens[span.start - 1].key if span.start else ""
            if before in self._lexicon.words["before_no_range"]:
                continue  # "more recent" is relative, "7 years old" an age
            field = self._catalog.field_of(cast(FieldRole, role))
            if field is not None:
                bound = self._this_year + value if role == "year" and value < 0 else value
                bound = self._quantile(field.name, value) if role == "popularity" else bound
                bound = value / 5 * self._catalog.scale(field.name) if role == "rating" else bound
                yield Range(span.start, span.end, (Constraint(field.name, cast(Op, op), _tidy(bound)),))

    # ------------------------------------------------------------ helpers

    def _quantile(self, field: str, share: float) -> float:
        """The value that this share of the items lies below."""
        return round(float(np.nanquantile(self._catalog.numbers(field), share)), 4)

    def _field(self, message: Message, number: _Number | None) -> str | None:
        role = self._role(message, number) if number else None
        field = self._catalog.field_of(role) if role else None
        return field.name if field else None

    def _skip(self, message: Message, start: int) -> int:
        """Back over articles and field words: "before the year 1990"."""
        between = self._lexicon.words["articles"] | self._lexicon.words["before_number"]
        while start > 0 and message.tokens[start - 1].key in between:
            start -= 1
        return start

    def _after_unit(self, message: Message, number: _Number) -> int:
        unit = self._lexicon.units.starting_at(message, number.end)
        return unit.end if unit else number.end

    def _constraints(self, field: str, op: Op, number: _Number) -> tuple[Constraint, ...]:
        """A bound on a span counts from its near end: before the 90s is before 1990, after them from 2000 on."""
        if op == "=" and number.span:
            return (Constraint(field, ">=", _tidy(number.low)), Constraint(field, "<=", _tidy(number.high)))
        value = number.high if op in (">", "<=") else number.low
        return (Constraint(field, op, _tidy(value)),)


def _tidy(value: float) -> int | float:
    return int(value) if float(value).is_integer() else value
