"""Wishes about what no field of the catalog holds: a length where there are no lengths, "a Korean film", "on sale".

They cannot be kept, so they are told apart from free words, by which a list can lean, and the reply says so.
"""

from collections.abc import Iterator

from chatbot.understanding.found import Found
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.phrases import Phrases, Span
from chatbot.understanding.schema import Schema, field_words, forms_of, made
from chatbot.understanding.text import Message, covered
from index.catalog import Catalog

TONGUE = "tongue"
OBJECTIVE = ("length", "price")
"""Quantities whose words mean nothing else; "light" and "heavy" may be meant of a mood."""
MEASURED = {"time": "duration", "mass": "weight"}
"""What is measured in units of such a kind, as a role or the name of a field."""
_BOUNDS = ("<", "<=", ">", ">=", "within", "about")


class UnkeptReader:
    """Finds such wishes. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema) -> None:
        self._lexicon = lexicon
        self._words = lexicon.words
        self._schema = schema
        named = {word for field in catalog.fields for word in field_words(field)}
        missing = {name: wish.words for name, wish in lexicon.unkept.items() if not named & set(wish.fields)}
        self._phrases = Phrases({**missing, **self._quantities()})
        self._tongues = not named & self._words["tongue_fields"]
        self._measures = tuple(
            (what, frozenset(lexicon.measures[kind])) for kind, what in MEASURED.items() if not schema.has_unit_of(kind)
        )

    def _quantities(self) -> dict[str, list[str]]:
        """Words for much and little of what no number field holds: "shorter", "not too long" where nothing is long."""
        degrees, table = self._lexicon.degrees, dict[str, list[str]]()
        patterns = [p for name in ("more", "less", "modest") for p in degrees[name] if p not in degrees["told"]]
        for name in OBJECTIVE:
            quantity = self._lexicon.quantities[name]
            if not self._schema.measures(quantity):
                forms = [forms_of(text) for text in (*quantity.up, *quantity.down)]
                table[quantity.roles[0]] = [text for form in forms for text, _ in made(patterns, form, "")]
        return table

    def measured(self, message: Message) -> set[int]:
        """The tokens of numbers in units that no field is measured in: "under two hours" bounds nothing else."""
        return covered(span for at in range(len(message.tokens)) for span in self._measured(message, at))

    def read(self, found: Found) -> list[Span]:
        """The words of such wishes, tagged with what they are about: a name or a role."""
        message, taken = found.message, found.taken
        ends = self._words["after_no_range"]
        behind = [token.key for token in message.tokens[1:]] + [""]
        phrases = self._phrases.longest(message, without=taken)
        spans = [span for span in phrases if behind[span.end - 1] not in ends]  # "not so long ago"
        for at in (i for i in range(len(message.tokens)) if i not in taken):
            if (
                self._tongues
                and message.tokens[at].key in self._words["tongues"]
                and self._describes(message, at, taken)
            ):
                spans.append(Span(at, at + 1, TONGUE))
            spans += self._measured(message, at)
        return spans

    def _describes(self, message: Message, at: int, taken: set[int]) -> bool:
        """Whether a language or nation is wished for: before a noun for the things, or behind "in"."""
        behind = message.tokens[at + 1].key if at + 1 < len(message.tokens) else ""
        before = message.tokens[at - 1].key if at else ""
        things = self._words["things"]
        last = before in things and at + 1 == len(message.tokens)
        return behind in things or at + 1 in taken or before in self._words["in"] or last

    def _measured(self, message: Message, at: int) -> Iterator[Span]:
        """A number with a bound and a unit that no field is measured in: "under two hours"."""
        token, words = message.tokens[at], self._words
        if self._lexicon.number_word(token.key) is None and token.key not in words["one_of"] | words["half"]:
            return
        bounded = self._lexicon.number_ops.ending_at(message, at, _BOUNDS)
        if bounded and message.tokens[bounded.start].key in words["before_short_year"]:
            return  # "dropped it after twenty minutes"
        bounded = bounded or self._lexicon.number_ops.starting_at(message, at + 2, ("or_less", "or_more"))
        places = range(at + 1, min(at + 3, len(message.tokens)))
        unit = next((i for i in places if message.tokens[i].key not in words["one_of"]), at)
        for what, units in self._measures:
            if bounded and message.tokens[unit].key in units:
                yield Span(at, unit + 1, what)
