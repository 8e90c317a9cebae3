"""Wishes in words of their own: what a message asks for that no name, number or set phrase stands for."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

from chatbot.state import Request
from chatbot.understanding.found import Found
from chatbot.understanding.lexicon import Lexicon
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

    def read(self, found: Found) -> list[Request]:
        """The request, where a wish is made."""
        message, lexicon = found.message, self._lexicon
        if len(message.tokens) > MAX_TOKENS:
            return []
        wishing = lexicon.opinions.tags_in(message) & WISHING or lexicon.names_things(message)
        used = found.taken | self._set_words(message)
        unwanted = negated(message, self._lexicon)
        positive = used | unwanted | self._other_sentences(message)
        wanted = list(request_of(message, positive, lexicon)) if wishing and not self._reacts(found) else []
        if len(message.tokens) > MAX_TOKENS // 2:  # a story tells of much that is no wish
            return wanted
        everything = set(range(len(message.tokens)))
        return [
            *wanted,
            *(replace(r, liked=False) for r in request_of(message, used | (everything - unwanted), lexicon)),
        ]

    def _reacts(self, found: Found) -> bool:
        """Whether the message tells of something seen or disliked, so that what is left describes that."""
        return any(c.scope in ("dislike", "seen") for c in found.coloured)

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
            unknown = not self._vocabulary.knows(token.key) and not told
            if lexicon.number_word(token.key) is not None or unknown:
                set_words.add(at)
        return set_words

    def _other_sentences(self, message: Message) -> set[int]:
        """Tokens of the sentences that make no wish."""
        wishing = {s.start for s in self._lexicon.opinions.longest(message) if s.tag in WISHING}
        wishing |= {at for at, t in enumerate(message.tokens) if t.key in self._lexicon.words["things"]}
        starts = [at for at in range(len(message.tokens)) if message.starts_sentence(at)] + [len(message.tokens)]
        sentences = [set(range(a, b)) for a, b in itertools.pairwise(starts)]
        return {at for sentence in sentences if not sentence & wishing for at in sentence}


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
            at = cue.end
            continue
        tokens |= {at} if open_ else set()
        at += 1
    return tokens


def request_of(message: Message, used: set[int], lexicon: Lexicon) -> Iterator[Request]:
    """What is left of a wish in words of its own ("slow and eerie"), without words that only frame it."""
    left = [
        at
        for at, token in enumerate(message.tokens)
        if at not in used and not _frames(token.key, lexicon) and len(token.key) > 1
    ]
    if not left:
        return
    inside = range(left[0], left[-1] + 1)
    joints = {at for at in inside if message.tokens[at].key in lexicon.words["and"] | lexicon.words["articles"]}
    if all(at in left or at in joints for at in inside):
        text = message.words(left[0], left[-1] + 1)
    else:
        text = " ".join(message.tokens[at].text for at in left)
    yield Request(text, words=message.text)


def _frames(key: str, lexicon: Lexicon) -> bool:
    return key in lexicon.words["stop"] | lexicon.words["things"] | lexicon.words["others"]
