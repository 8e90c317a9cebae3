"""Errors of a conversation, meant for people."""

from index.errors import RapportError


class ActionError(RapportError, ValueError):
    """A user action that cannot be carried out; it changed nothing."""
