"""The index and the bot's way of ranking as they serve, with nothing known of the people who are tested."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sparse

from chatbot.evaluation.ranking.data import Person
from chatbot.state import DialogueState, Opinion
from chatbot.user import embed_user
from index.catalog import Catalog, Field, Item
from index.company import RATINGS_WEIGHT, Interactions
from index.embedding import HashingEmbedder
from index.folder import Index
from index.groups import Groups
from index.links import learn_links
from index.space import TextMap

TELLING = ("rating", "votes", "popularity")
"""Roles of fields that count what everybody said, the tested people too."""


def index_of(
    catalog: Catalog, learning: Sequence[Person], vectors: np.ndarray, of_item: np.ndarray, centroids: np.ndarray
) -> Index:
    """The index of the learning people. It understands no words; `dataclasses.replace` may give it some."""
    n = len(catalog)
    rows = [tuple((int(at), 1.0) for at in person.liked) for person in learning if len(person.liked) > 1]
    counts = np.bincount(np.concatenate([person.liked for person in learning]), minlength=n)
    groups = Groups(tuple(f"group {number}" for number in range(len(centroids))), of_item, centroids)
    wordless = TextMap(np.zeros(1, np.float32), np.zeros((1, vectors.shape[1]), np.float32))
    links = learn_links([Interactions("ratings", rows, RATINGS_WEIGHT)], n)
    return Index(_counted(catalog, counts), vectors, groups, wordless, HashingEmbedder(1), links=links)


def _counted(catalog: Catalog, counts: np.ndarray) -> Catalog:
    """The catalog, known by these counts (n,) and not by what all people said."""
    kept = tuple(field for field in catalog.fields if field.role not in TELLING)
    fame = np.log1p(counts)
    items = tuple(
        Item(item.id, item.title, {**{f.name: item.facts[f.name] for f in kept}, "liked by": float(fame[at])})
        for at, item in enumerate(catalog.items)
    )
    return replace(catalog, fields=(*kept, Field("liked by", "number", role="popularity")), items=items)


@dataclass(frozen=True)
class Shipped:
    """Ranks as the bot does for somebody who said of every item in the history that it is liked."""

    index: Index

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        """Histories (v, n) ≥ 0 → relevance (v, n) float32."""
        rows = sparse.csr_matrix(histories)
        return np.stack([self._person(rows.indices[a:b]) for a, b in zip(rows.indptr, rows.indptr[1:], strict=False)])

    def _person(self, history: np.ndarray) -> np.ndarray:
        catalog = self.index.catalog
        state = DialogueState().plus([Opinion(True, item_id=catalog.items[at].id) for at in history], 1)
        user = embed_user(state, self.index)
        everything = np.ones(len(catalog), dtype=bool)
        positions, scores = self.index.scores(user.evidence, user.weights, everything, len(catalog), user.bonus)
        found = np.zeros(len(catalog), dtype=np.float32)
        found[positions] = scores
        return found
