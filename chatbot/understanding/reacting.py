"""Reactions that name nothing: "meh, not for me", "too long", "sounds boring", "one of my favourites", "sign me up"."""

from chatbot.state import DialogueState, Evidence, Focus, Opinion, Seen
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.phrases import Span
from chatbot.understanding.reading import Reading
from chatbot.understanding.text import Message, covered

_LIKED = {"after_like": 1.0, "after_take": 1.0, "after_want": 1.0, "after_allow": 0.5}
MAX_BESIDE = 2
"""Words without a part in the reaction that may stand beside it."""


class ReactionReader:
    """Reads opinions on the item that the talk is about, or on the list. Stateless, so that threads may share it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def read(self, message: Message, state: DialogueState) -> Reading | None:
        """The reading of a message that names nothing; None where it is no reaction to anything shown."""
        if not state.last_shown or state.open_question:
            return None
        spans = self._spans(message)
        if not spans or not self._nothing_else(message, spans):
            return None
        last = next((s.tag for s in reversed(spans) if s.tag != "seen"), "seen")
        about = self._about(state)
        if about is None:
            return (
                Reading("more" if last in ("after_dislike", "rejects") else "yes")
                if last not in ("seen", "after_seen")
                else None
            )
        return self._opinion(about, last, message)

    def _opinion(self, item: str, tag: str, message: Message) -> Reading:
        evidence: tuple[Evidence, ...]
        if tag in ("seen", "after_seen"):
            evidence = (Seen(item, words=message.text),)
        elif tag in ("takes", "commits"):
            return Reading("take", evidence=(Opinion(True, item_id=item, words=message.text), Focus(item)))
        else:
            evidence = (Opinion(tag in _LIKED, item_id=item, words=message.text, strength=_LIKED.get(tag, 1.0)),)
        return Reading("tell", evidence=evidence, praised=tag == "after_take")

    def _about(self, state: DialogueState) -> str | None:
        """The item last spoken of, or the only one of the list."""
        return state.spoken_of or (state.last_shown[0] if len(state.last_shown) == 1 else None)

    def _spans(self, message: Message) -> list[Span]:
        """The opinions of the message that need no name before them."""
        wanted = (*_LIKED, "after_dislike", "rejects", "seen", "commits", "after_seen")
        opening = self._lexicon.predicates.opening(message)
        spans = [s for s in self._lexicon.opinions.longest(message) if s.tag in wanted]
        if opening and not any(s.start < opening.end for s in spans):
            spans.insert(0, opening)
        return spans

    def _nothing_else(self, message: Message, spans: list[Span]) -> bool:
        """Whether hardly anything but the opinion, polite words and small ones stands in the message."""
        lexicon, said = self._lexicon, covered(spans)
        said |= covered(s for s in lexicon.intents.longest(message) if s.tag in ("polite", "yes", "thanks", "take"))
        light = lexicon.words["stop"] | lexicon.words["pronouns"] | lexicon.words["interjections"]
        rest = [t for at, t in enumerate(message.tokens) if at not in said and t.key not in light]
        return len(rest) <= MAX_BESIDE and len(rest) < len(message.tokens)
