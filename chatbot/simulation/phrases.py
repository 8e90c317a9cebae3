"""A need as words: "some comedy films", "something from the 1990s", "something under 40"."""

import math
import random
from collections.abc import Sequence

from chatbot.simulation.personas import People, kind_of
from index.catalog import Catalog, Field, Item, fold

Told = tuple[str, str, dict[str, str]]
"""Topic, field and slots of a need."""


COMMON = 0.02
"""The least share of a catalog that a value has which people think of refusing, or take for another."""


class Phrases:
    """Words for the values of one catalog."""

    def __init__(self, catalog: Catalog, people: People) -> None:
        self._catalog = catalog
        self._people = people

    def need(self, field: Field, target: Item, rng: random.Random, plain: bool = False) -> Told | None:
        """A need that follows from the target's record in this field; `plain` for a form that can be taken back."""
        values = target.values(field.name)
        if not values:
            return None
        if field.kind == "number":
            return self._range(field, float(values[0]), rng, plain)
        return self._value(field, str(rng.choice(values[:3])), rng)

    def wrong(self, field: Field, target: Item, rng: random.Random) -> Told | None:
        """A need that does not hold of the target, as somebody has it who is mistaken."""
        own = target.values(field.name)
        if field.role == "year" and own:
            decade = int(float(own[0])) // 10 * 10
            return self._decade(field, decade + rng.choice((-20, -10)), rng)
        others = lacking(self._catalog, field, target)
        return self._value(field, rng.choice(others), rng) if others else None

    # ------------------------------------------------------------ kinds

    def _value(self, field: Field, value: str, rng: random.Random) -> Told:
        needs, words = self._people.words("needs"), self._people.words("words")
        kind = kind_of(field, needs)
        name = field.name.replace("_", " ")
        bare = value
        if value.lower() in words["yes"]:
            kind, bare = "flag", name
        elif value.lower() in words["no"]:
            kind = "no_flag"
            bare = name
        one, many = self._catalog.nouns
        phrase = rng.choice(needs[kind]).format(value=value, field=name, noun=one, nouns=many)
        if kind == "no_flag":
            bare = self._bare(phrase)
        return "told", field.name, {"need": phrase, "bare": bare, "value": value}

    def _range(self, field: Field, number: float, rng: random.Random, plain: bool) -> Told:
        """A range around a number, in round figures."""
        if field.role == "year" and (plain or rng.random() < 0.6):
            return self._decade(field, int(number) // 10 * 10, rng)
        forms = self._people.words("ranges")
        form = forms.get(field.role or "number", forms["number"])
        side = rng.choice(("low", "high", "both"))
        step = 5.0 if field.role == "year" else 0.5 if field.role == "rating" else _round_step(number)
        low = _floor(number, step) - (step if field.role == "year" and _floor(number, step) == number else 0)
        high = _floor(number, step) + step
        slots = {"low": _text(low), "high": _text(high), "field": field.name.replace("_", " ")}
        phrase = rng.choice(form[side]).format(**slots)
        return "told", field.name, {"need": phrase, "bare": self._bare(phrase), "value": _text(number)}

    def _decade(self, field: Field, decade: int, rng: random.Random) -> Told:
        phrase = rng.choice(self._people.words("ranges")["year"]["decade"]).format(decade=decade)
        return "told", field.name, {"need": phrase, "bare": self._bare(phrase), "value": str(decade)}

    def _bare(self, phrase: str) -> str:
        return phrase.removeprefix(str(self._people.words("words")["something"]))

    def joined(self, phrases: Sequence[str]) -> str:
        """Several needs in one sentence."""
        first, *rest = phrases
        return " ".join([first, *(self._bare(p) for p in rest)])


def lacking(catalog: Catalog, field: Field, target: Item) -> Sequence[str]:
    """Values of a closed kind, each of some share of the catalog, that the target has not."""
    if field.kind != "category" or field.role not in ("genre", None) or not catalog.is_closed(field.name):
        return ()
    own = {fold(str(v)) for v in target.values(field.name)}
    spellings, least = catalog.spellings(field.name), len(catalog) * COMMON
    common = [v for v, where in catalog.postings(field.name).items() if v not in own and len(where) >= least]
    return [spellings[v] for v in common]


def _round_step(number: float) -> float:
    """A step of round figures for numbers of this size: 10 for 37, 500 for 1800, 0.5 for 2.3."""
    size = 10.0 ** math.floor(math.log10(abs(number))) if number else 1.0
    return size / 2 if abs(number) / size < 2 else size


def _floor(number: float, step: float) -> float:
    return math.floor(number / step) * step


def _text(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else f"{number:.2f}".rstrip("0").rstrip(".")
