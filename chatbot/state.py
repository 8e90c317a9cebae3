"""The dialogue state: a list of evidence. Beliefs, wishes, what was seen and shown are functions of that list.

Nothing is ever changed in place, so undoing is taking the last entries off, and dropping a belief is one more entry.
How long a belief counts is one rule:

- The last word counts. Later evidence ends earlier evidence that it contradicts: about the same item or value, a
  wish and a refusal of one value, two bounds that cannot both hold or set the same side anew. A correction ends all
  earlier wishes about its field.
- What must hold (wishes, refused values, what was seen) and the order asked for count in full until then, however
  long ago they were said.
- Tastes (liked and disliked items, liked values, free words) fade: one counts FADING as much for every turn that
  lies between it and the newest belief.
- What is taken back in words ends there. What is taken out of the profile was never said: what it had ended counts
  again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from index.catalog import PEOPLE, Catalog, Value, fold
from index.constraints import Constraint

WANTED = 1.5
"""Strength of a liked value that was asked for, not only told as a taste."""
FADING = 0.93
"""How much a taste still counts one turn later."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """Liking or disliking an item (`item_id`) or a value of a field. A disliked value is refused: never shown; with
    `where` only what satisfies those as well is."""

    liked: bool
    item_id: str | None = None
    field: str | None = None
    value: str | None = None
    turn: int = 0
    words: str = ""
    strength: float = 1.0
    replaces: bool = False  # earlier values asked for in the same field give way
    where: tuple[Constraint, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that must hold. `replaces`: earlier wishes about the same field give way."""

    constraint: Constraint
    replaces: bool = False
    turn: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """Words that say what is wanted, or unwanted, and name nothing of the catalog: "slow and eerie"."""

    text: str
    liked: bool = True
    turn: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """Much, or little, of a number is better: "the cheapest", "something light". A later one ousts an earlier one.

    `first`: the list stands in this order; else items from that end of what is allowed are preferred."""

    field: str
    high: bool
    first: bool = False
    turn: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """An item that the person knows already."""

    item_id: str
    turn: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The items that a reply showed, in order."""

    item_ids: tuple[str, ...]
    turn: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was put: the field it was about, or "which" or "relax"."""

    topic: str
    turn: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Focus:
    """The item that the talk turned to; "it" means this one."""

    item_id: str
    turn: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """Beliefs that count no more, by id; the id of an item stands for having seen it.

    `unsaid`: they are taken out of the profile, as if they had never been said.
    """

    beliefs: tuple[str, ...]
    turn: int = 0
    words: str = ""
    unsaid: bool = False


Evidence = Opinion | Wish | Request | Order | Seen | Shown | Asked | Focus | Dropped
Believed = Opinion | Wish | Request | Order
_E = TypeVar("_E")


@dataclass(frozen=True, slots=True)
class Belief:
    """Evidence that still counts, under the id by which it can be dropped."""

    id: str
    evidence: Believed


