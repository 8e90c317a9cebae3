"""Taking up an offer: "I'll watch the second", "let's go with Heat", "the middle one, please", "Troy it is"."""

from chatbot.state import Evidence, Focus, Opinion
from chatbot.understanding import intents
from chatbot.understanding.colours import Coloured
from chatbot.understanding.found import Found
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.phrases import Span
from chatbot.understanding.text import covered
from index.catalog import Catalog

_SAID = ("after_like", "after_dislike", "after_take")
_OPEN = ("none", "want", "like", "seen", "allow")


class TakeReader:
    """Finds the item that a message takes. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon) -> None:
        self._catalog = catalog
        self._lexicon = lexicon

    def read(self, found: Found) -> tuple[Evidence, ...]:
        """The evidence of a pick: the one item is liked and in focus; nothing where none is picked."""
        open_ = [c for c in found.coloured if not _is_turned_down(c)]
        items = [c for c in open_ if isinstance(c.what, Mention) and c.what.name.kind == "item"]
        if len(items) != 1 or len(items) != len(open_) or not found.state.last_shown:
            return ()
        chosen = items[0]
        mention = chosen.what
        if chosen.scope not in _OPEN or not isinstance(mention, Mention) or mention.ambiguous or mention.several:
            return ()
        hedges = {"perhaps"} if len(open_) < len(found.coloured) else {"perhaps", "contrast"}
        if self._lexicon.opinions.tags_in(found.message) & hedges:
            return ()
        if not (self._is_taken(found, mention) or self._alone(found, chosen)):
            return ()
        item = self._catalog.items[mention.name.item]
        return Opinion(True, item_id=item.id, words=found.message.text), Focus(item.id)

    def praised(self, found: Found, evidence: tuple[Evidence, ...]) -> bool:
        """Whether the message says of something offered that it sounds good, and no more."""
        if "after_take" not in self._lexicon.opinions.tags_in(found.message) or not evidence:
            return False
        return all(isinstance(e, Opinion) and e.liked and e.item_id in found.state.shown for e in evidence)

    def _is_taken(self, found: Found, mention: Mention) -> bool:
        """Whether a phrase such as "I'll watch" stands before the item, or "it is" behind."""
        opinions, message = self._lexicon.opinions, found.message
        if any(s.tag == "commits" and s.start >= mention.end for s in opinions.longest(message)):
            return True
        taking = [s for s in opinions.longest(message) if s.tag == "takes" and s.end <= mention.start]
        if opinions.starting_at(message, mention.end, ("takes",)):
            return True  # "the third I'll take"
        return any(self._reaches(found, span, mention) for span in taking)

    def _reaches(self, found: Found, span: Span, mention: Mention) -> bool:
        """Whether only small words stand between the phrase and the item, and no question is asked."""
        tokens = found.message.tokens
        between = tokens[span.end : mention.start]
        light = self._lexicon.words["articles"] | self._lexicon.words["stop"]
        before = {t.key for t in tokens[max(0, span.start - 2) : span.start]}
        asks = bool(before & self._lexicon.words["before_no_take"])
        return not asks and all(t.key in light and not set(t.gap) & set(".!?") for t in between)

    def _alone(self, found: Found, chosen: Coloured) -> bool:
        """Whether the message is nothing but a pointer to the item, politely put."""
        mention, message = chosen.what, found.message
        if not isinstance(mention, Mention) or message.text.rstrip().endswith("?"):
            return False
        listed = self._catalog.items[mention.name.item].id in found.state.last_shown
        if not (mention.pointed or listed) or self._lexicon.opinions.starting_at(message, mention.end, _SAID):
            return False
        lexicon, others = self._lexicon, covered(c.what for c in found.coloured if c is not chosen)
        inside = others | set(range(mention.start, mention.end))
        rest = [at for at in range(len(message.tokens)) if at not in inside]
        polite = covered(s for s in lexicon.intents.longest(message) if s.tag in ("polite", "yes", "take", "thanks"))
        if others:  # "not that one, the other one"
            polite |= covered(
                s for s in lexicon.opinions.longest(message) if s.tag in ("refuse", "negator", "contrast")
            )
        light = lexicon.words["articles"] | lexicon.words["courtesies"]
        if not all(message.tokens[at].key in light or at in polite for at in rest):
            return False
        asked = any(message.tokens[at].key in lexicon.words["courtesies"] for at in rest)
        return asked or mention.pointed or intents.has(message, lexicon, "take")


def _is_turned_down(one: Coloured) -> bool:
    """Whether it is an item that is refused for another: "not that one, the other one"."""
    item = isinstance(one.what, Mention) and one.what.name.kind == "item"
    return item and one.scope in ("refuse", "dislike") and isinstance(one.what, Mention) and one.what.pointed
