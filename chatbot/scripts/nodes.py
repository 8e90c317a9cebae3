"""YAML as nodes that know their lines, so that every complaint names file, line, field and remedy."""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn, TypeVar

import yaml

from index.catalog import Value
from index.errors import RapportError

Some = TypeVar("Some")
NUMBER_TAGS = {"tag:yaml.org,2002:int": int, "tag:yaml.org,2002:float": float}


class ScriptError(RapportError):
    """A dialogue script cannot be read, or does not suit the catalog."""


def nearest(word: str, known: Collection[str]) -> str:
    """A remedy for an unknown word: the one that was probably meant, or all there are."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(sorted(known))}"


@dataclass(frozen=True)
class Place:
    """Where something stands in a script: file, line (from 1) and dotted field."""

    path: str
    line: int
    field: str

    def fail(self, problem: str) -> NoReturn:
        """Raises the ScriptError that names this place."""
        raise ScriptError(f"{self.path}:{self.line}: {self.field}: {problem}")


@dataclass(frozen=True)
class Entry:
    """One YAML node with its place; the methods read it as a type or complain."""

    node: yaml.Node
    place: Place

    def under(self, node: yaml.Node, field: str) -> "Entry":
        """A node inside this one."""
        return Entry(node, Place(self.place.path, node.start_mark.line + 1, field))

    def mapping(self, allowed: Collection[str] | None = None, required: Collection[str] = ()) -> dict[str, "Entry"]:
        """Key → entry. Unknown (where `allowed` is given), repeated and missing keys are refused."""
        if not isinstance(self.node, yaml.MappingNode):
            self.place.fail(f"expected `key: value` pairs{self._keys(allowed)}, found {self.found}")
        entries: dict[str, Entry] = {}
        for key_node, value_node in self.node.value:
            key = self.under(key_node, self.place.field).text()
            inner = Place(self.place.path, key_node.start_mark.line + 1, f"{self.place.field}.{key}".lstrip("."))
            if allowed is not None and key not in allowed:
                inner.fail(f"unknown key {key!r}; {nearest(key, allowed)}")
            if key in entries:
                inner.fail(f"the key {key!r} stands twice; keep one")
            entries[key] = Entry(value_node, inner)
        for key in required:
            if key not in entries:
                self.place.fail(f"the key {key!r} is missing; add it")
        return entries

    def items(self) -> list["Entry"]:
        """The entries of a list; a single value counts as a list of one."""
        if isinstance(self.node, yaml.SequenceNode):
            return [self.under(node, self.place.field) for node in self.node.value]
        return [self]

    def text(self) -> str:
        """A scalar as it was written (so `no` is a word here, not a truth value)."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.place.fail(f"expected text, found {self.found}")
        return str(self.node.value)

    def texts(self) -> tuple[str, ...]:
        """One text or a list of them, at least one."""
        return self._some(tuple(entry.text() for entry in self.items()))

    def value(self) -> Value:
        """A number where it is written as one, else text."""
        text = self.text()
        kind = NUMBER_TAGS.get(self.node.tag)
        if kind is None:
            return text
        try:
            return kind(text)
        except ValueError:
            self.place.fail(f"cannot read {text!r} as a number; put quotes around it if it is text")

    def values(self) -> tuple[Value, ...]:
        """One value or a list of them, at least one."""
        return self._some(tuple(entry.value() for entry in self.items()))

    def count(self, least: int = 0) -> int:
        """A whole number of at least `least`."""
        number = self.value()
        if not isinstance(number, int) or number < least:
            self.place.fail(f"expected a whole number of at least {least}, found {number!r}")
        return number

    def flag(self) -> bool:
        """True or false."""
        text = self.text().lower()
        if text not in ("true", "false"):
            self.place.fail(f"expected true or false, found {text!r}")
        return text == "true"

    @property
    def is_mapping(self) -> bool:
        """Whether it holds `key: value` pairs."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether it is written as a list."""
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def found(self) -> str:
        """What stands here, for a complaint."""
        if isinstance(self.node, yaml.ScalarNode):
            return repr(self.node.value) if self.node.value else "nothing"
        return "a list" if self.is_list else "`key: value` pairs"

    def _some(self, found: tuple[Some, ...]) -> tuple[Some, ...]:
        if not found:
            self.place.fail("the list is empty; name at least one, or remove the key")
        return found

    @staticmethod
    def _keys(allowed: Collection[str] | None) -> str:
        return f" (of {', '.join(allowed)})" if allowed else ""


def read_yaml(path: Path) -> Entry:
    """The root of a YAML file, read without constructing any object.

    Raises ScriptError for an unreadable, empty or broken file, and for aliases (a few lines of them can stand for
    billions of nodes).
    """
    try:
        text = path.read_text(encoding="utf-8")
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)):
            raise ScriptError(f"{path}: aliases (*name) are not read in scripts; write the value out")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except OSError as error:
        raise ScriptError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except UnicodeDecodeError as error:
        raise ScriptError(f"{path}: is not UTF-8 text; save it as UTF-8") from error
    except RecursionError as error:
        raise ScriptError(f"{path}: is nested too deeply; a script has a handful of levels") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it holds a character that YAML does not allow"
        raise ScriptError(
            f"{path}{line}: not valid YAML: {problem}; correct the line (quote text with : or #)"
        ) from error
    if root is None:
        raise ScriptError(f"{path}: holds no dialogue; write at least one")
    return Entry(root, Place(str(path), root.start_mark.line + 1, "script"))
