"""Taking news into an index, on items whose places are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.build import build_index
from index.catalog import Catalog, Field, Item
from index.dialogues import Dialogue, Said
from index.embedding import HashingEmbedder
from index.updating import Told, told, updated

KINDS = ("tea", "tools", "toys", "books")


@pytest.fixture(scope="module")
def index():
    field = Field("kind", "category", role="genre")
    items = tuple(Item(f"{kind}{n}", f"{kind} number {n}", {"kind": kind}) for kind in KINDS for n in range(8))
    return build_index(Catalog("things", ("thing", "things"), (field,), items), HashingEmbedder())


def at(index, name):
    return index.catalog.positions[name]


def asked(index, *vectors):
    return np.array(vectors, dtype=np.float32).reshape(-1, index.vectors.shape[1])


def place(index, liked, wanted):
    """The rank of `wanted` for whoever likes `liked`."""
    everything = np.ones(len(index.catalog), dtype=bool)
    everything[at(index, liked)] = False
    ranked = index.rank(index.vectors[[at(index, liked)]], np.ones(1), everything, len(index.catalog))
    return [r.position for r in ranked].index(at(index, wanted))


def test_what_was_liked_together_comes_closer_and_nothing_else_moves(index):
    pair = (at(index, "tea1"), at(index, "toys5"))
    after = updated(index, [Told(pair, (), asked(index))] * 6)
    assert place(after, "tea1", "toys5") < place(index, "tea1", "toys5")
    still = np.setdiff1d(np.arange(len(index.catalog)), pair)
    assert (after.vectors[still] == index.vectors[still]).all()
    assert (after.groups.of_item == index.groups.of_item).all()


def test_what_was_refused_moves_away_from_what_that_person_likes(index):
    liked, refused = at(index, "books1"), at(index, "books2")
    after = updated(index, [Told((liked,), (refused,), asked(index))] * 4)
    before = float(index.vectors[liked] @ index.vectors[refused])
    assert float(after.vectors[liked] @ after.vectors[refused]) < before


def test_words_teach_what_they_led_to(index):
    words = "something for a rainy afternoon"
    dialogue = Dialogue(
        (Said(True, words, ()), Said(False, "then @tools3", (at(index, "tools3"),))), frozenset({at(index, "tools3")})
    )
    after = updated(index, [told(index, dialogue)] * 5)
    request = index.embed(words)
    assert float(after.vectors[at(index, "tools3")] @ request) > float(index.vectors[at(index, "tools3")] @ request)


def test_no_news_changes_nothing(index):
    assert updated(index, []) is index
    assert updated(index, [Told((3,), (), asked(index))]) is index  # one alone keeps no company


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.sets(st.integers(0, 31), max_size=5), st.sets(st.integers(0, 31), max_size=3)), max_size=12)
)
def test_vectors_stay_units_and_the_order_of_news_does_not_matter(index, rows):
    news = [Told(tuple(sorted(liked)), tuple(sorted(disliked - liked)), asked(index)) for liked, disliked in rows]
    after, turned = updated(index, news), updated(index, news[::-1])
    assert np.allclose(np.linalg.norm(after.vectors, axis=1), 1, atol=1e-3)
    assert np.allclose(after.vectors, turned.vectors, atol=2e-3)
    assert np.isfinite(after.groups.centroids).all()
