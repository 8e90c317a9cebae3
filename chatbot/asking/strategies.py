"""The strategies: when to ask rather than to show a list, and about what.

Ours weighs a question by what may come of it. With chances p of the candidates in the order of the ranking, a list of
k shows the first k, the next list the next k, and each turn is worth PATIENCE of the turn before; so showing lists is
worth the sum over ranks r = 0, 1, … of p_r · PATIENCE ^ (r // k). A question costs one turn, and then leaves of each
answer's candidates those of whom the answer is true: it is worth PATIENCE times the sum over the answers of the same
for these. The question is put where that is more,
and where nothing at all is known yet: no list is worth much then, and the chances are least to be trusted.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from chatbot.asking.posterior import Posterior, posterior
from chatbot.asking.queries import MAX_CHOICES, Answers, Query, Questionnaire, topic_of
from chatbot.state import Believed, DialogueState, Opinion, Wish
from index.catalog import PEOPLE, Field
from index.folder import Index

DEFAULT = "gain"
PATIENCE = 0.85
OWN_WORDS, RECALLED = 0.5, 0.25
"""How often somebody of whom no choice is true names what is: of a closed vocabulary, and of an open one."""
INDIFFERENCE = 0.6
"""How often, against the first question, one is answered after another that was not."""
MARGIN = 0.05
"""What a question under a list must add, as a share: reading it is a little trouble too."""
NEARLY_ALL = 0.97
"""An answer that is true of a greater share tells nothing."""


@dataclass(frozen=True)
class Moment:
    """A point of the talk at which a question may be put."""

    index: Index
    questionnaire: Questionnaire
    state: DialogueState
    allowed: np.ndarray  # (n,) bool: what a list may show
    shown: int  # how many items a list shows
    rng: random.Random
    understood: Callable[[str, Field], bool]  # whether an answer is understood as a value of the field
    alone: bool = True  # whether the question would take a turn, which another would not that stands under a list
    vague: bool = False  # whether nothing at all is known, so that a list would be one of everything

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
        unanswered = [name for name in self.state.asked if name in self.questionnaire.by_name and name not in told]
        return INDIFFERENCE ** len(unanswered)

    @cached_property
    def ranked(self) -> Posterior:
        """The candidates by what is known of the person."""
        return posterior(self.index, self.state, self.allowed)

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
    """Ours: the question after which success is expected soonest, if sooner than by lists."""
    p = moment.ranked.chances
    if not len(p):
        return None
    now = worth_of_lists(p, moment.shown)
    best: Query | None = None
    for answers in moment.answers(moment.ranked):
        each = worth_of_answers(answers, p, moment.shown)
        told = worth_of_choices(answers, np.argsort(-each, kind="stable")[:MAX_CHOICES], p, moment.shown)
        chance = answers.chance * moment.readiness
        worth = (PATIENCE if moment.alone else 1 - MARGIN) * (chance * told + (1 - chance) * now)
        if worth > max(0.0 if moment.vague else now, best.gain if best else 0.0):
            best = moment.query(answers, each, worth) or best
    return best


def worth_of_lists(p: np.ndarray, shown: int) -> float:
    """What showing candidates of these chances (m,), the likeliest first, is worth: in 0..1."""
    return float(p @ _discounts(np.arange(len(p)), shown))


def worth_of_answers(answers: Answers, p: np.ndarray, shown: int) -> np.ndarray:
    """What lists are worth after each answer (a,), times its chance, if all were offered; 0 for one true of all."""
    shares = (p / np.maximum(answers.own(), 1))[answers.rows]
    telling = answers.each(p[answers.rows]) < NEARLY_ALL * p.sum()
    return np.where(telling, answers.each(shares * _discounts(answers.places, shown)), 0.0)


def worth_of_choices(answers: Answers, choices: np.ndarray, p: np.ndarray, shown: int) -> float:
    """The same for the whole question that offers these choices, of somebody who has an answer.

    Somebody of whom several choices are true gives each as often. Of whom none is, names something that is true, or
    else nothing is learnt.
    """
    naming = OWN_WORDS if answers.closed else RECALLED
    offered = np.zeros(len(answers.texts), dtype=bool)
    offered[choices] = True
    offered = offered[answers.codes]
    true, every = answers.own(offered), answers.own()
    chosen = np.where(offered, (p / np.maximum(true, 1))[answers.rows], 0.0)
    named = np.where(true[answers.rows] == 0, (naming * p / np.maximum(every, 1))[answers.rows], 0.0)
    told = float(((chosen + named) * _discounts(answers.places, shown)).sum())
    silent = np.where(true > 0, 0.0, np.where(every > 0, 1 - naming, 1.0))
    return told + float((silent * p * _discounts(np.arange(len(p)), shown)).sum())


def _discounts(places: np.ndarray, shown: int) -> np.ndarray:
    """What it is worth to be shown from a place, counted from 0, on: as many as there are places."""
    return np.asarray(PATIENCE ** (places // shown))


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


STRATEGIES: Mapping[str, Asking] = {
    "gain": by_gain,
    "entropy": by_entropy,
    "order": in_order,
    "random": at_random,
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
