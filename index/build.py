"""Catalog → index: encode, find the space, group, fit the map from words."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from index.aigc import TUNED
from index.catalog import Catalog
from index.company import Interactions
from index.embedding import Embedder, mean_row, unit_rows
from index.folder import Index
from index.groups import make_groups
from index.space import fit_text_map, item_text, join_parts, text_components

TEXT_DIMENSION = 128
FACTOR_DIMENSION = 64
BATCH = 256

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, how much is done, of how much)."""


def build_index(
    catalog: Catalog,
    embedder: Embedder,
    *,
    texts: Mapping[str, str] | None = None,
    company: Sequence[Interactions] = (),
    seed: int = 0,
    progress: Progress = lambda what, done, of: None,
) -> Index:
    """Build an index; the same input and seed give the same index.

    `texts` holds prose by item id, read for the vectors and kept nowhere. `company` are ratings and dialogues.
    A catalog alone is enough: its vectors then come from its text.
    """
    encoded = _encode_items(catalog, embedder, texts or {}, progress)
    progress("space", 0, 1)
    components = text_components(encoded, TEXT_DIMENSION)
    factors, counts = _factors(company, len(catalog), seed)
    vectors = join_parts(encoded, components, factors, counts)
    vectors = unit_rows(vectors - mean_row(vectors)) if len(catalog) > 1 else vectors
    progress("groups", 0, 1)
    # What is stored is rounded to 16 bits: group what will be loaded.
    vectors = unit_rows(vectors.astype(np.float16).astype(np.float32))
    groups = make_groups(catalog, vectors, seed=seed)
    progress("words", 0, 1)
    text_map = fit_text_map(catalog, embedder, encoded, vectors)
    built = {"seed": seed, "rows": [{"name": c.name, "rows": len(c.rows)} for c in company], "prose": len(texts or {})}
    progress("words", 1, 1)
    return Index(catalog, vectors, groups, text_map, embedder, TUNED, {"built": built})


def _encode_items(catalog: Catalog, embedder: Embedder, texts: Mapping[str, str], progress: Progress) -> np.ndarray:
    """The items' texts, each the mean of its facts and its prose: (n, t) float32 unit rows."""
    rows = [np.zeros((0, embedder.dimension), dtype=np.float32)]
    for start in range(0, len(catalog), BATCH):
        progress("texts", start, len(catalog))
        batch = catalog.items[start : start + BATCH]
        facts = embedder.encode([item_text(item, catalog.fields) for item in batch])
        prose = embedder.encode([texts.get(item.id, "") for item in batch])
        told = np.array([bool(texts.get(item.id)) for item in batch], dtype=np.float32)[:, None]
        rows.append(unit_rows(facts + told * prose))
    progress("texts", len(catalog), len(catalog))
    return np.vstack(rows)


def _factors(company: Sequence[Interactions], n_items: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Collaborative factors (n, f) and the number of interactions behind each (n,)."""
    if not any(len(source.rows) for source in company):
        return np.zeros((n_items, 0), dtype=np.float32), np.zeros(n_items)
    from index.collaborative import item_factors, matrix

    rows = matrix(company, n_items)
    counts = np.asarray((rows > 0).sum(axis=0), dtype=np.float64).ravel()
    return item_factors(rows, FACTOR_DIMENSION, fame=0.7, depth=0.6, seed=seed), counts
