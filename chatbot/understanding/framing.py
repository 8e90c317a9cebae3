"""Where in a message a question stands: behind "wait," and "could you tell me", before or behind what is stated."""

import itertools
from dataclasses import dataclass

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.text import Message

_ENDS = frozenset(".!?\n;")
MIN_ASKED = 3
"""Words that a question has at least where something else is said beside it."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A message of which one part asks and the other does not, as texts."""

    asked: str
    told: str
    told_first: bool


class FrameReader:
    """Finds the question proper. Stateless, so that threads may share it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon.words
        self._asking = lexicon.asking
        self._wh = lexicon.words["wh_words"]
        self._openers = lexicon.words["have_openers"] | lexicon.words["modals"] | lexicon.words["why_openers"]

    def start(self, message: Message) -> int:
        """The token with which the question begins: behind words that only lead in, and behind "could you tell me"."""
        at, count = self._led_in(message, 0), len(message.tokens)
        indirect = self._asking.starting_at(message, at, ("indirect",)) if at < count else None
        if indirect:
            behind = self._led_in(message, indirect.end)
            if behind < count and message.tokens[behind].key in self._wh | self._words["whether"]:
                return behind
        if at < count and message.tokens[at].key in self._openers:
            return at
        return self._behind_choice(message)

    def split(self, message: Message) -> Parts | None:
        """The part that asks and the part that does not, where a message has both; else None."""
        tokens = message.tokens
        starts = [at for at in range(len(tokens)) if at == 0 or self._begins(message, at)] + [len(tokens)]
        asking = [(a, b) for a, b in itertools.pairwise(starts) if self._asks(message, a, b)]
        if len(starts) == 2 or len(asking) != 1:
            return None
        start, end = asking[0]
        if start and end < len(tokens):  # it stands in the middle
            return None
        cut = tokens[start].start if start else tokens[end - 1].end + len(self._stop(message, end))
        before, behind = message.text[:cut].strip(" ,"), message.text[cut:].strip()
        return Parts(behind, before, told_first=True) if start else Parts(before, behind, told_first=False)

    # ------------------------------------------------------------ parts

    def _led_in(self, message: Message, at: int) -> int:
        """Behind the words that only lead in."""
        while at < len(message.tokens) and message.tokens[at].key in self._words["lead_ins"] - self._wh:
            at += 1
        return at

    def _behind_choice(self, message: Message) -> int:
        """Behind what is to be chosen from: "between the first two, which is newer?"; 0 where nothing is."""
        if (
            not message.tokens
            or message.tokens[self._led_in(message, 0) % len(message.tokens)].key not in (self._words["among"])
        ):
            return 0
        places = (at for at, t in enumerate(message.tokens) if at and t.gap.strip() and t.key in self._wh)
        return next(places, 0)

    def _begins(self, message: Message, at: int) -> bool:
        """Whether a sentence begins here, or a clause that asks."""
        gap, before = message.tokens[at].gap, message.tokens[at - 1].key
        if _ENDS & set(gap):
            return True
        joined = "," in gap or " - " in gap or "–" in gap or before in self._words["clause_joints"]
        wh = message.tokens[at].key in self._wh and not (before in self._words["clause_joints"] and at < 2)
        first = message.tokens[self._led_in(message, 0)].key if self._led_in(message, 0) < at else ""
        return joined and wh and self._told_before(message, at) and first not in self._words["among"]

    def _told_before(self, message: Message, at: int) -> bool:
        """Whether a sentence stands before the clause, which itself ends the message with a question mark."""
        led_in = self._led_in(message, 0)
        return led_in + 1 < at and message.text.rstrip().endswith("?") and message.tokens[led_in].key not in self._wh

    def _asks(self, message: Message, start: int, end: int) -> bool:
        """Whether these tokens ask: by their first words and a question mark, or by a word that only asks."""
        if end - start < MIN_ASKED:
            return False
        part = Message(message.text, message.tokens[start:end])
        first = part.tokens[self.start(part)].key
        marked = "?" in self._stop(message, end)
        return first in self._wh or (marked and first in self._openers)

    def _stop(self, message: Message, end: int) -> str:
        """The marks right behind the token before `end`."""
        behind = message.tokens[end].gap if end < len(message.tokens) else message.text[message.tokens[-1].end :]
        return behind.split(" ")[0]