@dataclass(frozen=True)
class DialogueState:
    """Everything that was said and shown, oldest first."""

    evidence: tuple[Evidence, ...] = ()

    def plus(self, more: Iterable[Evidence], turn: int) -> "DialogueState":
        """The state with more evidence, all of it from this turn."""
        return DialogueState((*self.evidence, *(replace(e, turn=turn) for e in more)))

    def of(self, kind: type[_E]) -> list[_E]:
        """All evidence of one kind, oldest first."""
        return [e for e in self.evidence if isinstance(e, kind)]

    # ------------------------------------------------------------ beliefs

    @cached_property
    def beliefs(self) -> tuple[Belief, ...]:
        """What is believed now, in the order in which it was said."""
        unsaid = {belief for dropped in self.of(Dropped) if dropped.unsaid for belief in dropped.beliefs}
        held: list[Belief] = []
        number = 0
        for evidence in self.evidence:
            if isinstance(evidence, Dropped):
                held = [belief for belief in held if belief.id not in evidence.beliefs]
            elif isinstance(evidence, Believed):
                number += 1
                if f"b{number}" not in unsaid:
                    held = [belief for belief in held if not _yields(belief.evidence, evidence)]
                    held.append(Belief(f"b{number}", evidence))
        return tuple(held)

    def weight(self, evidence: Believed) -> float:
        """How much a belief still counts, in (0, 1]: tastes fade, what must hold and how to order does not."""
        refused = isinstance(evidence, Opinion) and evidence.field and not evidence.liked
        if refused or isinstance(evidence, (Wish, Order)):
            return 1.0
        now = max((belief.evidence.turn for belief in self.beliefs), default=evidence.turn)
        return float(FADING ** max(0, now - evidence.turn))

    @property
    def sources(self) -> dict[str, tuple[int, str]]:
        """Where each belief, by its id, and each seen item, by its own, comes from: the turn and the words."""
        seen = {e.item_id: (e.turn, e.words) for e in self.of(Seen) if e.item_id in self.seen}
        return {b.id: (b.evidence.turn, b.evidence.words) for b in self.beliefs} | seen

    def opinions(self, liked: bool) -> list[Opinion]:
        """The likes, or the dislikes, that still count."""
        return [b.evidence for b in self.beliefs if isinstance(b.evidence, Opinion) and b.evidence.liked == liked]

    @property
    def wishes(self) -> list[Wish]:
        """The wishes that still count."""
        return [b.evidence for b in self.beliefs if isinstance(b.evidence, Wish)]

    @property
    def orders(self) -> list[Order]:
        """The orders that still count."""
        return [b.evidence for b in self.beliefs if isinstance(b.evidence, Order)]

    @property
    def requests(self) -> list[Request]:
        """The free words that still count."""
        return [b.evidence for b in self.beliefs if isinstance(b.evidence, Request)]

    def constraints(self, catalog: Catalog) -> list[Constraint]:
        """All that must hold: wishes and refused values. A refused person is refused in every role."""
        refused = [c for opinion in self.opinions(liked=False) for c in constraints_of(opinion, catalog)]
        return [wish.constraint for wish in self.wishes] + refused

    # ------------------------------------------------------------ what happened

    @property
    def seen(self) -> tuple[str, ...]:
        """Ids of items known already, each once; one that was dropped counts again when it is seen again."""
        known: dict[str, None] = {}
        for evidence in self.evidence:
            if isinstance(evidence, Seen):
                known[evidence.item_id] = None
            elif isinstance(evidence, Dropped):
                known = {i: None for i in known if i not in evidence.beliefs}
        return tuple(known)

    @property
    def shown(self) -> tuple[str, ...]:
        """Ids of all items shown so far, each once."""
        return tuple(dict.fromkeys(i for e in self.of(Shown) for i in e.item_ids))

    @property
    def last_shown(self) -> tuple[str, ...]:
        """Ids of the latest list, in its order."""
        lists = self.of(Shown)
        return lists[-1].item_ids if lists else ()

    @property
    def asked(self) -> tuple[str, ...]:
        """Topics of the questions put so far."""
        return tuple(e.topic for e in self.of(Asked))

    @property
    def open_question(self) -> str | None:
        """The topic of a question that the last reply put, else None."""
        last = self.evidence[-1] if self.evidence else None
        return last.topic if isinstance(last, Asked) else None

    @property
    def focus(self) -> str | None:
        """The id of the item in focus: what was last spoken of, or the first of a later list."""
        for evidence in reversed(self.evidence):
            if isinstance(evidence, Focus):
                return evidence.item_id
            if isinstance(evidence, Shown) and evidence.item_ids:
                return evidence.item_ids[0]
        return None

    @property
    def spoken_of(self) -> str | None:
        """The id of the one item that was spoken of since the latest list of several, else None."""
        for evidence in reversed(self.evidence):
            if isinstance(evidence, (Focus, Seen)) or (isinstance(evidence, Opinion) and evidence.item_id):
                return evidence.item_id
            if isinstance(evidence, Shown) and evidence.item_ids:
                return evidence.item_ids[0] if len(evidence.item_ids) == 1 else self._named_in(evidence.turn)
        return None

    def _named_in(self, turn: int) -> str | None:
        """The id of the one item that the person named in that turn, else None."""
        named = {e.item_id for e in self.evidence if isinstance(e, (Seen, Opinion)) and e.turn == turn and e.item_id}
        return named.pop() if len(named) == 1 else None

    def as_json(self, catalog: Catalog) -> dict[str, Any]:
        """The state as other programs read it: likes, dislikes, constraints, seen, shown."""
        return {
            "likes": [_opinion_json(b, catalog) for b in self.beliefs if _is_like(b.evidence)],
            "dislikes": [_opinion_json(b, catalog) for b in self.beliefs if _is_dislike(b.evidence)],
            "constraints": [_wish_json(b) for b in self.beliefs if isinstance(b.evidence, Wish)],
            "seen": list(self.seen),
            "shown": list(self.shown),
        }


def constraints_of(evidence: Believed, catalog: Catalog) -> list[Constraint]:
    """What must hold because of one piece of evidence; [] for tastes."""
    if isinstance(evidence, Wish):
        return [evidence.constraint]
    if not isinstance(evidence, Opinion) or evidence.liked or not evidence.field or evidence.value is None:
        return []
    fields = _fields_with(catalog, evidence.field, evidence.value)
    return [Constraint(field, "!=", evidence.value, evidence.where) for field in fields]


# ---------------------------------------------------------------- which evidence gives way


