"""Lists in the order of a number ("the cheapest"), and a leaning to one end of it ("something light").

Both act within what is allowed: a wish is never broken for the sake of an order.
"""

from collections.abc import Sequence

import numpy as np

from chatbot.state import Order
from index.catalog import Catalog

LEANING_SHARE = 1 / 3
"""The share of the allowed items, counted from the wanted end, that a leaning is content with."""
ENOUGH_VOTES = 20
"""Ratings that an item needs to be among the best or worst rated, where enough items have them."""


def leaning(catalog: Catalog, orders: Sequence[Order], allowed: np.ndarray, least: int) -> np.ndarray:
    """Where every leaning is met as well, (n,) bool: the items on the wanted end of those allowed.

    A leaning that would leave fewer than `least` items takes that many.
    """
    for order in orders:
        places = _sorted(catalog, order, allowed)
        kept = places[: max(least, int(len(places) * LEANING_SHARE))]
        if not order.first and len(kept):
            values = catalog.numbers(order.field)
            bound = values[kept[-1]]
            allowed = allowed & (values >= bound if order.high else values <= bound)
    return allowed


def in_order(catalog: Catalog, order: Order, allowed: np.ndarray, k: int, prior: np.ndarray) -> list[int]:
    """Positions of the first k allowed items by the order's field; equal ones by their prior, best first."""
    described, votes = catalog.field(order.field), catalog.field_of("votes")
    if described is not None and described.role == "rating" and votes is not None:
        known = allowed & (np.nan_to_num(catalog.numbers(votes.name)) >= ENOUGH_VOTES)
        allowed = known if known.sum() >= k else allowed
    return [int(at) for at in _sorted(catalog, order, allowed, prior)[:k]]


def _sorted(catalog: Catalog, order: Order, allowed: np.ndarray, prior: np.ndarray | None = None) -> np.ndarray:
    """Positions of the allowed items whose number is known, (m,) int64, the wanted end first."""
    values = catalog.numbers(order.field)
    places = np.flatnonzero(allowed & ~np.isnan(values))
    keys = -values[places] if order.high else values[places]
    second = np.zeros(len(places)) if prior is None else -prior[places]
    return places[np.lexsort((second, keys))]
