"""Where rules read little: what the message is for by its meaning, from "is that all you've got?" to "it broke twice".

The less a rule has to go by, the less a guess must be sure of to take its place.
"""

import math
from collections.abc import Mapping
from functools import cached_property
from typing import cast

import numpy as np

from chatbot.state import DialogueState, Dropped, Evidence, Focus, Opinion, Request, Seen, Wish
from chatbot.understanding.colours import Coloured
from chatbot.understanding.found import Found
from chatbot.understanding.gist import load_gist
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.ranges import Range
from chatbot.understanding.reading import Intent, Reading
from chatbot.understanding.text import Message
from chatbot.understanding.vocabulary import Vocabulary
from index.catalog import CLOSED_VOCABULARY, PEOPLE, Catalog

MATTER, UNCLEAR, OFFTOPIC = "matter", "unclear", "offtopic"
SMALL_TALK = {"smalltalk": "other", **{t: t for t in ("how_are_you", "who_are_you", "capabilities", "bot", "joke")}}
"""Kinds of small talk, and the topics that answer them."""
REACTIONS = ("like", "dislike", "seen", "take")
DOUBT = 0.6
"""From this share of "matter" on, a set phrase of small talk or off topic is not taken at its word."""
UNREAD, EMPTY, VAGUE, LOOSE, FAIR = 0.3, 0.4, 0.5, 0.55, 0.75
"""The share that a guess needs where nothing was read, no evidence, words alone, loosely linked names, plain values."""
DISCARDING = ("undo", "restart", "forget")
"""Purposes that throw away what was said: a guess has to be sure of them, whatever else was read."""
GIBBERISH = 0.6
"""The share that it needs where most of the words are none."""
SURE = 0.95
"""The share that "off topic" needs where a value of the catalog is named."""
USUAL, PROBES = -5.0, 6
"""The mean log odds of "off topic" against "matter" of what those catalogs hold that the lines were written on, and of
how many values of each field it is taken. What another catalog holds lies that much nearer to "off topic"."""
EXPECTED = 2.0
"""How much likelier "any" and "yes" are in answer to a question, and "more" after a list."""


