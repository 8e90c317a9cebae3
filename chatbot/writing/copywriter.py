"""Kinds of texts about an item, each as the sentences it takes, written by the bot's own writer and checked by it."""

import random
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from chatbot.acts import Segment
from chatbot.bot import LANGUAGE, Chatbot
from chatbot.generation.lines import read_words
from chatbot.recommending import Recommender
from chatbot.writing.facts import choose, facts_of, features_of, left, plans_of
from chatbot.writing.profile import Profile
from chatbot.writing.reviews import Marks, summary
from index.catalog import Item
from index.errors import RapportError

KINDS = ("blurb", "push", "headline", "teaser", "reviews")
PERSONAL = ("blurb", "push", "teaser")
"""Kinds that can speak to one person; the others are for everybody."""
TONES = ("plain", "warm", "playful", "concise")


class CopyError(RapportError):
    """A text that cannot be asked for."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One text. `facts` are the facts it was given, by slot; `reason` those that come from the profile, None where it
    gave none. `problem` says why nothing was written, "" where there is a text."""

    item: str
    kind: str
    text: str
    facts: dict[str, str]
    reason: dict[str, str] | None = None
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        """The object that `chatbot write --json` prints."""
        return {name: getattr(self, name) for name in ("item", "kind", "text", "facts", "reason", "problem")}


class Copywriter:
    """Writes about the items of a bot's catalog."""

    def __init__(self, bot: Chatbot, marks: Marks | None = None, tone: str = "plain") -> None:
        """`marks` are people's ratings for summaries of reviews; without them the record's own figures are used."""
        if tone not in TONES:
            raise CopyError(f"tone: expected one of {', '.join(TONES)}, not {tone!r}")
        self._bot = bot
        self._catalog = bot.index.catalog
        self._recommender = Recommender(bot.index, bot.wording)
        self._marks = marks
        self._tone = tone
        self._plans = {topic: plans_of(texts) for topic, texts in read_words(LANGUAGE).templates.items()}

    def write(
        self, item_id: str, kind: str, profile: str | None = None, *, seed: int = 0, avoid: Collection[str] = ()
    ) -> Copy:
        """A text about an item; equal arguments give equal text. `avoid` holds sentences that were written already.

        CopyError where the kind is none of KINDS, does not speak to one person, or the item is not in the catalog.
        """
        item = self._item(item_id)
        if kind not in KINDS:
            raise CopyError(f"kind: expected one of {', '.join(KINDS)}, not {kind!r}")
        if profile is not None and kind not in PERSONAL:
            raise CopyError(
                f"{kind}: speaks to everybody, not to one profile; use one of {', '.join(PERSONAL)} for that"
            )
        rng = random.Random(f"{seed}/{kind}/{item_id}")
        person = self._read(profile) if profile is not None else None
        problem = person.misfit(item) if person else ""
        if problem:
            return Copy(item.id, kind, "", {}, problem=problem)
        reason = person.reason(item, rng) if person else None
        segments = [replace(s, style=self._tone) for s in self._segments(item, kind, reason, rng)]
        facts = {
            slot: value for segment in segments for slot, value in segment.slots.items() if slot in segment.required
        }
        text = self._joined(segments, rng.getrandbits(31), avoid)
        if kind == "headline":
            text = text.removesuffix(".")
        return Copy(item.id, kind, text, facts, dict(reason.slots) if reason else None)

    def _item(self, item_id: str) -> Item:
        item = self._catalog.item(item_id)
        if item is None:
            named = next((i.id for i in self._catalog.items if i.title.casefold() == item_id.casefold()), None)
            hint = f"did you mean {named!r}?" if named else "use an id of the catalog"
            raise CopyError(f"item: there is no {item_id!r} in the catalog {self._catalog.name}; {hint}")
        return item

    def _read(self, profile: str) -> Profile:
        return Profile(profile, self._bot.understander, self._recommender, self._bot.wording)

    # ------------------------------------------------------------ what a kind takes

    def _segments(self, item: Item, kind: str, reason: Segment | None, rng: random.Random) -> list[Segment]:
        """What is to be said, sentence by sentence; sentences whose facts are missing are left out."""
        if kind == "reviews":
            return summary(item, self._catalog, self._bot.wording, self._marks)
        facts = facts_of(item, self._recommender, self._bot.wording)
        personal = [reason] if reason else []
        if kind == "blurb":
            return [*self._blurb(item, facts, rng), *personal, *self._told("blurb.close", facts, rng)]
        if kind == "push":
            return personal or self._told("push.plain", facts, rng, richest=False)
        return [*self._told(kind, facts, rng, richest=False), *personal]

    def _blurb(self, item: Item, facts: dict[str, str], rng: random.Random) -> list[Segment]:
        """What it is, up to two sentences of detail, and one about what only this catalog records."""
        segments = self._told("blurb.open", facts, rng)
        for _ in range(2):
            facts = left(facts, [slot for segment in segments for slot in segment.required])
            segments += self._told("blurb.detail", facts, rng)
        features = features_of(item, self._bot.wording)
        if features:
            field, value = rng.choice(features)
            segments.append(Segment("blurb.field", {"field": field, "value": value}, frozenset(["field", "value"])))
        return segments

    def _told(self, topic: str, facts: dict[str, str], rng: random.Random, richest: bool = True) -> list[Segment]:
        """One sentence with facts that one of the topic's plans tells; none where the record has none of them."""
        plan = choose(self._plans[topic], facts, rng, richest)
        slots = {slot: facts[slot] for slot in sorted({*plan, "noun", "nouns"})}
        return [Segment(topic, slots, plan)] if plan else []

    def _joined(self, segments: list[Segment], seed: int, avoid: Collection[str]) -> str:
        texts = [""] * len(segments)
        for number, piece in self._bot.writer.write(segments, seed=seed, avoid=avoid):
            texts[number] += piece
        return " ".join(text.strip() for text in texts)
