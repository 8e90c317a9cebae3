"""Simulated dialogues: one user with one bot, until the target is shown or the user gives up."""

import random
import time
from dataclasses import dataclass, field

from chatbot.bot import Chatbot
from chatbot.simulation.goals import GoalMaker
from chatbot.simulation.personas import People, Persona
from chatbot.simulation.phrases import Phrases
from chatbot.simulation.reading import Reader
from chatbot.simulation.speech import Speaker
from chatbot.simulation.users import SimulatedUser

LIMIT = 10
"""Messages after which a user gives up."""


@dataclass(frozen=True)
class Played:
    """One dialogue. `found` is the number of the message that brought the target, from 1; None if none did."""

    persona: str
    target: str
    found: int | None
    questions: int
    seconds: float  # CPU time
    lines: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)  # said, act, text

    @property
    def turns(self) -> int:
        """Messages until success, or all of them."""
        return self.found or LIMIT


class Players:
    """Draws the users of one catalog: number n of a seed is always the same person with the same goal."""

    def __init__(self, bot: Chatbot, people: People) -> None:
        self._people = people
        self._catalog = bot.index.catalog
        self._goals = GoalMaker(bot.index, people)
        self._reader = Reader(bot.index.catalog, bot.index.vectors, people)
        self._phrases = Phrases(bot.index.catalog, people)

    def user(self, number: int, seed: int) -> SimulatedUser:
        """The user of that number."""
        rng = random.Random(f"{seed}/{number}")
        persona = self._persona(rng)
        goal = self._goals.draw(persona, rng)
        speaker = Speaker(self._people, persona, self._catalog.nouns, rng)
        return SimulatedUser(goal, persona, self._reader, self._phrases, speaker, rng)

    def _persona(self, rng: random.Random) -> Persona:
        personas = self._people.personas
        return rng.choices(personas, weights=[p.share for p in personas])[0]


def play(bot: Chatbot, user: SimulatedUser, seed: int) -> Played:
    """Lets them talk. Success is that a reply shows the target."""
    started = time.process_time()
    talk = bot.start(seed)
    lines: list[tuple[str, str, str]] = []
    message, found, questions = user.opening(), None, 0
    for number in range(1, LIMIT + 1):
        turn = talk.say(message)
        lines.append((message, turn.act, turn.text))
        questions += turn.act == "ask"
        if any(item.id == user.goal.target.id for item in turn.items):
            found = number
            break
        message = user.reply(turn)
    seconds = time.process_time() - started
    return Played(user.persona.name, user.goal.target.id, found, questions, seconds, tuple(lines))
