"""The bot and its conversations: the parts composed, and one turn from message to reply."""

import random
import secrets
import time
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from chatbot.acts import DialogueAct, Segment
from chatbot.asking import DEFAULT, STRATEGIES
from chatbot.asking.answerable import Answerable
from chatbot.asking.asker import Asker
from chatbot.errors import ActionError
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.surface import sentences
from chatbot.generation.writer import Writer, load_writer
from chatbot.pausing import without_collection
from chatbot.policy import WHICH, Decision, Policy, Situation
from chatbot.recommending import Recommendation, Recommender
from chatbot.resources import assets_dir
from chatbot.state import DialogueState, Dropped, Evidence, Opinion, Seen
from chatbot.turn import ShownItem, Turn
from chatbot.understanding.completion import Pending
from chatbot.understanding.lexicon import load_lexicon
from chatbot.understanding.reading import Reading
from chatbot.understanding.understander import Understander
from chatbot.wording import Wording
from index.folder import Index, load_index

LANGUAGE = "en"
FEEDBACK = ("like", "dislike", "seen")


class Chatbot:
    """Everything that conversations share; immutable after construction, so that any number may run at once."""

    listener: "Callable[[Conversation], None] | None" = None

    def __init__(
        self, index: Index, writer: Writer, today: date, asking: str = DEFAULT, long_tail: float = 0.0
    ) -> None:
        lexicon = load_lexicon(LANGUAGE)
        self.index = index
        self.writer = writer
        self.understander = Understander(index.catalog, index.prior, lexicon, today.year)
        self.wording = Wording(index.catalog, LANGUAGE)
        self._long_tail = long_tail
        self.policy = self._policy(asking)

    def _policy(self, asking: str) -> Policy:
        if asking not in STRATEGIES:
            raise ActionError(f"asking: expected one of {', '.join(STRATEGIES)}, not {asking!r}")
        understood = Answerable(self.understander, self.index.catalog)
        recommender = Recommender(self.index, self.wording, self._long_tail)
        return Policy(recommender, self.wording, Asker(STRATEGIES[asking], recommender, self.wording, understood))

    def asking(self, strategy: str) -> "Chatbot":
        """The same bot with another strategy of asking; all else is shared."""
        other = copy(self)
        other.policy = self._policy(strategy)
        return other

    @classmethod
    def load(
        cls,
        path: str | Path | None = None,
        *,
        generator: str | Path | None = None,
        today: date | None = None,
        asking: str = DEFAULT,
        long_tail: float = 0.0,
    ) -> "Chatbot":
        """The bot for an index folder; without one, for the films that ship.

        `generator` names the writer: None for the bundled GPT-2, "templates", or a causal language model by folder
        or name; `asking` the strategy of asking, see chatbot.asking; `long_tail`, from 0 to 1, brings up items that
        are little known. Raises RapportError where the folder or the model cannot be used.
        """
        with without_collection():  # a fifth faster: hundreds of thousands of small objects that all stay
            index = load_index(path or assets_dir() / "movies")
            writer = load_writer(generator, CatalogGuard.of(index.catalog))
            return cls(index, writer, today or date.today(), asking, long_tail)

    def start(self, seed: int | None = None) -> "Conversation":
        """A new conversation. With a seed, equal actions give equal replies."""
        return Conversation(self, secrets.randbits(32) if seed is None else seed)

    def listened_to(self, listener: "Callable[[Conversation], None]") -> "Chatbot":
        """The same bot, whose conversations tell the listener after every action."""
        other = copy(self)
        other.listener = listener
        return other

    def warm_up(self) -> None:
        """Loads what is heavy, so that the first reply need not wait for it."""
        self.writer.warm_up()
        self.index.tagged(self.index.catalog.nouns[0])
        self.understander.warm_up()


@dataclass(frozen=True)
class _Step:
    """One user action: the state after it, its reply, and for an open question the message it interrupted or what
    each of the choices means."""

    state: DialogueState
    turn: Turn
    pending: Pending | None = None
    offers: tuple[Reading, ...] = ()


