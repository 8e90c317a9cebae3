"""What a message was understood to say: the evidence in it, and what it asks for."""

from dataclasses import dataclass
from typing import Literal

from chatbot.state import Evidence
from index.constraints import Constraint

Intent = Literal[
    "tell", "more", "any", "yes", "undo", "restart", "forget", "question", "take", "greet", "thanks", "bye",
    "smalltalk", "insult", "instruction", "offtopic", "unclear", "empty", "long", "language",
]  # fmt: skip
QuestionKind = Literal["fact", "has", "about", "why", "profile", "count", "have", "values", "compare"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question. `items` are ids; `field` is the field that answers it, `role` its role, which stands alone where the
    catalog has no such field."""

    kind: QuestionKind
    items: tuple[str, ...] = ()
    role: str = ""
    field: str = ""
    value: str = ""
    constraints: tuple[Constraint, ...] = ()
    smaller: bool = False  # compare: the smaller number is asked for


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A phrase that may stand for several things; each option can be said as it stands."""

    words: str  # as they stand in the message
    query: str  # as the question names them; "" where they only point, as "it" does
    kind: Literal["item", "person"]
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One understood message."""

    intent: Intent
    evidence: tuple[Evidence, ...] = ()
    question: Question | None = None
    ambiguity: Ambiguity | None = None
    unknown: str = ""  # a name, or a kind of thing, that the catalog does not have
    kinds: str = ""  # the field whose values are the kinds of things that there are, where `unknown` is none of them
    unkept: tuple[str, ...] = ()  # what wishes are about that no field holds: "length", "language"
    count: int | None = None  # how many items are asked for
    correction: bool = False
    topic: str = ""  # which small talk; what to forget, as words
    forget: tuple[str, ...] = ()  # ids of beliefs to drop
    greeted: bool = False
    more: bool = False
    praised: bool = False  # all that it says is that something offered sounds good
