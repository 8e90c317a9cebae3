"""Messages that are no business of a recommender, told apart by their meaning where they name nothing for certain."""

from chatbot.understanding.found import Found
from chatbot.understanding.gist import load_gist
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.preferences import Coloured
from chatbot.understanding.text import Message

ASIDES = ("smalltalk", "offtopic", "insult", "instruction")
TALK = ("greet", "thanks", "bye", "more", "any")
SILENT, PLAIN, UNSURE, WISHING = 0.4, 0.5, 0.6, 0.75
"""How sure one must be of an aside where the message names nothing, of courtesies where it names nothing, of an aside
where it names something doubtful, and where it also asks or wishes."""
_SAID = ("like", "dislike", "refuse", "similar", "seen", "allow")


class AsideReader:
    """Judges messages by their meaning. Stateless, so that threads may share it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def read(self, found: Found, asks: bool) -> str:
        """The intent of a message that is an aside, else "". `asks`: rules read it as a question."""
        if any(self._is_certain(found.message, one) for one in found.coloured):
            return ""
        gist = load_gist(self._lexicon.language)
        intent, share = gist.read(found.message.text) if gist else ("", 0.0)
        needed = UNSURE if found.coloured else SILENT
        if asks or self._lexicon.names_things(found.message) or self._wishes(found.message):
            needed = WISHING
        return intent if intent in ASIDES and share >= needed else ""

    def talk(self, message: Message) -> str:
        """The intent of a message of which rules make nothing, where its meaning shows one; else ""."""
        gist = load_gist(self._lexicon.language)
        intent, share = gist.read(message.text) if gist else ("", 0.0)
        return intent if intent in TALK and share >= PLAIN else ""

    def _wishes(self, message: Message) -> bool:
        """Whether the message asks for something, or begins with what it should not be: "not so gloomy"."""
        asks = "want" in self._lexicon.opinions.tags_in(message)
        return asks or self._lexicon.opinions.starting_at(message, 0, ("refuse", "negator")) is not None

    def _is_certain(self, message: Message, one: Coloured) -> bool:
        """Whether something of the catalog is surely spoken of."""
        if not isinstance(one.what, Mention):
            return True
        name = one.what.name
        if one.scope == "none" and message.tokens[0].key in self._lexicon.words["addressed"]:
            return False  # "you're funny"
        if one.what.pointed or (name.kind == "closed" and not one.what.misspelt):
            return True
        doubtful = one.what.misspelt or name.partial or name.kind == "keyword"
        return not doubtful or (one.scope in _SAID and name.kind in ("keyword", "person") and not one.what.misspelt)
