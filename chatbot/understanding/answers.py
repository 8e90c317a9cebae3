"""An answer to the open question: a value of the field that was asked about, said as it stands."""

from chatbot.state import DialogueState
from chatbot.understanding.mentions import Mention
from chatbot.understanding.names import Name, NameKind
from chatbot.understanding.text import Message
from index.catalog import PEOPLE, Catalog, fold

MAX_BESIDE = 4
"""Words that may stand beside the value: "I think music"."""


def answer_to(message: Message, state: DialogueState, catalog: Catalog) -> Mention | None:
    """The longest value of the field asked about that a short message says; None where it says none."""
    field = catalog.field(state.open_question or "")
    if field is None or field.kind != "category":
        return None
    spellings, size = catalog.spellings(field.name), len(message.tokens)
    for length in range(size, max(0, size - MAX_BESIDE - 1), -1):
        for start in range(size - length + 1):
            value = spellings.get(fold(message.words(start, start + length)))
            if value is not None:
                closed: NameKind = "closed" if catalog.is_closed(field.name) else "keyword"
                kind: NameKind = "person" if field.role in PEOPLE else closed
                return Mention(start, start + length, (Name(kind, value, 1.0, fields=(field.name,)),))
    return None
