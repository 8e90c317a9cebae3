"""Things that a catalog holds none of: "I need a bicycle" in a shop of shoes, "a course on welding".

Only where one closed field says what kind of thing each item is ("category", "subject") can it be told that a noun
names another kind. A noun that means nearly the same as a value stands for the value: "rucksack" for backpacks.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from chatbot.understanding.found import Found
from chatbot.understanding.framing import FrameReader
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.names import NameIndex
from chatbot.understanding.schema import Schema, field_words
from chatbot.understanding.text import Message, keys_of
from index.catalog import Catalog, Field

SAME, NEAR = 0.62, 0.55
"""Cosines of a noun and a value from which on it stands for the value, and from which on it may have to do with it."""
MIN_LETTERS = 3
MAX_WORDS = 4
MAX_READ = 5000
"""Texts of larger catalogs are not searched for a noun."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A noun that is asked for and is no name of the catalog: the value that it stands for, or "" for none; `related`
    where the catalog has to do with it in some way."""

    text: str
    field: str
    value: str = ""
    related: bool = False


class ThingReader:
    """Finds what is asked for that is none of the catalog's kinds. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema, names: NameIndex) -> None:
        self._catalog = catalog
        self._lexicon = lexicon
        self._words = lexicon.words
        self._names = names
        self._degrees = (schema.critiques, schema.leanings, schema.orders, schema.fields)
        self._frames = FrameReader(lexicon)
        self._field = self._kinds()

    def read(self, found: Found) -> Thing | None:
        """The thing asked for, where it is none that the catalog names; else None."""
        message, field = found.message, self._field
        if field is None or any(
            isinstance(c.what, Mention) and field.name in c.what.name.fields for c in found.coloured
        ):
            return None
        for at in self._objects(message):
            run = self._run(message, at)
            if run[1] == run[0] or not self._is_noun(message, at, *run):
                continue
            named = [c.what for c in found.coloured if isinstance(c.what, Mention)]
            outside = any(not (run[0] <= m.start and m.end <= run[1]) for m in named)
            if not outside and self._may_name(message, *run, found.taken):
                return self._thing(message, *run, field)
        return None

    # ------------------------------------------------------------ the catalog

    def _kinds(self) -> Field | None:
        """The closed field that says what kind of thing an item is."""
        fields = (f for f in self._catalog.of_kind("category") if f.role == "genre" and self._catalog.is_closed(f.name))
        return next((f for f in fields if set(field_words(f)) & self._words["kind_fields"]), None)

    @cached_property
    def _values(self) -> tuple[tuple[str, ...], np.ndarray]:
        """The kinds, and their vectors as (k, d) float32 of length 1."""
        spelling = self._catalog.spellings(self._field.name) if self._field else {}
        values = tuple(spelling.values())
        return values, self._vectors([v.replace("-", " ").replace("_", " ") for v in values])

    @cached_property
    def _read(self) -> frozenset[str]:
        """The words that stand in texts of the catalog, as keys."""
        texts = [f.name for f in self._catalog.of_kind("text")] if len(self._catalog) <= MAX_READ else []
        return frozenset(k for i in self._catalog.items for f in texts for v in i.values(f) for k in keys_of(str(v)))

    def _vectors(self, texts: list[str]) -> np.ndarray:
        from index.embedding import load_embedder

        vectors = load_embedder().encode(texts)
        return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)

    # ------------------------------------------------------------ the message

    def _objects(self, message: Message) -> list[int]:
        """Where the object of a wish, or of "do you have", may begin."""
        wants = [s.end for s in self._lexicon.opinions.all(message) if s.tag == "want"]
        start = self._frames.start(message)
        offer = self._lexicon.intents.starting_at(message, start, ("have",)) if start < len(message.tokens) else None
        bare = message.tokens[start : start + 1]
        opening = self._words["articles"] | self._words["some"] | self._words["things"] | self._words["studying"]
        some = bool(bare) and bare[0].key in opening
        return [*wants[:1], *([offer.end] if offer else []), *([start] if some else [])]

    def _run(self, message: Message, at: int) -> tuple[int, int]:
        """The noun phrase at a place, without what only leads up to it; empty where a word for any thing stands there
        and no topic behind it."""
        tokens, words = message.tokens, self._words
        light = words["articles"] | words["another"] | words["some"] | words["stop"] | words["studying"]
        topical, begin = False, at
        while at < len(tokens):
            key = tokens[at].key
            if at > begin and tokens[at].gap.strip():
                return (at, at)  # "for my mum, she likes gardening"
            if key in words["things"] and at + 1 < len(tokens) and tokens[at + 1].key in words["about"]:
                at, topical = at + 2, True
            elif key in words["studying"]:
                at, topical = at + 1, True
            elif key in words["things"] or key not in light:
                break
            else:
                at += 1
        end = at
        while (
            end < len(tokens)
            and not (end > at and tokens[end].gap.strip())
            and tokens[end].key not in words["bounding"]
        ):
            end += 1
        while end > at and tokens[end - 1].key in (words["courtesies"] | words["stop"]) - words["things"]:
            end -= 1
        open_ = any(t.key in words["things"] for t in tokens[at:end])
        return (at, at) if open_ and not topical else (at, min(end, at + MAX_WORDS + 1))

    def _is_noun(self, message: Message, begin: int, start: int, end: int) -> bool:
        """Whether the words before show that a noun follows ("a", "any", "learn"), or it is a plural."""
        words = self._words
        shown = words["articles"] | words["another"] | words["some"] | words["studying"] | words["about"]
        before = {t.key for t in message.tokens[max(0, begin - 1) : start]}
        return bool(before & shown) or self._lexicon.is_plural(message.tokens[end - 1].key)

    def _may_name(self, message: Message, start: int, end: int, taken: set[int]) -> bool:
        """Whether the last word of a phrase may name a kind of thing."""
        head, words = message.tokens[end - 1], self._words
        of_number = any(s.start < end <= s.end for table in self._degrees for s in table.longest(message))
        if (
            end - 1 in taken
            or of_number
            or end - start > MAX_WORDS
            or not head.key.isalpha()
            or len(head.key) < MIN_LETTERS
        ):
            return False
        empty = words["vague_things"] | words["pronouns"] | words["others"] | words["proper"] | words["adverbs"]
        return head.key not in empty | words["things"] and self._lexicon.number_word(head.key) is None

    def _is_known(self, head: str) -> bool:
        """Whether the catalog has a word in some form, in a name or a text."""
        forms = {head, *self._lexicon.plurals(head)}
        forms |= set(self._lexicon.singulars(head)) if self._lexicon.is_plural(head) else set()
        return any(self._names.knows(form) or form in self._read for form in forms)

    def _thing(self, message: Message, start: int, end: int, field: Field) -> Thing:
        text, head = message.words(start, end), message.tokens[end - 1].key
        if self._is_known(head):
            return Thing(text, field.name, related=True)
        values, vectors = self._values
        shares = (self._vectors(list(dict.fromkeys((text.lower(), head)))) @ vectors.T).max(axis=0)
        best = int(shares.argmax())
        return Thing(text, field.name, values[best] if shares[best] >= SAME else "", bool(shares[best] >= NEAR))
