"""Names that say which item is meant: "Total Recall with Schwarzenegger", "It by Stephen King", "Her from 2013".

A title of ordinary words counts as one where the words behind it are true of its record.
"""

from collections.abc import Iterator, Sequence

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention, by_weight, year_after
from chatbot.understanding.names import Name, NameIndex
from chatbot.understanding.text import Message
from index.catalog import PEOPLE, Catalog, fold

MAX_BETWEEN = 6
MAX_TITLE = 6


class Qualifier:
    """Joins titles with what is said to tell them apart. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, names: NameIndex) -> None:
        self._catalog = catalog
        self._lexicon = lexicon
        self._names = names
        self._people = [f.name for f in catalog.of_kind("category") if f.role in PEOPLE]
        self._year = catalog.field_of("year")

    def join(self, message: Message, mentions: Sequence[Mention]) -> list[Mention]:
        """The mentions, in order, with qualified titles in the place of title and qualifier."""
        kept = list(mentions)
        for reader in (self._by_years, self._by_people):
            for whole in list(reader(message, kept)):
                if all(whole.end <= m.start or whole.start >= m.end or _inside(m, whole) for m in kept):
                    kept = [*(m for m in kept if not _inside(m, whole)), whole]
        return sorted(kept, key=lambda m: m.start)

    def _by_people(self, message: Message, mentions: Sequence[Mention]) -> Iterator[Mention]:
        for mention in mentions:
            if mention.name.kind != "person":
                continue
            yield from self._owned(message, mention)
            for start, end, named in self._titles_before(message, mention.start, mentions):
                having = tuple(n for n in named if self._has_one(n, mention.names))
                if having and not self._asked_alike(message, start, end, mentions):
                    yield Mention(start, self._end(message, mention, having, mentions), by_weight(having))
                    break

    def _owned(self, message: Message, owner: Mention) -> Iterator[Mention]:
        """ "Kafka's The Trial": the title behind a name in the possessive."""
        start, keys = owner.end, tuple(token.key for token in message.tokens)
        if message.tokens[start - 1].text[-2:-1] not in ("'", "’"):
            return
        for end in range(min(len(keys), start + MAX_TITLE), start, -1):
            named = [n for n in self._names[keys[start:end]] if n.kind == "item" and not n.partial]
            having = tuple(n for n in named if self._has_one(n, owner.names))
            if having:
                yield Mention(owner.start, end, by_weight(having))
                return

    def _by_years(self, message: Message, mentions: Sequence[Mention]) -> Iterator[Mention]:
        for at in range(1, len(message.tokens)):
            year = year_after(message, at)
            if year is None or self._year is None:
                continue
            for start, end, named in self._titles_before(message, at, mentions):
                of_year = tuple(n for n in named if self._catalog.items[n.item].facts.get(self._year.name) == year)
                if of_year and end < at:
                    yield Mention(start, at + 1, by_weight(of_year))
                    break

    def _titles_before(
        self, message: Message, at: int, mentions: Sequence[Mention]
    ) -> Iterator[tuple[int, int, list[Name]]]:
        """(start, end, names) of what may be a title before token `at`, with nothing but linking words between."""
        linking, end, between = self._lexicon.words["qualifying"], at, 0
        while end > 0 and between <= MAX_BETWEEN:
            if any(m.end == end and m.name.kind == "item" for m in mentions):
                mention = next(m for m in mentions if m.end == end and m.name.kind == "item")
                yield mention.start, end, list(mention.names)
                return
            if between:
                yield from self._spelt(message, end)
            if message.tokens[end - 1].key not in linking or set(message.tokens[end - 1].gap) & set(".!?;\n"):
                return
            end, between = end - 1, between + 1

    def _spelt(self, message: Message, end: int) -> Iterator[tuple[int, int, list[Name]]]:
        """Titles that the words before token `end` spell, the longest first."""
        keys = [token.key for token in message.tokens]
        for start in range(max(0, end - MAX_TITLE), end):
            names = self._names[tuple(keys[start:end])]
            items = [n for n in names if n.kind == "item" and not n.partial]
            items = [] if any(n.kind == "closed" for n in names) else items  # "a thriller from 2010"
            crossed = any(message.tokens[i].gap.strip() for i in range(start + 1, end))
            if items and not crossed:
                yield start, end, items

    def _has_one(self, item: Name, people: Sequence[Name]) -> bool:
        texts = {fold(person.text) for person in people}
        record = self._catalog.items[item.item]
        return any(fold(str(v)) in texts for field in self._people for v in record.values(field))

    def _asked_alike(self, message: Message, start: int, end: int, mentions: Sequence[Mention]) -> bool:
        """ "Something like Heat with Al Pacino": the person is a wish of its own where the title needs none; and "was
        Heat directed by Michael Mann?" asks for the person."""
        clear = any(m.start == start and m.end == end and not m.ambiguous for m in mentions)
        at = start
        while at and message.tokens[at - 1].key in self._lexicon.words["articles"]:
            at -= 1
        if clear and at == 1 and message.tokens[0].key in self._lexicon.words["yes_no_openers"]:
            return True
        cue = self._lexicon.cues.ending_at(message, at, ("similar", "want", "maybe_want"))
        return clear and cue is not None and (cue.tag != "similar" or bool(at - 2 >= 0 or at == 1))

    def _end(self, message: Message, mention: Mention, items: Sequence[Name], mentions: Sequence[Mention]) -> int:
        """Behind the qualifier: "the Coen version", "with Pacino and De Niro"."""
        end = mention.end
        if end < len(message.tokens) and message.tokens[end].key in self._lexicon.words["versions"]:
            return end + 1
        for other in mentions:
            between = [token.key for token in message.tokens[end : other.start]]
            joined = other.start > end and all(key in self._lexicon.words["and"] for key in between)
            if joined and other.name.kind == "person" and all(self._has_one(item, other.names) for item in items):
                end = other.end
        return end


def _inside(mention: Mention, whole: Mention) -> bool:
    return whole.start <= mention.start and mention.end <= whole.end
