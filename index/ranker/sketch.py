"""AIGC's own opinion: log P(item | user) with the items named as evidence."""

import numpy as np

from index.aigc import Terms, attend, item_log_shares
from index.groups import group_means
from index.ranker.contexts import Contexts

FADING = 0.9
OTHER = 0.5
"""How much an item that the other side named counts beside one that the user named."""


def means(vectors: np.ndarray, of_item: np.ndarray) -> np.ndarray:
    """The groups' embeddings (g, d) float32, of items (n, d) in these groups (n,)."""
    return group_means(vectors, of_item, int(of_item.max()) + 1)


def log_shares(
    contexts: Contexts, vectors: np.ndarray, of_item: np.ndarray, centroids: np.ndarray, terms: Terms
) -> np.ndarray:
    """(c, n) float32 for items (n, d) in these groups (n,), whose means are `centroids` (g, d)."""
    sizes = np.bincount(of_item, minlength=len(centroids))
    weights = FADING**contexts.slot * np.where(contexts.by_user, 1.0, OTHER)
    shares = np.zeros((len(contexts), len(vectors)), dtype=np.float32)
    near = np.zeros(len(vectors), dtype=np.float32)
    bounds = np.searchsorted(contexts.owner, np.arange(len(contexts) + 1))
    for row in range(len(contexts)):
        part = slice(bounds[row], bounds[row + 1])
        own = weights[part] / max(weights[part].sum(), 1e-9)
        attention = attend(terms, centroids, sizes, vectors[contexts.named[part]], own.astype(np.float32))
        inner = np.einsum("nd,nd->n", vectors, attention.users[of_item])
        shares[row] = item_log_shares(terms, attention, inner, near, of_item)
    return shares
