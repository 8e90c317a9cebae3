"""The conversation in a terminal: for people, and as JSON lines for programs."""

import json
import logging
from typing import Any, TextIO

from chatbot.bot import Conversation
from chatbot.errors import ActionError
from chatbot.turn import Turn

_FORMS = (
    '{"say": "text"}, {"undo": 1}, {"restart": true}, {"feedback": {"item": "ID", "value": "like"}} '
    'or {"forget": {"belief": "ID"}}'
)


def chat(talk: Conversation, given: TextIO, out: TextIO) -> None:
    """Reads a line, streams the reply; until the input ends or the person says goodbye."""
    out.write("Say what you feel like. `undo` takes a message back, `restart` begins again, Ctrl-D ends.\n")
    while True:
        out.write("\nyou> ")
        out.flush()
        line = given.readline()
        if not line:
            out.write("\n")
            return
        out.write("\n")
        for piece in talk.stream(line.rstrip("\n")):
            out.write(piece)
            out.flush()
        out.write("\n")
        out.writelines(f"  - {choice}\n" for choice in (talk.last.choices if talk.last else ()))
        if talk.last and talk.last.act == "bye":
            return


def chat_json(talk: Conversation, given: TextIO, out: TextIO) -> None:
    """One action a line in, one turn a line out, flushed at once. A line that is no action changes nothing."""
    for line in given:
        try:
            answer = act(talk, line).to_json()
        except ActionError as error:
            answer = {"error": str(error)}
        except Exception as error:  # a fault of ours must not end a conversation that another program holds
            logging.getLogger(__name__).warning("cannot answer %r: %r", line[:200], error)
            answer = {"error": f"this cannot be answered because of a fault in the program ({type(error).__name__})"}
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        out.flush()


def act(talk: Conversation, line: str) -> Turn:
    """Carries out one JSON action; ActionError if it is none."""
    try:
        action = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ActionError(f"not JSON ({error}); expected one of {_FORMS}") from error
    if not isinstance(action, dict) or len(action) != 1:
        raise ActionError(f"expected an object with one key, one of {_FORMS}")
    name, value = next(iter(action.items()))
    if name == "say" and isinstance(value, str):
        return talk.say(value)
    if name == "undo":
        return talk.undo(value)
    if name == "restart" and value is True:
        return talk.restart()
    if name == "feedback" and _has(value, "item", "value"):
        return talk.feedback(value["item"], value["value"])
    if name == "forget" and _has(value, "belief"):
        return talk.forget(value["belief"])
    raise ActionError(f"{name!r} with {json.dumps(value)[:80]} is not an action; expected one of {_FORMS}")


def _has(value: Any, *keys: str) -> bool:
    return isinstance(value, dict) and set(value) == set(keys) and all(isinstance(v, str) for v in value.values())
