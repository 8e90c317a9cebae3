"""What must hold, as a mask over the catalog. A hard wish is never outweighed by a score.

What a record cannot vouch for is not shown: an item without the fact fails a wish about it. The one exception
is a refusal outside the closed vocabulary of kinds (people, brands, keywords), where having none is a normal case.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from index.catalog import Catalog, Item, Value, fold

Op = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in"]


@dataclass(frozen=True, slots=True)
class Constraint:
    """`field op value`; the value is a tuple with `in` and `not in`, else a single one.

    On a many-valued field `=` means "has it among its values" and `!=` "does not have it". With `where` a refusal keeps
    out only what satisfies all of those as well: "no comedies from the 80s".
    """

    field: str
    op: Op
    value: Value | tuple[Value, ...]
    where: tuple["Constraint", ...] = ()

    @property
    def values(self) -> tuple[Value, ...]:
        """The value as a tuple."""
        return self.value if isinstance(self.value, tuple) else (self.value,)

    @property
    def refuses(self) -> bool:
        """Whether this excludes values rather than requiring some."""
        return self.op in ("!=", "not in")


def holds_at(catalog: Catalog, constraint: Constraint) -> np.ndarray:
    """Where one constraint holds: (n,) bool."""
    field = catalog.field(constraint.field)
    if field is None:
        raise ValueError(f"the catalog {catalog.name} has no field {constraint.field!r}")
    if constraint.where:
        refused = Constraint(constraint.field, "in", constraint.values)
        return ~np.logical_and.reduce([holds_at(catalog, c) for c in (refused, *constraint.where)])
    return _number_mask(catalog, constraint) if field.kind == "number" else _category_mask(catalog, constraint)


def mask(catalog: Catalog, constraints: Iterable[Constraint], excluded: Collection[str] = ()) -> np.ndarray:
    """Where all constraints hold and the id is not excluded: (n,) bool."""
    allowed = np.ones(len(catalog), dtype=bool)
    for constraint in constraints:
        allowed &= holds_at(catalog, constraint)
    positions = [catalog.positions[i] for i in excluded if i in catalog.positions]
    allowed[positions] = False
    return allowed


def _number_mask(catalog: Catalog, constraint: Constraint) -> np.ndarray:
    column = catalog.numbers(constraint.field)
    known = ~np.isnan(column)
    if constraint.op in ("=", "in"):
        return known & np.isin(column, np.array(constraint.values, dtype=np.float64))
    if constraint.refuses:
        return known & ~np.isin(column, np.array(constraint.values, dtype=np.float64))
    bound = float(constraint.values[0])
    compare = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}[constraint.op]
    return known & compare(column, bound)


def _category_mask(catalog: Catalog, constraint: Constraint) -> np.ndarray:
    postings = catalog.postings(constraint.field)
    having = np.zeros(len(catalog), dtype=bool)
    for value in constraint.values:
        having[postings.get(fold(str(value)), np.empty(0, dtype=np.int64))] = True
    if not constraint.refuses:
        return having
    refused = ~having
    field = catalog.field(constraint.field)
    if field is not None and field.role == "genre" and catalog.is_closed(constraint.field):
        known = np.zeros(len(catalog), dtype=bool)
        for where in postings.values():
            known[where] = True
        refused &= known
    return refused


def holds(item: Item, constraint: Constraint, closed: bool = False) -> bool:
    """The same rule for one item, read from its record alone; the slow, obvious form that tests compare with."""
    if constraint.where:
        refused = Constraint(constraint.field, "in", constraint.values)
        return not all(holds(item, c, closed) for c in (refused, *constraint.where))
    have = {fold(v) if isinstance(v, str) else v for v in item.values(constraint.field)}
    wanted = {fold(v) if isinstance(v, str) else v for v in constraint.values}
    if constraint.op in ("=", "in"):
        return bool(have & wanted)
    if constraint.refuses:
        number = any(not isinstance(v, str) for v in wanted)
        return not have & wanted and (bool(have) or not (closed or number))
    bound = next(iter(constraint.values))
    tests = {"<": lambda v: v < bound, "<=": lambda v: v <= bound, ">": lambda v: v > bound, ">=": lambda v: v >= bound}
    return bool(have) and all(tests[constraint.op](v) for v in have)
