"""What a message was found to contain, before it is interpreted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from chatbot.state import DialogueState
from chatbot.understanding.colours import Coloured
from chatbot.understanding.mentions import Mention
from chatbot.understanding.ranges import Range
from chatbot.understanding.text import Message, covered

_Stretch = TypeVar("_Stretch", bound=Mention | Range)


@dataclass(frozen=True, slots=True)
class Found:
    """A message, what it names, points at and bounds, and the state in which it was said."""

    message: Message
    coloured: Sequence[Coloured]  # mentions and ranges, each with the scope that it stands in
    mentions: Sequence[Mention]  # named and pointed at
    ranges: Sequence[Range]
    state: DialogueState

    @property
    def taken(self) -> set[int]:
        """The tokens that stand for something found."""
        return covered(one.what for one in self.coloured)

    def behind(self, start: int) -> "Found":
        """The same without the tokens before `start`, and without what is found in them."""
        if not start:
            return self

        def moved(one: _Stretch) -> _Stretch:
            return replace(one, start=one.start - start, end=one.end - start)

        return Found(
            replace(self.message, tokens=self.message.tokens[start:]),
            [replace(c, what=moved(c.what)) for c in self.coloured if c.what.start >= start],
            [moved(m) for m in self.mentions if m.start >= start],
            [moved(r) for r in self.ranges if r.start >= start],
            self.state,
        )
