"""A simulated user: reads a reply, and says the next thing on the agenda, an answer, a critique, or "more"."""

import random

from chatbot.simulation.goals import Goal, Need
from chatbot.simulation.personas import Persona
from chatbot.simulation.phrases import Phrases
from chatbot.simulation.reading import Asked, Reader
from chatbot.simulation.speech import Speaker
from chatbot.turn import Turn
from index.catalog import Field

TAKES_BACK = 2
"""Messages after which somebody notices that what they said first was wrong."""

RETICENT = 0.3
"""How often, against others, those go on of their own accord who begin with nothing in particular: they know what they
want when they are asked or see it."""
RECALL = 0.5
"""How often, against a value of a closed vocabulary, somebody recalls a name of an open one."""


class SimulatedUser:
    """One person in one dialogue. Keeps count of what is told already."""

    def __init__(
        self, goal: Goal, persona: Persona, reader: Reader, phrases: Phrases, speaker: Speaker, rng: random.Random
    ) -> None:
        self.goal = goal
        self.persona = persona
        self._reader = reader
        self._phrases = phrases
        self._speaker = speaker
        self._rng = rng
        self._agenda = list(goal.needs)
        self._slip: Need | None = None
        self._said = 0
        self._named = False  # an item that is liked
        self._tells = persona.tells

    def opening(self) -> str:
        """The first message."""
        self._said += 1
        if self._rng.random() < self.persona.vague or not self._agenda:
            self._tells *= RETICENT
            return self._speaker.say("vague")
        return self._tell("opening")

    def reply(self, turn: Turn) -> str:
        """The message after a reply that did not show the target."""
        self._said += 1
        if turn.act == "ask" and turn.choices:
            return self._answer(turn)
        if turn.act == "relax" and turn.choices:
            told = [n.slots.get("value", "") for n in self.goal.needs]
            return self._speaker.say("relaxed", choice=self._reader.giving_up(turn, self.goal.target, told))
        if self._slip is not None and self._said > TAKES_BACK:
            return self._take_back()
        if not turn.items or (self._agenda and self._rng.random() < self._tells):
            return self._tell("going_on") if self._agenda else self._speaker.say("more" if turn.items else "vague")
        if self._rng.random() < self.persona.heeds and (answer := self._answer_beneath(turn)):
            return answer
        critique = self._critique(turn) if self._rng.random() < self.persona.criticises else ""
        return critique or self._speaker.say("more")

    # ------------------------------------------------------------ telling

    def _tell(self, topic: str) -> str:
        """The next needs, as many as the persona tells at a time, so far as they go into one sentence."""
        needs = [self._agenda.pop(0)]
        if needs[0].topic == "told" and not needs[0].wrong:
            while len(needs) < self.persona.each and self._agenda and self._plain(self._agenda[0]):
                needs.append(self._agenda.pop(0))
        first = needs[0]
        self._named = self._named or first.topic == "liked"
        if first.topic != "told":
            return self._speaker.say(first.topic, **first.slots)
        if first.wrong:
            self._slip = first
            return self._speaker.say(topic, **first.wrong.slots)
        slots = {**first.slots, "need": self._phrases.joined([n.slots["need"] for n in needs])}
        return self._speaker.say(topic, **slots)

    def _plain(self, need: Need) -> bool:
        return need.topic == "told" and not need.wrong

    def _take_back(self) -> str:
        slip, self._slip = self._slip, None
        assert slip is not None
        years = slip.slots["value"].isdigit()
        wrong = slip.wrong.slots["value"] if slip.wrong else ""
        return self._speaker.say("back_years" if years else "back", **slip.slots, wrong=wrong)

    # ------------------------------------------------------------ answering

    def _answer(self, turn: Turn) -> str:
        """The truth about the target, so far as it is known; where no choice is true, what is, or that none is."""
        meant = self._reader.which(turn, self.goal.example)
        if meant:
            return meant
        asked = self._reader.asked(turn, self.goal.target)
        if asked.field is None or not self._knows(asked.field):
            return self._speaker.say("dont_care")
        return self._answered(asked, asked.field)

    def _answer_beneath(self, turn: Turn) -> str:
        """The answer to a question under a list; "" where there is none, or none is known: nobody says so then."""
        if self.goal.example and not self._named and self._reader.asks_for_example(turn):
            self._named = True
            self._agenda = [n for n in self._agenda if n.topic != "liked"]
            return self._speaker.say("liked", title=self.goal.example)
        asked = self._reader.asked(turn, self.goal.target)
        return self._answered(asked, asked.field) if asked.field and self._knows(asked.field) else ""

    def _knows(self, field: Field) -> bool:
        return field.name in self.goal.answers and bool(self.goal.target.values(field.name))

    def _answered(self, asked: Asked, field: Field) -> str:
        slip = self._slip is not None and self._slip.field == field.name
        self._slip = None if slip else self._slip
        self._agenda = [n for n in self._agenda if n.field != field.name or n.topic != "told"]
        if asked.true:
            chosen = self._rng.choice(asked.true)
            others = [c for c in asked.true if c != chosen]
            if field.kind == "category" and others and self._rng.random() < 0.3:
                chosen = self._speaker.both(chosen, self._rng.choice(others))
            return self._speaker.say("answer", value=chosen)
        own = self._phrases.need(field, self.goal.target, self._rng, plain=True)
        patience = self.persona.patience * (1.0 if self._reader.is_closed(field) else RECALL)
        if own is None or self._rng.random() > patience:
            return self._speaker.say("none")
        return self._speaker.say("own", **own[2])

    # ------------------------------------------------------------ criticising

    def _critique(self, turn: Turn) -> str:
        """What is wrong with a list, in words; "" where nothing can be put into words."""
        said = [
            self._speaker.say("critique", critique=word)
            for role, side in self._reader.too_low_or_high(turn, self.goal.target)
            if (word := self._speaker.critique(role, side))
        ]
        said += [self._speaker.say("less", value=value) for value in self._reader.too_much(turn, self.goal.target)]
        nearest = self._reader.nearest(turn, self.goal.position)
        if nearest is not None and nearest < self._speaker.places:
            said.append(self._speaker.say("like_this", place=self._speaker.place(nearest)))
        return self._rng.choice(said) if said else ""
