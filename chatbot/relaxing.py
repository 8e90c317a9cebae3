"""Nothing fits: which wishes conflict, and what giving one up would bring.

Every item is marked with the wishes that it breaks, a bit for each. A smallest conflict is then a smallest set of
wishes of which every item breaks one (a hitting set), and the least that must be given up is what those items break
that break fewest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from chatbot.recommending import Recommender
from chatbot.state import DialogueState, constraints_of
from index.catalog import Catalog
from index.constraints import Constraint, Op, mask

MAX_OPTIONS = 4
MAX_MOVED = 2
MAX_WISHES = 62
"""Bits of a mark. Of more wishes than that the oldest are held or given up together."""
MAX_CONFLICT = 6
"""Conflicts of up to so many wishes are smallest by number; a larger one only has no wish too many."""


@dataclass(frozen=True, slots=True)
class Held:
    """One wish as a person gives it up: all bounds on a number, or one value that is asked for or refused."""

    beliefs: tuple[str, ...]  # ids
    constraints: tuple[Constraint, ...]

    @property
    def refuses(self) -> bool:
        """Whether something is kept out rather than asked for."""
        return all(constraint.refuses for constraint in self.constraints)


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Wishes to give up together, the bounds that take their place if any, and how many new items would fit then."""

    given_up: tuple[Held, ...]
    count: int
    instead: tuple[Constraint, ...] = ()


def held_wishes(state: DialogueState, catalog: Catalog) -> list[Held]:
    """The wishes that must hold, oldest first; at most MAX_WISHES."""
    groups: dict[str, tuple[list[str], list[Constraint]]] = {}
    for belief in state.beliefs:
        constraints = constraints_of(belief.evidence, catalog)
        if constraints:
            field = catalog.field(constraints[0].field)
            number = field is not None and field.kind == "number"
            ids, own = groups.setdefault(constraints[0].field if number else belief.id, ([], []))
            ids.append(belief.id)
            own += constraints
    held = [Held(tuple(ids), tuple(own)) for ids, own in groups.values()]
    early = held[: max(0, len(held) - MAX_WISHES + 1)]
    if len(early) < 2:
        return held
    joined = Held(tuple(i for h in early for i in h.beliefs), tuple(c for h in early for c in h.constraints))
    return [joined, *held[len(early) :]]


def conflict(state: DialogueState, catalog: Catalog) -> list[Held]:
    """A smallest set of wishes that no item satisfies together; [] where some item satisfies all."""
    wishes = held_wishes(state, catalog)
    marks = np.unique(_broken(catalog, wishes))
    if not marks.all():
        return []
    chosen = next((hit for size in range(1, MAX_CONFLICT + 1) if (hit := _hitting(marks, size))), 0)
    return [wishes[place] for place in _places(chosen or _without_excess(marks, len(wishes)))]


def relaxations(recommender: Recommender, state: DialogueState) -> list[Relaxation]:
    """The ways to give up as few wishes as possible so that something new fits, those that lift fewest refusals and
    bring most first; then the bounds that need moving least. [] where something new fits, or all is known."""
    catalog = recommender.catalog
    wishes = held_wishes(state, catalog)
    marks = _broken(catalog, wishes)
    fresh = mask(catalog, (), recommender.known(state) | set(state.shown))
    rows, counts = np.unique(marks[fresh], return_counts=True)
    if not rows.all() or not len(rows):
        return []
    sizes = np.bitwise_count(rows)
    least = [(int(row), int(count)) for row, count in zip(rows, counts, strict=True)]
    least = [pair for pair, size in zip(least, sizes, strict=True) if size == sizes.min()]
    found = [Relaxation(tuple(wishes[place] for place in _places(row)), count) for row, count in least]
    found.sort(key=lambda r: (sum(h.refuses for h in r.given_up), -r.count))
    moved = [_nearest(catalog, wishes[_places(row)[0]], fresh & (marks == row)) for row, _ in least if sizes.min() == 1]
    given_up = {(r.given_up, r.count) for r in found}  # to drop the wish is simpler where it brings no more
    nearest = [r for r in moved if r and (r.given_up, r.count) not in given_up]
    return [*found[:MAX_OPTIONS], *nearest[:MAX_MOVED]]


def _broken(catalog: Catalog, wishes: Sequence[Held]) -> np.ndarray:
    """The wishes that each item breaks, wish p as bit p: (n,) int64."""
    marks = np.zeros(len(catalog), dtype=np.int64)
    for place, wish in enumerate(wishes):
        marks[~mask(catalog, wish.constraints)] |= 1 << place
    return marks


def _places(mark: int) -> list[int]:
    return [place for place in range(MAX_WISHES) if mark >> place & 1]


# ---------------------------------------------------------------- the smallest conflict


def _hitting(marks: np.ndarray, size: int) -> int:
    """Up to `size` bits of which every mark has one, as one mark; 0 if there are none.

    One of the bits of the mark with fewest has to be among them, which keeps the search narrow.
    """
    fewest = int(marks[np.argmin(np.bitwise_count(marks))])
    for bit in (1 << place for place in _places(fewest)):
        left = marks[marks & bit == 0]
        if not len(left):
            return bit
        rest = _hitting(left, size - 1) if size > 1 else 0
        if rest:
            return bit | rest
    return 0


def _without_excess(marks: np.ndarray, wishes: int) -> int:
    """Bits of which every mark has one, and none of which can be spared."""
    chosen = (1 << wishes) - 1
    for place in range(wishes):
        fewer = chosen & ~(1 << place)
        if (marks & fewer).all():
            chosen = fewer
    return chosen


# ---------------------------------------------------------------- bounds moved


def _nearest(catalog: Catalog, wish: Held, where: np.ndarray) -> Relaxation | None:
    """The bounds on a number moved as little as brings something new among the items that break nothing else."""
    field = catalog.field(wish.constraints[0].field)
    if field is None or field.kind != "number" or any(c.op not in (*_LOWER, *_UPPER) for c in wish.constraints):
        return None
    low = max((float(c.values[0]) for c in wish.constraints if c.op in _LOWER), default=-np.inf)
    high = min((float(c.values[0]) for c in wish.constraints if c.op in _UPPER), default=np.inf)
    values = catalog.numbers(field.name)[where]
    values = values[~np.isnan(values)]
    if low > high or not len(values):
        return None
    nearest = float(values[np.argmin(np.maximum(low - values, values - high))])
    number = int(nearest) if field.integer else nearest
    if low - nearest >= nearest - high:
        instead = (Constraint(field.name, ">=", number), *_side(wish, _UPPER, "<="))
    else:
        instead = (*_side(wish, _LOWER, ">="), Constraint(field.name, "<=", number))
    return Relaxation((wish,), int((mask(catalog, instead) & where).sum()), instead)


_LOWER: tuple[Op, ...] = (">", ">=", "=")
_UPPER: tuple[Op, ...] = ("<", "<=", "=")


def _side(wish: Held, ops: Sequence[Op], inclusive: Op) -> Iterator[Constraint]:
    """The bounds of one side; of one certain number, the number as a bound."""
    for constraint in wish.constraints:
        if constraint.op in ops:
            yield replace(constraint, op=inclusive if constraint.op == "=" else constraint.op)
