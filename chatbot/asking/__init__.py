"""Whether to ask, and what: the strategies, of which one is chosen where the bot is put together."""

from chatbot.asking.queries import Query
from chatbot.asking.strategies import DEFAULT, STRATEGIES, Asking, Moment

__all__ = ["DEFAULT", "STRATEGIES", "Asking", "Moment", "Query"]
