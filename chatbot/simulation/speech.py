"""What a simulated user says: sentences of a style, filled in, with slips of the finger where the persona makes any."""

import random
from collections.abc import Mapping

from chatbot.simulation.personas import People, Persona

MIN_TYPO = 5
"""Letters of a word in which one is misplaced."""


class Speaker:
    """Speaks as one persona about one catalog."""

    def __init__(self, people: People, persona: Persona, nouns: tuple[str, str], rng: random.Random) -> None:
        self._people = people
        self._persona = persona
        self._nouns = {"noun": nouns[0], "nouns": nouns[1]}
        self._rng = rng

    def say(self, topic: str, **slots: str) -> str:
        """A sentence of the persona's style, first letter as the style has it."""
        sentence = self._rng.choice(self._people.say(self._persona.style, topic))
        spoken = {name: self._typed(value) if name != "choice" else value for name, value in slots.items()}
        text = sentence.format(**self._nouns, **spoken)
        return text[:1].upper() + text[1:] if sentence[:1].isupper() or self._persona.style != "terse" else text

    def both(self, a: str, b: str) -> str:
        """Two values as one."""
        return str(self._people.words("words")["and"]).format(a=a, b=b)

    def critique(self, role: str, side: str) -> str:
        """ "newer": what a list should be that is too low or too high; "" where nobody would ask for that."""
        table: Mapping[str, str] = self._people.words("critiques")[role]
        return table.get(side, "")

    def place(self, at: int) -> str:
        """ "first", "second" …: `at` counts from 0."""
        return str(self._people.words("words")["places"][at])

    @property
    def places(self) -> int:
        """How many places there are words for."""
        return len(self._people.words("words")["places"])

    def _typed(self, text: str) -> str:
        return " ".join(self._slip(w) if self._rng.random() < self._persona.typos else w for w in text.split(" "))

    def _slip(self, word: str) -> str:
        """Two neighbouring letters swapped, one left out, or one doubled; never the first."""
        if len(word) < MIN_TYPO or not word.isalpha():
            return word
        at = self._rng.randrange(1, len(word) - 1)
        kinds = (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at : at + 1] + word[at:],
        )
        return self._rng.choice(kinds)
