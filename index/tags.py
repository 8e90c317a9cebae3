"""Tags by their meaning: "a twist at the end" is near the tag "twist ending", whoever has that tag."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.catalog import Catalog
from index.embedding import Embedder, unit_rows

NEAR = 0.8
"""The cosine of two texts from which they say the same; below, opposites ("uplifting", "depressing") come close too."""
MAX_TAGS = 2000
"""Of more tags the most frequent are known: each is encoded once."""


@dataclass(frozen=True)
class Tags:
    """The values of a catalog's keyword fields, encoded."""

    items: Sequence[np.ndarray]  # per tag the sorted positions (m,) int64 of the items that have it
    vectors: np.ndarray  # (t, e) float32 unit rows, as the encoder gives them

    @classmethod
    def of(cls, catalog: Catalog, embedder: Embedder) -> "Tags":
        """The tags of all fields whose role is keyword; loads the encoder where there are any."""
        fields = [field.name for field in catalog.of_kind("category") if field.role == "keyword"]
        found = [(text, where) for name in fields for text, where in catalog.postings(name).items()]
        found = sorted(found, key=lambda pair: -len(pair[1]))[:MAX_TAGS]
        rows = unit_rows(embedder.encode([text for text, _ in found])) if found else np.zeros((0, 1), np.float32)
        return cls([where for _, where in found], rows)

    def shares(self, encoded: np.ndarray, n_items: int) -> np.ndarray:
        """How well each item's tags say what an encoded text (e,) says: (n,) float32, 0 or from NEAR to 1."""
        shares = np.zeros(n_items, dtype=np.float32)
        if not self.items:
            return shares
        likeness = self.vectors @ unit_rows(encoded)
        for tag in map(int, np.flatnonzero(likeness >= NEAR)):
            where = self.items[tag]
            shares[where] = np.maximum(shares[where], likeness[tag])
        return shares
