"""Conversation contexts as arrays: who named which item how long ago, the words, and the encoded turns."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy.sparse as sparse

from index.dialogues import MARK, Dialogue, Said
from index.embedding import Embedder, unit_rows
from index.ranker.phrases import Phrases

Context = tuple[Said, ...]
"""What was said before an item is named, oldest first."""

SLOTS = 12
"""Mentions that are told apart by how long ago they were; older ones share the last slot."""

FADING = 0.8
"""What was said a turn earlier counts this much as much, in words and encoded turns."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


@dataclass(frozen=True)
class Example:
    """A context and the items that were named next."""

    context: Context
    items: tuple[int, ...]
    by_user: bool
    dialogue: int  # its dialogue's place in the order of time


@dataclass(frozen=True)
class Contexts:
    """c contexts as arrays, over n items, v words and an encoder of dimension t."""

    named: np.ndarray  # (m,) int64: items named before, all contexts one after another, latest first
    owner: np.ndarray  # (m,) int64: the context of each
    slot: np.ndarray  # (m,) int64: 0 latest … SLOTS - 1
    by_user: np.ndarray  # (m,) bool: who named it
    turns_ago: np.ndarray  # (m,) int64: turns since, 1 for the latest turn
    words: sparse.csr_matrix  # (c, v) float32
    values: sparse.csr_matrix  # (c, values) float32: attributes that the texts name
    titles: sparse.csr_matrix  # (c, n) float32: titles that the texts name without marking them
    encoded: np.ndarray  # (c, 3 t) float32: the user's turns, the other's, the latest turn
    length: np.ndarray  # (c,) int64: turns

    def __len__(self) -> int:
        return len(self.length)

    def bag(self, weights: np.ndarray, n_items: int) -> sparse.csr_matrix:
        """Weights (m,) of the mentions as a matrix (c, n_items) float32."""
        cells = (weights.astype(np.float32), (self.owner, self.named))
        return sparse.csr_matrix(cells, shape=(len(self), n_items))

    def take(self, rows: np.ndarray) -> "Contexts":
        """The contexts at these rows (r,) int64, sorted."""
        place = np.full(len(self), -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        kept = place[self.owner] >= 0
        return Contexts(
            self.named[kept],
            place[self.owner[kept]],
            self.slot[kept],
            self.by_user[kept],
            self.turns_ago[kept],
            self.words[rows],
            self.values[rows],
            self.titles[rows],
            self.encoded[rows],
            self.length[rows],
        )


def examples(dialogues: Sequence[Dialogue]) -> list[Example]:
    """Every turn that names items, with something before it."""
    return [
        Example(dialogue.turns[:at], turn.items, turn.by_user, number)
        for number, dialogue in enumerate(dialogues)
        for at, turn in enumerate(dialogue.turns)
        if at and turn.items
    ]


class ContextReader:
    """Turns contexts into arrays. Immutable but for a cache of encoded turns that `forget` empties."""

    def __init__(self, titles: Sequence[str], words: Sequence[str], values: Phrases, embedder: Embedder) -> None:
        self.titles = titles
        self.words = words
        self._values = values
        self._titles = Phrases.of(titles)
        self._place = {word: at for at, word in enumerate(words)}
        self._embedder = embedder

    def read(self, contexts: Sequence[Context]) -> Contexts:
        """The contexts as arrays."""
        mentions = [
            (item, row, slot, by_user, ago)
            for row, context in enumerate(contexts)
            for slot, (item, by_user, ago) in enumerate(_latest_first(context))
        ]
        columns = np.array(mentions, dtype=np.int64).reshape(-1, 5).T
        return Contexts(
            named=columns[0],
            owner=columns[1],
            slot=np.minimum(columns[2], SLOTS - 1),
            by_user=columns[3].astype(bool),
            turns_ago=columns[4],
            words=self._words(contexts),
            values=self._told(contexts, self._values),
            titles=self._told(contexts, self._titles),
            encoded=self._encoded(contexts),
            length=np.array([len(context) for context in contexts], dtype=np.int64),
        )

    def _words(self, contexts: Sequence[Context]) -> sparse.csr_matrix:
        """Weights of the words and word pairs of each context, later ones more: (c, v)."""
        cells: list[tuple[int, int, float]] = []
        for row, context in enumerate(contexts):
            weights: dict[int, float] = {}
            for ago, turn in enumerate(reversed(context)):
                for word in terms(turn, self.titles):
                    if (at := self._place.get(word)) is not None:
                        weights[at] = max(weights.get(at, 0.0), FADING**ago)
            norm = max(sum(w * w for w in weights.values()) ** 0.5, 1.0)
            cells += [(row, at, weight / norm) for at, weight in weights.items()]
        table = np.array(cells, dtype=np.float64).reshape(-1, 3)
        places = (table[:, 0].astype(np.int64), table[:, 1].astype(np.int64))
        return sparse.csr_matrix((table[:, 2].astype(np.float32), places), shape=(len(contexts), len(self.words)))

    def _told(self, contexts: Sequence[Context], phrases: Phrases) -> sparse.csr_matrix:
        """Which phrases each context has, later ones more: (c, columns)."""
        cells: dict[tuple[int, int], float] = {}
        for row, context in enumerate(contexts):
            for ago, turn in enumerate(reversed(context)):
                for column in phrases.within(_without_names(turn, self.titles)):
                    cells.setdefault((row, column), FADING**ago)
        places = np.array(list(cells), dtype=np.int64).reshape(-1, 2)
        values = np.array(list(cells.values()), dtype=np.float32)
        return sparse.csr_matrix((values, (places[:, 0], places[:, 1])), shape=(len(contexts), phrases.columns))

    def _encoded(self, contexts: Sequence[Context]) -> np.ndarray:
        """Faded means of the user's and the other's encoded turns, and the latest turn: (c, 3 t)."""
        known = {turn: at for at, turn in enumerate(dict.fromkeys(turn for c in contexts for turn in c))}
        rows = self._embedder.encode([spoken(turn, self.titles) for turn in known])
        means = np.zeros((len(contexts), 3, rows.shape[1]), dtype=np.float32)
        for row, context in enumerate(contexts):
            for ago, turn in enumerate(reversed(context)):
                means[row, 0 if turn.by_user else 1] += np.float32(FADING**ago) * rows[known[turn]]
            if context:
                means[row, 2] = rows[known[context[-1]]]
        return unit_rows(means).reshape(len(contexts), -1)


def vocabulary(contexts: Iterable[Said], titles: Sequence[str], at_least: int, at_most: int) -> list[str]:
    """The words and word pairs of at least so many turns, the most frequent first."""
    counts = Counter(word for turn in contexts for word in set(terms(turn, titles)))
    return [word for word, count in counts.most_common(at_most) if count >= at_least]


def terms(turn: Said, titles: Sequence[str]) -> list[str]:
    """Words and pairs of neighbours, marked with who says them; names of items left out."""
    words = _WORD.findall(_without_names(turn, titles).casefold())
    who = "u " if turn.by_user else "o "
    return [who + word for word in words] + [who + " ".join(pair) for pair in pairwise(words)]


def spoken(turn: Said, titles: Sequence[str]) -> str:
    """The turn as one would read it out: titles in the place of marks, which end the text if nothing marks them."""
    names = [titles[item] for item in turn.items]
    return " ".join([_without_names(turn, titles), *names]).strip()


def _without_names(turn: Said, titles: Sequence[str]) -> str:
    text = MARK.sub(" ", turn.text)
    for item in turn.items:
        title = titles[item].strip()
        if title and title.casefold() in text.casefold():
            text = re.sub(rf"(?<!\w){re.escape(title)}(?!\w)(?:\s*\(\d{{4}}\))?", " ", text, flags=re.IGNORECASE)
    return text


def _latest_first(context: Context) -> list[tuple[int, bool, int]]:
    """The items named, latest first, each once: (item, whether the user named it last, turns ago)."""
    found: dict[int, tuple[int, bool, int]] = {}
    for ago, turn in enumerate(reversed(context), start=1):
        for item in reversed(turn.items):
            found.setdefault(item, (item, turn.by_user, ago))
    return list(found.values())
