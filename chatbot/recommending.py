"""From state to a list: the mask, the ranking, variety, and for each item a reason that the record bears out."""

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from chatbot.acts import Segment
from chatbot.ordering import in_order, leaning
from chatbot.state import WANTED, DialogueState, Opinion, Order
from chatbot.user import embed_user
from chatbot.wording import Wording
from index.catalog import Item, fold
from index.constraints import Constraint, holds_at, mask
from index.diversity import diversify, expose
from index.folder import Index

POOL = 40  # candidates from which a varied list is chosen
GOOD_RATING, ENOUGH_VOTES = 0.78, 20  # the first as a share of the scale
_PEOPLE = ("creator", "performer")
NEAR = 0.02  # the share of a catalog that counts as the neighborhood of an item
ASKED_ALONE = 0.3  # how often a reason names what was asked for and nothing else
STYLES = ("plain",) * 4 + ("warm",) * 3 + ("concise",) * 2 + ("playful",)  # a joke in each line tires


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An item for the list, and how sure the ranking is of it (0..1)."""

    item: Item
    score: float


class Recommender:
    """Ranks a shared, immutable index for the states of any number of conversations."""

    def __init__(self, index: Index, wording: Wording, long_tail: float = 0.0) -> None:
        """`long_tail` is what being well known costs an item, in units of relevance."""
        self.index = index
        self._long_tail = long_tail
        self.catalog = index.catalog
        self._wording = wording

    # ------------------------------------------------------------ candidates

    def known(self, state: DialogueState) -> set[str]:
        """Ids of items that are no news: seen, or spoken of with like or dislike."""
        spoken = {o.item_id for liked in (True, False) for o in state.opinions(liked) if o.item_id}
        return spoken | set(state.seen)

    def allowed(self, state: DialogueState, excluded: Iterable[str] = ()) -> np.ndarray:
        """Where every wish holds and the item is no news: (n,) bool."""
        return mask(self.catalog, state.constraints(self.catalog), self.known(state) | set(excluded))

    def recommend(self, state: DialogueState, k: int, again: bool = False) -> list[Recommendation]:
        """Up to k items that satisfy every wish, best first, varied. Items shown before stay out; with `again`
        they come back where nothing else is left."""
        allowed = self.allowed(state, state.shown)
        if again and not allowed.any():
            allowed = self.allowed(state)
        if not allowed.any():
            return []
        allowed = leaning(self.catalog, state.orders, self._narrowed(state, allowed), k)
        order = next((o for o in state.orders if o.first), None)
        if order is not None:
            return self._ordered(order, allowed, k)
        user = embed_user(state, self.index)
        bonus = expose(user.bonus, self.index.prior, self._long_tail).astype(np.float32)
        ranked = self.index.rank(user.evidence, user.weights, allowed, max(POOL, k), bonus)
        varied = diversify(self.index.vectors[[r.position for r in ranked]], [r.score for r in ranked], k)
        return [Recommendation(self.catalog.items[ranked[i].position], ranked[i].score) for i in sorted(varied)]

    def _ordered(self, order: Order, allowed: np.ndarray, k: int) -> list[Recommendation]:
        """The first k by an order; the score is the share of the allowed items that do not come before."""
        places = in_order(self.catalog, order, allowed, k, self.index.prior)
        total = max(1, int(allowed.sum()))
        return [Recommendation(self.catalog.items[at], 1 - n / total) for n, at in enumerate(places)]

    def _narrowed(self, state: DialogueState, allowed: np.ndarray) -> np.ndarray:
        """The items that also have the values asked for in an open vocabulary and those liked in the latest message,
        all of them or else some, where there are any.

        Keywords are never complete and tastes are no condition; but what has them comes before what has not.
        """
        liked = [o for o in state.opinions(liked=True) if o.field and o.value]
        latest = max((belief.evidence.turn for belief in state.beliefs), default=0)
        asked = self._having([o for o in liked if o.strength >= WANTED])
        told = self._having([o for o in liked if o.strength < WANTED and o.turn == latest])
        for group in (asked, told):
            for combine in (np.logical_or, np.logical_and):
                narrowed = allowed & combine.reduce(group) if group else allowed
                allowed = narrowed if narrowed.any() else allowed
        return allowed

    def _having(self, opinions: Sequence[Opinion]) -> list[np.ndarray]:
        return [holds_at(self.catalog, Constraint(o.field or "", "=", o.value or "")) for o in opinions]

    def count(self, constraints: Sequence[Constraint], excluded: Collection[str] = ()) -> int:
        """How many items satisfy these."""
        return int(mask(self.catalog, constraints, excluded).sum())

    # ------------------------------------------------------------ reasons

    def reason(self, item: Item, state: DialogueState, rng: random.Random, place: int) -> Segment:
        """Why this item, as a segment whose every slot is true of the record and of what the person said."""
        facts = self._wording.slots(item)
        shared = self.shared_with_liked(item, state)
        if shared and (place % 2 == 0 or not state.wishes):
            return self._liked_reason(*shared, facts, rng)
        wanted = self._wanted_slots(item, state, facts)
        if wanted:
            return self._wanted_reason(wanted, facts, rng)
        if shared:
            return self._liked_reason(*shared, facts, rng)
        spans = self._wording.spans([w.constraint for w in state.wishes if not w.constraint.refuses])
        near = "" if spans else self._near_liked(item, state)
        if spans or near:
            slots = {"value": spans} if spans else {"liked": near}
            extra = self._pick(facts, ("creator", "performer", "performers", "genre", "genres"), rng, 1)
            return self._segment("reason.bound" if spans else "reason.near", slots | extra, rng)
        if self.well_rated(item) and rng.random() < 0.5:
            extra = self._pick(facts, ("creator", "performer", "genre", "genres", "performers"), rng, 1)
            return self._segment("reason.rating", {"rating": facts["rating"], **extra}, rng)
        picked = self._pick(facts, ("genres", "creator", "performers", "performer", "genre", "year"), rng, 2)
        return self._segment("reason.facts", picked or facts, rng)

    def shared_with_liked(self, item: Item, state: DialogueState) -> tuple[str, str] | None:
        """The liked item, named by the person, that this one shares most with, and what they share, as phrases."""
        best: tuple[float, str, str] | None = None
        for opinion in state.opinions(liked=True):
            liked = self.catalog.item(opinion.item_id) if opinion.item_id else None
            if liked is None or liked.id == item.id or not self._wording.named_by_user(opinion):
                continue
            weight, phrase = self._shared(item, liked)
            if phrase and (best is None or weight > best[0]):
                best = (weight, liked.title, phrase)
        return best[1:] if best else None

    def _near_liked(self, item: Item, state: DialogueState) -> str:
        """The title of the liked item, named by the person, whose nearest neighbors this one is among; or ""."""
        vectors, at = self.index.vectors, self.catalog.positions[item.id]
        for opinion in state.opinions(liked=True):
            liked = self.catalog.item(opinion.item_id) if opinion.item_id else None
            if liked is None or liked.id == item.id or not self._wording.named_by_user(opinion):
                continue
            closeness = vectors @ vectors[self.catalog.positions[liked.id]]
            if (closeness > closeness[at]).mean() < NEAR:
                return liked.title
        return ""

    def _shared(self, item: Item, liked: Item) -> tuple[float, str]:
        """What two items have in common, the most telling first: people, then two kinds or more."""
        for role in _PEOPLE:
            field = self.catalog.field_of(role)  # type: ignore[arg-type]
            both = self._common(item, liked, field.name) if field else []
            if field and both:
                name = f"{self._wording.field_name(field)} " if role == "creator" else ""
                return 3.0 if role == "creator" else 2.0, name + self._wording.listed(both[:2])
        field = self.catalog.field_of("genre")
        both = self._common(item, liked, field.name) if field else []
        return (1.0 + len(both) / 10, self._wording.listed(both[:3])) if len(both) > 1 else (0.0, "")

    def _common(self, item: Item, liked: Item, field: str) -> list[str]:
        theirs = {fold(str(v)) for v in liked.values(field)}
        return [str(v) for v in item.values(field) if fold(str(v)) in theirs]

    def _wanted_slots(self, item: Item, state: DialogueState, facts: dict[str, str]) -> dict[str, str]:
        """The slots that answer what was asked for and liked; the value named is the one that was meant."""
        wanted: dict[str, str] = {}
        asked = [(c.field, [str(v) for v in c.values]) for c in (w.constraint for w in state.wishes) if not c.refuses]
        asked += [(o.field, [str(o.value)]) for o in state.opinions(liked=True) if o.field]
        kinds: list[str] = []
        for field_name, values in asked:
            field = self.catalog.field(field_name)
            if field is None:
                continue
            if field.role == "year" and "year" in facts and facts["year"] in values:
                wanted["year"] = facts["year"]  # of a span of years none was asked for by itself
            have = {fold(str(v)): str(v) for v in item.values(field_name)}
            meant = [have[fold(v)] for v in values if fold(v) in have]
            if meant and field.role == "genre":
                kinds += [v for v in meant if v not in kinds]
            elif meant and field.role in ("creator", "performer", "keyword"):
                wanted[field.role] = self._wording.listed(meant)
        if kinds:
            wanted["genres" if len(kinds) > 1 else "genre"] = self._wording.listed(kinds)
        if len(wanted) > 1:
            wanted.pop("year", None)  # the heading has it already
        return wanted

    def _wanted_reason(self, wanted: dict[str, str], facts: dict[str, str], rng: random.Random) -> Segment:
        """What was asked for, and mostly one fact more: the lines for both claim no more than that all is so."""
        order = [slot for slot in ("performer", "creator", "keyword", "genres", "genre", "year") if slot in wanted][:2]
        slots: dict[str, str] = {slot: wanted[slot] for slot in order}
        if len(slots) > 1 or rng.random() < ASKED_ALONE:
            return self._segment("reason.wanted", slots, rng)
        taken = {"genres", "genre"} if {"genres", "genre"} & set(slots) else set()
        taken |= {"performer", "performers"} if "performer" in slots else set()
        spare = {s: v for s, v in facts.items() if s not in slots and s not in taken and v not in slots.values()}
        extra = self._pick(spare, ("creator", "performer", "performers"), rng, 1)
        return self._segment("reason.facts" if extra else "reason.wanted", slots | extra, rng)

    def _liked_reason(self, liked: str, shared: str, facts: dict[str, str], rng: random.Random) -> Segment:
        return self._segment("reason.liked", {"liked": liked, "shared": shared}, rng)

    def well_rated(self, item: Item) -> bool:
        """Whether enough people rate it well, by its record."""
        rating, votes = self.catalog.field_of("rating"), self.catalog.field_of("votes")
        value = item.facts.get(rating.name) if rating else None
        count = item.facts.get(votes.name) if votes else ENOUGH_VOTES
        return (
            isinstance(value, (int, float))
            and self._is_good(value)
            and isinstance(count, int)
            and count >= ENOUGH_VOTES
        )

    def _is_good(self, rating: float) -> bool:
        field = self.catalog.field_of("rating")
        return field is not None and rating >= GOOD_RATING * self.catalog.scale(field.name)

    def _pick(self, facts: dict[str, str], slots: Sequence[str], rng: random.Random, count: int) -> dict[str, str]:
        """Up to `count` facts, drawn at random, no two about the same thing."""
        chosen: dict[str, str] = {}
        for slot in rng.sample(slots, len(slots)):
            if slot not in facts or len(chosen) == count or any(_same_thing(slot, other) for other in chosen):
                continue
            if slot == "rating" and not self._is_good(float(facts[slot].split()[0])):
                continue
            if any(facts[slot] in value or value in facts[slot] for value in chosen.values()):
                continue
            chosen[slot] = facts[slot]
        return chosen

    def _segment(self, topic: str, slots: dict[str, str], rng: random.Random) -> Segment:
        return Segment(topic, slots, frozenset(slots), rng.choice(STYLES))


def _same_thing(slot: str, other: str) -> bool:
    return slot.rstrip("s") == other.rstrip("s") or {slot, other} == {"year", "decade"}
