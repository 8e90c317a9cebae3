"""A shop's small catalog and a conversation that follows a script, for the parts of the page that need no models."""

import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from index.catalog import Catalog, Field, Item, as_json

FIELDS = (
    Field("made_in", "number", role="year", integer=True),
    Field("kinds", "category", many=True, role="genre"),
    Field("brand", "category", role="creator"),
    Field("price", "number", role="price"),
    Field("stars", "number", role="rating"),
    Field("sales", "number", role="popularity", integer=True),
    Field("code", "identifier"),
)
ROWS = (
    ("l1", "Desk lamp", 2019, ("lighting", "office"), "Hella", 49.5, 4.5, 900),
    ("l2", "Floor lamp", 2018, ("lighting", "home"), "Hella", 120, 4.0, 700),
    ("l3", "String of lights", 2021, ("lighting", "home"), None, 15, 3.5, 300),
    ("c1", "Office chair", 2011, ("seating", "office"), "Sitwell", 210, 4.2, 200),
)
NAMES = ("made_in", "kinds", "brand", "price", "stars", "sales")
NO_BELIEFS: dict[str, Any] = {"likes": [], "dislikes": [], "constraints": [], "seen": [], "shown": []}


@dataclass(frozen=True)
class ScriptedItem:
    id: str
    title: str
    reason: str
    facts: dict[str, Any]
    score: float = 1.0


@dataclass(frozen=True)
class ScriptedTurn:
    text: str
    items: tuple[ScriptedItem, ...] = ()
    choices: tuple[str, ...] = ()
    state: dict[str, Any] = field(default_factory=lambda: NO_BELIEFS)
    sources: dict[str, tuple[int, str]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text}


class ScriptedTalk:
    """Answers "echo: …", one word a piece; `before` runs ahead of each piece and may wait or raise."""

    def __init__(self, before: Callable[[str], object]) -> None:
        self.last: ScriptedTurn | None = None
        self.turns: list[ScriptedTurn] = []
        self.clicks: list[tuple[str, str]] = []
        self.next_turn: ScriptedTurn | None = None
        self._before = before

    def _take(self, text: str) -> ScriptedTurn:
        self.last = self.next_turn or ScriptedTurn(text)
        self.next_turn = None
        return self.last

    def stream(self, text: str) -> Iterator[str]:
        if text in ("undo", "start over"):
            yield (self.undo() if text == "undo" else self.restart()).text
            return
        turn = self.next_turn or ScriptedTurn(f"echo: {text}")
        for piece in turn.text.split(" "):
            self._before(text)
            yield f"{piece} "
        self.next_turn = turn
        self.turns.append(self._take(text))

    def undo(self, n: int = 1) -> ScriptedTurn:
        del self.turns[-n:]
        return self._take("taken back")

    def restart(self) -> ScriptedTurn:
        self.turns.clear()
        return self._take("begun again")

    def feedback(self, item_id: str, value: str) -> ScriptedTurn:
        self.clicks.append((item_id, value))
        self.turns.append(self._take("noted"))
        return self.turns[-1]

    def forget(self, belief_id: str) -> ScriptedTurn:
        return self.feedback(belief_id, "forget")


class ScriptedBot:
    """Starts scripted conversations and counts them."""

    def __init__(self) -> None:
        self.started: list[ScriptedTalk] = []
        self.before: Callable[[str], None] = lambda text: None

    def start(self, seed: int | None = None) -> ScriptedTalk:
        self.started.append(ScriptedTalk(lambda text: self.before(text)))
        return self.started[-1]


@pytest.fixture(scope="session")
def shop() -> Catalog:
    items = [Item(row[0], row[1], {**dict(zip(NAMES, row[2:], strict=True)), "code": None}) for row in ROWS]
    return Catalog("shop", ("product", "products"), FIELDS, tuple(items))


@pytest.fixture
def bot() -> ScriptedBot:
    return ScriptedBot()


HOSTILE = "<img src=http://evil.example/x.png> ${document.title='owned'} {{value}} `x` *stars* _under_ <b>bold</b>"


class HostileTalk(ScriptedTalk):
    """Shows one item whose every text is markup, and believes that it is liked as soon as it is clicked."""

    def stream(self, text: str) -> Iterator[str]:
        item = ScriptedItem("x", HOSTILE, HOSTILE, {"made_in": 2000, "kinds": [HOSTILE], "brand": HOSTILE})
        self.next_turn = ScriptedTurn(f"Look:\n\n1. {HOSTILE} (2000): {HOSTILE}", (item,))
        yield from super().stream(text)

    def feedback(self, item_id: str, value: str) -> ScriptedTurn:
        like = {"belief": "b1", "kind": "item", "field": None, "value": HOSTILE, "id": item_id, "turn": 2}
        self.next_turn = ScriptedTurn(HOSTILE, state={**NO_BELIEFS, "likes": [like]})
        return super().feedback(item_id, value)


class HostileBot:
    """A catalog of one item that is all markup. While `gate` is shut, answers stop after their first piece."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        facts = {"made_in": 2000, "kinds": (HOSTILE,), "brand": HOSTILE, "price": None, "stars": None, "sales": 1}
        item = Item("x", HOSTILE, {**facts, "code": None})
        self.index = SimpleNamespace(catalog=Catalog("hostile", ("<i>", "<i>s"), FIELDS, (item,)))

    def start(self, seed: int | None = None) -> ScriptedTalk:
        pieces = itertools.count()
        return HostileTalk(lambda text: next(pieces) and self.gate.wait(60))


@pytest.fixture(scope="session")
def hostile_bot() -> HostileBot:
    return HostileBot()


@pytest.fixture
def list_turn(shop: Catalog) -> Callable[..., ScriptedTurn]:
    """Makes a turn that shows items of the shop, with the text that goes with them."""

    def make(*ids: str, state: dict[str, Any] | None = None, titles: dict[str, str] | None = None) -> ScriptedTurn:
        found = [item for item_id in ids if (item := shop.item(item_id)) is not None]
        items = tuple(
            ScriptedItem(
                item.id,
                (titles or {}).get(item.id, item.title),
                f"It is number {number}.",
                {name: as_json(fact) for name, fact in item.facts.items()},
            )
            for number, item in enumerate(found, start=1)
        )
        lines = [f"{number}. {item.title} (2019): {item.reason}" for number, item in enumerate(items, start=1)]
        return ScriptedTurn(
            "Have a look.\n\n" + "\n".join(lines) + "\n\nWhat do you say?", items, (), state or NO_BELIEFS
        )

    return make
