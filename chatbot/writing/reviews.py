"""A balanced summary of what people think of an item: numbers from its ratings or its record, and no others."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from chatbot.acts import Segment
from chatbot.recommending import ENOUGH_VOTES
from chatbot.wording import Wording
from index.catalog import RATING_SCALES, Catalog, Item
from index.company import read_scores

HIGH, LOW = 0.8, 0.5
"""Shares of the scale from which a mark is high (4 of 5), and up to which it is low (2.5 of 5)."""
ALIKE = 0.03
"""A mean nearer to the catalog's than this share of the scale is about the same."""


@dataclass(frozen=True)
class Marks:
    """People's ratings of a catalog's items: by position, (m,) float64 each, on a scale up to `scale`."""

    by_item: Mapping[int, np.ndarray]
    scale: float

    @classmethod
    def read(cls, path: Path, positions: Mapping[str, int]) -> "Marks":
        """From a ratings file; `positions` are those of its item ids. CatalogError names a bad line."""
        values: dict[int, list[float]] = defaultdict(list)
        for _, item, value in read_scores(path):
            if item in positions:
                values[positions[item]].append(value)
        highest = max((max(marks) for marks in values.values()), default=0.0)
        scale = next((top for top in RATING_SCALES if highest <= top), highest)
        return cls({at: np.array(marks) for at, marks in values.items()}, scale)

    @property
    def usual(self) -> float:
        """The mean of the items' means."""
        return float(np.mean([marks.mean() for marks in self.by_item.values()])) if self.by_item else 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of one item: its mean, how many marks, the shares of high and low ones; None where unknown."""

    mean: float | None = None
    count: int | None = None
    high: float | None = None
    low: float | None = None
    scale: float = 0.0
    usual: float = 0.0


def verdict(item: Item, catalog: Catalog, marks: Marks | None) -> Verdict:
    """From people's marks where they are at hand, else from the fields of the record."""
    if marks is not None:
        own = marks.by_item.get(catalog.positions[item.id])
        if own is None:
            return Verdict()
        high, low = (own >= HIGH * marks.scale).mean(), (own <= LOW * marks.scale).mean()
        return Verdict(float(own.mean()), len(own), float(high), float(low), marks.scale, marks.usual)
    rating, votes = catalog.field_of("rating"), catalog.field_of("votes")
    mean = item.facts.get(rating.name) if rating else None
    count = item.facts.get(votes.name) if votes else None
    if rating is None or not isinstance(mean, (int, float)) or count == 0:
        return Verdict()
    usual = float(np.nanmean(catalog.numbers(rating.name)))
    known = int(count) if isinstance(count, (int, float)) else None
    return Verdict(float(mean), known, scale=catalog.scale(rating.name), usual=usual)


def summary(item: Item, catalog: Catalog, wording: Wording, marks: Marks | None) -> list[Segment]:
    """The sentences of the summary: the mean, both sides or the usual mean, and a caution where marks are few."""
    known = verdict(item, catalog, marks)
    if known.mean is None:
        return [_segment("reviews.none", {"title": item.title})]
    count = {"count": wording.marks(known.count)} if known.count is not None else {}
    opening = {"title": item.title, "rating": wording.rating(known.mean, known.scale if marks else None), **count}
    segments = [_segment("reviews.open", opening), *_sides(known, wording)]
    if known.count is not None and known.count < ENOUGH_VOTES:
        segments.append(_segment("reviews.few", {}))
    return segments


def _sides(known: Verdict, wording: Wording) -> list[Segment]:
    """High against low marks where they are known, and the mean against the usual one, where there is one."""
    found = []
    assert known.mean is not None
    if known.high is not None and known.low is not None:
        found.append(_segment("reviews.shares", {"value": _percent(known.high), "value2": _percent(known.low)}))
    above = known.mean - known.usual
    kind = "usual" if abs(above) < ALIKE * known.scale else "above" if above > 0 else "below"
    one, many = wording.catalog.nouns
    slots = {"value": wording.rating(known.usual, known.scale), "noun": one, "nouns": many}
    return [*found, Segment(f"reviews.{kind}", slots, frozenset(["value"]))]


def _segment(topic: str, slots: dict[str, str]) -> Segment:
    return Segment(topic, slots, frozenset(slots))


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"
