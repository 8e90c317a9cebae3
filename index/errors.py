"""Errors meant for people: each names the value, what was expected, and the remedy."""


class RapportError(Exception):
    """Base of every error that is shown to a user as one line, without a traceback."""


class CatalogError(RapportError):
    """A catalog file cannot be read as a catalog."""


class IndexFolderError(RapportError):
    """An index folder is missing, incomplete, damaged, or of another version."""


class ModelError(RapportError):
    """A text encoder, scorer or generator cannot be loaded."""
