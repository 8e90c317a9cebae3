"""Names that the catalog does not have."""

from chatbot.understanding.found import Found
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.text import Message
from chatbot.understanding.vocabulary import Vocabulary

_BEFORE_NAMES = ("by_performer", "by_creator", "similar", "like", "seen")

MIN_OFFER, MAX_OFFERED, MAX_NAME = 3, 2, 6
"""Words that "do you have" has at least, and words that name what is asked for at most, without and with capitals."""


class UnknownNameReader:
    """Finds capitalised or unheard-of words where a name is expected. Stateless, so that threads may share it."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary) -> None:
        self._lexicon = lexicon
        self._vocabulary = vocabulary

    def read(self, found: Found) -> str:
        """The first such name as written, or ""."""
        message, taken = found.message, found.taken
        if not taken:
            missing = self._topic(message) or self._offered(message)
            if missing:
                return missing
        for at in range(1, len(message.tokens)):
            cue = self._lexicon.cues.ending_at(message, at, _BEFORE_NAMES)
            if at in taken or cue is None or message.tokens[at].gap.strip():
                continue
            end = self._end(message, at, taken)
            if any(not self._vocabulary.knows(t.key) or t.capital for t in message.tokens[at:end]):
                return message.words(at, end)
        return ""

    def _topic(self, message: Message) -> str:
        """What things are wished to be about, where no word of it is known: "a course on welding"."""
        words, tokens = self._lexicon.words, message.tokens
        for at in range(1, len(tokens) - 1):
            about = tokens[at].key in words["about"] and tokens[at - 1].key in words["things"]
            if about and all(not self._vocabulary.knows(t.key) for t in tokens[at + 1 :]):
                return message.words(at + 1, len(tokens))
        return ""

    def _offered(self, message: Message) -> str:
        """What is asked for that the catalog does not hold: "do you sell umbrellas?"."""
        words = self._lexicon.words
        offer = self._lexicon.intents.starting_at(message, 0, ("have",)) if message.tokens else None
        if offer is None or offer.end < MIN_OFFER:
            return ""
        start = offer.end
        while start < len(message.tokens) and message.tokens[start].key in words["articles"] | words["another"]:
            start += 1
        tokens = message.tokens[start:]
        if not tokens or len(tokens) > MAX_NAME:
            return ""
        light = words["stop"] | words["things"] | words["pronouns"]
        heavy = len(tokens) <= MAX_OFFERED and not any(token.key in light for token in tokens)
        named = tokens[-1].capital and not message.shouted and tokens[-1].key not in words["proper"]
        return message.words(start, len(message.tokens)) if heavy or named else ""

    def _end(self, message: Message, start: int, taken: set[int]) -> int:
        """Where the words that look like a name end; `start` where the first does not."""
        end = start
        while end < len(message.tokens) and end not in taken and self._looks_like_name(message, end):
            if end > start and message.tokens[end].gap.strip():
                break
            end += 1
        return end

    def _looks_like_name(self, message: Message, at: int) -> bool:
        token = message.tokens[at]
        words = self._lexicon.words
        if token.key in words["proper"] or token.key in words["pronouns"] or token.number is not None:
            return False
        capital = token.capital and not message.shouted
        return len(token.key) > 1 and (capital or not self._vocabulary.knows(token.key))
