"""How good a bet an item is when nothing is known of the user."""

import numpy as np

from index.catalog import Catalog

DOUBT = 10.0
"""Ratings an item needs before its own mean counts as much as the catalog's."""

FAME_SHARE = 0.6
"""How much of the prior is being known rather than being well rated; held-out choices favour the known."""


def prior(catalog: Catalog) -> np.ndarray:
    """(n,) float32 in 0..1, from the rating, votes and popularity fields; zeros where a catalog has none.

    A mean rating counts by its votes (a Bayesian mean), so that one enthusiast makes no masterpiece.
    """
    parts = [(FAME_SHARE, _fame(catalog)), (1 - FAME_SHARE, _esteem(catalog))]
    present = [(share, column) for share, column in parts if column is not None]
    if not present:
        return np.zeros(len(catalog), dtype=np.float32)
    total = sum(share for share, _ in present)
    mixed = np.zeros(len(catalog))
    for share, column in present:
        mixed += share / total * column
    return mixed.astype(np.float32)


def _fame(catalog: Catalog) -> np.ndarray | None:
    popularity, votes = catalog.field_of("popularity"), catalog.field_of("votes")
    if popularity is not None:
        return _to_unit(np.nan_to_num(catalog.numbers(popularity.name), nan=0.0))
    if votes is not None:
        return _to_unit(np.log1p(np.maximum(np.nan_to_num(catalog.numbers(votes.name), nan=0.0), 0)))
    return None


def _esteem(catalog: Catalog) -> np.ndarray | None:
    rating, votes = catalog.field_of("rating"), catalog.field_of("votes")
    if rating is None or np.isnan(catalog.numbers(rating.name)).all():
        return None
    values = catalog.numbers(rating.name)
    counts = np.full(len(catalog), DOUBT) if votes is None else np.nan_to_num(catalog.numbers(votes.name), nan=0.0)
    counts = np.where(np.isnan(values), 0.0, np.maximum(counts, 0.0))
    usual = np.nanmean(values)
    return _to_unit((np.nan_to_num(values, nan=0.0) * counts + usual * DOUBT) / (counts + DOUBT))


def _to_unit(values: np.ndarray) -> np.ndarray:
    """Scaled so that the least is 0 and the greatest 1; all 0 where they are equal."""
    if not len(values) or values.max() == values.min():
        return np.zeros(len(values))
    return (values - values.min()) / (values.max() - values.min())
