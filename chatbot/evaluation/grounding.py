"""Whether a reply keeps to the record: wishes held, text and cards of one list, no name from elsewhere."""

from collections.abc import Iterator, Sequence

from chatbot.bot import Conversation
from chatbot.turn import Turn
from chatbot.understanding.text import Message, keys_of, read
from index.catalog import PEOPLE, Catalog, Item
from index.constraints import mask


class Grounding:
    """Checks replies against one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._titles = {keys_of(item.title) for item in catalog.items}
        people = [f for f in catalog.of_kind("category") if f.role in PEOPLE]
        self._people = {keys_of(name) for f in people for name in catalog.spellings(f.name).values() if " " in name}
        self._longest = max((len(keys) for keys in self._titles | self._people), default=0)

    def faults(self, talk: Conversation, said: Sequence[str], turn: Turn) -> list[str]:
        """What is wrong with the latest reply of a conversation; `said` are all messages so far."""
        return [*self._broken(talk, turn), *self._missing(turn), *self._foreign(said, turn)]

    def _broken(self, talk: Conversation, turn: Turn) -> Iterator[str]:
        if turn.act != "recommend":
            return
        allowed = mask(self._catalog, talk.state.constraints(self._catalog))
        for item in turn.items:
            if not allowed[self._catalog.positions[item.id]]:
                yield f"{item.title} breaks a wish"

    def _missing(self, turn: Turn) -> Iterator[str]:
        yield from (f"the text lacks {item.title}" for item in turn.items if item.title not in turn.text)

    def _foreign(self, said: Sequence[str], turn: Turn) -> Iterator[str]:
        """Titles and people of the catalog in the text that neither the shown records nor the person named."""
        message = read(turn.text)
        own = [keys_of(" ".join(self._words(item.id))) for item in turn.items]
        own += [keys_of(text) for text in said] + [keys_of(choice) for choice in turn.choices]
        own += [keys_of(str(b["value"])) for key in ("likes", "dislikes", "constraints") for b in turn.state[key]]
        for keys in self._named(message):
            if not any(_holds(known, keys) for known in own):
                yield f"names {' '.join(keys)}"

    def _named(self, message: Message) -> Iterator[tuple[str, ...]]:
        """Names of two words or more that the text writes with capitals."""
        tokens = message.tokens
        for start in range(len(tokens)):
            if not tokens[start].capital:  # "linked to Live Free or Die Hard" does not name the film To Live
                continue
            for end in range(start + 2, min(len(tokens), start + self._longest) + 1):
                keys = tuple(token.key for token in tokens[start:end])
                if not tokens[end - 1].capital:  # nor does "Music, by George Miller" name the film Music By
                    continue
                big = [t for t in tokens[start:end] if len(t.key) > 3]
                if big and all(t.capital for t in big) and (keys in self._titles or keys in self._people):
                    yield keys

    def _words(self, item_id: str) -> Iterator[str]:
        item = self._catalog.item(item_id)
        assert isinstance(item, Item)
        yield item.title
        for name in item.facts:
            yield from (str(value) for value in item.values(name))


def _holds(row: tuple[str, ...], keys: tuple[str, ...]) -> bool:
    return any(row[at : at + len(keys)] == keys for at in range(len(row) - len(keys) + 1))
