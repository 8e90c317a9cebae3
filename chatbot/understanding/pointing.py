"""The shelf that people point at: the latest list, and the item last spoken of."""

from collections.abc import Sequence
from functools import cached_property

from chatbot.state import Believed, DialogueState
from chatbot.understanding.mentions import Mention
from chatbot.understanding.names import Name
from index.catalog import Catalog, Item

PRAISE = ("after_like", "after_dislike", "after_take", "after_allow", "after_want")
"""Cues that tell of what stands before them."""


class Shelf:
    """What can be pointed at in one state."""

    def __init__(self, catalog: Catalog, state: DialogueState) -> None:
        self._catalog = catalog
        self._state = state
        self.shown: tuple[str, ...] = tuple(i for i in state.last_shown if i in catalog.positions)

    @cached_property
    def meant(self) -> tuple[Name, ...]:
        """What "it" may stand for: the item last spoken of, else any of the list."""
        spoken = self._state.spoken_of
        ids = (spoken,) if spoken else self.shown
        return tuple(self._name(i) for i in ids if i in self._catalog.positions)

    @property
    def focus(self) -> str | None:
        """The id of the item last spoken of, else None."""
        return self._state.spoken_of

    @property
    def believed(self) -> list[Believed]:
        """What is believed of the person."""
        return [belief.evidence for belief in self._state.beliefs]

    def items(self) -> list[Item]:
        """The records of the list, in order."""
        return [self._catalog.items[self._catalog.positions[i]] for i in self.shown]

    def one(self, start: int, end: int, item_id: str) -> Mention:
        """A mention of one item."""
        return Mention(start, end, (self._name(item_id),), pointed=True)

    def all(self, start: int, end: int, item_ids: Sequence[str], refused: bool = False) -> Mention:
        """A mention of several items, all of them meant."""
        return Mention(start, end, tuple(map(self._name, item_ids)), several=True, pointed=True, refused=refused)

    def _name(self, item_id: str) -> Name:
        position = self._catalog.positions[item_id]
        return Name("item", self._catalog.items[position].title, 1.0, position)
