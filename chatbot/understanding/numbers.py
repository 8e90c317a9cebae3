"""Ranges in words and digits on any number of the catalog: "between 1994 and 1999", "at least 4 stars"."""

import math
from collections.abc import Iterable, Set
from dataclasses import replace
from functools import partial
from typing import cast

import numpy as np

from chatbot.understanding.amounts import FIRST_YEAR, Amount, AmountReader
from chatbot.understanding.extents import ExtentReader
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.phrases import Span
from chatbot.understanding.ranges import BOUNDS, INVERSE, Range, about, tidy
from chatbot.understanding.schema import Schema, Unit
from chatbot.understanding.text import Message
from chatbot.understanding.vague import VagueReader
from index.catalog import Catalog, FieldRole
from index.constraints import Constraint, Op

_UNIT_SIGNS = {"$": "price", "€": "price", "£": "price"}
_OP_SIGNS: tuple[tuple[str, Op], ...] = (
    ("<=", "<="), (">=", ">="), ("≤", "<="), ("≥", ">="), ("<", "<"), (">", ">"),
)  # fmt: skip
_BEFORE = (*BOUNDS, "=", "about", "within", "plain")
_DEFAULT_OP: dict[str, Op] = {"price": "<=", "rating": ">=", "duration": "<=", "votes": ">="}
MAX_NEGATED = 7
"""Words that may stand between a negation and the bound that it turns round."""
MIN_SHORT_YEAR = 30
"""The least two digits that may be a year of the last century."""
MIN_YEAR = 1000
"""No smaller number is taken for a year, whatever the catalog holds."""


