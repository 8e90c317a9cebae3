"""What a visitor sees, as HTML: the conversation, the cards, and what is believed about them.

Everything is a function of the visitor's exchanges and of the newest state; nothing is remembered here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chatbot.app.beliefs import BeliefText
from chatbot.app.facts import FactReader
from chatbot.app.markup import MAX_SHOWN, escape, tag
from chatbot.app.openers import openers
from chatbot.app.visitors import Exchange, Visitor
from chatbot.app.words import Words
from index.catalog import Catalog

if TYPE_CHECKING:
    from chatbot import ShownItem

LISTED = re.compile(r"^\s*\d+\.\s+(.*)$")
MARKS = {"like": "likes", "dislike": "dislikes", "seen": "seen"}
EMPTY_STATE: dict[str, Any] = {"likes": [], "dislikes": [], "constraints": [], "seen": [], "shown": []}


class View:
    """Renders the page for one catalog and one language; shared by all visitors."""

    def __init__(self, catalog: Catalog, words: Words) -> None:
        self._words = words
        self._catalog = catalog
        self._facts = FactReader(catalog, words)
        self._beliefs = BeliefText(catalog, words)
        self._openers = openers(catalog, words)

    def header(self) -> str:
        """The name, the catalog's size, and what can be done with the conversation as a whole."""
        words = self._words
        tagline = words("tagline", count=f"{len(self._catalog):,}", nouns=self._catalog.nouns[1])
        toggle = tag("button", escape(words("actions.panel")), type="button", class_="opens-panel",
                     aria_controls="beliefs", aria_expanded="false", data_toggle="panel")  # fmt: skip
        actions = [toggle, self._action("undo"), self._action("restart")]
        name = tag("h1", escape(words("title"))) + tag("p", escape(tagline))
        return tag("header", tag("div", name, class_="name"), tag("div", *actions, class_="actions"))

    def _action(self, do: str) -> str:
        help_text = self._words(f"actions.{do}_help")
        return tag("button", escape(self._words(f"actions.{do}")), type="button", data_do=do, title=help_text)

    def composer(self) -> str:
        """The box that messages are typed into."""
        words = self._words
        label = tag("label", escape(words("composer.label")), for_="message", class_="unseen")
        box = tag("textarea", id="message", rows="1", placeholder=words("composer.hint"), autocomplete="off")
        send = tag("button", escape(words("composer.send")), type="submit")
        return tag("form", label, box, send, class_="composer")

    def past(self, visitor: Visitor | None) -> str:
        """The greeting and all exchanges but the newest."""
        words = self._words
        greeting = tag("p", escape(words("greeting", noun=self._catalog.nouns[0], nouns=self._catalog.nouns[1])))
        parts = [
            tag(
                "div",
                greeting,
                tag("p", escape(words("promise")), class_="promise"),
                class_="reply message bot",
                data_testid="bot",
            )
        ]
        if visitor and visitor.opening:
            parts.insert(0, tag("p", escape(words(f"notices.{visitor.opening}")), class_="note"))
        exchanges = visitor.exchanges if visitor else []
        if visitor and visitor.shortened:
            parts.append(tag("p", escape(words("earlier")), class_="note"))
        state = _state(visitor)
        parts += [self._exchange(exchange, state, newest=False) for exchange in exchanges[:-1]]
        return tag("section", *parts, aria_label=words("roles.conversation"), class_="past")

    def newest(self, visitor: Visitor | None) -> str:
        """The newest exchange with the answers on offer, what is waiting, and the note on the last click.

        On the empty page these are the example messages.
        """
        # In this order: what came in is then either seen below, or the visitor is seen to be busy with it.
        received = str(visitor.received) if visitor else "0"
        busy = bool(visitor and visitor.busy)
        parts = [] if visitor and visitor.exchanges else [self._examples()]
        number = None
        if visitor and visitor.exchanges:
            newest = visitor.exchanges[-1]
            number = str(newest.number)
            parts.append(self._exchange(newest, _state(visitor), newest=True))
        if visitor:
            parts += [self._said(action.value, waiting=True) for action in visitor.in_line if action.kind == "say"]
        note = self._note(visitor) if visitor else ""
        parts.append(tag("p", escape(note), role="status", class_="note", data_empty=not note))
        return tag("section", *parts, class_="newest", aria_live="polite", aria_busy=str(busy).lower(),
                   data_number=number, data_received=received)  # fmt: skip

    def panel(self, visitor: Visitor | None) -> str:
        """What is believed about the visitor; each belief has a button that drops it."""
        words = self._words
        sources = visitor.current.sources if visitor and visitor.current else {}
        groups = [self._belief_group(kind, _state(visitor), sources) for kind in self._beliefs.KINDS]
        groups = [group for group in groups if group]
        empty = tag("p", escape(words("panel.empty")), class_="empty")
        return tag("div", tag("h2", escape(words("panel.title"))), *(groups or [empty]))

    def _belief_group(self, kind: str, state: dict[str, Any], sources: Mapping[str, tuple[int, str]]) -> str:
        entries = [
            self._belief(what, field, key, self._source(sources.get(key)))
            for what, field, key in self._beliefs.of_kind(kind, state)
        ]
        return tag("h3", escape(self._words(f"panel.{kind}"))) + tag("ul", *entries, class_=kind) if entries else ""

    def _source(self, source: tuple[int, str] | None) -> str:
        """Where a belief comes from: "you said “no horror” (turn 2)"."""
        if source is None:
            return ""
        turn, words = source
        return self._words("panel.said" if words else "panel.clicked", turn=turn, words=words[:MAX_SHOWN])

    def _belief(self, what: str, field: str, key: str, source: str) -> str:
        drop = self._words("panel.drop", what=what)
        button = tag("button", "&times;", type="button", data_do="forget", data_value=key, aria_label=drop, title=drop)
        kind = tag("small", escape(field)) if field else ""
        told = tag("small", escape(source), class_="source", dir="auto") if source else ""
        return tag("li", tag("span", tag("bdi", escape(what)), kind, told), button)

    def _examples(self) -> str:
        heading = tag("p", escape(self._words("examples")), id="examples")
        return tag("div", heading, self._say_buttons(self._openers, labelled_by="examples"), class_="examples")

    def _note(self, visitor: Visitor) -> str:
        return self._words(f"notices.{visitor.notice}") if visitor.notice else visitor.note

    def _exchange(self, exchange: Exchange, state: dict[str, Any], newest: bool) -> str:
        said = "" if exchange.said is None else self._said(exchange.said)
        return tag("article", said, self._reply(exchange, state, newest), class_="exchange")

    def _said(self, text: str, waiting: bool = False) -> str:
        words = self._words
        shown = text.strip()[:MAX_SHOWN]
        rest = len(text.strip()) - len(shown)
        body = escape(shown or words("roles.nothing"))
        if rest:
            body += tag("em", escape(words("roles.longer", count=f"{rest:,}")))
        who = tag(
            "span", escape(words("roles.waiting" if waiting else "roles.user")), class_="state" if waiting else "unseen"
        )
        return tag("div", who, tag("p", body, dir="auto"), class_="said message user", data_testid="user")

    def _reply(self, exchange: Exchange, state: dict[str, Any], newest: bool) -> str:
        words, turn = self._words, exchange.turn
        who = tag("span", escape(words("roles.bot")), class_="unseen")
        if exchange.notice:
            body = tag("p", escape(words(f"notices.{exchange.notice}")))
        else:
            items = turn.items if turn else ()
            body = "".join(self._blocks(turn.text if turn else exchange.text, items, state))
        if not body:
            body = tag("p", tag("i"), tag("i"), tag("i"), class_="dots", role="img", aria_label=words("roles.thinking"))
        if newest and turn and turn.choices:
            body += self._say_buttons(turn.choices, label=words("roles.choices"))
        return tag("div", who, body, class_="reply message bot", data_testid="bot")

    def _blocks(self, text: str, items: "Sequence[ShownItem]", state: dict[str, Any]) -> Iterator[str]:
        """Paragraphs, with the numbered lines as a list of cards; a line that is still being written is a card too.

        Where the lines are not one for each item, the text stands as it is and the cards follow.
        """
        lines = [line for line in text.splitlines() if line.strip()]
        listed = [line for line in lines if LISTED.match(line)]
        matching = len(listed) == len(items) and all(i.title in line for i, line in zip(items, listed, strict=True))
        if not listed or (items and not matching):
            yield from (tag("p", escape(line), dir="auto") for line in lines)
            yield self._cards([self._card(item, state, told=text) for item in items]) if items else ""
            return
        first, last = lines.index(listed[0]), len(lines) - lines[::-1].index(listed[-1])
        yield from (tag("p", escape(line), dir="auto") for line in lines[:first])
        drafts = [tag("p", escape(LISTED.sub(r"\1", line)), dir="auto") for line in listed]
        yield self._cards([self._card(item, state) for item in items] or drafts)
        yield from (tag("p", escape(line), dir="auto") for line in lines[last:])

    def _cards(self, cards: Sequence[str]) -> str:
        return tag("ol", *(tag("li", card, class_="card") for card in cards), class_="cards")

    def _card(self, item: "ShownItem", state: dict[str, Any], told: str = "") -> str:
        """One card. A reason that stands in the text above it (`told`) is not given twice."""
        reason = "" if item.reason.strip() in told else item.reason.strip()
        facts = self._facts.read(item.facts, item.reason)
        short = "".join(tag("span", escape(text)) for text in facts.short)
        labels = "".join(tag("span", escape(text), class_="label") for text in facts.labels)
        lists = "".join(tag("dt", escape(name)) + tag("dd", tag("bdi", escape(text))) for name, text in facts.lists)
        marks = "".join(self._mark(kind, item, state) for kind in MARKS)
        return (
            tag("h3", escape(item.title), dir="auto")
            + tag("p", short, labels, class_="facts")
            + (tag("p", escape(reason), class_="reason", dir="auto") if reason else "")
            + (tag("dl", lists) if lists else "")
            + tag("div", marks, class_="marks")
        )

    def _mark(self, kind: str, item: "ShownItem", state: dict[str, Any]) -> str:
        entries = state[MARKS[kind]]
        pressed = item.id in [entry if isinstance(entry, str) else entry["id"] for entry in entries]
        label = self._words(f"card.{kind}")
        spoken = self._words("card.button", label=label, title=item.title)
        return tag("button", escape(label), type="button", data_do=kind, data_value=item.id, aria_label=spoken,
                   aria_pressed=str(pressed).lower())  # fmt: skip

    def _say_buttons(self, texts: Sequence[str], label: str | None = None, labelled_by: str | None = None) -> str:
        buttons = [tag("button", escape(text), type="button", data_do="say", data_value=text) for text in texts]
        return tag("div", *buttons, class_="choices", role="group", aria_label=label, aria_labelledby=labelled_by)


def _state(visitor: Visitor | None) -> dict[str, Any]:
    return visitor.current.state if visitor and visitor.current else EMPTY_STATE
