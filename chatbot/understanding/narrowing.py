"""Which of several bearers of a name is meant, by what stands beside the name."""

from dataclasses import replace

from chatbot.understanding.evidence import EvidenceMaker
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention, year_after
from chatbot.understanding.text import Message
from index.catalog import Catalog


class Narrower:
    """Narrows mentions down. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, maker: EvidenceMaker) -> None:
        self._catalog = catalog
        self._lexicon = lexicon
        self._maker = maker

    def narrow(self, message: Message, mention: Mention) -> Mention:
        """The mention with only those names that its neighbours leave possible."""
        if mention.name.kind == "item":
            return self._by_year(message, mention)
        return self._by_part(message, mention) if mention.name.kind == "person" else mention

    def _by_part(self, message: Message, mention: Mention) -> Mention:
        """Among several people of one surname, those who did what is said: "directed by Scott"."""
        if len(mention.names) < 2:
            return mention
        field = self._maker.said_field(message, mention)
        main = tuple(n for n in mention.names if n.fields[0] == field)
        return replace(mention, names=main) if field and main else mention

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
