"""Which of several bearers of a name is meant, by what stands beside the name."""

from collections.abc import Sequence
from dataclasses import replace

from chatbot.understanding.evidence import EvidenceMaker
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention, year_after
from chatbot.understanding.names import Name, NameIndex
from chatbot.understanding.series import ROMAN
from chatbot.understanding.text import Message
from index.catalog import Catalog


class Narrower:
    """Narrows mentions down. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, names: NameIndex, maker: EvidenceMaker) -> None:
        self._names = names
        self._catalog = catalog
        self._lexicon = lexicon
        self._maker = maker

    def narrow(self, message: Message, mention: Mention) -> Mention:
        """The mention with only those names that its neighbours leave possible."""
        if mention.name.kind == "item":
            narrowed = self._by_year(message, mention)
            return narrowed if narrowed is not mention else self._by_place(message, mention)
        return self._by_part(message, mention) if mention.name.kind == "person" else mention

    def among(self, mentions: Sequence[Mention]) -> list[Mention]:
        """Of several people of one surname, those who do what the person named beside them does: "Kubrick or Lynch"."""
        clear = {m.name.fields[0] for m in mentions if m.name.kind == "person" and not m.ambiguous}
        return [self._alike(m, clear) if m.name.kind == "person" and m.ambiguous else m for m in mentions]

    def _alike(self, mention: Mention, fields: set[str]) -> Mention:
        names = tuple(n for n in mention.names if set(n.fields[:1]) & fields)
        return replace(mention, names=names) if names and len(fields) == 1 else mention

    def _by_part(self, message: Message, mention: Mention) -> Mention:
        """Among several people of one surname, those who did what is said: "directed by Scott"."""
        if len(mention.names) < 2:
            return mention
        field = self._maker.said_field(message, mention)
        main = tuple(n for n in mention.names if n.fields[:1] == (field,))
        return replace(mention, names=main) if field and main else mention

    def _by_place(self, message: Message, mention: Mention) -> Mention:
        """Of a series the part that is counted off, or all of it: "the second Godfather", "the Toy Story movies"."""
        if not self._names.series.of(mention.name.item) or mention.misspelt:
            return mention
        place, start, end = self._counted(message, mention)
        chosen = self._names.series.nth(mention.name.item, place) if place else None
        if chosen is not None:
            return replace(mention, names=(self._part(chosen),), start=start, end=end)
        return self._whole(message, mention)

    def _counted(self, message: Message, mention: Mention) -> tuple[int, int, int]:
        """The ordinal or number that stands with a name, and the tokens from it to the name; 0 where there is none."""
        words, ordinals = self._lexicon.words, self._lexicon.ordinals
        light = words["articles"] | words["of"] | words["in"] | words["whole_series"]
        at = mention.start
        while at and (message.tokens[at - 1].key in light or self._is_part_word(message, at - 1)):
            at -= 1
        for back in {mention.start, at}:
            before = ordinals.ending_at(message, back)
            if before and not set(message.tokens[back].gap) & set(".,;!?"):
                return self._lexicon.ordinal_values[before.tag], before.start, mention.end
        return self._counted_behind(message, mention)

    def _counted_behind(self, message: Message, mention: Mention) -> tuple[int, int, int]:
        """ "Godfather part two", "Lord of the Rings, the second one"."""
        tokens, words, end = message.tokens, self._lexicon.words, mention.end
        if end + 1 < len(tokens) and tokens[end].key in words["parts"]:
            number = self._lexicon.number_word(tokens[end + 1].key) or ROMAN.get(tokens[end + 1].key, 0)
            return number, mention.start, end + 2
        if end + 2 < len(tokens) and tokens[end].key in words["definite"]:
            ordinal = self._lexicon.ordinals.starting_at(message, end + 1)
            if ordinal and ordinal.end < len(tokens) and self._is_part_word(message, ordinal.end):
                return self._lexicon.ordinal_values[ordinal.tag], mention.start, ordinal.end + 1
        return 0, mention.start, mention.end

    def _is_part_word(self, message: Message, at: int) -> bool:
        key = message.tokens[at].key
        return key in self._lexicon.words["things"] or key in self._lexicon.words["parts"]

    def _whole(self, message: Message, mention: Mention) -> Mention:
        """All of a series, where a plural stands behind its name or "another" before it."""
        words, end = self._lexicon.words, mention.end
        behind = end < len(message.tokens) and message.tokens[end].key in words["whole_series"]
        before = bool(mention.start) and message.tokens[mention.start - 1].key in words["another"]
        if not behind and not before:
            return mention
        names = tuple(self._part(part.position) for part in self._names.series.of(mention.name.item))
        return replace(mention, names=names, end=end + behind, several=True)

    def _part(self, position: int) -> Name:
        return Name("item", self._catalog.items[position].title, 1.0, position)

    def _by_year(self, message: Message, mention: Mention) -> Mention:
        """Among several items of one title, the one of a year that stands beside it: "It (2017)", "the 1999 Mummy",
        "The Mummy from 1999"."""
        field = self._catalog.field_of("year")
        if field is None:
            return mention
        for at in (mention.end, mention.end + 1, mention.start - 1, mention.start - 2):
            year = year_after(message, at) if at >= 0 else None
            between = message.tokens[mention.end].key if mention.end < at < len(message.tokens) else ""
            if year is None or (between and between not in self._lexicon.words["before_year"]):
                continue
            of_year = tuple(n for n in mention.names if self._catalog.items[n.item].facts.get(field.name) == year)
            if of_year:
                start, end = min(mention.start, at), max(mention.end, at + 1)
                return replace(mention, names=of_year, start=start, end=end)
        return mention
