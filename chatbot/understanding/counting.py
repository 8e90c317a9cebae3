"""How many things a message asks for: "three comedies", "just one", "two good action movies", "top 5"."""

from collections.abc import Sequence, Set

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.names import NameIndex
from chatbot.understanding.text import Message

MAX_COUNT = 10


class CountReader:
    """Reads counts. Stateless, so that threads may share it."""

    def __init__(self, lexicon: Lexicon, names: NameIndex) -> None:
        self._lexicon = lexicon
        self._words = lexicon.words
        self._names = names

    def read(self, message: Message, taken: Set[int] = frozenset()) -> int | None:
        """How many are asked for, 1 to 10, or None where the message does not say. Tokens in `taken` are names."""
        for at in range(len(message.tokens)):
            number = None if at in taken else self._number_at(message, at)
            if number is not None and self._is_count(message, at):
                return number
        return 1 if any(t.key in self._words["single"] for t in message.tokens) else None

    def _number_at(self, message: Message, at: int) -> int | None:
        """A number that could be a count: small, and no part of a name or a list."""
        token = message.tokens[at]
        number = self._lexicon.number_word(token.key)
        if number and at > 1 and message.tokens[at - 2].key in self._words["half"]:
            number //= 2  # "half a dozen"
        capital = token.capital and not message.starts_sentence(at)
        return None if number is None or not 1 <= number <= MAX_COUNT or capital or token.gap.strip() else number

    def _is_count(self, message: Message, at: int) -> bool:
        key = message.tokens[at].key
        before = message.tokens[at - 1].key if at else ""
        after = [t.key for t in message.tokens[at + 1 : at + 4]]
        if key in self._words["one"] and not (
            before in self._words["before_one"] or set(after[:1]) & self._words["single"]
        ):
            return False
        if at > 1 and message.tokens[at - 2].key in self._words["definite"] and key in self._words["one"]:
            return False  # "the only one I liked"
        if key in self._words["vague_counts"] or before in self._words["before_no_count"]:
            return False
        exact = before in self._words["before_count"] and not after
        return key in self._words["one"] or exact or self._counts_things(after)

    def _counts_things(self, after: Sequence[str]) -> bool:
        """Whether a noun for the catalog's things stands among the words behind a number."""
        for key in after:
            if key in self._words["not_counted"]:
                return False
            if key in self._words["things"] or key in self._words["counted"] or self._is_plural_value(key):
                return True
        return False

    def _is_plural_value(self, key: str) -> bool:
        return self._lexicon.is_plural(key) and any(n.kind == "closed" for n in self._names[(key,)])
