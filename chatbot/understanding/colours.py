"""What a sentence does to what it names: the scopes in which names and bounds stand."""

from dataclasses import dataclass
from typing import Literal

from chatbot.understanding.mentions import Mention
from chatbot.understanding.ranges import Range

Scope = Literal["like", "dislike", "want", "refuse", "seen", "similar", "allow", "pardon", "neutral", "none"]
"""`allow` lifts a refusal or else is a wish, `pardon` only lifts; `neutral` says nothing, `none` has no cue."""


@dataclass(frozen=True, slots=True)
class Coloured:
    """A mention or a range, and the scope that it stands in. `joined`: with "or" to the one before it."""

    what: Mention | Range
    scope: Scope
    joined: bool = False
    listed: bool = False  # joined to the one before by "and" or a comma
