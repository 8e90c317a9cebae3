"""Known words and phrases that are spelt almost like others."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from itertools import chain

import numpy as np

MIN_LENGTH = 4
"""The least length of a token that a misspelt one may mean."""
LONG = 7
"""From this length on a token may differ in two letters, below in one."""
MAX_TOKENS = 16
MAX_PHRASES = 4000
"""How many phrases with one token are compared; a token of more says little."""
PHRASE_CUTOFF = 84.0
TOKEN_CUTOFF = 65.0
"""Likeness in percent that a phrase, and each of its tokens, must have at least."""
_STRETCHED = re.compile(r"(.)\1{2,}")  # "comedyyyy"


class Spelling:
    """Compares with the tokens of these phrases. Immutable, so that threads may share it."""

    def __init__(self, phrases: Iterable[tuple[str, ...]]) -> None:
        self._phrases = list(phrases)
        self.tokens = frozenset(chain.from_iterable(self._phrases))

    def tokens_near(self, key: str) -> list[str]:
        """Tokens that a misspelt token may mean, nearest first, at most 16."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        key = _STRETCHED.sub(r"\1", key)
        distance = 1 if len(key) < LONG else 2
        letters = _letters([key])[0]
        candidates: list[str] = []
        for length in range(max(MIN_LENGTH, len(key) - distance), len(key) + distance + 1):
            tokens, sets = self._by_length.get(length, ((), np.empty(0, np.uint64)))
            # One change of a letter changes the set of letters in two places at most.
            alike = np.flatnonzero(np.bitwise_count(sets ^ letters) <= 2 * distance)
            candidates += [tokens[at] for at in alike]
        near = process.extract(key, candidates, scorer=OSA.distance, score_cutoff=distance, limit=MAX_TOKENS)
        return [token for token, _, _ in sorted(near, key=lambda hit: (hit[1], hit[0][:1] != key[:1], hit[0]))]

    def phrase_near(self, keys: tuple[str, ...]) -> tuple[str, ...] | None:
        """The phrase of as many tokens most like these, where at least one token is the same."""
        from rapidfuzz import fuzz, process

        candidates = {known: " ".join(known) for key in set(keys) for known in self._with(key, len(keys))}
        best = process.extractOne(" ".join(keys), candidates, scorer=fuzz.ratio, score_cutoff=PHRASE_CUTOFF)
        if best is None or any(fuzz.ratio(a, b) < TOKEN_CUTOFF for a, b in zip(keys, best[2], strict=True)):
            return None
        return best[2]

    @cached_property
    def _by_length(self) -> dict[int, tuple[list[str], np.ndarray]]:
        """Tokens in order, with their sets of letters (uint64), by length."""
        table: dict[int, list[str]] = defaultdict(list)
        for token in sorted(self.tokens):
            table[len(token)].append(token)
        return {length: (tokens, _letters(tokens)) for length, tokens in table.items()}

    # ------------------------------------------------------------ phrases by their tokens

    def _with(self, key: str, length: int) -> list[tuple[str, ...]]:
        """Phrases of `length` tokens that have this token, the first of them where there are many."""
        number = self._numbers.get(key)
        if number is None or length < 2:
            return []
        starts, numbers, lengths = self._postings
        own = numbers[starts[number] : starts[number + 1]]
        return [self._phrases[at] for at in own[lengths[own] == length][:MAX_PHRASES]]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """A number for every token of phrases."""
        return {token: number for number, token in enumerate(sorted(self.tokens))}

    @cached_property
    def _postings(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where the phrases of each token begin, (tokens + 1,) int64; the phrases of all tokens, one token after the
        other, int32; and the length of every phrase, int8."""
        lengths = np.fromiter((min(len(keys), 127) for keys in self._phrases), np.int8, len(self._phrases))
        total = sum(map(len, self._phrases))
        tokens = np.fromiter(map(self._numbers.__getitem__, chain.from_iterable(self._phrases)), np.int32, total)
        counts = np.fromiter(map(len, self._phrases), np.int64, len(self._phrases))
        phrases = np.repeat(np.arange(len(self._phrases), dtype=np.int32), counts)
        order = np.argsort(tokens, kind="stable")
        starts = np.zeros(len(self._numbers) + 1, np.int64)
        np.cumsum(np.bincount(tokens, minlength=len(self._numbers)), out=starts[1:])
        return starts, phrases[order], lengths


def _letters(tokens: list[str]) -> np.ndarray:
    """The letters of each token as bits, [n] uint64; letters that share a bit count as the same."""
    if not tokens:
        return np.empty(0, np.uint64)
    codes = np.array([[ord(c) % 64 for c in token] for token in tokens], np.uint64)  # all of one length
    return np.bitwise_or.reduce(np.left_shift(np.uint64(1), codes), axis=1)
