"""One latent space for items, attributes, requests and users.

An item's vector has two parts: what is said about it (principal components of its encoded text) and the company
it keeps (its collaborative factor). Where nobody has touched an item, the second part is predicted from the
first, so that a new item stands where people would put it. A request's words reach the same space through one
linear map, fitted on the items' texts and on the names of their attributes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.catalog import Catalog, Field, Item
from index.embedding import Embedder, mean_row, unit_rows

TEXT_SHARE = 0.6
"""How much of an item's squared length is its text, where there is a collaborative part at all."""

TRUST = 3.0
"""Interactions at which an item's own collaborative factor counts as much as the predicted one."""

FEW = 3
"""Attribute values of fewer items say too little to be fitted."""

MANY = 8
"""Values of a many-valued field that enter an item's text; long casts drown the rest."""


@dataclass(frozen=True)
class TextMap:
    """Encoded text (t,) → space (d,): subtract the mean request, multiply, scale to length 1."""

    mean: np.ndarray  # (t,) float32
    matrix: np.ndarray  # (t, d) float32

    def __call__(self, encoded: np.ndarray) -> np.ndarray:
        """(m, t) encoded texts → (m, d) float32 unit rows."""
        return unit_rows(((encoded - self.mean) @ self.matrix).astype(np.float32))


def item_text(item: Item, fields: Sequence[Field]) -> str:
    """What the record says, as text: title, year, and every category and text field."""
    parts = [item.title]
    for field in fields:
        if field.kind in ("category", "text") or field.role == "year":
            values = [str(value) for value in item.values(field.name)[:MANY]]
            if values:
                parts.append(", ".join(values))
    return ". ".join(parts)


def text_components(texts: np.ndarray, dimension: int) -> np.ndarray:
    """Principal components of encoded texts (n, t): (n, dimension) float32 unit rows, zeros where t is less."""
    centred = texts - mean_row(texts)
    _, directions = np.linalg.eigh(centred.T.astype(np.float64) @ centred)
    leading = directions[:, ::-1][:, : min(dimension, texts.shape[1])]
    heaviest = np.abs(leading).argmax(axis=0)
    leading = leading * np.sign(leading[heaviest, np.arange(leading.shape[1])])
    components = np.zeros((len(texts), dimension), dtype=np.float32)
    components[:, : leading.shape[1]] = centred @ leading
    return unit_rows(components)


def join_parts(texts: np.ndarray, components: np.ndarray, factors: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Item vectors (n, p + f) float32 unit rows, from text components (n, p) and factors (n, f).

    `counts` (n,) is the number of interactions behind each factor: the fewer, the more a prediction from the
    encoded texts (n, t) takes its place.
    """
    if not counts.any():
        return unit_rows(np.hstack([components, np.zeros_like(factors)]))
    known = counts > 0
    centred = texts - mean_row(texts)
    weights = ridge(centred[known], factors[known], counts[known] / (counts[known] + TRUST), penalty=10.0)
    trust = (counts / (counts + TRUST))[:, None].astype(np.float32)
    blended = unit_rows(trust * factors + (1 - trust) * unit_rows((centred @ weights).astype(np.float32)))
    return unit_rows(np.hstack([TEXT_SHARE**0.5 * components, (1 - TEXT_SHARE) ** 0.5 * blended]))


def ridge(inputs: np.ndarray, outputs: np.ndarray, weights: np.ndarray, penalty: float) -> np.ndarray:
    """Weighted ridge regression: (m, a) → (m, b) gives (a, b) float64."""
    scaled = inputs.astype(np.float64) * weights[:, None]
    gram = scaled.T @ inputs + penalty * np.eye(inputs.shape[1])
    return np.linalg.solve(gram, scaled.T @ outputs)


def fit_text_map(catalog: Catalog, embedder: Embedder, texts: np.ndarray, vectors: np.ndarray) -> TextMap:
    """The map from words to the space: items' texts must reach the items, attribute names the mean of theirs."""
    named = [(text, where) for text, where in attribute_phrases(catalog)]
    centre = mean_row(vectors)
    inputs, outputs = texts - mean_row(texts), vectors - centre
    titles = embedder.encode([item.title for item in catalog.items])
    short = np.vstack([embedder.encode([text for text, _ in named]), titles])
    means = [unit_rows(vectors[where].mean(axis=0) - centre) for _, where in named]
    mean = mean_row(short)
    inputs = np.vstack([inputs, short - mean])
    outputs = np.vstack([outputs, *[m[None] for m in means], vectors - centre])
    weights = np.concatenate([np.ones(len(texts)), np.full(len(named), 4.0), np.full(len(titles), 0.3)])
    matrix = ridge(inputs, outputs, weights, penalty=10.0)
    return TextMap(mean.astype(np.float32), matrix.astype(np.float32))


def attribute_phrases(catalog: Catalog) -> Iterator[tuple[str, np.ndarray]]:
    """What people call a kind of item, and the positions (m,) it stands for; values alone and in pairs."""
    genre = catalog.field_of("genre")
    for field in catalog.of_kind("category"):
        for value, where in catalog.postings(field.name).items():
            if len(where) >= FEW:
                yield value, where
                yield f"{value} {catalog.nouns[1]}", where
    if genre is not None:
        common = {v: w for v, w in catalog.postings(genre.name).items() if len(w) >= FEW}
        for one, where_one in common.items():
            for other, where_other in common.items():
                both = np.intersect1d(where_one, where_other, assume_unique=True)
                if one != other and len(both) >= FEW:
                    yield f"{one} {other} {catalog.nouns[0]}", both
