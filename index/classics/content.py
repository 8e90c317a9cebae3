"""Content: items like those in the history, by what is said of them; nobody else's taste enters."""

from typing import Self

import numpy as np
import scipy.sparse as sparse
from sklearn.feature_extraction.text import TfidfTransformer

from index.catalog import Catalog

FEWEST = 3
"""Items that must share an attribute for it to say anything."""
YEARS = 5
ROLES = ("genre", "creator", "performer", "person")


def attributes(catalog: Catalog, roles: tuple[str, ...] = ROLES, fewest: int = FEWEST) -> sparse.csr_matrix:
    """(a, n) float32 of 0 and 1: each row is a value of a category field of these roles, or five years, and the
    items that have it; the most frequent come first."""
    rows: list[np.ndarray] = []
    for field in catalog.fields:
        if field.kind == "category" and field.role in roles:
            rows += catalog.postings(field.name).values()
        elif field.role == "year":
            years = catalog.numbers(field.name) // YEARS
            rows += [np.flatnonzero(years == spell) for spell in np.unique(years[~np.isnan(years)])]
    rows = sorted((row for row in rows if len(row) >= fewest), key=len, reverse=True)
    where = np.concatenate([*rows, np.zeros(0, dtype=np.int64)])
    which = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    ones = np.ones(len(where), dtype=np.float32)
    return sparse.csr_matrix((ones, (which, where)), shape=(len(rows), len(catalog)))


class ContentBased:
    """The cosine of each item and the history's mean, in attributes weighted by TF-IDF and, if given, text vectors."""

    def __init__(self, facts: sparse.csr_matrix, texts: np.ndarray | None = None, text_share: float = 0.5) -> None:
        """Attributes (a, n) and unit text vectors (n, t), which make up `text_share` of an item's square."""
        items = TfidfTransformer().fit_transform(facts.T)
        parts = [items * (1 - text_share) ** 0.5 if texts is not None else items]
        if texts is not None:
            parts.append(sparse.csr_matrix(texts * text_share**0.5))
        self._items = sparse.hstack(parts).tocsr()  # (n, a + t)

    def fit(self, rows: sparse.csr_matrix) -> Self:
        """Nothing is learned from people."""
        return self

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        """Histories (v, n) → scores (v, n) float32."""
        return np.asarray((histories @ self._items @ self._items.T).todense(), dtype=np.float32)
