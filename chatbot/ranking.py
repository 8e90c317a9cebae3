"""Conversation contexts in, ranked items out: the bot's ranking as other programs measure it."""

import json
import re
from typing import Any, TextIO

import numpy as np

from chatbot.bot import Chatbot
from chatbot.state import DialogueState, Evidence, Opinion
from chatbot.user import embed_user
from index.aigc import log_softmax
from index.constraints import mask
from index.dialogues import Said, mentions, merge
from index.errors import RapportError
from index.ranker.contexts import Context
from index.ranker.ranker import Ranker

_MARK = re.compile(r"@(\S+?)(?=[\s.,;:!?)\"']|$)")
HINT = 0.5
"""How much an item that the other side named counts beside one that the user named."""


class ContextError(RapportError):
    """A context line that is not of the form that `chatbot rank` takes."""


def rank_lines(bot: Chatbot, given: TextIO, out: TextIO, top: int) -> None:
    """Answers each line with {"items": [[id, score], …]}, `top` of them, best first."""
    for number, line in enumerate(given, start=1):
        if line.strip():
            context = _parse(line, number)
            items = rank(bot, context["messages"], {str(i) for i in context.get("exclude", [])}, top)
            out.write(json.dumps({"items": [[item_id, round(score, 6)] for item_id, score in items]}) + "\n")
            out.flush()


def rank(bot: Chatbot, messages: list[dict[str, Any]], exclude: set[str], top: int) -> list[tuple[str, float]]:
    """The best items for a conversation.

    Where the index has learned from dialogues, that ranking answers: a wish counts as far as it did in them, but
    what is refused ("no horror") comes last. Else the state answers, and what breaks any wish comes last, only to
    fill the list.
    """
    if bot.index.ranker is not None:
        return _learned(bot, bot.index.ranker, messages, exclude, top)
    state = read_context(bot, messages)
    catalog = bot.index.catalog
    free = mask(catalog, (), exclude)
    allowed = mask(catalog, state.constraints(catalog), exclude)
    user = embed_user(state, bot.index)
    ranked = bot.index.rank(user.evidence, user.weights, allowed, top, user.bonus)
    rest = free & ~allowed
    rest[[r.position for r in ranked]] = False
    if len(ranked) < top and rest.any():
        floor = min((r.score for r in ranked), default=1.0)
        more = bot.index.rank(user.evidence, user.weights, rest, top - len(ranked), user.bonus)
        return [(catalog.items[r.position].id, r.score) for r in ranked] + [
            (catalog.items[r.position].id, floor * r.score) for r in more
        ]
    return [(catalog.items[r.position].id, r.score) for r in ranked]


def _learned(
    bot: Chatbot, ranker: Ranker, messages: list[dict[str, Any]], exclude: set[str], top: int
) -> list[tuple[str, float]]:
    """By the learned ranking; the scores are shares of all that may be ranked."""
    catalog = bot.index.catalog
    scores = ranker.scores([read_turns(bot, messages)])[0].astype(np.float64)
    refusals = [c for c in read_context(bot, messages).constraints(catalog) if c.refuses]
    # On ReDial, leaving all that is refused to the end costs .001 of R@10; doing so with every wish, .018.
    scores[~mask(catalog, refusals)] -= np.ptp(scores) + 1
    scores[~mask(catalog, (), exclude)] = -np.inf
    best = [at for at in np.argsort(-scores, kind="stable")[:top] if np.isfinite(scores[at])]
    shares = np.exp(log_softmax(scores))
    return [(catalog.items[at].id, float(shares[at])) for at in best]


def read_turns(bot: Chatbot, messages: list[dict[str, Any]]) -> Context:
    """The turns with the items that they name. Where no message gives mentions or marks, names are linked."""
    positions = bot.index.catalog.positions
    given = any(m.get("mentions") is not None or any(i in positions for i in mentions(m)) for m in messages)
    said = []
    for message in messages:
        if given:
            items = tuple(positions[i] for i in mentions(message) if i in positions)
        else:
            items = bot.understander.items_named(message["text"])
        said.append(Said(message["role"] == "user", message["text"], items))
    return merge(said)


def read_context(bot: Chatbot, messages: list[dict[str, Any]]) -> DialogueState:
    """The state after these messages. Where `mentions` are given they are the items named, and no name is linked."""
    state = DialogueState()
    marked = {m for message in messages for m in _MARK.findall(message["text"]) if bot.index.catalog.item(m)}
    for turn, message in enumerate(messages, start=1):
        listed = message.get("mentions")
        text = _MARK.sub(" ", message["text"]) if listed is not None or marked else message["text"]
        named = [str(m) for m in listed or ()] or [m for m in _MARK.findall(message["text"]) if m in marked]
        by_user = message["role"] == "user"
        evidence: list[Evidence] = []
        if by_user or not named:
            read = bot.understander.read(text, state).evidence
            evidence += [e for e in read if _counts(e, by_user, linked=listed is None)]
        evidence += [
            Opinion(True, item_id=i, strength=1.0 if by_user else HINT) for i in named if bot.index.catalog.item(i)
        ]
        state = state.plus(evidence, turn)
    return state


def _counts(evidence: Evidence, by_user: bool, linked: bool) -> bool:
    """Whether a piece of evidence counts: from the other side only the items, and those only where linking is on."""
    if isinstance(evidence, Opinion) and evidence.item_id:
        return linked
    return by_user


def _parse(line: str, number: int) -> dict[str, Any]:
    form = '{"messages": [{"role": "user" or "assistant", "text": "…"}]}'
    try:
        context = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ContextError(f"standard input, line {number}: not JSON ({error}); expected {form}") from error
    messages = context.get("messages") if isinstance(context, dict) else None
    if not isinstance(messages, list):
        raise ContextError(f"standard input, line {number}: no list `messages`; expected {form}")
    for place, message in enumerate(messages, start=1):
        good = isinstance(message, dict) and message.get("role") in ("user", "assistant")
        if not good or not isinstance(message.get("text"), str) or not isinstance(message.get("mentions", []), list):
            raise ContextError(
                f"standard input, line {number}, message {place}: expected {form}; got {json.dumps(message)[:60]}"
            )
    if not isinstance(context.get("exclude", []), list):
        raise ContextError(f"standard input, line {number}: `exclude` must be a list of ids")
    return dict(context)
