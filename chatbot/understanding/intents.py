"""What a message is for, where a phrase of its own says so: greeting, undo, more, small talk, off topic …"""

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.reading import Intent
from chatbot.understanding.text import Message

MAX_BESIDE = 3
"""Words that may stand beside a phrase of small talk, and never more than it has itself."""
_WHOLE: tuple[Intent, ...] = ("insult", "undo", "restart", "bye", "more", "any", "take", "thanks", "greet", "yes")
"""Intents that a message has when nothing else stands in it; of two, the one named first here counts."""


def whole_intent(message: Message, lexicon: Lexicon, after_question: bool) -> Intent | None:
    """The intent of a message that is nothing but a set phrase with polite words around it."""
    tags = _covering(message, lexicon)
    if tags is None:
        return None
    order = ("any", *_WHOLE) if after_question else _WHOLE
    return next((intent for intent in order if intent in tags), None)  # type: ignore[return-value]


def small_talk(message: Message, lexicon: Lexicon) -> str | None:
    """The topic of a set phrase of small talk anywhere in a short message, else None."""
    spans = lexicon.smalltalk.longest(message)
    longest = max(spans, key=lambda span: span.end - span.start, default=None)
    if longest is None:
        return None
    length = longest.end - longest.start
    if len(message.tokens) - length > min(MAX_BESIDE, length):
        return None
    return longest.tag


def has(message: Message, lexicon: Lexicon, tag: str) -> bool:
    """Whether a phrase of that intent stands anywhere in the message."""
    return any(span.tag == tag for span in lexicon.intents.all(message))


def greets_first(message: Message, lexicon: Lexicon) -> bool:
    """Whether the message begins with a greeting."""
    return lexicon.intents.starting_at(message, 0, ("greet",)) is not None if message.tokens else False


def _covering(message: Message, lexicon: Lexicon) -> set[str] | None:
    """The tags of the phrases that, with polite words and praise, make up the whole message; None if something is
    left."""
    tags: set[str] = set()
    phrases = lexicon.intents.longest(message)
    spans = {span.start: span.end for span in phrases}
    found = [(span.start, span.tag) for span in phrases]
    at = 0
    while at < len(message.tokens):
        if at not in spans:
            praise = lexicon.predicates.heads.starting_at(message, at, ("good",))
            if praise is None:
                return None
            spans[at] = praise.end
        tags |= {tag for start, tag in found if start == at}
        at = spans[at]
    return tags - {"polite"} or None
