"""Visitors of the page: each has a conversation of their own, kept on the server under a key only they know."""

import logging
import re
import threading
from collections import OrderedDict, deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from index.errors import RapportError

if TYPE_CHECKING:
    from chatbot import Chatbot, Conversation, Turn

logger = logging.getLogger(__name__)

MAX_VISITORS = 500
"""Conversations held at once; beyond it the one idle for longest makes room."""
MAX_WAITING = 8
"""Actions of one visitor that may wait while an answer is being written."""
MAX_REMEMBERED = 60
"""Exchanges that the page still shows; the conversation itself remembers all of them."""

ActionKind = Literal["say", "like", "dislike", "seen", "forget", "undo", "restart"]
Notice = Literal["expired", "busy", "failed"]
KEY = re.compile(r"[0-9a-f]{32}")


class UnreadableActionError(RapportError):
    """What the browser sent is not an action."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a visitor did: `value` is the message, the item id or the belief id, else empty.

    `number` counts the actions of one page from 1, so that one that is sent twice is carried out once; 0 is none.
    """

    kind: ActionKind
    value: str = ""
    number: int = 0


@dataclass
class Exchange:
    """One message (None where a click was answered with a list) and the answer, as far as it is written."""

    number: int
    said: str | None
    text: str = ""
    turn: "Turn | None" = None
    notice: Notice | None = None
    aside: bool = False  # no step of the conversation: an error, or a typed "undo"


@dataclass
class Visitor:
    """One conversation and what the page shows of it.

    Actions wait in a line and are carried out one after another by whichever event came first, so that a message
    sent while an answer is written is answered next and no two threads ever use one conversation.
    """

    talk: "Conversation"
    exchanges: list[Exchange] = field(default_factory=list)
    opening: Notice | None = None  # what the newcomer has to be told before anything else
    note: str = ""
    notice: Notice | None = None
    current: "Turn | None" = None  # the newest turn of any kind: its state is what the panel shows
    count: int = 0
    received: int = 0  # the highest number of an action that came in
    shortened: bool = False
    waiting: deque[Action] = field(default_factory=deque)
    _busy: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def busy(self) -> bool:
        """Whether an answer is being written."""
        return self._busy

    @property
    def in_line(self) -> list[Action]:
        """The actions that wait."""
        with self._lock:
            return list(self.waiting)

    def carry_out(self, action: Action) -> Generator[None]:
        """Yields whenever there is something new to show. Returns at once where another event does the work."""
        with self._lock:  # whoever sees that the action came in sees its effect or that the visitor is busy
            known = 0 < action.number <= self.received
            self.received = max(self.received, action.number)
            idle = not (known or self._busy)
            if not known:
                self._accept(action)
        if not idle:
            yield
            return
        try:
            while (following := self._next()) is not None:
                self.notice = None
                yield from self._do(following)
        except BaseException:  # the visitor left in the middle of an answer
            with self._lock:
                self.waiting.clear()
                self._busy = False
            raise

    def _accept(self, action: Action) -> None:
        if len(self.waiting) < MAX_WAITING:
            self.waiting.append(action)
        else:
            self.notice = "busy"
        self._busy = True

    def _next(self) -> Action | None:
        with self._lock:
            if self.waiting:
                return self.waiting.popleft()
            self._busy = False
            return None

    def _do(self, action: Action) -> Iterator[None]:
        self.note = ""
        if action.kind == "say":
            yield from self._say(action.value)
            return
        try:
            turn = self._turn_of(action)
        except RapportError as error:
            self.note = str(error)
        except Exception:
            logger.exception("the action %s failed", action.kind)
            self.notice = "failed"
        else:
            self._show(action, turn)
        yield

    def _turn_of(self, action: Action) -> "Turn":
        if action.kind == "undo":
            return self.talk.undo()
        if action.kind == "restart":
            return self.talk.restart()
        if action.kind == "forget":
            return self.talk.forget(action.value)
        return self.talk.feedback(action.value, action.kind)

    def _show(self, action: Action, turn: "Turn") -> None:
        self.current = turn
        self.note = turn.text
        if action.kind == "restart":
            self.exchanges.clear()
            self.shortened = False
            self.note = ""
        elif action.kind == "undo":
            self.exchanges = [exchange for exchange in self.exchanges if self._counts(exchange)]
        elif turn.items or turn.choices:
            self.note = ""
            self._open(None, turn.text, turn)

    def _counts(self, exchange: Exchange) -> bool:
        """Whether the exchange is a step of the conversation that was not undone."""
        return any(turn is exchange.turn for turn in self.talk.turns)

    def _settle(self, exchange: Exchange) -> None:
        """After an answer: what a typed "undo" or "start over" took back is no longer shown."""
        exchange.aside = not self._counts(exchange)
        if self.talk.turns:
            self.exchanges = [shown for shown in self.exchanges if shown.aside or self._counts(shown)]
        elif exchange.turn is not None:
            self.exchanges = [exchange]

    def _say(self, text: str) -> Iterator[None]:
        exchange = self._open(text)
        yield
        try:
            for piece in self.talk.stream(text):
                exchange.text += piece
                yield
            exchange.turn = self.current = self.talk.last
            self._settle(exchange)
        except RapportError as error:
            exchange.text = str(error)
            exchange.aside = True
        except Exception:
            logger.exception("an answer failed")
            exchange.notice = "failed"
            exchange.aside = True
        yield

    def _open(self, said: str | None, text: str = "", turn: "Turn | None" = None) -> Exchange:
        self.count += 1
        exchange = Exchange(self.count, said, text, turn)
        self.exchanges.append(exchange)
        if len(self.exchanges) > MAX_REMEMBERED:
            del self.exchanges[0]
            self.shortened = True
        return exchange


class Visitors:
    """The conversations of everyone who has the page open, the longest idle first; safe to use from any thread."""

    def __init__(self, bot: "Chatbot", capacity: int = MAX_VISITORS) -> None:
        self._bot = bot
        self._capacity = capacity
        self._visitors: OrderedDict[str, Visitor] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._visitors)

    def visitor(self, key: str, returning: bool = False) -> Visitor:
        """The visitor of that key, made where there is none. `returning`: the browser shows a conversation already,
        so that a new one has to be explained.

        The key is 128 random bits in hexadecimal that the visitor's browser drew; anything else is refused.
        """
        if not KEY.fullmatch(key):
            raise UnreadableActionError("a visitor's key is 32 hexadecimal digits; reload the page to get one")
        with self._lock:
            visitor = self._visitors.get(key)
            if visitor is None:
                self._make_room()
                visitor = self._visitors[key] = Visitor(self._bot.start(), opening="expired" if returning else None)
            self._visitors.move_to_end(key)
            return visitor

    def _make_room(self) -> None:
        """Those that wait for an answer go last."""
        oldest_first = sorted(self._visitors, key=lambda key: self._visitors[key].busy)
        for key in oldest_first[: max(0, len(self._visitors) - self._capacity + 1)]:
            del self._visitors[key]
