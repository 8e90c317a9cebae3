"""Entity linking: which tokens of a message name an item, a person or another value of the catalog.

A phrase may stand for several names, and a name may be ordinary words ("Heat", "Up", "Big"): it is taken for a
name only where quotation marks, capitals, or the words around it say that it is meant as one.
"""

from collections.abc import Iterable, Sequence

from chatbot.understanding.exact import MAKES_MANY, ExactReader
from chatbot.understanding.judging import Judge
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.misspelt import MisspeltReader
from chatbot.understanding.names import NameIndex
from chatbot.understanding.phrases import Span
from chatbot.understanding.schema import Schema
from chatbot.understanding.text import Message, covered


class Linker:
    """Finds the mentions of a message. Stateless after construction, so that threads may share it."""

    def __init__(self, names: NameIndex, lexicon: Lexicon, schema: Schema) -> None:
        judge = Judge(names, lexicon, schema)
        self._plural_things = {key for key in lexicon.words["things"] if lexicon.is_plural(key)}
        self._articles = lexicon.words["articles"]
        self._opinions = lexicon.opinions
        self._set_phrases = lexicon.intents
        self._exact = ExactReader(names, judge)
        self._misspelt = MisspeltReader(names, judge, self._exact)

    def link(self, message: Message, other: Iterable[int] = ()) -> list[Mention]:
        """The mentions in order, without overlap. Tokens in `other` are known to mean something else where they
        spell no name exactly."""
        phrases = [s for s in self._opinions.all(message) if s.end - s.start > 2]
        exact = [m for m in self._exact.find(message) if not _inside_phrase(message, m, phrases)]
        taken = set(other) | {
            i for mention in exact for i in range(mention.start, mention.end) if mention.end - mention.start > 1
        }
        taken |= covered(s for s in self._set_phrases.longest(message) if s.end - s.start > 1)
        near = list(self._misspelt.find(message, taken))
        exact = [m for m in exact if not _is_made_of_values(m, exact)]
        chosen: list[Mention] = []
        for mention in sorted(exact + near, key=lambda m: (-self._rank(message, m), m.start)):
            if all(mention.end <= other.start or mention.start >= other.end for other in chosen):
                chosen.append(mention)
        return sorted(chosen, key=lambda m: m.start)

    def _thing_behind(self, message: Message, mention: Mention) -> bool:
        return mention.end < len(message.tokens) and message.tokens[mention.end].key in self._plural_things

    def _rank(self, message: Message, mention: Mention) -> float:
        """Longer spans win; a full name beats a short form; a value of a closed vocabulary beats a title."""
        name, several = mention.name, mention.end - mention.start > 1
        article = several and message.tokens[mention.start].key in self._articles
        length = mention.end - mention.start - ARTICLE * article
        if name.kind == "person" and not name.partial and name.count >= MAKES_SEVERAL:
            return length + 0.25  # "no Apple" means the maker before a thing called Apple
        if name.kind == "person" and name.count >= MAKES_MANY:
            return length + 0.22 - 0.3 * mention.misspelt  # "Hitchcock" the director before the film about him
        if name.kind == "keyword" and self._thing_behind(message, mention):
            return length + 0.21  # "James Bond films" are more than one called "James Bond"
        bonus = {"closed": 0.5, "person": 0.1, "item": 0.2, "keyword": 0.0}[name.kind]
        return length + bonus - 0.3 * mention.misspelt - 0.15 * name.partial


MAKES_SEVERAL = 2
"""Items from which on a maker's name is meant before a title that is the same."""
ARTICLE = 0.9
"""How much less an article at the beginning of a name counts than its other words."""


def _inside_phrase(message: Message, mention: Mention, phrases: Sequence[Span]) -> bool:
    """Whether a name is but a part of a set phrase: the "earth" of "who on earth"."""
    inside = (s for s in phrases if s.start <= mention.start and mention.end <= s.end)
    longer = any(s.end - s.start > mention.end - mention.start + 1 for s in inside)
    return longer and not message.quoted(mention.start, mention.end)


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
