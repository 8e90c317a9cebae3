"""The learned ranking as it serves: nets and memories, weighed by small nets over their opinions."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from index.aigc import Terms, log_softmax
from index.ranker.blend import Blend
from index.ranker.contexts import Context, ContextReader, Contexts
from index.ranker.facts import Facts
from index.ranker.features import Memory, features, stack
from index.ranker.served import Served
from index.ranker.sketch import log_shares, means


@dataclass(frozen=True)
class Sources:
    """Everything fitted to one set of dialogues."""

    nets: Sequence[Served]
    memory: Memory
    vectors: np.ndarray  # (n, d) float32 unit rows, the space that AIGC works in
    of_item: np.ndarray  # (n,) int64 groups
    terms: Terms

    @cached_property
    def centroids(self) -> np.ndarray:
        """The groups' embeddings: (g, d) float32."""
        return means(self.vectors, self.of_item)

    def features(self, contexts: Contexts, facts: Facts) -> np.ndarray:
        """What is known of every item for each context: (c, n, f) float32."""
        return stack(self.columns(contexts, facts), (len(contexts), len(self.vectors)))

    def columns(self, contexts: Contexts, facts: Facts) -> dict[str, np.ndarray]:
        """The same by name, each (c, n) or of a shape that fits it."""
        logits = np.mean([log_softmax(net.scores(contexts)) for net in self.nets], axis=0)
        sketch = log_shares(contexts, self.vectors, self.of_item, self.centroids, self.terms)
        return features(contexts, logits, sketch, self.memory, facts)


@dataclass(frozen=True)
class Lists:
    """Candidates of contexts whose sources have not seen what was named next."""

    tables: np.ndarray  # (r, k, f) float16: the candidates' features
    wanted: np.ndarray  # (r, k) float32: the share of each in what was named next
    weights: np.ndarray  # (r, k) float32: how many items each candidate stands for


@dataclass(frozen=True)
class Ranker:
    """Ranks all items for a conversation. Immutable."""

    reader: ContextReader
    facts: Facts
    sources: Sources
    blends: Sequence[Blend]
    lists: Lists | None = None
    """What the blends were fitted to; there only until it is saved."""

    @cached_property
    def names(self) -> list[str]:
        """The features' names, in the order of their columns."""
        return list(self.sources.columns(self.reader.read([()]), self.facts))

    def scores(self, contexts: Sequence[Context]) -> np.ndarray:
        """(c, n) float32; what was named before is scored too, as something to come back to."""
        return self.weigh(self.sources.features(self.reader.read(contexts), self.facts))

    def weigh(self, table: np.ndarray) -> np.ndarray:
        """Features (…, f) → scores (…)."""
        return np.asarray(np.mean([blend(table) for blend in self.blends], axis=0), dtype=np.float32)
