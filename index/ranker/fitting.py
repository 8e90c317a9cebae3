"""Fits the learned ranking: the nets and memories to dialogues, and what weighs them to others.

The final ranking must learn how far to trust a source on dialogues that the source has not seen. So the dialogues
are cut into blocks of time; the sources are fitted to all blocks but one, and judged on that one. The nets of all
blocks serve together: each lacks a part of the dialogues, but they differ the more for it, and their mean is better.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sparse

from index.aigc import TUNED
from index.dialogues import Dialogue
from index.ranker import blend as blending
from index.ranker.contexts import ContextReader, Contexts, Example
from index.ranker.facts import Facts
from index.ranker.features import AGAIN, COMPANY, NETS, SPANS, Counts, Memory
from index.ranker.neighbours import Alike, alike, company, followers, tally
from index.ranker.net import NetSettings, Side, fit_net
from index.ranker.ranker import Lists, Ranker, Sources
from index.ranker.served import Served, serve

CHUNK = 32
LIST, CHANCE = 256, 64
"""Candidates of a list the final ranking learns from, and how many of them are drawn from all the rest."""


@dataclass(frozen=True)
class Settings:
    """How much is fitted; the defaults are those the figures were measured with."""

    folds: int = 5
    nets_per_fold: int = 3
    blends: int = 4
    net: NetSettings = field(default_factory=NetSettings)


@dataclass(frozen=True)
class Material:
    """What a ranker is fitted to, read once."""

    found: Sequence[Example]
    contexts: Contexts
    dialogues: Sequence[Dialogue]
    ratings: sparse.csr_matrix  # (people, n)
    texts: np.ndarray  # (n, t) float32
    facts: Facts
    space: Callable[[Sequence[Dialogue]], np.ndarray]  # dialogues → item vectors (n, d)
    factors: Callable[[Sequence[Dialogue], int], np.ndarray]  # dialogues, dimension → (n, dimension)
    of_item: np.ndarray

    @cached_property
    def by_user(self) -> np.ndarray:
        """Whether the user names the items: (m,) bool."""
        return np.array([example.by_user for example in self.found], dtype=np.bool_)

    @property
    def n_items(self) -> int:
        """Items of the catalog."""
        return len(self.texts)


def fit(
    material: Material, reader: ContextReader, settings: Settings, seed: int, progress: Callable[[int, int], None]
) -> Ranker:
    """Fit to all dialogues; the final ranking learns on blocks of time whose sources were fitted to the others."""
    steps = settings.folds * settings.nets_per_fold
    done = [0]

    def told() -> None:
        done[0] += 1
        progress(done[0], steps)

    when = np.array([example.dialogue for example in material.found])
    block = when * settings.folds // max(len(material.dialogues), 1)
    parts: list[tuple[np.ndarray, ...]] = []
    nets: list[Served] = []
    for fold in range(settings.folds):
        held = np.unique(when[block == fold])
        seeds = range(seed + len(nets), seed + len(nets) + settings.nets_per_fold)
        sources = fit_sources(material, ~np.isin(when, held), held, seeds, settings.net, told)
        nets += sources.nets
        rows = np.flatnonzero((block == fold) & ~material.by_user)
        if len(rows):
            parts.append(training_lists(material, sources, rows, seed + fold))
    collected = Lists(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    sources = replace(
        fit_sources(material, np.ones(len(when), dtype=bool), np.zeros(0), (), settings.net, told), nets=nets
    )
    blends = blending.fit(collected.tables, collected.wanted, collected.weights, range(seed, seed + settings.blends))
    return Ranker(reader, material.facts, sources, blends, collected)


def fit_sources(
    material: Material,
    chosen: np.ndarray,
    held: np.ndarray,
    seeds: Sequence[int],
    settings: NetSettings,
    told: Callable[[], None],
) -> Sources:
    """Fit to the chosen examples (m,) bool, one net for each of the `seeds`; `held` (h,) are the dialogues kept out,
    an unbroken block of time."""
    left_out = set(held.tolist())
    kept = [dialogue for at, dialogue in enumerate(material.dialogues) if at not in left_out]
    new = [_new(example) for example in material.found]
    rows = np.flatnonzero(chosen & np.array([bool(items) for items in new]))
    contexts, by_user = material.contexts.take(rows), material.by_user[rows]
    answers = tally([new[row] for row in rows.tolist()], material.n_items)
    counts = _counts(material, held, chosen)
    side = Side(
        start=material.factors(kept, settings.dimension),
        attributes=material.facts.all_attributes,
        texts=material.texts,
        log_counts=(0.7 * np.log(counts.by_other + 0.5 * counts.by_user + 0.3)).astype(np.float32),
    )
    weights = np.where(by_user, settings.user_share, 1.0).astype(np.float32)
    fitted = []
    for seed in seeds:
        fitted.append(serve(fit_net(side, contexts, answers, weights, settings, seed)))
        told()
    named = tally([sorted({i for turn in d.turns for i in turn.items} - d.disliked) for d in kept], material.n_items)
    memory = Memory(
        company=company(named),
        followers=followers(contexts.bag(0.8**contexts.slot, material.n_items), answers),
        rated_company=company(material.ratings),
        alike=_alike(material, rows, contexts, answers, side),
        counts=counts,
    )
    return Sources(fitted, memory, material.space(kept), material.of_item, TUNED)


def _alike(material: Material, rows: np.ndarray, contexts: Contexts, answers: sparse.csr_matrix, side: Side) -> Alike:
    """Of the examples (r,). Only answers of the other side are answers to a request; where there are none, the
    user's must do."""
    by_user = material.by_user[rows]
    kept = np.flatnonzero(~by_user) if not by_user.all() else np.arange(len(rows))
    later = tally(_from_then_on(material, rows[kept].tolist()), material.n_items)
    return alike(contexts.take(kept), answers[kept], later, side.start)


