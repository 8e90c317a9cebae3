"""What simulated users are like, and their words, read from assets/language/<language>.users.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from chatbot.resources import assets_dir
from index.catalog import Field


@dataclass(frozen=True, slots=True)
class Persona:
    """One kind of user; the file says what each number means."""

    name: str
    share: float
    needs: int
    each: int
    vague: float
    slips: float
    typos: float
    tells: float
    heeds: float
    criticises: float
    patience: float
    style: str


@dataclass(frozen=True)
class People:
    """The personas, what they know, and their sentences."""

    personas: tuple[Persona, ...]
    knowledge: Mapping[str, Mapping[str, float]]
    sentences: Mapping[str, Any]

    def known(self, kind: str) -> Mapping[str, float]:
        """How often there is a need of that kind (see `kind_of`), and how often a question about it is answered."""
        return self.knowledge[kind]

    def say(self, style: str, topic: str) -> Sequence[str]:
        """The sentences of a style for a topic."""
        return tuple(self.sentences[style][topic])

    def words(self, table: str) -> Mapping[str, Any]:
        """One of the tables of single words and phrases."""
        found: Mapping[str, Any] = self.sentences[table]
        return found


def kind_of(field: Field, known: Mapping[str, Any]) -> str:
    """What `knowledge` calls a field: its role, or else its kind."""
    if field.role is not None and field.role in known:
        return field.role
    return "number" if field.kind == "number" else "category"


@cache
def load_people(language: str = "en") -> People:
    """The simulated users of a language."""
    with (assets_dir() / "language" / f"{language}.users.toml").open("rb") as file:
        data = tomllib.load(file)
    personas = tuple(Persona(name, **row) for name, row in data.pop("personas").items())
    return People(personas, data.pop("knowledge"), data)
