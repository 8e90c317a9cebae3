"""Misspelt names: one word put right, or a few words that are almost a known name."""

from collections.abc import Iterator

from chatbot.understanding.exact import ExactReader
from chatbot.understanding.judging import BEFORE_PERSON, BEFORE_SURNAME, BEFORE_TITLE, Judge
from chatbot.understanding.mentions import Mention, by_weight
from chatbot.understanding.names import Name, NameIndex
from chatbot.understanding.text import Message

LONG = 7
"""A word of at least so many letters that the language does not know is hardly anything but a name."""
LONGEST = 10
"""From so many letters on a word that is almost a surname is one, though the dictionary has it: "dostoyevsky"."""
MAKES_SEVERAL = 2
"""Things of the catalog that somebody has a part in whose surname alone is put right."""
SHORT = 4
"""A word of at most so many letters is only taken to lack one or to have two the wrong way round."""


class MisspeltReader:
    """Finds misspelt names. Stateless, so that threads may share it."""

    def __init__(self, names: NameIndex, judge: Judge, reader: ExactReader) -> None:
        self._names = names
        self._judge = judge
        self._reader = reader

    def find(self, message: Message, taken: set[int]) -> Iterator[Mention]:
        """Mentions with their unknown words put right; tokens in `taken` are left alone. They may overlap."""
        keys = [token.key for token in message.tokens]
        for at, key in enumerate(keys):
            if at in taken or len(key) < 3 or self._judge.ordinary(key) or not key.isalpha():
                continue
            if not self._names.knows(key) and len(key) > 3:
                yield from self._respelt(message, keys, at)
            yield from self._near(message, keys, at, taken)

    def _respelt(self, message: Message, keys: list[str], at: int) -> Iterator[Mention]:
        """One token put right, then looked up with its neighbours."""
        tokens = [t for t in self._names.respellings(keys[at]) if _is_likely(keys[at], t)]
        nearest = tokens[:4]  # a word alone must be nearer than one with its neighbours right
        for token in tokens:
            corrected = [*keys[:at], token, *keys[at + 1 :]]
            for start in range(max(0, at - 4), at + 1):
                for end in range(min(len(keys), start + 6), at, -1):
                    names = self._names[tuple(corrected[start:end])]
                    if not names and end - start == 2 and token in nearest and not self._crosses(message, start, end):
                        near = self._names.near(tuple(corrected[start:end]))  # both words are misspelt
                        names = [n for n in self._names[near] if n.kind == "person"] if near else names
                    full = [n for n in names if not n.partial or end - start == 1]
                    if end - start == 1 and token not in nearest and not any(n.kind == "closed" for n in full):
                        continue
                    if full and (end - start > 1 or self._alone_is_plausible(message, at, full)):
                        yield from self._reader.meant(message, start, end, full, misspelt=True)

    def _alone_is_plausible(self, message: Message, at: int, names: list[Name]) -> bool:
        """A lone misspelt word counts where it is a genre, or where something says that a name stands here."""
        token = message.tokens[at]
        if any(name.kind == "closed" for name in names):
            return not self._judge.in_dictionary(token.key)
        short = all(name.kind == "person" and name.partial for name in names)
        word = self._judge.in_dictionary(token.key) and not (short and len(token.key) >= LONGEST)
        if self._judge.near_longer_name(message, at) or (word and not token.capital):
            return False
        cue = self._judge.cue_before(message, at, BEFORE_SURNAME if short else (*BEFORE_TITLE, *BEFORE_PERSON))
        strange = short and len(message.tokens[at].key) >= LONG and names[0].count >= MAKES_SEVERAL
        return (
            cue
            or strange
            or (short and self._judge.thing_after(message, at + 1))
            or self._judge.asked_about(message, at)
            or message.tokens[at].capital
            or self._judge.whole_message(message, at, at + 1)
        )

    def _near(self, message: Message, keys: list[str], at: int, taken: set[int]) -> Iterator[Mention]:
        """Two to five tokens around this one that are almost a known name."""
        for start in range(max(0, at - 3), at + 1):
            for end in range(at + 1, min(len(keys), start + 5) + 1):
                if end - start < 2 or any(i in taken for i in range(start, end)) or self._crosses(message, start, end):
                    continue
                if all(self._judge.is_function_word(keys[i]) for i in (start, end - 1)):
                    continue
                if self._names[self._without_article(keys, start, end)]:
                    continue  # "the Rocky movies" are not those with The Rock
                known = self._names.near(tuple(keys[start:end]))
                if known and known != tuple(keys[start:end]) and len(known) == end - start:
                    names = [n for n in self._names[known] if not n.partial and n.kind in ("item", "person")]
                    if names:
                        yield Mention(start, end, by_weight(names[:6]), misspelt=True)

    def _without_article(self, keys: list[str], start: int, end: int) -> tuple[str, ...]:
        while start < end - 1 and self._judge.is_article(keys[start]):
            start += 1
        return tuple(keys[start:end])

    def _crosses(self, message: Message, start: int, end: int) -> bool:
        return any(set(message.tokens[i].gap) & set(".!?,;\n") for i in range(start + 1, end))


def _is_likely(key: str, token: str) -> bool:
    """Whether a misspelt word may be this token: wool is no wood."""
    return len(key) > SHORT or len(token) > len(key) or sorted(key) == sorted(token)
