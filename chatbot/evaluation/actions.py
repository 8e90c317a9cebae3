"""Everything a person can do in a conversation, beside a record of what it should have led to."""

from dataclasses import dataclass
from typing import Literal

from chatbot.bot import Conversation
from index.errors import RapportError

Kind = Literal["say", "say_undo", "say_restart", "abandon", "feedback", "forget", "undo", "restart", "bad"]
BAD = ("undo 0", "undo text", "feedback item", "feedback value", "forget belief")
"""Actions that cannot be carried out."""


@dataclass(frozen=True, slots=True)
class Action:
    """One action. `what` is the message, the item and value, the number of a belief or of actions, or one of BAD."""

    kind: Kind
    what: str = ""
    number: int = 0


class Ledger:
    """Carries out actions on one conversation and keeps the fingerprint that each step left behind."""

    def __init__(self, talk: Conversation) -> None:
        self.talk = talk
        self._marks = [talk.fingerprint()]

    def act(self, action: Action) -> str | None:
        """Carries out an action; says what is wrong with what came of it, or None."""
        getattr(self, f"_{action.kind}")(action)
        if self.talk.fingerprint() != self._marks[-1]:
            return f"{action}: the conversation is not what it was"
        if len(self.talk.turns) != len(self._marks) - 1:
            return f"{action}: {len(self.talk.turns)} turns where {len(self._marks) - 1} are left"
        return None

    # ------------------------------------------------------------ actions that count

    def _say(self, action: Action) -> None:
        self.talk.say(action.what)
        self._marks.append(self.talk.fingerprint())

    def _feedback(self, action: Action) -> None:
        item_id, _, value = action.what.rpartition(" ")
        self.talk.feedback(item_id, value)
        self._marks.append(self.talk.fingerprint())

    def _forget(self, action: Action) -> None:
        held = [*(belief.id for belief in self.talk.state.beliefs), *self.talk.state.seen]
        if held:
            self.talk.forget(held[action.number % len(held)])
            self._marks.append(self.talk.fingerprint())

    # ------------------------------------------------------------ actions that take back

    def _undo(self, action: Action) -> None:
        self.talk.undo(action.number)
        self._back(action.number)

    def _say_undo(self, action: Action) -> None:
        self.talk.say(action.what)
        self._back(1)

    def _restart(self, action: Action) -> None:
        self.talk.restart()
        self._back(len(self._marks))

    def _say_restart(self, action: Action) -> None:
        self.talk.say(action.what)
        self._back(len(self._marks))

    def _back(self, steps: int) -> None:
        del self._marks[max(1, len(self._marks) - steps) :]

    # ------------------------------------------------------------ actions that do nothing

    def _abandon(self, action: Action) -> None:
        """Leaves in the middle of a reply."""
        stream = self.talk.stream(action.what)
        next(stream, None)
        stream.close()  # type: ignore[attr-defined]

    def _bad(self, action: Action) -> None:
        tries = {
            "undo 0": lambda: self.talk.undo(0),
            "undo text": lambda: self.talk.undo("one"),  # type: ignore[arg-type]
            "feedback item": lambda: self.talk.feedback("there is no such item", "like"),
            "feedback value": lambda: self.talk.feedback("there is no such item", "adore"),
            "forget belief": lambda: self.talk.forget("there is no such belief"),
        }
        try:
            tries[action.what]()
        except RapportError:
            return
        raise AssertionError(f"{action} was carried out")
