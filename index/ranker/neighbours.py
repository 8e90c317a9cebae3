"""Which items are named together, and which contexts are alike: memory-based sources of scores."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sparse

from index.embedding import unit_rows
from index.ranker.contexts import Contexts

KEPT = 200
"""Neighbours of an item that are kept."""

SHRINK, OF_NAMED, OF_OTHER = 20.0, 0.8, 0.3
"""Company counts are divided by (count + SHRINK) to these powers, the item's that was named and the other's."""

ALIKE, SHARPNESS = 300, 10.0
"""Contexts whose answers count, and how much more the more alike ones do."""

WORDS = 0.7
"""How much the very words count beside what was said and named."""

DIRECTIONS, FACTORS, NAMED_FADING = 192, 96, 0.85
"""Dimensions of what was said and of the items named, and how much less an item named earlier counts."""


def company(rows: sparse.csr_matrix, of_named: float = OF_NAMED, of_other: float = OF_OTHER) -> sparse.csr_matrix:
    """From rows of items (r, n), how strongly each item calls for each other: (n, n), at most KEPT a row."""
    together = (rows.T @ rows).tocoo()
    counts = np.asarray(rows.multiply(rows).sum(axis=0)).ravel() + SHRINK
    apart = together.row != together.col
    row, column = together.row[apart], together.col[apart]
    values = together.data[apart] / (counts[row] ** of_named * counts[column] ** of_other)
    return strongest(sparse.csr_matrix((values.astype(np.float32), (row, column)), shape=together.shape))


def followers(named: sparse.csr_matrix, answers: sparse.csr_matrix) -> sparse.csr_matrix:
    """How strongly each item named (c, n) calls for the items named in answer (c, n): (n, n), at most KEPT a row."""
    together = (named.T @ answers).tocoo()
    before = np.asarray(named.sum(axis=0)).ravel() + SHRINK
    after = np.asarray(answers.sum(axis=0)).ravel() + SHRINK
    values = together.data / (before[together.row] ** OF_NAMED * after[together.col] ** OF_OTHER)
    return strongest(sparse.csr_matrix((values.astype(np.float32), (together.row, together.col)), together.shape))


def strongest(matrix: sparse.csr_matrix, kept: int = KEPT) -> sparse.csr_matrix:
    """The same with only the `kept` largest values of each row."""
    rows, columns, values = [], [], []
    for row in range(matrix.shape[0]):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        best = np.argsort(-matrix.data[part], kind="stable")[:kept]
        rows.append(np.full(len(best), row))
        columns.append(matrix.indices[part][best])
        values.append(matrix.data[part][best])
    cells = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))) if rows else ([], ([], []))
    return sparse.csr_matrix(cells, shape=matrix.shape, dtype=np.float32)


@dataclass(frozen=True)
class Alike:
    """Contexts with a known answer, compared by what was said, by its very words and by the items named."""

    mean: np.ndarray  # (t,) float32
    directions: np.ndarray  # (t, p) float32
    factors: np.ndarray  # (n, f) float32
    rarity: np.ndarray  # (v,) float32: log of how few contexts have a word
    known: np.ndarray  # (k, p + f) float32 unit rows
    words: sparse.csr_matrix  # (k, v) float32 unit rows
    answers: sparse.csr_matrix  # (k, n) float32: what was named next
    later: sparse.csr_matrix  # (k, n) float32: what the other side named from then on

    def place(self, contexts: Contexts) -> np.ndarray:
        """Where contexts stand: (c, p + f) float32 unit rows."""
        said = unit_rows((contexts.encoded - self.mean) @ self.directions)
        named = unit_rows(contexts.bag(NAMED_FADING**contexts.slot, len(self.factors)) @ self.factors)
        return np.asarray(unit_rows(np.hstack([said, named])), dtype=np.float32)

    def worded(self, contexts: Contexts) -> sparse.csr_matrix:
        """Their words, the rarer the heavier: (c, v) float32 unit rows."""
        heavy = (contexts.words @ sparse.diags(self.rarity)).tocsr()
        lengths = np.sqrt(np.asarray(heavy.multiply(heavy).sum(axis=1)).ravel())
        return (sparse.diags(1 / np.maximum(lengths, 1e-6)) @ heavy).tocsr().astype(np.float32)

    def scores(self, contexts: Contexts) -> dict[str, np.ndarray]:
        """The answers of the contexts most like these, by what they are compared by: (c, n) float32 each."""
        place, size = self.place(contexts), self.directions.shape[1]
        both = place @ self.known.T
        named = unit_rows(place[:, size:]) @ unit_rows(self.known[:, size:]).T
        words = (self.worded(contexts) @ self.words.T).toarray()
        mixed = nearest(both + WORDS * words, SHARPNESS)
        return {
            "alike": _told(nearest(both, SHARPNESS), self.answers),
            "alike: words": _told(nearest(words, SHARPNESS), self.answers),
            "alike: named": _told(nearest(named, SHARPNESS), self.answers),
            "alike: mixed": _told(mixed, self.answers),
            "alike: later": _told(mixed, self.later),
        }


def nearest(likeness: np.ndarray, sharpness: float) -> sparse.csr_matrix:
    """How much each of the ALIKE likeliest (c, k) counts, summing to 1 a row: (c, k) float32."""
    kept = min(ALIKE, likeness.shape[1])
    best = np.argpartition(-likeness, kept - 1, axis=1)[:, :kept]
    values = np.exp(sharpness * np.take_along_axis(likeness, best, axis=1))
    values /= values.sum(axis=1, keepdims=True)
    owner = np.repeat(np.arange(len(likeness)), kept)
    return sparse.csr_matrix((values.ravel(), (owner, best.ravel())), shape=likeness.shape)


def _told(weights: sparse.csr_matrix, answers: sparse.csr_matrix) -> np.ndarray:
    return np.asarray((weights @ answers).toarray(), dtype=np.float32)


def alike(contexts: Contexts, answers: sparse.csr_matrix, later: sparse.csr_matrix, factors: np.ndarray) -> Alike:
    """From contexts, their answers and later ones (k, n), and item factors (n, at least FACTORS)."""
    mean = contexts.encoded.mean(axis=0)
    centred = contexts.encoded - mean
    strengths, directions = np.linalg.eigh(centred.T.astype(np.float64) @ centred / len(contexts))
    # Half whitened: the leading directions say who speaks and how much, more than about what.
    leading = directions[:, ::-1][:, :DIRECTIONS] * np.maximum(strengths[::-1][:DIRECTIONS], 1e-6) ** -0.25
    having = np.asarray((contexts.words > 0).sum(axis=0)).ravel()
    rarity = np.log(np.maximum(len(contexts) / (1 + having), 1)).astype(np.float32)
    none = sparse.csr_matrix((0, 0))
    unplaced = Alike(mean, leading.astype(np.float32), factors[:, :FACTORS], rarity, np.zeros(0), none, answers, later)
    return replace(unplaced, known=unplaced.place(contexts), words=unplaced.worded(contexts))


def tally(rows: Sequence[Sequence[int]], n_items: int) -> sparse.csr_matrix:
    """Lists of items as a matrix of ones (rows, n_items) float32."""
    owner = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    columns = np.array([item for row in rows for item in row], dtype=np.int64)
    return sparse.csr_matrix((np.ones(len(columns), np.float32), (owner, columns)), shape=(len(rows), n_items))