class RangeReader:
    """Finds the ranges of a message for the number fields that the catalog has."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema, this_year: int) -> None:
        self._catalog = catalog
        self._lexicon = lexicon
        self._schema = schema
        self._this_year = this_year
        year = catalog.field_of("year")
        earliest = float(np.nanmin(catalog.numbers(year.name), initial=FIRST_YEAR)) if year else FIRST_YEAR
        self._extents = ExtentReader(catalog, lexicon)
        self._vague = VagueReader(catalog, lexicon, schema, this_year)
        self._amounts = AmountReader(lexicon, max(MIN_YEAR, int(earliest)))

    def read(self, message: Message, taken: Iterable[int] = ()) -> list[Range]:
        """The ranges in order; tokens in `taken` belong to names and are left alone."""
        used = set(taken)
        found: list[Range] = []
        for reader in (
            self._extents_of,
            self._spans_of_words,
            self._betweens,
            partial(self._bounds, names=set(taken)),
            self._vague.read,
        ):
            for candidate in reader(message):
                tokens = set(range(candidate.start, candidate.end))
                if not tokens & used:
                    used |= tokens
                    found.append(candidate)
        return sorted(found, key=lambda r: r.start)

    def amount(self, message: Message, at: int) -> Amount | None:
        """The number at a place; "a kilo" is one, "half an hour" a half."""
        amount = self._amounts.at(message, at)
        if amount is not None:
            return amount
        words, tokens = self._lexicon.words, message.tokens
        half = tokens[at].key in words["half"]
        article = at + half
        if article >= len(tokens) or tokens[article].key not in words["one_of"]:
            return None
        measured = self._schema.units_at(message, article + 1)[1]
        told = self._lexicon.number_ops.ending_at(message, at, BOUNDS) or self._compared(message, at)
        bounded = half or told is not None
        value = 0.5 if half else 1.0
        return Amount(at, article + 1, value, value, digits=False) if measured and bounded else None

    # ------------------------------------------------------------ which field a number is about

    def _unit_of(self, message: Message, number: Amount | None) -> Unit | None:
        """The field that a number is about, and the size of its unit: by sign, by unit, because it is a year, by the
        field's name before it; what is only bounded is a price."""
        if number is None:
            return None
        if self._counts_off(message, number):
            return None
        signed = self._signed(message, number)
        if signed:
            return Unit(signed, 1.0)
        units = self._schema.unit(number.unit) if number.unit else self._schema.units_at(message, number.end)[1]
        named = self._named_before(message, number)
        year = self._catalog.field_of("year")
        units = tuple(unit for unit in units if year is None or unit.field != year.name)
        if units:
            return next((unit for unit in units if unit.field == named), units[0])
        if number.is_year and year and (number.told or number.span) and named in ("", year.name):
            return Unit(year.name, 1.0)
        if number.unit or number.span:
            return None
        if named and (year is None or named != year.name):
            return Unit(named, 1.0)
        if year and self._is_short_year(message, number):
            return Unit(year.name, 1.0)
        return self._unnamed(message, number)

    def _counts_off(self, message: Message, number: Amount) -> bool:
        """ "In week two", "page 100": the number of one of several, no amount of them."""
        at = number.start - 1
        if at < 0 or message.tokens[number.start].gap.strip() or self._lexicon.is_plural(message.tokens[at].key):
            return False
        end, units = self._schema.units_at(message, at)
        plain = {f.name for f in self._catalog.of_kind("number") if f.role in (None, "duration")}
        return end == number.start and any(unit.field in plain for unit in units)

    def _unnamed(self, message: Message, number: Amount) -> Unit | None:
        """The field of a number that only has a bound: a price, else what fits the scale of the ratings."""
        price, rating = self._catalog.field_of("price"), self._catalog.field_of("rating")
        open_end = message.text[message.tokens[number.end - 1].end :][:1] == "+"
        if price and self._is_bounded(message, number):
            return Unit(price.name, 1.0)
        fits = rating is not None and number.low <= self._catalog.scale(rating.name)
        if price or not fits or rating is None or not (open_end or self._is_bounded(message, number)):
            return None
        return Unit(rating.name, 1.0)

    def _is_short_year(self, message: Message, number: Amount) -> bool:
        """ "From 94": two digits behind a word that years stand behind."""
        before = message.tokens[number.start - 1].key if number.start else ""
        last = number.end == len(message.tokens) or message.tokens[number.end].key not in self._lexicon.words["things"]
        two = number.digits and len(message.tokens[number.start].key) == 2 and number.low >= MIN_SHORT_YEAR
        return two and last and before in self._lexicon.words["before_short_year"]

    def _bare(self, message: Message, first: Amount, second: Amount) -> Unit | None:
        """ "Between 20 and 40": of what nothing is said of, it is the price."""
        price = self._catalog.field_of("price")
        noun = message.tokens[second.end].key if second.end < len(message.tokens) else ""
        told = first.told and second.told and noun not in self._lexicon.words["things"]
        return Unit(price.name, 1.0) if price and told else None

    def _signed(self, message: Message, number: Amount) -> str:
        before = message.tokens[number.start].gap.rstrip()[-1:]
        after = message.text[message.tokens[number.end - 1].end :].lstrip()[:1]
        role = _UNIT_SIGNS.get(before) or _UNIT_SIGNS.get(after)
        field = self._catalog.field_of(cast(FieldRole, role)) if role else None
        return field.name if field else ""

    def _is_bounded(self, message: Message, number: Amount) -> bool:
        """Whether a bare number has a bound: "phones under 300"; what else is counted is said."""
        noun = message.tokens[number.end].key if number.end < len(message.tokens) else ""
        counts = noun in self._lexicon.words["things"]
        return number.told and not counts and self.bound_before(message, number)[0] in BOUNDS

    def _named_before(self, message: Message, number: Amount) -> str:
        """A number field named before: "rating above 4", "lighter than 300"; "" where none is."""
        at = self._skip(message, number.start)
        compared = self._schema.critiques.ending_at(message, at - 1) if self._compared(message, at) else None
        if compared is not None:
            return compared.tag[1:]
        end = self.bound_before(message, number)[1]
        between = self._lexicon.words["between_field_and_bound"] | self._lexicon.words["articles"]
        while end > 0 and message.tokens[end - 1].key in between and "," not in message.tokens[end].gap:
            end -= 1
        span = self._schema.fields.ending_at(message, end)
        described = self._catalog.field(span.tag) if span else None
        return described.name if described and described.kind == "number" else ""

    # ------------------------------------------------------------ forms

    def _bounds(self, message: Message, names: Set[int] = frozenset()) -> Iterable[Range]:
        """One number with what stands before and behind it. `names` are tokens of names, which a negation that goes on
        to the bound does not pass."""
        turned = 0  # where the last bound that was turned round ends
        for at in range(len(message.tokens)):
            number = self.amount(message, at)
            unit = self._unit_of(message, number)
            if number is None or unit is None or (at and number.start == at and self._inside_number(message, at)):
                continue
            role = self._role(unit.field)
            if role == "year" and self._is_short_year(message, number):
                number = replace(number, low=number.low + 1900, high=number.high + 1900, short=True)
            before, start = self.bound_before(message, number)
            if role != "year" and message.tokens[start].key in self._lexicon.words["time_later"]:
                continue  # "gave up on it after thirty pages" tells how far one came
            behind, end = self._bound_behind(message, number, role)
            if role == "year" and self._is_of_life(message, number):
                yield from self._since_life(message, number, unit)
                continue
            op = before or behind or self._usual_op(message, start, unit.field, role)
            if not before and not behind and role == "year" and not self._stands_as_year(message, number):
                continue
            denied = bool(before) and message.tokens[start].key in self._lexicon.words["inverting"]
            if self._schema.critiques.starting_at(message, end):
                continue  # "20 dollars cheaper" than something
            negation = self._negation(message, start, names, turned) if op in BOUNDS and not denied else None
            if negation is not None:
                op, start, turned, denied = INVERSE[cast(Op, op)], negation, end, True
            yield Range(start, end, self._constraints(unit, op, number, role), denied)

    def _negation(self, message: Message, start: int, names: Set[int], turned: int) -> int | None:
        """Where a negation begins whose verb goes on to the bound at `start`: "it shouldn't weigh more than", "nothing
        that costs over"; `start` itself behind "or" where the bound before was turned round; else None."""
        tokens, words = message.tokens, self._lexicon.words
        if turned and start == turned + 1 and tokens[turned].key in words["alternatives"]:
            return start
        for at in range(start - 1, max(-1, start - 1 - MAX_NEGATED), -1):
            if at in names or set(tokens[at + 1].gap) & set(".,;:!?\n") or tokens[at].key in words["clause_openers"]:
                return None
            if tokens[at].key in words["negations"]:
                between = {token.key for token in tokens[at + 1 : start]}
                asked = tokens[at + 1].key in words["asked_subjects"] or (at and tokens[at - 1].key in words["why"])
                return None if asked or between & words["permitting"] else at
        return None

    def _is_of_life(self, message: Message, number: Amount) -> bool:
        """Whether a year tells of the person and not of things: "I was born in 1987"."""
        beside = message.tokens[max(0, number.start - MAX_NEGATED) : number.end + 1]
        return any(token.key in self._lexicon.words["life"] for token in beside)

    def _since_life(self, message: Message, number: Amount, unit: Unit) -> Iterable[Range]:
        """What is asked for by a year of life: "from before that", "before I was born (1982)"."""
        for span in self._lexicon.number_ops.longest(message):
            behind = message.tokens[span.end].key if span.end < len(message.tokens) else ""
            if span.tag in BOUNDS and behind in self._lexicon.words["own"] | self._lexicon.words["pointing_back"]:
                yield Range(span.start, span.end + 1, self._constraints(unit, span.tag, number, "year"))

    def _inside_number(self, message: Message, at: int) -> bool:
        """Whether the token before begins a number that goes on to this one: "two hundred"."""
        return any((n := self.amount(message, b)) is not None and n.end > at for b in range(max(0, at - 4), at))

    def bound_before(self, message: Message, number: Amount) -> tuple[str, int]:
        """The operator before a number, as a word or sign, and where it begins; "" where there is none."""
        gap = message.tokens[number.start].gap
        sign = next((op for text, op in _OP_SIGNS if text in gap), None)
        if sign:
            return sign, number.start
        at = self._skip(message, number.start)
        compared = self._compared(message, at)
        span = self._lexicon.number_ops.ending_at(message, at, _BEFORE)
        if span is None and compared is None:
            return "", number.start
        op, start = compared or (span.tag, span.start)  # type: ignore[union-attr]
        if start and op in BOUNDS and message.tokens[start - 1].key in self._lexicon.words["inverting"]:
            return INVERSE[cast(Op, op)], start - 1  # "nothing over 50"
        return ("", start) if op == "plain" else (op, start)

    def _compared(self, message: Message, at: int) -> tuple[Op, int] | None:
        """ "Lighter than 300 g": the operator, and where the comparative begins."""
        if not at or message.tokens[at - 1].key not in self._lexicon.words["than"]:
            return None
        span = self._schema.critiques.ending_at(message, at - 1)
        return (cast(Op, span.tag[0]), span.start) if span else None

    def _bound_behind(self, message: Message, number: Amount, role: str) -> tuple[str, int]:
        """The operator behind a number and its unit, and where it ends."""
        end = self._after_unit(message, number)
        if message.text[message.tokens[number.end - 1].end :][:1] == "+":
            return ">=", end
        behind = self._lexicon.number_ops.starting_at(message, end, ("or_more", "or_less"))
        if behind is None:
            return "", end
        if behind.end < len(message.tokens) and self.amount(message, behind.end):
            return "", end  # "after 2010 and before 2015": the second bound is one of its own
        if behind.end < len(message.tokens) and message.tokens[behind.end].key in self._lexicon.words["than"]:
            return "", end  # "at most 300 pages and newer than 1990"
        if message.tokens[behind.start].key in self._lexicon.words["on_of_years"] and role != "year":
            return "", end
        return (">=" if behind.tag == "or_more" else "<="), behind.end

    def _usual_op(self, message: Message, start: int, field: str, role: str) -> str:
        """What a bare number bounds: a price from above, a rating from below; "in four weeks" is in at most so many."""
        before = {message.tokens[at].key for at in (start, max(0, start - 1))}
        timed = bool(before & self._lexicon.words["in_time"]) and self._schema.is_time(field)
        return "<=" if timed else _DEFAULT_OP.get(role, "=")

    def _stands_as_year(self, message: Message, number: Amount) -> bool:
        return (
            number.span
            or number.short
            or (number.told and len(message.tokens[number.end - 1].key) == 4)
            or not number.digits
        )

    def _betweens(self, message: Message) -> Iterable[Range]:
        """Two numbers: "between 1994 and 1999", "1994-1999", "from the 70s to the 80s"."""
        ops = self._lexicon.number_ops
        for at in range(len(message.tokens)):
            first = self.amount(message, at)
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
            unit = self._unit_of(message, second) or self._unit_of(message, first)
            unit = unit or (self._bare(message, first, second) if before else None)
            high = second.high if second.high >= 100 or first.low < 100 else first.low // 100 * 100 + second.high
            if unit and first.low <= high:
                start = before.start if before else first.start
                low = Constraint(unit.field, ">=", tidy(first.low * unit.factor))
                both = (low, Constraint(unit.field, "<=", tidy(high * unit.factor)))
                yield Range(start, self._after_unit(message, second), both)

    def _second(self, message: Message, place: int) -> Amount | None:
        for at in range(place, min(place + 3, len(message.tokens))):
            number = self.amount(message, at)
            if number is not None:
                return number
            if message.tokens[at].key not in self._lexicon.words["articles"] and not self._is_part_of_decade(
                message, at
            ):
                return None
        return None

    def _is_part_of_decade(self, message: Message, at: int) -> bool:
        return self._lexicon.number_ops.starting_at(message, at, ("early", "mid", "late")) is not None

    def _extents_of(self, message: Message) -> Iterable[Range]:
        """What a thing must be fit for: "for four players", "for a six year old"."""
        for start, end, constraints in self._extents.read(message):
            yield Range(start, end, constraints)

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
            "this_decade": ((">=", year // 10 * 10),),
        }
        for span in self._lexicon.number_ops.longest(message):
            if span.tag in fixed and self._is_of_things(message, span):
                yield Range(span.start, span.end, tuple(Constraint(field.name, op, v) for op, v in fixed[span.tag]))
            elif span.tag == "last_years":
                count, at = 1.0, span.end
                if at < len(message.tokens) and (number := self.amount(message, at)):
                    count, at = number.low, number.end
                unit = self._lexicon.number_ops.starting_at(message, at, ("years", "decade"))
                if unit:
                    back = int(count) * (10 if unit.tag == "decade" else 1)
                    yield Range(span.start, unit.end, (Constraint(field.name, ">=", year - back),))
        yield from self._ages(message, field.name)

    def _is_of_things(self, message: Message, span: Span) -> bool:
        """Whether "this year" says when things came out, and not when something was done: "I read a lot this year"."""
        if not span.tag.startswith(("this_year", "last_year")) or not span.start:
            return True
        before = message.tokens[span.start - 1].key
        plain = self._lexicon.number_ops.ending_at(message, span.start, ("plain", *BOUNDS))
        things = before in self._lexicon.words["things"] or self._lexicon.is_plural(before)
        return bool(plain) or things or message.starts_sentence(span.start)

    def _ages(self, message: Message, field: str) -> Iterable[Range]:
        """ "No older than 20 years", "less than ten years old": an age where the field holds years."""
        for at in range(len(message.tokens)):
            number = self.amount(message, at)
            if number is None or number.is_year:
                continue
            unit = self._lexicon.number_ops.starting_at(message, number.end, ("years",))
            op, start = self.bound_before(message, number)
            if unit is None or op not in BOUNDS:
                continue
            old = self._lexicon.number_ops.starting_at(message, unit.end, ("old",))
            ages = {message.tokens[i].key for i in range(start, number.start)} & self._lexicon.words["of_age"]
            year = self._this_year - int(number.low)
            if old:  # "less than ten years old"
                yield Range(start, old.end, (Constraint(field, cast(Op, _mirrored(op)), year),))
            elif ages:  # "no older than 20 years": older counts back already
                yield Range(start, unit.end, (Constraint(field, cast(Op, op), year),))

    # ------------------------------------------------------------ helpers

    def _role(self, field: str) -> str:
        described = self._catalog.field(field)
        return (described.role or "") if described else ""

    def _skip(self, message: Message, start: int) -> int:
        """Back over articles and field words: "before the year 1990"."""
        between = self._lexicon.words["articles"] | self._lexicon.words["before_number"]
        while start > 0 and message.tokens[start - 1].key in between:
            start -= 1
        return start

    def _after_unit(self, message: Message, number: Amount) -> int:
        return number.end if number.unit else self._schema.units_at(message, number.end)[0]

    def _constraints(self, unit: Unit, op: str, number: Amount, role: str) -> tuple[Constraint, ...]:
        """A bound on a span counts from its near end: before the 90s is before 1990, after them from 2000 on."""
        low, high = number.low * unit.factor, number.high * unit.factor
        described = self._catalog.field(unit.field)
        if op == "about" and not number.span and described:
            return about(described, low)
        if op in ("=", "about") and number.span:
            return (Constraint(unit.field, ">=", tidy(low)), Constraint(unit.field, "<=", tidy(high)))
        if op == "within":
            op = "<=" if role != "year" else "="
        value = high if op in (">", "<=") else low
        if described and described.integer and unit.factor != 1:  # two months are eight weeks
            value = math.floor(value) if op in (">", "<=") else math.ceil(value) if op in ("<", ">=") else round(value)
        return (Constraint(unit.field, cast(Op, op), tidy(value)),)


def _mirrored(op: str) -> str:
    """The bound on a year that one on an age is."""
    return {"<": ">", "<=": ">=", ">": "<", ">=": "<="}[op]
