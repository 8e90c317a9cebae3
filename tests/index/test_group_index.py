import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedding import unit_rows
from index.group_index import GroupIndex
from index.groups import group_means


def world(seed, n=60, groups=7):
    generator = np.random.default_rng(seed)
    vectors = unit_rows(generator.standard_normal((n, 5)).astype(np.float32))
    of_item = np.concatenate([np.arange(groups), generator.integers(0, groups, n - groups)])
    return generator, vectors, of_item, group_means(vectors, of_item, groups)


@settings(deadline=None)
@given(seed=st.integers(0, 200))
def test_opening_all_groups_is_exact_search(seed):
    generator, vectors, of_item, centroids = world(seed)
    users = generator.standard_normal(centroids.shape).astype(np.float32)
    positions, inner = GroupIndex(vectors, of_item, centroids).members(np.arange(len(centroids)), users)
    assert sorted(positions) == list(range(len(vectors)))
    assert np.allclose(inner, (vectors * users[of_item]).sum(axis=1)[positions], atol=1e-5)


@settings(deadline=None)
@given(seed=st.integers(0, 200), wanted=st.integers(1, 80))
def test_groups_open_in_falling_attention_until_enough_is_allowed(seed, wanted):
    generator, vectors, of_item, centroids = world(seed)
    attention = generator.standard_normal(len(centroids))
    allowed = generator.random(len(vectors)) < 0.3
    chosen = GroupIndex(vectors, of_item, centroids).choose(attention, allowed, wanted)
    met = [int(allowed[of_item == group].sum()) for group in chosen]
    assert all(met)
    assert list(attention[chosen]) == sorted(attention[chosen], reverse=True)
    assert sum(met) >= min(wanted, allowed.sum())
    assert sum(met[:-1]) < wanted


def test_the_last_allowed_item_is_found_wherever_it_is():
    _, vectors, of_item, centroids = world(1)
    index = GroupIndex(vectors, of_item, centroids)
    for only in range(len(vectors)):
        allowed = np.zeros(len(vectors), dtype=bool)
        allowed[only] = True
        chosen = index.choose(np.zeros(len(centroids)), allowed, 10)
        positions, _ = index.members(chosen, centroids[chosen])
        assert only in positions
    assert not len(index.choose(np.zeros(len(centroids)), np.zeros(len(vectors), dtype=bool), 10))
