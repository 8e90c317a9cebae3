"""Item-to-item weights: what liking one item says for every other, from the company that items keep.

With n_hi the rows (a person's likes, a dialogue's items) that hold both,

    W_hi = n_hi / ((n_h + SHRINK)^OF_LIKED · (n_i + SHRINK)^OF_OTHER),

so that what is liked by all is not beside everything (`index.ranker.neighbours.company`). Sources add up by their
weights. Each item keeps its strongest weights only. The scorer adds them to an item's logit, as
`index.aigc` states; an item that nobody touched has none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from index.company import Interactions

OF_SOURCE = 1.5
"""Power of a source's weight in the weights of its pairs. Chosen on the same: 1 helps more where ratings are to be
foretold and less in dialogues, 2 the other way round."""

KEPT = 100
"""Weights of an item that are kept."""

OF_LIKED, OF_OTHER = 0.5, 0.7
"""Chosen on held-out film ratings and dialogues. The second is more than finds most there: what is known best is
recommended most, but somebody who names a film does not ask for the classics that everybody likes."""


@dataclass(frozen=True)
class Links:
    """The weights of n items, row by row: those of item h stand at starts[h] … starts[h + 1]. Immutable."""

    starts: np.ndarray  # (n + 1,) int64
    others: np.ndarray  # (m,) int32: the items that are spoken for
    weights: np.ndarray  # (m,) float32 > 0

    @classmethod
    def none(cls, n_items: int) -> Self:
        """No weights at all."""
        return cls(np.zeros(n_items + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def sums(self, items: Sequence[int], strengths: Sequence[float]) -> np.ndarray:
        """Σ_h strength_h · W_hi over the items h: (n,) float32."""
        total = np.zeros(len(self), dtype=np.float32)
        for item, strength in zip(items, strengths, strict=True):
            row = slice(self.starts[item], self.starts[item + 1])
            total[self.others[row]] += strength * self.weights[row]  # no item stands twice in a row
        return total

    def arrays(self) -> dict[str, np.ndarray]:
        """As they are stored: weights in 16 bits."""
        return {
            "starts": self.starts.astype(np.int32), "others": self.others, "weights": self.weights.astype(np.float16)
        }  # fmt: skip

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, np.ndarray], n_items: int) -> Self:
        """What `arrays` gave. KeyError or ValueError where they are not of n items."""
        starts, others, weights = (arrays[name] for name in ("starts", "others", "weights"))
        if len(starts) != n_items + 1 or not len(others) == len(weights) == starts[-1]:
            raise ValueError(f"{len(starts) - 1} rows of {len(weights)} weights for {n_items} items")
        return cls(starts.astype(np.int64), others, weights.astype(np.float32))

    def taken(self, kept: np.ndarray) -> "Links":
        """The weights among some of the items, at `kept` (k,) in the order that they get: positions, or -1 for an
        item that is new and has none."""
        place = np.full(len(self), -1, dtype=np.int64)
        place[kept[kept >= 0]] = np.flatnonzero(kept >= 0)
        rows = np.repeat(np.arange(len(self)), np.diff(self.starts))
        here = (place[rows] >= 0) & (place[self.others] >= 0)
        return _by_row(place[rows[here]], place[self.others[here]], self.weights[here], len(kept))


def spread(sums: np.ndarray) -> np.ndarray:
    """Sums of weights as a scorer adds them: their square root, so that the second item that calls for another adds
    less than the first; shape kept."""
    return np.sqrt(sums)


def learn_links(sources: Sequence[Interactions], n_items: int, kept: int = KEPT) -> Links:
    """The weights from these sources; none where nothing keeps company."""
    from index.ranker.neighbours import company, strongest, tally

    tables = [
        source.weight**OF_SOURCE
        * company(tally([[item for item, _ in row] for row in source.rows], n_items), OF_LIKED, OF_OTHER)
        for source in sources
        if len(source.rows)
    ]
    if not tables:
        return Links.none(n_items)
    cells = strongest(sum(tables[1:], start=tables[0]).tocsr(), kept).tocoo()
    return _by_row(cells.row, cells.col, cells.data, n_items)


def _by_row(rows: np.ndarray, others: np.ndarray, weights: np.ndarray, n_items: int) -> Links:
    order = np.lexsort((others, rows))
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n_items))])
    return Links(starts.astype(np.int64), others[order].astype(np.int32), weights[order].astype(np.float32))
