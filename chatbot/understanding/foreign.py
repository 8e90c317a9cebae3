"""Whether a message is in another language than the one that is understood."""

import tomllib
import unicodedata
from functools import cache

from chatbot.resources import assets_dir
from chatbot.understanding.text import Message, keys_of
from chatbot.understanding.vocabulary import Vocabulary

UNKNOWN_SHARE = 0.6
"""A message of four words or more is foreign too where more than this share of its words is known nowhere."""
MIN_WORDS = 4
MIN_LETTERS = 3
"""A message of one foreign word counts where the word is at least so long."""


@cache
def foreign_words() -> frozenset[str]:
    """The words of assets/language/foreign.toml, all languages together, as token keys."""
    path = assets_dir() / "language" / "foreign.toml"
    if not path.is_file():
        return frozenset()
    with path.open("rb") as file:
        table = tomllib.load(file)
    return frozenset(keys_of(word)[0] for words in table.values() for word in words)


FOREIGN_MARKS = frozenset("¿¡")
"""Marks that English does not use."""


def script_is_foreign(text: str) -> bool:
    """Whether most letters are not Latin, or a mark shows another language."""
    if FOREIGN_MARKS & set(text):
        return True
    letters = [c for c in text if c.isalpha()]
    latin = sum(unicodedata.name(c, "").startswith("LATIN") for c in letters)
    return bool(letters) and latin < len(letters) / 2


class ForeignReader:
    """Knows foreign messages by their small words. Stateless, so that threads may share it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def read(self, message: Message) -> bool:
        """Whether the message is foreign; names of the catalog, which may be, say nothing."""
        if script_is_foreign(message.text):
            return True
        names = self._vocabulary.named(message)
        words = [t for at, t in enumerate(message.tokens) if t.key.isalpha() and at not in names]
        known = [self._vocabulary.is_ordinary(t.key) for t in words]
        foreign = [t.key in foreign_words() for t in words]
        strong = sum(f and not k for f, k in zip(foreign, known, strict=True))
        native = sum(k and not f for f, k in zip(foreign, known, strict=True))
        if strong and native == 0 and (len(words) > 1 or len(words[0].key) >= MIN_LETTERS):
            return sum(foreign) * 2 >= len(words)
        if strong > 1 and strong > native:
            return True
        unknown = sum(not k and (not t.capital or t.start == 0) for t, k in zip(words, known, strict=True))
        return strong > 0 and len(words) >= MIN_WORDS and unknown > UNKNOWN_SHARE * len(words)
