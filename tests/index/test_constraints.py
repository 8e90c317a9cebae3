"""Masks say the same as the rule read off each record, for any catalog and any wishes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.catalog import Catalog, Field, Item
from index.constraints import Constraint, holds, mask
from index.diversity import diversify

VALUES = ("red", "Green", "blue", "café")
FIELDS = (Field("colours", "category", many=True, role="genre"), Field("size", "number", integer=True))
RECORDS = st.tuples(
    st.lists(st.sampled_from(VALUES), max_size=3, unique=True).map(tuple), st.none() | st.integers(0, 9)
)
PLAIN = st.one_of(
    st.builds(
        Constraint,
        st.just("colours"),
        st.sampled_from(["=", "!="]),
        st.sampled_from([*VALUES, "GREEN", "cafe", "pink"]),
    ),
    st.builds(
        Constraint,
        st.just("colours"),
        st.sampled_from(["in", "not in"]),
        st.lists(st.sampled_from(VALUES), min_size=1, max_size=3).map(tuple),
    ),
    st.builds(Constraint, st.just("size"), st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), st.integers(0, 9)),
    st.builds(
        Constraint,
        st.just("size"),
        st.sampled_from(["in", "not in"]),
        st.lists(st.integers(0, 9), min_size=1).map(tuple),
    ),
)
TOGETHER = st.builds(
    Constraint, st.just("colours"), st.just("!="), st.sampled_from(VALUES), st.lists(PLAIN, max_size=2).map(tuple)
)
WISHES = PLAIN | TOGETHER


def catalog_of(records):
    items = (Item(str(n), f"thing {n}", {"colours": c, "size": s}) for n, (c, s) in enumerate(records))
    return Catalog("things", ("thing", "things"), FIELDS, tuple(items))


@settings(max_examples=2000, deadline=None)
@given(
    st.lists(RECORDS, max_size=12), st.lists(WISHES, max_size=4), st.sets(st.sampled_from(["0", "3", "5", "nobody"]))
)
def test_a_mask_holds_exactly_where_every_wish_holds(records, wishes, excluded):
    catalog = catalog_of(records)
    expected = [
        item.id not in excluded and all(holds(item, wish, closed=True) for wish in wishes) for item in catalog.items
    ]
    assert mask(catalog, wishes, excluded).tolist() == expected


def test_what_the_record_does_not_say_is_not_vouched_for():
    catalog = catalog_of([((), None), (("red",), 3)])
    for wish in (Constraint("colours", "!=", "blue"), Constraint("size", "!=", 5), Constraint("size", "<", 9)):
        assert mask(catalog, [wish]).tolist() == [False, True]


@given(st.integers(1, 6))
def test_a_varied_list_keeps_the_best_and_leaves_out_its_doubles(k):
    vectors = np.array([[1, 0], [1, 0], [1, 0], [0, 1]], dtype=np.float32)
    chosen = diversify(vectors, [0.9, 0.89, 0.88, 0.7], k, trade=0.3)
    assert chosen[0] == 0
    assert len(chosen) == len(set(chosen)) == min(k, 4)
    assert k < 2 or chosen[1] == 3
