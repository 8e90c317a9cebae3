"""AIGC: attention-based item-to-group collaborative filtering.

The sketch this starts from reads: a group's embedding is the mean of its items' embeddings, a user's embedding is
the mean of the history's, and the softmax of user x group gives the groups' weights. It then multiplies those
weights, one a group, with the item embeddings, one an item: the sizes do not fit. Read as probabilities they do:

    P(item | user) = P(group | user) x P(item | user, group),   each a softmax of inner products,

where `group` is the item's own group, the one group that gives it a share. What is added to the sketch, each by a
term that is neutral by default, so that `Terms()` is the sketch itself:

- every group attends over the user's evidence and sees a user of its own: a person with two tastes keeps both,
  instead of one mean that lies between them;
- sharpness of both softmaxes, and a share for a group's size (without it, items of small groups win);
- dislikes push away what is close to them;
- what is known of an item beside its vector tilts its share: an item-to-item weight to what the user likes
  (`index.links`), its fame while little is known, a wished-for value that it has. A tilt t_i, in units of inner
  products, makes an item exp(item_sharpness · t_i) times as likely. It acts on both softmaxes at once, for a group
  is worth what its items are worth then:
  P(group | user) ∝ P₀(group | user) · Σ_i in group P₀(i | user, group) · exp(item_sharpness · t_i),
  so that log P(item | user) is that of P₀ plus item_sharpness · t_i, up to one constant for all items.

No paper of this name was found. Close relatives: attention of a candidate over the history (NAIS, DIN), several
interests a user (ComiRec), the class-based softmax of language models, of which an inverted-file index is the
hard form.

This module is the plain numpy form that serves; `index.aigc_torch` is the same in torch, for training.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Terms:
    """What the scorer adds to the sketch. The defaults add nothing."""

    focus: float = 0.0
    """How strongly a group looks at the evidence nearest to it; 0 is the plain weighted mean."""
    group_sharpness: float = 1.0
    """Factor of the groups' inner products; must be > 0."""
    item_sharpness: float = 1.0
    """Factor of the items' inner products; must be > 0."""
    size_share: float = 0.0
    """Power of a group's size in its weight; 1 makes items of small and large groups equal."""
    dislike: float = 0.0
    """How far what is close to a dislike is pushed away, in inner products."""
    link: float = 0.0
    """Factor of the item-to-item weights to what is liked."""


SKETCH = Terms()
TUNED = Terms(focus=2.0, group_sharpness=10.0, item_sharpness=10.0, size_share=1.0, dislike=0.6, link=1.0)
"""Chosen on held-out film ratings and dialogues."""


@dataclass(frozen=True)
class Attention:
    """What the groups make of one user."""

    users: np.ndarray  # (g, d) float32: the user as each group sees them
    log_weights: np.ndarray  # (g,) float32: log P(group | user)


def attend(
    terms: Terms, centroids: np.ndarray, sizes: np.ndarray, evidence: np.ndarray, weights: np.ndarray
) -> Attention:
    """Let the groups (g, d), of these sizes (g,), attend over evidence (e, d) with signed weights (e,)."""
    liked = weights > 0
    if liked.any():
        shares = terms.focus * (centroids @ evidence[liked].T) + np.log(weights[liked])
        users = np.exp(log_softmax(shares)) @ evidence[liked]
    else:
        users = np.zeros_like(centroids)
    fit = (users * centroids).sum(axis=1) - terms.dislike * closeness(centroids, evidence, weights)
    logits = terms.group_sharpness * fit + terms.size_share * np.log(np.maximum(sizes, 1))
    logits = np.where(sizes > 0, logits, -np.inf)
    return Attention(users.astype(np.float32), log_softmax(logits).astype(np.float32))


def closeness(vectors: np.ndarray, evidence: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """How close vectors (m, d) come to the closest dislike, by its weight: (m,) ≥ 0."""
    disliked = weights < 0
    if not disliked.any():
        return np.zeros(len(vectors), dtype=np.float32)
    near = (vectors @ evidence[disliked].T) * -weights[disliked]
    return np.maximum(near, 0).max(axis=1)


def item_log_shares(
    terms: Terms, attention: Attention, inner: np.ndarray, near: np.ndarray, of_item: np.ndarray
) -> np.ndarray:
    """log P(item | user) of all items of some groups: (m,).

    `inner` (m,) is each item's inner product with its own group's user, `near` (m,) its closeness to a dislike,
    `of_item` (m,) its group. Every member of a group that occurs must be there, else its shares are too large.
    """
    if not len(inner):
        return np.zeros(0, dtype=np.float32)
    logits = terms.item_sharpness * (inner - terms.dislike * near)
    top = logits.max()
    totals = np.bincount(of_item, weights=np.exp(logits - top), minlength=len(attention.log_weights))
    with np.errstate(divide="ignore"):
        log_totals = np.log(totals) + top
    return attention.log_weights[of_item] + logits - log_totals[of_item]


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Log of the softmax over the last axis; same shape."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