def _yields(old: Believed, new: Believed) -> bool:
    """Whether an earlier belief ends with this new evidence. A refusal of some of a kind is none of the kind."""
    narrow = {e.where for e in (old, new) if isinstance(e, Opinion)}
    if any(narrow) and not (isinstance(old, Opinion) and isinstance(new, Opinion) and len(narrow) == 1):
        return False
    if isinstance(old, Opinion) and isinstance(new, Opinion):
        ousted = new.replaces and old.turn != new.turn and min(old.strength, new.strength) >= WANTED
        return _target(old) == _target(new) or (ousted and old.liked and old.field == new.field)
    if isinstance(old, Order) or isinstance(new, Order):
        return _order_yields(old, new)
    if isinstance(old, Request) or isinstance(new, Request):
        return isinstance(old, Request) and isinstance(new, Request) and fold(old.text) == fold(new.text)
    if isinstance(old, Opinion) and isinstance(new, Wish):
        return old.field == new.constraint.field and not old.liked and _wants(new.constraint, old.value)
    if isinstance(old, Wish) and isinstance(new, Opinion):
        return not new.liked and old.constraint.field == new.field and _wants(old.constraint, new.value)
    if isinstance(old, Wish) and isinstance(new, Wish):
        return _wish_yields(old, new)
    return False


def _order_yields(old: Believed, new: Believed) -> bool:
    """A list has one order; one that only leans gives way to a bound on the same field."""
    if isinstance(old, Order) and isinstance(new, Order):
        return old.field == new.field or (old.first and new.first)
    return isinstance(old, Order) and isinstance(new, Wish) and not old.first and old.field == new.constraint.field


_SIDES = {"<": "high", "<=": "high", ">": "low", ">=": "low", "=": "point", "in": "point"}


def _wish_yields(old: Wish, new: Wish) -> bool:
    if old.constraint.field != new.constraint.field:
        return False
    if old.turn == new.turn:
        sides = (_SIDES.get(old.constraint.op), _SIDES.get(new.constraint.op))
        return old.constraint == new.constraint or (sides[0] == sides[1] and sides[0] in ("low", "high"))
    return new.replaces or old.constraint == new.constraint or _excludes(old.constraint, new.constraint)


def _excludes(old: Constraint, new: Constraint) -> bool:
    """Whether two wishes about a number cannot both hold, or the later one is the same bound set anew."""
    if not isinstance(old.values[0], (int, float)) or not isinstance(new.values[0], (int, float)):
        return False
    a, b = _SIDES.get(old.op, "other"), _SIDES.get(new.op, "other")
    if "other" in (a, b):
        return False
    if a == b or "point" in (a, b):
        return True
    low, high = (old, new) if a == "low" else (new, old)
    strict = 1 if "=" not in low.op or "=" not in high.op else 0
    return float(low.values[0]) + strict > float(high.values[0])


def _target(opinion: Opinion) -> tuple[str | None, str | None, str | None]:
    value = fold(opinion.value) if opinion.value is not None else None
    return (opinion.item_id, None if opinion.item_id else opinion.field, value)


def _wants(constraint: Constraint, value: Value | None) -> bool:
    wanted = {fold(str(v)) for v in constraint.values}
    return constraint.op in ("=", "in") and value is not None and fold(str(value)) in wanted


def _fields_with(catalog: Catalog, field: str, value: str) -> Iterator[str]:
    """The field itself, and for a person's name every other field of people that knows the name."""
    own = catalog.field(field)
    for other in catalog.of_kind("category"):
        same = own is not None and own.role in PEOPLE and other.role in PEOPLE
        if other.name == field or (same and fold(value) in catalog.postings(other.name)):
            yield other.name


# ---------------------------------------------------------------- JSON


def _is_like(evidence: Believed) -> bool:
    return isinstance(evidence, Order) or (isinstance(evidence, (Request, Opinion)) and evidence.liked)


def _is_dislike(evidence: Believed) -> bool:
    return isinstance(evidence, (Request, Opinion)) and not evidence.liked


def _opinion_json(belief: Belief, catalog: Catalog) -> dict[str, Any]:
    evidence = belief.evidence
    if isinstance(evidence, Request):
        row = {"kind": "text", "field": None, "value": evidence.text, "id": None}
    elif isinstance(evidence, Order):
        row = {"kind": "text", "field": evidence.field, "value": evidence.words, "id": None}
    else:
        assert isinstance(evidence, Opinion)
        item = catalog.item(evidence.item_id) if evidence.item_id else None
        value = item.title if item else evidence.words if evidence.where else evidence.value
        row = {
            "kind": "item" if evidence.item_id else "attribute",
            "field": evidence.field,
            "value": value,
            "id": evidence.item_id,
        }
    return {"belief": belief.id, **row, "turn": evidence.turn}


def _wish_json(belief: Belief) -> dict[str, Any]:
    assert isinstance(belief.evidence, Wish)
    constraint = belief.evidence.constraint
    value = list(constraint.value) if isinstance(constraint.value, tuple) else constraint.value
    return {
        "belief": belief.id,
        "field": constraint.field,
        "op": constraint.op,
        "value": value,
        "turn": belief.evidence.turn,
    }
