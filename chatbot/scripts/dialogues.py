"""The format: a file of dialogues, each a list of steps, each an action and what its reply has to hold."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from chatbot.scripts.checks import Check, read_checks
from chatbot.scripts.nodes import Entry, Place, read_yaml

ActionKind = Literal["say", "choose", "undo", "restart", "feedback", "forget"]
FEEDBACK = ("like", "dislike", "seen")


@dataclass(frozen=True)
class Action:
    """What the person does. The argument is a text, a number, or (item, value) and (field, value) pairs."""

    kind: ActionKind
    argument: Any

    def __str__(self) -> str:
        if self.kind in ("feedback", "forget") and isinstance(self.argument, tuple):
            return f"{self.kind}: {' '.join(map(str, self.argument))}"
        return f"{self.kind}: {self.argument}"


@dataclass(frozen=True)
class Step:
    """One action and the checks of the reply to it."""

    action: Action
    checks: tuple[Check, ...]
    place: Place


@dataclass(frozen=True)
class Dialogue:
    """One conversation. `seed` is handed to the bot, so that a replay is the same each time.

    `open` says what the bot still gets wrong here, if anything: the dialogue is then expected to fail.
    """

    name: str
    about: str
    seed: int
    steps: tuple[Step, ...]
    path: str
    open: str = ""


def load_script(path: str | Path) -> tuple[Dialogue, ...]:
    """The dialogues of a YAML file; one with a turn that can be worded in several ways gives one for each wording.

    Raises ScriptError naming file, line, field and remedy.
    """
    dialogues: list[Dialogue] = []
    for entry in read_yaml(Path(path)).items():
        dialogues += _dialogue(entry)
    names = [dialogue.name for dialogue in dialogues]
    for dialogue in dialogues:
        if names.count(dialogue.name) > 1:
            place = dialogue.steps[0].place
            place.fail(f"the name {dialogue.name!r} stands twice in this file; give each dialogue its own")
    return tuple(dialogues)


def _dialogue(entry: Entry) -> list[Dialogue]:
    parts = entry.mapping(("name", "about", "seed", "open", "turns"), required=("name", "turns"))
    steps = [_steps(turn, number) for number, turn in enumerate(_turns(parts["turns"]), 1)]
    worded = [number for number, wordings in enumerate(steps) if len(wordings) > 1]
    if len(worded) > 1:
        parts["turns"].place.fail("only one turn of a dialogue may list several wordings; write several dialogues")
    dialogue = Dialogue(
        name=parts["name"].text(),
        about=parts["about"].text() if "about" in parts else "",
        seed=parts["seed"].count() if "seed" in parts else 0,
        steps=tuple(wordings[0] for wordings in steps),
        path=entry.place.path,
        open=parts["open"].text() if "open" in parts else "",
    )
    return _wordings(dialogue, worded[0], steps[worded[0]]) if worded else [dialogue]


def _turns(entry: Entry) -> list[Entry]:
    if not entry.is_list or not entry.items():
        entry.place.fail(f"expected a list of turns (lines that begin with `- say: …`), found {entry.found}")
    return entry.items()


def _wordings(dialogue: Dialogue, number: int, wordings: list[Step]) -> list[Dialogue]:
    before, after = dialogue.steps[:number], dialogue.steps[number + 1 :]
    return [
        replace(dialogue, name=f"{dialogue.name}: {step.action.argument}", steps=(*before, step, *after))
        for step in wordings
    ]


def _steps(entry: Entry, number: int) -> list[Step]:
    parts = entry.mapping((*ACTIONS, "expect"))
    kinds = [kind for kind in parts if kind in ACTIONS]
    if len(kinds) != 1:
        entry.place.fail(f"a turn needs exactly one action of {', '.join(ACTIONS)}; found {', '.join(kinds) or 'none'}")
    kind = kinds[0]
    checks = tuple(read_checks(parts["expect"])) if "expect" in parts else ()
    for check in checks:
        if check.earlier is not None and check.earlier >= number:
            check.place.fail(f"turn {check.earlier} is not before turn {number}; name an earlier one (0 is the start)")
    return [Step(Action(kind, argument), checks, parts[kind].place) for argument in ACTIONS[kind](parts[kind])]  # type: ignore[arg-type]


def _say(entry: Entry) -> list[Any]:
    return list(entry.texts())


def _number(entry: Entry) -> list[Any]:
    return [entry.count(least=1)]


def _restart(entry: Entry) -> list[Any]:
    if not entry.flag():
        entry.place.fail("expected true; remove the turn if nothing is to happen")
    return [True]


def _feedback(entry: Entry) -> list[Any]:
    """`item` is a position in the list shown last, or a title or an id."""
    parts = entry.mapping(("item", "value"), required=("item", "value"))
    value, item = parts["value"].text(), parts["item"].value()
    if value not in FEEDBACK:
        parts["value"].place.fail(f"unknown feedback {value!r}; known here: {', '.join(FEEDBACK)}")
    if isinstance(item, int) and item < 1:
        parts["item"].place.fail("positions count from 1")
    return [(item if isinstance(item, int) else str(item), value)]


def _forget(entry: Entry) -> list[Any]:
    """The belief of that value, whatever its field, or of that field and value."""
    if not entry.is_mapping:
        return [(None, entry.value())]
    parts = entry.mapping(("field", "value"), required=("field",))
    return [(parts["field"].text(), parts["value"].value() if "value" in parts else None)]


ACTIONS: dict[str, Callable[[Entry], list[Any]]] = {
    "say": _say,
    "choose": _number,
    "undo": _number,
    "restart": _restart,
    "feedback": _feedback,
    "forget": _forget,
}
