"""One latent space for items, attributes, requests and users.

An item's vector has two parts: what is said about it (principal components of its encoded text) and the company
it keeps (its collaborative factor). Where nobody has touched an item, the second part is predicted from the text,
so that a new item stands where people would put it.

A request's words reach the space through one linear map, which fills the first part only. Predicting the second
part for requests too was measured on the films, and halved the answers that were right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.catalog import PEOPLE, Catalog, Field, Item
from index.embedding import Embedder, mean_row, unit_rows

TEXT_SHARE = 0.5
"""How much of an item's squared length is its text, where there is a collaborative part at all."""

TRUST = 3.0
"""Interactions at which an item's own collaborative factor counts as much as the predicted one."""

RECORD_SHARE = 0.5
"""Weight of the whole record beside the topic and the prose: names and titles mislead requests for a kind."""

FEW = 3
"""Values of fewer items are no way people ask."""

MANY = 8
"""Values of a many-valued field that enter an item's text; long lists drown the rest."""


@dataclass(frozen=True)
class TextMap:
    """Encoded text (t,) → space (d,): subtract the mean request, multiply, scale to length `reach`.

    Words reach the text part of items only; `reach` makes up for it, so that a perfect match has inner product 1.
    """

    mean: np.ndarray  # (t,) float32
    matrix: np.ndarray  # (t, d) float32
    reach: float = 1.0

    def __call__(self, encoded: np.ndarray) -> np.ndarray:
        """(m, t) encoded texts → (m, d) float32 rows of length `reach`."""
        return unit_rows(((encoded - self.mean) @ self.matrix).astype(np.float32)) * np.float32(self.reach)


@dataclass(frozen=True)
class ItemTexts:
    """The encoded texts of all items, unit rows (n, t) float32."""

    record: np.ndarray  # everything that the record says, names included
    mixed: np.ndarray  # what the item is about: topic and prose first


def encode_items(items: Sequence[Item], fields: Sequence[Field], prose: Sequence[str], embedder: Embedder) -> ItemTexts:
    """Encode the items; `prose` is a text for each, "" where there is none."""
    record = embedder.encode([record_text(item, fields) for item in items])
    topic = embedder.encode([topic_text(item, fields) for item in items])
    told = np.array([bool(text) for text in prose], dtype=np.float32)[:, None]
    story = embedder.encode([text or "." for text in prose]) * told
    return ItemTexts(record, unit_rows(topic + story + RECORD_SHARE * record))


def record_text(item: Item, fields: Sequence[Field]) -> str:
    """What the record says: title, year, and every category and text field."""
    chosen = [field for field in fields if field.kind in ("category", "text") or field.role == "year"]
    return ". ".join([item.title, *_told(item, chosen)])


def topic_text(item: Item, fields: Sequence[Field]) -> str:
    """What the item is about: its categories, without people. The title where it has none."""
    return ". ".join(_told(item, topic_fields(fields))) or item.title


def topic_fields(fields: Sequence[Field]) -> list[Field]:
    """The fields that say what items are about: genres and keywords, else whatever categories are no people."""
    categories = [field for field in fields if field.kind == "category" and field.role not in PEOPLE]
    return [field for field in categories if field.role in ("genre", "keyword")] or categories


def _told(item: Item, fields: Sequence[Field]) -> list[str]:
    rows = [[str(value) for value in item.values(field.name)[:MANY]] for field in fields]
    return [", ".join(values) for values in rows if values]


def text_directions(texts: np.ndarray, dimension: int) -> np.ndarray:
    """The leading principal directions of encoded texts (n, t): (t, min(dimension, t)) float32."""
    centred = texts - mean_row(texts)
    _, directions = np.linalg.eigh(centred.T.astype(np.float64) @ centred)
    leading = directions[:, ::-1][:, :dimension]
    # A direction's sign is free: fix it, so that the same data gives the same bytes.
    heaviest = np.abs(leading).argmax(axis=0)
    return (leading * np.sign(leading[heaviest, np.arange(leading.shape[1])])).astype(np.float32)


def join_parts(texts: ItemTexts, directions: np.ndarray, factors: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Item vectors (n, p + f) float32 unit rows, from text directions (t, p) and factors (n, f).

    `counts` (n,) is the number of interactions behind each factor: the fewer, the more a prediction from the
    text takes its place.
    """
    components = unit_rows((texts.mixed - mean_row(texts.mixed)) @ directions)
    if not counts.any():
        return unit_rows(np.hstack([components, np.zeros_like(factors)]))
    inputs = np.hstack([texts.record, texts.mixed])
    inputs = inputs - mean_row(inputs)
    known, trust = counts > 0, counts / (counts + TRUST)
    weights = ridge(inputs[known], factors[known], trust[known], penalty=10.0)
    predicted = unit_rows((inputs @ weights).astype(np.float32))
    share = trust[:, None].astype(np.float32)
    blended = unit_rows(share * factors + (1 - share) * predicted)
    return unit_rows(np.hstack([TEXT_SHARE**0.5 * components, (1 - TEXT_SHARE) ** 0.5 * blended]))


def ridge(inputs: np.ndarray, outputs: np.ndarray, weights: np.ndarray, penalty: float) -> np.ndarray:
    """Weighted ridge regression: (m, a) → (m, b) gives (a, b) float64."""
    scaled = inputs.astype(np.float64) * weights[:, None]
    gram = scaled.T @ inputs + penalty * np.eye(inputs.shape[1])
    return np.linalg.solve(gram, scaled.T @ outputs)


def text_map(catalog: Catalog, embedder: Embedder, directions: np.ndarray, dimension: int) -> TextMap:
    """The map from words into a space of this dimension, whose first columns are the text directions (t, p).

    The mean that it subtracts is that of texts like requests, which are short, not that of items' texts.
    """
    phrases = sorted(topic_phrases(catalog)) or [*catalog.nouns]
    matrix = np.zeros((directions.shape[0], dimension), dtype=np.float32)
    matrix[:, : directions.shape[1]] = directions
    reach = TEXT_SHARE**-0.5 if dimension > directions.shape[1] else 1.0
    return TextMap(mean_row(embedder.encode(phrases)), matrix, reach)


def topic_phrases(catalog: Catalog) -> Iterator[str]:
    """What people call kinds of items: "horror", "horror film", "horror films"."""
    for field in topic_fields(catalog.fields):
        for value, where in catalog.postings(field.name).items():
            if len(where) >= FEW:
                yield from (value, *(f"{value} {noun}" for noun in catalog.nouns))
