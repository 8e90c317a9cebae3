"""Which items keep company: ratings and dialogues as rows of items."""

from collections.abc import Sequence
from dataclasses import dataclass

Company = Sequence[tuple[int, float]]
"""One row: (item position, weight > 0) of the items that go together."""


@dataclass(frozen=True)
class Interactions:
    """Rows of items that one person liked, or that one dialogue named.

    `weight` is what a row of this kind counts against rows of other kinds.
    """

    name: str
    rows: Sequence[Company]
    weight: float = 1.0
