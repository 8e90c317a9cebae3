"""Whether a conversation keeps what was said, and gives up what was taken back, over random conversations."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from chatbot.bot import Chatbot
from chatbot.evaluation.actions import BAD, Action, Ledger
from chatbot.evaluation.chatter import Words
from chatbot.policy import Situation
from chatbot.recommending import Recommender
from chatbot.state import Belief, Believed, DialogueState, Dropped
from chatbot.turn import Turn
from chatbot.understanding.reading import Reading
from index.catalog import Catalog, fold
from index.constraints import Constraint, holds_at

DIALOGUES = 200
LENGTH = 12
"""Turns of a conversation."""
EXAMPLES = 5
RANKED = 20
Trial = tuple[str, str | None]
"""What was tried, and what was wrong with what came of it, or None."""


def evaluate(bot: Chatbot, dialogues: int, seed: int) -> dict[str, dict[str, Any]]:
    """How often each promise was put to the test and held: trials, held, and examples of where not."""
    checks: dict[str, Callable[[Chatbot, int], Iterator[Trial]]] = {
        "undo brings back the earlier state": undoing,
        "a dropped belief acts as never said": dropping,
        "a refusal of turn 1 holds to turn 12": refusing,
    }
    figures = {}
    for name, check in checks.items():
        trials = [trial for number in range(dialogues) for trial in check(bot, seed + number)]
        faults = [f"{tried}: {fault}" for tried, fault in trials if fault]
        figures[name] = {"trials": len(trials), "held": len(trials) - len(faults), "examples": faults[:EXAMPLES]}
    return figures


def table(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """The figures as lines of text."""
    width = max(map(len, figures))
    lines = []
    for name, found in figures.items():
        lines.append(f"{name:<{width}}  held {found['held']} of {found['trials']}")
        lines += [f"  {example}" for example in found["examples"]]
    return "\n".join(lines)


# ---------------------------------------------------------------- undo


def undoing(bot: Chatbot, seed: int) -> Iterator[Trial]:
    """A random conversation of all actions: after each, all that it holds is what it should be."""
    rng = random.Random(seed)
    ledger = Ledger(bot.start(seed))
    words = Words(bot.index.catalog, rng)
    for _ in range(LENGTH):
        action = _random_action(bot.index.catalog, words, rng)
        yield str(action), ledger.act(action)


def _random_action(catalog: Catalog, words: Words, rng: random.Random) -> Action:
    kind = rng.choices(
        ("say", "feedback", "forget", "undo", "restart", "abandon", "bad", "say_undo", "say_restart"),
        (10, 4, 4, 5, 0.5, 1, 1, 1, 0.3),
    )[0]
    if kind == "feedback":
        return Action("feedback", f"{rng.choice(catalog.items).id} {rng.choice(('like', 'dislike', 'seen'))}")
    if kind in ("say", "abandon"):
        return Action(kind, words.message())  # type: ignore[arg-type]
    said = {"bad": rng.choice(BAD), "say_undo": "undo", "say_restart": "start over"}
    return Action(kind, said.get(kind, ""), rng.randrange(1, 5))  # type: ignore[arg-type]


# ---------------------------------------------------------------- dropped beliefs


def dropping(bot: Chatbot, seed: int) -> Iterator[Trial]:
    """Each belief at the end of a random conversation, dropped alone."""
    rng = random.Random(seed)
    talk = bot.start(seed)
    words = Words(bot.index.catalog, rng)
    for _ in range(LENGTH // 2):
        talk.say(words.message())
    for belief in talk.state.beliefs:
        yield str(belief.evidence), drop_fault(bot, talk.state, belief)


def drop_fault(bot: Chatbot, state: DialogueState, belief: Belief) -> str | None:
    """What differs between dropping a belief and a conversation in which it was never said, the lists shown in
    between being the same: beliefs, mask, ranking or the next reply; None where nothing does."""
    turn = max((e.turn for e in state.evidence), default=0) + 1
    dropped = state.plus([Dropped((belief.id,), unsaid=True)], turn)
    never = never_said(state, belief).plus([Dropped((), unsaid=True)], turn)
    recommender = Recommender(bot.index, bot.wording)
    if [b.evidence for b in dropped.beliefs] != [b.evidence for b in never.beliefs]:
        return "other beliefs"
    if not np.array_equal(recommender.allowed(dropped), recommender.allowed(never)):
        return "another mask"
    if recommender.recommend(dropped, RANKED) != recommender.recommend(never, RANKED):
        return "another ranking"
    replies = [bot.policy.decide(Situation(Reading("any"), s, s, random.Random(turn))) for s in (dropped, never)]
    said = [(reply.act, reply.items, reply.evidence) for reply in replies]  # its offers name beliefs by number
    return None if said[0] == said[1] else "another reply"


def never_said(state: DialogueState, belief: Belief) -> DialogueState:
    """The state without the evidence of a belief; ids that were dropped earlier are those of a state without it."""
    number, gone = 0, int(belief.id[1:])
    kept = []
    for evidence in state.evidence:
        if isinstance(evidence, Believed):
            number += 1
            if number == gone:
                continue
        kept.append(_renumbered(evidence, gone) if isinstance(evidence, Dropped) else evidence)
    return DialogueState(tuple(kept))


def _renumbered(dropped: Dropped, gone: int) -> Dropped:
    """The ids as they are where the belief of that number never came."""
    numbers = {f"b{n}": f"b{n - (n > gone)}" for b in dropped.beliefs if b[:1] == "b" and (n := _number(b)) != gone}
    return replace(dropped, beliefs=tuple(numbers.get(b, b) for b in dropped.beliefs if b != f"b{gone}"))


def _number(belief_id: str) -> int:
    return int(belief_id[1:]) if belief_id[1:].isdecimal() else 0


# ---------------------------------------------------------------- refusals


def refusing(bot: Chatbot, seed: int) -> Iterator[Trial]:
    """Something is refused first; then follow eleven random messages that do not speak of it."""
    rng = random.Random(seed)
    catalog = bot.index.catalog
    words = Words(catalog, rng)
    talk = bot.start(seed)
    talk.say(f"no {words.value()} please")
    refused = [c for c in talk.state.constraints(catalog) if c.refuses and isinstance(c.value, str)]
    if not refused:
        return  # not understood, which is measured elsewhere
    taken_up = {fold(str(c.value)) for c in refused}
    for _ in range(LENGTH - 1):
        turn = talk.say(words.message_without(taken_up))
        fault = refusal_fault(catalog, refused, talk.state, turn)
        if fault:
            yield f"refused {refused[0].value}, then {turn.said!r}", fault
            return
    yield f"refused {refused[0].value}", None


def refusal_fault(catalog: Catalog, refused: Sequence[Constraint], state: DialogueState, turn: Turn) -> str | None:
    """What is left of a refusal is wrong: it counts no more, or a list has what was refused; else None."""
    held = state.constraints(catalog)
    if any(constraint not in held for constraint in refused):
        return "the refusal is gone"
    allowed = np.logical_and.reduce([holds_at(catalog, constraint) for constraint in refused])
    shown = [item for item in turn.items if turn.act == "recommend" and not allowed[catalog.positions[item.id]]]
    return f"{shown[0].title} is shown" if shown else None
