"""Known words and phrases that are spelt almost like others."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

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
        self._phrases = tuple(phrases)
        self.tokens = frozenset(key for keys in self._phrases for key in keys)

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

        candidates = {known: text for key in keys for known, text in self._by_token.get((key, len(keys)), ())}
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

    @cached_property
    def _by_token(self) -> dict[tuple[str, int], list[tuple[tuple[str, ...], str]]]:
        """Phrases of several tokens, and their texts, by each token and the number of tokens."""
        table: dict[tuple[str, int], list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        seen: dict[str, int] = defaultdict(int)
        for keys in self._phrases:
            if len(keys) < 2:
                continue
            entry = (keys, " ".join(keys))
            for key in set(keys):
                seen[key] += 1
                if seen[key] <= MAX_PHRASES:
                    table[key, len(keys)].append(entry)
        return table


def _letters(tokens: list[str]) -> np.ndarray:
    """The letters of each token as bits, [n] uint64; letters that share a bit count as the same."""
    return np.array([sum(1 << bit for bit in {ord(c) % 64 for c in token}) for token in tokens], np.uint64)
