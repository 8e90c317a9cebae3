"""Wishes in words of their own: what a message asks for that no name, number or set phrase stands for.

People describe what they want beside what they call it: before a noun ("a slow, eerie film"), after an open word
("something bleak and wintry", "anything with a twist at the end"), after a wish ("I want bleak"), and beside what the
catalog knows ("a gritty western", "funny but clever"). Words elsewhere tell of the speaker or the evening.
"""

from collections.abc import Set
from dataclasses import dataclass

from chatbot.state import Request
from chatbot.understanding.found import Found
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.schema import Schema
from chatbot.understanding.text import Message, covered
from chatbot.understanding.vocabulary import Vocabulary

NEGATING = frozenset({"refuse", "dislike", "negator"})
WISHING = frozenset({"want", "similar", "maybe_want"})
MAX_TOKENS = 60


class RequestReader:
    """Finds words of mood and matter. Stateless, so that threads may share it."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary, schema: Schema) -> None:
        self._lexicon = lexicon
        self._schema = schema
        self._vocabulary = vocabulary

    def read(self, found: Found, without: Set[int] = frozenset()) -> list[Request]:
        """What is wanted and what is not, in the words of the message but those in `without`."""
        message, lexicon = found.message, self._lexicon
        if len(message.tokens) > MAX_TOKENS:
            return []
        phrases = _Phrases(message, lexicon, found.taken | without | self._set_words(message))
        unwanted = negated(message, lexicon)
        requests = [_joined(message, phrases.described(unwanted, self._anchors(found)), liked=True)]
        if self._reacts(found):
            requests = []
        if len(message.tokens) <= MAX_TOKENS // 2:  # a story tells of much that is no wish
            requests.append(_joined(message, phrases.refused(unwanted), liked=False))
        return [request for request in requests if request is not None]

    def _reacts(self, found: Found) -> bool:
        """Whether the message tells of something seen or disliked, so that what is left describes that."""
        return any(c.scope in ("dislike", "seen") for c in found.coloured)

    def _anchors(self, found: Found) -> dict[int, int]:
        """Where the values of the catalog that are wanted stand: first token → the token behind the last."""
        wanted = [c.what for c in found.coloured if c.scope in ("want", "none", "like", "maybe_want")]
        named = [one for one in wanted if isinstance(one, Mention) and one.name.kind in ("closed", "keyword")]
        return {one.start: one.end for one in named}

    def _set_words(self, message: Message) -> set[int]:
        """Tokens of set phrases, numbers, and words that nothing is known of."""
        lexicon = self._lexicon
        tables = (
            lexicon.opinions,
            lexicon.cues,
            lexicon.intents,
            lexicon.number_ops,
            self._schema.critiques,
            self._schema.orders,
            self._schema.leanings,
            self._schema.fields,
            lexicon.fields,
            lexicon.pointers,
            lexicon.ordinals,
        )
        set_words = {at for table in tables for at in covered(table.longest(message))}
        for at, token in enumerate(message.tokens):
            told = at and token.key.isalpha() and message.tokens[at - 1].key in lexicon.words["degree"]
            unknown = not (told or self._vocabulary.knows(token.key) or self._vocabulary.is_word(token.key))
            if lexicon.number_word(token.key) is not None or unknown:
                set_words.add(at)
        return set_words


@dataclass(frozen=True)
class _Phrases:
    """The descriptions in a message; `used` are the tokens that something else was made of."""

    message: Message
    lexicon: Lexicon
    used: set[int]

    def described(self, unwanted: set[int], anchors: dict[int, int]) -> list[int]:
        """The tokens that describe what is wanted, in order."""
        found: set[int] = set()
        things = self.lexicon.words["things"]
        for at, token in enumerate(self.message.tokens):
            if token.key in things:
                found |= self._before(at) | self._after(at + 1, token.key in self.lexicon.words["open_things"])
            elif at in anchors:
                found |= self._before(at) | self._after(anchors[at], open_=False)
        for cue in self.lexicon.opinions.longest(self.message):
            if cue.tag in WISHING:
                found |= self._object(cue.end)
        return sorted((found or self._alone()) - unwanted)

    def refused(self, unwanted: set[int]) -> list[int]:
        """The tokens that describe what is not wanted: those that follow each refusal at once, in order."""
        found: set[int] = set()
        starts = [at for at in unwanted if at - 1 not in unwanted]
        for start in starts:
            at = start
            while at in unwanted and (self._light(at) or self.message.tokens[at].key in self.lexicon.words["things"]):
                at += 1
            found |= self._run(at) & unwanted
        return sorted(found)

    def _alone(self) -> set[int]:
        """A message that is nothing but descriptions: "slow and eerie", "mind-bending please"; a word or two without
        anything between may be anything."""
        tokens = self.message.tokens
        run = self._run(0)
        end = max(run, default=-1) + 1
        courteous = [token.key in self.lexicon.words["courtesies"] for token in tokens[end:]]
        between = any("-" in t.gap or "," in t.gap for t in tokens[:end]) or len(run) < end
        return run if run and all(courteous) and (between or courteous) else set()

    def _describes(self, at: int) -> bool:
        key = self.message.tokens[at].key
        words = self.lexicon.words
        frames = key in words["stop"] or key in words["things"] or key in words["others"]
        return at not in self.used and len(key) > 1 and (not frames or self._hyphened(at))

    def _hyphened(self, at: int) -> bool:
        """Whether a small word is the end of a compound: "hands-on"."""
        return self.message.tokens[at].gap == "-" and self._describes(at - 1)

    def _light(self, at: int) -> bool:
        words, key = self.lexicon.words, self.message.tokens[at].key
        return key in words["articles"] | words["degree"] | words["attributive"]

    def _parted(self, at: int) -> bool:
        """Whether a mark parts the token from the one before; a comma alone joins descriptions."""
        return bool(self.message.tokens[at].gap.strip(" ,-'\""))

    def _run(self, start: int) -> set[int]:
        """Descriptions one after another from here on, with joints between: "bleak, wintry and slow"."""
        run: set[int] = set()
        at, joined = start, True
        while at < len(self.message.tokens) and not (at > start and self._parted(at)):
            token = self.message.tokens[at]
            joined = joined or "," in token.gap
            if self._describes(at) and (joined or not token.gap.strip()):
                run.add(at)
                joined = False
            elif token.key in self.lexicon.words["describing_joints"]:
                joined = True
            elif not self._light(at):
                break
            at += 1
        return run

    def _before(self, at: int) -> set[int]:
        """Descriptions right before a noun; none where they are the verb of its sentence ("we rented films")."""
        start, run = at, set()
        while start and not self._parted(start):
            start -= 1
            key = self.message.tokens[start].key
            if self._describes(start):
                run.add(start)
            elif key not in self.lexicon.words["describing_joints"] and not self._light(start):
                verb = (
                    key in self.lexicon.words["own"] | self.lexicon.words["others"] | self.lexicon.words["infinitive"]
                )
                return set() if verb else run
        return run

    def _after(self, at: int, open_: bool) -> set[int]:
        """Descriptions behind a noun: at once behind an open word ("something bleak"), joined to a value ("funny and
        bleak"), or in a clause of their own ("with a twist at the end")."""
        tokens = self.message.tokens
        if at >= len(tokens) or self._parted(at):
            return set()
        joined = tokens[at].key in self.lexicon.words["describing_joints"]
        run = self._run(at) if open_ or joined or ("," in tokens[at].gap and self._ends(at)) else set()
        end = max(run, default=at - 1) + 1
        return run | self._clause(end)

    def _ends(self, at: int) -> bool:
        """Whether nothing but descriptions follows to the end of the clause."""
        run = self._run(at)
        end = max(run, default=at) + 1
        return bool(run) and (end >= len(self.message.tokens) or self._parted(end))

    def _clause(self, at: int) -> set[int]:
        """The describing words of "with a twist at the end", "about two brothers", "that makes me cry"."""
        tokens, words = self.message.tokens, self.lexicon.words
        if at >= len(tokens) or tokens[at].gap.strip() or tokens[at].key not in words["describing_openers"]:
            return set()
        found: set[int] = set()
        for place in range(at + 1, len(tokens)):
            key = tokens[place].key
            if tokens[place].gap.strip() or key in words["clause_breaks"]:
                break
            if self._describes(place):
                found.add(place)
        return found

    def _object(self, at: int) -> set[int]:
        """Descriptions that are themselves what is wanted: "I'm in the mood for bleak", "I want it dark"."""
        tokens, words = self.message.tokens, self.lexicon.words
        while at < len(tokens) and not self._parted(at) and (self._light(at) or tokens[at].key in words["wanted_be"]):
            at += 1
        run = self._run(at) if at < len(tokens) else set()
        end = max(run, default=at) + 1
        over = end >= len(tokens) or bool(tokens[end].gap.strip()) or tokens[end].key in words["courtesies"]
        return run | (self._clause(end) if run else set()) if over or (run and self._clause(end)) else set()


def _joined(message: Message, places: list[int], liked: bool) -> Request | None:
    """The words at these tokens; together with what stands between, where that is little."""
    if not places:
        return None
    whole = places[-1] - places[0] < 2 * len(places) + 1
    text = message.words(places[0], places[-1] + 1) if whole else " ".join(message.tokens[at].text for at in places)
    return Request(text, liked=liked, words=message.text)


def negated(message: Message, lexicon: Lexicon) -> set[int]:
    """Tokens in the scope of a refusal: "less confusing", "without guns", "she hates gore"."""
    cues = {s.start: s for s in lexicon.opinions.longest(message)}
    tokens: set[int] = set()
    open_, at = False, 0
    while at < len(message.tokens):
        if message.tokens[at].gap.strip():
            open_ = False
        cue = cues.get(at)
        if cue is not None:
            open_ = cue.tag in NEGATING or (open_ and cue.tag in ("want", "maybe_want", "like"))
            verb = cue.tag == "negator" and message.tokens[at].key in lexicon.words["auxiliaries"]
            at = cue.end + verb  # "I don't eat …": what is not done is no quality
            continue
        tokens |= {at} if open_ else set()
        at += 1
    return tokens
