"""The methods that are compared, and the settings that each is tried with on the validation people."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import scipy.sparse as sparse

from chatbot.evaluation.ranking.data import Data, Split, table
from chatbot.evaluation.ranking.metrics import NDCG_AT, ndcg, top
from chatbot.evaluation.ranking.shipped import Shipped, index_of
from index.aigc import SKETCH
from index.aigc_weights import WeightedAIGC, WeightTerms
from index.classics import ContentBased, Ease, Hybrid, ImplicitALS, ItemKNN, Popularity, Ranker, UserKNN
from index.classics.content import attributes
from index.collaborative import item_factors
from index.embedding import mean_row, unit_rows
from index.folder import Index
from index.groups import default_group_count, group_means, spherical_kmeans
from index.space import join_parts, text_directions

Settings = Mapping[str, Any]
Grids = Mapping[str, Sequence[Settings]]
MANY_FACTS = 2000
"""Attributes, the most frequent, that enter the item-to-item weights."""
TEXT_DIMENSION, FACTOR_DIMENSION = 192, 64
SEEN = (0.0, 0.3)
"""What a lower rating counts in the rows that are learned from, against 1 for a hit."""


class Workshop:
    """Builds any method from its settings on one split's learning people."""

    def __init__(self, data: Data, split: Split, seed: int) -> None:
        self._data, self._split, self._seed = data, split, seed
        self._n = len(data.catalog)
        self.facts = attributes(data.catalog)
        self._spaces: dict[str, Any] = {}
        self._parts: dict[Any, _Fitted] = {}

    def rows(self, seen: float) -> sparse.csr_matrix:
        """The learning people's rows."""
        return table(self._split.learning, self._n, seen)

    def build(self, method: str, settings: Settings) -> Ranker | WeightedAIGC | Shipped:
        """The fitted method."""
        chosen = dict(settings)
        rows = self.rows(chosen.pop("seen", 0.0))
        if method == "AIGC as shipped":
            return Shipped(self.index())
        if method in ("sketch", "AIGC"):
            return self._aigc(chosen, rows)
        made: dict[str, Callable[..., Ranker]] = {
            "popularity": Popularity,
            "user-kNN cosine": UserKNN,
            "user-kNN Pearson": UserKNN,
            "item-kNN cosine": ItemKNN,
            "item-kNN Pearson": ItemKNN,
            "EASE": Ease,
            "iALS": ImplicitALS,
            "content-based": self._content,
            "hybrid": self._hybrid,
        }
        return made[method](**chosen).fit(rows)

    def _content(self, text_share: float) -> ContentBased:
        texts = unit_rows(self._data.texts.mixed - mean_row(self._data.texts.mixed))
        return ContentBased(self.facts, texts if text_share else None, text_share)

    def _hybrid(self, parts: tuple[tuple[str, tuple[tuple[str, Any], ...], float], ...]) -> Hybrid:
        """Parts are (method, its settings, weight); each is fitted on rows of its own first."""
        return Hybrid([(self._part(name, settings), weight) for name, settings, weight in parts])

    def _part(self, name: str, settings: tuple[tuple[str, Any], ...]) -> "_Fitted":
        """A part of a hybrid, built once for all hybrids."""
        if (name, settings) not in self._parts:
            self._parts[name, settings] = _Fitted(self.build(name, dict(settings)))
        return self._parts[name, settings]

    def _aigc(self, chosen: dict[str, Any], rows: sparse.csr_matrix) -> WeightedAIGC:
        share, ridge, dropout = (chosen.pop(name, 0.0) for name in ("facts", "ridge", "dropout"))
        terms = WeightTerms(**chosen)
        vectors, of_item, centroids = self.space()
        weights = self.linked(rows, share, ridge, dropout) if terms.link else Ease()
        return WeightedAIGC(terms, vectors, of_item, centroids, weights, Popularity().fit(self.rows(0.0)).counts)

    def linked(self, rows: sparse.csr_matrix, share: float, ridge: float, dropout: float) -> Ease:
        """The item-to-item weights; the last are kept, since most settings of the terms share them."""
        key = (rows.nnz, share, ridge, dropout)
        if self._spaces.get("key") != key:
            facts = (share * self.facts[:MANY_FACTS]).tocsr() if share else None
            self._spaces.update(key=key, weights=Ease(ridge, dropout, facts).fit(rows))
        return self._spaces["weights"]

    def index(self) -> Index:
        """The index that would be shipped, of the learning people only."""
        return index_of(self._data.catalog, self._split.learning, *self.space())

    def space(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Item vectors, groups and their centroids, made as `index.build` makes them, of the learning people only."""
        if "space" not in self._spaces:
            rows = self.rows(0.0)
            breadth = np.sqrt(np.maximum(np.asarray(rows.sum(axis=1)).ravel(), 1))
            factors = item_factors(
                (sparse.diags(1 / breadth) @ rows).tocsr(), FACTOR_DIMENSION, fame=0.7, depth=0.6, seed=self._seed
            )
            counts = np.asarray((rows > 0).sum(axis=0), dtype=np.float64).ravel()
            directions = text_directions(self._data.texts.mixed, TEXT_DIMENSION)
            vectors = join_parts(self._data.texts, directions, factors, counts)
            vectors = unit_rows(vectors - mean_row(vectors))
            of_item = spherical_kmeans(vectors, default_group_count(self._n), self._seed)
            self._spaces["space"] = vectors, of_item, group_means(vectors, of_item, int(of_item.max()) + 1)
        return self._spaces["space"]


@dataclass(frozen=True)
class _Fitted:
    """A method that has been fitted already, as a part of a hybrid."""

    ranker: Ranker | WeightedAIGC | Shipped

    def fit(self, rows: sparse.csr_matrix) -> "_Fitted":
        return self

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        return self.ranker.score(histories)


def grid(**choices: tuple[Any, ...]) -> list[Settings]:
    """Every combination."""
    return [dict(zip(choices, combination, strict=True)) for combination in product(*choices.values())]


GRIDS: Grids = {
    "popularity": grid(seen=SEEN),
    "user-kNN cosine": grid(neighbours=(30, 50, 100), shrinkage=(0.0, 10.0), power=(1.0, 2.0), seen=SEEN),
    "user-kNN Pearson": grid(
        measure=("pearson",), neighbours=(30, 50, 100), shrinkage=(0.0, 10.0), power=(1.0, 2.0), seen=SEEN
    ),
    "item-kNN cosine": grid(neighbours=(50, 100), shrinkage=(10.0,), seen=SEEN),
    "item-kNN Pearson": grid(measure=("pearson",), neighbours=(50, 100), shrinkage=(10.0,), seen=SEEN),
    "EASE": grid(ridge=(30.0, 50.0, 100.0, 200.0), dropout=(0.0, 0.3), seen=SEEN),
    "iALS": grid(factors=(64, 128, 192), regularisation=(20.0,), confidence=(2.0, 5.0), seen=SEEN),
    "content-based": grid(text_share=(0.0, 0.3, 0.6)),
    "sketch": [vars(SKETCH)],
    "AIGC as shipped": [{}],
}
START: Settings = {
    **vars(WeightTerms(group_sharpness=0.0, item_sharpness=0.0, link=30.0, gather=1.0)),
    **{"facts": 1.0, "ridge": 50.0, "dropout": 0.3, "seen": 0.3},
}
STEPS: Mapping[str, tuple[float, ...]] = {
    "facts": (0.0, 1.5),
    "ridge": (100.0,),
    "dropout": (0.0,),
    "seen": (0.0,),
    "item_sharpness": (3.0, 10.0),
    "group_sharpness": (3.0, 10.0),
    "fame": (-0.3, 0.3),
    "gather": (0.7, 0.9),
    "focus": (0.5, 1.0),
}
"""What each setting of AIGC is tried with besides its start, in turn, and kept only if validation gets better."""


def tune(grids: Grids, shop: Workshop, split: Split, tick: Callable[[str], None]) -> dict[str, Settings]:
    """The best settings of each method by NDCG on the split's tested people."""

    def quality(method: str, settings: Settings) -> float:
        scores = shop.build(method, settings).score(split.histories)
        return float(ndcg(top(scores, split.histories, NDCG_AT), split.gold).mean())

    chosen: dict[str, Settings] = {}
    for method, settings in grids.items():
        tick(method)
        chosen[method] = max(settings, key=lambda s: quality(method, s)) if len(settings) > 1 else settings[0]
    tick("hybrid")
    chosen["hybrid"] = max(_hybrids(chosen), key=lambda s: quality("hybrid", s))
    tick("AIGC")
    chosen["AIGC"] = _tune_aigc(quality)
    return chosen


def _hybrids(chosen: Mapping[str, Settings]) -> Iterator[Settings]:
    """EASE, with iALS or user-kNN or without, and a share of content."""
    for others in ((), ("iALS",), ("user-kNN cosine",)):
        for content in (0.1, 0.2, 0.4):
            names = (("EASE", 1.0), *((name, 1.0) for name in others), ("content-based", content))
            yield {"parts": tuple((name, tuple(chosen[name].items()), weight) for name, weight in names)}


def _tune_aigc(quality: Callable[[str, Settings], float]) -> Settings:
    best, current = quality("AIGC", START), START
    for name, values in STEPS.items():
        for value in values:
            tried = {**current, name: value}
            found = quality("AIGC", tried)
            if found > best:
                best, current = found, tried
    return current


def ablations(settings: Settings) -> dict[str, Settings]:
    """AIGC with one term less each; only what the settings use."""
    neutral = {"item_sharpness": 0.0, "group_sharpness": 0.0, "fame": 0.0, "gather": 1.0, "focus": 0.0}
    without: dict[str, Settings] = {
        "item-to-item weights": {**settings, "link": 0.0, "item_sharpness": max(10.0, settings["item_sharpness"])},
        "attributes in the weights": {**settings, "facts": 0.0},
        "dropout in the weights": {**settings, "dropout": 0.0},
        "lower ratings": {**settings, "seen": 0.0},
        **{name: {**settings, name: value} for name, value in neutral.items()},
    }
    return {name: changed for name, changed in without.items() if changed != settings}
