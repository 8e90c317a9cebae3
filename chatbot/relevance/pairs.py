"""What the classifier learns from: (conversation so far, item) → whether the person liked it.

The conversation is cut before the item is first named, because that is what a ranking knows.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.catalog import Catalog, Item
from index.dialogues import mentions
from index.errors import CatalogError
from index.tables import read_rows

FORMS = ("initiatorQuestions", "respondentQuestions")
"""ReDial's two forms: what the seeker and what the recommender said of each item afterwards."""
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
    for number, (place, dialogue) in enumerate(read_rows(Path(path))):
        messages = dialogue.get("messages")
        if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
            raise CatalogError(f'{place}: no list of messages; write {{"messages": [{{"text": …}}, …]}}')
        for item_id, liked in _judged(dialogue).items():
            item = catalog.item(item_id)
            if item is not None:
                found.append(Pair(number, _before(messages, item_id, catalog), item_text(item, catalog), liked))
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


def conversation_text(messages: Sequence[Mapping[str, Any]], catalog: Catalog) -> str:
    """The messages one after another, with titles where items are carried as @ID."""
    return " / ".join(_with_titles(str(message.get("text", "")), catalog) for message in messages)


def _with_titles(text: str, catalog: Catalog) -> str:
    def title(match: "re.Match[str]") -> str:
        item = catalog.item(match.group(1))
        return item.title if item else match.group(0)

    return re.sub(r"@(\w+)", title, text).strip()


def _before(messages: Sequence[Mapping[str, Any]], item_id: str, catalog: Catalog) -> str:
    upto = next((at for at, message in enumerate(messages) if item_id in mentions(message)), len(messages))
    return conversation_text(messages[:upto], catalog)


def _judged(dialogue: Mapping[str, Any]) -> dict[str, bool]:
    """Item id → liked, without those of which two forms say different things."""
    said: dict[str, set[bool]] = {}
    for item_id, liked in _opinions(dialogue):
        said.setdefault(item_id, set()).add(liked)
    return {item_id: liked.pop() for item_id, liked in said.items() if len(liked) == 1}


def _opinions(dialogue: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    for key, liked in (("likes", True), ("dislikes", False)):
        yield from ((str(name), liked) for name in dialogue.get(key) or ())
    for form in FORMS:
        answers = dialogue.get(form)
        if isinstance(answers, dict):  # an empty form is published as a list
            yield from ((str(name), answer["liked"] == 1) for name, answer in answers.items() if answer["liked"] < 2)
