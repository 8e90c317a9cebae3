import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.aigc import TUNED, attend, closeness, item_log_shares
from index.embedding import unit_rows
from index.group_index import GroupIndex, Versions
from index.groups import group_means
from index.search import best, search


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


def contents(index):
    """What an index holds: {position: (group, vector)}."""
    groups = range(len(index.centroids))
    return {int(at): (group, tuple(vector)) for group in groups for at, vector in zip(*index.rows(group), strict=True)}


@settings(deadline=None)
@given(seed=st.integers(0, 100), edits=st.lists(st.tuples(st.booleans(), st.integers(0, 70)), max_size=12))
def test_versions_hold_what_was_added_and_not_what_was_removed(seed, edits):
    generator, vectors, of_item, centroids = world(seed)
    index = GroupIndex(vectors, of_item, centroids)
    expected = contents(index)
    before = dict(expected)
    first = index
    for added, position in edits:
        if added:
            vector = unit_rows(generator.standard_normal((1, 5)).astype(np.float32))
            index = index.with_items(np.array([position]), vector)
            expected[position] = (int((centroids @ vector[0]).argmax()), tuple(vector[0]))
        else:
            index = index.without(np.array([position]))
            expected.pop(position, None)
        assert contents(index) == expected
        assert len(index) == len(expected) == sum(index.sizes)
    assert contents(index.merged()) == expected
    assert contents(first) == before


@settings(deadline=None)
@given(seed=st.integers(0, 100), share=st.floats(0.01, 1))
def test_search_with_all_groups_open_is_exact_masked_scoring(seed, share):
    generator, vectors, of_item, centroids = world(seed)
    evidence, weights = vectors[:3], np.array([1.0, 0.5, -0.7], dtype=np.float32)
    allowed = generator.random(len(vectors)) < share
    allowed[0] = True
    index = GroupIndex(vectors, of_item, centroids)
    attention = attend(TUNED, centroids, index.sizes, evidence, weights)
    inner = (vectors * attention.users[of_item]).sum(axis=1)
    exact = item_log_shares(TUNED, attention, inner, closeness(vectors, evidence, weights), of_item)
    order = [at for at in np.argsort(-exact, kind="stable") if allowed[at]]
    positions, relevance, opened = search(index, TUNED, evidence, weights, allowed, len(vectors))
    assert opened == len({of_item[at] for at in order})
    found = positions[best(positions, relevance, 5)]
    assert np.allclose(exact[found], exact[order[:5]], atol=1e-4)
    few = search(index, TUNED, evidence, weights, allowed, 1)
    assert len(few.positions) >= 1
    assert allowed[few.positions].all()


def test_best_is_the_sorted_head_and_breaks_ties_by_position():
    positions, scores = np.array([7, 3, 5, 1]), np.array([1.0, 2.0, 1.0, 0.5])
    assert positions[best(positions, scores, 3)].tolist() == [3, 5, 7]
    assert positions[best(positions, scores, 9)].tolist() == [3, 5, 7, 1]
    assert len(best(positions, scores, 0)) == 0


def test_a_position_twice_or_a_wrong_shape_is_refused():
    _, vectors, of_item, centroids = world(2)
    index = GroupIndex(vectors, of_item, centroids)
    with pytest.raises(ValueError, match="different positions"):
        index.with_items(np.array([1, 1]), vectors[:2])
    with pytest.raises(ValueError, match="vectors of 5"):
        index.with_items(np.array([1]), vectors[:1, :3])


def test_readers_on_many_threads_meet_whole_versions_only():
    """Pairs of items are added and removed together: a reader that met one of a pair without the other saw a half."""
    _, vectors, of_item, centroids = world(3)
    versions = Versions(GroupIndex(vectors, of_item, centroids))
    pairs = [np.array([100 + 2 * n, 101 + 2 * n]) for n in range(20)]
    done, faults, reads = threading.Event(), [], []

    def read():
        while not done.is_set() or not reads:
            index = versions.current
            held = set(contents(index))
            odd = [n for n in held if n >= 100 and (n ^ 1) not in held]
            missing = set(range(len(vectors))) - held
            reads.append(len(held))
            if odd or missing or len(held) != len(index):
                faults.append((odd, missing))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for pair in pairs:
        versions.change(lambda index: index.with_items(pair, vectors[:2]))  # noqa: B023
    for pair in pairs[::2]:
        versions.change(lambda index: index.without(pair))  # noqa: B023
    done.set()
    for reader in readers:
        reader.join()
    assert not faults
    assert reads
    assert len(versions.current) == len(vectors) + len(pairs)
