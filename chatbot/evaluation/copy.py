"""`chatbot evaluate copy`: conversations; whether what is written is true, personal, varied, good English, and fast."""

import json
import random
import statistics
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any

from chatbot.bot import Chatbot
from chatbot.evaluation.chatter import LENGTH, conversations
from chatbot.evaluation.chronicle import Chronicle, Written, distinct, pairs, repeats
from chatbot.evaluation.grounding import Grounding
from chatbot.evaluation.reasons import Named, named_in_lists, two_readers
from chatbot.generation.model_writer import UNTRUE, Tally

EXAMPLES = 10
SAMPLES = 30
JUDGED = 600
"""Texts that a judge reads at most."""
READERS = 100
"""Items recommended to two people each."""
FORTY_WORDS = range(35, 46)


def evaluate(bot: Chatbot, replies: int, seed: int, judge: Path | None = None) -> dict[str, Any]:
    """The figures; times in milliseconds, shares in 0..1. `judge` is the folder of an independent language model."""
    before = _memory()
    bot.writer.warm_up()
    loaded = _memory()
    bot.warm_up()
    tally = getattr(bot.writer, "tally", Tally())
    counted = Tally(tally.segments, tally.draws, tally.templates, dict(tally.faults))  # the warming up
    listening = copy(bot)
    listening.writer = chronicle = Chronicle(bot.writer)
    figures = {"replies": replies, **_talked(listening, replies, seed)}
    written = [reply for reply in chronicle.replies if reply.texts]
    figures |= _drawn(tally, counted) | _variety(written) | two_readers(bot, READERS, seed) | _speed(written)
    if before and loaded:
        figures["memory_mb_of_the_writer"] = loaded - before
    if judge:
        from chatbot.evaluation.fluency import compared

        figures |= compared(written, judge, JUDGED, seed)
    return figures | {"samples": list(_samples(written, seed))}


def _talked(bot: Chatbot, replies: int, seed: int) -> dict[str, Any]:
    """Holds the conversations: what is untrue in them, and whether their lists say what was wanted."""
    grounding = Grounding(bot.index.catalog)
    said: list[str] = []
    faults: list[str] = []
    lists, reasons = Named(), Named()
    understood: list[float] = []
    for number, (talk, message, turn, _) in enumerate(conversations(bot, replies, seed)):
        said = [message] if number % LENGTH == 0 else [*said, message]
        faults += [f"{message!r} -> {fault}" for fault in grounding.faults(talk, said, turn)]
        understood.append(turn.timing_ms["understand"])
        named = named_in_lists(talk.state, bot.index.catalog, turn)
        if named:
            lists.add(named[0])
            for one in named[1]:
                reasons.add(one)
    return {
        "faults": len(faults),
        "examples": faults[:EXAMPLES],
        "lists_that_name_the_wish": lists.share,
        "reasons_that_name_the_wish": reasons.share,
        "understand_median_ms": statistics.median(understood),
    }


def _drawn(tally: Tally, before: Tally) -> dict[str, Any]:
    """How the drawing went, where the writer draws at all."""
    segments, draws = tally.segments - before.segments, tally.draws - before.draws
    if not segments:
        return {}
    refused = {kind: count - before.faults.get(kind, 0) for kind, count in tally.faults.items()}
    return {
        "segments": segments,
        "templates": (tally.templates - before.templates) / segments,
        "untrue_draws": sum(count for kind, count in refused.items() if kind in UNTRUE) / max(1, draws),
        "refused_draws": sum(refused.values()) / max(1, draws),
        "refused_for": dict(sorted(refused.items(), key=lambda pair: -pair[1])),
    }


def _variety(written: Sequence[Written]) -> dict[str, Any]:
    """Headings and numbers, which code sets, do not count."""
    sentences = [sentence for reply in written for sentence in reply.sentences]
    talks = [written[start : start + LENGTH] for start in range(0, len(written), LENGTH)]
    return {
        "sentences": len(sentences),
        "distinct_sentences": distinct(sentences),
        "distinct_2": distinct(pairs(sentences)),
        "sentences_twice_in_a_conversation": sum(map(repeats, talks)),
    }


def _speed(written: Sequence[Written]) -> dict[str, Any]:
    """Processor time of the writer alone: a busy machine does not change it much."""
    first = [1000 * reply.first for reply in written]
    total = [1000 * reply.total for reply in written]
    forty = [1000 * reply.total for reply in written if reply.words in FORTY_WORDS]
    return {
        "first_words_median_ms": statistics.median(first),
        "first_words_p95_ms": _p95(first),
        "reply_median_ms": statistics.median(total),
        "reply_p95_ms": _p95(total),
        "forty_words_median_ms": statistics.median(forty) if forty else None,
    }


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def _samples(written: Sequence[Written], seed: int) -> Iterator[str]:
    """Random texts, each with the facts that were handed over."""
    texts = [(s, text) for reply in written for s, text in zip(reply.segments, reply.texts, strict=True)]
    for segment, text in random.Random(seed).sample(texts, min(SAMPLES, len(texts))):
        facts = ", ".join(f"{slot} {value}" for slot, value in sorted(segment.slots.items()))
        yield f"{text}   [{segment.topic}: {facts}]"


def _memory() -> float | None:
    """The megabytes that this process holds, where the system tells."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return None
    import resource

    return pages * resource.getpagesize() / 2**20


def table(figures: Mapping[str, Any], as_json: bool) -> str:
    """The figures as lines of text, or as JSON."""
    if as_json:
        return json.dumps(figures, ensure_ascii=False)
    rows = [
        (name.replace("_", " "), f"{value:.3f}" if isinstance(value, float) else str(value))
        for name, value in figures.items()
        if name != "samples"
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join([*(f"{name:<{width}}  {value}" for name, value in rows), "", *figures.get("samples", ())])
