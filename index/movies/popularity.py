"""How well known films are: ratings and mentions, and for films newer than those, what their extract suggests."""

import math
from collections.abc import Sequence

import numpy as np

from index.movies.films import Film
from index.movies.sources import Entry

FITTED = range(1985, 2016)
"""Years whose films had time to be rated: on them the estimate is fitted."""
UNRATED_FROM = 2017
"""From this year on most films came too late to be rated or mentioned much."""
RECENT_SHARE = 3.0
"""What the estimate is multiplied by for them: fitted on the middle, it makes too little of what everybody knows."""
OLDER_SHARE = 0.15
"""Part of the estimate that counts for an older film: that nobody rated it says that it is less known."""


def popularity_of(films: Sequence[Film]) -> list[float]:
    """One number in 0 … 1 a film, on a logarithmic scale."""
    estimate = _Estimate(films)
    weights = [_weight(film, estimate) for film in films]
    top = math.log1p(max(weights, default=1.0) or 1.0)
    return [round(math.log1p(weight) / top, 4) for weight in weights]


def _weight(film: Film, estimate: "_Estimate") -> float:
    entry = _extract(film)
    if entry is None:
        return float(film.weight)
    recent = (film.year or 0) >= UNRATED_FROM
    return max(float(film.weight), estimate.weight(entry) * (RECENT_SHARE if recent else OLDER_SHARE))


def _extract(film: Film) -> Entry | None:
    return next((e for e in film.entries if e.extract), None)


class _Estimate:
    """Least squares from features of an extract to the logarithm of the weight."""

    def __init__(self, films: Sequence[Film]) -> None:
        rated = [(entry, film.weight) for film in films if film.year in FITTED and (entry := _extract(film))]
        self._coefficients: np.ndarray | None = None
        if not rated:
            return
        features = np.array([_features(entry) for entry, _ in rated])  # (n, features)
        target = np.log1p(np.array([weight for _, weight in rated], dtype=np.float64))
        self._coefficients = np.linalg.lstsq(features, target, rcond=None)[0]

    def weight(self, entry: Entry) -> float:
        """The weight that a film of that extract would have had, had it come out earlier."""
        if self._coefficients is None:
            return 0.0
        return math.expm1(max(0.0, float(np.dot(_features(entry), self._coefficients))))


def _features(entry: Entry) -> list[float]:
    text = entry.extract.lower()
    marks = ("gross", "box office", "academy award", "nominat", "sequel", "acclaim", "critics", "franchise")
    return [1.0, math.log1p(len(text)), float(min(len(entry.cast), 12)), *(float(mark in text) for mark in marks)]
