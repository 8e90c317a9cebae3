"""AIGC with learned item-to-item weights: the scorer of `index.aigc` over people's whole histories.

    logit(i | u)    = item_sharpness · v_i · u_g  +  link · Σ_h a_g(h) W_hi  +  fame · log(1 + n_i)
    log P(g | u)    ∝ group_sharpness · c_g · u_g  +  size_share · log |g|  +  gather · log Σ_{i in g} exp logit(i | u)
    log P(i | u, g) = logit(i | u) − log Σ_{j in g} exp logit(j | u)

The vectors v, the groups and their attention a_g over the history are those of `index.aigc`. W are full-rank weights
from ratings and attributes (`index.classics.Ease`); a group looks at the history through them with the attention it
has anyway, here summing to the length of the history. n_i is how many people liked an item. `gather` is how far a
group is worth what its items are worth: at 1, with the other two terms of the group at 0, groups change no order.

With `link`, `fame` and `gather` 0, their defaults, this is `index.aigc`, and with `SKETCH` the published sketch.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse

from index.aigc import Terms, attend, closeness, log_softmax
from index.classics.ease import Ease


@dataclass(frozen=True)
class WeightTerms(Terms):
    """The terms of `index.aigc`, and those that the weights bring."""

    link: float = 0.0
    """Factor of the item-to-item weights."""
    fame: float = 0.0
    """Factor of the logarithm of how many liked an item."""
    gather: float = 0.0
    """How far a group is worth what its items are worth."""


@dataclass(frozen=True)
class WeightedAIGC:
    """log P(item | user) from what was liked. Immutable."""

    terms: WeightTerms
    vectors: np.ndarray  # (n, d) float32
    of_item: np.ndarray  # (n,) int64 groups
    centroids: np.ndarray  # (g, d) float32
    weights: Ease  # fitted
    counts: np.ndarray  # (n,) how many liked each item

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        """Histories (v, n) ≥ 0 → log P(item | user) (v, n) float32."""
        rows = sparse.csr_matrix(histories)
        plain = self.weights.score(rows) if self.terms.link and not self.terms.focus else None
        fame = self.terms.fame * np.log1p(self.counts)
        return np.stack(
            [self._person(rows[at], None if plain is None else plain[at], fame) for at in range(rows.shape[0])]
        )

    def _person(self, history: sparse.csr_matrix, plain: np.ndarray | None, fame: np.ndarray) -> np.ndarray:
        """One history (1, n) → (n,); `plain` (n,) is what the weights say where all groups look alike."""
        terms, items, strengths = self.terms, history.indices, history.data
        sizes = np.bincount(self.of_item, minlength=len(self.centroids))
        evidence = self.vectors[items]
        attention = attend(terms, self.centroids, sizes, evidence, strengths)
        inner = np.einsum("nd,nd->n", self.vectors, attention.users[self.of_item])
        logits = terms.item_sharpness * (inner - terms.dislike * closeness(self.vectors, evidence, strengths)) + fame
        if terms.link and len(items):
            logits += terms.link * (self._linked(items, strengths) if plain is None else plain)
        totals = _log_totals(logits, self.of_item, len(sizes))
        occupied = np.where(sizes > 0, totals, 0)
        groups = log_softmax(attention.log_weights + terms.gather * occupied)
        return (groups[self.of_item] + logits - totals[self.of_item]).astype(np.float32)

    def _linked(self, items: np.ndarray, strengths: np.ndarray) -> np.ndarray:
        """Σ_h a_g(h) W_hi with each item's own group: (n,)."""
        shares = np.exp(log_softmax(self.terms.focus * (self.centroids @ self.vectors[items].T) + np.log(strengths)))
        attention = shares * strengths.sum()  # (g, e)
        return np.einsum("en,ne->n", self.weights.weights(items), attention[self.of_item])


def _log_totals(logits: np.ndarray, of_item: np.ndarray, n_groups: int) -> np.ndarray:
    """Log of the summed exponentials in each group (g,), -inf in an empty one."""
    tops = np.full(n_groups, -np.inf)
    np.maximum.at(tops, of_item, logits)
    sums = np.bincount(of_item, weights=np.exp(logits - tops[of_item]), minlength=n_groups)
    with np.errstate(divide="ignore"):
        return np.where(sums > 0, np.log(np.maximum(sums, 1e-300)) + np.where(sums > 0, tops, 0), -np.inf)
