"""What an answer that a question offers would be understood as, and whether that is what it is offered for."""

from functools import cached_property

from chatbot.state import Asked, DialogueState, Evidence, Opinion, Wish
from chatbot.understanding.reading import Reading
from chatbot.understanding.understander import Understander
from index.catalog import PEOPLE, Catalog, Field, fold


class Answerable:
    """Asks the understanding itself. What it said is remembered."""

    def __init__(self, understander: Understander, catalog: Catalog) -> None:
        self._understander = understander
        self._catalog = catalog

    def __call__(self, text: str, field: Field) -> bool:
        """Whether the text alone, after a question about the field, is a wish about that field and nothing else."""
        reading = self.reading(text, field)
        told = [e for e in reading.evidence if isinstance(e, Wish | Opinion)]
        return bool(told) and not reading.ambiguity and all(self._means(e, text, field) for e in told)

    def reading(self, text: str, field: Field) -> Reading:
        """How the text is read after a question about the field."""
        key = (field.name, text)
        if key not in self._known:
            self._known[key] = self._understander.read(text, DialogueState((Asked(field.name, turn=1),)))
        return self._known[key]

    @cached_property
    def _known(self) -> dict[tuple[str, str], Reading]:
        return {}

    def _means(self, evidence: Evidence, text: str, field: Field) -> bool:
        if isinstance(evidence, Wish):
            named, values = evidence.constraint.field, {fold(str(v)) for v in evidence.constraint.values}
        elif isinstance(evidence, Opinion) and evidence.liked and evidence.field:
            named, values = evidence.field, {fold(str(evidence.value))}
        else:
            return False
        other = self._catalog.field(named)
        people = other is not None and other.role in PEOPLE and field.role in PEOPLE
        return (named == field.name or people) and (field.kind == "number" or fold(text) in values)
