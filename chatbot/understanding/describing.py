"""Items described: "the Nolan one", "the one with Tom Hanks", "the 1995 film", "the oldest of these", "the other one",
and titles of the list in whatever case."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.phrases import Span
from chatbot.understanding.pointing import PRAISE, Shelf
from chatbot.understanding.schema import Schema
from chatbot.understanding.text import Message, keys_of
from index.catalog import PEOPLE, Catalog, Item, fold

MAX_WORDS = 4
"""Words between "the" and "one"."""
MAX_BEHIND = 10
"""Words behind "the one with"."""


class Describing:
    """Finds what fits exactly one item of the list. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema) -> None:
        self._catalog = catalog
        self._schema = schema
        self._lexicon = lexicon
        self._words = lexicon.words
        self._nouns = frozenset(k for noun in catalog.nouns for k in keys_of(noun))

    def read(self, message: Message, shelf: Shelf, named: Sequence[Mention]) -> Iterator[Mention]:
        """The references in this form."""
        if not shelf.shown:
            return
        items = shelf.items()
        yield from self._titles(message, shelf, items)
        yield from self._others(message, shelf, named)
        yield from self._outstanding(message, shelf, items)
        for at in range(len(message.tokens)):
            if message.tokens[at].key not in self._words["demonstratives"]:
                continue
            end, fitting = self._before_noun(message, at, items, named)
            if end:
                end, fitting = self._behind_noun(message, end, fitting, named)
            elif self._is_noun(message, at + 1):
                end, fitting = self._behind_noun(message, at + 2, items, named)
                fitting = fitting if end > at + 2 else []
            if len(fitting) == 1:
                yield shelf.one(at, end, fitting[0].id)

    # ------------------------------------------------------------ what stands around "one"

    def _before_noun(
        self, message: Message, at: int, items: list[Item], named: Sequence[Mention]
    ) -> tuple[int, list[Item]]:
        """ "The Nolan one": behind its noun, and the items that fit. "The Nolan" alone is enough for a name."""
        for noun in range(at + 2, min(at + 2 + MAX_WORDS, len(message.tokens))):
            if message.tokens[noun].gap.strip():
                break
            if self._is_noun(message, noun):
                return noun + 1, self._fitting(message, at + 1, noun, items, named)
        for end in range(min(at + 1 + MAX_WORDS, len(message.tokens)), at + 1, -1):
            person = message.tokens[at + 1].capital and self._stands_alone(message, end)
            fitting = self._fitting(message, at + 1, end, items, (), people=True) if person else []
            if fitting:
                return end, fitting
        return 0, []

    def _behind_noun(
        self, message: Message, at: int, items: list[Item], named: Sequence[Mention]
    ) -> tuple[int, list[Item]]:
        """ "… with Hugh Grant and Julia Roberts": behind the last thing that fits, and the items that all fit."""
        tokens, end = message.tokens, at
        cue = self._lexicon.cues.starting_at(message, at, ("by_creator", "by_performer", "by_person", "describes"))
        if cue is None or tokens[at].gap.strip():
            return at, items
        start = cue.end
        while start < min(len(tokens), at + MAX_BEHIND):
            for stop in range(min(start + MAX_WORDS, len(tokens)), start, -1):
                fitting = self._fitting(message, start, stop, items, named)
                if fitting and len(fitting) < max(2, len(items)):
                    items, end, start = fitting, stop, stop
                    break
            else:
                if tokens[start].key not in self._words["joint_words"]:
                    break
                start += 1
        if len(items) == 1 and cue.tag == "describes":  # what else is told of it
            while end < len(tokens) and not tokens[end].gap.strip() and not self._opens(message, end):
                end += 1
        return (end if end > at else at), items

    def _opens(self, message: Message, at: int) -> bool:
        """Whether an opinion begins here."""
        return self._lexicon.opinions.starting_at(message, at, (*PRAISE, "contrast", "like", "dislike")) is not None

    def _stands_alone(self, message: Message, at: int) -> bool:
        if at >= len(message.tokens) or message.tokens[at].gap.strip():
            return True
        return self._opens(message, at) or message.tokens[at].key in self._words["coordinators"]

    def _is_noun(self, message: Message, at: int) -> bool:
        if at >= len(message.tokens) or message.tokens[at].gap.strip():
            return False
        key = message.tokens[at].key
        if key in self._words["one"]:
            return True
        noun = key in self._nouns or Span(at, at + 1, "one") in self._lexicon.pointers.at(message, at)
        return noun and not self._lexicon.is_plural(key) and key not in self._lexicon.number_words

    # ------------------------------------------------------------ what fits

    def _fitting(
        self, message: Message, start: int, end: int, items: list[Item], named: Sequence[Mention], people: bool = False
    ) -> list[Item]:
        """The items of which these words hold: a value, a last name, a number, a part of the title."""
        while start < end and message.tokens[start].key in self._words["articles"]:
            start += 1
        said = tuple(t.key for t in message.tokens[start:end])
        if not said or all(k in self._words["stop"] for k in said):
            return []
        known = [m.name for m in named if (m.start, m.end) == (start, end) and m.name.kind != "item"]
        values = {fold(v) for name in known for v in (name.text, *name.values)}
        return [i for i in items if self._fits(said, i, people) or any(self._has(i, v) for v in values)]

    def _fits(self, said: tuple[str, ...], item: Item, people: bool) -> bool:
        for field in self._catalog.fields:
            person = field.role in PEOPLE
            if people and not person:
                continue
            for value in item.values(field.name):
                if not isinstance(value, str):
                    if len(said) == 1 and said[0] == str(value):
                        return True
                    continue
                keys = keys_of(value) if field.kind == "category" else ()
                if keys and (keys == said or (person and keys[-len(said) :] == said)):
                    return True
        return not people and _inside(said, keys_of(item.title))

    def _has(self, item: Item, value: str) -> bool:
        fields = (f for f in self._catalog.fields if f.kind == "category")
        return any(fold(str(v)) == value for f in fields for v in item.values(f.name))

    # ------------------------------------------------------------ others, the oldest, titles

    def _others(self, message: Message, shelf: Shelf, named: Sequence[Mention]) -> Iterator[Mention]:
        """ "The other one", of two."""
        spoken = [n for m in named if m.name.kind == "item" and not m.several for n in m.names[:1]]
        known = {self._catalog.items[n.item].id for n in spoken} or {shelf.focus or ""}
        rest = [i for i in shelf.shown if i not in known]
        for span in self._lexicon.pointers.longest(message):
            if span.tag == "other_one" and len(rest) == 1 and len(shelf.shown) > 1:
                yield shelf.one(span.start, span.end, rest[0])

    def _outstanding(self, message: Message, shelf: Shelf, items: list[Item]) -> Iterator[Mention]:
        """ "The oldest of these", "the cheapest one was great"."""
        for span in self._schema.orders.longest(message):
            definite = span.start > 0 and message.tokens[span.start - 1].key in self._words["definite"]
            end = self._of_these(message, span.end)
            if not definite or end is None or len(items) < 2:
                continue
            side, field = span.tag[0], span.tag[1:]
            known = [(float(v), i) for i in items if isinstance(v := i.facts.get(field), (int, float))]
            if known:
                pick = min if side == "<" else max
                yield shelf.one(span.start - 1, end, pick(known, key=lambda pair: pair[0])[1].id)

    def _of_these(self, message: Message, at: int) -> int | None:
        """Behind "of these", or behind "one" where an opinion stands beside it; None where the list is not meant."""
        these = self._lexicon.pointers.starting_at(message, at, ("of_these",))
        if these:
            return these.end
        if not self._is_noun(message, at):
            return None
        praised = self._lexicon.opinions.starting_at(message, at + 1, PRAISE)
        return at + 1 if praised or (self._stands_alone(message, at + 1) and at + 1 < len(message.tokens)) else None

    def _titles(self, message: Message, shelf: Shelf, items: list[Item]) -> Iterator[Mention]:
        """Titles of the list, which need no capitals: "loved alien, hated heat"."""
        keys = [t.key for t in message.tokens]
        for item in items:
            for title in self._forms(item.title):
                for at in range(len(keys) - len(title) + 1):
                    if tuple(keys[at : at + len(title)]) == title and self._means_title(message, at, title):
                        yield replace(shelf.one(at, at + len(title), item.id), pointed=False)

    def _forms(self, title: str) -> list[tuple[str, ...]]:
        full = keys_of(title)
        short = full[1:] if full and full[0] in self._words["articles"] else full
        head = keys_of(title.split(":")[0])
        return [k for k in dict.fromkeys((full, short, head)) if k]

    def _means_title(self, message: Message, at: int, title: tuple[str, ...]) -> bool:
        if any(k not in self._words["stop"] and k not in self._words["pronouns"] and not k.isdigit() for k in title):
            return len(title) > 1 or self._is_word_of_its_own(message, at)
        return False

    def _is_word_of_its_own(self, message: Message, at: int) -> bool:
        """Whether a title of one word is no part of a noun: "a big heat wave"."""
        if message.tokens[at].capital:
            return True
        end = at + 1
        alone = end == len(message.tokens) or bool(message.tokens[end].gap.strip())
        follows = alone or message.tokens[end].key in self._words["stop"] or self._opens(message, end)
        before = message.tokens[at - 1].key if at else ""
        return follows and before not in self._words["articles"]


def _inside(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
