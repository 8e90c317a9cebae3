"""Beliefs of the dialogue state in words."""

from collections.abc import Iterator
from typing import Any, ClassVar

from chatbot.app.facts import field_text, number_text
from chatbot.app.words import Words
from index.catalog import Catalog


class BeliefText:
    """Puts the beliefs of a state into words under one catalog."""

    KINDS: ClassVar = ("likes", "dislikes", "constraints", "seen")

    def __init__(self, catalog: Catalog, words: Words) -> None:
        self._catalog = catalog
        self._words = words

    def of_kind(self, kind: str, state: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
        """(what is believed, the field it is about or "", the key that forgets it), in the state's order."""
        for entry in state[kind]:
            if kind == "seen":
                item = self._catalog.item(entry)
                yield (item.title if item else entry), "", entry
            elif kind == "constraints":
                yield self._constraint(entry), "", entry["belief"]
            else:
                yield str(entry["value"]), self._named(entry["field"]), entry["belief"]

    def _named(self, name: str | None) -> str:
        """The field's name, where the value alone does not tell what it is."""
        field = self._catalog.field(name) if name else None
        return "" if field is None or field.role == "genre" else field_text(field.name)

    def _constraint(self, entry: dict[str, Any]) -> str:
        field = self._catalog.field(entry["field"])
        kind = "category"
        if field is not None and field.kind == "number":
            kind = "year" if field.role == "year" else "number"
        values = entry["value"] if isinstance(entry["value"], list | tuple) else [entry["value"]]
        value = self._words("panel.or").join(number_text(v) for v in values)
        return self._words(f"wishes.{kind}.{entry['op']}", field=field_text(entry["field"]), value=value)
