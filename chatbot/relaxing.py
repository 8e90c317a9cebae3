"""Nothing fits: which wishes conflict, and what giving one up would bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from chatbot.recommending import Recommender
from chatbot.state import DialogueState
from index.constraints import Constraint

MAX_OPTIONS = 4


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Wishes to give up together, and how many items would fit then."""

    dropped: tuple[Constraint, ...]
    count: int


def conflict(recommender: Recommender, state: DialogueState) -> list[Constraint]:
    """A smallest set of wishes (by inclusion) that no item satisfies together; [] where some item does."""
    kept = list(dict.fromkeys(state.constraints(recommender.catalog)))
    known = recommender.known(state)
    if recommender.count(kept, known):
        return []
    for constraint in list(kept):
        rest = [c for c in kept if c != constraint]
        if not recommender.count(rest, known):
            kept = rest
    return kept


def relaxations(recommender: Recommender, state: DialogueState, involved: Sequence[Constraint]) -> list[Relaxation]:
    """The ways to give up as few of the involved fields' wishes as possible, those that bring most first."""
    every = list(dict.fromkeys(state.constraints(recommender.catalog)))
    excluded = recommender.known(state) | set(state.shown)
    wishes = list(dict.fromkeys(_together(c, every) for c in involved))
    for size in range(1, len(wishes) + 1):
        found = []
        for chosen in combinations(wishes, size):
            dropped = tuple(c for group in chosen for c in group)
            count = recommender.count([c for c in every if c not in dropped], excluded)
            if count:
                found.append(Relaxation(dropped, count))
        if found:
            return sorted(found, key=lambda r: -r.count)[:MAX_OPTIONS]
    return []


def _together(constraint: Constraint, every: Sequence[Constraint]) -> tuple[Constraint, ...]:
    """Bounds on one number stand and fall together; values stand alone."""
    if isinstance(constraint.values[0], str):
        same = [c for c in every if c.refuses and constraint.refuses and c.value == constraint.value]
        return tuple(same) or (constraint,)
    return tuple(c for c in every if c.field == constraint.field)
