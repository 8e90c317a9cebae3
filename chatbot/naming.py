"""How the fields of a catalog are written in a sentence: their names, and what a yes or no of them says."""

from collections.abc import Mapping
from typing import Any

from chatbot.understanding.lexicon import load_lexicon
from chatbot.understanding.schema import field_words
from index.catalog import Catalog, Field, Value
from index.roles import unit_of

OWN_WORD = ("genre", "creator", "person")
"""Roles of fields that are called as the catalog calls them."""


class Naming:
    """Names of the fields of one catalog in one language."""

    def __init__(self, catalog: Catalog, words: Mapping[str, Any], language: str) -> None:
        self._catalog = catalog
        self._words = words
        lexicon = load_lexicon(language)
        self._plural, self._singulars = lexicon.is_plural, lexicon.singulars
        self._yes, self._no = lexicon.words["true"], lexicon.words["false"]

    def name(self, field: Field) -> str:
        """What a field is called: "director", "weight", "number of ratings"."""
        words = field_words(field)
        default = " ".join(words[:-1] if len(words) > 1 and unit_of(field.name) else words) or field.name
        if field.role in OWN_WORD:  # "director", "author", "brand", "subject": the catalog's own word, of one of them
            return next(self._singulars(default)) if field.many and self._plural(default) else default
        if field.role in ("popularity", "votes") and self.counts(field) and field.name not in self._words["own_counts"]:
            return default  # "students", "reviews"
        return default if field.role is None else str(self._words["field_names"].get(field.role, default))

    def marks(self, field: Field | None) -> str:
        """What the ratings that a field counts are called: "reviews"; without a field that says it, "ratings"."""
        known = self._words["marks"]
        own = field_words(field)[-1:] if field else ()
        return str(next((word for word in own if word in known), known[0]))

    def singular(self, word: str) -> str:
        """One of what a plural names."""
        return next(self._singulars(word))

    def counts(self, field: Field) -> bool:
        """Whether the name of a number field is a noun for what it counts: pages, weeks, students."""
        words = field_words(field)
        plain = field.kind == "number" and field.integer and field.role is None
        return plain and len(words) == 1 and self._plural(words[0])

    def is_flag(self, field: Field) -> bool:
        """Whether a field holds nothing but yes and no."""
        known = self._yes | self._no
        return field.kind == "category" and not field.many and set(self._catalog.spellings(field.name)) <= known

    def is_yes(self, value: Value) -> bool:
        """Whether a value of such a field is its yes."""
        return str(value).lower() in self._yes

    def is_quality(self, field: Field) -> bool:
        """Whether a field's name is an adjective, as far as its ending tells: waterproof, washable."""
        return field_words(field)[-1].endswith(tuple(self._words["adjective_endings"]))

    def flag(self, field: Field, yes: bool) -> str:
        """What a yes or no says of things: "that are waterproof", "without certificate"."""
        kind = "quality" if self.is_quality(field) else "part"
        return str(self._words["flags"][f"{kind}_{'yes' if yes else 'no'}"].format(self.name(field)))
