"""Items described: "the Nolan one", "the ones with Tom Hanks", "the 1995 film", "the oldest of these", "the other one",
"the thriller", and titles of the list in whatever case."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chatbot.state import Believed, Opinion, Wish
from chatbot.understanding.fitting import Fitting, extreme
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.phrases import Span
from chatbot.understanding.pointing import PRAISE, Shelf
from chatbot.understanding.ranges import Range
from chatbot.understanding.schema import Schema
from chatbot.understanding.text import Message, keys_of
from index.catalog import Catalog, Item, fold

MAX_WORDS = 4
"""Words between "the" and "one"."""
MAX_BEHIND = 10
"""Words behind "the one with"."""
_HOSTS = ("like", "dislike", "seen", "takes", "similar")


class Describing:
    """Finds what fits one item of the list, or in the plural some. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema) -> None:
        self._catalog = catalog
        self._schema = schema
        self._lexicon = lexicon
        self._words = lexicon.words
        self._nouns = frozenset(k for noun in catalog.nouns for k in keys_of(noun))

    def read(
        self, message: Message, shelf: Shelf, named: Sequence[Mention], ranges: Sequence[Range]
    ) -> Iterator[Mention]:
        """The references in this form."""
        if not shelf.shown:
            return
        items = shelf.items()
        fitting = Fitting(self._catalog, self._lexicon, self._schema, message, named, ranges, items)
        yield from self._titles(message, shelf, items)
        yield from self._others(message, shelf, named)
        yield from self._outstanding(message, shelf, items)
        for at in range(len(message.tokens)):
            if message.tokens[at].key in self._words["demonstratives"]:
                yield from self._described(message, at, shelf, fitting)
        yield from self._nouns_of_values(message, shelf, named)

    def _described(self, message: Message, at: int, shelf: Shelf, fitting: Fitting) -> Iterator[Mention]:
        """What "the" or "that" at a token begins to describe."""
        items = shelf.items()
        end, fits = self._before_noun(message, at, items, fitting)
        if end:
            end, fits = self._behind_noun(message, end, fits, fitting)
        elif self._is_noun(message, at + 1):
            end, fits = self._behind_noun(message, at + 2, items, fitting)
            fits = fits if end > at + 2 else []
        if len(fits) == 1:
            yield shelf.one(at, end, fits[0].id)
        elif fits and len(fits) < len(items) and self._is_plural(message, at, end) and self._is_told(message, at, end):
            both = at - 1 if at and self._lexicon.pointers.starting_at(message, at - 1, ("both",)) else at
            yield shelf.all(both, end, [i.id for i in fits])

    # ------------------------------------------------------------ what stands around "one"

    def _before_noun(self, message: Message, at: int, items: list[Item], fitting: Fitting) -> tuple[int, list[Item]]:
        """ "The Nolan one": behind its noun, and the items that fit. "The Nolan" alone is enough for a name."""
        for noun in range(at + 2, min(at + 2 + MAX_WORDS, len(message.tokens))):
            if message.tokens[noun].gap.strip():
                break
            plural = self._is_noun(message, noun, plural=True)
            if self._is_noun(message, noun) or (plural and self._is_told(message, at, noun + 1)):
                return noun + 1, fitting.whole(at + 1, noun, items)
        for end in range(min(at + 1 + MAX_WORDS, len(message.tokens)), at + 1, -1):
            person = message.tokens[at + 1].capital and self._stands_alone(message, end)
            fits = fitting.exact(at + 1, end, items, people=True) if person else []
            if fits:
                return end, fits
        return 0, []

    def _behind_noun(self, message: Message, at: int, items: list[Item], fitting: Fitting) -> tuple[int, list[Item]]:
        """ "… with Hugh Grant and Julia Roberts", "… that isn't waterproof": behind the last thing that fits, and the
        items that all fit."""
        tokens, end, before = message.tokens, at, items
        cue = self._lexicon.cues.starting_at(message, at, ("by_creator", "by_performer", "by_person", "describes"))
        if at >= len(tokens) or tokens[at].gap.strip():
            return at, items
        start, denied = self._denied(message, cue.end if cue else at)
        start = at if fitting.begins(at) else start
        if cue is None and not denied and not fitting.begins(at):
            return at, items
        either = self._words["coordinators"]
        while start < min(len(tokens), at + MAX_BEHIND):
            part = fitting.part(start, len(tokens), fitting.items if denied else items)
            if part and (denied or len(part[1]) < max(2, len(items))):
                items = [i for i in items if i not in part[1]] if denied else part[1]
                end, start = part[0], part[0]
            elif tokens[start].key in self._words["joint_words"] or (denied and tokens[start].key in either):
                start += 1
            else:
                break
        if len(items) == 1 and len(before) > 1 and cue and cue.tag == "describes":  # what else is told of it
            while end < len(tokens) and not tokens[end].gap.strip() and not self._opens(message, end):
                end += 1
        return (end if end > at else at), items

    def _denied(self, message: Message, at: int) -> tuple[int, bool]:
        """Behind words that deny what follows, and whether there are any: "that isn't", "without"."""
        at += at < len(message.tokens) and message.tokens[at].key in self._words["relative"]
        span = self._lexicon.opinions.starting_at(message, at, ("refuse", "negator"))
        return (span.end, True) if span else (at, False)

    def _opens(self, message: Message, at: int) -> bool:
        """Whether an opinion begins here."""
        return self._lexicon.opinions.starting_at(message, at, (*PRAISE, "contrast", "like", "dislike")) is not None

    def _stands_alone(self, message: Message, at: int) -> bool:
        if at >= len(message.tokens) or message.tokens[at].gap.strip():
            return True
        key = message.tokens[at].key
        behind = self._words["coordinators"] | self._words["after_ordinal"] | self._words["courtesies"]
        return self._opens(message, at) or key in behind

    def _is_noun(self, message: Message, at: int, plural: bool = False) -> bool:
        """Whether a word for a thing of the catalog stands at a token, in that number."""
        if at >= len(message.tokens) or message.tokens[at].gap.strip():
            return False
        key = message.tokens[at].key
        if key in self._words["one"]:
            return not plural
        noun = key in self._nouns or Span(at, at + 1, "one") in self._lexicon.pointers.at(message, at)
        return noun and self._lexicon.is_plural(key) == plural and key not in self._lexicon.number_words

    def _is_plural(self, message: Message, start: int, end: int) -> bool:
        return any(self._is_noun(message, at, plural=True) for at in range(start + 1, end))

    def _is_told(self, message: Message, start: int, end: int) -> bool:
        """Whether something is said of the things described, as of those shown: "the brown ones look great". What is
        only wished ("show me the brown ones") may be others."""
        opinions, tokens = self._lexicon.opinions, message.tokens
        if (start == 0 and self._stands_alone(message, end)) or opinions.starting_at(message, end, PRAISE):
            return True
        if start and self._lexicon.pointers.starting_at(message, start - 1, ("both",)):
            return True
        told = end < len(tokens) and tokens[end].key in self._words["tells"]
        asked = tokens[0].key in self._words["yes_no_openers"] | self._words["asking_words"]
        return told or asked or opinions.ending_at(message, start, _HOSTS) is not None

    # ------------------------------------------------------------ others, the oldest, "the thriller"

    def _others(self, message: Message, shelf: Shelf, named: Sequence[Mention]) -> Iterator[Mention]:
        """ "The other one", of two; "the other two", of three."""
        spoken = [n for m in named if m.name.kind == "item" and not m.several for n in m.names[:1]]
        known = {self._catalog.items[n.item].id for n in spoken} or {shelf.focus or ""}
        rest = [i for i in shelf.shown if i not in known]
        for span in self._lexicon.pointers.longest(message):
            if span.tag == "other_one" and len(rest) == 1 and len(shelf.shown) > 1:
                yield shelf.one(span.start, span.end, rest[0])
            elif span.tag == "other_two" and len(rest) == len(shelf.shown) - 1 and rest:
                yield shelf.all(span.start, span.end, rest)

    def _outstanding(self, message: Message, shelf: Shelf, items: list[Item]) -> Iterator[Mention]:
        """ "The oldest of these", "the cheaper of the two", "I'll take the shortest"."""
        for table in (self._schema.orders, self._schema.critiques):
            for span in table.longest(message):
                definite = span.start and message.tokens[span.start - 1].key in self._words["definite"]
                end = self._of_these(message, span.end)
                if end is None and table is self._schema.orders:
                    end = span.end if self._is_taken(message, span) else None
                fits = extreme(items, span) if definite and end is not None and len(items) > 1 else []
                if fits and end is not None:
                    yield shelf.one(span.start - 1, end, fits[0].id)

    def _is_taken(self, message: Message, span: Span) -> bool:
        """Whether a phrase for taking stands before "the shortest" and nothing behind it."""
        taken = self._lexicon.intents.ending_at(message, span.start - 1, ("take",))
        return taken is not None and self._stands_alone(message, span.end)

    def _of_these(self, message: Message, at: int) -> int | None:
        """Behind "of these", or behind "one" where an opinion stands beside it; None where the list is not meant."""
        these = self._lexicon.pointers.starting_at(message, at, ("of_these",))
        if these:
            return these.end
        if not self._is_noun(message, at):
            return None
        praised = self._lexicon.opinions.starting_at(message, at + 1, PRAISE)
        return at + 1 if praised or (self._stands_alone(message, at + 1) and at + 1 < len(message.tokens)) else None

    def _nouns_of_values(self, message: Message, shelf: Shelf, named: Sequence[Mention]) -> Iterator[Mention]:
        """ "The thriller sounds good", "I've seen the cartoon": a value that one item of the list has, and of which
        nothing was said before."""
        for mention in named:
            start = mention.start - 1
            definite = start >= 0 and message.tokens[start].key in self._words["demonstratives"]
            plural = self._lexicon.is_plural(message.tokens[mention.end - 1].key)
            if mention.name.kind != "closed" or mention.name.values or not definite or plural:
                continue
            value, fields = fold(mention.name.text), mention.name.fields
            having = [i for i in shelf.items() if any(fold(str(v)) == value for f in fields for v in i.values(f))]
            believed = any(_is_about(e, value) for e in shelf.believed)
            if len(having) == 1 and not believed and self._is_told_of_one(message, start, mention.end):
                yield shelf.one(start, mention.end, having[0].id)

    def _is_told_of_one(self, message: Message, start: int, end: int) -> bool:
        """Whether the sentence says something of the thing at these tokens, and no other noun follows."""
        told = end < len(message.tokens) and message.tokens[end].key in self._words["tells"] | self._words["own"]
        opinions = self._lexicon.opinions
        host = opinions.ending_at(message, start, _HOSTS) or self._lexicon.intents.ending_at(message, start, ("take",))
        praised = opinions.starting_at(message, end, PRAISE) is not None
        asked = start > 0 and message.tokens[start - 1].key in self._words["yes_no_openers"]
        return told or praised or asked or (host is not None and self._stands_alone(message, end))

    # ------------------------------------------------------------ titles

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


def _is_about(evidence: Believed, value: str) -> bool:
    """Whether a belief is about a value."""
    if isinstance(evidence, Wish):
        return value in {fold(str(v)) for v in evidence.constraint.values}
    return isinstance(evidence, Opinion) and fold(evidence.value or "") == value
