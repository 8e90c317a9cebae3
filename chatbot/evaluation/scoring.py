"""Two meanings of one utterance compared, kind by kind; precision, recall and F1 over many, with intervals."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from chatbot.evaluation.atoms import Atom, Atoms, implied
from chatbot.evaluation.situations import Meaning

GOALS = {
    "entities": 0.95, "polarity": 0.95, "constraints": 0.97, "references": 0.90, "critiques": 0.90,
    "corrections": 0.90, "intent": 0.95,
}  # fmt: skip
RESAMPLES = 1000
Pair = tuple[frozenset[object], frozenset[object]]
"""What gold has and what was understood."""


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 of one kind over `utterances` that have something of it, with the F1's interval."""

    utterances: int
    precision: float
    recall: float
    f1: float
    low: float
    high: float


def compare(gold: Meaning, got: Meaning, kinds: Iterable[str], atoms: Atoms) -> dict[str, Pair]:
    """What to compare of each kind: {kind: (gold, got)}, where `kinds` are the utterance's own."""
    gold, got = _settled(gold, got, atoms)
    pairs: dict[str, Pair] = {name: (frozenset(of(gold)), frozenset(of(got))) for name, of in _OVERALL.items()}
    tagged = set(kinds)
    for name in {"references", "critiques", "feedback"} & tagged:
        pairs[name] = (frozenset(_changes(gold)), frozenset(_changes(got)))
    if "corrections" in tagged:
        pairs["corrections"] = (
            frozenset({*_changes(gold), *_dropped(gold)}),
            frozenset({*_changes(got), *_dropped(got)}),
        )
    if "entities" in tagged and "references" not in tagged:  # what a question names is an entity too
        expected, found = pairs["entities"]
        pairs["entities"] = (expected | set(_about(gold)), found | set(_about(got)))
    if "questions" in tagged:
        pairs["questions"] = (gold.question, got.question)
    return {name: pair for name, pair in pairs.items() if name in tagged - set(_OVERALL) or any(pair)}


def score(pairs: Sequence[Pair], seed: int) -> Score:
    """Micro-averaged figures. The interval is the bootstrap's middle 95 %, drawn over utterances."""
    counts = np.array([(len(a & b), len(b - a), len(a - b)) for a, b in pairs], dtype=np.float64).reshape(-1, 3)
    precision, recall, f1 = (float(v) for v in _figures(counts.sum(axis=0)))
    low, high = interval(counts, lambda sums: _figures(sums)[2], seed)
    return Score(len(pairs), precision, recall, f1, low, high)


def interval(rows: np.ndarray, figure: Callable[[np.ndarray], np.ndarray], seed: int) -> tuple[float, float]:
    """The middle 95 % of a figure of column sums over resampled rows: rows (n, c); `figure` takes (…, c)."""
    if not len(rows):
        return 0.0, 0.0
    draws = np.random.default_rng(seed).multinomial(len(rows), np.full(len(rows), 1 / len(rows)), RESAMPLES)
    low, high = np.quantile(figure(draws @ rows), (0.025, 0.975))
    return float(low), float(high)


def _figures(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Precision, recall, F1 of (…, 3) sums of right, wrong and missed. With nothing to find and nothing found, 1."""
    right, wrong, missed = sums[..., 0], sums[..., 1], sums[..., 2]

    def share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
        return np.where(whole > 0, part / np.maximum(whole, 1), 1.0)

    return share(right, right + wrong), share(right, right + missed), share(2 * right, 2 * right + wrong + missed)


# ---------------------------------------------------------------- what is compared


def _settled(gold: Meaning, got: Meaning, atoms: Atoms) -> tuple[Meaning, Meaning]:
    """Both without what makes no difference, in the same words for a series of titles."""
    before, after = gold.held, got.held
    adds, found = _in_series(set(gold.adds), set(got.adds), atoms)
    found -= before  # said again
    adds -= {a for a in before if a in after}
    if gold.intent == "take":  # picking is an opinion; whether it is written as one too is a matter of taste
        adds, found = ({a for a in s if not (a.kind == "item" and a.what[0] in gold.about)} for s in (adds, found))
    drops = {a for a in gold.drops if not implied(a, after - {a})}
    dropped = {a for a in got.drops if not implied(a, after)}
    if gold.intent in ("restart", "undo"):
        drops, dropped = set(), set()
    return (
        replace(gold, adds=frozenset(adds), drops=frozenset(drops)),
        replace(got, adds=frozenset(found), drops=frozenset(dropped)),
    )


def _in_series(gold: set[Atom], got: set[Atom], atoms: Atoms) -> tuple[set[Atom], set[Atom]]:
    """The items of a series that gold names as one are one in what was understood: for a liking, any of them will
    do; a refusal has to take in more than half."""
    for series in [a for a in gold if a.kind == "series"]:
        members = {Atom("item", series.sign, "", (i,)) for i in atoms.members(series)}
        inside = got & members
        if inside and (series.sign == "+" or 2 * len(inside) > len(members)):
            got = (got - members) | {series}
    return gold, got


def _alone(atoms: Iterable[Atom]) -> Iterable[Atom]:
    """Values one by one, items and series; no numbers and no free words."""
    for atom in atoms:
        if atom.kind == "value":
            yield from (atom._replace(what=(value,)) for value in atom.what)
        elif atom.kind in ("item", "series", "seen", "joint"):
            yield atom


def _polarity(meaning: Meaning) -> Iterable[object]:
    return _alone({*meaning.adds, *meaning.named})


def _entities(meaning: Meaning) -> Iterable[object]:
    for atom in _alone({*meaning.adds, *meaning.named}):
        yield atom._replace(sign="", kind="item" if atom.kind == "seen" else atom.kind)
    yield from (Atom("item", "", "", (option,)) for option in meaning.options)


def _about(meaning: Meaning) -> Iterable[object]:
    return (Atom("item", "", "", (item,)) for item in meaning.about)


def _constraints(meaning: Meaning) -> Iterable[object]:
    return (a for a in {*meaning.adds, *meaning.named} if a.kind == "number" or len(a.what) > 1)


def _changes(meaning: Meaning) -> Iterable[object]:
    """What the utterance adds, and what it is about where it says nothing of that."""
    yield from (a for a in meaning.adds if a.kind != "text")
    judged = {a.what[0] for a in meaning.adds if a.kind in ("item", "seen")}
    yield from (("about", i) for i in meaning.about if i not in judged)


def _dropped(meaning: Meaning) -> Iterable[object]:
    return (("dropped", a) for a in meaning.drops)


def _free(meaning: Meaning) -> Iterable[object]:
    return (a for a in meaning.adds if a.kind == "text")


def _counts(meaning: Meaning) -> Iterable[object]:
    return () if meaning.count is None else (("count", meaning.count),)


_OVERALL: dict[str, Callable[[Meaning], Iterable[object]]] = {
    "entities": _entities,
    "polarity": _polarity,
    "constraints": _constraints,
    "free words": _free,
    "counts": _counts,
}
"""Kinds that are measured wherever they occur; the others only on utterances that are tagged so."""
