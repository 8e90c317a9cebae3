"""What the free text of a reply must not name: the words of the catalog that are facts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from index.catalog import Catalog, fold

_ROLES = ("genre", "creator", "performer")


@dataclass(frozen=True)
class CatalogGuard:
    """Folded phrases that may stand in slots alone, and the catalog's nouns ("film", "films").

    `exempt` are everyday words ("yes", "down") that say nothing of an item even where the catalog has such a value.
    """

    phrases: frozenset[str] = frozenset()
    nouns: tuple[str, str] = ("item", "items")
    exempt: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, catalog: Catalog) -> "CatalogGuard":
        """The guard of a catalog: values of its closed fields with plurals, and names and titles of several words."""
        phrases: set[str] = set()
        for known in catalog.of_kind("category"):
            values = catalog.postings(known.name)
            if catalog.is_closed(known.name):
                phrases.update(form for value in values for form in forms_of(value))
            elif known.role in _ROLES:
                phrases.update(value for value in values if " " in value)
        titles = (fold(item.title) for item in catalog.items)
        phrases.update(title for title in titles if title.count(" ") >= 2)  # shorter ones are mostly plain English
        return cls(frozenset(phrases), catalog.nouns)

    @cached_property
    def _longest(self) -> int:
        return max((phrase.count(" ") + 1 for phrase in self.phrases), default=0)

    def named_in(self, words: Collection[str] | Iterable[str]) -> str | None:
        """The first guarded phrase that stands in a row of folded words, or None."""
        row = list(words)
        for start in range(len(row)):
            for end in range(start + 1, min(len(row), start + self._longest) + 1):
                phrase = " ".join(row[start:end])
                if phrase in self.phrases and phrase not in self.exempt:
                    return phrase
        return None


def forms_of(value: str) -> set[str]:
    """A value and its plausible plural and joined forms ("sci-fi", "sci fi"; "comedy", "comedies")."""
    forms = {value, value + "s", value + "es"}
    if value.endswith("y"):
        forms.add(value[:-1] + "ies")
    return forms | {form.replace("-", " ") for form in forms} | {form.replace("-", "") for form in forms}
