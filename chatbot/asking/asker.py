"""When a question may be put, and how: before the first list, instead of a list that was refused, or under a list.

A question under a list costs no turn, so that is where most are put. One that stands alone is kept for a talk that
begins with nothing in particular, and for lists of which all was refused.
"""

import random
from collections.abc import Callable, Collection

from chatbot.acts import Segment
from chatbot.asking.queries import Query, Questionnaire
from chatbot.asking.strategies import Asking, Moment
from chatbot.recommending import Recommender
from chatbot.state import DialogueState, Shown
from chatbot.wording import Wording
from index.catalog import Field

MAX_QUESTIONS = 2
"""Before the first list."""
REFUSED_LISTS = 2
"""Lists after which, when all of them was refused and nothing new told, a question takes the place of another."""
GENERAL = "ask.any"
"""The topic of questions about fields that have no sentences of their own."""


class Asker:
    """Chooses questions by one strategy, for any number of conversations."""

    def __init__(
        self, strategy: Asking, recommender: Recommender, wording: Wording, understood: Callable[[str, Field], bool]
    ) -> None:
        """`understood` says whether an answer would be taken for a value of a field."""
        self._strategy = strategy
        self._recommender = recommender
        self._wording = wording
        self._understood = understood
        self._questionnaire = Questionnaire(recommender.catalog, wording)

    # ------------------------------------------------------------ when

    def is_open(self, state: DialogueState) -> bool:
        """Whether the last reply put a question about a field."""
        return state.open_question in self._questionnaire.by_name

    def first(self, before: DialogueState, state: DialogueState, shown: int, rng: random.Random) -> Query | None:
        """A question before the first list, where nothing is known yet or the last one was answered.

        `before` is the state that the message found, `state` that with it; a list would show `shown` items.
        """
        early = not state.shown and len(state.asked) < MAX_QUESTIONS
        if not early or (state.beliefs and not self.is_open(before)):
            return None
        return self._choose(state, shown, rng, alone=True)

    def instead(self, state: DialogueState, shown: int, rng: random.Random) -> Query | None:
        """A question in the place of a list, where nothing came of the last ones."""
        return self._choose(state, shown, rng, alone=True) if self._in_vain(state) >= REFUSED_LISTS else None

    def beneath(self, state: DialogueState, listed: Collection[str], rng: random.Random) -> Query | None:
        """A question under a list of items of these ids, where the last list brought nothing new to light."""
        return self._choose(state, len(listed), rng, alone=False, listed=listed) if self._in_vain(state) else None

    def _in_vain(self, state: DialogueState) -> int:
        """How many lists were shown since something was told."""
        told = max((belief.evidence.turn for belief in state.beliefs), default=0)
        return sum(earlier.turn >= told for earlier in state.of(Shown))

    def _choose(
        self, state: DialogueState, shown: int, rng: random.Random, alone: bool, listed: Collection[str] = ()
    ) -> Query | None:
        recommender = self._recommender
        allowed = recommender.allowed(state, {*state.shown, *listed})
        vague = alone and not (state.beliefs or state.asked or state.shown)
        return self._strategy(
            Moment(recommender.index, self._questionnaire, state, allowed, shown, rng, self._understood, alone, vague)
        )

    # ------------------------------------------------------------ how

    def segment(self, query: Query) -> Segment:
        """The question as something to write."""
        one, many = self._recommender.catalog.nouns
        slots = {"options": self._wording.listed(query.options, "or")}
        if query.topic == GENERAL:
            slots["field"] = self._wording.field_name(self._questionnaire.by_name[query.field])
        return Segment(query.topic, {"noun": one, "nouns": many, **slots}, frozenset(slots))
