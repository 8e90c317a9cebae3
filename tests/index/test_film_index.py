"""The index that ships: whole, of bearable size, and sensible where everybody agrees."""

from pathlib import Path

import numpy as np
import pytest

from index.folder import load_index

FOLDER = Path(__file__).parents[2] / "assets" / "movies"


@pytest.fixture(scope="module")
def index():
    return load_index(FOLDER)


def best(index, vector, k=10, without=()):
    mask = np.ones(len(index.catalog), dtype=bool)
    mask[list(without)] = False
    ranked = index.rank(vector[None], np.ones(1), mask, k, 0.3 * index.prior)
    return [index.catalog.items[entry.position] for entry in ranked]


def find(index, title, year):
    return next(at for at, item in enumerate(index.catalog.items) if item.title == title and item.facts["year"] == year)


def test_it_is_whole_and_small_enough_to_ship(index):
    assert len(index.catalog) >= 12_000
    assert np.allclose(np.linalg.norm(index.vectors, axis=1), 1, atol=1e-3)
    assert len(set(index.groups.names)) == len(index.groups.sizes)
    assert index.groups.sizes.min() > 0
    assert all(path.stat().st_size < 20 * 2**20 for path in FOLDER.iterdir())


@pytest.mark.parametrize(
    ("title", "year", "neighbour"),
    [
        ("Alien", 1979, "Aliens"),
        ("The Godfather", 1972, "The Godfather Part II"),
        ("Toy Story", 1995, "Toy Story 2"),
        ("Notting Hill", 1999, "You've Got Mail"),
    ],
)
def test_well_known_neighbours_stand_together(index, title, year, neighbour):
    at = find(index, title, year)
    assert neighbour in [item.title for item in best(index, index.vectors[at], without=[at])]


@pytest.mark.parametrize(
    ("request_", "genre"),
    [
        ("a really scary horror movie", "horror"),
        ("恐怖片", "horror"),
        ("something romantic", "romance"),
        ("浪漫爱情片", "romance"),
        ("cartoon for the kids", "animation"),
        ("spaceships and aliens", "sci-fi"),
        ("documentaries about nature", "documentary"),
    ],
)
def test_requests_in_words_find_their_kind_in_more_than_one_language(index, request_, genre):
    found = best(index, index.embed(request_))
    assert sum(genre in item.values("genres") for item in found) >= 7


def test_the_prior_knows_the_classics(index):
    classics = [find(index, "The Godfather", 1972), find(index, "The Matrix", 1999)]
    assert index.prior[classics].min() > np.quantile(index.prior, 0.99)
