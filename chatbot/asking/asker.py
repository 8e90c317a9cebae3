"""Where a question may be put, and how: before the first list, instead of a list that was refused, or under a list.

Whether one is put there is for the strategy to say.
"""

import random
from collections.abc import Collection
from functools import partial

from chatbot.acts import Segment
from chatbot.asking.answerable import Answerable
from chatbot.asking.posterior import Ranking
from chatbot.asking.queries import Query, Questionnaire
from chatbot.asking.strategies import MAX_QUESTIONS, Asking, Moment, Occasion
from chatbot.recommending import Recommender
from chatbot.state import DialogueState
from chatbot.understanding.reading import Reading
from chatbot.wording import Wording

GENERAL = "ask.any"
"""The topic of questions about fields that have no sentences of their own."""


class Asker:
    """Chooses questions by one strategy, for any number of conversations."""

    def __init__(self, strategy: Asking, recommender: Recommender, wording: Wording, understood: Answerable) -> None:
        """`understood` says what an answer would be taken for."""
        self._strategy = strategy
        self._recommender = recommender
        self._wording = wording
        self._understood = understood
        self._ranking = Ranking(recommender)
        self._questionnaire = Questionnaire(recommender.catalog, wording)

    # ------------------------------------------------------------ when

    def is_open(self, state: DialogueState) -> bool:
        """Whether the last reply put a question about a field."""
        return state.open_question in self._questionnaire.by_name

    def first(self, before: DialogueState, state: DialogueState, shown: int, rng: random.Random) -> Query | None:
        """A question before the first list.

        `before` is the state that the message found, `state` that with it; a list would show `shown` items.
        """
        if state.shown or len(state.asked) >= MAX_QUESTIONS:
            return None
        told: Occasion = "told" if state.beliefs else "vague"
        return self._choose(state, shown, rng, "answered" if self.is_open(before) else told)

    def instead(self, state: DialogueState, shown: int, rng: random.Random) -> Query | None:
        """A question in the place of a list, where nothing came of the last ones."""
        return self._choose(state, shown, rng, "refused")

    def beneath(self, state: DialogueState, listed: Collection[str], rng: random.Random) -> Query | None:
        """A question under a list of items of these ids."""
        return self._choose(state, len(listed), rng, "listed", listed)

    def _choose(
        self, state: DialogueState, shown: int, rng: random.Random, occasion: Occasion, listed: Collection[str] = ()
    ) -> Query | None:
        recommender = self._recommender
        allowed = recommender.allowed(state, {*state.shown, *listed})
        weigh = partial(self._ranking.posterior, state, allowed)
        moment = Moment(
            recommender.index, weigh, self._questionnaire, state, allowed, shown, rng, self._understood, occasion
        )
        return self._strategy(moment)

    # ------------------------------------------------------------ how

    def segment(self, query: Query) -> Segment:
        """The question as something to write."""
        one, many = self._recommender.catalog.nouns
        slots = {"options": self._wording.listed(query.options, "or")} if query.options else {}
        if query.topic == GENERAL:
            slots["field"] = self._wording.field_name(self._questionnaire.by_name[query.field])
        return Segment(query.topic, {"noun": one, "nouns": many, **slots}, frozenset(slots))

    def offers(self, query: Query) -> tuple[Reading, ...]:
        """What each of the choices means, however it is chosen; () where a number might be an answer of its own."""
        field = self._questionnaire.by_name[query.field]
        if field.kind == "number" and field.role != "year":
            return ()
        return tuple(self._understood.reading(option, field) for option in query.options)
