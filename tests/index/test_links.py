"""Item-to-item weights, on company that is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shelf import shelf, where

from index.build import build_index
from index.company import Interactions
from index.embedding import HashingEmbedder
from index.errors import IndexFolderError
from index.folder import LINKS_FILE, load_index, save_index
from index.links import Links, learn_links, spread

CATALOG = shelf()
LAMP, CHAIR, KETTLE = (where(CATALOG, kind=kind)[0] for kind in ("lamp", "chair", "kettle"))


def rows(*groups, times=5):
    return [tuple((at, 1.0) for at in group) for group in groups] * times


def bought(*groups, weight=1.0):
    return Interactions("bought", rows(*groups), weight)


def index_of(*sources):
    return build_index(CATALOG, HashingEmbedder(64), company=sources)


def test_what_keeps_company_speaks_for_each_other_and_nothing_else_does():
    links = learn_links([bought((0, 1), (2, 3, 4))], 6)
    assert np.flatnonzero(links.sums([0], [1.0])).tolist() == [1]
    assert np.flatnonzero(links.sums([2, 0], [1.0, 1.0])).tolist() == [1, 3, 4]
    assert not links.sums([5], [1.0]).any()
    assert not links.sums([], []).any()


def test_what_everybody_has_says_less_than_what_few_have():
    links = learn_links([bought((0, 9), (1, 9), (2, 9), (3, 9), (0, 1))], 10)
    said = links.sums([0], [1.0])
    assert said[1] > said[9] > 0


def test_sources_count_by_their_weight_and_few_are_kept():
    light, heavy = learn_links([bought((0, 1), weight=0.3)], 3), learn_links([bought((0, 1))], 3)
    assert light.sums([0], [1.0])[1] == pytest.approx(0.3**1.5 * heavy.sums([0], [1.0])[1])
    both = learn_links([bought((0, 1)), bought((0, 2), weight=0.3)], 3, kept=1)
    assert np.flatnonzero(both.sums([0], [1.0])).tolist() == [1]
    assert not len(learn_links([], 3).weights)


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_among_those_that_stay_the_weights_stay(data):
    pairs = data.draw(st.lists(st.sets(st.integers(0, 7), min_size=2, max_size=4), min_size=1, max_size=6))
    links = learn_links([bought(*pairs)], 8)
    stay = np.array(data.draw(st.lists(st.integers(0, 7), unique=True).map(sorted)), dtype=np.int64)
    places = np.concatenate([stay, [-1]])
    fewer = links.taken(places)
    assert len(fewer) == len(stay) + 1
    for new, old in enumerate(stay):
        assert np.allclose(fewer.sums([new], [1.0])[: len(stay)], links.sums([int(old)], [1.0])[stay])
    assert not fewer.sums([len(stay)], [1.0]).any()


def test_spread_keeps_the_order_and_nothing_stays_nothing():
    sums = np.array([0.0, 0.001, 0.1, 5.0])
    assert (np.diff(spread(sums)) > 0).all()
    assert spread(sums)[0] == 0


def test_liking_an_item_brings_up_its_company_of_another_kind():
    index = index_of(bought((LAMP, KETTLE)))

    def score(bonus):
        ranked = index.rank(index.vectors[[LAMP]], np.ones(1), np.ones(len(CATALOG), bool), len(CATALOG), bonus)
        return {entry.position: entry.score for entry in ranked}

    before, after = score(None), score(index.linked([LAMP], [1.0]))
    assert after[KETTLE] > before[KETTLE]
    assert all(after[at] == before[at] for at in before if at != KETTLE)
    assert not index_of().linked([LAMP], [1.0]).any()


def test_the_weights_come_back_from_the_folder(tmp_path):
    index = index_of(bought((LAMP, KETTLE), (LAMP, CHAIR)))
    save_index(index, tmp_path)
    back = load_index(tmp_path)
    assert np.allclose(back.linked([LAMP], [1.0]), index.linked([LAMP], [1.0]), rtol=1e-2)
    (tmp_path / LINKS_FILE).unlink()
    with pytest.raises(IndexFolderError, match=LINKS_FILE):
        load_index(tmp_path)
    with pytest.raises(ValueError, match="2 rows"):
        Links.of_arrays(Links.none(2).arrays(), 3)
