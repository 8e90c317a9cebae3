"""Names that several things bear: whether one of them is clearly meant, and if not which to choose from."""

from typing import Literal

from chatbot.understanding.colours import Coloured
from chatbot.understanding.found import Found
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.names import Name
from chatbot.understanding.reading import Ambiguity
from chatbot.understanding.text import keys_of
from index.catalog import Catalog

MAX_OPTIONS = 4
MAX_RATIO = 3
"""A rival is worth asking about where the likeliest bearer is at most this many times as well known."""


def is_unclear(one: Coloured) -> bool:
    """Whether a mention stands for several items or people of which none is clearly meant."""
    what = one.what
    if not isinstance(what, Mention) or not what.ambiguous or what.name.kind not in ("item", "person"):
        return False
    series = what.name.partial and what.name.kind == "item"  # its best known item stands for it
    return one.scope != "refuse" and not (series and one.scope in ("like", "similar", "none", "want"))


def find_ambiguity(found: Found, catalog: Catalog, lexicon: Lexicon) -> Ambiguity | None:
    """The first mention that is not clear, with two to four options, else None."""
    for one in found.coloured:
        if not isinstance(one.what, Mention) or not is_unclear(one):
            continue
        mention = one.what
        rivals = [mention.name, *(n for n in mention.names[1:] if _is_worth_asking(mention, n))]
        options = tuple(dict.fromkeys(_option(name, catalog) for name in rivals))[:MAX_OPTIONS]
        if len(options) > 1:
            kind: Literal["item", "person"] = "person" if mention.name.kind == "person" else "item"
            words = found.message.words(mention.start, mention.end)
            pointer = kind == "item" and (keys_of(words) in lexicon.pointers)
            return Ambiguity(words, "" if pointer else words, kind, options)
    return None


def _is_worth_asking(mention: Mention, name: Name) -> bool:
    if name.kind == "item" and not name.partial:
        return mention.rivals(name)
    return name.partial == mention.name.partial and name.weight * MAX_RATIO >= mention.name.weight


def _option(name: Name, catalog: Catalog) -> str:
    field = catalog.field_of("year")
    year = catalog.items[name.item].facts.get(field.name) if name.item >= 0 and field else None
    return f"{name.text} ({year})" if year else name.text
