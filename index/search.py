"""AIGC over the group index: the groups that matter to a user are opened, and their items scored."""

from typing import NamedTuple

import numpy as np

from index.aigc import Terms, attend, closeness, item_log_shares
from index.group_index import GroupIndex


class Found(NamedTuple):
    """Items that were met and may be shown, in no order."""

    positions: np.ndarray  # (m,) int64
    relevance: np.ndarray  # (m,) float32: log P(item | user) against chance, in units of an inner product
    opened: int  # groups


def search(
    index: GroupIndex,
    terms: Terms,
    evidence: np.ndarray,
    weights: np.ndarray,
    allowed: np.ndarray,
    wanted: int,
    also: np.ndarray | None = None,
) -> Found:
    """Score the items of as many groups as hold `wanted` of the allowed (n,) bool.

    `evidence` (e, d) with signed `weights` (e,) is the user; the groups of the items at `also` (m,) are opened too.
    With all groups open this is exact; with some, shares of items are right and only items of the others missing.
    """
    attention = attend(terms, index.centroids, index.sizes, evidence, weights)
    chosen = index.choose(attention.log_weights, allowed, wanted)
    if also is not None and len(also):
        chosen = np.union1d(chosen, index.of_item[also])
    positions, inner = index.members(chosen, attention.users[chosen])
    of_item = index.of_item[positions]
    near = _near_dislikes(index, chosen, evidence, weights, len(positions))
    shares = item_log_shares(terms, attention, inner, near, of_item)
    relevance = (shares + np.log(max(len(index), 1))) / terms.item_sharpness
    kept = allowed[positions]
    return Found(positions[kept], relevance[kept].astype(np.float32), len(chosen))


def _near_dislikes(
    index: GroupIndex, groups: np.ndarray, evidence: np.ndarray, weights: np.ndarray, count: int
) -> np.ndarray:
    """How close the members of the groups, in the order of `members`, come to a dislike: (count,)."""
    if not (weights < 0).any() or not len(groups):
        return np.zeros(count, dtype=np.float32)
    return np.concatenate([closeness(index.rows(group).vectors, evidence, weights) for group in groups])


def best(positions: np.ndarray, scores: np.ndarray, k: int) -> np.ndarray:
    """Indices of the k highest scores (m,), best first; of equal ones the lower position comes first."""
    if len(scores) > k:
        floor = np.partition(scores, len(scores) - k)[len(scores) - k] if k else np.inf
        among = np.flatnonzero(scores >= floor)
    else:
        among = np.arange(len(scores))
    return among[np.lexsort((positions[among], -scores[among]))][:k]
