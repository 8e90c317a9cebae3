import numpy as np
import pytest
import scipy.sparse as sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from index.aigc import SKETCH
from index.aigc_weights import WeightedAIGC, WeightTerms
from index.classics import Ease
from index.embedding import unit_rows
from index.groups import group_means


def world(seed, terms, n=30, groups=4):
    generator = np.random.default_rng(seed)
    vectors = unit_rows(generator.standard_normal((n, 5)).astype(np.float32))
    of_item = np.concatenate([np.arange(groups), generator.integers(0, groups, n - groups)])
    rows = sparse.csr_matrix((generator.random((50, n)) < 0.2).astype(np.float32))
    counts = np.asarray(rows.sum(axis=0)).ravel()
    ease = Ease(5.0).fit(rows)
    return WeightedAIGC(terms, vectors, of_item, group_means(vectors, of_item, groups), ease, counts), rows


def softmax(logits):
    shares = np.exp(logits - logits.max())
    return shares / shares.sum()


def test_without_extra_terms_it_is_the_sketch():
    scorer, rows = world(0, WeightTerms())
    assert all(getattr(WeightTerms(), name) == value for name, value in vars(SKETCH).items())
    history = rows[:1].indices
    user = scorer.vectors[history].mean(axis=0)
    groups = softmax(scorer.centroids @ user)
    expected = np.zeros(len(scorer.vectors))
    for group, share in enumerate(groups):
        members = scorer.of_item == group
        expected[members] = share * softmax(scorer.vectors[members] @ user)
    assert np.allclose(np.exp(scorer.score(rows[:1])[0]), expected, atol=1e-6)


@settings(deadline=None)
@given(
    seed=st.integers(0, 50),
    terms=st.builds(
        WeightTerms,
        st.sampled_from([0.0, 2.0]),
        st.floats(0.1, 5),
        st.floats(0.1, 5),
        st.floats(0, 1),
        link=st.floats(0, 20),
        fame=st.floats(-1, 1),
        gather=st.floats(0, 1),
    ),
)
def test_shares_sum_to_one(seed, terms):
    scorer, rows = world(seed, terms)
    assert np.allclose(np.exp(scorer.score(rows[:3]).astype(np.float64)).sum(axis=1), 1, atol=1e-4)


def test_with_the_weights_alone_the_order_is_that_of_the_weights():
    terms = WeightTerms(group_sharpness=0, item_sharpness=0, link=10, gather=1)
    scorer, rows = world(1, terms)
    found, plain = scorer.score(rows[:4]), scorer.weights.score(rows[:4])
    assert np.allclose(
        found - found.mean(axis=1, keepdims=True), 10 * (plain - plain.mean(axis=1, keepdims=True)), atol=1e-3
    )


def test_hardly_any_focus_is_as_good_as_none():
    plain, rows = world(2, WeightTerms(link=10, gather=1))
    attending, _ = world(2, WeightTerms(focus=1e-6, link=10, gather=1))
    assert np.allclose(plain.score(rows[:3]), attending.score(rows[:3]), atol=1e-3)


def test_a_group_looks_at_the_part_of_the_history_that_is_near_it():
    """With all attention on the nearest item, only its weights count, as often as the history is long."""
    scorer, _ = world(3, WeightTerms(link=1.0, focus=0.0))
    near = scorer.centroids @ scorer.vectors[:2].T
    weights = scorer.weights.weights(np.array([0, 1]))
    sharp, _ = world(3, WeightTerms(link=1.0, focus=200.0))
    linked = sharp._linked(np.array([0, 1]), np.ones(2, dtype=np.float32))
    for item in range(30):
        assert linked[item] == pytest.approx(2 * weights[near[scorer.of_item[item]].argmax(), item], abs=0.02)


def test_an_empty_history_gives_finite_shares():
    scorer, _ = world(4, WeightTerms(link=10, gather=1, fame=1, focus=1))
    found = scorer.score(sparse.csr_matrix((1, 30), dtype=np.float32))
    assert np.isfinite(found).all()
    assert found[0].argmax() == scorer.counts.argmax()
