"""Random conversations for measuring: what a person might say about any catalog, drawn from its values."""

import random
from collections.abc import Collection, Iterator

from chatbot.bot import Chatbot, Conversation
from chatbot.turn import Turn
from index.catalog import Catalog, fold

FORMS = (
    "I want something {value}",
    "I like {value}",
    "no {value} please",
    "{value} or {other}",
    "anything but {value}",
    "I loved {title}",
    "something like {title}",
    "tell me about {title}",
    "something with {person}",
    "who made the first one?",
    "when is the second one from?",
    "why the first one?",
    "from the {decade}s",
    "before {decade}",
    "more",
    "something newer",
    "seen the first one",
    "forget {value}",
    "what do you know about me?",
    "how many {value} do you have?",
    "{value} from the {decade}s, no {other}",
    "hello",
    "thanks",
)
LENGTH = 8
"""Messages to a conversation."""


def conversations(bot: Chatbot, replies: int, seed: int) -> Iterator[tuple[Conversation, str, Turn, float]]:
    """Yields (conversation, message, reply, seconds to its first words) until there were that many replies."""
    import time

    rng = random.Random(seed)
    words = Words(bot.index.catalog, rng)
    talk = bot.start(seed)
    for number in range(replies):
        if number % LENGTH == 0:
            talk = bot.start(seed + number)
        message = words.message()
        started = time.perf_counter()
        first = None
        for _ in talk.stream(message):
            first = first if first is not None else time.perf_counter() - started
        assert talk.last is not None
        yield talk, message, talk.last, first or 0.0


class Words:
    """Draws values, titles and people of a catalog, the well-known ones more often."""

    def __init__(self, catalog: Catalog, rng: random.Random) -> None:
        self._catalog = catalog
        self._rng = rng
        genre = catalog.field_of("genre")
        self._values = sorted(catalog.spellings(genre.name).values()) if genre else [catalog.nouns[0]]
        popularity = catalog.field_of("popularity")
        fame = {i.id: float(i.facts.get(popularity.name) or 0) if popularity else 0.0 for i in catalog.items}  # type: ignore[arg-type]
        self._known = sorted(catalog.items, key=lambda item: -fame[item.id])[:1500]

    def value(self) -> str:
        """One random value to choose by."""
        return self._rng.choice(self._values)

    def message_without(self, unsaid: Collection[str]) -> str:
        """One random message that has none of these folded words or names in it."""
        while True:
            said = self.message()
            if not any(name in fold(said) for name in unsaid):
                return said

    def message(self) -> str:
        """One random message."""
        item = self._rng.choice(self._known)
        people = [
            str(v)
            for role in ("performer", "creator")
            if (f := self._catalog.field_of(role))
            for v in item.values(f.name)
        ]  # type: ignore[arg-type]
        return self._rng.choice(FORMS).format(
            value=self._rng.choice(self._values),
            other=self._rng.choice(self._values),
            title=item.title,
            person=self._rng.choice(people) if people else item.title,
            decade=self._rng.randrange(1950, 2020, 10),
        )
