"""What lists and questions are worth: how likely the item is found, discounted by how late.

Throughout, `p` (m,) are the chances of the candidates, the likeliest first, and a list shows `shown` of them.
"""

import numpy as np

from chatbot.asking.queries import Answers

PATIENCE = 0.85
"""What a turn is worth against the one before."""
OWN_WORDS, RECALLED = 0.5, 0.25
"""How often somebody of whom no choice is true names what is: of a closed vocabulary, and of an open one."""
NEARLY_ALL = 0.97
"""An answer that is true of a greater share tells nothing."""


def worth_of_lists(p: np.ndarray, shown: int) -> float:
    """What showing candidates of these chances (m,), the likeliest first, is worth: in 0..1."""
    return float(p @ discounts(np.arange(len(p)), shown))


def worth_of_answers(answers: Answers, p: np.ndarray, shown: int) -> np.ndarray:
    """What lists are worth after each answer (a,), times its chance, if all were offered; 0 for one true of all."""
    shares = (p / np.maximum(answers.own(), 1))[answers.rows]
    telling = answers.each(p[answers.rows]) < NEARLY_ALL * p.sum()
    return np.where(telling, answers.each(shares * discounts(answers.places, shown)), 0.0)


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
    told = float(((chosen + named) * discounts(answers.places, shown)).sum())
    silent = np.where(true > 0, 0.0, np.where(every > 0, 1 - naming, 1.0))
    return told + float((silent * p * discounts(np.arange(len(p)), shown)).sum())


def discounts(places: np.ndarray, shown: int) -> np.ndarray:
    """What it is worth to be shown from a place, counted from 0, on: as many as there are places."""
    return np.asarray(PATIENCE ** (places // shown))
