"""What a reply has to hold: each key of `expect` becomes a check that tells what was expected and what came."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args

from chatbot.acts import Act
from chatbot.scripts.conditions import Condition, read_condition
from chatbot.scripts.nodes import Entry, Place
from chatbot.scripts.profile import belief_texts, profile_checks
from index.catalog import Catalog, Item, Value, fold

ACTS: tuple[str, ...] = get_args(Act)
TurnJson = Mapping[str, Any]


class Names:
    """Which items of a catalog a script means: by id, by title, or by `title (year)`."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    @cached_property
    def _ids(self) -> dict[str, set[str]]:
        year = self.catalog.field_of("year")
        ids: dict[str, set[str]] = {}
        for item in self.catalog.items:
            for name in _names(item, year.name if year else None):
                ids.setdefault(name, set()).add(item.id)
        return ids

    def ids(self, name: str) -> set[str]:
        """The ids that the name may stand for, empty where the catalog has none."""
        return {name} if self.catalog.item(name) else self._ids.get(fold(name), set())

    def title(self, item_id: str) -> str:
        """The title of an id, for messages."""
        item = self.catalog.item(item_id)
        return item.title if item else item_id


def _names(item: Item, year: str | None) -> list[str]:
    dated = [f"{item.title} ({item.facts.get(year)})"] if year else []
    return [fold(name) for name in (item.title, *dated)]


def last_shown(turns: Sequence[TurnJson]) -> Sequence[TurnJson]:
    """The items of the latest reply that showed some."""
    return next((turn["items"] for turn in reversed(turns) if turn["items"]), [])


@dataclass(frozen=True)
class Scene:
    """What a check looks at: the reply, the replies before it (0 is the state before any action), the catalog."""

    turn: TurnJson
    before: Sequence[TurnJson]
    names: Names

    def ids(self, item: Value) -> set[str]:
        """The ids meant: a number is a position (from 1) in the list shown before this turn, text a name."""
        if isinstance(item, str):
            return self.names.ids(item)
        return {shown["id"] for shown in last_shown(self.before)[int(item) - 1 : int(item)]}


@dataclass(frozen=True)
class Check:
    """One thing to hold. `test` gives what was found instead, or None where it holds."""

    key: str
    expected: str
    place: Place
    test: Callable[[Scene], str | None]
    fields: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    earlier: int | None = None  # the turn that this one is compared with


def only_names(items: Sequence[Value]) -> tuple[str, ...]:
    """Without the positions."""
    return tuple(item for item in items if isinstance(item, str))


def titles_of(items: Sequence[TurnJson]) -> str:
    """The titles of a list, for messages."""
    return ", ".join(item["title"] for item in items) or "no items"


def read_checks(entry: Entry) -> list[Check]:
    """The checks of one `expect`."""
    checks: list[Check] = []
    for key, inner in entry.mapping(READERS).items():
        checks += READERS[key](inner)
    return checks


def _check(entry: Entry, key: str, expected: str, test: Callable[[Scene], str | None], **named: Any) -> Check:
    return Check(key, expected, entry.place, test, **named)


def _one_of(key: str, known: Sequence[str] = ()) -> Callable[[Entry], list[Check]]:
    def read(entry: Entry) -> list[Check]:
        wanted = entry.texts()
        for word in wanted:
            if known and word not in known:
                entry.place.fail(f"unknown {key} {word!r}; known here: {', '.join(known)}")
        got = lambda scene: None if scene.turn[key] in wanted else str(scene.turn[key])  # noqa: E731
        return [_check(entry, key, " or ".join(wanted), got)]

    return read


def _size(key: str) -> Callable[[Entry], list[Check]]:
    """`items: 3`, or `items: {min: 1, max: 5}`."""

    def read(entry: Entry) -> list[Check]:
        if entry.is_mapping:
            bounds = {word: inner.count() for word, inner in entry.mapping(("min", "max")).items()}
        else:
            bounds = {"min": entry.count(), "max": entry.count()}
        low, high = bounds.get("min", 0), bounds.get("max")

        def test(scene: Scene) -> str | None:
            size = len(scene.turn[key])
            return None if low <= size and (high is None or size <= high) else f"{size} {key}"

        return [_check(entry, key, " and ".join(f"{w} {n}" for w, n in bounds.items()), test)]

    return read


def _conditions(entry: Entry) -> dict[str, Condition]:
    return {name: read_condition(inner) for name, inner in entry.mapping().items()}


def _every(entry: Entry) -> list[Check]:
    checks = []
    for name, condition in _conditions(entry).items():

        def test(scene: Scene, name: str = name, condition: Condition = condition) -> str | None:
            wrong = [i for i in scene.turn["items"] if not condition.holds(i["facts"].get(name))]
            if not scene.turn["items"]:
                return "no items"
            return "; ".join(_fact(item, name) for item in wrong) or None

        checks.append(_check(entry, "every", f"{name} {condition}", test, fields=(name,)))
    return checks


