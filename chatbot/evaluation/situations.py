"""From a gold utterance to the state before it, and from what was understood and what is gold to sets to compare."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from chatbot.evaluation.atoms import Atom, Atoms, tidy
from chatbot.evaluation.utterances import Asked as GoldQuestion
from chatbot.evaluation.utterances import Utterance
from chatbot.state import Asked, DialogueState, Dropped, Evidence, Focus, Request, Shown
from chatbot.understanding.reading import Question, Reading
from chatbot.understanding.understander import Understander
from index.catalog import Catalog, fold

BEFORE, NOW = 1, 3
"""Turns of what is given and of the utterance; the reply and a change of focus lie between."""
Said = tuple[str, object]
"""What a question asks, piece by piece: ("kind", "fact"), ("field", "year"), ("item", id) …"""


@dataclass(frozen=True)
class Meaning:
    """What an utterance does: the same shape for gold and for what was understood."""

    intent: str
    adds: frozenset[Atom] = frozenset()
    drops: frozenset[Atom] = frozenset()
    held: frozenset[Atom] = frozenset()  # before gold, after what was understood
    about: frozenset[str] = frozenset()  # ids
    question: frozenset[Said] = frozenset()
    named: frozenset[Atom] = frozenset()  # atoms of a query, which state nothing
    count: int | None = None
    options: frozenset[str] = frozenset()


class Situations:
    """Puts one understander into the situations of gold utterances about its catalog."""

    def __init__(self, catalog: Catalog, understander: Understander) -> None:
        self.catalog = catalog
        self._understander = understander
        self.atoms = Atoms(catalog)

    def state(self, said: Utterance) -> DialogueState:
        """The state before the utterance. ValueError names what the catalog does not have."""
        given = said.given
        believed: list[Evidence] = [self.atoms.evidence(self.atoms.read(text), text) for text in given.beliefs]
        shown = tuple(self.atoms.item(title).id for title in given.shown)
        after: list[Evidence] = [Focus(self.atoms.item(given.focus).id)] if given.focus else []
        after += [Asked(given.asked)] if given.asked else []
        state = DialogueState().plus(believed, BEFORE)
        return state.plus([Shown(shown)] if shown else [], BEFORE).plus(after, BEFORE + 1)

    def gold(self, said: Utterance) -> Meaning:
        """What the utterance should do. ValueError names what the catalog does not have."""
        gold = said.gold
        about = frozenset(self.atoms.item(title).id for title in gold.about)
        where = tidy(self.atoms.read(text) for text in (gold.question.where if gold.question else ()))
        return Meaning(
            gold.intent,
            adds=frozenset(tidy(self.atoms.read(text) for text in gold.adds)),
            drops=frozenset(self.atoms.read(text) for text in gold.drops),
            held=frozenset(self._believed(self.state(said))),
            about=about,
            question=frozenset(self._asked(gold.question, about, where)) if gold.question else frozenset(),
            named=frozenset(where),
            count=gold.count,
            options=frozenset(self._option(text) for text in gold.options),
        )

    def understood(self, said: Utterance) -> tuple[Meaning, float]:
        """What the understander makes of it, and the CPU seconds that it took."""
        before = self.state(said)
        started = time.process_time()
        reading = self._understander.read(said.say, before)
        return self._meaning(reading, before), time.process_time() - started

    # ------------------------------------------------------------ what was understood

    def _meaning(self, reading: Reading, before: DialogueState) -> Meaning:
        after = before.plus((*reading.evidence, *((Dropped(reading.forget),) if reading.forget else ())), NOW)
        adds = tidy(self._of(b.evidence for b in after.beliefs if b.evidence.turn == NOW) + self._newly(before, after))
        kept = self._believed(after)
        drops = self._believed(before) - kept
        intent = _intent(reading, adds, drops)
        question = reading.question if intent == "question" else None
        where = tidy(a for c in (question.constraints if question else ()) for a in self.atoms.of_constraint(c))
        items = question.items if question else tuple(e.item_id for e in reading.evidence if isinstance(e, Focus))
        return Meaning(
            intent,
            adds=frozenset(adds),
            drops=frozenset(drops),
            held=frozenset(kept),
            about=frozenset(items),
            question=frozenset(self._put(question, where)) if question else frozenset(),
            named=frozenset(where),
            count=reading.count,
            options=frozenset(map(self._option, reading.ambiguity.options)) if reading.ambiguity else frozenset(),
        )

    def _of(self, evidence: Iterable[Evidence]) -> list[Atom]:
        return [atom for one in evidence for atom in self.atoms.of(one)]

    def _believed(self, state: DialogueState) -> set[Atom]:
        return {*self._of(b.evidence for b in state.beliefs), *(Atom("seen", "", "", (i,)) for i in state.seen)}

    def _newly(self, before: DialogueState, after: DialogueState) -> list[Atom]:
        return [Atom("seen", "", "", (i,)) for i in after.seen if i not in before.seen]

    def _put(self, question: Question, where: Iterable[Atom]) -> Iterable[Said]:
        field = self.catalog.field_of(question.role) if question.role else None  # type: ignore[arg-type]
        name = question.field or (field.name if field else question.role)
        return self._pieces(question.kind, name, question.value, question.items, where)

    def _asked(self, question: GoldQuestion, items: Iterable[str], where: Iterable[Atom]) -> Iterable[Said]:
        return self._pieces(question.kind, question.field, question.value, items, where)

    def _pieces(self, kind: str, field: str, value: str, items: Iterable[str], where: Iterable[Atom]) -> Iterable[Said]:
        """A question piece by piece, one way for each that is answered alike: to hear whether a number or a yes is
        what one thinks is to hear the number, and to hear about several items is to have them compared."""
        items = set(items) if kind not in ("profile", "count") else set()
        if kind == "has" and self._told_whole(field):
            kind, value = "fact", ""
        yield "kind", "compare" if kind == "about" and len(items) > 1 else kind
        if field and kind in ("fact", "has", "compare"):
            yield "field", self.atoms.key(field)
        if value and kind == "has":
            yield "value", fold(value)
        yield from (("item", item) for item in items)
        yield from (("where", atom) for atom in where)

    def _told_whole(self, name: str) -> bool:
        """Whether an answer about the field tells all of it: a number, a yes or no."""
        field = self.catalog.field(name)
        return field is not None and (
            field.kind == "number" or (not field.many and len(self.catalog.postings(name)) <= 2)
        )

    def _option(self, text: str) -> str:
        """The id of the item that an option names, else the folded words: options may be people."""
        try:
            return self.atoms.item(text).id
        except ValueError:
            return fold(text)


def _intent(reading: Reading, adds: Iterable[Atom], drops: Iterable[Atom]) -> str:
    """The intent, told by what the conversation does with the reading."""
    intent: str = {"empty": "unclear", "long": "unclear"}.get(reading.intent, reading.intent)
    if intent in ("tell", "question") and reading.ambiguity:
        return "which"
    if intent not in ("tell", "forget"):
        return intent
    if reading.unknown and all(isinstance(e, Request) for e in reading.evidence):
        return "unknown"
    if reading.unkept and not reading.evidence:
        return "unknown"
    if not adds and drops:
        return "forget"
    return "more" if reading.more and not reading.evidence else intent if not adds else "tell"
