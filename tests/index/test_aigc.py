import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from index.aigc import SKETCH, TUNED, Terms, attend, closeness, item_log_shares
from index.aigc_torch import AIGC
from index.embedding import unit_rows
from index.groups import group_means


def world(seed, n=40, dimension=6, groups=5):
    generator = np.random.default_rng(seed)
    vectors = unit_rows(generator.standard_normal((n, dimension)).astype(np.float32))
    of_item = np.concatenate([np.arange(groups), generator.integers(0, groups, n - groups)])
    return vectors, of_item, group_means(vectors, of_item, groups)


def log_shares(terms, vectors, of_item, centroids, evidence, weights):
    attention = attend(terms, centroids, np.bincount(of_item), evidence, weights)
    inner = (vectors * attention.users[of_item]).sum(axis=1)
    return item_log_shares(terms, attention, inner, closeness(vectors, evidence, weights), of_item)


def softmax(logits):
    shares = np.exp(logits - logits.max())
    return shares / shares.sum()


@pytest.mark.parametrize("seed", range(3))
def test_without_extra_terms_it_is_the_sketch(seed):
    vectors, of_item, centroids = world(seed)
    evidence = vectors[:3]
    user = evidence.mean(axis=0)
    groups = softmax(centroids @ user)
    expected = np.zeros(len(vectors))
    for group, share in enumerate(groups):
        members = of_item == group
        expected[members] = share * softmax(vectors[members] @ user)
    found = np.exp(log_shares(SKETCH, vectors, of_item, centroids, evidence, np.ones(3)))
    assert np.allclose(found, expected, atol=1e-6)


@settings(deadline=None)
@given(
    seed=st.integers(0, 1000),
    weights=st.lists(st.floats(-1, 1).filter(lambda w: abs(w) > 0.01), max_size=4),
    terms=st.builds(Terms, st.floats(0, 5), st.floats(0.1, 10), st.floats(0.1, 10), st.floats(0, 1), st.floats(0, 1)),
)
def test_torch_and_numpy_agree_and_shares_sum_to_one(seed, weights, terms):
    vectors, of_item, centroids = world(seed)
    evidence, signed = vectors[: len(weights)], np.array(weights, dtype=np.float32)
    found = log_shares(terms, vectors, of_item, centroids, evidence, signed)
    module = AIGC(len(vectors), vectors.shape[1], terms, rank=2)
    tensors = (torch.from_numpy(np.array(a)) for a in (evidence, signed, vectors, of_item))
    assert np.allclose(module(*tensors).detach().numpy(), found, atol=1e-3)
    assert np.isclose(np.exp(found.astype(np.float64)).sum(), 1, atol=1e-4)


def test_two_tastes_stay_two():
    """Two groups at right angles, a third between them: the mean user goes to the third, attention does not."""
    one, two = np.eye(4)[0], np.eye(4)[1]
    between = (one + two) / 2**0.5
    vectors = unit_rows(np.repeat([one, two, between], 5, axis=0).astype(np.float32) + np.eye(15, 4, -4) * 0.01)
    of_item = np.repeat(np.arange(3), 5)
    centroids = group_means(vectors, of_item, 3)
    evidence, weights = np.stack([one, two]).astype(np.float32), np.ones(2)
    best = {}
    for focus in (0.0, 20.0):
        terms = Terms(focus=focus, group_sharpness=5, item_sharpness=5, size_share=1)
        best[focus] = log_shares(terms, vectors, of_item, centroids, evidence, weights).argsort()[::-1][:10]
    assert set(of_item[best[0.0][:5]]) == {2}
    assert set(of_item[best[20.0]]) == {0, 1}


def test_a_dislike_pushes_away_what_is_close_to_it():
    """Three items, equally close to the liked one; what is near the disliked one comes last, whatever its group."""
    liked, disliked = np.eye(4)[0], np.eye(4)[1]
    vectors = unit_rows(np.stack([liked + disliked, liked + np.eye(4)[2], liked + np.eye(4)[3]]).astype(np.float32))
    of_item = np.array([0, 0, 1])
    centroids = group_means(vectors, of_item, 2)
    evidence = np.stack([liked, disliked]).astype(np.float32)
    plain = log_shares(TUNED, vectors, of_item, centroids, evidence[:1], np.ones(1))
    mixed = log_shares(TUNED, vectors, of_item, centroids, evidence, np.array([1.0, -1.0]))
    assert np.allclose(plain[0], plain[1])
    assert mixed[0] < min(mixed[1], mixed[2]) - 1


def test_all_terms_can_be_trained():
    vectors, of_item, _ = world(1)
    module = AIGC(len(vectors), vectors.shape[1], Terms(focus=1.0, size_share=0.5, dislike=0.3), rank=2)
    items, groups = torch.from_numpy(vectors), torch.from_numpy(of_item)
    evidence, weights = items[[0, 1, 2]], torch.tensor([1.0, 0.5, -1.0])
    optimiser = torch.optim.Adam(module.parameters(), lr=0.05)
    first = -module(evidence, weights, items, groups)[5]
    for _ in range(30):
        optimiser.zero_grad()
        loss = -module(evidence, weights, items, groups)[5]
        loss.backward()
        optimiser.step()
    assert loss.item() < first.item() - 0.5
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in module.parameters())
    assert module.terms() != Terms(focus=1.0, size_share=0.5, dislike=0.3)