def _from_then_on(material: Material, rows: Sequence[int]) -> list[list[int]]:
    """What the other side names in each example and in the rest of its dialogue, and nobody named before."""
    rest: dict[int, list[int]] = {}
    for at, example in enumerate(material.found):
        rest.setdefault(example.dialogue, []).append(at)
    named = []
    for row in rows:
        following = [at for at in rest[material.found[row].dialogue] if at >= row and not material.found[at].by_user]
        items = {item for at in following for item in material.found[at].items}
        named.append(sorted(items - {item for turn in material.found[row].context for item in turn.items}))
    return named


def training_lists(
    material: Material, sources: Sources, rows: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For examples (r,): candidates' features (r, k, f) float16, the shares of those named next (r, k), and how many
    items each candidate stands for (r, k)."""
    order = np.random.default_rng(seed)
    tables, wanted, weights = [], [], []
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        table = sources.features(material.contexts.take(part), material.facts)
        for features_of, row in zip(table, part.tolist(), strict=True):
            items = np.array(material.found[row].items)
            chosen, stands_for = _candidates(features_of, items, order)
            tables.append(features_of[chosen].astype(np.float16))
            wanted.append(np.isin(chosen, items) / len(items))
            weights.append(stands_for)
    return np.stack(tables), np.stack(wanted).astype(np.float32), np.stack(weights).astype(np.float32)


def _candidates(table: np.ndarray, items: np.ndarray, order: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Items to learn from: those named next or before, the likeliest, and some of the rest, which stand for all."""
    first = table[:, NETS] + 0.5 * table[:, COMPANY]
    first[items] = np.inf
    first[table[:, AGAIN] > 0] = np.inf
    ranked = np.argsort(-first, kind="stable")
    if len(ranked) <= LIST:
        return ranked, np.ones(len(ranked))
    rest = ranked[LIST - CHANCE :]
    drawn = order.choice(rest, CHANCE, replace=False)
    weights = np.ones(LIST)
    weights[LIST - CHANCE :] = len(rest) / CHANCE
    return np.concatenate([ranked[: LIST - CHANCE], drawn]), weights


def _counts(material: Material, held: np.ndarray, chosen: np.ndarray) -> Counts:
    """How often items are named in the chosen examples; lately is before the block that is held out, or after it
    where nothing is before."""
    n = material.n_items
    total = np.zeros((2, n), dtype=np.float32)
    lately = np.zeros((n, len(SPANS)), dtype=np.float32)
    start, end = (held.min(), held.max()) if len(held) else (len(material.dialogues), len(material.dialogues))
    for example, counts in zip(material.found, chosen, strict=True):
        if not counts:
            continue
        items = list(example.items)
        total[int(example.by_user), items] += 1
        gap = start - example.dialogue if start > 0 else example.dialogue - end
        if gap >= 0 and not example.by_user:
            lately[items] += np.exp(-gap / np.array(SPANS))
    rated = np.asarray(material.ratings.sum(axis=0), dtype=np.float32).ravel()
    return Counts(total[0], total[1], lately, rated)


def _new(example: Example) -> list[int]:
    """The items named next that nobody named before."""
    before = {item for turn in example.context for item in turn.items}
    return [item for item in example.items if item not in before]
