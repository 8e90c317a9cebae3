"""A person's profile in words: what it says of one item, as far as the item bears it out."""

import random

import numpy as np

from chatbot.acts import Segment
from chatbot.recommending import Recommender
from chatbot.state import DialogueState, Opinion, Wish
from chatbot.understanding.understander import Understander
from chatbot.wording import Wording
from index.catalog import Item, fold
from index.constraints import holds_at


class Profile:
    """What a person says of their taste, read once; true of an item only where record and profile agree."""

    def __init__(self, text: str, understander: Understander, recommender: Recommender, wording: Wording) -> None:
        self._recommender = recommender
        self._wording = wording
        self._state = DialogueState().plus(understander.read(text, DialogueState()).evidence, turn=1)

    def misfit(self, item: Item) -> str:
        """Why the item must not be offered to this person; "" where nothing stands against it."""
        catalog = self._wording.catalog
        if item.id in self._state.seen:
            return f"{item.title} is known already"
        if any(opinion.item_id == item.id for opinion in self._state.opinions(liked=False)):
            return f"{item.title} is disliked"
        position = catalog.positions[item.id]
        broken = [c for c in self._state.constraints(catalog) if not bool(np.asarray(holds_at(catalog, c))[position])]
        return f"the profile asks for {self._wording.of_constraints(broken)}" if broken else ""

    def reason(self, item: Item, rng: random.Random) -> Segment | None:
        """What of the profile the item answers, with its title; None where the profile says nothing that it has.

        Words that the record cannot bear out ("slow and eerie") are no reason.
        """
        shared = self._recommender.shared_with_liked(item, self._state)
        wish = self._wish(item)
        reasons = []
        if shared:
            liked, common = shared
            reasons.append(Segment("push.liked", {"title": item.title, "liked": liked, "shared": common}))
        if wish:
            reasons.append(Segment("push.wanted", {"title": item.title, "wish": wish}))
        chosen = rng.choice(reasons) if reasons else None
        return Segment(chosen.topic, chosen.slots, frozenset(chosen.slots)) if chosen else None

    def _wish(self, item: Item) -> str:
        """The wishes and liked values that the item has, as one phrase; "" where nothing but refusals is left."""
        held = [belief.evidence for belief in self._state.beliefs]
        kept = [e for e in held if isinstance(e, Wish) or (isinstance(e, Opinion) and e.field)]
        if not any(_wants(evidence, item) for evidence in kept):
            return ""
        return self._wording.wish(DialogueState(tuple(kept)), items=[item])


def _wants(evidence: Wish | Opinion, item: Item) -> bool:
    """Whether a piece of evidence asks for something that the item has, rather than keeps something away."""
    if isinstance(evidence, Wish):
        return not evidence.constraint.refuses
    have = {fold(str(value)) for value in item.values(evidence.field or "")}
    return evidence.liked and fold(evidence.value or "") in have
