"""Names that a message spells as the catalog does."""

from collections.abc import Iterator, Sequence

from chatbot.understanding.judging import Judge
from chatbot.understanding.mentions import Mention, by_weight, year_after
from chatbot.understanding.names import Name, NameIndex
from chatbot.understanding.text import Message

MAKES_MANY = 12
"""Items from which on a last name alone is meant before a title that is the same."""


class ExactReader:
    """Finds names spelt right. Stateless, so that threads may share it."""

    def __init__(self, names: NameIndex, judge: Judge) -> None:
        self._names = names
        self._judge = judge

    def find(self, message: Message) -> Iterator[Mention]:
        """Every stretch of the message that spells a name and is meant as one; they may overlap."""
        keys = [token.key for token in message.tokens]
        for start in range(len(keys)):
            for end in range(start + 1, min(len(keys), start + self._names.longest) + 1):
                names = self._names[tuple(keys[start:end])] or self._owner(message, start, end)
                family = self._names.family(message.tokens[start].key) if self._is_family(message, start, end) else None
                if family:
                    yield Mention(start, end, (family,))
                    continue
                if names:
                    yield from self.meant(message, start, end, names, misspelt=False)

    def _is_family(self, message: Message, start: int, end: int) -> bool:
        """Whether "brothers" or the like stands behind a name: "the Coen brothers"."""
        return end - start == 2 and self._judge.names_siblings(message.tokens[start + 1].key)

    def _owner(self, message: Message, start: int, end: int) -> Sequence[Name]:
        """People whose name stands in the possessive: "Kafka's"."""
        last = message.tokens[end - 1]
        if last.text[-2:-1] not in ("'", "’"):
            return ()
        keys = (*(token.key for token in message.tokens[start : end - 1]), last.key[:-1])
        return [name for name in self._names[keys] if name.kind == "person"]

    def meant(self, message: Message, start: int, end: int, names: Sequence[Name], misspelt: bool) -> Iterator[Mention]:
        """The mentions, one for each kind of name, that the sentence bears out."""
        closed = [n for n in names if n.kind == "closed"]
        if closed and self._judge.value_is_meant(message, start, end):
            yield Mention(start, end, tuple(closed), misspelt)
        items = [n for n in names if n.kind == "item"]
        if (items and not closed and self._judge.title_is_meant(message, start, end)) or (
            items and (self._judge.quoted_or_dated(message, start, end) or self._is_of_year(message, end, items))
        ):
            yield Mention(start, end, by_weight(items), misspelt)
        people = [n for n in names if n.kind == "person"]
        also_title = bool(items) and all(n.count < MAKES_MANY for n in people)  # Hitchcock is the director first
        if people and self._judge.person_is_meant(message, start, end, people[0].partial, also_title):
            yield Mention(start, end, by_weight(people), misspelt)
        keywords = [n for n in names if n.kind == "keyword"]
        if keywords and not closed and self._judge.keyword_is_meant(message, start, end):
            yield Mention(start, end, by_weight(keywords), misspelt)

    def _is_of_year(self, message: Message, end: int, items: Sequence[Name]) -> bool:
        """Whether the year of one of the items stands right behind the title: "pretty woman 1990"."""
        field, year = self._names.catalog.field_of("year"), year_after(message, end)
        catalog = self._names.catalog
        return year is not None and any(catalog.items[n.item].facts.get(field.name) == year for n in items if field)