def _none(entry: Entry) -> list[Check]:
    checks = []
    for name, condition in _conditions(entry).items():

        def test(scene: Scene, name: str = name, condition: Condition = condition) -> str | None:
            wrong = [i for i in scene.turn["items"] if condition.holds(i["facts"].get(name))]
            return "; ".join(_fact(item, name) for item in wrong) or None

        checks.append(_check(entry, "none", f"no item with {name} {condition}", test, fields=(name,)))
    return checks


def _any(entry: Entry) -> list[Check]:
    conditions = _conditions(entry)

    def test(scene: Scene) -> str | None:
        fits = any(all(c.holds(i["facts"].get(n)) for n, c in conditions.items()) for i in scene.turn["items"])
        return None if fits else "; ".join(_fact(i, n) for i in scene.turn["items"] for n in conditions) or "no items"

    expected = " and ".join(f"{name} {condition}" for name, condition in conditions.items())
    return [_check(entry, "any", f"an item with {expected}", test, fields=tuple(conditions))]


def _fact(item: TurnJson, name: str) -> str:
    return f"{item['title']}: {name} {item['facts'].get(name)}"


def _shows(key: str, wanted: bool) -> Callable[[Entry], list[Check]]:
    def read(entry: Entry) -> list[Check]:
        items = entry.values()

        def test(scene: Scene) -> str | None:
            shown = {item["id"] for item in scene.turn["items"]}
            wrong = any(bool(scene.ids(item) & shown) != wanted for item in items)
            return titles_of(scene.turn["items"]) if wrong else None

        return [_check(entry, key, ", ".join(map(str, items)), test, titles=only_names(items))]

    return read


def _new(entry: Entry) -> list[Check]:
    wanted = entry.flag()

    def test(scene: Scene) -> str | None:
        shown = {item["id"] for turn in scene.before for item in turn["items"]}
        again = [item for item in scene.turn["items"] if item["id"] in shown]
        return None if bool(again) != wanted and scene.turn["items"] else titles_of(again)

    return [_check(entry, "new", "items not shown before" if wanted else "an item shown before", test)]


TEXT_KEYS: dict[str, Callable[[str, tuple[str, ...]], bool]] = {
    "contains": lambda text, parts: all(fold(part) in fold(text) for part in parts),
    "contains any": lambda text, parts: any(fold(part) in fold(text) for part in parts),
    "lacks": lambda text, parts: not any(fold(part) in fold(text) for part in parts),
    "matches": lambda text, parts: all(re.search(part, text) for part in parts),
}


def _text(entry: Entry) -> list[Check]:
    checks = []
    for key, inner in entry.mapping(TEXT_KEYS).items():
        parts = inner.texts()
        if key == "matches":
            _compile(inner, parts)

        def test(scene: Scene, holds: Callable[..., bool] = TEXT_KEYS[key], parts: Any = parts) -> str | None:
            return None if holds(scene.turn["text"], parts) else repr(scene.turn["text"])

        checks.append(_check(inner, f"text {key}", ", ".join(map(repr, parts)), test))
    return checks


def _compile(entry: Entry, patterns: Sequence[str]) -> None:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            entry.place.fail(f"{pattern!r} is not a regular expression ({error}); correct it")


def _tells(entry: Entry) -> list[Check]:
    """The text gives what the record holds in a field (or `title`); nothing to give where the record is empty."""
    parts = entry.mapping(("item", "field"), required=("item", "field"))
    item, name = parts["item"].value(), parts["field"].text()

    def test(scene: Scene) -> str | None:
        records = [record for i in scene.ids(item) if (record := scene.names.catalog.item(i))]
        values = [str(v) for r in records for v in ((r.title,) if name == "title" else r.values(name))]
        told = any(fold(value) in fold(scene.turn["text"]) for value in values)
        return None if told or (records and not values) else f"{scene.turn['text']!r} ({name}: {', '.join(values)})"

    fields = () if name == "title" else (name,)
    return [_check(entry, "tells", f"{name} of {item}", test, fields=fields, titles=only_names((item,)))]


def _state(entry: Entry) -> list[Check]:
    return [
        Check(f"state {key}", expected, place, test, fields, titles)
        for key, expected, place, test, fields, titles in profile_checks(entry)
    ]


def _same_state(entry: Entry) -> list[Check]:
    number = entry.count()

    def test(scene: Scene) -> str | None:
        then, now = belief_texts(scene.before[number]["state"]), belief_texts(scene.turn["state"])
        return None if then == now else f"{', '.join(now) or 'nothing'} instead of {', '.join(then) or 'nothing'}"

    return [_check(entry, "same_state_as", f"the beliefs after turn {number}", test, earlier=number)]


READERS: dict[str, Callable[[Entry], list[Check]]] = {
    "act": _one_of("act", ACTS),
    "language": _one_of("language"),
    "items": _size("items"),
    "choices": _size("choices"),
    "every": _every,
    "any": _any,
    "none": _none,
    "includes": _shows("includes", True),
    "excludes": _shows("excludes", False),
    "new": _new,
    "text": _text,
    "tells": _tells,
    "state": _state,
    "same_state_as": _same_state,
}
