"""Remarks on an item that no set phrase reads: "it fell apart after a week", "couldn't put Dune down"."""

from chatbot.state import Evidence, Focus, Opinion, Seen
from chatbot.understanding.found import Found
from chatbot.understanding.gist import load_gist
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from index.catalog import Catalog

SURE, SURER = 0.5, 0.6
"""How sure one must be of a remark that names its item, and of one that says "it"."""
MIN_WORDS = 3
"""A remark has at least this many words besides the item and "I have seen"."""


class RemarkReader:
    """Judges remarks by their meaning. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon) -> None:
        self._catalog = catalog
        self._lexicon = lexicon

    def read(self, found: Found, mention: Mention) -> tuple[Evidence, ...]:
        """What is said of a named item; the talk turns to it at least."""
        item = self._catalog.items[mention.name.item].id
        tokens, pronoun = found.message.tokens, self._lexicon.wording_it
        text = found.message.text
        said = text[: tokens[mention.start].start] + pronoun + text[tokens[mention.end - 1].end :]
        return self._judged(said, item, found.message.text, SURE) or (Focus(item),)

    def of_seen(self, found: Found, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        """What else is said of one item that is known: "had the third one, it broke after a week"."""
        mentions = [m for m in found.mentions if m.name.kind == "item"]
        if len(evidence) != 1 or not isinstance(evidence[0], Seen) or len(mentions) != 1 or mentions[0].several:
            return evidence
        behind = found.message.words(mentions[0].end, len(found.message.tokens))
        if len(behind.split()) < MIN_WORDS:
            return evidence
        judged = self._judged(f"{self._lexicon.wording_it} {behind}", evidence[0].item_id, evidence[0].words, SURER)
        return (*evidence, *(e for e in judged if isinstance(e, Opinion)))

    def of_pointed(self, found: Found, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        """What is said of one item of the list where no set phrase tells whether it is liked: "the last one was a
        disaster"."""
        open_ = [c.what for c in found.coloured if c.scope == "none" and isinstance(c.what, Mention) and c.what.pointed]
        opinions = [e for e in evidence if isinstance(e, Opinion) and e.item_id]
        if len(open_) != 1 or len(opinions) != 1 or open_[0].several:
            return evidence
        behind = found.message.words(open_[0].end, len(found.message.tokens))
        if len(behind.split()) < MIN_WORDS:
            return evidence
        item, words = str(opinions[0].item_id), opinions[0].words
        judged = self._judged(f"{self._lexicon.wording_it} {behind}", item, words, SURER)
        return tuple(e for e in evidence if e is not opinions[0]) + judged if judged else evidence

    def of_pronoun(self, found: Found) -> tuple[Evidence, ...]:
        """What is said of "it", where only one item can be meant and nothing else is named."""
        state, tokens = found.state, found.message.tokens
        about = state.spoken_of or (state.last_shown[0] if len(state.last_shown) == 1 else None)
        pronouns = self._lexicon.words["object_pronouns"] | self._lexicon.words["pronoun_copulas"]
        if about is None or found.coloured or not any(t.key in pronouns for t in tokens):
            return ()
        return self._judged(found.message.text, about, found.message.text, SURER)

    def _judged(self, text: str, item: str, words: str, sure: float) -> tuple[Evidence, ...]:
        gist = load_gist(f"{self._lexicon.language}.remarks")
        kind, share = gist.read(text) if gist else ("", 0.0)
        if share < sure or kind == "neutral" or not kind:
            return ()
        return (Seen(item, words=words),) if kind == "seen" else (Opinion(kind == "like", item_id=item, words=words),)
