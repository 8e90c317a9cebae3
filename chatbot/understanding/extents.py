"""What a thing must be fit for, where two fields say from what and up to what: `min_players` and `max_players`.

"A game for four players" is one whose least number is at most four and whose greatest is at least four; "for my six
year old" one whose least age is at most six.
"""

from collections.abc import Iterator

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.phrases import Phrases
from chatbot.understanding.text import Message
from index.catalog import Catalog
from index.constraints import Constraint

MAX_PEOPLE, MAX_AGE = 99, 99
_Found = tuple[int, int, tuple[Constraint, ...]]


class ExtentReader:
    """Finds numbers of people and ages in messages. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._people = self._ends(catalog, lexicon.words["people_nouns"])
        self._ages = self._ends(catalog, lexicon.words["age_nouns"])
        tags = ("counted_people", "alone", "aged", "years_old", "we_are")
        self._phrases = Phrases({tag: lexicon.words[tag] for tag in tags})

    def read(self, message: Message) -> Iterator[_Found]:
        """First token, the token behind the last, and the constraints, of each."""
        if any(self._people):
            yield from self._of_people(message)
        if any(self._ages):
            yield from self._of_ages(message)

    def _ends(self, catalog: Catalog, nouns: frozenset[str]) -> tuple[str, str]:
        """The names of the fields that hold the least and the greatest, "" for one that is not there."""
        from chatbot.understanding.schema import field_words

        ends = {"lower": "", "upper": ""}
        for field in catalog.of_kind("number"):
            words = field_words(field)
            for side in ends:
                if set(words) & nouns and set(words) & self._lexicon.words[side] and len(words) <= 3:
                    ends[side] = ends[side] or field.name
        return ends["lower"], ends["upper"]

    def _fit(self, ends: tuple[str, str], number: int) -> tuple[Constraint, ...]:
        lower, upper = ends
        low = (Constraint(lower, "<=", number),) if lower else ()
        return (*low, Constraint(upper, ">=", number)) if upper and (number > 1 or not low) else low

    # ------------------------------------------------------------ people

    def _of_people(self, message: Message) -> Iterator[_Found]:
        taken = 0
        for at, token in enumerate(message.tokens):
            if at < taken:
                continue
            alone = self._phrases.starting_at(message, at, ("alone",))
            number = self._lexicon.number_word(token.key)
            if alone:
                taken = alone.end
                yield at, alone.end, self._fit(self._people, 1)
            elif number is not None and 0 < number <= MAX_PEOPLE:
                end = self._counted(message, at)
                if end:
                    taken = end
                    yield self._bounded(message, at, end, number)

    def _counted(self, message: Message, at: int) -> int:
        """Behind the people that the number at a place counts, or behind the number itself in "we are five"; else 0."""
        people = self._phrases.starting_at(message, at + 1, ("counted_people",))
        if people:
            return people.end
        told = self._phrases.ending_at(message, at, ("we_are",))
        ends = at + 1 == len(message.tokens) or bool(message.tokens[at + 1].gap.strip())
        return at + 1 if told and told.end - told.start > 1 and ends else 0

    def _bounded(self, message: Message, at: int, end: int, number: int) -> _Found:
        """ "Up to six players" must fit six, "more than four" somewhat more."""
        bound = self._lexicon.number_ops.ending_at(message, at, ("<", "<=", ">", ">="))
        lower, upper = self._people
        if bound is None or not upper:
            return at, end, self._fit(self._people, number)
        if bound.tag == "<" and lower:
            return bound.start, end, (Constraint(lower, "<", number),)
        return bound.start, end, (Constraint(upper, ">" if bound.tag == ">" else ">=", number),)

    # ------------------------------------------------------------ ages

    def _of_ages(self, message: Message) -> Iterator[_Found]:
        for at, token in enumerate(message.tokens):
            number = self._lexicon.number_word(token.key)
            if number is None or not 0 < number <= MAX_AGE:
                continue
            old = self._phrases.starting_at(message, at + 1, ("years_old",))
            aged = self._phrases.ending_at(message, at, ("aged",))
            if old or aged:
                start = aged.start if aged else at
                yield start, old.end if old else at + 1, self._fit(self._ages, number)
