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


AIGC = 0
"""The column of AIGC's log shares, which the others are added to."""

NETS, COMPANY = 1, 2
"""The columns that tell most by themselves."""

AGAIN = -4
"""The column that says whether an item was named before."""


def features(
    contexts: Contexts, logits: np.ndarray, sketch: np.ndarray, memory: Memory, facts: Facts
) -> dict[str, np.ndarray]:
    """Columns (c, n) by name, from the nets' mean `logits` (c, n) and AIGC's log shares `sketch` (c, n)."""
    n = logits.shape[1]
    faded = contexts.bag(0.9**contexts.slot, n)
    latest = contexts.bag(1.0 * (contexts.turns_ago == _latest(contexts)), n)
    by_user = contexts.bag(0.9**contexts.slot * contexts.by_user, n)
    columns = {"aigc": sketch, "nets": logits}
    for name, bag in (("all", faded), ("latest", latest), ("user", by_user)):
        columns[f"company: {name}"] = _log(bag @ memory.company)
        columns[f"followers: {name}"] = _log(bag @ memory.followers)
    columns["ratings"] = _log(faded @ memory.rated_company)
    columns["alike"] = _log(memory.alike.scores(contexts))
    columns |= _popularity(memory.counts)
    start = 0
    for field, values in enumerate(facts.attributes):
        columns[f"shared {field}: all"] = _log(faded @ values @ values.T)
        columns[f"shared {field}: latest"] = _log(latest @ values @ values.T)
        if start < len(facts.values):
            columns[f"told {field}"] = _log(contexts.values[:, start : start + values.shape[1]] @ values.T)
            start += values.shape[1]
    columns |= {
        "title": contexts.titles.toarray() * ~facts.short,
        "short title": contexts.titles.toarray() * facts.short,
    }
    columns |= _years(contexts, faded, facts.years)
    columns["turns"] = np.log1p(contexts.length)[:, None]
    columns["named"] = np.log1p(np.bincount(contexts.owner, minlength=len(contexts)))[:, None]
    return columns | _again(contexts, n)


def stack(columns: dict[str, np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    """The columns as one table (c, n, f) float32."""
    table = np.empty((*shape, len(columns)), dtype=np.float32)
    for place, column in enumerate(columns.values()):
        table[:, :, place] = column
    return table


def _popularity(counts: Counts) -> dict[str, np.ndarray]:
    every = {"by other": counts.by_other, "by user": counts.by_user, "rated": counts.rated}
    columns = {f"popular {name}": np.log(value + 0.3)[None] for name, value in every.items()}
    columns |= {f"lately {span}": np.log(counts.lately[:, at] + 0.03)[None] for at, span in enumerate(SPANS)}
    return columns | {"never named": 1.0 * (counts.by_other + counts.by_user == 0)[None]}


def _again(contexts: Contexts, n: int) -> dict[str, np.ndarray]:
    ones = np.ones(len(contexts.slot))
    weights = {
        "again": ones,
        "again, by user": ones * contexts.by_user,
        "again, how lately": ones / (1 + contexts.slot),
        "again, at once": ones * (contexts.turns_ago == 1),
    }
    return {name: contexts.bag(weight, n).toarray() for name, weight in weights.items()}


def _latest(contexts: Contexts) -> np.ndarray:
    """For each mention, how many turns ago its context last named anything: (m,)."""
    nearest = np.full(len(contexts), np.iinfo(np.int64).max)
    np.minimum.at(nearest, contexts.owner, contexts.turns_ago)
    return nearest[contexts.owner]


def _years(contexts: Contexts, faded: sparse.csr_matrix, years: np.ndarray) -> dict[str, np.ndarray]:
    """The item's year, and its distance from those of the items named, in decades."""
    known = ~np.isnan(years)
    filled = np.where(known, years, np.nanmean(years) if known.any() else 0.0)
    weight = faded @ known.astype(np.float64)
    mean = np.where(weight > 0, (faded @ (filled * known)) / np.maximum(weight, 1e-9), filled.mean())
    return {"year": (filled / 10 - 200)[None], "years apart": np.abs(filled[None, :] - mean[:, None]) / 10}


def _log(values: sparse.csr_matrix | np.ndarray) -> np.ndarray:
    dense = values if isinstance(values, np.ndarray) else values.toarray()
    return np.asarray(np.log(np.maximum(dense, 0) + FLOOR))
