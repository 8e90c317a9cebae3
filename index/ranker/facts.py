"""What a catalog says of its items, as sparse matrices: whatever the dialogues."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse

from index.catalog import Catalog

FEW = 2
"""An attribute of fewer items joins nothing."""

SPAN = 5
"""Years that make one attribute."""

TITLES = "title words"


@dataclass(frozen=True)
class Facts:
    """The attributes of n items by field, the last of which are the words of titles."""

    attributes: Sequence[sparse.csr_matrix]  # per field (n, values) float32
    values: Sequence[str]  # all values, field after field; words of titles are none: in a text they mean too little
    short: np.ndarray  # (n,) bool: titles of one word, which may be an everyday one
    spans: sparse.csr_matrix  # (n, spans of years) float32
    years: np.ndarray  # (n,) float64, NaN where unknown

    @property
    def all_attributes(self) -> sparse.csr_matrix:
        """Every attribute as a column: (n, a) float32."""
        return sparse.hstack([*self.attributes, self.spans]).tocsr().astype(np.float32)


def item_facts(catalog: Catalog) -> Facts:
    """The facts of a catalog."""
    n = len(catalog)
    lists = {field.name: _several(catalog.postings(field.name)) for field in catalog.of_kind("category")}
    lists[TITLES] = _several(_title_words(catalog))
    return Facts(
        attributes=[_matrix(values, n) for values in lists.values()],
        values=[value for name, values in lists.items() if name != TITLES for value in values],
        short=np.array([len(item.title.split()) < 2 for item in catalog.items], dtype=bool),
        spans=_matrix(_spans(catalog), n),
        years=_years(catalog),
    )


def _several(values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {value: where for value, where in values.items() if len(where) >= FEW}


def _title_words(catalog: Catalog) -> dict[str, np.ndarray]:
    """Words of titles that are not in too many of them."""
    words: dict[str, list[int]] = {}
    for at, item in enumerate(catalog.items):
        for word in {w for w in re.findall(r"\w+", item.title.casefold()) if len(w) > 2}:
            words.setdefault(word, []).append(at)
    return {word: np.array(where) for word, where in words.items() if len(where) <= len(catalog) ** 0.5}


def _years(catalog: Catalog) -> np.ndarray:
    field = catalog.field_of("year")
    return np.full(len(catalog), np.nan) if field is None else catalog.numbers(field.name)


def _spans(catalog: Catalog) -> dict[str, np.ndarray]:
    spans = _years(catalog) // SPAN
    return {str(span): np.flatnonzero(spans == span) for span in np.unique(spans[~np.isnan(spans)])}


def _matrix(values: Mapping[str, np.ndarray], n_items: int) -> sparse.csr_matrix:
    """(n_items, values) float32 rows of length 1, or 0 where an item has none."""
    rows = np.concatenate([np.zeros(0, dtype=np.int64), *values.values()])
    columns = np.repeat(np.arange(len(values)), [len(where) for where in values.values()])
    cells = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(n_items, len(values)))
    sums = np.asarray(cells.sum(axis=1)).ravel()
    return (sparse.diags(1 / np.maximum(sums, 1) ** 0.5) @ cells).tocsr().astype(np.float32)
