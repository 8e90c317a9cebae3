"""Understanding against gold utterances: figures by kind, and for those that may be looked at, what went wrong."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chatbot.evaluation.scoring import GOALS, Pair, Score, compare, interval, score
from chatbot.evaluation.situations import Meaning, Situations
from chatbot.evaluation.utterances import GoldError, Utterance, read_utterances
from chatbot.resources import assets_dir
from chatbot.understanding.lexicon import load_lexicon
from chatbot.understanding.understander import Understander
from index.catalog import Catalog

BUNDLED = "films"
"""The catalog that ships; the others lie in assets/catalogs."""
YEAR = 2026
"""The year in which the gold utterances are said: "the last ten years" are counted from it."""


@dataclass(frozen=True)
class Judged:
    """One utterance beside what was understood. `pairs` are what was compared, kind by kind."""

    said: Utterance
    gold: Meaning
    got: Meaning
    pairs: Mapping[str, Pair]
    seconds: float
    catalog: Catalog

    @property
    def right(self) -> bool:
        """Whether nothing differs but free words taken in besides, which lean the list a little and no more."""
        same = all(a == b or (name == "free words" and a <= b) for name, (a, b) in self.pairs.items())
        return same and self.gold.intent == self.got.intent


def gold_files(part: str | None, files: Sequence[Path]) -> list[Path]:
    """The files to measure with: those named, else the part's, else all that ship."""
    folder = assets_dir() / "utterances"
    if files:
        return list(files)
    found = [folder / f"{part}.jsonl"] if part else sorted(folder.glob("*.jsonl"))
    if not found:
        raise GoldError(f"{folder} holds no gold utterances; name a file with --utterances")
    return found


def check_visible(files: Iterable[Path]) -> None:
    """Refuses to show utterances that nobody may tune on."""
    for path in files:
        if path.stem == "held_out":
            raise GoldError(
                f"{path}: the held-out failures are not shown, since whoever reads them would tune to them and spoil "
                "the test; look at those of --part dev"
            )


def catalog_of(name: str) -> Catalog:
    """The catalog that gold utterances name."""
    from index.reading import load_catalog, read_catalog

    if name == BUNDLED:
        return load_catalog(assets_dir() / "movies")
    path = assets_dir() / "catalogs" / f"{name}.csv"
    if not path.is_file():
        raise GoldError(f"there is no catalog {name!r}; expected {BUNDLED} or the name of a file in {path.parent}")
    return read_catalog([path])


def situations_of(catalog: Catalog) -> Situations:
    """An understander of that catalog, ready for gold utterances; it needs no index."""
    from index.prior import prior

    return Situations(catalog, Understander(catalog, prior(catalog), load_lexicon("en"), YEAR))


def judge(utterances: Sequence[Utterance], rooms: Mapping[str, Situations]) -> list[Judged]:
    """Every utterance read in its situation; `rooms` by the catalog's name. GoldError names file and line."""
    return [_judged(said, rooms[said.catalog]) for said in utterances]


def _judged(said: Utterance, room: Situations) -> Judged:
    try:
        gold = room.gold(said)
        got, seconds = room.understood(said)
    except ValueError as error:
        raise GoldError(f"{said.where}: {error}") from error
    return Judged(said, gold, got, compare(gold, got, said.kinds, room.atoms), seconds, room.catalog)


def judge_files(files: Sequence[Path]) -> dict[Path, list[Judged]]:
    """All utterances of all files, each catalog being read once."""
    read = {path: read_utterances(path) for path in files}
    names = sorted({said.catalog for utterances in read.values() for said in utterances})
    rooms = {name: situations_of(catalog_of(name)) for name in names}
    return {path: judge(utterances, rooms) for path, utterances in read.items()}


