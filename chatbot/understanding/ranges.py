"""What one number field must be, as a message says it."""

from dataclasses import dataclass
from typing import cast

from index.catalog import Field
from index.constraints import Constraint, Op

INVERSE: dict[Op, Op] = {
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "=": "!=",
    "!=": "=",
    "in": "not in",
    "not in": "in",
}
BOUNDS = ("<", "<=", ">", ">=")
MAX_LEFT_OUT = 300
"""A span of at most this many whole numbers can be refused."""
ABOUT = {"year": 2.0}
ABOUT_SHARE = 0.2
"""How far off "around" a number may be: in years, or as a share of the number."""


@dataclass(frozen=True, slots=True)
class Range:
    """Tokens `start` up to, not including, `end`, that say what one number field must be."""

    start: int
    end: int
    constraints: tuple[Constraint, ...]
    denied: bool = False  # said as what it shall not be: "not under 100"
    vague: bool = False  # a word without a number: "old"

    @property
    def field(self) -> str:
        """The field it speaks of."""
        return self.constraints[0].field

    @property
    def bounded(self) -> bool:
        """Whether it says how much at most or at least."""
        return len(self.constraints) == 1 and self.constraints[0].op in BOUNDS

    def negated(self) -> tuple[Constraint, ...]:
        """What holds where this range does not: a bound turns round, a span is left out; of two fields, nothing."""
        if len({c.field for c in self.constraints}) > 1:
            return ()
        if len(self.constraints) == 1:
            only = self.constraints[0]
            return (Constraint(only.field, INVERSE[only.op], only.value),)
        low, high = (int(cast(float, c.value)) for c in self.constraints)
        if high - low >= MAX_LEFT_OUT:
            return (Constraint(self.field, "<", low),)
        return (Constraint(self.field, "not in", tuple(range(low, high + 1))),)


def about(field: Field, value: float) -> tuple[Constraint, Constraint]:
    """ "Around 300": the bounds that a number near this one lies between."""
    off = ABOUT.get(field.role or "", ABOUT_SHARE * value)
    return Constraint(field.name, ">=", tidy(value - off)), Constraint(field.name, "<=", tidy(value + off))


def tidy(value: float) -> int | float:
    """A number as it is written: whole where it is whole, else to four places."""
    value = round(value, 4)
    return int(value) if float(value).is_integer() else value
