"""The strategies: when to ask rather than to show a list, and about what.

Ours weighs a question by what may come of it. With chances p of the candidates in the order of the ranking, a list of
k shows the first k, the next list the next k, and each turn is worth PATIENCE of the turn before; so showing lists is
worth the sum over ranks r = 0, 1, … of p_r · PATIENCE ^ (r // k). A question costs one turn, and then leaves of each
answer's candidates those of whom the answer is true: it is worth PATIENCE times the sum over the answers of the same
for these. One that stands under a list costs no turn, but is answered less often. Of a list, a list with a question
under it and a question alone, that is done which is worth most. Only a wish told first is answered with a list in any
case, and where nothing at all is known yet a question is put: no list is worth much then, and the chances are least
to be trusted.

The others are as they are published: they have a rule for what to ask, and ask while more candidates are left than a
list holds, MAX_QUESTIONS times before the first list and once after every REFUSED_LISTS lists that brought nothing.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Protocol

import numpy as np

from chatbot.asking.examples import chance_of_example, worth_of_example
from chatbot.asking.posterior import Posterior
from chatbot.asking.queries import LIKED, MAX_CHOICES, Answers, Query, Questionnaire, topic_of
from chatbot.asking.worth import PATIENCE, worth_of_answers, worth_of_choices, worth_of_lists
from chatbot.state import Asked, Believed, DialogueState, Opinion, Shown, Wish
from index.catalog import PEOPLE, Field
from index.folder import Index

DEFAULT = "gain"
MAX_QUESTIONS = 2
"""Before the first list."""
REFUSED_LISTS = 2
"""Lists after which, when all of them was refused and nothing new told, a question may take the place of another."""
INDIFFERENCE = 0.6
"""How often, against the first question, one is answered after another that was not."""
HEED = 0.5
"""How often a question under a list is answered, against one that stands alone."""
MARGIN = 0.05
"""What a question under a list must add, as a share: reading it is a little trouble too."""

Occasion = Literal["vague", "answered", "told", "refused", "listed"]
"""What a question would follow: nothing that tells anything, an answer, a wish (all before the first list), lists of
which nothing came, or a list that it would stand under."""


@dataclass(frozen=True)
class Moment:
    """A point of the talk at which a question may be put."""

    index: Index
    weigh: Callable[[], Posterior]  # the candidates by what is known of the person; only some strategies need it
    questionnaire: Questionnaire
    state: DialogueState
    allowed: np.ndarray  # (n,) bool: what a list may show
    shown: int  # how many items a list shows
    rng: random.Random
    understood: Callable[[str, Field], bool]  # whether an answer is understood as a value of the field
    occasion: Occasion = "vague"

    @property
    def alone(self) -> bool:
        """Whether the question would take a turn, as one under a list does not."""
        return self.occasion != "listed"

    @property
    def lists_in_vain(self) -> int:
        """How many lists were shown since something was told, or asked in a question that stood alone."""
        told = [belief.evidence.turn for belief in self.state.beliefs]
        asked = [asked.turn for asked in self.state.of(Asked) if asked.topic in self.put_alone]
        return sum(earlier.turn >= max((*told, *asked), default=0) for earlier in self.state.of(Shown))

    @property
    def too_soon(self) -> bool:
        """Whether another list is due where the last was refused."""
        return self.occasion == "refused" and self.lists_in_vain < REFUSED_LISTS

    @cached_property
    def put_alone(self) -> set[str]:
        """What was asked about in questions that stood alone, which nobody passes over."""
        listed = {shown.turn for shown in self.state.of(Shown)}
        return {asked.topic for asked in self.state.of(Asked) if asked.turn not in listed}

    @cached_property
    def open_fields(self) -> tuple[Field, ...]:
        """The fields that were neither asked about nor spoken of."""
        wanted = [b.evidence for b in self.state.beliefs if not isinstance(b.evidence, Opinion) or b.evidence.liked]
        closed = {*self.state.asked, *(belief_field(evidence) for evidence in wanted)}
        fields = (f for f in self.questionnaire.fields if f.name not in closed)
        # Under a list, other people's names would read as if they had to do with its items.
        return tuple(f for f in fields if self.alone or f.role not in PEOPLE)

    @property
    def readiness(self) -> float:
        """How likely a question is answered, against the first: whoever had no answer has the next less often."""
        told = {belief_field(belief.evidence) for belief in self.state.beliefs}
        return INDIFFERENCE ** sum(name in self.questionnaire.by_name and name not in told for name in self.put_alone)

    @cached_property
    def ranked(self) -> Posterior:
        """The candidates by what is known of the person."""
        return self.weigh()

    @cached_property
    def uniform(self) -> Posterior:
        """The candidates, each as likely as the other."""
        places = np.flatnonzero(self.allowed)
        return Posterior(places, np.full(len(places), 1 / max(1, len(places))))

    def answers(self, candidates: Posterior) -> Iterator[Answers]:
        """The answers to each question that may be put."""
        for field in self.open_fields:
            found = self.questionnaire.answers(field, candidates.places, candidates.chances)
            if found is not None:
                yield found

    def weighed(self) -> Iterator[Query]:
        """The questions with what lists are worth after each, answered or not."""
        p = self.ranked.chances
        now = worth_of_lists(p, self.shown)
        for answers in self.answers(self.ranked):
            each = worth_of_answers(answers, p, self.shown)
            told = worth_of_choices(answers, np.argsort(-each, kind="stable")[:MAX_CHOICES], p, self.shown)
            chance = answers.chance * self.readiness
            query = self.query(answers, each, chance * told + (1 - chance) * now)
            if query:
                yield query
        if not self.alone and chance_of_example(self.state):
            chance = chance_of_example(self.state) * self.readiness
            told = worth_of_example(self.index, self.ranked, self.shown)
            yield Query(LIKED, f"ask.{LIKED}", (), chance * told + (1 - chance) * now)

    def worth_of_list(self) -> float:
        """What a list is worth, with the best question under it."""
        p = self.ranked.chances
        now, first = worth_of_lists(p, self.shown), float(p[: self.shown].sum())
        beneath = replace(self, occasion="listed")
        best = max((query.gain for query in beneath.weighed()), default=now)
        return now + PATIENCE * (1 - first) * HEED * max(0.0, best - now)

    def query(self, answers: Answers, worth: np.ndarray, gain: float = 0.0) -> Query | None:
        """The question with the choices of most worth (a,) that are understood; None where that leaves fewer than
        two."""
        best = [at for at in np.argsort(-worth, kind="stable")[: 2 * MAX_CHOICES] if worth[at] > 0]
        kept = [at for at in best if self.understood(answers.texts[at], answers.field)][:MAX_CHOICES]
        if len(kept) < 2:
            return None
        texts = tuple(answers.texts[at] for at in (sorted(kept) if answers.ordered else kept))
        return Query(answers.field.name, topic_of(answers.field), texts, gain)


class Asking(Protocol):
    """A strategy."""

    def __call__(self, moment: Moment) -> Query | None:
        """The question to put; None to show a list."""


def by_gain(moment: Moment) -> Query | None:
    """Ours: a question where it brings success sooner than lists do, and the one that does so most."""
    if moment.too_soon or moment.occasion == "told" or not len(moment.ranked.chances):
        return None
    best = max(moment.weighed(), key=lambda query: query.gain, default=None)
    if best is None or moment.occasion == "vague":
        return best
    if moment.alone:
        return best if PATIENCE * best.gain > moment.worth_of_list() else None
    return best if best.gain > (1 + MARGIN) * worth_of_lists(moment.ranked.chances, moment.shown) else None


def by_entropy(moment: Moment) -> Query | None:
    """The question whose answers are most evenly spread over the candidates, whatever the ranking makes of them."""
    best: Query | None = None
    for answers in moment.answers(moment.uniform):
        bits = _entropy(_shares(answers))
        gain = float(np.sort(bits)[::-1][:MAX_CHOICES].sum())
        if best is None or gain > best.gain:
            best = moment.query(answers, bits, gain) or best
    return best


def in_order(moment: Moment) -> Query | None:
    """The first field of the catalog that was not asked about yet."""
    return next(_commonest(moment, list(moment.answers(moment.uniform))), None)


def at_random(moment: Moment) -> Query | None:
    """Any field."""
    answers = list(moment.answers(moment.uniform))
    moment.rng.shuffle(answers)
    return next(_commonest(moment, answers), None)


def never(moment: Moment) -> Query | None:
    """No question, ever."""
    return None


def as_published(choose: Asking) -> Asking:
    """A strategy that asks what `choose` says, as often as is usual."""

    def ask(moment: Moment) -> Query | None:
        if moment.too_soon or not moment.alone or np.count_nonzero(moment.allowed) <= moment.shown:
            return None
        return choose(moment)

    return ask


STRATEGIES: Mapping[str, Asking] = {
    "gain": by_gain,
    "entropy": as_published(by_entropy),
    "order": as_published(in_order),
    "random": as_published(at_random),
    "never": never,
}


def _commonest(moment: Moment, found: list[Answers]) -> Iterator[Query]:
    """The questions in that order, with the commonest answers."""
    for answers in found:
        query = moment.query(answers, _shares(answers))
        if query:
            yield query


def belief_field(evidence: Believed) -> str:
    """The field that a belief is about; "" for items and free words."""
    if isinstance(evidence, Wish):
        return evidence.constraint.field
    return (evidence.field or "") if isinstance(evidence, Opinion) else ""


def _shares(answers: Answers) -> np.ndarray:
    """The share of the candidates of whom each answer is true: (a,)."""
    return answers.each(np.ones(len(answers.rows))) / max(1, answers.count)


def _entropy(p: np.ndarray) -> np.ndarray:
    """Bits of yes-or-no answers of these probabilities, elementwise."""
    q = np.clip(p, 1e-12, 1 - 1e-12)
    return np.asarray(-(q * np.log2(q) + (1 - q) * np.log2(1 - q)))
