"""What a message is for, and what a remark says of an item, told from their meaning.

Multinomial logistic regressions on sentence embeddings, which learn from the lines of assets/intents/*.toml:

    python -m chatbot.understanding.gist

fits them anew in seconds and writes a .safetensors file beside each. They are asked only where words alone decide
badly: <language>.toml tells reactions, commands, courtesies, small talk, insults and other matters from our business,
<language>.remarks.toml praise of an item from blame.
"""

import argparse
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from chatbot.resources import assets_dir
from index.embedding import Embedder, load_embedder

STRENGTH = 10.0
"""Inverse strength of the regularisation."""
MAX_STEPS = 2000


@dataclass(frozen=True)
class Gist:
    """A classifier of messages. Immutable, so that threads may share it."""

    intents: tuple[str, ...]
    weights: np.ndarray  # (k, d) float32
    bias: np.ndarray  # (k,) float32
    encoder: Embedder

    def read(self, text: str) -> tuple[str, float]:
        """The likeliest intent of a message, and its probability."""
        shares = self.shares([text])[0]
        best = int(shares.argmax())
        return self.intents[best], float(shares[best])

    def all_of(self, text: str) -> dict[str, float]:
        """The probability of each intent."""
        return dict(zip(self.intents, self.shares([text])[0].tolist(), strict=True))

    def shares(self, texts: Sequence[str]) -> np.ndarray:
        """(n,) texts → (n, k) float32 probabilities."""
        return _softmax(self.encoder.encode([_plain(t) for t in texts]) @ self.weights.T + self.bias)

    def save(self, path: Path) -> None:
        """Write it as safetensors; names of intents and encoder stand in the metadata."""
        from safetensors.numpy import save_file

        tensors = {"weights": self.weights.astype(np.float16), "bias": self.bias.astype(np.float16)}
        save_file(tensors, path, metadata={"intents": ",".join(self.intents), "encoder": self.encoder.name})


@cache
def load_gist(name: str) -> Gist | None:
    """The classifier of that name ("en", "en.remarks"), or None where none ships."""
    path = assets_dir() / "intents" / f"{name}.safetensors"
    if not path.is_file():
        return None
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
        weights, bias = (file.get_tensor(name).astype(np.float32) for name in ("weights", "bias"))
    return Gist(tuple(metadata["intents"].split(",")), weights, bias, load_embedder(metadata["encoder"]))


def fit_gist(lines: Mapping[str, Sequence[str]], encoder: Embedder) -> Gist:
    """A classifier from example lines by intent; of a question it learns both ways of writing it."""
    from sklearn.linear_model import LogisticRegression

    rows = [(_plain(text), intent) for intent, texts in lines.items() for text in texts]
    rows += [(text.rstrip("?"), intent) for text, intent in rows if text.endswith("?")]
    texts, intents = zip(*dict.fromkeys(rows), strict=True)
    model = LogisticRegression(C=STRENGTH, max_iter=MAX_STEPS).fit(encoder.encode(texts), intents)
    weights, bias = (np.ascontiguousarray(array, np.float32) for array in (model.coef_, model.intercept_))
    if len(model.classes_) == 2:  # one row stands for the second of two; the first scores nothing
        weights, bias = np.vstack([0 * weights, weights]), np.concatenate([0 * bias, bias])
    return Gist(tuple(map(str, model.classes_)), weights, bias, encoder)


def _plain(text: str) -> str:
    """A message without case, and without stops at its end."""
    return " ".join(text.casefold().replace("’", "'").split()).rstrip(" .!")


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)


def main() -> None:
    """Fit every classifier and write it beside its lines."""
    argparse.ArgumentParser(prog="python -m chatbot.understanding.gist", description=__doc__).parse_args()
    encoder = load_embedder()
    for path in sorted((assets_dir() / "intents").glob("*.toml")):
        fit_gist(tomllib.loads(path.read_text("utf-8")), encoder).save(path.with_suffix(".safetensors"))


if __name__ == "__main__":
    main()
