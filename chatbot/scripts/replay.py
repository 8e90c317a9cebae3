"""Replaying a dialogue with a bot, and what failed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from chatbot.scripts.checks import ACTS, Names, Scene, last_shown, titles_of
from chatbot.scripts.conditions import as_tuple, folded
from chatbot.scripts.dialogues import Action, Dialogue, Step, load_script
from chatbot.scripts.nodes import nearest
from chatbot.scripts.profile import EMPTY, item_ids, pairs
from index.errors import RapportError

TurnJson = Mapping[str, Any]
START: TurnJson = {"act": "", "text": "", "items": [], "choices": [], "state": EMPTY}


class Talk(Protocol):
    """One conversation, as chatbot.Conversation is."""

    def say(self, text: str) -> Any:
        """Answers a message."""

    def undo(self, n: int = 1) -> Any:
        """Takes back the last n actions."""

    def restart(self) -> Any:
        """Begins again."""

    def feedback(self, item_id: str, value: Any) -> Any:
        """Notes what the person thinks of an item."""

    def forget(self, belief_id: str) -> Any:
        """Drops one belief."""


class Bot(Protocol):
    """What starts conversations, as chatbot.Chatbot does."""

    @property
    def index(self) -> Any:
        """The index folder; its `catalog` is what is talked about."""

    def start(self, seed: int | None = None) -> Talk:
        """A new conversation."""


class Unplayable(Exception):
    """The action cannot be done here: the bot offered no such choice, list or belief."""


@dataclass(frozen=True)
class Failure:
    """One check that did not hold."""

    path: str
    line: int
    dialogue: str
    turn: int
    action: str
    check: str
    expected: str
    got: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}: {self.dialogue}, turn {self.turn} ({self.action})"
        return f"{where}: {self.check}: expected {self.expected}; got {self.got}"


@dataclass(frozen=True)
class Replay:
    """A dialogue that was played: the replies in order, and what failed."""

    dialogue: Dialogue
    turns: tuple[TurnJson, ...]
    failures: tuple[Failure, ...]

    def transcript(self) -> str:
        """The conversation as text."""
        lines = []
        for step, turn in zip(self.dialogue.steps, self.turns, strict=False):
            lines += [f"> {step.action}", f"[{turn['act']}] {turn['text']}"]
        return "\n".join(lines)


def run_script(path: str | Path, bot: Bot) -> list[Failure]:
    """Plays every dialogue of a file, each in a conversation of its own.

    Raises ScriptError where the script is broken or names a field or title that the catalog does not have.
    """
    dialogues, names = load_script(path), Names(bot.index.catalog)
    for dialogue in dialogues:
        check_names(dialogue, names)
    return [failure for dialogue in dialogues for failure in _unexpected(replay(dialogue, bot, names))]


def _unexpected(played: Replay) -> Iterable[Failure]:
    """The failures; of an open dialogue, that it has none."""
    dialogue = played.dialogue
    if not dialogue.open:
        return played.failures
    found = ("open", dialogue.open, "all holds; remove `open`")
    return () if played.failures else (_failure(dialogue, len(dialogue.steps), dialogue.steps[-1], found),)


def check_names(dialogue: Dialogue, names: Names) -> None:
    """Raises ScriptError where the dialogue names a field or an item that the catalog does not have."""
    catalog = names.catalog
    for step in dialogue.steps:
        for check in step.checks:
            for name in check.fields:
                if catalog.field(name) is None:
                    known = [field.name for field in catalog.fields]
                    check.place.fail(f"the catalog has no field {name!r}; {nearest(name, known)}")
            for title in check.titles:
                _require_item(step, names, title)
        if step.action.kind == "feedback" and isinstance(step.action.argument[0], str):
            _require_item(step, names, step.action.argument[0])


def _require_item(step: Step, names: Names, title: str) -> None:
    if not names.ids(title):
        step.place.fail(f"the catalog has no item {title!r}; give its title as the catalog has it, or its id")


def replay(dialogue: Dialogue, bot: Bot, names: Names | None = None) -> Replay:
    """Plays one dialogue; a turn that cannot be played ends it."""
    names = names or Names(bot.index.catalog)
    talk = bot.start(seed=dialogue.seed)
    turns, failures = [START], []
    for number, step in enumerate(dialogue.steps, 1):
        found: Iterable[tuple[str, str, str]]
        try:
            turn = _act(talk, step.action, turns, names).to_json()
        except (Unplayable, RapportError) as error:
            failures.append(_failure(dialogue, number, step, ("action", "a reply", str(error))))
            break
        found = [*_always(turn, names), *_expected(step, Scene(turn, turns, names))]
        failures += [_failure(dialogue, number, step, one) for one in found]
        turns.append(turn)
    return Replay(dialogue, tuple(turns[1:]), tuple(failures))


def _failure(dialogue: Dialogue, number: int, step: Step, found: tuple[str, str, str]) -> Failure:
    action = str(step.action)
    short = action if len(action) <= 80 else f"{action[:77]}..."
    return Failure(dialogue.path, step.place.line, dialogue.name, number, short, *found)


def _expected(step: Step, scene: Scene) -> Iterator[tuple[str, str, str]]:
    for check in step.checks:
        got = check.test(scene)
        if got is not None:
            yield check.key, check.expected, got


def _always(turn: TurnJson, names: Names) -> Iterator[tuple[str, str, str]]:
    """What every reply holds, whatever the script says."""
    if turn["act"] not in ACTS:
        yield "act", f"one of {', '.join(ACTS)}", str(turn["act"])
    if not turn["text"].strip():
        yield "text", "some text", "none"
    unnamed = [item for item in turn["items"] if item["title"] not in turn["text"]]
    if unnamed:
        yield "text", f"every shown title, also {titles_of(unnamed)}", repr(turn["text"])
    ids = [item["id"] for item in turn["items"]]
    if len(set(ids)) < len(ids):
        yield "items", "each item once", titles_of(turn["items"])
    if turn["act"] == "recommend":
        yield from _unwelcome(turn)


def _unwelcome(turn: TurnJson) -> Iterator[tuple[str, str, str]]:
    """A recommendation never brings what the person refused or has seen, on whatever turn they said so."""
    state = turn["state"]
    refused_ids = item_ids(state, "dislikes") | item_ids(state, "seen")
    refused = pairs(state, "refuses")
    for item in turn["items"]:
        if item["id"] in refused_ids:
            yield "items", "nothing disliked or seen", item["title"]
        for field, value in refused:
            if value in [folded(v) for v in as_tuple(item["facts"].get(field))]:
                yield "items", f"nothing with {field} {value}", item["title"]


def _act(talk: Talk, action: Action, turns: Sequence[TurnJson], names: Names) -> Any:
    """Does one action; gives the bot's reply."""
    argument = action.argument
    if action.kind == "say":
        return talk.say(argument)
    if action.kind == "choose":
        return talk.say(_nth(turns[-1]["choices"], argument, "choices"))
    if action.kind == "undo":
        return talk.undo(argument)
    if action.kind == "restart":
        return talk.restart()
    if action.kind == "feedback":
        return talk.feedback(_item_id(argument[0], turns, names), argument[1])
    return talk.forget(_belief_id(argument, turns[-1]["state"]))


def _nth(offered: Sequence[Any], number: int, what: str) -> Any:
    if number > len(offered):
        raise Unplayable(f"{len(offered)} {what}, so there is no number {number}")
    return offered[number - 1]


def _item_id(item: int | str, turns: Sequence[TurnJson], names: Names) -> str:
    """A position counts in the list shown last; a title that several items bear is the first by id."""
    if isinstance(item, int):
        return str(_nth(last_shown(turns), item, "items shown")["id"])
    return min(names.ids(item))


def _belief_id(wanted: tuple[str | None, Any], state: TurnJson) -> str:
    field, value = wanted
    for side in ("likes", "dislikes", "constraints"):
        for belief in state[side]:
            values = [folded(v) for v in as_tuple(belief["value"])]
            if field in (None, belief["field"]) and (value is None or folded(value) in values):
                return str(belief["belief"])
    raise Unplayable(f"there is no belief with {field or ''} {value or ''}".replace("  ", " "))
