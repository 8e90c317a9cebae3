"""Numbers in digits and words: "1999", "the early 90s", "two hundred and fifty", "500g", "2k"."""

import re
from dataclasses import dataclass, replace

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.text import Message, Token

FIRST_YEAR, LAST_YEAR = 1870, 2100
"""What a number must lie between to be a year, where the catalog holds nothing earlier."""
_ATTACHED = re.compile(r"(\d+(?:[.,]\d+)?)([a-z]+)")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, or a span of years such as a decade: from `low` to `high`, both included."""

    start: int
    end: int
    low: float
    high: float
    span: bool = False
    digits: bool = True  # written in digits
    unit: str = ""  # written right behind the digits: "500g"
    first_year: int = FIRST_YEAR
    short: bool = False  # the last two digits of a year

    @property
    def told(self) -> bool:
        """Whether it is more than a small number word: in digits, or in several words ("nineteen ninety")."""
        return self.digits or self.end - self.start > 1

    @property
    def is_year(self) -> bool:
        """Whether it may be a year or a span of years."""
        whole = self.low == int(self.low)
        return self.span or (self.first_year <= self.low <= LAST_YEAR and whole and not self.unit)


class AmountReader:
    """Reads the number at a place. Stateless, so that threads may share it."""

    def __init__(self, lexicon: Lexicon, first_year: int = FIRST_YEAR) -> None:
        """`first_year` is the earliest year that the catalog holds."""
        self._lexicon = lexicon
        self._first_year = min(FIRST_YEAR, first_year)
        self._decades = re.compile(r"(\d{2}|\d{4})" + re.escape(lexicon.decade_mark))

    def at(self, message: Message, at: int) -> Amount | None:
        """A year, a decade, or another number that starts at token `at`."""
        amount = self._read(message, at)
        return replace(amount, first_year=self._first_year) if amount else None

    def _read(self, message: Message, at: int) -> Amount | None:
        token = message.tokens[at]
        decade = self._decade(message, at)
        if decade is not None:
            return decade
        if token.number is not None:
            value = token.number
            if "'" in token.gap[-1:] or "’" in token.gap[-1:]:
                value = self._full_year(value) if value < 100 else value
            scale = message.tokens[at + 1].key if at + 1 < len(message.tokens) else ""
            if scale in self._lexicon.number_scales:  # "2 thousand"
                value *= self._lexicon.number_scales[scale]
                return Amount(at, at + 2, value, value)
            return Amount(at, at + 1, value, value)
        return self._attached(token, at) or self._in_words(message, at)

    # ------------------------------------------------------------ decades

    def _decade(self, message: Message, at: int) -> Amount | None:
        """ "The 90s", "the early nineties", "nineteen eighties"."""
        token = message.tokens[at]
        century_span = self._century(message, at)
        if century_span is not None:
            return century_span
        decade, end = self._decade_of(token), at + 1
        century = self._lexicon.number_words.get(token.key, 0)
        if decade is None and 17 <= century <= 20 and end < len(message.tokens):
            tens = self._lexicon.decades.get(message.tokens[end].key)
            decade, end = (century * 100 + tens, end + 1) if tens is not None and tens < 100 else (None, end)
        if decade is None:
            return None
        start, low, high = at, decade, decade + 9
        for tag, (first, last) in {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}.items():
            before = self._lexicon.number_ops.ending_at(message, at, (tag,))
            if before:
                start, low, high = before.start, decade + first, decade + last
        return Amount(start, end, low, high, span=True)

    def _century(self, message: Message, at: int) -> Amount | None:
        """ "The 19th century", "the 1800s"; "the 2000s" is a decade."""
        span = self._lexicon.centuries.starting_at(message, at)
        if span and self._lexicon.number_ops.starting_at(message, span.end, ("century",)):
            first = 100 * (self._lexicon.century_numbers[span.tag] - 1)
            return Amount(at, span.end + 1, first, first + 99, span=True)
        match = self._decades.fullmatch(message.tokens[at].key)
        first = int(match.group(1)) if match else 0
        return Amount(at, at + 1, first, first + 99, span=True) if 100 <= first < 2000 and first % 100 == 0 else None

    def _decade_of(self, token: Token) -> int | None:
        if token.key in self._lexicon.decades:
            return self._full_year(self._lexicon.decades[token.key])
        match = self._decades.fullmatch(token.key)
        return self._full_year(int(match.group(1))) // 10 * 10 if match else None

    def _full_year(self, value: float) -> int:
        if value >= 100:
            return int(value)
        return int(value) + (2000 if value < self._lexicon.century_turn else 1900)

    # ------------------------------------------------------------ digits with a unit, words

    def _attached(self, token: Token, at: int) -> Amount | None:
        match = _ATTACHED.fullmatch(token.key)
        if match is None:
            return None
        value, unit = float(match.group(1).replace(",", ".")), match.group(2)
        if unit in self._lexicon.number_scales:
            value *= self._lexicon.number_scales[unit]
            return Amount(at, at + 1, value, value)
        return Amount(at, at + 1, value, value, unit=unit)

    def _in_words(self, message: Message, at: int) -> Amount | None:
        """ "Twenty five", "two hundred and fifty", "nineteen ninety nine" (a year)."""
        words, scales = self._lexicon.number_words, self._lexicon.number_scales
        total = current = last = 0.0
        end = at
        while end < len(message.tokens):
            key = message.tokens[end].key
            if end > at and set(message.tokens[end].gap) & set(".,;!?\n"):
                break
            value, scale = words.get(key), scales.get(key)
            if scale and (end > at or key in self._lexicon.words["bare_scales"]):
                current, total = (
                    (0.0, total + max(1.0, current) * scale) if scale >= 1000 else (max(1, current) * scale, total)
                )
                last = scale
            elif value is not None and (end == at or self._continues(last, value)):
                year = 17 <= last <= 20 and value >= 10 and current == last
                current = current * 100 + value if year else current + value
                last = value
            elif not (end > at and last >= 100 and self._joins(message, end)):
                break
            end += 1
        if end == at:
            return None
        number, end = self._with_half(message, end, total + current)
        return Amount(at, end, number, number, digits=False)

    def _with_half(self, message: Message, end: int, value: float) -> tuple[float, int]:
        """ "Three and a half"."""
        keys = [token.key for token in message.tokens[end : end + 3]]
        articles, halves = self._lexicon.words["articles"], self._lexicon.words["half"]
        joined = (
            len(keys) == 3 and keys[0] in self._lexicon.words["joins"] and keys[1] in articles and keys[2] in halves
        )
        return (value + 0.5, end + 3) if joined else (value, end)

    def _continues(self, last: float, value: float) -> bool:
        """Whether a number word goes on with the one before: "twenty five", "hundred five", "nineteen ninety"."""
        if last >= 100:
            return value < 100
        return (last >= 20 and last % 10 == 0 and value < 10) or (17 <= last <= 20 and 10 <= value < 100)

    def _joins(self, message: Message, at: int) -> bool:
        following = message.tokens[at + 1].key if at + 1 < len(message.tokens) else ""
        return message.tokens[at].key in self._lexicon.words["joins"] and following in self._lexicon.number_words
