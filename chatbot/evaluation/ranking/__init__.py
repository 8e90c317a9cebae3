"""`chatbot evaluate ranking`: AIGC and the classics on people whom they have not seen.

People are split into folds; each fold in turn is tested, after the others were learned from. Four fifths of a tested
person's hits (ratings of at least four fifths of the highest) are given, the rest are to be found among all items of
the catalog that have an id in the ratings' source; none is sampled. Every method is tuned on a part of the learning
people, held out in the same way, then fitted on all of them and tested once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chatbot.evaluation.ranking import cold
from chatbot.evaluation.ranking.data import Data, Split, folds, load, split
from chatbot.evaluation.ranking.lists import POOL, Lists
from chatbot.evaluation.ranking.methods import GRIDS, Grids, Settings, Workshop, ablations, tune
from chatbot.evaluation.ranking.metrics import interval, ndcg, recall, top
from index.classics.factors import require_implicit
from index.errors import RapportError
from index.folder import Index

FOLDS = 5
VALIDATION = 0.2
"""Part of the learning people on whom settings are chosen."""


@dataclass(frozen=True)
class Run:
    """What one fold gave."""

    figures: Mapping[str, tuple[np.ndarray, np.ndarray]]  # NDCG and recall of each person, by method
    split: Split
    settings: Mapping[str, Settings]
    lists: list[dict[str, Any]]


def evaluate(
    index: Index, folder: Path, tested: int, seed: int, tick: Callable[[str], None], grids: Grids = GRIDS
) -> dict[str, Any]:
    """The figures of `tested` of the five folds; `tick` is told what is being done, `grids` are tried."""
    if not 1 <= tested <= FOLDS:
        raise RapportError(f"--folds {tested}: from 1 to {FOLDS} can be tested")
    if "iALS" in grids:
        require_implicit()  # told before minutes are spent
    tick("reading")
    data = load(folder, index.catalog, index.embedder)
    parts = folds(FOLDS, len(data.people), np.random.default_rng(seed))
    runs = [_fold(data, parts, fold, seed, tick, grids) for fold in range(tested)]
    tick("cold starts")
    colds = cold_starts(data, runs[0], index, seed)
    return {**summary(data, runs), **colds}


def summary(data: Data, runs: Sequence[Run]) -> dict[str, Any]:
    """The figures of these folds, over all of their people."""
    methods = [*GRIDS, "hybrid", "AIGC"]
    return {
        "items": len(data.catalog),
        "people": sum(len(run.split.gold) for run in runs),
        "methods": [_row(name, runs, "AIGC") for name in methods],
        "ablations": [_row(name, runs, "AIGC") for name in _keys(runs) if name not in methods],
        "lists": _mean_rows([run.lists for run in runs]),
        "settings": [{k: dict(v) for k, v in run.settings.items() if k != "hybrid"} for run in runs],
        "hybrids": [[(name, weight) for name, _, weight in run.settings["hybrid"]["parts"]] for run in runs],
    }


def cold_starts(data: Data, run: Run, index: Index, seed: int) -> dict[str, Any]:
    """New items and new people, with the people and settings of one fold."""
    return {
        "new_items": cold.new_items(data, run.split, run.settings, seed),
        "one_sentence": cold.one_sentence(data, run.split, run.settings["AIGC"], index.embedder, seed),
    }


def _fold(data: Data, parts: list[np.ndarray], fold: int, seed: int, tick: Callable[[str], None], grids: Grids) -> Run:
    generator = np.random.default_rng((seed, fold))
    n = len(data.catalog)
    rest = generator.permutation(np.concatenate([part for at, part in enumerate(parts) if at != fold]))
    cut = round(VALIDATION * len(rest))
    validation = split(data.people, rest[:cut], rest[cut:], n, generator)
    settings = tune(
        grids, Workshop(data, validation, seed), validation, lambda what: tick(f"fold {fold + 1}: tuning {what}")
    )
    test = split(data.people, parts[fold], rest, n, generator)
    shop = Workshop(data, test, seed)
    tick(f"fold {fold + 1}: testing")
    figures: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for method, chosen in settings.items():
        figures[method], scores = _tested(shop, method, chosen, test)
        if method == "AIGC":
            best = scores
    tick(f"fold {fold + 1}: ablations")
    for name, chosen in ablations(settings["AIGC"]).items():
        figures[f"without {name}"], _ = _tested(shop, "AIGC", chosen, test)
    pools = top(best, test.histories, POOL)
    counts = shop.build("popularity", {}).score(test.histories[:1])[0]
    lists = Lists(data.catalog, shop.space()[0], counts, test)
    return Run(figures, test, settings, lists.rows(pools, np.take_along_axis(best, pools, axis=1)))


def _tested(
    shop: Workshop, method: str, chosen: Settings, test: Split
) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
    scores = shop.build(method, chosen).score(test.histories)
    lists = top(scores, test.histories, 20)
    return (ndcg(lists, test.gold), recall(lists, test.gold)), scores


def _keys(runs: Sequence[Run]) -> list[str]:
    return list(dict.fromkeys(name for run in runs for name in run.figures))


def _row(name: str, runs: Sequence[Run], against: str) -> dict[str, Any]:
    """Means over all people, with intervals, and AIGC less this method, paired by person. A term that a fold does not
    use costs nothing there to leave out."""
    own, other = (
        [np.concatenate([run.figures.get(n, run.figures[against])[m] for run in runs]) for m in (0, 1)]
        for n in (name, against)
    )
    return {
        "method": name,
        "ndcg": interval(own[0]),
        "recall": interval(own[1]),
        "aigc_less_ndcg": interval(other[0] - own[0]),
        "aigc_less_recall": interval(other[1] - own[1]),
    }


def _mean_rows(runs: Sequence[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [
        {
            name: float(np.mean([run[at][name] for run in runs])) if name != "setting" else runs[0][at]["setting"]
            for name in runs[0][at]
        }
        for at in range(len(runs[0]))
    ]
