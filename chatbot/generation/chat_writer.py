"""The writer for instruct models, here or on a server: free wording, each sentence through the check of facts."""

import logging
import random
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import Protocol

from chatbot.acts import Segment
from chatbot.generation.free_check import FreeCheck
from chatbot.generation.instruct import Message, Prompts, again, messages
from chatbot.generation.model_writer import Tally
from chatbot.generation.moulds import finished, mould_of, tidy, told
from chatbot.generation.stream import pieces
from chatbot.generation.surface import fill, sentences
from chatbot.generation.templates import from_template
from index.errors import RapportError

_LOG = logging.getLogger(__name__)

MOST = 3
"""Sentences of one segment, after which a model is stopped."""
REST = 30.0
"""Seconds for which a source that failed is left alone."""


class SourceError(Exception):
    """A source of texts gave none."""


class ChatSource(Protocol):
    """An instruct model."""

    name: str
    parallel: int
    """Texts that may be asked for at once."""
    patience: float | None
    """Seconds to wait for a sentence; None to wait for as long as it takes."""

    def prepare(self) -> None:
        """Loads or looks up what is needed; SourceError where that fails."""

    def stream(self, told: Sequence[Message], *, seed: int, stop: Event) -> Iterator[str]:
        """The answer, piece by piece, until `stop` is set; SourceError where none comes."""


class ChatWriter:
    """Asks a source for each segment, shows the sentences that pass, and writes the rest from templates."""

    def __init__(
        self, source: ChatSource, check: FreeCheck, prompts: Prompts, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock` tells seconds, for how long a source that failed is left alone."""
        self._source = source
        self._check = check
        self._words = check.check.words
        self._prompts = prompts
        self._clock = clock
        self._rests_until: float | None = None
        self._lock = Lock()
        self.tally = Tally()

    def warm_up(self) -> None:
        """See `Writer.warm_up`. A server that does not answer is told in the log and asked again later."""
        try:
            self._source.prepare()
        except SourceError as error:
            self._failed(str(error))

    def write(
        self, segments: Sequence[Segment], *, seed: int, avoid: Collection[str] = ()
    ) -> Iterator[tuple[int, str]]:
        """See `Writer.write`; equal arguments give equal text only where the source keeps to its seed."""
        rng = random.Random(seed)
        read, stop = set(avoid), Event()
        drafts = [_Draft(segment, rng.randrange(2**31)) for segment in segments]
        if self._resting:
            stop.set()
        else:
            self._start(drafts, stop)
        try:
            for number, draft in enumerate(drafts):
                gap = ""
                for sentence in self._sentences(draft, rng, read, stop):
                    for piece in pieces(gap + sentence):
                        yield number, piece
                    gap = " "
        finally:
            stop.set()

    # ------------------------------------------------------------ the reader's side

    def _sentences(self, draft: "_Draft", rng: random.Random, read: set[str], stop: Event) -> Iterator[str]:
        """The finished sentences of a segment; what the source leaves unsaid comes from a template."""
        segment, said = draft.segment, []
        while mould := self._next(draft, stop):
            text = fill(mould, segment.slots)
            if text not in read:
                said.append(mould)
                read.add(text)
                yield text
        missing = segment.required & segment.slots.keys() - told(" ".join(said), segment.slots)
        with self._lock:
            self.tally.segments += 1
            self.tally.templates += bool(missing or not said)
        if missing or not said:
            rest = replace(segment, required=frozenset(missing)) if said else segment
            text = from_template(rest, self._words, rng, read)
            read.update(sentences(text))
            yield text

    def _next(self, draft: "_Draft", stop: Event) -> str:
        """The next sentence as a mould; "" where none comes in time."""
        try:
            got = draft.line.get(timeout=0 if stop.is_set() else self._source.patience)
        except Empty:
            if not stop.is_set():
                self._failed(f"no sentence within {self._source.patience:g} s")
                stop.set()
            return ""
        if isinstance(got, RapportError):
            raise got
        if isinstance(got, Exception):
            self._failed(str(got))
            stop.set()
            return ""
        if got:
            self._answered()
        return got

    # ------------------------------------------------------------ the source's side

    def _start(self, drafts: Sequence["_Draft"], stop: Event) -> None:
        """Has the drafts written by as many threads as the source allows; none of them keeps the program alive."""
        waiting: SimpleQueue[_Draft] = SimpleQueue()
        for draft in drafts:
            waiting.put(draft)

        def work() -> None:
            while not stop.is_set():
                try:
                    draft = waiting.get_nowait()
                except Empty:
                    return
                draft.line.put(self._written(draft, stop))

        for _ in range(min(self._source.parallel, len(drafts))):
            Thread(target=work, daemon=True).start()

    def _written(self, draft: "_Draft", stop: Event) -> "str | Exception":
        """Puts the sentences that pass into the draft's line; returns what ends it, "" or an error."""
        segment = draft.segment
        asked = messages(segment, self._words, self._check.check.guard.nouns, self._prompts, random.Random(draft.seed))
        try:
            for attempt in range(2):
                answer, fault = self._attempt(draft, asked, attempt, stop)
                if not fault:
                    break
                asked = again(asked, answer, fault, self._prompts)
        except (SourceError, RapportError) as error:
            return error
        except Exception as error:  # whatever a source raises, the reader gets a reply
            return SourceError(f"{type(error).__name__}: {error}")
        return ""

    def _attempt(self, draft: "_Draft", asked: Sequence[Message], attempt: int, stop: Event) -> tuple[str, str]:
        """One answer of the source: its text, and why nothing of it can be shown; "" where something was."""
        text, count = "", 0
        for piece in chain(self._source.stream(asked, seed=draft.seed + attempt, stop=stop), (None,)):
            text += piece or ""
            mould = mould_of(tidy(text), draft.segment.slots)
            for sentence in finished(mould, ended=piece is None)[count:]:
                fault = self._fault(sentence, draft.segment, first=count == 0)
                if fault:
                    return text, "" if count else fault
                draft.line.put(sentence)
                count += 1
                if count == MOST:
                    return text, ""
        return text, "" if count else "it was empty"

    def _fault(self, sentence: str, segment: Segment, first: bool) -> str | None:
        fault = self._check.fault(sentence, segment, first)
        if not fault and first and self._check.lost_turn(sentence, segment.topic):
            fault = "lost its no"
        with self._lock:
            self.tally.draws += 1
            if fault:
                kind = fault.split()[0]
                self.tally.faults[kind] = self.tally.faults.get(kind, 0) + 1
        return fault

    # ------------------------------------------------------------ a source that fails

    @property
    def _resting(self) -> bool:
        return self._rests_until is not None and self._clock() < self._rests_until

    def _failed(self, why: str) -> None:
        with self._lock:
            known, self._rests_until = self._rests_until is not None, self._clock() + REST
        if not known:
            _LOG.warning("%s: %s; templates write until it answers again", self._source.name, why)

    def _answered(self) -> None:
        with self._lock:
            failed, self._rests_until = self._rests_until is not None, None
        if failed:
            _LOG.warning("%s: answers again", self._source.name)


class _Draft:
    """A segment, and the line of checked sentences that a thread puts there; "" or an error ends it."""

    def __init__(self, segment: Segment, seed: int) -> None:
        self.segment = segment
        self.seed = seed
        self.line: SimpleQueue[str | Exception] = SimpleQueue()
