"""Gold utterances: what people say, in which situation, and what a careful reader takes from it.

One JSON object a line; assets/utterances/README.md describes the format.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.errors import RapportError

KINDS = (
    "entities", "polarity", "constraints", "critiques", "references", "corrections", "questions", "feedback", "rest",
)  # fmt: skip
INTENTS = (
    "tell", "more", "any", "yes", "undo", "restart", "forget", "question", "take", "greet", "thanks", "bye",
    "smalltalk", "insult", "instruction", "offtopic", "unclear", "language", "which", "unknown",
)  # fmt: skip
QUESTIONS = ("fact", "has", "about", "why", "profile", "count", "have", "compare")
_GIVEN = ("shown", "beliefs", "focus", "asked")
_GOLD = ("intent", "adds", "drops", "about", "question", "field", "value", "where", "count", "options")


class GoldError(RapportError):
    """A file of gold utterances that cannot be used."""


@dataclass(frozen=True)
class Asked:
    """A question as gold has it; "" and () where it does not say."""

    kind: str
    field: str = ""
    value: str = ""
    where: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gold:
    """What an utterance means: atoms and titles as text (see atoms.py)."""

    intent: str
    adds: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    question: Asked | None = None
    count: int | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """What holds before an utterance."""

    shown: tuple[str, ...] = ()
    beliefs: tuple[str, ...] = ()
    focus: str = ""
    asked: str = ""


@dataclass(frozen=True)
class Utterance:
    """One gold line; `where` names it in messages, `row` is the line as written."""

    id: str
    catalog: str
    kinds: tuple[str, ...]
    given: Given
    say: str
    gold: Gold
    where: str
    row: Mapping[str, Any] = field(repr=False, compare=False, default_factory=dict)


def read_utterances(path: Path) -> list[Utterance]:
    """All utterances of a file. GoldError names file, line and what is wrong."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{path} cannot be read ({error}); name a file of gold utterances, JSON lines") from error
    utterances = list(_utterances(path, lines))
    if not utterances:
        raise GoldError(f"{path}: there are no utterances in it; write one JSON object a line")
    seen: dict[str, str] = {}
    for one in utterances:
        if one.id in seen:
            raise GoldError(f"{one.where}: the id {one.id!r} stands at {seen[one.id]} already; ids must be unique")
        seen[one.id] = one.where
    return utterances


def _utterances(path: Path, lines: Sequence[str]) -> Iterator[Utterance]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise GoldError(f"{where}: no JSON ({error}); write one object a line") from error
        try:
            yield _utterance(row, where)
        except (KeyError, TypeError, ValueError) as error:
            told = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
            raise GoldError(f"{where}: {told}; see the format in assets/utterances/README.md") from error


def _utterance(row: Any, where: str) -> Utterance:
    _expect(isinstance(row, dict), "expected an object", row)
    gold, given = row["gold"], row.get("given", {})
    _expect(isinstance(gold, dict) and not set(gold) - set(_GOLD), f"gold: expected only {', '.join(_GOLD)}", gold)
    _expect(isinstance(given, dict) and not set(given) - set(_GIVEN), f"given: expected {', '.join(_GIVEN)}", given)
    kinds = _texts(row["kinds"], "kinds")
    _expect(bool(kinds) and set(kinds) <= set(KINDS), f"kinds: expected some of {', '.join(KINDS)}", kinds)
    asked, focus = given.get("asked") or "", given.get("focus") or ""
    return Utterance(
        id=_text(row["id"], "id"),
        catalog=_text(row["catalog"], "catalog"),
        kinds=kinds,
        given=Given(_texts(given.get("shown"), "shown"), _texts(given.get("beliefs"), "beliefs"), focus, asked),
        say=_text(row["say"], "say"),
        gold=_gold(gold),
        where=where,
        row=row,
    )


def _gold(gold: Mapping[str, Any]) -> Gold:
    _expect(gold["intent"] in INTENTS, f"intent: expected one of {', '.join(INTENTS)}", gold["intent"])
    count = gold.get("count")
    _expect(count is None or (isinstance(count, int) and count > 0), "count: expected a whole number", count)
    return Gold(
        gold["intent"],
        adds=_texts(gold.get("adds"), "adds"),
        drops=_texts(gold.get("drops"), "drops"),
        about=_texts(gold.get("about"), "about"),
        question=_question(gold),
        count=count,
        options=_texts(gold.get("options"), "options"),
    )


def _question(gold: Mapping[str, Any]) -> Asked | None:
    """The question, with what it is about beside its kind or in an object with it."""
    asked = gold.get("question")
    if asked is None:
        _expect(gold["intent"] != "question", "question: expected the kind of question", asked)
        return None
    row = asked if isinstance(asked, dict) else {**gold, "kind": asked}
    kind = row["kind"]
    _expect(kind in QUESTIONS, f"question: expected one of {', '.join(QUESTIONS)}", kind)
    return Asked(kind, row.get("field") or "", str(row.get("value") or ""), _texts(row.get("where"), "where"))


def _text(value: Any, name: str) -> str:
    _expect(isinstance(value, str) and bool(value), f"{name}: expected a text", value)
    return str(value)


def _texts(value: Any, name: str) -> tuple[str, ...]:
    fine = value is None or (isinstance(value, list) and all(isinstance(v, str) for v in value))
    _expect(fine, f"{name}: expected a list of texts", value)
    return tuple(value or ())


def _expect(fine: bool, told: str, value: Any) -> None:
    if not fine:
        raise ValueError(f"{told}, not {value!r}")
