"""The list as a whole: what variety, calibration and the long tail cost, and what they bring."""

from typing import Any

import numpy as np

from chatbot.evaluation.ranking.data import Split
from chatbot.evaluation.ranking.metrics import NDCG_AT, ndcg
from index.catalog import Catalog
from index.diversity import calibrate, divergence, diversify, expose

POOL = 100
"""Best items among which a list is chosen."""
SETTINGS: tuple[tuple[str, dict[str, float]], ...] = (
    ("as ranked", {}),
    ("variety .1", {"variety": 0.1}),
    ("variety .3", {"variety": 0.3}),
    ("variety 1", {"variety": 1.0}),
    ("calibration .5", {"calibration": 0.5}),
    ("calibration .8", {"calibration": 0.8}),
    ("long tail .1", {"long_tail": 0.1}),
    ("long tail .3", {"long_tail": 0.3}),
)


def shares_of_kinds(catalog: Catalog) -> np.ndarray:
    """(n, c) float64: each item's genres, or what else is its first category, in equal shares that sum to 1."""
    field = catalog.field_of("genre") or next(catalog.of_kind("category"), None)
    postings = catalog.postings(field.name) if field else {}
    shares = np.zeros((len(catalog), len(postings) + 1))
    for column, where in enumerate(postings.values()):
        shares[where, column] = 1
    shares[shares.sum(axis=1) == 0, -1] = 1  # no kind is a kind of its own
    return shares / shares.sum(axis=1, keepdims=True)


class Lists:
    """Chooses and measures lists of ten from full scores."""

    def __init__(self, catalog: Catalog, vectors: np.ndarray, counts: np.ndarray, split: Split) -> None:
        self._kinds, self._vectors, self._counts, self._split = shares_of_kinds(catalog), vectors, counts, split
        self._fame = np.log1p(counts) / max(np.log1p(counts).max(), 1e-9)
        self._targets = [self._kinds[split.histories[at].indices].mean(axis=0) for at in range(len(split.gold))]

    def choose(self, pools: np.ndarray, scores: np.ndarray, wanted: dict[str, float]) -> np.ndarray:
        """The lists (v, 10) out of pools (v, p), best first, with the pools' scores (v, p)."""
        chosen = []
        for row, (pool, score) in enumerate(zip(pools, scores, strict=True)):
            relevance = (score - score.min()) / max(float(np.ptp(score)), 1e-9)
            if "long_tail" in wanted:
                order = np.argsort(-expose(relevance, self._fame[pool], wanted["long_tail"]), kind="stable")[:NDCG_AT]
            elif "calibration" in wanted:
                kinds = self._kinds[pool]
                order = np.array(calibrate(kinds, relevance, self._targets[row], NDCG_AT, wanted["calibration"]))
            elif "variety" in wanted:
                order = np.array(diversify(self._vectors[pool], relevance, NDCG_AT, wanted["variety"]))
            else:
                order = np.arange(NDCG_AT)
            chosen.append(pool[order])
        return np.stack(chosen)

    def rows(self, pools: np.ndarray, scores: np.ndarray) -> list[dict[str, Any]]:
        """One row of figures a setting."""
        return [{"setting": name, **self.figures(self.choose(pools, scores, wanted))} for name, wanted in SETTINGS]

    def figures(self, lists: np.ndarray) -> dict[str, float]:
        """Figures of lists (v, 10)."""
        pairs = NDCG_AT * (NDCG_AT - 1)
        likeness = [((v := self._vectors[row]) @ v.T).sum() - (v * v).sum() for row in lists]
        past = np.array([self._counts[self._split.histories[at].indices].mean() for at in range(len(lists))])
        now = self._counts[lists].mean(axis=1)
        mixes = self._kinds[lists].mean(axis=1)
        strays = [divergence(target, mix[None])[0] for target, mix in zip(self._targets, mixes, strict=True)]
        return {
            "ndcg": float(ndcg(lists, self._split.gold).mean()),
            "intra_list_diversity": float(1 - np.mean(likeness) / pairs),
            "coverage": len(np.unique(lists)) / len(self._counts),
            "gini": gini(np.bincount(lists.ravel(), minlength=len(self._counts))),
            "popularity_lift": float((now / np.maximum(past, 1e-9)).mean() - 1),
            "miscalibration": float(np.mean(strays)),
        }


def gini(counts: np.ndarray) -> float:
    """Inequality of how often items are shown: 0 where all alike, towards 1 where one takes all."""
    ordered = np.sort(counts)
    n, total = len(ordered), ordered.sum()
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total)) if total else 0.0
