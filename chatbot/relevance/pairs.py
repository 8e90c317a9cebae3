"""What the classifier learns from: (conversation so far, item) → whether the person liked it.

The conversation is cut before the item is first named, because that is what a ranking knows.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.catalog import Catalog, Item
from index.company import own_positions
from index.dialogues import MARK, Said, read_dialogues
from index.errors import CatalogError

MANY = 3
"""Values of a many-valued field that an item's text names."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One example. `dialogue` is the number of its conversation: a split never cuts one in two."""

    dialogue: int
    context: str
    item: str
    liked: bool


def read_pairs(path: str | Path, catalog: Catalog) -> list[Pair]:
    """All judged items of a file of dialogues, in ReDial's published form or in ours (`likes`, `dislikes`).

    CatalogError names file, line and remedy where a line is no dialogue, and says so where nothing is judged.
    """
    found = []
    for number, dialogue in enumerate(read_dialogues(path, own_positions(catalog))):
        for at in sorted(dialogue.liked ^ dialogue.disliked):  # of what is in both, two forms say different things
            context = conversation_text(_before(dialogue.turns, at), catalog)
            found.append(Pair(number, context, item_text(catalog.items[at], catalog), at in dialogue.liked))
    if len({pair.liked for pair in found}) < 2:
        raise CatalogError(f"{path}: {len(found)} judged items of the catalog; both liked and disliked ones are needed")
    return found


def split(pairs: Sequence[Pair], seed: int) -> tuple[list[Pair], list[Pair], list[Pair]]:
    """Train, validation and test: 80, 10 and 10 % of the dialogues."""
    dialogues = sorted({pair.dialogue for pair in pairs})
    random.Random(seed).shuffle(dialogues)
    tenth = max(1, len(dialogues) // 10)
    test, valid = set(dialogues[:tenth]), set(dialogues[tenth : 2 * tenth])
    return (
        [p for p in pairs if p.dialogue not in test | valid],
        [p for p in pairs if p.dialogue in valid],
        [p for p in pairs if p.dialogue in test],
    )


def item_text(item: Item, catalog: Catalog) -> str:
    """Title and what is most telling of a record: "Alien, 1979, horror, sci-fi, Ridley Scott"."""
    told = [field for field in catalog.fields if field.role in ("year", "genre", "creator", "performer")]
    return ", ".join([item.title, *(str(v) for field in told for v in item.values(field.name)[:MANY])])


def conversation_text(turns: Sequence[Said], catalog: Catalog) -> str:
    """The turns one after another, with titles where items are carried as @ID."""

    def title(match: "re.Match[str]") -> str:
        item = catalog.item(match.group(1))
        return item.title if item else match.group(0)

    return " / ".join(MARK.sub(title, turn.text).strip() for turn in turns)


def _before(turns: Sequence[Said], at: int) -> Sequence[Said]:
    return turns[: next((number for number, turn in enumerate(turns) if at in turn.items), len(turns))]
