"""What the record of one item offers to a text, and which of it a text takes."""

import random
from collections.abc import Iterable, Mapping, Sequence

from chatbot.generation.prompts import slots_of
from chatbot.generation.templates import NEUTRAL
from chatbot.recommending import Recommender
from chatbot.wording import SHORT_LIST, Wording
from index.catalog import Field, Item

_ONE_OF = {"genres": "genre", "performers": "performer", "keywords": "keyword"}
_TIMES = ("minutes", "hours", "days", "weeks", "months", "seconds")


def facts_of(item: Item, recommender: Recommender, wording: Wording) -> dict[str, str]:
    """The slots that a text about an item may fill, as surface text; what the record lacks is left out.

    A rating is among them only where it recommends the item: a text that invites says nothing of a bad one.
    """
    one, many = wording.catalog.nouns
    facts = {"title": item.title, "noun": one, "nouns": many, **wording.slots(item)}
    keywords = wording.catalog.field_of("keyword")
    tags = [str(value) for value in item.values(keywords.name)] if keywords else []
    if tags:
        facts["keyword"] = tags[0]
    if len(tags) > 1:
        facts["keywords"] = wording.listed(tags[:SHORT_LIST])
    duration = wording.catalog.field_of("duration")
    length = item.facts.get(duration.name) if duration else None
    if duration and length is not None and not isinstance(length, tuple) and duration.unit in _TIMES:
        facts["duration"] = wording.amount(duration, length)
    if not recommender.well_rated(item):
        facts.pop("rating", None)
    return facts


def features_of(item: Item, wording: Wording) -> list[tuple[str, str]]:
    """Name and value of each fact that no slot of its own stands for: ("material", "mesh"), ("weight", "265 g")."""
    found = []
    for field in wording.catalog.fields:
        values = item.values(field.name)
        plain = field.role is None and field.kind in ("category", "number")
        if plain and len(values) == 1 and not wording.naming.is_flag(field):
            found.append(_named(field, values[0], wording))
    return found


def _named(field: Field, value: object, wording: Wording) -> tuple[str, str]:
    name = wording.field_name(field)
    if wording.naming.counts(field):
        return wording.number_of(name), str(value)
    return name, wording.amount(field, value)  # type: ignore[arg-type]


def choose(plans: Iterable[frozenset[str]], facts: Mapping[str, str], rng: random.Random, richest: bool) -> frozenset:
    """The facts for one sentence: a plan that the record can fill; `richest`, one that no other goes beyond.

    Empty where no plan can be filled. A plan with nothing but the title is taken only where there is no other.
    """
    open_ = sorted({plan for plan in plans if plan and plan <= facts.keys()}, key=sorted)
    if richest:
        open_ = [plan for plan in open_ if not any(_kinds(plan) < _kinds(other) for other in open_)]
    telling = [plan for plan in open_ if plan != {"title"}] or open_
    return rng.choice(telling) if telling else frozenset()


def plans_of(texts: Sequence[str]) -> list[frozenset[str]]:
    """The sets of facts that a topic's templates tell, by their slots."""
    return [frozenset(slots_of(text)) - NEUTRAL for text in texts]


def left(facts: Mapping[str, str], used: Iterable[str]) -> dict[str, str]:
    """The facts that are not about what was told already."""
    told = _kinds(used)
    return {slot: value for slot, value in facts.items() if slot in NEUTRAL or not _kinds([slot]) & told}


def _kinds(slots: Iterable[str]) -> frozenset[str]:
    """What slots are about: one of several and all of them are the same."""
    return frozenset(_ONE_OF.get(slot, slot) for slot in slots)
