"""Messages whose purpose shows without any name: commands, courtesies, small talk, and what is not our business."""

from dataclasses import replace
from typing import cast

from chatbot.state import DialogueState, Evidence, Focus, Opinion
from chatbot.understanding import intents
from chatbot.understanding.foreign import ForeignReader
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.reading import Intent, Reading
from chatbot.understanding.text import MAX_CHARACTERS, Message
from chatbot.understanding.vocabulary import Vocabulary

MAX_ASIDE = 6
"""A set phrase counts beside other words in a message of at most this many tokens."""


class SetPhraseReader:
    """Reads what set phrases alone can tell. Stateless, so that threads may share it."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary) -> None:
        self._lexicon = lexicon
        self._foreign = ForeignReader(vocabulary)

    def before_names(self, message: Message, state: DialogueState) -> Reading | None:
        """The reading of a message in which names need not be looked for, else None."""
        if len(message.text) > MAX_CHARACTERS:
            return Reading("long")
        if not message.tokens:
            return Reading("unclear" if message.text else "empty")
        if self._foreign.read(message):
            return Reading("language")
        if intents.has(message, self._lexicon, "instruction"):
            return Reading("instruction")
        whole = intents.whole_intent(message, self._lexicon, after_question=state.open_question is not None)
        if whole == "take" and not state.spoken_of:  # what is praised is the list, or nothing yet
            whole = "thanks" if intents.has(message, self._lexicon, "thanks") else "yes" if state.last_shown else None
        if whole == "any" and self._refuses_list(message, state):
            whole = "more"
        if whole:
            greeted = intents.greets_first(message, self._lexicon)
            topic = self._manner(whole, message)
            return Reading(whole, greeted=greeted, evidence=self._taken(whole, state), topic=topic)
        aside = intents.small_talk(message, self._lexicon)
        if aside:
            return Reading("smalltalk", topic=aside)
        return None

    def without_evidence(self, message: Message, base: Reading) -> Reading:
        """A message that names nothing: more of the same, a vague wish, or not our business."""
        lexicon = self._lexicon
        if intents.has(message, lexicon, "insult"):
            return replace(base, intent="insult")
        for tag in ("undo", "restart", "bye", "thanks"):
            if intents.has(message, lexicon, tag) and len(message.tokens) <= MAX_ASIDE:
                return replace(base, intent=cast(Intent, tag))
        if base.more:
            return replace(base, intent="more")
        wants = lexicon.opinions.tags_in(message) & {"want", "like"}
        if wants or lexicon.names_things(message) or base.count:
            return base
        return replace(base, intent="greet" if base.greeted else "unclear")

    def _refuses_list(self, message: Message, state: DialogueState) -> bool:
        """Whether "no", which lets a question drop, can only be about a list."""
        listed = bool(state.last_shown) and state.open_question is None
        return listed and any(span.tag == "refused" for span in self._lexicon.intents.longest(message))

    def _manner(self, intent: Intent, message: Message) -> str:
        """ "Surprise me" wants no question, and "none of these" says more than "more": both are kinds of their own."""
        manner = {"any": "surprise", "more": "refused"}.get(intent, "")
        return manner if manner and intents.has(message, self._lexicon, manner) else ""

    def _taken(self, intent: Intent, state: DialogueState) -> tuple[Evidence, ...]:
        taken = intent == "take" and state.spoken_of
        return (Opinion(True, item_id=taken), Focus(taken)) if taken else ()
