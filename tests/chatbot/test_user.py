"""The user embedding, over a catalog in which two films keep company that nothing else joins."""

import numpy as np
import pytest
from house import films

from chatbot.state import DialogueState, Opinion, Request
from chatbot.user import embed_user
from index.build import build_index
from index.company import Interactions
from index.embedding import HashingEmbedder

ALIEN, NOTTING_HILL, UP = "1", "15", "10"


@pytest.fixture(scope="module")
def index():
    at = films().positions
    rows = [((at[ALIEN], 1.0), (at[NOTTING_HILL], 1.0))] * 9
    return build_index(films(), HashingEmbedder(), company=[Interactions("ratings", rows)])


def tilt(index, *evidence):
    """What a state adds to each item beside its vector, less what it adds when nothing was liked."""
    bonus = [embed_user(DialogueState().plus(said, 1), index).bonus for said in (evidence, (Request("tonight"),))]
    return bonus[0] - bonus[1]


def test_what_keeps_company_with_a_liked_item_is_brought_up_and_nothing_else(index):
    added = tilt(index, Opinion(True, item_id=ALIEN))
    company = index.catalog.positions[NOTTING_HILL]
    assert added[company] > 0.1
    assert np.allclose(np.delete(added, company), 0, atol=1e-6)


@pytest.mark.parametrize("evidence", [Opinion(False, item_id=ALIEN), Opinion(True, item_id=UP), Request("aliens")])
def test_a_dislike_another_item_and_words_bring_up_no_company(index, evidence):
    assert np.allclose(tilt(index, Request("tonight"), evidence), 0, atol=1e-6)


def test_a_weaker_like_brings_up_less(index):
    company = index.catalog.positions[NOTTING_HILL]
    hint = tilt(index, Opinion(True, item_id=ALIEN, strength=0.5))[company]
    assert 0 < hint < tilt(index, Opinion(True, item_id=ALIEN))[company]
