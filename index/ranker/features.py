"""What is known of every item for a context, as numbers that the final ranking weighs."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse

from index.ranker.contexts import Contexts
from index.ranker.facts import Facts
from index.ranker.neighbours import Alike

SPANS = (300, 3000)
"""Dialogues over which being named fades to 1/e, for what is named lately."""

FLOOR = 1e-3


@dataclass(frozen=True)
class Counts:
    """How often items are named."""

    by_other: np.ndarray  # (n,) float32
    by_user: np.ndarray  # (n,) float32
    lately: np.ndarray  # (n, len(SPANS)) float32: by the other side, faded
    rated: np.ndarray  # (n,) float32: liked in ratings


@dataclass(frozen=True)
class Memory:
    """What dialogues and ratings left behind, apart from the nets."""

    company: sparse.csr_matrix  # (n, n)
    followers: sparse.csr_matrix  # (n, n)
    rated_company: sparse.csr_matrix  # (n, n)
    alike: Alike
    counts: Counts


def features(contexts: Contexts, logits: np.ndarray, sketch: np.ndarray, memory: Memory, facts: Facts) -> np.ndarray:
    """(c, n, f) float32; first come the nets' mean `logits` (c, n) and AIGC's log shares, `sketch` (c, n)."""
    n = logits.shape[1]
    faded = contexts.bag(0.9**contexts.slot, n)
    latest = contexts.bag((contexts.turns_ago == _latest(contexts)) * 1.0, n)
    by_user = contexts.bag(0.9**contexts.slot * contexts.by_user, n)
    columns = [logits, sketch]
    columns += [_log(bag @ memory.company) for bag in (faded, latest, by_user)]
    columns += [_log(bag @ memory.followers) for bag in (faded, latest)]
    columns += [_log(faded @ memory.rated_company), _log(memory.alike.scores(contexts.encoded))]
    counts = memory.counts
    columns += [_row(np.log(value + 0.3), len(contexts)) for value in (counts.by_other, counts.by_user, counts.rated)]
    columns += [_row(np.log(counts.lately[:, at] + 0.03), len(contexts)) for at in range(counts.lately.shape[1])]
    columns += [_row((counts.by_other + counts.by_user == 0) * 1.0, len(contexts))]
    for values, named in zip(facts.attributes, facts.mentioned, strict=True):
        columns += [_log(bag @ values @ values.T) for bag in (faded, latest)]
        columns += [_log(contexts.words @ named @ values.T)]
    columns += _years(contexts, faded, facts.years)
    columns += [
        _column(value, n)
        for value in (np.log1p(contexts.length), np.log1p(np.bincount(contexts.owner, minlength=len(contexts))))
    ]
    columns += _again(contexts, n)
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=-1)


AGAIN = 4
"""The last columns, which say that an item was named before."""


def _again(contexts: Contexts, n: int) -> list[np.ndarray]:
    """Named before; named by the user; how lately; in the latest turn."""
    weights = (
        np.ones(len(contexts.slot)),
        contexts.by_user * 1.0,
        1 / (1 + contexts.slot),
        (contexts.turns_ago == 1) * 1.0,
    )
    return [contexts.bag(weight, n).toarray() for weight in weights]


def _latest(contexts: Contexts) -> np.ndarray:
    """For each mention, how many turns ago its context last named anything: (m,)."""
    nearest = np.full(len(contexts), np.iinfo(np.int64).max)
    np.minimum.at(nearest, contexts.owner, contexts.turns_ago)
    return nearest[contexts.owner]


def _years(contexts: Contexts, faded: sparse.csr_matrix, years: np.ndarray) -> list[np.ndarray]:
    """The item's year, and its distance from those of the items named, in decades."""
    known = ~np.isnan(years)
    filled = np.where(known, years, np.nanmean(years) if known.any() else 0.0)
    weight = faded @ known.astype(np.float64)
    mean = np.where(weight > 0, (faded @ (filled * known)) / np.maximum(weight, 1e-9), filled.mean())
    return [_row(filled / 10 - 200, len(contexts)), np.abs(filled[None, :] - mean[:, None]) / 10]


def _log(values: sparse.csr_matrix | np.ndarray) -> np.ndarray:
    dense = values.toarray() if sparse.issparse(values) else values
    return np.log(np.maximum(dense, 0) + FLOOR)


def _row(values: np.ndarray, count: int) -> np.ndarray:
    return np.broadcast_to(values, (count, len(values)))


def _column(values: np.ndarray, n: int) -> np.ndarray:
    return np.broadcast_to(values[:, None], (len(values), n))
