"""Keeps what conversations taught, so that the next index can learn from it: `chatbot train scorer --feedback FILE`.

Nothing is kept unless a file is named. A line holds one conversation as far as it went, in the form that
`chatbot index --dialogues` reads too; a later line with the same id takes the place of an earlier one.
"""

import json
import threading
from pathlib import Path
from typing import Any

from chatbot.bot import Conversation
from chatbot.errors import ActionError


class FeedbackLog:
    """Appends conversations to a file. Safe to use from any thread."""

    def __init__(self, path: str | Path) -> None:
        """ActionError where the file cannot be written."""
        self._path = Path(path)
        self._lock = threading.Lock()
        try:
            self._path.open("a", encoding="utf-8").close()
        except OSError as error:
            raise ActionError(f"{path}: feedback cannot be kept there ({error.strerror}); name another file") from error

    def note(self, talk: Conversation) -> None:
        """Writes a conversation down if its latest action told something of an item."""
        turns = talk.turns
        tastes = [_tastes(turn.state) for turn in turns[-2:]]
        if not tastes or not any(tastes[-1].values()) or (len(tastes) == 2 and tastes[0] == tastes[1]):
            return
        line = json.dumps(record(talk), ensure_ascii=False) + "\n"
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(line)


def record(talk: Conversation) -> dict[str, Any]:
    """A conversation as a line of feedback: what was said and shown, and what was liked, disliked and seen."""
    messages = []
    state = talk.turns[-1].state if talk.turns else {"likes": [], "dislikes": [], "seen": []}
    for turn in talk.turns:
        if turn.said:
            messages.append({"role": "user", "text": turn.said, "mentions": _named(state, turn.turn)})
        messages.append({"role": "assistant", "text": turn.text, "mentions": [item.id for item in turn.items]})
    return {"id": talk.key, "messages": messages, **_tastes(state)}


def _tastes(state: dict[str, Any]) -> dict[str, list[str]]:
    opinions = {name: [b["id"] for b in state[name] if b["id"]] for name in ("likes", "dislikes")}
    return {**opinions, "seen": list(state["seen"])}


def _named(state: dict[str, Any], turn: int) -> list[str]:
    """The items of which that turn gave an opinion that still counts."""
    return [b["id"] for name in ("likes", "dislikes") for b in state[name] if b["id"] and b["turn"] == turn]
