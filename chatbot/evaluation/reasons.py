"""Whether a recommendation says what the person asked for or liked, and says it to the right person."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chatbot.bot import Chatbot
from chatbot.recommending import Recommender
from chatbot.state import DialogueState
from chatbot.turn import Turn
from index.catalog import Catalog, Item, Value, fold


@dataclass
class Named:
    """How often something was named, of how many times it could be."""

    count: int = 0
    of: int = 0

    def add(self, named: bool) -> None:
        """Counts one more."""
        self.count += named
        self.of += 1

    @property
    def share(self) -> float | None:
        """None where there was no occasion."""
        return self.count / self.of if self.of else None


def wanted(state: DialogueState, catalog: Catalog) -> set[str]:
    """What a person asked for and liked, folded: values, numbers, and titles."""
    found: set[str] = set()
    for opinion in state.opinions(liked=True):
        item = catalog.item(opinion.item_id) if opinion.item_id else None
        found.add(fold(item.title if item else str(opinion.value or "")))
    for wish in state.wishes:
        if not wish.constraint.refuses:
            found.update(form for value in wish.constraint.values for form in _forms(value))
    return found - {""}


def names_any(text: str, values: set[str]) -> bool:
    """Whether a text names one of these folded values."""
    said = f" {_plain(text)} "
    return any(f" {_plain(value)} " in said for value in values)


def named_in_lists(state: DialogueState, catalog: Catalog, turn: Turn) -> tuple[bool, list[bool]] | None:
    """Of a list: whether its text names anything wanted, and whether each item's own reason does; None where nothing
    was wanted by name, and nothing can be named."""
    values = wanted(state, catalog)
    if turn.act != "recommend" or not turn.items or not values:
        return None
    return names_any(turn.text, values), [names_any(shown.reason, values) for shown in turn.items]


def two_readers(bot: Chatbot, pairs_wanted: int, seed: int) -> dict[str, float | int | None]:
    """The same item recommended to two people of whom each asked for something else that it has.

    Shares of pairs whose texts differ, of texts that name what their own reader asked for, and, as a control, of
    texts that name what the other reader asked for: a check of reasons that is worth anything tells them apart.
    """
    rng = random.Random(seed)
    recommender = Recommender(bot.index, bot.wording)
    differ, own, swapped = Named(), Named(), Named()
    for item, values in _shared_items(bot.index.catalog, rng, pairs_wanted):
        texts, wants = [], []
        for value in values:
            state = _told(bot, value)
            reason = recommender.reason(item, state, rng, place=1)
            reason = replace(reason, slots={"noun": bot.index.catalog.nouns[0], **reason.slots})
            written = bot.writer.write([reason], seed=rng.getrandbits(31))
            texts.append("".join(piece for _, piece in written))
            wants.append(wanted(state, bot.index.catalog))
        if not all(wants) or names_any(values[0], wants[1]) or names_any(values[1], wants[0]):
            continue
        differ.add(texts[0] != texts[1])
        for n in (0, 1):
            own.add(names_any(texts[n], wants[n]))
            swapped.add(names_any(texts[n], wants[1 - n]))
    return {"pairs": differ.of, "two_readers_differ": differ.share, "two_readers_named": own.share,
            "two_readers_swapped": swapped.share}  # fmt: skip


def _told(bot: Chatbot, value: str) -> DialogueState:
    """What is believed of a person who asked for a value."""
    reading = bot.understander.read(f"I want something with {value}", DialogueState())
    return DialogueState().plus(reading.evidence, 1)


def _shared_items(catalog: Catalog, rng: random.Random, count: int) -> Iterator[tuple[Item, tuple[str, str]]]:
    """Items, and two values of each that are fit to be asked for."""
    roles = [field for role in ("genre", "creator", "performer") if (field := catalog.field_of(role))]  # type: ignore[arg-type]
    for item in rng.sample(list(catalog.items), min(count, len(catalog.items))):
        values = [str(v) for field in roles for v in item.values(field.name)]
        if len(values) > 1:
            first, second = rng.sample(values, 2)
            yield item, (first, second)


def _forms(value: Value) -> set[str]:
    """A value as it may stand in a text; a bound on whole numbers also by its neighbors, or as a decade."""
    if isinstance(value, str):
        return {fold(value)}
    near = (value - 1, value, value + 1)
    return {f"{number:g}" for number in near} | {f"{int(value)}s"}


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


def share_of(flags: Sequence[bool]) -> float | None:
    """The share of true ones, None of none."""
    return sum(flags) / len(flags) if flags else None
