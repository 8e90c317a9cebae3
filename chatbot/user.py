"""From state to user embedding: evidence as vectors of the items' space, with weights."""

from dataclasses import dataclass

import numpy as np

from chatbot.state import Believed, DialogueState, Opinion, Order, Request, Wish
from index.catalog import Catalog, fold
from index.folder import Index

ITEM, ATTRIBUTE, REQUEST = 1.0, 0.6, 1.0
DISLIKED_ITEM = -0.7
DISLIKED_REQUEST = -0.7
PRIOR_ALONE, PRIOR_BESIDE = 1.0, 0.5
PURE = 0.3  # a drama and nothing else before a horror film that is a drama too
MATCH = 0.8  # added for a liked value that an item has; liked values are soft, so they are no mask


@dataclass(frozen=True)
class UserEmbedding:
    """What is known of a person. The scorer attends over the rows; their weighted mean is the plain embedding."""

    evidence: np.ndarray  # (e, d) float32
    weights: np.ndarray  # (e,) float32, negative for dislikes
    bonus: np.ndarray  # (n,) float32, added to the items' relevance

    @property
    def mean(self) -> np.ndarray:
        """The user as one vector: (d,) float32."""
        return self.weights @ self.evidence if len(self.weights) else np.zeros(self.evidence.shape[1], np.float32)


def embed_user(state: DialogueState, index: Index) -> UserEmbedding:
    """The user embedding of a state; a pure function of both."""
    rows: list[np.ndarray] = []
    weights: list[float] = []
    liked: dict[int, float] = {}
    telling = any(_is_telling(belief.evidence) for belief in state.beliefs)
    bonus = np.zeros(len(index.catalog), dtype=np.float32)
    for belief in state.beliefs:
        evidence = belief.evidence
        row, weight = _vector(evidence, index)
        fade = state.weight(evidence)
        if row is not None and row.any() and telling:
            rows.append(row)
            weights.append(weight * fade)
        if isinstance(evidence, Opinion) and evidence.liked and evidence.field and evidence.value is not None:
            bonus[index.catalog.postings(evidence.field).get(fold(evidence.value), [])] += MATCH * fade
        liked |= {at: max(liked.get(at, 0.0), s * fade) for at, s in _liked_item(evidence, index.catalog).items()}
        if isinstance(evidence, Request):
            bonus += (MATCH if evidence.liked else -MATCH) * fade * index.tagged(evidence.text)
        if isinstance(evidence, Wish):
            bonus += PURE * _purity(evidence, index.catalog)
    bonus += index.linked(list(liked), list(liked.values()))
    bonus += (PRIOR_BESIDE if rows else PRIOR_ALONE) * index.prior
    matrix = np.stack(rows) if rows else np.zeros((0, index.vectors.shape[1]), np.float32)
    return UserEmbedding(matrix.astype(np.float32), np.array(weights, dtype=np.float32), bonus)


def _purity(wish: Wish, catalog: Catalog) -> np.ndarray:
    """How much an item is of the one kind that was wished for: one over the number of its kinds, (n,) float32."""
    share = np.zeros(len(catalog), dtype=np.float32)
    field = catalog.field(wish.constraint.field)
    if field is None or field.role != "genre" or wish.constraint.op != "=":
        return share
    postings = catalog.postings(field.name)
    where = postings.get(fold(str(wish.constraint.value)), np.zeros(0, dtype=np.int64))
    kinds = np.bincount(np.concatenate(list(postings.values())), minlength=len(catalog)) if postings else share
    share[where] = 1 / kinds[where]
    return share


def _liked_item(evidence: Believed, catalog: Catalog) -> dict[int, float]:
    """The position of the item that evidence likes and how strongly; empty where it likes none."""
    if not isinstance(evidence, Opinion) or not evidence.liked or evidence.item_id not in catalog.positions:
        return {}
    return {catalog.positions[evidence.item_id]: evidence.strength}


def _is_telling(evidence: Believed) -> bool:
    """Whether evidence says more than a kind or a person does. Alone, those would only draw the list to what is most
    typical of them, where the best known that have them are the better bet."""
    return isinstance(evidence, Request) or (isinstance(evidence, Opinion) and evidence.item_id is not None)


def _vector(evidence: Believed, index: Index) -> tuple[np.ndarray | None, float]:
    """One piece of evidence as a vector and its weight."""
    if isinstance(evidence, Request):
        return index.embed(evidence.text), REQUEST if evidence.liked else DISLIKED_REQUEST
    if isinstance(evidence, (Wish, Order)):
        return None, 0.0  # the mask holds it; leaning towards the typical item of its kind would only narrow the list
    if evidence.item_id is not None:
        position = index.catalog.positions.get(evidence.item_id)
        return (
            (None, 0.0)
            if position is None
            else (index.vectors[position], (ITEM if evidence.liked else DISLIKED_ITEM) * evidence.strength)
        )
    if not evidence.liked or evidence.field is None:
        return None, 0.0  # a refused value is masked; what merely resembles it is not refused
    return index.attribute_vector(evidence.field, evidence.value or ""), ATTRIBUTE
