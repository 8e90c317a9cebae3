"""What to ask: the field whose answer is expected to narrow the candidates most."""

from dataclasses import dataclass

import numpy as np

from chatbot.wording import Wording
from index.catalog import Catalog, Field
from index.folder import Index

MAX_QUESTIONS = 2
"""Before the first list."""
MAX_CHOICES = 4
ASKABLE = ("genre", "year", "creator", "performer", "price")


@dataclass(frozen=True, slots=True)
class Query:
    """A question about a field, with the likeliest answers, each of which can be said as it stands."""

    field: str
    topic: str  # the segment's topic
    options: tuple[str, ...]
    gain: float  # expected information, in bits


def best_question(index: Index, wording: Wording, allowed: np.ndarray, asked: tuple[str, ...]) -> Query | None:
    """The unasked question of most expected gain over what may be recommended, or None.

    Each candidate counts by its prior: an answer that splits the well-known items is worth more than one that
    splits the unknown. A value's gain is the entropy of having it; a question's is the sum over its choices.
    """
    weights = np.where(allowed, index.prior + 1e-3, 0).astype(np.float64) ** 2
    if weights.sum() == 0:
        return None
    weights /= weights.sum()
    queries = [
        query
        for field in index.catalog.fields
        if field.role in ASKABLE and field.name not in asked
        if (query := _query(index.catalog, wording, field, weights)) is not None
    ]
    return max(queries, key=lambda q: q.gain, default=None)


def _query(catalog: Catalog, wording: Wording, field: Field, weights: np.ndarray) -> Query | None:
    shares = _decades(catalog, wording, field, weights) if field.role == "year" else _values(catalog, field, weights)
    best = sorted(shares, key=lambda pair: (-_entropy(pair[1]), pair[0]))[:MAX_CHOICES]
    if len(best) < 2:
        return None
    return Query(field.name, f"ask.{field.role}", tuple(text for text, _ in best), sum(_entropy(p) for _, p in best))


def _values(catalog: Catalog, field: Field, weights: np.ndarray) -> list[tuple[str, float]]:
    if field.kind != "category":
        return []
    spelling = catalog.spellings(field.name)
    return [(spelling.get(v, v), float(weights[where].sum())) for v, where in catalog.postings(field.name).items()]


def _decades(catalog: Catalog, wording: Wording, field: Field, weights: np.ndarray) -> list[tuple[str, float]]:
    years = catalog.numbers(field.name)
    decades = np.floor(years / 10) * 10
    known = np.unique(decades[~np.isnan(decades)])
    return [(wording.decade(int(d)), float(weights[decades == d].sum())) for d in known]


def _entropy(p: float) -> float:
    """Bits of a yes-or-no answer of probability p."""
    if p <= 0 or p >= 1:
        return 0.0
    return float(-(p * np.log2(p) + (1 - p) * np.log2(1 - p)))