class Conversation:
    """One person's talk. Not for use by two threads at once; other conversations are unaffected."""

    def __init__(self, bot: Chatbot, seed: int) -> None:
        self._bot = bot
        self._seed = seed
        self.key = secrets.token_hex(8)  # names it where conversations are kept; a restart makes it another
        self._steps: list[_Step] = []
        self._replies = 0  # counts undone ones too, so that a repeated question is worded anew
        self._last: Turn | None = None
        self._read_sentences: set[str] = set()

    # ------------------------------------------------------------ what it holds

    @property
    def state(self) -> DialogueState:
        """The present state."""
        return self._steps[-1].state if self._steps else DialogueState()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The replies to the actions that were not undone."""
        return tuple(step.turn for step in self._steps)

    @property
    def last(self) -> Turn | None:
        """The latest reply, to an undo or restart too."""
        return self._last

    def fingerprint(self) -> str:
        """A hash over all that it holds: evidence, replies with their cards, the open question. Undoing brings back
        the earlier one."""
        held = [replace(step, turn=replace(step.turn, timing_ms={})) for step in self._steps]
        return sha256(repr(held).encode()).hexdigest()

    # ------------------------------------------------------------ actions

    def say(self, text: str) -> Turn:
        """Answers a message."""
        for _ in self.stream(text):
            pass
        assert self._last is not None
        return self._last

    def stream(self, text: str) -> Iterator[str]:
        """The same turn, piece by piece. It counts once the last piece is taken; `last` is the turn then."""
        started = time.perf_counter()
        full, reading = self._read(text)
        if reading.intent in ("undo", "restart"):
            yield from self._reply_of(self.undo if reading.intent == "undo" else self.restart)
            return
        state = self.state.plus(self._evidence_of(reading, full), self._next)
        understood = time.perf_counter()
        decision = self._bot.policy.decide(Situation(reading, self.state, state, self._rng()))
        unclear = reading.ambiguity if decision.act.act == "ask" else None
        pending = Pending(full, unclear.words) if unclear else None
        state = state.plus(decision.evidence, self._next)
        yield from self._write(decision, state, said=text, pending=pending, clock=(started, understood))

    def undo(self, n: int = 1) -> Turn:
        """Takes the last n actions back; the beliefs are then exactly what they were."""
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise ActionError(f"undo: expected a whole number of actions, at least 1, not {n!r}")
        topic = "acknowledge.undo" if self._steps else "acknowledge.undo_none"
        del self._steps[-n:]
        return self._click(topic, keep=False)

    def restart(self) -> Turn:
        """Begins again, with nothing believed."""
        self._steps.clear()
        self.key = secrets.token_hex(8)
        return self._click("acknowledge.restart", keep=False)

    def feedback(self, item_id: str, value: str) -> Turn:
        """Takes in a click on an item: "like", "dislike" or "seen"."""
        item = self._bot.index.catalog.item(item_id) if isinstance(item_id, str) else None
        if item is None:
            raise ActionError(f"feedback: there is no item {item_id!r} in the catalog; use an id from `items`")
        if value not in FEEDBACK:
            raise ActionError(f"feedback: expected one of {', '.join(FEEDBACK)}, not {value!r}")
        evidence: tuple[Evidence, ...] = (Seen(item.id),) if value == "seen" else (Opinion(value == "like", item.id),)
        return self._click("acknowledge.ok", evidence=evidence)

    def forget(self, belief_id: str) -> Turn:
        """Drops one belief, as if it had never been said; the id of a seen item drops its having been seen."""
        if belief_id not in {*(belief.id for belief in self.state.beliefs), *self.state.seen}:
            held = ", ".join(belief.id for belief in self.state.beliefs) or "none"
            raise ActionError(f"forget: there is no belief {belief_id!r}; the beliefs held are: {held}")
        return self._click("acknowledge.ok", evidence=(Dropped((belief_id,), unsaid=True),))

    # ------------------------------------------------------------ inside

    @property
    def _next(self) -> int:
        return len(self._steps) + 1

    def _rng(self) -> random.Random:
        return random.Random(f"{self._seed}/{self._replies}")

    def _read(self, text: str) -> tuple[str, Reading]:
        """The reading of a message, and the message in full: an answer to "which one?" completes the one before it."""
        read = self._bot.understander.read
        last = self._steps[-1] if self._steps else None
        if last and last.pending and last.state.open_question == WHICH:
            whole = self._bot.understander.complete(last.pending, text, last.turn.choices)
            if whole:
                return whole, read(whole, self.state)
        reading = read(text, self.state)
        if last and last.offers and last.state.open_question:
            place = self._bot.understander.choice(text, last.turn.choices)
            agreed = reading.intent == "yes" and len(last.offers) == 1
            return text, last.offers[place or 0] if agreed or place is not None else reading
        return text, reading

    def _evidence_of(self, reading: Reading, message: str) -> tuple[Evidence, ...]:
        """What a message adds, each piece with the words that it comes from: at least the whole message."""
        dropped = (Dropped(reading.forget),) if reading.forget else ()
        return tuple(replace(e, words=e.words or message) for e in (*reading.evidence, *dropped))

    def _reply_of(self, action: Callable[[], Turn]) -> Iterator[str]:
        turn = action()
        yield turn.text

    def _click(self, topic: str, evidence: tuple[Evidence, ...] = (), keep: bool = True) -> Turn:
        """The reply to an action without words. Without `keep` it is no step of its own."""
        one, many = self._bot.index.catalog.nouns
        decision = Decision(DialogueAct("acknowledge", (Segment(topic, {"noun": one, "nouns": many}),)))
        state = self.state.plus(evidence, self._next)
        now = time.perf_counter()
        for _ in self._write(decision, state, said="", pending=None, clock=(now, now), keep=keep):
            pass
        assert self._last is not None
        return self._last

    def _write(
        self,
        decision: Decision,
        state: DialogueState,
        *,
        said: str,
        pending: Pending | None,
        clock: tuple[float, float],
        keep: bool = True,
    ) -> Iterator[str]:
        """Streams the reply and, when it is complete, records it."""
        ranked = time.perf_counter()
        pieces: list[str] = []
        reasons: dict[str, str] = {}
        for piece in self._compose(decision.act, reasons):
            pieces.append(piece)
            if piece:
                yield piece
        done = time.perf_counter()
        text = "".join(pieces)
        started, understood = clock
        timing = {
            "understand": understood - started,
            "rank": ranked - understood,
            "write": done - ranked,
            "total": done - started,
        }
        turn = Turn(
            turn=self._next if keep else len(self._steps),
            act=decision.act.act,
            language=LANGUAGE,
            text=text,
            items=self._shown(decision.items, reasons, text),
            state=state.as_json(self._bot.index.catalog),
            choices=decision.act.choices,
            timing_ms={name: 1000 * seconds for name, seconds in timing.items()},
            said=said,
            sources=state.sources,
        )
        self._replies += 1
        self._last = turn
        if keep:
            self._steps.append(_Step(state, turn, pending, decision.offers))
        if self._bot.listener:
            self._bot.listener(self)

    def _compose(self, act: DialogueAct, reasons: dict[str, str]) -> Iterator[str]:
        """The reply's text: opening, one numbered line an item, closing. Fills `reasons` by item id."""
        segments = [*act.opening, *(line.reason for line in act.lines), *act.closing]
        heads = layout(act)
        lines = {len(act.opening) + n: line.item_id for n, line in enumerate(act.lines)}
        seed = self._rng().getrandbits(31)
        written = [""] * len(segments)
        current = -1
        for number, piece in self._bot.writer.write(segments, seed=seed, avoid=self._read_sentences):
            if number != current:
                current = number
                yield heads[number]
            written[number] += piece
            if number in lines:
                reasons[lines[number]] = written[number]
            yield piece
        for text in written:  # without the headings, so that a reason is not said again about another item
            self._read_sentences.update(sentences(text))

    def _shown(self, items: tuple[Recommendation, ...], reasons: dict[str, str], text: str) -> tuple[ShownItem, ...]:
        return tuple(ShownItem.of(r.item, r.score, reasons.get(r.item.id, text)) for r in items)


def layout(act: DialogueAct) -> list[str]:
    """What stands before each segment's text."""
    heads = ["" if n == 0 else " " for n in range(len(act.opening))]
    for number, line in enumerate(act.lines, start=1):
        gap = "" if number == 1 and not act.opening else "\n\n" if number == 1 else "\n"
        heads.append(f"{gap}{number}. {line.heading}: ")
    heads += ["\n\n" if n == 0 and heads else " " for n in range(len(act.closing))]
    return heads
