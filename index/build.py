"""Catalog → index: encode the texts, find the space, group the items."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from index.aigc import TUNED
from index.catalog import Catalog
from index.company import Interactions, together
from index.dialogues import Dialogue
from index.embedding import Embedder, mean_row, unit_rows
from index.folder import Index
from index.groups import make_groups
from index.links import learn_links
from index.space import ItemTexts, TextMap, encode_items, join_parts, ridge, text_directions, text_map

if TYPE_CHECKING:
    from index.ranker.fitting import Settings

TEXT_DIMENSION = 192
FACTOR_DIMENSION = 64
BATCH = 256

PROSE = 500
"""Characters of an item's prose that are read; the first sentences say what it is about."""

PLACING_PENALTY = 3.0

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, how much is done, of how much)."""


def build_index(
    catalog: Catalog,
    embedder: Embedder,
    *,
    texts: Mapping[str, str] | None = None,
    company: Sequence[Interactions] = (),
    dialogues: Sequence[Dialogue] = (),
    settings: "Settings | None" = None,
    seed: int = 0,
    progress: Progress = lambda what, done, of: None,
) -> Index:
    """Build an index; the same input and seed give the same index.

    `texts` holds prose by item id, read for the vectors and kept nowhere. `company` are ratings; from
    `dialogues` a ranking is learned besides, with `settings` if its defaults do not do. A catalog alone is enough:
    its vectors then come from its text.
    """
    encoded = encode(catalog, embedder, texts or {}, progress)
    progress("space", 0, 1)
    directions = text_directions(encoded.mixed, TEXT_DIMENSION)
    space = partial(_space, encoded, directions, len(catalog), seed)
    sources = [*company, *([together(dialogues)] if dialogues else [])]
    vectors = space(sources)
    progress("groups", 0, 1)
    groups = make_groups(catalog, vectors, seed=seed)
    words = text_map(catalog, embedder, directions, vectors.shape[1])
    built = {"seed": seed, "rows": {c.name: len(c.rows) for c in sources}, "prose": len(texts or {})}
    progress("groups", 1, 1)
    ranker = None
    if dialogues:
        from index.ranker.fitting import Settings
        from index.ranker.learning import learn

        inputs = np.hstack([encoded.record, encoded.mixed])
        chosen = settings or Settings()
        ranker = learn(catalog, dialogues, company, inputs, space, groups.of_item, embedder, chosen, seed, progress)
    links = learn_links(sources, len(catalog))
    placed = placing(encoded, vectors)
    return Index(catalog, vectors, groups, words, embedder, TUNED, {"built": built}, ranker, links, placed)


def _space(
    encoded: ItemTexts, directions: np.ndarray, n_items: int, seed: int, company: Sequence[Interactions]
) -> np.ndarray:
    """Item vectors (n, d) float32 unit rows, from what is said about the items and the company they keep."""
    factors, counts = _factors(company, n_items, seed)
    vectors = join_parts(encoded, directions, factors, counts)
    vectors = unit_rows(vectors - mean_row(vectors)) if n_items > 1 else vectors
    # What is stored is rounded to 16 bits: use what will be loaded.
    return np.asarray(unit_rows(vectors.astype(np.float16).astype(np.float32)))


def placing(encoded: ItemTexts, vectors: np.ndarray) -> TextMap:
    """The linear map from items' encoded texts (n, 2t) to their vectors (n, d), for items that come later."""
    inputs = np.hstack([encoded.record, encoded.mixed])
    mean = mean_row(inputs)
    return TextMap(mean, ridge(inputs - mean, vectors, np.ones(len(vectors)), PLACING_PENALTY).astype(np.float32))


def encode(
    catalog: Catalog, embedder: Embedder, texts: Mapping[str, str], progress: Progress = lambda what, done, of: None
) -> ItemTexts:
    """The items' encoded texts; prose is what `texts` says of an item, else its own text fields."""
    prose_fields = [field.name for field in catalog.of_kind("text")]
    parts = [ItemTexts(*np.zeros((2, 0, embedder.dimension), dtype=np.float32))]
    for start in range(0, len(catalog), BATCH):
        progress("texts", start, len(catalog))
        batch = catalog.items[start : start + BATCH]
        prose = [texts.get(i.id) or " ".join(str(v) for name in prose_fields for v in i.values(name)) for i in batch]
        parts.append(encode_items(batch, catalog.fields, [text[:PROSE] for text in prose], embedder))
    progress("texts", len(catalog), len(catalog))
    return ItemTexts(np.vstack([p.record for p in parts]), np.vstack([p.mixed for p in parts]))


def _factors(company: Sequence[Interactions], n_items: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Collaborative factors (n, f) and the number of interactions behind each (n,)."""
    if not any(len(source.rows) for source in company):
        return np.zeros((n_items, 0), dtype=np.float32), np.zeros(n_items)
    from index.collaborative import item_factors, matrix

    rows = matrix(company, n_items)
    counts = np.asarray((rows > 0).sum(axis=0), dtype=np.float64).ravel()
    return item_factors(rows, FACTOR_DIMENSION, fame=0.7, depth=0.6, seed=seed), counts
