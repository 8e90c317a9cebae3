import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shelf import KINDS, shelf, where

from index.catalog import Catalog, Field, Item
from index.embedding import unit_rows
from index.groups import default_group_count, group_means, make_groups, name_groups, spherical_kmeans


def blobs(sizes=(9, 7, 5), spread=0.05):
    generator = np.random.default_rng(0)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    return unit_rows(np.eye(8)[truth] + spread * generator.standard_normal((len(truth), 8))), truth


def test_kmeans_finds_blobs_numbered_by_falling_size():
    vectors, truth = blobs()
    assert np.array_equal(spherical_kmeans(vectors, 3, seed=1), truth)


@given(n=st.integers(1, 40), groups=st.integers(1, 10), seed=st.integers(0, 5))
def test_every_item_has_a_group_and_a_seed_repeats_itself(n, groups, seed):
    vectors = unit_rows(np.random.default_rng(n).standard_normal((n, 5)))
    of_item = spherical_kmeans(vectors, min(groups, n), seed)
    assert of_item.shape == (n,)
    assert set(of_item) == set(range(of_item.max() + 1))
    assert np.array_equal(of_item, spherical_kmeans(vectors, min(groups, n), seed))


def test_equal_items_do_not_break_grouping():
    vectors = np.tile(np.eye(4)[:1], (6, 1))
    assert len(spherical_kmeans(vectors, 3)) == 6


def test_a_group_is_the_mean_of_its_items():
    vectors, truth = blobs()
    means = group_means(vectors, truth, 3)
    assert np.allclose(means[1], vectors[truth == 1].mean(axis=0), atol=1e-6)


def test_names_come_from_what_a_group_shares():
    catalog = shelf()
    of_item = np.array([KINDS.index(str(item.facts["kind"])) for item in catalog.items])
    assert name_groups(catalog, of_item, 3) == ("1950s lamp", "1960s chair", "1970s kettle")


def test_names_are_distinct_even_where_groups_are_alike():
    catalog = shelf()
    of_item = np.arange(len(catalog)) % 6
    names = name_groups(catalog, of_item, 6)
    assert len(set(names)) == 6
    red = np.zeros(len(catalog), dtype=np.int64)
    red[where(catalog, kind="lamp", colours="red")] = 1
    red[where(catalog, kind="lamp", colours="blue")] = 2
    assert name_groups(catalog, red, 3)[1:] == ("1950s lamp", "1950s blue lamp")


def test_prices_make_bands_and_makers_names():
    fields = (Field("price", "number", role="price"), Field("brand", "category", role="creator"))
    cheap = [Item(f"c{i}", "c", {"price": 5.0 + i, "brand": "Ox"}) for i in range(4)]
    dear = [Item(f"d{i}", "d", {"price": 180.0 + i, "brand": "Ibis"}) for i in range(4)]
    names = name_groups(Catalog("shop", ("product", "products"), fields, (*cheap, *dear)), np.repeat([0, 1], 4), 2)
    assert names == ("products up to 10", "products up to 200")


@pytest.mark.parametrize(("items", "groups"), [(0, 1), (1, 1), (194, 14), (15000, 122)])
def test_the_number_of_groups_grows_with_the_root_of_the_catalog(items, groups):
    assert default_group_count(items) == groups


def test_a_catalog_without_items_has_no_groups_but_loads():
    groups = make_groups(Catalog("none", ("thing", "things"), (), ()), np.zeros((0, 4), dtype=np.float32))
    assert groups.of_item.shape == (0,)
    assert len(groups) == len(groups.centroids)
