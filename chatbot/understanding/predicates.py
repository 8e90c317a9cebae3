"""What is said of a thing behind its name: "was not really my thing", "looks great", "is far too long".

Small grammar instead of a list of phrases: a verb, then any number of negations, degrees and articles, then a word
of praise or blame. A negation turns the word round; "too" makes blame of whatever follows it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatbot.understanding.phrases import Phrases, Span
from chatbot.understanding.text import Message

_BREAKS = frozenset(".!?;,:…-–\n")
MAX_BETWEEN = 6
"""Words that may stand between the verb and the word of praise."""
AFTER_LIKE, AFTER_DISLIKE, AFTER_ALLOW, AFTER_TAKE = "after_like", "after_dislike", "after_allow", "after_take"


@dataclass(frozen=True)
class Predicates:
    """Finds predicates in messages. `words` are the sets of the lexicon's table [predicates]."""

    words: Mapping[str, frozenset[str]]
    heads: Phrases  # tagged good, bad, fair

    @classmethod
    def of(cls, table: Mapping[str, Sequence[str]]) -> "Predicates":
        """From the parsed TOML table."""
        heads = ("good", "bad", "fair")
        words = {name: frozenset(texts) for name, texts in table.items() if name not in heads}
        return cls(words, Phrases({name: table[name] for name in heads}))

    def at(self, message: Message, start: int) -> Span | None:
        """The predicate whose verb is token `start`, or which follows a subject that holds its verb ("it's")."""
        tokens = message.tokens
        key = tokens[start].key
        contracted = start > 0 and tokens[start - 1].text[-2:] in ("'s", "’s", "'S")  # "leather's out"
        bound = (
            start > 0 and (contracted or tokens[start - 1].key in self.words["bound"]) and not _breaks(message, start)
        )
        if key in self.words["copulas"] or key in self.words["senses"] or key in self.words["negative"]:
            first = start + 1
        elif bound:
            first = start
        else:
            return self._bare(message, start)
        sensed = key in self.words["senses"]
        return self._from(message, start, first, negated=key in self.words["negative"], sensed=sensed)

    def _bare(self, message: Message, start: int) -> Span | None:
        """A word of praise without a verb, cut off from what it praises: "Titanic, great film", "Titanic? Boring."."""
        if not start or not (_breaks(message, start) or self._elliptic(message, start)):
            return None
        return self._cut_off(message, start)

    def _elliptic(self, message: Message, start: int) -> bool:
        """Whether the verb is left out, or stands before the object: "the last one dreadful", "I found it dull"."""
        tokens, at = message.tokens, start - 1
        if tokens[at].key in self.words["nouns"]:
            return True
        while at > max(-1, start - MAX_BETWEEN) and not _breaks(message, at + 1):
            if tokens[at].key in self.words["finds"]:
                return at < start - 1
            at -= 1
        return False

    def opening(self, message: Message) -> Span | None:
        """A word of praise or blame with which a message begins: "what a great film", "boring as hell", "too long"."""
        tokens = message.tokens
        start = 0
        while start < len(tokens) and tokens[start].key in self.words["exclaims"]:
            start += 1
        if start >= len(tokens):
            return None
        return self._cut_off(message, start) or self._from(message, start, start, negated=False, sensed=False)

    def _cut_off(self, message: Message, start: int) -> Span | None:
        at, end = start, len(message.tokens)
        while (
            at < end and message.tokens[at].key in self.words["degrees"] and (at == start or not _breaks(message, at))
        ):
            at += 1
        head = self.heads.starting_at(message, at) if at == start or (at < end and not _breaks(message, at)) else None
        if head is None:
            return None
        more = self.heads.starting_at(message, head.end) if not self._closes(message, head.end) else None
        behind = self._noun(message, more.end if more else head.end)
        return Span(start, behind, _tag(head.tag, False, False, False)) if self._closes(message, behind) else None

    def _closes(self, message: Message, at: int) -> bool:
        """Whether no noun follows that a word of praise would go with."""
        tokens = message.tokens
        return at >= len(tokens) or _breaks(message, at) or tokens[at].key in self.words["behind"]

    def _from(self, message: Message, start: int, at: int, negated: bool, sensed: bool) -> Span | None:
        """The predicate from its verb at `start`, read on from token `at`."""
        tokens, too, end = message.tokens, False, at
        while end < min(len(tokens), at + MAX_BETWEEN + 1) and not (end > start and _breaks(message, end)):
            head = self.heads.starting_at(message, end)
            key = tokens[end].key
            if head and not (key in self.words["degrees"] and not self._closes(message, head.end)):
                return Span(start, self._noun(message, head.end), _tag(head.tag, negated, too, sensed))
            if key in self.words["senses"]:
                sensed = True
            elif key in self.words["too"]:
                too = True
            elif key in self.words["not"] or key in self.words["negative"]:
                negated = not negated
            elif too and not negated and key not in self.words["degrees"]:
                return Span(start, end + 1, AFTER_DISLIKE)
            elif key not in self.words["degrees"] and key not in self.words["copulas"]:
                return None
            end += 1
        return None

    def _noun(self, message: Message, end: int) -> int:
        """Behind a noun that the word of praise goes with: "a great film"."""
        noun = end < len(message.tokens) and message.tokens[end].key in self.words["nouns"]
        return end + 1 if noun and not message.tokens[end].gap.strip() else end


class Cues(Phrases):
    """Cue phrases, and predicates among them."""

    def __init__(self, phrases: Mapping[str, Sequence[str]], predicates: Predicates) -> None:
        super().__init__(phrases)
        self._predicates = predicates

    def at(self, message: Message, start: int) -> list[Span]:
        """The phrases that begin at a token, and the predicate if one does; the longest first."""
        spans = super().at(message, start)
        predicate = self._predicates.at(message, start)
        if predicate and predicate not in spans:
            spans.append(predicate)
            spans.sort(key=lambda s: s.start - s.end)
        return spans


def _tag(head: str, negated: bool, too: bool, sensed: bool) -> str:
    if negated:
        return AFTER_ALLOW if head == "bad" else AFTER_DISLIKE
    if too or head == "bad":
        return AFTER_DISLIKE
    if head == "fair":
        return AFTER_ALLOW
    return AFTER_TAKE if sensed else AFTER_LIKE


def _breaks(message: Message, at: int) -> bool:
    return bool(_BREAKS & set(message.tokens[at].gap))
