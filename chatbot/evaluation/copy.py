"""`chatbot evaluate copy`: random conversations; whether what is written is true, how varied and how fast."""

import json
import statistics
from collections.abc import Mapping
from typing import Any

from chatbot.bot import Chatbot
from chatbot.evaluation.chatter import LENGTH, conversations
from chatbot.evaluation.grounding import Grounding
from chatbot.generation.surface import sentences

EXAMPLES = 10


def evaluate(bot: Chatbot, replies: int, seed: int) -> dict[str, Any]:
    """The figures; times in milliseconds, shares in 0..1."""
    bot.warm_up()
    grounding = Grounding(bot.index.catalog)
    said: list[str] = []
    faults: list[str] = []
    total, first, lists, understood = [], [], [], []
    written: list[str] = []
    for number, (talk, message, turn, start) in enumerate(conversations(bot, replies, seed)):
        said = [message] if number % LENGTH == 0 else [*said, message]
        faults += [f"{message!r} -> {fault}" for fault in grounding.faults(talk, said, turn)]
        total.append(turn.timing_ms["total"])
        understood.append(turn.timing_ms["understand"])
        first.append(1000 * start)
        if turn.act == "recommend":
            lists.append(turn.timing_ms["total"])
        written += sentences(turn.text)
    return {
        "replies": replies,
        "faults": len(faults),
        "examples": faults[:EXAMPLES],
        "understand_median_ms": statistics.median(understood),
        "median_ms": statistics.median(total),
        "median_ms_lists": statistics.median(lists) if lists else None,
        "p95_ms": statistics.quantiles(total, n=20)[-1] if len(total) > 1 else total[0],
        "first_words_median_ms": statistics.median(first),
        "first_words_p95_ms": statistics.quantiles(first, n=20)[-1] if len(first) > 1 else first[0],
        "distinct_sentences": len(set(written)) / max(1, len(written)),
        **_tally(bot),
    }


def _tally(bot: Chatbot) -> dict[str, Any]:
    """How the drawing went, where the writer draws at all."""
    tally = getattr(bot.writer, "tally", None)
    if tally is None or not tally.segments:
        return {}
    refused = sum(tally.faults.values())
    return {
        "segments": tally.segments,
        "template_share": tally.templates / tally.segments,
        "refused_draws": refused / max(1, tally.draws),
        "refused_for": dict(sorted(tally.faults.items(), key=lambda pair: -pair[1])),
    }


def table(figures: Mapping[str, Any], as_json: bool) -> str:
    """The figures as lines of text, or as JSON."""
    if as_json:
        return json.dumps(figures, ensure_ascii=False)
    rows = [
        (name.replace("_", " "), f"{value:.3f}" if isinstance(value, float) else str(value))
        for name, value in figures.items()
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)
