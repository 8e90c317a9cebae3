"""`chatbot evaluate redial`: recommendation on ReDial by its standard protocol, with baselines and ablations.

A row is a turn of the recommender that names films, with something before it. Recall@K of a row is the share of its
films among the first K of all films. "dedup" asks only for films that nobody named before and leaves the others out
of the list; "all" asks for every film of the turn. The validation part is the last tenth of the dialogues by time.
"""

import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from chatbot.bot import Chatbot
from chatbot.errors import ActionError
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.writer import load_writer
from chatbot.ranking import rank
from index.aigc import SKETCH
from index.build import build_index
from index.company import linked_positions, own_positions, read_ratings
from index.dialogues import MARK, Dialogue, by_time, read_dialogues
from index.embedding import DEFAULT_ENCODER, load_embedder
from index.folder import Index
from index.ranker.blend import Blend
from index.ranker.blend import fit as fit_blends
from index.ranker.contexts import Example, examples
from index.ranker.fitting import Settings
from index.ranker.ranker import Ranker
from index.ranker.sketch import log_shares
from index.reading import read_catalog

AT = (1, 10, 50)
HELD_OUT = 0.1
CHUNK = 32
PLAIN = 200
"""Rows that are also ranked from text alone, where names must be found first."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "the nets": ("nets",),
    "AIGC": ("aigc",),
    "company and followers": ("company", "followers"),
    "ratings": ("ratings", "popular rated"),
    "contexts alike": ("alike",),
    "popularity": ("popular", "lately", "never"),
    "shared attributes": ("shared", "year"),
    "what the text names": ("told", "title", "short title"),
}
"""What the ablations leave out of the final ranking, by the beginnings of the columns' names."""

Scorer = Callable[[np.ndarray], np.ndarray]
"""Features (c, n, f) → scores (c, n)."""


@dataclass
class Hits:
    """Recall of each row at each K."""

    dedup: list[list[float]] = field(default_factory=list)
    every: list[list[float]] = field(default_factory=list)

    def add(self, example: Example, scores: np.ndarray) -> None:
        """Judge the scores (n,) of one row."""
        before = {item for turn in example.context for item in turn.items}
        self.every.append(recalls(scores, example.items))
        new = [item for item in example.items if item not in before]
        if new:
            left = scores.copy()
            left[list(before)] = -np.inf
            self.dedup.append(recalls(left, new))

    def figures(self) -> dict[str, Any]:
        """Means with their standard errors, by protocol."""
        return {name: _means(rows) for name, rows in (("dedup", self.dedup), ("all", self.every))}


