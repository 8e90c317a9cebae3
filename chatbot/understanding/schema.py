"""The words that people have for the fields of one catalog: names, units, adjectives, questions.

They come from the roles and names of the fields and from the language's tables, so that a catalog of anything is
understood as far as its columns have telling names.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from chatbot.understanding.lexicon import Lexicon, Phrases, Quantity
from chatbot.understanding.text import Message, keys_of
from index.catalog import Catalog, Field
from index.roles import unit_of

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
LAST_ROLES = ("person", "creator")
"""Where a phrase may ask for fields of several roles, one of these is meant: who wrote a film is its writer first."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a number field: so many of the field's own units are one of these."""

    field: str
    factor: float


def field_words(field: Field) -> tuple[str, ...]:
    """The words of a field's name, as keys: `weight_g` and `weightG` are "weight g"."""
    return tuple(word.lower() for word in _WORDS.findall(field.name))


class Schema:
    """What people call the fields of a catalog, and what they say of them. Immutable, so that threads may share it.

    The tags of `fields` and `questions` are names of fields, or for what the catalog lacks "role:" with a role; those
    of the others are "<" or ">" with the name of a field: for the smaller or the greater numbers.
    """

    def __init__(self, catalog: Catalog, lexicon: Lexicon) -> None:
        self._catalog = catalog
        self._lexicon = lexicon
        self._names = {field.name: tuple(self._names_of(field)) for field in catalog.fields}
        self._quantities = self._matched()
        self._units = self._unit_table()
        self.fields = _phrases((text, name) for name, texts in self._names.items() for text in texts)
        self.critiques = _phrases(self._critiques())
        self.compares = _phrases(self._compares())
        self.orders = _phrases(self._orders())
        self.leanings = _phrases(self._leanings())
        self.questions = Phrases(self._questions())
        self.hints = _phrases(self._hints())
        self.nouns = _phrases((noun, name) for name, quantity in self._quantities.items() for noun in quantity.names)
        self.verbs = _phrases((verb, name) for name, quantity in self._quantities.items() for verb in quantity.verbs)

    def units_at(self, message: Message, at: int) -> tuple[int, tuple[Unit, ...]]:
        """Where a unit that stands at token `at` ends, and what it may measure; `at` and nothing where none does."""
        for end in range(min(len(message.tokens), at + 3), at, -1):
            units = self._units.get(tuple(t.key for t in message.tokens[at:end]))
            if units:
                return end, units
        return at, ()

    def unit(self, key: str) -> tuple[Unit, ...]:
        """What a unit written right behind the digits may measure: "500g"."""
        return self._units.get((key,), ())

    def has_unit_of(self, kind: str) -> bool:
        """Whether a field is measured in units of a kind: "time", "mass"."""
        return any((text,) in self._units for text in self._lexicon.measures[kind])

    def is_time(self, field: str) -> bool:
        """Whether a number field holds a length of time."""
        described = self._catalog.field(field)
        if described is None:
            return False
        return described.role == "duration" or field_words(described)[-1] in self._lexicon.measures["time"]

    def values_of(self, field: str) -> tuple[str, str] | None:
        """The yes and the no of a field that holds nothing else, as the catalog writes them, else None."""
        described = self._catalog.field(field)
        if described is None or described.kind != "category" or described.many:
            return None
        spelling = self._catalog.spellings(field)
        yes, no = (next((v for v in spelling if v in self._lexicon.words[w]), "") for w in ("true", "false"))
        known = set(spelling) <= self._lexicon.words["true"] | self._lexicon.words["false"]
        return (spelling.get(yes, yes), spelling.get(no, no)) if known and (yes or no) else None

    def measures(self, quantity: Quantity) -> bool:
        """Whether a number field of the catalog is of that quantity."""
        return quantity in self._quantities.values()

    def names_of(self, field: str) -> tuple[str, ...]:
        """What a field is called, in the singular and the plural."""
        return self._names[field]

    # ------------------------------------------------------------ names and units

    def _names_of(self, field: Field) -> Iterator[str]:
        """What a field is called, the likeliest first, in the singular and the plural."""
        words = field_words(field)
        if len(words) > 1 and (self._measure(words[-1]) or unit_of(field.name)):
            words = words[:-1]
        if field.kind in ("text", "identifier") or not words:
            return
        own = " ".join(words)
        yield from self._flag_names(field, words)
        if self._is_extent(field, words):
            yield from words[1:]
        counted = _counted(field)
        texts = [
            own,
            *((counted,) if counted else ()),
            *self._lexicon.spellings.get(own, ()),
            *self._lexicon.spellings.get(words[-1], ()),
        ]
        texts += self._lexicon.field_texts.get(field.role or "", ()) if self._is_first(field) else ()
        for text in dict.fromkeys(texts):
            yield text
            yield from self._lexicon.plurals(text)
            if self._lexicon.is_plural(text) and len(text) > 3:
                yield from self._lexicon.singulars(text)

    def _is_extent(self, field: Field, words: tuple[str, ...]) -> bool:
        """Whether a field's noun alone is asked for: "how many players" of `max_players`, "what age" of `min_age`."""
        if field.kind != "number" or len(words) != 2:
            return False
        people, ages = self._lexicon.words["people_nouns"], self._lexicon.words["age_nouns"]
        upper, lower = words[0] in self._lexicon.words["upper"], words[0] in self._lexicon.words["lower"]
        return (upper and words[1] in people) or (lower and words[1] in ages)

    def _flag_names(self, field: Field, words: tuple[str, ...]) -> Iterator[str]:
        """What is said for the yes of a field such as `pets_allowed` or `has_parking`: "pet friendly", "parking"."""
        light = self._lexicon.words["flag_words"]
        nouns = tuple(word for word in words if word not in light)
        if not self.values_of(field.name) or not nouns or len(nouns) == len(words):
            return
        noun = " ".join(nouns)
        singulars = tuple(self._lexicon.singulars(noun)) if self._lexicon.is_plural(noun) else ()
        for text in dict.fromkeys((noun, *singulars)):
            yield text
            yield from (pattern.format(text) for pattern in self._lexicon.degrees["flags"])

    def _is_first(self, field: Field) -> bool:
        return field.role is not None and self._catalog.field_of(field.role) == field

    def _measure(self, word: str) -> Mapping[str, float] | None:
        return next((sizes for sizes in self._lexicon.measures.values() if word in sizes), None)

    def _unit_table(self) -> dict[tuple[str, ...], tuple[Unit, ...]]:
        table: dict[tuple[str, ...], list[Unit]] = {}
        for field in self._catalog.of_kind("number"):
            for text, factor in self._units_of(field):
                units = table.setdefault(keys_of(text), [])
                if all(unit.field != field.name for unit in units):
                    units.append(Unit(field.name, factor))
        return {keys: tuple(units) for keys, units in table.items()}

    def _units_of(self, field: Field) -> Iterator[tuple[str, float]]:
        own = (*field_words(field)[-1:], field.unit, "minutes" if field.role == "duration" else "")
        unit = next((word for word in own if self._measure(word)), "")
        sizes = self._measure(unit) or {}
        for text, size in sizes.items():
            yield text, size / sizes[unit]
        if self._is_first(field):
            for text in self._lexicon.unit_texts.get(field.role or "", ()):
                yield text, 1.0
        if field.integer and field.role != "year" and len(field_words(field)) == 1:  # "300 pages"
            for text in self._names[field.name]:
                yield text, 1.0
        counted = _counted(field)
        if counted:  # "500 words", of `word_count`
            yield from ((text, 1.0) for text in (counted, *self._lexicon.plurals(counted)))

    # ------------------------------------------------------------ adjectives

    def _matched(self) -> dict[str, Quantity]:
        """The quantity that each number field is of; of several fields of one quantity, the first by its roles."""
        fields = list(self._catalog.of_kind("number"))
        matched: dict[str, Quantity] = {}
        for quantity in self._lexicon.quantities.values():
            by_role = [f for role in quantity.roles for f in fields if f.role == role]
            by_name = [f for f in fields if set(field_words(f)) & set(quantity.names)]
            for field in [*by_role, *by_name][:1]:
                matched.setdefault(field.name, quantity)
        return matched

    def _adjectives(self) -> Iterator[tuple[str, str, tuple[str, str, str]]]:
        """(side, field, forms) of every adjective for every number field: ">" where it means much of it."""
        for name, quantity in self._quantities.items():
            for side, texts in ((">", quantity.up), ("<", quantity.down)):
                for text in texts:
                    yield side, name, forms_of(text)

    def _critiques(self) -> Iterator[tuple[str, str]]:
        degrees = self._lexicon.degrees
        for side, name, forms in self._adjectives():
            yield from made(degrees["more"], forms, side + name)
            yield from made(degrees["less"], forms, _other(side) + name)
        for name, quantity in self._quantities.items():
            yield from ((text, ">" + name) for text in quantity.critiques)
            yield from ((text, "<" + name) for text in quantity.critiques_less)
        yield from self._own("field_more", ">")
        yield from self._own("field_less", "<")

    def _compares(self) -> Iterator[tuple[str, str]]:
        for side, name, forms in self._adjectives():
            yield from made(self._lexicon.degrees["compares"], forms, side + name)
            yield from made(("less {}", "least {}"), forms, _other(side) + name)
        for name, quantity in self._quantities.items():
            yield from ((text, "<" + name) for text in quantity.compares_less)
            for verb in quantity.verbs:  # "which one weighs the least?"
                yield from ((form.format(verb), ">" + name) for form in self._lexicon.degrees["does_more"])
                yield from ((form.format(verb), "<" + name) for form in self._lexicon.degrees["does_less"])
            yield from ((text, ">" + name) for text in quantity.compares)
        for side, pairs in ((">", ("field_more", "field_most")), ("<", ("field_less", "field_least"))):
            for degree in pairs:
                yield from self._own(degree, side)

    def _orders(self) -> Iterator[tuple[str, str]]:
        for side, name, forms in self._adjectives():
            yield from made(self._lexicon.degrees["most"], forms, side + name)
            yield from made(self._lexicon.degrees["least"], forms, _other(side) + name)
        yield from self._own("field_most", ">")
        yield from self._own("field_least", "<")

    def _leanings(self) -> Iterator[tuple[str, str]]:
        for side, name, forms in self._adjectives():
            yield from made(self._lexicon.degrees["rather"], forms, side + name)
            yield from made(self._lexicon.degrees["modest"], forms, _other(side) + name)
        yield from self._own("field_rather", ">")
        yield from self._own("field_rather_less", "<")

    def _own(self, degree: str, side: str) -> Iterator[tuple[str, str]]:
        """Phrases with the names of the number fields: "more pages"."""
        for field in self._catalog.of_kind("number"):
            for text in self._names[field.name]:
                yield from ((pattern.format(text), side + field.name) for pattern in self._lexicon.degrees[degree])

    # ------------------------------------------------------------ questions

    def _questions(self) -> dict[str, list[str]]:
        """Phrases that ask for a field, by its name; by "role:…" where the catalog has no such field."""
        owner: dict[tuple[str, ...], tuple[str, str]] = {}
        for field in self._catalog.fields:
            for text in self._asked(field):
                owner.setdefault(keys_of(text), (text, field.name))
        roles = sorted(self._lexicon.question_texts, key=lambda r: r not in LAST_ROLES[:1])
        for role in roles:
            found = next((f.name for f in self._catalog.fields if f.role == role), "")
            for text in self._lexicon.question_texts[role]:
                if found or keys_of(text) not in owner:
                    if found and owner.get(keys_of(text), ("", "role:"))[1].startswith("role:"):
                        owner[keys_of(text)] = (text, found)
                    owner.setdefault(keys_of(text), (text, f"role:{role}"))
        table: dict[str, list[str]] = {}
        for text, tag in owner.values():
            table.setdefault(tag, []).append(text)
        return table

    def _asked(self, field: Field) -> Iterator[str]:
        degrees, quantity = self._lexicon.degrees, self._quantities.get(field.name)
        for text in self._names[field.name]:
            yield from (pattern.format(text) for pattern in degrees["field_asks"])
            yield from self._deeds(text) if field.kind == "category" else ()
        if quantity:
            yield from quantity.asks
            for text in (*quantity.up, *quantity.down):
                base = forms_of(text)[0]
                yield from (pattern.format(base) for pattern in degrees["asks"] if base)

    def _deeds(self, trade: str) -> Iterator[str]:
        """What is asked of who has a trade: "who teaches" of a teacher."""
        degrees = self._lexicon.degrees
        for ending in degrees["trades"]:
            if trade.endswith(ending) and len(trade) > len(ending) + 2 and " " not in trade:
                stem = trade.removesuffix(ending)
                yield from (f"{who} {stem}{verb}" for who in degrees["who"] for verb in degrees["verb_endings"])

    def _hints(self) -> Iterator[tuple[str, str]]:
        for name, texts in self._names.items():
            for text in texts:
                yield from ((pattern.format(text), name) for pattern in self._lexicon.degrees["field_hints"])


