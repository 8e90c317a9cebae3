"""What a message is for, where a phrase of its own says so: greeting, undo, more, small talk, off topic …"""

import unicodedata

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.phrases import Phrases
from chatbot.understanding.reading import Intent
from chatbot.understanding.text import Message, covered

MAX_BESIDE = 3
"""Words that may stand beside a phrase of small talk."""
_WHOLE: tuple[Intent, ...] = ("undo", "restart", "bye", "more", "any", "take", "thanks", "greet", "yes")
"""Intents that a message has when nothing else stands in it; of two, the one named first here counts."""


def script_is_foreign(text: str) -> bool:
    """Whether most letters are not Latin."""
    letters = [c for c in text if c.isalpha()]
    latin = sum(unicodedata.name(c, "").startswith("LATIN") for c in letters)
    return bool(letters) and latin < len(letters) / 2


def whole_intent(message: Message, lexicon: Lexicon, after_question: bool) -> Intent | None:
    """The intent of a message that is nothing but a set phrase with polite words around it."""
    tags = _covering(message, lexicon.intents)
    if tags is None:
        return None
    order = ("any", *_WHOLE) if after_question else _WHOLE
    return next((intent for intent in order if intent in tags), None)  # type: ignore[return-value]


def small_talk(message: Message, lexicon: Lexicon) -> str | None:
    """The topic of a set phrase of small talk anywhere in a short message, else None."""
    spans = lexicon.smalltalk.longest(message)
    longest = max(spans, key=lambda span: span.end - span.start, default=None)
    if longest is None or len(message.tokens) - (longest.end - longest.start) > MAX_BESIDE:
        return None
    return longest.tag


def has(message: Message, lexicon: Lexicon, tag: str) -> bool:
    """Whether a phrase of that intent stands anywhere in the message."""
    return any(span.tag == tag for span in lexicon.intents.all(message))


def off_topic(message: Message, lexicon: Lexicon) -> bool:
    """Whether the message speaks of something that is no business of a recommender."""
    inside = covered(s for s in lexicon.intents.longest(message) if s.end - s.start > 1)  # "do you stock"
    return any(not inside & set(range(s.start, s.end)) for s in lexicon.off_topic.all(message))


def greets_first(message: Message, lexicon: Lexicon) -> bool:
    """Whether the message begins with a greeting."""
    return lexicon.intents.starting_at(message, 0, ("greet",)) is not None if message.tokens else False


def _covering(message: Message, phrases: Phrases) -> set[str] | None:
    """The tags of the phrases that, with polite words, make up the whole message; None if something is left."""
    tags: set[str] = set()
    spans = {span.start: span.end for span in phrases.longest(message)}
    found = [(span.start, span.tag) for span in phrases.longest(message)]
    at = 0
    while at < len(message.tokens):
        if at not in spans:
            return None
        tags |= {tag for start, tag in found if start == at}
        at = spans[at]
    return tags - {"polite"} or None
