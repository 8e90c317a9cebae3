"""Answers to questions: facts of an item, comparisons, counts, reasons, the profile; all from the record."""

from dataclasses import dataclass
from typing import cast

from chatbot.acts import Act, Segment
from chatbot.recommending import Recommendation, Recommender
from chatbot.state import Believed, DialogueState, Opinion, Shown, constraints_of
from chatbot.understanding.reading import Question
from chatbot.wording import Wording
from index.catalog import Field, FieldRole, Item, Value, fold
from index.constraints import holds_at, mask

MAX_NAMES = 4
MAX_VALUES = 8
MAX_DESCRIBED = 2
MAX_OFFERED = 12
_OWN_TOPIC = {
    "creator": ("answer.creator", "creator"),
    "performer": ("answer.performer", "performers"),
    "year": ("answer.year", "year"),
    "genre": ("answer.genre", "genres"),
    "rating": ("answer.rating", "rating"),
    "keyword": ("answer.keyword", "keywords"),
    "price": ("answer.price", "price"),
}
"""Roles that have a topic of their own, and the slot that holds the answer there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say, and the items that it names."""

    act: Act
    segments: tuple[Segment, ...]
    items: tuple[Recommendation, ...] = ()


class Answerer:
    """Answers from the catalog and the state alone."""

    def __init__(self, recommender: Recommender, wording: Wording) -> None:
        self._recommender = recommender
        self._catalog = recommender.catalog
        self._wording = wording
        one, many = self._catalog.nouns
        self._nouns = {"noun": one, "nouns": many}

    def answer(self, question: Question, state: DialogueState) -> Answer:
        """The answer to a question of any kind."""
        items = [item for i in question.items if (item := self._catalog.item(i)) is not None]
        if question.kind == "profile":
            return self._profile(state)
        if question.kind == "count":
            return self._count(question)
        if question.kind == "values":
            return self._values(question)
        if not items:
            if state.last_shown:  # "the fifth one", of four
                return Answer("decline", (self._say("decline.unclear"),))
            return Answer("answer", (self._say("answer.nothing_shown"),))
        if question.kind == "compare" and self._asked(question) is None and not question.role:
            return self._described([self._about(item) for item in items[:MAX_DESCRIBED]])
        if question.kind == "compare":
            return self._compare(question, items)
        if question.kind == "why":
            return self._why(items[0], state)
        if question.kind == "has":
            return self._have(question, items)
        if question.kind == "have":
            return self._one("answer.in_catalog", items[0], title=self._wording.heading(items[0]))
        if question.kind == "about":
            return self._described([self._about(item) for item in items[:MAX_DESCRIBED]])
        answers = [self._fact(item, self._asked(question), question.role) for item in items[:MAX_NAMES]]
        return Answer("answer", *self._parts(answers))

    def _asked(self, question: Question) -> Field | None:
        """The field that a question is about, if the catalog has it."""
        return self._catalog.field(question.field) or self._catalog.field_of(cast(FieldRole, question.role))

    # ------------------------------------------------------------ kinds

    def _described(self, answers: list[Answer]) -> Answer:
        """One description, or several side by side."""
        return Answer("compare" if len(answers) > 1 else "answer", *self._parts(answers))

    def _fact(self, item: Item, field: Field | None, role: str = "") -> Answer:
        if field is None:
            return self._one("answer.unknown", item, field=self._wording.role_name(role))
        if self._wording.naming.is_flag(field) and item.values(field.name):
            return self._flag(item, field)
        values = [self._value(field, v) for v in item.values(field.name)]
        name = self._wording.field_name(field)
        if not values:
            return self._one("answer.unknown", item, field=name)
        text = self._wording.listed(values[: MAX_NAMES if field.role == "performer" else MAX_VALUES])
        if field.role in _OWN_TOPIC:
            topic, slot = _OWN_TOPIC[field.role]
            return self._one(topic, item, **{slot: text})
        topic = (
            "answer.person" if field.role == "person" else f"answer.{'field' if field.kind == 'category' else 'number'}"
        )
        return self._one(topic, item, field=name, value=text)

    def _flag(self, item: Item, field: Field) -> Answer:
        """ "Yes, it is waterproof", "No, it comes without certificate"."""
        naming = self._wording.naming
        yes = naming.is_yes(item.values(field.name)[0])
        is_ = naming.is_quality(field)
        topic = ("answer.is" if is_ else "answer.yes_has") if yes else ("answer.is_not" if is_ else "answer.no_has")
        return self._one(topic, item, value=naming.name(field))

    def _values(self, question: Question) -> Answer:
        """The values that a field has among the items that a question narrows it down to, the commonest first."""
        field = self._catalog.field(question.field)
        assert field is not None
        allowed = mask(self._catalog, question.constraints)
        spelling = self._catalog.spellings(field.name)
        counts = {v: int(allowed[where].sum()) for v, where in self._catalog.postings(field.name).items()}
        known = sorted((v for v in counts if counts[v]), key=lambda v: (-counts[v], v))
        listed = self._wording.listed([spelling[v] for v in known[:MAX_OFFERED]])
        name = self._wording.field_name(field)
        if not known:
            return Answer("answer", (self._say("answer.count", count=self._wording.count(0), wish=name),))
        topic = "answer.values_some" if len(known) > MAX_OFFERED else "answer.values"
        return Answer("answer", (self._say(topic, field=name, options=listed),))

    def _have(self, question: Question, items: list[Item]) -> Answer:
        """Whether an item has a value; of several, those that have it, or else all. Which kinds and keywords an item
        is listed under says it better than a no: the lists are never complete."""
        having = [i for i in items if fold(question.value) in {fold(str(v)) for v in i.values(question.field)}]
        field = self._catalog.field(question.field)
        if field is not None and (field.kind == "number" or field.role in ("genre", "keyword") or len(items) > 1):
            answers = [self._fact(item, field) for item in (having or items)[:MAX_NAMES]]
            return Answer("answer", *self._parts(answers))
        if field is not None and self._wording.naming.is_flag(field) and items[0].values(field.name):
            return self._flag(items[0], field)
        return self._has(question, items[0], bool(having))

    def _has(self, question: Question, item: Item, has: bool) -> Answer:
        field = self._catalog.field(question.field)
        if field is not None and not item.values(field.name):
            return self._one("answer.unknown", item, field=self._wording.field_name(field))
        return self._one("answer.yes_has" if has else "answer.no_has", item, value=question.value)

    def _parts(self, answers: list[Answer]) -> tuple[tuple[Segment, ...], tuple[Recommendation, ...]]:
        return tuple(s for a in answers for s in a.segments), tuple(r for a in answers for r in a.items)

    def _about(self, item: Item) -> Answer:
        slots = self._wording.slots(item)
        wanted: list[str] = [s for s in ("year", "genres", "creator", "rating", "performers") if s in slots]
        if "genres" not in slots and "genre" in slots:
            wanted.append("genre")
        return self._one("answer.about", item, **{s: slots[s] for s in wanted[:4]})

    def _count(self, question: Question) -> Answer:
        count = self._recommender.count(question.constraints)
        wish = self._wording.of_constraints(question.constraints) or self._catalog.nouns[1]
        return Answer("answer", (self._say("answer.count", count=self._wording.count(count), wish=wish),))

    def _profile(self, state: DialogueState) -> Answer:
        wish = self._wording.wish(state)
        return Answer(
            "answer", (self._say("answer.profile", wish=wish) if wish else self._say("answer.profile_empty"),)
        )

    def _why(self, item: Item, state: DialogueState) -> Answer:
        if item.id not in state.shown:  # there is nothing to explain
            return self._about(item)
        shared = self._recommender.shared_with_liked(item, state)
        wish = self._wording.wish(self._grounds(item, state))
        if shared:
            answer = self._one("explain.liked", item, liked=shared[0], shared=shared[1])
        elif wish:
            answer = self._one("explain.wanted", item, wish=wish)
        else:
            answer = self._one("explain.start", item)
        return Answer("explain", answer.segments, answer.items)

    def _grounds(self, item: Item, state: DialogueState) -> DialogueState:
        """What of the beliefs was said when the item was last shown, and holds for it: later wishes are no reason."""
        shown = max(e.turn for e in state.of(Shown) if item.id in e.item_ids)
        said = [b.evidence for b in state.beliefs if b.evidence.turn <= shown]
        return DialogueState(tuple(e for e in said if self._bears_out(item, e)))

    def _bears_out(self, item: Item, evidence: Believed) -> bool:
        """Whether what is wanted, liked or refused is true of an item; of free words nothing can be said."""
        where = self._catalog.positions[item.id]
        if isinstance(evidence, Opinion) and evidence.liked and evidence.field and evidence.value is not None:
            return fold(str(evidence.value)) in {fold(str(v)) for v in item.values(evidence.field)}
        return all(holds_at(self._catalog, c)[where] for c in constraints_of(evidence, self._catalog))

    def _compare(self, question: Question, items: list[Item]) -> Answer:
        field = self._asked(question)
        if len(items) > 2:
            return self._outstanding(question, items)
        both = tuple(Recommendation(item, 1.0) for item in items[:2])
        first, second = items[0], items[1]
        a, b = (item.facts.get(field.name) if field else None for item in (first, second))
        if field is None or not isinstance(a, (int, float)) or not isinstance(b, (int, float)):
            lacking = first if not isinstance(a, (int, float)) else second
            name = self._wording.field_name(field) if field else question.role
            return Answer(
                "compare",
                (self._say("answer.unknown", title=lacking.title, field=name),),
                (Recommendation(lacking, 1.0),),
            )
        if a == b:
            segment = self._say(
                "compare.same",
                title=first.title,
                title2=second.title,
                field=self._wording.field_name(field),
                value=self._value(field, a),
            )
            return Answer("compare", (segment,), both)
        if (a < b) != (question.smaller and field.role != "year"):
            first, second, a, b = second, first, b, a
        return Answer("compare", (self._compared(field, first, second, a, b),), both)

    def _outstanding(self, question: Question, items: list[Item]) -> Answer:
        """Which of several is the newest, the best rated …: the one, with its number."""
        field = self._asked(question)
        known = [(v, item) for item in items if field and isinstance(v := item.facts.get(field.name), (int, float))]
        if field is None or not known:
            name = self._wording.field_name(field) if field else question.role
            return Answer("compare", self._one("answer.unknown", items[0], field=name).segments, ())
        pick = min if question.smaller else max
        answer = self._fact(pick(known, key=lambda pair: pair[0])[1], field)
        return Answer("compare", answer.segments, answer.items)

    def _compared(self, field: Field, first: Item, second: Item, a: float, b: float) -> Segment:
        """`first` is the newer, the better rated, or the one with the number that was asked for."""
        titles = {"title": first.title, "title2": second.title}
        if field.role == "year":
            return self._say("compare.newer", **titles, year=str(a), year2=str(b))
        if field.role == "rating":
            return self._say("compare.rated", **titles, rating=self._value(field, a), value2=self._value(field, b))
        return self._say(
            "compare.number",
            **titles,
            field=self._wording.field_name(field),
            value=self._value(field, a),
            value2=self._value(field, b),
        )

    def _value(self, field: Field, value: Value) -> str:
        """A value beside the name of its field, which says already what is counted."""
        counted = not isinstance(value, str) and self._wording.naming.counts(field) and field.role != "rating"
        return self._wording.number(value) if counted else self._wording.amount(field, value)

    # ------------------------------------------------------------ helpers

    def _one(self, topic: str, item: Item, **slots: str) -> Answer:
        segment = self._say(topic, **{"title": item.title, **slots})
        return Answer("answer", (segment,), (Recommendation(item, 1.0),))

    def _say(self, topic: str, **slots: str) -> Segment:
        return Segment(topic, {**self._nouns, **slots}, frozenset(slots))
