"""Whose taste a verb tells of: "I love musicals" is mine, "my wife loves musicals" is not, unless we watch together."""

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.text import Message

_BREAKS = frozenset(".!?;\n")
MAX_BACK = 6
"""The subject stands at most this many tokens before its verb."""


class OwnerReader:
    """Finds the subject of a verb. Stateless, so that threads may share it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._words = lexicon.words

    def is_other(self, message: Message, verb: int) -> bool:
        """Whether the verb at token `verb` tells the taste of somebody else, for whom nothing is looked for."""
        return self.is_subject_other(message, verb) and not self.is_shared(message)

    def is_subject_other(self, message: Message, verb: int) -> bool:
        """Whether somebody else is the subject of the verb at token `verb`."""
        tokens = message.tokens
        for at in range(verb - 1, max(-1, verb - 1 - MAX_BACK), -1):
            if _BREAKS & set(tokens[at + 1].gap):
                return False
            if tokens[at].key in self._words["own"] | self._words["contrasts"] - self._words["and"]:
                return False
            if tokens[at].key in self._words["others"]:
                return True
            if "," in tokens[at + 1].gap and tokens[at + 1].key not in self._words["relative"]:
                return False
        return False

    def is_shared(self, message: Message) -> bool:
        """Whether what is looked for is for the other person, or for both."""
        return "shared" in self._lexicon.cues.tags_in(message)