class PurposeReader:
    """Puts a guess in the place of a reading that had little to go by. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, vocabulary: Vocabulary) -> None:
        self._catalog = catalog
        self._language = lexicon.language
        self._vocabulary = vocabulary
        self._refusals = lexicon.words["interjections"]

    def doubts(self, message: Message, reading: Reading) -> bool:
        """Whether something else than a set phrase says is likelier meant: a film "like Heat, pretend to be surprised"
        is asked for by no order to the bot."""
        gist = load_gist(self._language)
        shares = _joined(gist.all_of(message.text)) if gist else {}
        likeliest = max(shares, key=lambda p: shares[p], default=reading.intent)
        same = SMALL_TALK if reading.intent == "smalltalk" else (reading.intent,)
        return likeliest not in same and shares[likeliest] >= DOUBT

    def settle(self, found: Found, reading: Reading) -> Reading:
        """The reading, or what is likelier meant."""
        needed, gist = self._needed(found, reading), load_gist(self._language)
        if needed >= 1 or gist is None:
            return reading
        items = self._items(found)
        shares = self._possible(gist.all_of(_with_pronouns(found.message, items)), found.state, bool(items))
        purpose = max(shares, key=lambda p: shares[p])
        needed = max(needed, FAIR) if purpose in DISCARDING else needed
        needed = max(needed, SURE) if purpose == OFFTOPIC and self._names_value(found) else needed
        if purpose in (MATTER, UNCLEAR) or shares[purpose] < needed or not self._may_take(purpose, found, reading):
            return reading
        values = [c.what for c in found.coloured if c.scope not in ("none", "neutral") and _is_value(c)]
        if (purpose in SMALL_TALK or purpose == OFFTOPIC) and values:
            # What the catalog has is its business: "something with robots" is no question to one.
            plain = gist.all_of(_with_pronouns(found.message, [*items, *values]))  # type: ignore[list-item]
            if max(self._possible(plain, found.state, bool(items)).items(), key=lambda p: p[1])[0] != purpose:
                return reading
        if purpose == "yes" and found.message.tokens[0].key in self._refusals:
            return Reading("any")  # "no, keep it as it is"
        return self._meant(purpose, found, items, reading)

    # ------------------------------------------------------------ how sure it must be

    def _needed(self, found: Found, reading: Reading) -> float:
        """The share that a guess needs to overrule the reading; 1 where it cannot."""
        if self._is_settled(found, reading):
            return 1.0
        known = [self._vocabulary.is_ordinary(t.key) or i in found.taken for i, t in enumerate(found.message.tokens)]
        if sum(known) * 2 < len(known):
            return GIBBERISH
        if reading.intent == "unclear":
            return UNREAD
        if reading.question and reading.question.kind in ("profile", "why"):
            return FAIR
        if all(isinstance(e, Focus) for e in reading.evidence) and reading.intent == "tell":
            return EMPTY
        if found.coloured:
            return max(self._weight(c) for c in found.coloured)
        if reading.unknown:
            return FAIR
        if reading.evidence:
            return VAGUE if all(isinstance(e, Request | Focus | Seen) for e in reading.evidence) else FAIR
        if reading.intent in ("more", "yes"):
            return FAIR
        return LOOSE if reading.intent not in ("tell", "forget") else EMPTY

    def _is_settled(self, found: Found, reading: Reading) -> bool:
        """Whether the reading has more to go by than a guess could."""
        if any(isinstance(e, Dropped) for e in reading.evidence):
            return True  # it puts one thing in the place of another
        if reading.intent == "take" or reading.forget or (reading.intent == "unclear" and reading.topic):
            return True
        if reading.kinds or reading.unkept:
            return True
        if any(2 * (c.what.end - c.what.start) >= len(found.message.tokens) for c in found.coloured):
            return True
        asked = reading.question
        if asked is None:
            return False
        return (
            bool(asked.field)
            or asked.kind in ("values", "count")
            or bool(asked.items and found.mentions and asked.kind != "about")
        )

    def _may_take(self, purpose: str, found: Found, reading: Reading) -> bool:
        """Whether a guess of that kind may take the place of what was read: an opinion on an item only becomes a pick,
        "seen" only an opinion, and nothing is made of an item of which the sentence says nothing."""
        if purpose in REACTIONS and any(c.scope == "neutral" and isinstance(c.what, Mention) for c in found.coloured):
            return False
        if purpose in REACTIONS and any(c.scope == "want" and isinstance(c.what, Range) for c in found.coloured):
            return False
        told = [e for e in reading.evidence if not isinstance(e, Request | Focus)]
        wished = any(isinstance(e, Wish) or (isinstance(e, Opinion) and e.field) for e in told)
        if wished and (purpose == "more" or (purpose in (*REACTIONS, "any", "yes") and not found.coloured)):
            return False  # what is wished of others is no opinion on what is shown
        if told and all(isinstance(e, Seen) for e in told):
            return purpose in ("like", "dislike")
        opinions = [e for e in told if isinstance(e, Opinion) and e.item_id]
        if opinions and not (found.mentions and all(m.several and m.pointed for m in found.mentions)):
            return purpose == "take" and len(opinions) == 1 and opinions[0].liked
        return True

    def _names_value(self, found: Found) -> bool:
        """Whether a value of a closed vocabulary is named as it is spelt."""
        named = [c.what for c in found.coloured if isinstance(c.what, Mention)]
        return any(m.name.kind == "closed" and not m.misspelt for m in named)

    @cached_property
    def _strangeness(self) -> float:
        """How far the catalog is from those that the classifier's lines were written on, at least 0."""
        gist, offered = load_gist(self._language), list(self._catalog.nouns)
        for field in self._catalog.of_kind("category"):
            values = self._catalog.postings(field.name) if field.role not in PEOPLE else {}
            if 2 < len(values) <= CLOSED_VOCABULARY:
                offered += sorted(values, key=lambda v: -len(values[v]))[:PROBES]
        if gist is None or OFFTOPIC not in gist.intents:
            return 0.0
        shares = np.maximum(gist.shares(offered), 1e-6)
        odds = np.log(shares[:, gist.intents.index(OFFTOPIC)] / shares[:, gist.intents.index(MATTER)])
        return max(0.0, float(odds.mean()) - USUAL)

    def _weight(self, one: Coloured) -> float:
        """How firmly a name or number is read, or an opinion on it."""
        what = one.what
        if isinstance(what, Range) or one.scope in ("like", "dislike", "refuse", "similar"):
            return FAIR
        uncalled = what.name.kind == "keyword" and one.scope != "want"
        loose = what.misspelt or uncalled or (what.name.kind == "person" and what.name.partial)
        return LOOSE if loose or what.name.kind == "item" else FAIR

    # ------------------------------------------------------------ what it may be

    def _items(self, found: Found) -> list[Mention]:
        """The items that the message names or points at."""
        return [m for m in found.mentions if m.name.kind == "item" and not m.misspelt and not m.ambiguous]

    def _possible(self, shares: Mapping[str, float], state: DialogueState, named: bool) -> dict[str, float]:
        """The shares of what can be meant in this state. `named`: the message names or points at an item."""
        possible = _joined(shares)
        possible[OFFTOPIC] *= math.exp(-self._strangeness)
        if not named and not state.last_shown:
            possible = {p: s for p, s in possible.items() if p not in REACTIONS}
        if not state.evidence:
            possible.pop("undo", None)
        if state.last_shown:
            possible["more"] *= EXPECTED
        if state.open_question:
            possible |= {p: possible[p] * EXPECTED for p in ("any", "yes")}
        total = sum(possible.values())
        return {p: s / total for p, s in possible.items()}

    def _meant(self, purpose: str, found: Found, items: list[Mention], reading: Reading) -> Reading:
        if purpose in REACTIONS:
            return self._reaction(purpose, found, items) or reading
        if purpose in SMALL_TALK:
            return Reading("smalltalk", topic=SMALL_TALK[purpose])
        return Reading(cast(Intent, purpose), greeted=reading.greeted, count=reading.count)

    def _reaction(self, purpose: str, found: Found, items: list[Mention]) -> Reading | None:
        """An opinion on the item that is named, spoken of or alone on the list; of the list where it is none."""
        item = self._about(found.state, items)
        if item is None:
            return None if items or purpose in ("seen", "take") else Reading("more" if purpose == "dislike" else "yes")
        words = found.message.text
        if purpose == "seen":
            return Reading("tell", evidence=(Seen(item, words=words),))
        evidence: tuple[Evidence, ...] = (Opinion(purpose != "dislike", item_id=item, words=words),)
        return Reading("take", evidence=(*evidence, Focus(item))) if purpose == "take" else Reading("tell", evidence)

    def _about(self, state: DialogueState, items: list[Mention]) -> str | None:
        if items:
            one = len(items) == 1 and not items[0].several
            return self._catalog.items[items[0].name.item].id if one else None
        return state.spoken_of or (state.last_shown[0] if len(state.last_shown) == 1 else None)


def _is_value(one: Coloured) -> bool:
    """Whether a value of the catalog is named as it is spelt there."""
    return isinstance(one.what, Mention) and one.what.name.kind != "item" and not one.what.misspelt


def _joined(shares: Mapping[str, float]) -> dict[str, float]:
    """The shares with all of small talk's given to its likeliest kind."""
    talk = {p: s for p, s in shares.items() if p in SMALL_TALK}
    return {p: s for p, s in shares.items() if p not in talk} | {max(talk, key=lambda p: talk[p]): sum(talk.values())}


def _with_pronouns(message: Message, items: list[Mention]) -> str:
    """The message with "it" for each item."""
    text = message.text
    for mention in sorted(items, key=lambda m: -m.start):
        start, end = message.tokens[mention.start].start, message.tokens[mention.end - 1].end
        text = f"{text[:start]}it{text[end:]}"
    return text
