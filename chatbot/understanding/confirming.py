"""Questions for a yes or no: "is the first one a comedy?", "would you call it slow?", "Heat is a thriller, right?"."""

from collections.abc import Sequence

from chatbot.understanding.evidence import EvidenceMaker
from chatbot.understanding.found import Found
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.ranges import Range
from chatbot.understanding.reading import Question
from chatbot.understanding.schema import Schema
from chatbot.understanding.text import Message
from index.catalog import Catalog

MAX_SHORT = 6


class ConfirmReader:
    """Finds what is to be confirmed, and of which items. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema, maker: EvidenceMaker) -> None:
        self._catalog = catalog
        self._lexicon = lexicon
        self._schema = schema
        self._maker = maker
        self._words = lexicon.words

    def read(self, found: Found, items: tuple[str, ...]) -> Question | None:
        """The question of a message that begins with its first word proper; `items` are the ids that it names."""
        if self._is_put(found, items):
            return self._yes_no(found, items)
        return self._which_of_shown(found)

    # ------------------------------------------------------------ how it is put

    def _is_put(self, found: Found, items: tuple[str, ...]) -> bool:
        """Whether a yes or no is asked for: by the first word, or by the mark or the words behind a statement."""
        message = found.message
        first = message.tokens[0].key
        second = message.tokens[1].key if len(message.tokens) > 1 else ""
        if first in self._words["yes_no_openers"] | self._words["whether"]:
            return True
        if self._lexicon.asking.starting_at(message, 0, ("call",)):
            return bool(items)
        if first in self._words["modals"]:
            return bool(items) and second not in self._words["own"] | self._words["addressed"]
        return bool(items) and self._is_statement_asked(found)

    def _is_statement_asked(self, found: Found) -> bool:
        """ "The first one is a comedy?", "Heat's a crime film, isn't it?": an item with a verb behind it, and a mark
        or a tag at the end."""
        message = found.message
        count = len(message.tokens)
        subject = next((m for m in found.mentions if m.name.kind == "item"), None)
        light = self._words["articles"] | self._words["definite"]
        if subject is None or any(t.key not in light for t in message.tokens[: subject.start]):
            return False
        told = subject.end < count and message.tokens[subject.end].key in self._words["tells"]
        bound = message.tokens[subject.end - 1].text[-2:-1] in ("'", "’")
        tag = self._lexicon.asking.ending_at(message, count, ("tag",))
        tagged = tag is not None and tag.start > subject.end and bool(message.tokens[tag.start].gap.strip())
        end = tag.start if tag and tagged else count
        one_clause = not any(t.gap.strip(" \"'“”") for t in message.tokens[subject.end + 1 : end])
        return (told or bound) and one_clause and (message.text.rstrip().endswith("?") or tagged)

    # ------------------------------------------------------------ what is asked

    def _yes_no(self, found: Found, items: tuple[str, ...]) -> Question | None:
        """ "Is the first one a comedy?", "Does it star Tom Hanks?" """
        message = found.message
        values = self._values(found)
        if not items and any(s.tag == "both" for s in self._lexicon.pointers.all(message)):
            items = found.state.last_shown
        if not items and values and self._asks_of_focus(message, values[0]):
            items = (found.state.focus,) if found.state.focus else ()
        if not items:
            return Question("has") if self._is_lost(found) else None
        if len(items) > 1 and values:
            return self._has(found, items, values[0])
        if len(items) > 1:
            asks = (
                message.text.rstrip().endswith("?") and message.tokens[0].key not in self._words["experience_openers"]
            )
            return Question("about", items[1:]) if asks else None
        return self._of_one(found, items)

    def _of_one(self, found: Found, items: tuple[str, ...]) -> Question | None:
        for one in found.coloured:
            if isinstance(one.what, Mention) and one.what.name.kind != "item":
                return self._has(found, items, one.what)
            if isinstance(one.what, Range):
                value = one.what.constraints[0].value if len(one.what.constraints) == 1 else ""
                field = self._catalog.field(one.what.field)
                role = (field.role or "") if field else ""
                return Question("has", items, role=role, field=one.what.field, value=str(value))
        return None

    def _values(self, found: Found) -> Sequence[Mention]:
        return [c.what for c in found.coloured if isinstance(c.what, Mention) and c.what.name.kind != "item"]

    def _has(self, found: Found, items: tuple[str, ...], value: Mention) -> Question:
        field = self._maker.field_of(found.message, value)
        return Question("has", items, field=field, value=value.name.text)

    def _is_lost(self, found: Found) -> bool:
        """Whether "it" is asked about where nothing was spoken of."""
        tokens = found.message.tokens
        pointed = any(s.tag == "it" for s in self._lexicon.pointers.all(found.message))
        return pointed and len(tokens) > 1 and tokens[1].key in self._words["object_pronouns"] and bool(found.coloured)

    def _asks_of_focus(self, message: Message, value: Mention) -> bool:
        """ "Is there a certificate?": of a field of yes and no, behind nothing but "is there"."""
        flag = self._schema.values_of(value.name.fields[0]) is not None
        opened = self._lexicon.intents.starting_at(message, 0, ("have",)) is not None
        return flag and opened and not self._lexicon.names_things(message) and len(message.tokens) <= MAX_SHORT

    # ------------------------------------------------------------ which of the list

    def _which_of_shown(self, found: Found) -> Question | None:
        """ "Which one is waterproof?", "which of these are comedies?": of what is shown."""
        message, shown, values = found.message, found.state.last_shown, self._values(found)
        one = self._lexicon.pointers.starting_at(message, 1, ("one", "both")) or self._of_shown(message)
        if len(values) != 1 or not shown or not one or message.tokens[0].key not in self._words["choice_openers"]:
            return None
        return self._has(found, shown, values[0])

    def _of_shown(self, message: Message) -> bool:
        """ "… of these", "… of them"."""
        places = [at for at, token in enumerate(message.tokens) if token.key in self._words["of"]]
        return any(self._lexicon.pointers.starting_at(message, at + 1, ("both",)) for at in places)
