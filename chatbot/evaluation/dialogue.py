"""`chatbot evaluate dialogue`: how well the bot understands and how steadily it behaves, one part after the other."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot.evaluation import stability, understanding


@dataclass(frozen=True)
class Options:
    """What to measure, and with what."""

    only: str | None = None
    utterances: Sequence[Path] = ()
    part: str | None = None
    failures: bool = False
    index: Path | None = None
    dialogues: int | None = None
    seed: int = 0


def measure(options: Options) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Yields, part by part, its name, its figures, and the same as text."""
    runs: dict[str, Callable[[Options], tuple[Mapping[str, Any], str]]] = {
        "utterances": _utterances,
        "stability": _stability,
        "simulation": _simulation,
    }
    for name, run in runs.items():
        if options.only in (None, name):
            yield name, *run(options)


def report(options: Options, as_json: bool) -> Iterator[str]:
    """The output of the command, piece by piece as it is measured; as JSON, in one piece."""
    if not as_json:
        yield from (text for _, _, text in measure(options))
        return
    yield json.dumps({name: figures for name, figures, _ in measure(options)}, ensure_ascii=False)


def _utterances(options: Options) -> tuple[Mapping[str, Any], str]:
    part = options.part or ("dev" if options.failures and not options.utterances else None)
    files = understanding.gold_files(part, options.utterances)
    if options.failures:
        understanding.check_visible(files)
    judged = understanding.judge_files(files)
    figures = {path.stem: understanding.figures(found, options.seed) for path, found in judged.items()}
    texts = [understanding.table(name, found) for name, found in figures.items()]
    if not options.failures:
        return figures, "\n\n".join(texts)
    wrong = {path.stem: understanding.failures(found) for path, found in judged.items()}
    told = [paragraph for paragraphs in wrong.values() for paragraph in paragraphs]
    return {name: {**found, "failures": wrong[name]} for name, found in figures.items()}, "\n\n".join([*told, *texts])


def _stability(options: Options) -> tuple[Mapping[str, Any], str]:
    from chatbot.bot import Chatbot

    bot = Chatbot.load(options.index, generator="templates")
    figures = stability.evaluate(bot, options.dialogues or stability.DIALOGUES, options.seed)
    return figures, stability.table(figures)


def _simulation(options: Options) -> tuple[Mapping[str, Any], str]:
    from tqdm import tqdm

    from chatbot.asking import STRATEGIES
    from chatbot.bot import Chatbot
    from chatbot.simulation import comparing

    bot = Chatbot.load(options.index, generator="templates")
    count = options.dialogues or comparing.DIALOGUES
    with tqdm(total=count * len(STRATEGIES), desc="dialogues", unit=" dialogues", disable=None) as bar:
        figures = comparing.compare(bot.asking, count, options.seed, progress=bar.update)
    return figures, comparing.table(figures)
