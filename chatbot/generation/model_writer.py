"""The writer that draws from a language model, checks every draw, and falls back on templates."""

import random
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock

from chatbot.acts import Segment
from chatbot.generation.check import LONGEST, Check, missing_value
from chatbot.generation.drawing import Draw, Drawer, Request
from chatbot.generation.prompts import SLOT, SLOTS
from chatbot.generation.stream import pieces
from chatbot.generation.surface import fill, sentences
from chatbot.generation.templates import from_template, usable_slots
from chatbot.generation.usage import tokens

ATTEMPTS = 3
"""Rounds of draws for a segment before a template is taken."""
WRONG_TURN = 4.0
"""A token less likely than e to the minus this counts against a draw."""
BAD_JOINT = 4.0
"""A draw that changes between lines with a token less likely than e to the minus this is refused."""
LIKELY, WORN = 0.15, 0.3
"""What the likelihood of a draw, and being said often, count for."""
UNTRUE = frozenset(("names", "number", "digit", "adds", "slot", "unfounded", "strange", "capital", "lost"))
"""First words of the faults with which a text might claim what nobody handed over."""
KNOWN = frozenset(SLOTS)
"""All slots that a model can be asked for."""


@dataclass
class Tally:
    """How writing went: counts that only grow, for measuring."""

    segments: int = 0
    draws: int = 0
    templates: int = 0
    faults: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Choice:
    text: str  # finished
    mould: str  # the same with slots
    score: float


class ModelWriter:
    """Draws several candidates for each segment, drops those the check refuses, and takes a likely, fresh one."""

    def __init__(self, load: Callable[[], Drawer], check: Check, domain: str, *, candidates: int = 4) -> None:
        """`load` brings the drawer when it is first needed; `domain` is the kind of lines that fit the catalog."""
        self._load = load
        self._check = check
        self._domain = domain
        self._candidates = candidates
        self._drawer: Drawer | None = None
        self._lock = Lock()
        self.tally = Tally()

    def warm_up(self) -> None:
        """See `Writer.warm_up`."""
        for _ in self.write([Segment("acknowledge.ok")], seed=0):
            pass

    def write(
        self, segments: Sequence[Segment], *, seed: int, avoid: Collection[str] = ()
    ) -> Iterator[tuple[int, str]]:
        """See `Writer.write`. The first segment is drawn alone, so that its words come soon; then all the others."""
        rng = random.Random(seed)
        read = set(avoid)
        for start, end in ((0, 1), (1, len(segments))):
            group = segments[start:end]
            for offset, text in enumerate(self._texts(group, rng, read)):
                for piece in pieces(text):
                    yield start + offset, piece

    def _texts(self, segments: Sequence[Segment], rng: random.Random, read: set[str]) -> list[str]:
        """The finished texts of some segments; what they say is added to `read`."""
        found: dict[int, list[_Choice]] = {}
        for _attempt in range(ATTEMPTS):
            open_ = [n for n, segment in enumerate(segments) if not found.get(n) and segment.required <= KNOWN]
            found |= self._candidates_for([(number, segments[number]) for number in open_], rng)
        texts = []
        for number, segment in enumerate(segments):
            choice = _best([c for c in found.get(number, ()) if not _is_read(c.text, read)], read, rng)
            self.tally.templates += choice is None
            text = choice.text if choice else from_template(segment, self._check.words, rng, read)
            read.update(sentences(text))
            texts.append(text)
        self.tally.segments += len(segments)
        return texts

    def _candidates_for(self, numbered: Sequence[tuple[int, Segment]], rng: random.Random) -> dict[int, list[_Choice]]:
        """What passed the check, by the segments' numbers."""
        requests = [self._request(segment, rng) for _, segment in numbered for _ in range(self._candidates)]
        draws = self._drawn(requests, rng.randrange(2**31))
        found: dict[int, list[_Choice]] = {number: [] for number, _ in numbered}
        owners = [owner for owner in numbered for _ in range(self._candidates)]
        for (number, segment), request, draw in zip(owners, requests, draws, strict=True):
            choice = self._checked(segment, request, draw)
            if choice:
                found[number].append(choice)
        return found

    def _drawn(self, requests: Sequence[Request], seed: int) -> list[Draw]:
        with self._lock:
            if self._drawer is None:
                self._drawer = self._load()
        return self._drawer.draw(requests, seed=seed)

    def _request(self, segment: Segment, rng: random.Random) -> Request:
        """What to draw: the slots, style and domain of one of our lines that has the required slots."""
        required = segment.required & segment.slots.keys()
        allowed = usable_slots(segment) & KNOWN
        known = self._check.usage.shapes.get(segment.topic, Counter())
        fitting = [(shape, count) for shape, count in known.items() if required <= shape[0] <= allowed]
        styled = [(shape, count) for shape, count in fitting if shape[1] == segment.style != "plain"]
        shapes = styled or fitting or [((required, segment.style, self._domain), 1)]
        plan, style, domain = rng.choices([shape for shape, _ in shapes], [count for _, count in shapes])[0]
        longest = int(1.3 * self._check.usage.longest.get(segment.topic, LONGEST)) + 3  # a word may be two tokens
        return Request(segment.topic, frozenset(plan), style, domain, longest)

    def _checked(self, segment: Segment, request: Request, draw: Draw) -> _Choice | None:
        fault = self._check.fault(draw.text, segment.topic, request.slots)
        fault = fault or ("joint" if draw.joint < -BAD_JOINT else None)
        text = "" if fault else fill(draw.text, segment.slots)
        if not fault and (lost := missing_value(text, request.slots, segment.slots)):
            fault = f"lost {lost}"
        self.tally.draws += 1
        if fault:
            kind = fault.split()[0]
            self.tally.faults[kind] = self.tally.faults.get(kind, 0) + 1
        if fault:
            return None
        likely = draw.likelihood + 0.2 * min(0.0, draw.lowest + WRONG_TURN)
        return _Choice(text, draw.text, LIKELY * likely - WORN * self._check.usage.worn(draw.text))


def _is_read(text: str, read: Collection[str]) -> bool:
    return any(sentence in read for sentence in sentences(text))


def _best(choices: Sequence[_Choice], read: Collection[str], rng: random.Random) -> _Choice | None:
    """The choice that repeats least of what was read; of equals mostly a likelier one. How likely a text is counts
    for little: all of them have passed the check, and a model's favourites would come again and again."""
    if not choices:
        return None
    openings = {tuple(tokens(sentence)[:2]) for sentence in read}

    def worth(choice: _Choice) -> float:
        stale = min(2, times_cast(choice.mould, read))
        opens = tuple(tokens(choice.text)[:2]) in openings
        return choice.score - 0.7 * stale - 0.3 * opens + 0.3 * rng.random()

    return max(choices, key=worth)


def times_cast(mould: str, read: Collection[str]) -> int:
    """How many of the sentences that were read came from the same mould, whatever stood in its slots."""
    count = 0
    for part in sentences(mould):
        pattern = re.compile(".+".join(map(re.escape, SLOT.split(part)[::2])), re.IGNORECASE | re.DOTALL)
        count += sum(pattern.fullmatch(sentence) is not None for sentence in read)
    return count