def figures(judged: Sequence[Judged], seed: int) -> dict[str, Any]:
    """Scores by kind, the share of right intents, and the time; shares in 0..1, intervals of 95 %."""
    names = dict.fromkeys(name for one in judged for name in one.pairs)
    catalogs = dict.fromkeys(one.said.catalog for one in judged)
    scores: dict[str, Score] = {}
    for name in sorted(names, key=_order):
        scores[name] = score([one.pairs[name] for one in judged if name in one.pairs], seed)
    hits = np.array([[one.gold.intent == one.got.intent] for one in judged], dtype=np.float64)
    low, high = interval(hits, lambda sums: sums[..., 0] / len(hits), seed)
    milliseconds = [1000 * one.seconds for one in judged]
    return {
        "utterances": len(judged),
        "kinds": {name: asdict(value) for name, value in scores.items()},
        "intent": {"accuracy": float(hits.mean()), "low": low, "high": high},
        "all_right": _share(one.right for one in judged),
        "all_right_by_catalog": {n: _share(one.right for one in judged if one.said.catalog == n) for n in catalogs},
        "understand_median_ms": statistics.median(milliseconds),
        "understand_max_ms": max(milliseconds),
    }


def _share(right: Iterable[bool]) -> float:
    return statistics.mean(map(float, right))


_KINDS = (*GOALS, "questions", "feedback", "counts", "free words")


def _order(name: str) -> int:
    return _KINDS.index(name)


# ---------------------------------------------------------------- for people


def table(part: str, found: Mapping[str, Any]) -> str:
    """The figures of one part as lines of text."""
    right = ", ".join(f"{name} {share:.3f}" for name, share in found["all_right_by_catalog"].items())
    rows = [f"{part}: {found['utterances']} utterances, all of it right in {found['all_right']:.3f} ({right})"]
    rows.append(f"{'kind':<12} {'n':>5}  precision  recall     F1  95 %           goal")
    for name, s in found["kinds"].items():
        spread = f"[{s['low']:.3f}, {s['high']:.3f}]"
        line = f"{name:<12} {s['utterances']:>5}  {s['precision']:>9.3f}  {s['recall']:>6.3f}  {s['f1']:.3f}  {spread}"
        rows.append(line + _goal(name, s["f1"]))
    intent = found["intent"]
    spread = f"[{intent['low']:.3f}, {intent['high']:.3f}]"
    label = f"{'intent':<12} {found['utterances']:>5}  {'accuracy':>17}"
    rows.append(f"{label}  {intent['accuracy']:.3f}  {spread}" + _goal("intent", intent["accuracy"]))
    median, most = found["understand_median_ms"], found["understand_max_ms"]
    rows.append(f"CPU time to understand: median {median:.1f} ms, at most {most:.1f} ms")
    return "\n".join(rows)


def _goal(name: str, value: float) -> str:
    goal = GOALS.get(name)
    return "" if goal is None else f"  {goal:.2f}" + ("" if value >= goal else f"  short by {goal - value:.3f}")


def failures(judged: Iterable[Judged]) -> list[str]:
    """One paragraph for every utterance that is not understood as gold has it."""
    return [_failure(one) for one in judged if not one.right]


def _failure(one: Judged) -> str:
    said = one.said
    lines = [f"{said.id} {said.catalog} {', '.join(said.kinds)}: {said.say!r}"]
    if said.row.get("given"):
        lines.append(f"  given   {said.row['given']}")
    lines.append(f"  gold    {dict(said.row['gold'])}")
    if one.gold.intent != one.got.intent:
        lines.append(f"  intent  {one.got.intent}, not {one.gold.intent}")
    for kind, (gold, got) in one.pairs.items():
        if gold != got:
            missed, besides = _shown(gold - got, one.catalog), _shown(got - gold, one.catalog)
            lines.append(f"  {kind}: missed {missed}; found besides {besides}")
    return "\n".join(lines)


def _shown(things: Iterable[object], catalog: Catalog) -> str:
    return ", ".join(sorted(_plain(thing, catalog) for thing in things)) or "nothing"


def _plain(thing: object, catalog: Catalog) -> str:
    if isinstance(thing, tuple):
        return " ".join(filter(None, (_plain(part, catalog) for part in thing)))
    item = catalog.item(str(thing))
    return repr(item.title) if item else str(thing)