def recalls(scores: np.ndarray, wanted: Sequence[int]) -> list[float]:
    """The share of the wanted items that are among the first K, equals in the catalog's order, for each K."""
    place = np.empty(len(scores), dtype=np.int64)
    place[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
    return [float((place[list(wanted)] < k).mean()) for k in AT]


def evaluate(
    data: Path, split: str = "valid", ablations: Sequence[str] = (), seed: int = 0, settings: Settings | None = None
) -> dict[str, Any]:
    """All figures; `ablations` names what is left out by turns, of PARTS. RapportError where the data are not there."""
    dialogues, held, index, seconds = _fitted(data, split, seed, settings)
    ranker = index.ranker
    assert ranker is not None
    rows = [example for example in examples(held) if not example.by_user]
    scorers = _scorers(ranker, ablations, seed)
    hits = _judge(rows, ranker, scorers)
    plain, given = _from_text(index, rows, seed)
    return {
        "split": split,
        "dialogues": len(dialogues),
        "rows": {"all": len(rows), "dedup": len(hits["learned ranking"].dedup)},
        "figures": {name: hit.figures() for name, hit in hits.items()},
        "names linked in plain text": plain.figures(),
        "the same rows, mentions given": given.figures(),
        "fit_cpu_seconds": seconds,
        "query_cpu_ms": _query_ms(ranker, rows),
    }


def _fitted(
    data: Path, split: str, seed: int, settings: Settings | None
) -> tuple[list[Dialogue], list[Dialogue], Index, float]:
    """The dialogues fitted to, those held out, the index, and the seconds of the processor it took."""
    folder = data / "redial"
    catalog = read_catalog([folder / "movies.csv", folder / "movie_facts.jsonl.gz"])
    dialogues = by_time(read_dialogues(folder / "train.jsonl.gz", own_positions(catalog)))
    cut = len(dialogues) - int(HELD_OUT * len(dialogues))
    held = dialogues[cut:]
    if split == "test":
        held, cut = read_dialogues(folder / "test.jsonl.gz", own_positions(catalog)), len(dialogues)
    linked = linked_positions(folder / "movielens_ids.csv", catalog)
    ratings = read_ratings(data / "ml-latest-small" / "ratings.csv", linked)
    started = time.process_time()
    embedder = load_embedder(DEFAULT_ENCODER)
    index = build_index(catalog, embedder, company=[ratings], dialogues=dialogues[:cut], settings=settings, seed=seed)
    if index.ranker is None:
        raise ActionError(f"{folder / 'train.jsonl.gz'} holds too few dialogues to learn from")
    return dialogues[:cut], held, index, time.process_time() - started


def _scorers(ranker: Ranker, ablations: Sequence[str], seed: int) -> dict[str, Scorer]:
    names = ranker.names
    scorers: dict[str, Scorer] = {"learned ranking": ranker.weigh}
    for title, column in (
        ("the nets alone", "nets"),
        ("company kept alone", "company: all"),
        ("AIGC alone", "aigc"),
        ("popularity", "popular by other"),
    ):
        scorers[title] = _column(names.index(column))
    lists = ranker.lists
    assert lists is not None  # it has just been fitted
    for title in ablations:
        kept = np.array([not source_of(name).startswith(PARTS[title]) for name in names], dtype=np.float16)
        fitted = fit_blends(lists.tables * kept, lists.wanted, lists.weights, [seed])[0]
        scorers[f"without {title}"] = _without(fitted, kept)
    return scorers


def source_of(column: str) -> str:
    """The column that places or the highest value are of, or the column itself."""
    return column.removeprefix("rank: ").removeprefix("top: ")


def _column(place: int) -> Scorer:
    return lambda table: table[..., place]


def _without(blend: Blend, kept: np.ndarray) -> Scorer:
    return lambda table: blend(table * kept.astype(np.float32))


def _judge(rows: Sequence[Example], ranker: Ranker, scorers: Mapping[str, Scorer]) -> dict[str, Hits]:
    hits = {name: Hits() for name in (*scorers, "the published sketch")}
    sources = ranker.sources
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        contexts = ranker.reader.read([example.context for example in part])
        table = sources.features(contexts, ranker.facts)
        found = {name: scorer(table) for name, scorer in scorers.items()}
        found["the published sketch"] = log_shares(
            contexts, sources.vectors, sources.of_item, sources.centroids, SKETCH
        )
        for name, scores in found.items():
            for example, own in zip(part, scores, strict=True):
                hits[name].add(example, own)
    return hits


def _from_text(index: Index, rows: Sequence[Example], seed: int) -> tuple[Hits, Hits]:
    """A sample of the rows with titles written out and no mentions; and the same rows with mentions."""
    bot = Chatbot(index, load_writer("templates", CatalogGuard.of(index.catalog)), date.today())
    items, positions = index.catalog.items, index.catalog.positions
    plain, given = Hits(), Hits()
    for example in random.Random(seed).sample(rows, min(PLAIN, len(rows))):
        messages = [
            {
                "role": "user" if turn.by_user else "assistant",
                "text": MARK.sub(
                    lambda mark: items[positions[mark[1]]].title if mark[1] in positions else "", turn.text
                ),
            }
            for turn in example.context
        ]
        for hits, said in ((plain, messages), (given, _with_mentions(messages, example, index))):
            scores = np.full(len(items), -np.inf)
            for item_id, share in rank(bot, said, set(), len(items)):
                scores[positions[item_id]] = share
            hits.add(example, scores)
    return plain, given


def _with_mentions(messages: list[dict[str, Any]], example: Example, index: Index) -> list[dict[str, Any]]:
    named = ([index.catalog.items[item].id for item in turn.items] for turn in example.context)
    return [{**message, "mentions": ids} for message, ids in zip(messages, named, strict=True)]


def _query_ms(ranker: Ranker, rows: Sequence[Example], count: int = 50) -> float:
    chosen = rows[:: max(1, len(rows) // count)]
    started = time.process_time()
    for example in chosen:
        ranker.scores([example.context])
    return 1000 * (time.process_time() - started) / max(1, len(chosen))


def _means(rows: Sequence[Sequence[float]]) -> dict[str, tuple[float, float]]:
    """R@K → (mean, 1.96 standard errors)."""
    table = np.array(rows, dtype=np.float64).reshape(-1, len(AT))
    spread = 1.96 * table.std(axis=0) / max(1, len(table)) ** 0.5
    return {f"R@{k}": (float(table[:, at].mean()), float(spread[at])) for at, k in enumerate(AT)}


def table(figures: Mapping[str, Any], as_json: bool) -> str:
    """The figures as lines of text, or as JSON."""
    if as_json:
        return json.dumps(figures)
    lines = [f"{figures['split']}: fitted to {figures['dialogues']} dialogues, rows {figures['rows']}"]
    compared = dict(figures["figures"])
    compared |= {name: figures[name] for name in ("names linked in plain text", "the same rows, mentions given")}
    for protocol in ("dedup", "all"):
        lines.append(f"{protocol:<36}" + "".join(f"{f'R@{k}':>16}" for k in AT))
        for name, by_protocol in compared.items():
            cells = "".join(f"{mean:>9.3f} ±{spread:.3f}" for mean, spread in by_protocol[protocol].values())
            lines.append(f"  {name:<34}{cells}")
    lines.append(
        f"fitted in {figures['fit_cpu_seconds']:.0f} s, {figures['query_cpu_ms']:.1f} ms a query (processor time)"
    )
    return "\n".join(lines)
