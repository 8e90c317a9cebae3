"""The fallback: templates and lines written by people, and fragments for slots that none of them foresees."""

import random
from collections.abc import Collection, Iterator, Sequence

from chatbot.acts import Segment
from chatbot.generation.lines import Words
from chatbot.generation.prompts import SLOTS, slots_of
from chatbot.generation.stream import pieces
from chatbot.generation.surface import fill, sentences
from chatbot.generation.usage import NEUTRAL

TRIES = 12
"""Lines that are drawn for one that was not read yet."""
CLAIMING = frozenset(("reason.wanted",))
"""Topics that call every fact they name something the person asked for."""


def from_template(segment: Segment, words: Words, rng: random.Random, avoid: Collection[str] = ()) -> str:
    """A finished text for the segment; one that `avoid` does not hold, where there is a choice. Never fails."""
    fitting = _fitting(words.templates.get(segment.topic, ()), segment) or [_composed(segment, words, rng)]
    saying = [text for text in fitting if slots_of(text)] or fitting
    shuffled = [fill(text, segment.slots) for text in rng.sample(saying, min(len(saying), TRIES))]
    return next((t for t in shuffled if not any(s in avoid for s in sentences(t))), shuffled[0])


def usable_slots(segment: Segment) -> frozenset[str]:
    """The slots that a text may use: all, or where each would be claimed as a wish, the required and neutral ones."""
    optional = segment.slots.keys() & NEUTRAL if segment.topic in CLAIMING else segment.slots.keys()
    return frozenset(optional | (segment.required & segment.slots.keys()))


def _fitting(templates: Sequence[str], segment: Segment) -> list[str]:
    """The templates that use all required slots and no slot that may not be used."""
    usable = usable_slots(segment)
    return [text for text in templates if segment.required <= set(slots_of(text)) <= usable]


def _composed(segment: Segment, words: Words, rng: random.Random) -> str:
    """A delexicalised sentence of fragments: of all required slots, or of up to three others."""
    wanted = [slot for slot in SLOTS if slot in segment.required and slot in segment.slots]
    others = [slot for slot in SLOTS if slot in segment.slots and slot in words.fragments]
    chosen = wanted or others[:3]
    if not chosen:
        return rng.choice(_fitting(words.templates["acknowledge.ok"], segment) or ["…"])
    if any(slot not in words.fragments for slot in chosen):
        return ", ".join(f"<{slot}>" for slot in chosen) + "."
    clauses = [rng.choice(words.fragments[slot]) for slot in chosen]
    head = ", ".join(clauses[:-1])
    return f"It {head}, and {clauses[-1]}." if head else f"It {clauses[-1]}."


class TemplateWriter:
    """Writes from templates alone: instant, plain, and always true."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def warm_up(self) -> None:
        """Nothing to load."""

    def write(
        self, segments: Sequence[Segment], *, seed: int, avoid: Collection[str] = ()
    ) -> Iterator[tuple[int, str]]:
        """See `Writer.write`."""
        rng = random.Random(seed)
        written = set(avoid)
        for number, segment in enumerate(segments):
            text = from_template(segment, self._words, rng, written)
            written.update(sentences(text))
            for piece in pieces(text):
                yield number, piece
