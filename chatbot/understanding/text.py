"""Messages and names as tokens; both are cut and folded by the same rule, so that they can be compared."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from index.catalog import fold

_TOKEN = re.compile(r"\d+[.,]\d+(?!\w)|&|[^\W_]+(?:['’`´][^\W_]+)*")
_STRETCHED = re.compile(r"(?<=[a-z])([a-z])\1{2,}|([a-z])\2{2,}(?=[a-z])")  # "hellooo", not "xxx"
_QUOTES = "\"“”«»'‘’"
MAX_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Token:
    """One word or number of a message. `gap` is what stands between it and the token before (or the start)."""

    text: str
    key: str
    start: int
    end: int
    gap: str

    @property
    def capital(self) -> bool:
        """Written with a capital first letter."""
        return self.text[:1].isupper()

    @property
    def number(self) -> float | None:
        """The value of a token in digits, else None."""
        try:
            return float(self.key.replace(",", "")) if self.key[:1].isdigit() else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Message:
    """A cleaned message and its tokens."""

    text: str
    tokens: tuple[Token, ...]

    def words(self, start: int, end: int) -> str:
        """The text from token `start` up to, not including, token `end`, as written."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end] if end > start else ""

    def starts_sentence(self, position: int) -> bool:
        """Whether the token is the first of a sentence, where a capital says nothing."""
        return position == 0 or any(mark in self.tokens[position].gap for mark in ".!?\n:;")

    def quoted(self, start: int, end: int) -> bool:
        """Whether quotation marks stand right around these tokens."""
        after = self.text[self.tokens[end - 1].end :][:1]
        return bool(self.tokens[start].gap[-1:]) and self.tokens[start].gap[-1] in _QUOTES and after in tuple(_QUOTES)

    @property
    def shouted(self) -> bool:
        """Whether capitals carry no meaning: every word is written with one (or none is, which `capital` shows)."""
        letters = [token for token in self.tokens if token.text[:1].isalpha()]
        return len(letters) > 2 and all(token.capital for token in letters)


class Stretch(Protocol):
    """Tokens `start` up to, not including, `end`."""

    @property
    def start(self) -> int:
        """The first token."""

    @property
    def end(self) -> int:
        """The token behind the last."""


def covered(stretches: Iterable[Stretch]) -> set[int]:
    """The tokens that stand in any of them."""
    return {at for stretch in stretches for at in range(stretch.start, stretch.end)}


def key_of(word: str) -> str:
    """A token as it is compared: folded, without apostrophes; an ampersand is the word it stands for."""
    if word.isascii() and word.isalnum():
        return word.lower()
    if word == "&":
        return "and"
    folded = fold(word)
    return folded if folded.isalnum() else re.sub(r"['’`´]", "", folded)


def keys_of(name: str) -> tuple[str, ...]:
    """A name or phrase as the keys of its tokens."""
    if name.isascii() and "'" not in name and "&" not in name and "`" not in name:
        return tuple(_TOKEN.findall(name.lower()))  # the same, in a third of the time
    return tuple(map(key_of, _TOKEN.findall(name)))


def clean(text: str) -> str:
    """The message without control and format characters, Unicode-normalised (NFC)."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in unicodedata.normalize("NFC", text))
    return "".join(c for c in kept if unicodedata.category(c) not in ("Cf", "Cs", "Co")).strip()


def read(text: str) -> Message:
    """A message as tokens with their places in the cleaned text."""
    cleaned = clean(text)
    tokens, last = [], 0
    for match in _TOKEN.finditer(cleaned):
        gap = cleaned[last : match.start()]
        key = _STRETCHED.sub(lambda m: m.group()[0], key_of(match.group()))
        tokens.append(Token(match.group(), key, match.start(), match.end(), gap))
        last = match.end()
    return Message(cleaned, tuple(tokens))
