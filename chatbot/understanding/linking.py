"""Entity linking: which tokens of a message name an item, a person or another value of the catalog.

A phrase may stand for several names, and a name may be ordinary words ("Heat", "Up", "Big"): it is taken for a
name only where quotation marks, capitals, or the words around it say that it is meant as one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.names import Name, NameIndex
from chatbot.understanding.text import Message
from chatbot.understanding.words import common_words

DOMINANT = {"item": 1.12, "person": 2.5, "keyword": 1.0, "closed": 1.0}
"""A phrase stands for one name where that name is this many times as well known as the next."""
SERIES = 1.3
"""How much better known an item must be to be meant by a short form that is another item's whole title."""
_BEFORE_TITLE = ("like", "dislike", "similar", "seen", "title")
_STRONG_BEFORE_TITLE = ("like", "dislike", "similar", "seen")
_BEFORE_PERSON = (
    "by_creator",
    "by_performer",
    "by_person",
    "like",
    "dislike",
    "refuse",
    "similar",
    "want",
    "maybe_want",
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens `start` up to, not including, `end`, and the names that they may stand for, the likeliest first."""

    start: int
    end: int
    names: tuple[Name, ...]
    misspelt: bool = False
    several: bool = False  # all the names are meant: "both", "the first two"

    @property
    def name(self) -> Name:
        """The likeliest name."""
        return self.names[0]

    @property
    def ambiguous(self) -> bool:
        """Whether no one name dominates the others; a short form of many titles stands for them all."""
        if self.several:
            return False
        rivals = [name for name in self.names[1:] if name.partial == self.name.partial]
        return bool(rivals) and self.name.weight < DOMINANT[self.name.kind] * rivals[0].weight


class Linker:
    """Finds the mentions of a message. Stateless after construction, so that threads may share it."""

    def __init__(self, names: NameIndex, lexicon: Lexicon) -> None:
        self.names = names
        self.lexicon = lexicon
        self._common = common_words(lexicon.language)

    def link(self, message: Message, other: Iterable[int] = ()) -> list[Mention]:
        """The mentions in order, without overlap. Tokens in `other` are known to mean something else where they
        spell no name exactly."""
        exact = list(self._exact(message))
        taken = set(other) | {
            i for mention in exact for i in range(mention.start, mention.end) if mention.end - mention.start > 1
        }
        near = list(self._misspelt(message, taken))
        exact = [m for m in exact if not _is_made_of_values(m, exact)]
        chosen: list[Mention] = []
        for mention in sorted(exact + near, key=lambda m: (-self._rank(message, m), m.start)):
            if all(mention.end <= other.start or mention.start >= other.end for other in chosen):
                chosen.append(mention)
        return sorted(chosen, key=lambda m: m.start)

    def _rank(self, message: Message, mention: Mention) -> float:
        """Longer spans win; a full name beats a short form; a value of a closed vocabulary beats a title."""
        bonus = {"closed": 0.5, "person": 0.1, "item": 0.2, "keyword": 0.0}[mention.name.kind]
        return mention.end - mention.start + bonus - 0.3 * mention.misspelt - 0.15 * mention.name.partial

    # ------------------------------------------------------------ exact

    def _exact(self, message: Message) -> Iterator[Mention]:
        keys = [token.key for token in message.tokens]
        for start in range(len(keys)):
            for end in range(start + 1, min(len(keys), start + self.names.longest) + 1):
                names = self.names[tuple(keys[start:end])]
                if names:
                    yield from self._meant(message, start, end, names, misspelt=False)

    def _meant(
        self, message: Message, start: int, end: int, names: Sequence[Name], misspelt: bool
    ) -> Iterator[Mention]:
        """The mentions, one for each kind of name, that the sentence bears out."""
        closed = [n for n in names if n.kind == "closed"]
        if closed and self._value_is_meant(message, start, end):
            yield Mention(start, end, tuple(closed), misspelt)
        items = [n for n in names if n.kind == "item"]
        if (items and not closed and self.title_is_meant(message, start, end)) or (
            items and (self._quoted_or_dated(message, start, end))
        ):
            yield Mention(start, end, _by_weight(items), misspelt)
        people = [n for n in names if n.kind == "person"]
        if people and self._person_is_meant(message, start, end, people[0].partial, bool(items)):
            yield Mention(start, end, _by_weight(people), misspelt)
        keywords = [n for n in names if n.kind == "keyword"]
        if keywords and not closed and self._keyword_is_meant(message, start, end):
            yield Mention(start, end, _by_weight(keywords), misspelt)

    # ------------------------------------------------------------ is it meant?

    def title_is_meant(self, message: Message, start: int, end: int) -> bool:
        """Whether these tokens, which spell a title, are used as one."""
        if self._quoted_or_dated(message, start, end):
            return True
        keys = tuple(t.key for t in message.tokens[start:end])
        content = [t for t in message.tokens[start:end] if t.key not in self.lexicon.words["articles"]]
        if self._whole_message(message, start, end):
            return not self._is_phrase(keys) and any(not self._is_function_word(t.key) for t in content)
        if all(t.key.isdigit() for t in content):
            return self._cue_before(message, start, ("like", "dislike", "seen", "similar")) and len(content) == 1
        if any(not self._ordinary(t.key) for t in content):
            return len(content) > 1 or self._lone_word_is_title(message, start, end)
        return self._ordinary_title_is_meant(message, start, end)

    def _lone_word_is_title(self, message: Message, start: int, end: int) -> bool:
        """A title of one uncommon word. A first name or a word that is capitalised anyway needs a cue."""
        key = message.tokens[end - 1].key
        if key in self.lexicon.words["proper"] or any(n.kind == "person" for n in self.names[(key,)]):
            return self._cue_before(message, start, _BEFORE_TITLE)
        return True

    def _ordinary_title_is_meant(self, message: Message, start: int, end: int) -> bool:
        tokens = message.tokens[start:end]
        content = [t for t in tokens if not self._is_function_word(t.key)] or list(tokens)
        capital = all(t.capital for t in content) and not message.shouted
        pronouns = all(t.key in self.lexicon.words["pronouns"] for t in tokens)
        cue = self._cue_before(message, start, _STRONG_BEFORE_TITLE if not capital else _BEFORE_TITLE)
        question = self._asked_about(message, start)
        if all(t.key in self.lexicon.words["proper"] for t in content):
            return capital and (cue or question)
        if message.starts_sentence(start):
            told_of = end < len(message.tokens) and message.tokens[end].key in self.lexicon.words["told_of"]
            return (
                (capital or len(content) > 1)
                and not pronouns
                and (self._praised_after(message, end) or (capital and told_of))
            )
        if capital and self._inside_longer_name(message, start, end):
            return False
        if capital:
            joined = message.tokens[start - 1].key in self.lexicon.words["and"] | self.lexicon.words["or"]
            return not self._is_phrase(tuple(t.key for t in tokens)) or cue or question or joined
        lone = len(content) == 1
        if pronouns or (lone and (self._is_phrase((content[0].key,)) or content[0].key in self.lexicon.words["stop"])):
            return False
        ends = self._ends_phrase(message, end) or (not lone and question)
        return (cue or question) and ends and not message.shouted

    def _inside_longer_name(self, message: Message, start: int, end: int) -> bool:
        """Whether a capitalised word that no name has stands right beside it: "the Seven Quizzlewhips"."""
        sides = [message.tokens[i] for i in (start - 1, end) if 0 <= i < len(message.tokens)]
        return any(t.capital and not self._ordinary(t.key) and not self.names.knows(t.key) for t in sides)

    def _person_is_meant(self, message: Message, start: int, end: int, partial: bool, also_title: bool) -> bool:
        tokens = message.tokens[start:end]
        cue = self._cue_before(message, start, _BEFORE_PERSON) or self._thing_after(message, end)
        capital = all(t.capital for t in tokens) and not message.shouted
        ordinary = all(self._ordinary(t.key) for t in tokens)
        if not partial:
            return not ordinary or capital or cue
        if self._is_function_word(tokens[0].key) or self._is_phrase((tokens[0].key,)):
            return False
        if ordinary or also_title:
            strong = self._cue_before(message, start, ("by_creator", "by_performer", "by_person")) or self._thing_after(
                message, end
            )
            return capital and strong
        return cue or capital or self._whole_message(message, start, end)

    def _value_is_meant(self, message: Message, start: int, end: int) -> bool:
        """A closed value is meant wherever it stands, but for words with a common second meaning."""
        if end - start > 1 or message.tokens[start].key not in self.lexicon.words["guarded"]:
            return True
        cue = self._cue_before(message, start, ("like", "dislike", "refuse"))
        return cue or self._thing_after(message, end) or self._whole_message(message, start, end)

    def _keyword_is_meant(self, message: Message, start: int, end: int) -> bool:
        keys = tuple(t.key for t in message.tokens[start:end])
        if self._is_phrase(keys) or (
            (len(keys) == 1) and all(k in self.lexicon.words["stop"] or k in self.lexicon.words["things"] for k in keys)
        ):
            return False
        return not all(k.isdigit() for k in keys) and not self.lexicon.vague.tags(keys)

    # ------------------------------------------------------------ what the sentence says

    def _ordinary(self, key: str) -> bool:
        words = self.lexicon.words
        return key in self._common or key in words["stop"] or key in words["proper"] or key.isdigit()

    def _is_function_word(self, key: str) -> bool:
        return (
            key in self.lexicon.words["stop"]
            or key in self.lexicon.words["articles"]
            or key in self.lexicon.words["pronouns"]
        )

    def _is_phrase(self, keys: tuple[str, ...]) -> bool:
        lexicon = self.lexicon
        tables = (
            lexicon.intents,
            lexicon.smalltalk,
            lexicon.cues,
            lexicon.fields,
            lexicon.pointers,
            lexicon.ordinals,
            lexicon.critiques,
        )
        return any(keys in table for table in tables)

    def _skip_articles(self, message: Message, start: int) -> int:
        while start > 0 and message.tokens[start - 1].key in self.lexicon.words["articles"]:
            start -= 1
        return start

    def _cue_before(self, message: Message, start: int, tags: tuple[str, ...]) -> bool:
        if start > 0 and any(mark in message.tokens[start].gap for mark in ".!?\n"):
            return False
        before = self._skip_articles(message, start)
        if self.lexicon.cues.ending_at(message, before, tags):
            return True
        noun = before - 1
        if noun >= 0 and message.tokens[noun].key in self.lexicon.words["things"] and noun != before:
            before = self._skip_articles(message, noun)
            return self.lexicon.cues.ending_at(message, before, tags) is not None
        return False

    def _asked_about(self, message: Message, start: int) -> bool:
        before = self._skip_articles(message, start)
        if self.lexicon.questions.ending_at(message, before):
            return True
        return self.lexicon.intents.ending_at(message, before, ("about", "have", "why")) is not None

    def _praised_after(self, message: Message, end: int) -> bool:
        return self.lexicon.cues.starting_at(message, end, ("after_like", "after_dislike")) is not None

    def _thing_after(self, message: Message, end: int) -> bool:
        return (
            end < len(message.tokens)
            and message.tokens[end].key in self.lexicon.words["things"]
            and not message.starts_sentence(end)
        )

    def _ends_phrase(self, message: Message, end: int) -> bool:
        if end == len(message.tokens) or message.tokens[end].gap.strip():
            return True
        key = message.tokens[end].key
        return (
            key in self.lexicon.words["and"]
            or key in self.lexicon.words["or"]
            or bool(self.lexicon.cues.starting_at(message, end, ("contrast", "refuse")))
        )

    def _whole_message(self, message: Message, start: int, end: int) -> bool:
        rest = [*message.tokens[:start], *message.tokens[end:]]
        beside = self.lexicon.words["articles"] | self.lexicon.words["courtesies"]
        return all(token.key in beside for token in rest)

    def _quoted_or_dated(self, message: Message, start: int, end: int) -> bool:
        if message.quoted(start, end):
            return True
        return year_after(message, end) is not None and "(" in message.tokens[end].gap

    # ------------------------------------------------------------ misspelt

    def _misspelt(self, message: Message, taken: set[int]) -> Iterator[Mention]:
        keys = [token.key for token in message.tokens]
        for at, key in enumerate(keys):
            if at in taken or len(key) < 3 or self._ordinary(key) or not key.isalpha():
                continue
            if not self.names.knows(key) and len(key) > 3:
                yield from self._respelt(message, keys, at)
            yield from self._near(message, keys, at, taken)

    def _respelt(self, message: Message, keys: list[str], at: int) -> Iterator[Mention]:
        """One token put right, then looked up with its neighbours."""
        tokens = self.names.respellings(keys[at])
        nearest = tokens[:4]  # a word alone must be nearer than one with its neighbours right
        for token in tokens:
            corrected = [*keys[:at], token, *keys[at + 1 :]]
            for start in range(max(0, at - 4), at + 1):
                for end in range(min(len(keys), start + 6), at, -1):
                    names = self.names[tuple(corrected[start:end])]
                    full = [n for n in names if not n.partial or end - start == 1]
                    if end - start == 1 and token not in nearest and not any(n.kind == "closed" for n in full):
                        continue
                    if full and (end - start > 1 or self._alone_is_plausible(message, at, full)):
                        yield from self._meant(message, start, end, full, misspelt=True)

    def _alone_is_plausible(self, message: Message, at: int, names: list[Name]) -> bool:
        """A lone misspelt word counts where it is a genre, or where something says that a name stands here."""
        if any(name.kind == "closed" for name in names):
            return True
        cue = self._cue_before(message, at, (*_BEFORE_TITLE, *_BEFORE_PERSON))
        return (
            cue
            or self._asked_about(message, at)
            or message.tokens[at].capital
            or self._whole_message(message, at, at + 1)
        )

    def _near(self, message: Message, keys: list[str], at: int, taken: set[int]) -> Iterator[Mention]:
        """Two to five tokens around this one that are almost a known name."""
        for start in range(max(0, at - 3), at + 1):
            for end in range(at + 1, min(len(keys), start + 5) + 1):
                if end - start < 2 or any(i in taken for i in range(start, end)) or self._crosses(message, start, end):
                    continue
                if all(self._is_function_word(keys[i]) for i in (start, end - 1)):
                    continue
                known = self.names.near(tuple(keys[start:end]))
                if known and known != tuple(keys[start:end]) and len(known) == end - start:
                    names = [n for n in self.names[known] if not n.partial and n.kind in ("item", "person")]
                    if names:
                        yield Mention(start, end, _by_weight(names[:6]), misspelt=True)

    def _crosses(self, message: Message, start: int, end: int) -> bool:
        return any(set(message.tokens[i].gap) & set(".!?,;\n") for i in range(start + 1, end))


def year_after(message: Message, end: int) -> int | None:
    """A year that stands right behind the token `end - 1`: "It (2017)", "the 1990 one" is not one."""
    if end < len(message.tokens) and len(message.tokens[end].key) == 4 and message.tokens[end].key.isdigit():
        year = int(message.tokens[end].key)
        return year if 1870 <= year <= 2100 else None
    return None


def _is_made_of_values(mention: Mention, others: list[Mention]) -> bool:
    """Whether the short form of titles is nothing but values side by side: "Acme sneakers" of "Acme sneakers 7"."""
    if mention.name.kind != "item" or not mention.name.partial:
        return False
    values = [
        m
        for m in others
        if m.name.kind in ("closed", "person") and not m.name.partial and m.end - m.start < mention.end - mention.start
    ]
    return set(range(mention.start, mention.end)) <= {i for m in values for i in range(m.start, m.end)}


def _by_weight(names: Sequence[Name]) -> tuple[Name, ...]:
    """The likeliest first: whole names before short forms, unless the short form is far better known."""
    whole = max((n.weight for n in names if not n.partial), default=0.0)
    return tuple(sorted(names, key=lambda n: (n.partial and n.weight < SERIES * whole, -n.weight)))
