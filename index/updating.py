"""The next space from what was learned since: items move towards those that people liked beside them.

Nothing is fitted anew. Every item that somebody liked takes a step towards the company it was liked in, and every
item that somebody refused a step away from what that person likes:

    v' = unit(v + STEP · n / (n + TRUST) · mean of the n pulls),

where a pull is the unit vector of what else the person liked and asked for, negated for a refusal. Items that
nobody spoke of stay exactly where they are; so do the groups. What is new can be taken in as often as one likes;
after much of it a fresh build is better, because groups and the map from words to the space stay as they were.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.dialogues import Dialogue
from index.embedding import unit_rows
from index.folder import Index
from index.groups import group_means

STEP = 2.0
"""How far an item moves that many people placed alike, against its own length of 1. Chosen on later film dialogues:
halves and quarters of it found less there, and more was not tried."""

TRUST = 3.0
"""Conversations at which an item goes half of that way."""

REQUEST = 0.5
"""What a message counts beside an item that was liked."""


@dataclass(frozen=True)
class Told:
    """What one conversation says of tastes: positions of items, and the vectors of what was asked for (r, d)."""

    liked: tuple[int, ...]
    disliked: tuple[int, ...]
    asked: np.ndarray


def told(index: Index, dialogue: Dialogue) -> Told:
    """The likes, dislikes and requests of a dialogue; a request is what the user says without naming an item."""
    texts = [turn.text for turn in dialogue.turns if turn.by_user and not turn.items and turn.text.strip()]
    asked = np.stack([index.embed(text) for text in texts]) if texts else np.zeros((0, index.vectors.shape[1]))
    return Told(tuple(sorted(dialogue.enjoyed)), tuple(sorted(dialogue.disliked)), asked.astype(np.float32))


def updated(index: Index, news: Iterable[Told]) -> Index:
    """The same index with its items moved. Vectors are rounded to 16 bits, as they are stored."""
    pulls = np.zeros_like(index.vectors)
    counts = np.zeros(len(index.catalog), dtype=np.float32)
    for one in news:
        _pull(index.vectors, one, pulls, counts)
    moved = counts > 0
    if not moved.any():
        return index
    share = STEP / (counts[moved] + TRUST)  # n / (n + TRUST) of the mean, which is the sum over n
    vectors = index.vectors.copy()
    vectors[moved] = unit_rows(vectors[moved] + share[:, None] * pulls[moved])
    vectors[moved] = unit_rows(vectors[moved].astype(np.float16).astype(np.float32))
    centroids = group_means(vectors, index.groups.of_item, len(index.groups))
    return replace(index, vectors=vectors, groups=replace(index.groups, centroids=centroids))


def _pull(vectors: np.ndarray, one: Told, pulls: np.ndarray, counts: np.ndarray) -> None:
    liked: Sequence[int] = list(one.liked)
    whole = vectors[liked].sum(axis=0) + REQUEST * one.asked.sum(axis=0)
    for item, sign in [*((i, 1.0) for i in one.liked), *((i, -1.0) for i in one.disliked)]:
        company = whole - vectors[item] if sign > 0 else whole
        length = float(np.linalg.norm(company))
        if length > 1e-6:
            pulls[item] += sign * company / length
            counts[item] += 1
