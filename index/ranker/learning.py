"""From a catalog, dialogues and ratings to a ranker."""

from collections.abc import Callable, Sequence

import numpy as np

from index.catalog import Catalog
from index.collaborative import item_factors, matrix
from index.company import Interactions, together
from index.dialogues import Dialogue, by_time
from index.embedding import Embedder
from index.ranker.contexts import ContextReader, examples, vocabulary
from index.ranker.facts import item_facts
from index.ranker.fitting import Material, Settings, fit
from index.ranker.neighbours import tally
from index.ranker.phrases import Phrases
from index.ranker.ranker import Ranker
from index.space import text_directions

WORDS, WORD_TURNS = 12_000, 4
"""Words and pairs that are known at most, and the turns each must be in."""

ENOUGH = 50
"""Dialogues in which something is recommended, below which nothing is learned."""

BATCH = 256
TEXT_DIMENSION = 128
TEXT_SCALE = 8.0
"""Encoded texts are centred and drawn apart, so that the nets hear them beside the rest."""


def learn(
    catalog: Catalog,
    dialogues: Sequence[Dialogue],
    ratings: Sequence[Interactions],
    texts: np.ndarray,
    space: Callable[[Sequence[Interactions]], np.ndarray],
    of_item: np.ndarray,
    embedder: Embedder,
    settings: Settings,
    seed: int = 0,
    progress: Callable[[str, int, int], None] = lambda what, done, of: None,
) -> Ranker | None:
    """A ranker, or None where there are too few dialogues to learn from.

    `texts` (n, t) are the items' encoded texts, `space` makes item vectors
    (n, d) from what people did together, `of_item` (n,) are the items' groups.
    """
    dialogues = by_time(dialogues)
    found = examples(dialogues)
    if len({example.dialogue for example in found if not example.by_user}) < ENOUGH:
        return None
    titles = [item.title for item in catalog.items]
    said = [turn for dialogue in dialogues for turn in dialogue.turns]
    words = vocabulary(said, titles, WORD_TURNS, WORDS)
    facts = item_facts(catalog)
    values = Phrases.of(facts.values)
    reader = ContextReader(titles, words, values, _Batches(embedder, progress))
    rated = [[item for item, _ in row] for source in ratings for row in source.rows]
    material = Material(
        found=found,
        contexts=reader.read([example.context for example in found]),
        dialogues=dialogues,
        ratings=tally(rated, len(catalog)),
        texts=_leading(texts),
        facts=facts,
        space=lambda kept: space([*ratings, together(kept)]),
        factors=lambda kept, size: item_factors(matrix([*ratings, together(kept)], len(catalog)), size, seed=seed),
        of_item=of_item,
    )
    reader = ContextReader(titles, words, values, embedder)
    return fit(material, reader, settings, seed, lambda done, of: progress("ranking", done, of))


def _leading(texts: np.ndarray) -> np.ndarray:
    """Encoded texts (n, t) along their leading directions: (n, TEXT_DIMENSION or t) float32."""
    centred = texts - texts.mean(axis=0)
    return (TEXT_SCALE * centred @ text_directions(texts, TEXT_DIMENSION)).astype(np.float32)


class _Batches:
    """An encoder that tells how far it is."""

    def __init__(self, embedder: Embedder, progress: Callable[[str, int, int], None]) -> None:
        self.name, self.dimension = embedder.name, embedder.dimension
        self._embedder, self._progress = embedder, progress

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(n,) texts → (n, dimension) float32 unit rows."""
        rows = [np.zeros((0, self.dimension), dtype=np.float32)]
        for start in range(0, len(texts), BATCH):
            self._progress("dialogues", start, len(texts))
            rows.append(self._embedder.encode(texts[start : start + BATCH]))
        return np.vstack(rows)