def _counted(field: Field) -> str:
    """What a field such as `word_count` or `num_pages` counts, "" where its name says nothing of the kind."""
    words = field_words(field)
    if len(words) != 2 or field.kind != "number":
        return ""
    return words[0] if words[1] in ("count", "total") else words[1] if words[0] in ("num", "n", "nr", "number") else ""


def _phrases(pairs: Iterable[tuple[str, str]]) -> Phrases:
    """Phrases of one tag each: the first that is given for them."""
    owner: dict[tuple[str, ...], tuple[str, str]] = {}
    for text, tag in pairs:
        owner.setdefault(keys_of(text), (text, tag))
    table: dict[str, list[str]] = {}
    for text, tag in owner.values():
        table.setdefault(tag, []).append(text)
    return Phrases(table)


def forms_of(text: str) -> tuple[str, str, str]:
    """An adjective, its comparative and superlative; the base is "" where only the others are meant."""
    parts = text.split("/")
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else (text, f"more {text}", f"most {text}")


def made(patterns: Iterable[str], forms: tuple[str, str, str], tag: str) -> Iterator[tuple[str, str]]:
    """The patterns with the forms of an adjective in them, each with the tag."""
    base, comparative, superlative = forms
    for pattern in patterns:
        if base or "{}" not in pattern:
            yield pattern.format(base, a=comparative, s=superlative), tag


def _other(side: str) -> str:
    return "<" if side == ">" else ">"
