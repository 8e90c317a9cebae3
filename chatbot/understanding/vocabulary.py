"""Which words a message could be made of: those of the language, and those of the catalog's names."""

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.names import NameIndex
from chatbot.understanding.words import common_words


class Vocabulary:
    """Knows words by their token keys. Immutable, so that threads may share it."""

    def __init__(self, lexicon: Lexicon, names: NameIndex) -> None:
        self._ordinary = common_words(lexicon.language) | lexicon.words["stop"] | names.closed_tokens
        self._names = names

    def is_ordinary(self, key: str) -> bool:
        """Whether it is a word of the language, or of the kinds of things that the catalog holds."""
        return key in self._ordinary

    def knows(self, key: str) -> bool:
        """Whether it is a word of the language or of a name."""
        return key in self._ordinary or self._names.knows(key)
