"""The words of the page, read from assets/language/<language>.page.toml."""

import tomllib
from functools import cache
from typing import Any

from chatbot.resources import assets_dir


class Words:
    """Looks words up by dotted key and fills their {braces} in.

    A key that is missing is a programming error and raises KeyError; so does a brace that is not handed over.
    """

    def __init__(self, table: dict[str, Any]) -> None:
        self._table = table

    def __call__(self, key: str, **slots: object) -> str:
        """The words under `key`; what is filled in is never read for braces itself."""
        return str(self._find(key)).format(**slots)

    def number(self, key: str) -> int:
        """A setting that is a whole number."""
        return int(self._find(key))

    def _find(self, key: str) -> Any:
        found: Any = self._table
        for part in key.split("."):
            found = found[part]
        return found


@cache
def load_words(language: str = "en") -> Words:
    """The page's words in one language; the file ships with the package."""
    with (assets_dir() / "language" / f"{language}.page.toml").open("rb") as file:
        return Words(tomllib.load(file))
