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
LOWEST = -20.0
"""Of the highest values of a column, where all items have been named."""


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

RANKED = ("nets", "company: all", "followers: all", "alike", "alike: mixed")
"""Columns of which the places count too, apart from the values."""

AGAIN = -4
"""The column that says whether an item was named before."""


def features(
    contexts: Contexts, logits: np.ndarray, sketch: np.ndarray, memory: Memory, facts: Facts
) -> dict[str, np.ndarray]:
    """Columns (c, n) by name, from the nets' mean `logits` (c, n) and AIGC's log shares `sketch` (c, n)."""
    n = logits.shape[1]
    bags = _bags(contexts, n)
    faded, latest = bags["all"], bags["latest"]
    columns = {"aigc": sketch, "nets": logits}
    for name, bag in bags.items():
        columns[f"company: {name}"] = _log(bag @ memory.company)
        columns[f"followers: {name}"] = _log(bag @ memory.followers)
    columns["ratings"] = _log(faded @ memory.rated_company)
    columns |= {name: _log(scores) for name, scores in memory.alike.scores(contexts).items()}
    columns |= _ranks(contexts, {name: columns[name] for name in RANKED})
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
    columns["named at once"] = np.log1p(np.bincount(contexts.owner, contexts.turns_ago == 1, len(contexts)))[:, None]
    return columns | _again(contexts, n)


def _bags(contexts: Contexts, n: int) -> dict[str, sparse.csr_matrix]:
    """The items named, (c, n) each: faded, of the latest turn that names any, by each side, and each side's last."""
    fading, by_user = 0.9**contexts.slot, contexts.by_user
    weights = {
        "all": fading,
        "latest": contexts.turns_ago == _least(contexts, contexts.turns_ago, np.ones_like(by_user)),
        "user": fading * by_user,
        "other": fading * ~by_user,
        "user's last": by_user & (contexts.slot == _least(contexts, contexts.slot, by_user)),
        "other's last": ~by_user & (contexts.slot == _least(contexts, contexts.slot, ~by_user)),
    }
    return {name: contexts.bag(np.asarray(weight, dtype=np.float32), n) for name, weight in weights.items()}


def _ranks(contexts: Contexts, columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Log places of the items in each column, equals alike, and its highest value; items named before come last."""
    places = {}
    for name, column in columns.items():
        fresh = np.array(column, dtype=np.float32)
        fresh[contexts.owner, contexts.named] = -np.inf
        ordered = np.sort(fresh, axis=1)
        above = [fresh.shape[1] - np.searchsorted(o, row, side="right") for o, row in zip(ordered, fresh, strict=True)]
        places[f"rank: {name}"] = np.log1p(np.array(above, dtype=np.float32))
        places[f"top: {name}"] = np.maximum(ordered[:, -1:], LOWEST)
    return places


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


def _least(contexts: Contexts, values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """For each mention, the least of the values (m,) among the chosen mentions (m,) bool of its context: (m,)."""
    least = np.full(len(contexts), np.iinfo(np.int64).max)
    np.minimum.at(least, contexts.owner[chosen], values[chosen])
    return least[contexts.owner]


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
