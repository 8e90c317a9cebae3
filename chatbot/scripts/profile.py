"""Checks of what the conversation believes about the person: the `state` of a reply."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chatbot.scripts.conditions import Condition, as_tuple, folded, read_condition, tightest
from chatbot.scripts.nodes import Entry, Place
from index.catalog import Value

State = Mapping[str, Any]
Pair = tuple[str, Any]
ProfileCheck = tuple[str, str, Place, Callable[[Any], str | None], tuple[str, ...], tuple[str, ...]]
"""Key, what is expected, where, the test on a scene, fields named, titles named."""

ATTRIBUTES = ("wants", "refuses")
ITEMS = ("likes", "dislikes", "seen", "shown")
KEYS = (*ATTRIBUTES, "limits", *ITEMS, "empty", "lacks")
EMPTY: State = {"likes": [], "dislikes": [], "constraints": [], "seen": [], "shown": []}


def pairs(state: State, key: str) -> set[Pair]:
    """The (field, folded value) pairs that are wanted or refused, as beliefs or as constraints."""
    side, ops = ("likes", ("=", "in")) if key == "wants" else ("dislikes", ("!=", "not in"))
    beliefs = [b for b in state[side] if b["kind"] == "attribute"] + [b for b in state["constraints"] if b["op"] in ops]
    return {(b["field"], folded(value)) for b in beliefs for value in as_tuple(b["value"])}


def item_ids(state: State, key: str) -> set[str]:
    """The ids of the items liked, disliked, seen or shown."""
    if key in ("seen", "shown"):
        return set(state[key])
    return {belief["id"] for belief in state[key] if belief["kind"] == "item"}


def limits(state: State, field: str) -> dict[str, Any]:
    """The bounds on one field, as the words of a condition."""
    found = [(b["op"], b["value"]) for b in state["constraints"] if b["field"] == field]
    return tightest((op, value) for op, value in found if not isinstance(value, str))


def belief_texts(state: State) -> list[str]:
    """The beliefs as sorted texts, without their ids, so that two states can be compared and shown."""
    signs = {"likes": "+", "dislikes": "-"}
    texts = [f"{sign}{b['field'] or b['kind']} {b['value']}" for side, sign in signs.items() for b in state[side]]
    texts += [f"{b['field']} {b['op']} {b['value']}" for b in state["constraints"]]
    return sorted([*texts, *(f"seen {item}" for item in state["seen"])])


def profile_checks(entry: Entry) -> Iterator[ProfileCheck]:
    """The checks under `state`; those under `lacks` are the same ones, turned round."""
    for key, inner in entry.mapping(KEYS).items():
        if key == "lacks":
            for name, below in inner.mapping((*ATTRIBUTES, "limits", *ITEMS)).items():
                yield from _read(name, below, wanted=False)
        elif key == "empty":
            yield _empty(inner)
        else:
            yield from _read(key, inner, wanted=True)


def _read(key: str, entry: Entry, wanted: bool) -> Iterator[ProfileCheck]:
    if key in ITEMS:
        yield from _items(key, entry, wanted)
    elif key == "limits":
        yield from _limits(entry) if wanted else _no_limits(entry)
    else:
        yield from _attributes(key, entry, wanted)


def _shown(state: State) -> str:
    return ", ".join(belief_texts(state)) or "nothing"


def _attributes(key: str, entry: Entry, wanted: bool) -> Iterator[ProfileCheck]:
    """`{field: value or values}`, or values of whatever field."""
    named = (
        [(f, inner.values()) for f, inner in entry.mapping().items()] if entry.is_mapping else [("", entry.values())]
    )
    for field, values in named:
        for value in values:

            def test(scene: Any, field: str = field, value: Any = value) -> str | None:
                have = pairs(scene.turn["state"], key)
                found = any(v == folded(value) and field in ("", f) for f, v in have)
                return None if found == wanted else _shown(scene.turn["state"])

            text = f"{'' if wanted else 'not '}{field} {value}".replace("  ", " ")
            yield key, text, entry.place, test, (field,) if field else (), ()


def _items(key: str, entry: Entry, wanted: bool) -> Iterator[ProfileCheck]:
    for item in entry.values():

        def test(scene: Any, item: Value = item) -> str | None:
            have = item_ids(scene.turn["state"], key)
            if bool(scene.ids(item) & have) == wanted:
                return None
            return ", ".join(sorted(map(scene.names.title, have))) or "none"

        yield key, f"{'' if wanted else 'not '}{item}", entry.place, test, (), (item,) if isinstance(item, str) else ()


def _limits(entry: Entry) -> Iterator[ProfileCheck]:
    """The bounds must be these and no others."""
    for field, inner in entry.mapping().items():
        condition = read_condition(inner)

        def test(scene: Any, field: str = field, condition: Condition = condition) -> str | None:
            have = limits(scene.turn["state"], field)
            return None if have == dict(condition.tests) else f"{field} {Condition(have)}".strip()

        yield "limits", f"{field} {condition}", inner.place, test, (field,), ()


def _no_limits(entry: Entry) -> Iterator[ProfileCheck]:
    for field in entry.texts():

        def test(scene: Any, field: str = field) -> str | None:
            have = limits(scene.turn["state"], field)
            return f"{field} {Condition(have)}" if have else None

        yield "limits", f"no limits on {field}", entry.place, test, (field,), ()


def _empty(entry: Entry) -> ProfileCheck:
    wanted = entry.flag()

    def test(scene: Any) -> str | None:
        return None if (not belief_texts(scene.turn["state"])) == wanted else _shown(scene.turn["state"])

    return "empty", "no beliefs" if wanted else "some beliefs", entry.place, test, (), ()
