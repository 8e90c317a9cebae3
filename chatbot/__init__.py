"""Rapport: a conversational recommender.

from chatbot import Chatbot

talk = Chatbot.load().start()
print(talk.say("I loved Alien but no musicals, please").text)
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatbot.bot import Chatbot, Conversation
    from chatbot.turn import ShownItem, Turn

__all__ = ["Chatbot", "Conversation", "ShownItem", "Turn"]


def __getattr__(name: str) -> Any:
    """Loads the public classes when first asked for, so that `chatbot --help` need not wait for them."""
    import importlib

    homes = {"Chatbot": "bot", "Conversation": "bot", "Turn": "turn", "ShownItem": "turn"}
    if name not in homes:
        raise AttributeError(f"module 'chatbot' has no attribute {name!r}")
    return getattr(importlib.import_module(f"chatbot.{homes[name]}"), name)
