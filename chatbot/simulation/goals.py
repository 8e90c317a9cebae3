"""What a simulated user wants: a target of the catalog, and needs that follow from its record."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from chatbot.simulation.personas import People, Persona, kind_of
from chatbot.simulation.phrases import Phrases, lacking
from index.catalog import Catalog, Field, Item, fold
from index.folder import Index

FAME = 0.75
"""Targets are drawn by the number of their ratings to this power (or by fame, where a catalog has only that): people
want what is known, and not only that."""
ENOUGH_FACTS = 3
"""Fields of a record that must be filled for it to be a target."""
UNSPOKEN = ("votes", "popularity", "alias")
"""Roles of fields that nobody states a need about."""
NEAR = 15
"""So many neighbours of the target may be the one that the user names as liked."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to tell. `topic` is which sentence it takes; `slots` are its words; `field` "" for a liked item.

    `wrong` holds the same need as it is first told by somebody who takes it back.
    """

    topic: str  # "told", "refused" or "liked"
    field: str
    slots: dict[str, str]
    wrong: "Need | None" = None


@dataclass(frozen=True)
class Goal:
    """A target and the agenda. `answers` are the fields about which the user can answer a question, `example` is the
    title of an item like the target, for those who can name one."""

    target: Item
    position: int
    needs: tuple[Need, ...]
    answers: frozenset[str]
    example: str = ""


class GoalMaker:
    """Draws goals from one catalog. Everything is drawn from the generator that is handed in."""

    def __init__(self, index: Index, people: People) -> None:
        self._index = index
        self._catalog = index.catalog
        self._people = people
        self._phrases = Phrases(index.catalog, people)
        self._fields = [f for f in index.catalog.fields if is_spoken_of(index.catalog, f)]
        self._weights = target_weights(index.catalog, self._fields)

    def draw(self, persona: Persona, rng: random.Random) -> Goal:
        """A goal for a user of that kind."""
        position = rng.choices(range(len(self._weights)), cum_weights=self._weights)[0]
        target = self._catalog.items[position]
        answers = frozenset(f.name for f in self._fields if rng.random() < self._known(f)["answer"])
        needs = self._needs(target, position, persona.needs, rng)
        if needs and rng.random() < persona.slips:
            needs = self._with_slip(needs, target, rng)
        return Goal(target, position, tuple(needs), answers, self._example(needs, position, rng))

    def _example(self, needs: Sequence[Need], position: int, rng: random.Random) -> str:
        """The liked item that is a need already, or another."""
        told = next((need.slots["title"] for need in needs if need.topic == "liked"), "")
        knows = rng.random() < self._people.known("liked")["answer"]
        near = list(self._neighbours(position)) if knows and not told else []
        return rng.choice(near).title if near else told

    def _known(self, field: Field) -> dict[str, float]:
        return dict(self._people.known(kind_of(field, self._people.knowledge)))

    # ------------------------------------------------------------ needs

    def _needs(self, target: Item, position: int, count: int, rng: random.Random) -> list[Need]:
        """Up to `count` needs, no two about one field, the likelier the earlier."""
        pool = [(self._known(f)["need"], f.name, f) for f in self._fields if target.values(f.name)]
        chances: dict[str, float] = {name: weight for weight, name, _ in pool}
        chances |= {topic: self._people.known(topic)["need"] for topic in ("liked", "refused")}
        fields = {name: field for _, name, field in pool}
        needs: list[Need] = []
        while chances and len(needs) < count:
            name = rng.choices(list(chances), weights=list(chances.values()))[0]
            del chances[name]
            made = self._special(name, target, position, rng) if name not in fields else None
            need = made or (self._phrases.need(fields[name], target, rng) if name in fields else None)
            if need:
                needs.append(Need(*need))
        return needs

    def _special(
        self, topic: str, target: Item, position: int, rng: random.Random
    ) -> tuple[str, str, dict[str, str]] | None:
        if topic == "liked":
            liked = rng.choice(list(self._neighbours(position)) or [None])
            return ("liked", "", {"title": liked.title}) if liked else None
        refusable = [(f, v) for f in self._fields for v in lacking(self._catalog, f, target)]
        if not refusable:
            return None
        field, value = rng.choice(refusable)
        return "refused", field.name, {"value": value}

    def _neighbours(self, position: int) -> Iterator[Item]:
        """The items nearest to the target that bear another title, those that nobody knows aside."""
        vectors = self._index.vectors
        target = self._catalog.items[position]
        near = vectors @ vectors[position]
        known = self._shares() >= np.median(self._shares())
        for other in np.argsort(-np.where(known, near, -np.inf))[: NEAR + 1]:
            if fold(self._catalog.items[other].title) != fold(target.title):
                yield self._catalog.items[other]

    def _shares(self) -> np.ndarray:
        return np.diff(np.array(self._weights), prepend=0.0)

    def _with_slip(self, needs: list[Need], target: Item, rng: random.Random) -> list[Need]:
        """The needs, the first of which that can be told wrongly in front, and told wrongly."""
        for at, need in enumerate(needs):
            field = self._catalog.field(need.field)
            wrong = self._phrases.wrong(field, target, rng) if field and need.topic == "told" else None
            right = self._phrases.need(field, target, rng, plain=True) if field and wrong else None
            if wrong and right:
                slip = Need(right[0], right[1], right[2], wrong=Need(*wrong))
                return [slip, *needs[:at], *needs[at + 1 :]]
        return needs


def is_spoken_of(catalog: Catalog, field: Field) -> bool:
    """Whether people speak of the field: kinds, people, and the numbers that mean something to them."""
    if field.kind not in ("category", "number") or field.role in UNSPOKEN:
        return False
    return field.role is not None or field.kind == "category" or not _counts_people(catalog, field)


def _counts_people(catalog: Catalog, field: Field) -> bool:
    """Whether a number without a role goes with how well known an item is, as counts of reviews do."""
    known = next((f for role in ("votes", "popularity") if (f := catalog.field_of(role))), None)  # type: ignore[arg-type]
    if known is None:
        return False
    a, b = catalog.numbers(field.name), catalog.numbers(known.name)
    both = ~np.isnan(a) & ~np.isnan(b)
    if both.sum() < 3:
        return True
    ranks = [np.argsort(np.argsort(x[both])).astype(float) for x in (a, b)]
    if any(r.std() == 0 for r in ranks):
        return True
    return abs(float(np.corrcoef(ranks)[0, 1])) > 0.4


def target_weights(catalog: Catalog, fields: Sequence[Field]) -> list[float]:
    """How likely each item is a target, cumulated: (n,)."""
    votes, fame = catalog.field_of("votes"), catalog.field_of("popularity")
    if votes is not None:
        weights = (1 + np.nan_to_num(catalog.numbers(votes.name))) ** FAME
    elif fame is not None:
        weights = np.nan_to_num(catalog.numbers(fame.name)) ** FAME + 1e-6
    else:
        weights = np.ones(len(catalog))
    filled = np.array([sum(bool(item.values(f.name)) for f in fields) for item in catalog.items])
    enough = filled >= min(ENOUGH_FACTS, max(filled, default=0))
    return [float(w) for w in np.cumsum(weights * enough)]
