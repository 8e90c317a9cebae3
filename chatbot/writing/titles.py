"""`chatbot write --kind titles`: a language model names items for a request; the record keeps it to what was asked."""

from pathlib import Path

import numpy as np

from chatbot.bot import Chatbot
from chatbot.generation.server import is_address
from chatbot.generation.titles import TitleProposer
from chatbot.resources import assets_dir
from chatbot.state import DialogueState
from chatbot.writing.copywriter import CopyError
from index.catalog import Item
from index.constraints import mask


def proposer(bot: Chatbot, generator: str | Path | None) -> TitleProposer:
    """A proposer for the bot's catalog, with the model of that name or the bundled one."""
    if generator == "templates" or is_address(generator):
        raise CopyError(f"titles: {generator} cannot be held to the catalog; name a causal language model or folder")
    titles = [item.title for item in bot.index.catalog.items]
    return TitleProposer.load(generator or assets_dir() / "generator", titles, bot.index.catalog.nouns[0])


def proposed(bot: Chatbot, proposer: TitleProposer, request: str, k: int) -> list[tuple[Item, float]]:
    """The k items that the model names for a request, among those that keep its wishes, with their scores.

    Of several items with one title the best known stands for it.
    """
    catalog = bot.index.catalog
    state = DialogueState().plus(bot.understander.read(request, DialogueState()).evidence, turn=1)
    allowed = np.flatnonzero(mask(catalog, state.constraints(catalog), state.seen))
    (found,) = proposer.propose([request], k, allowed.tolist())
    known = bot.index.prior
    return [(catalog.items[max(p.positions, key=lambda at: known[at])], p.score) for p in found]
