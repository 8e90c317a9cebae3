"""Which words a message could be made of: those of the language, and those of the catalog's names."""

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.names import NameIndex
from chatbot.understanding.text import Message
from chatbot.understanding.words import common_words, dictionary_words


class Vocabulary:
    """Knows words by their token keys. Immutable, so that threads may share it."""

    def __init__(self, lexicon: Lexicon, names: NameIndex) -> None:
        self._ordinary = common_words(lexicon.language) | lexicon.words["stop"] | names.closed_tokens
        self._names = names
        self._language = lexicon.language

    def is_ordinary(self, key: str) -> bool:
        """Whether it is a word of the language, or of the kinds of things that the catalog holds."""
        return key in self._ordinary

    def is_word(self, key: str) -> bool:
        """Whether it is in the dictionary, however seldom it is used."""
        return self.is_ordinary(key) or key in dictionary_words(self._language)

    def knows(self, key: str) -> bool:
        """Whether it is a word of the language or of a name."""
        return key in self._ordinary or self._names.knows(key)

    def named(self, message: Message) -> set[int]:
        """The tokens that together spell a name of the catalog, of two words or more or the whole message."""
        keys = tuple(token.key for token in message.tokens)
        if self._names[keys]:
            return set(range(len(keys)))
        pairs = ((a, b) for a in range(len(keys)) for b in range(a + 2, min(len(keys), a + self._names.longest) + 1))
        return {at for a, b in pairs if self._names[keys[a:b]] for at in range(a, b)}
