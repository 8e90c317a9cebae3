"""What a message was found to contain, before it is interpreted."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.state import DialogueState
from chatbot.understanding.mentions import Mention
from chatbot.understanding.numbers import Range
from chatbot.understanding.preferences import Coloured
from chatbot.understanding.text import Message, covered


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
