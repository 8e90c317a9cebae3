"""Conditions on the facts of an item and on the limits of a conversation: one small vocabulary for both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chatbot.scripts.nodes import Entry
from index.catalog import Value, fold

WORDS = ("is", "not", "all", "contains", "min", "max", "above", "below", "known")
NUMERIC = ("min", "max", "above", "below")
BOUND_OF_OP = {
    ">=": "min",
    "<=": "max",
    ">": "above",
    "<": "below",
    "=": "is",
    "in": "is",
    "!=": "not",
    "not in": "not",
}


def folded(value: Any) -> Any:
    """Text in the form in which it is compared; anything else as it is."""
    return fold(value) if isinstance(value, str) else value


def as_tuple(value: Any) -> tuple[Any, ...]:
    """A fact or a belief's value as a tuple: empty for None."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list | tuple) else (value,)


@dataclass(frozen=True)
class Condition:
    """`tests` maps words of the vocabulary to what they compare with; all of them must hold."""

    tests: Mapping[str, tuple[Value, ...]]

    def holds(self, fact: Any) -> bool:
        """Whether a fact (one value, a list of them, or None) meets it."""
        have = [folded(value) for value in as_tuple(fact)]
        return all(_meets(word, [folded(v) for v in wanted], have) for word, wanted in self.tests.items())

    def __str__(self) -> str:
        return " and ".join(f"{word} {' or '.join(map(str, wanted))}" for word, wanted in self.tests.items())


def _meets(word: str, wanted: list[Any], have: list[Any]) -> bool:
    if word in NUMERIC:
        bound = wanted[0]
        compare = {
            "min": lambda v: v >= bound,
            "max": lambda v: v <= bound,
            "above": lambda v: v > bound,
            "below": lambda v: v < bound,
        }[word]
        return bool(have) and all(not isinstance(v, str) and compare(v) for v in have)
    if word == "known":
        return bool(have) == wanted[0]
    if word == "contains":
        return all(any(str(part) in str(value) for value in have) for part in wanted)
    if word == "all":
        return all(value in have for value in wanted)
    return any(value in have for value in wanted) == (word == "is")


def read_condition(entry: Entry) -> Condition:
    """A value or a list (any of them), or pairs from the vocabulary."""
    if not entry.is_mapping:
        return Condition({"is": entry.values()})
    tests: dict[str, tuple[Value, ...]] = {}
    for word, inner in entry.mapping(WORDS).items():
        tests[word] = (inner.flag(),) if word == "known" else inner.values()
        if word in NUMERIC and (len(tests[word]) != 1 or isinstance(tests[word][0], str)):
            inner.place.fail(f"expected one number, found {inner.found}")
    if not tests:
        entry.place.fail(f"the condition is empty; use {', '.join(WORDS)}")
    return Condition(tests)


def tightest(pairs: Iterable[tuple[str, Any]]) -> dict[str, tuple[Value, ...]]:
    """Limits as (op, value) pairs → the words of the condition that they amount to."""
    lower: list[tuple[Any, bool]] = []  # value, strict: at equal values the strict one is tighter
    upper: list[tuple[Any, bool]] = []
    words: dict[str, tuple[Value, ...]] = {}
    for op, value in pairs:
        word = BOUND_OF_OP[op]
        if word in ("min", "above"):
            lower.append((value, word == "above"))
        elif word in ("max", "below"):
            upper.append((value, word == "below"))
        else:
            words[word] = words.get(word, ()) + as_tuple(value)
    low = max(lower, default=None)
    high = min(upper, key=lambda bound: (bound[0], not bound[1]), default=None)
    if low and high and low == high and not low[1]:
        return {**words, "is": (low[0],)}
    if low:
        words["above" if low[1] else "min"] = (low[0],)
    if high:
        words["below" if high[1] else "max"] = (high[0],)
    return words
