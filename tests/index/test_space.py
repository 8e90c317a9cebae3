import numpy as np
import pytest
from shelf import shelf

from index.build import build_index
from index.catalog import Field, Item
from index.company import Interactions
from index.embedding import HashingEmbedder, unit_rows
from index.space import TextMap, record_text, ridge, text_directions, topic_fields, topic_phrases, topic_text

FIELDS = (
    Field("year", "number", role="year", integer=True),
    Field("genres", "category", many=True, role="genre"),
    Field("cast", "category", many=True, role="performer"),
    Field("plot", "text"),
    Field("warranty", "category"),
)
ITEM = Item(
    "1", "Title", {"year": 1979, "genres": ("a", "b"), "cast": ("X Y",), "plot": "It begins.", "warranty": "no"}
)


def test_the_record_says_everything_and_the_topic_leaves_names_out():
    assert record_text(ITEM, FIELDS) == "Title. 1979. a, b. X Y. It begins.. no"
    assert topic_text(ITEM, FIELDS) == "a, b"
    bare = Item("2", "Bare", {field.name: () if field.many else None for field in FIELDS})
    assert topic_text(bare, FIELDS) == "Bare"
    assert [field.name for field in topic_fields(FIELDS[2:])] == ["warranty"]


def test_phrases_are_what_people_call_common_kinds():
    phrases = set(topic_phrases(shelf()))
    assert {"lamp", "red things", "kettle thing"} <= phrases
    assert not any("maker" in phrase for phrase in phrases)


def test_directions_are_those_of_greatest_spread_and_orthonormal():
    generator = np.random.default_rng(0)
    texts = generator.standard_normal((200, 6)) * [1, 5, 1, 1, 3, 1] + 2
    found = text_directions(texts, 2)
    assert np.abs(found[:, 0]).argmax() == 1
    assert np.abs(found[:, 1]).argmax() == 4
    assert np.allclose(found.T @ found, np.eye(2), atol=1e-5)
    assert text_directions(texts, 99).shape == (6, 6)


@pytest.mark.parametrize("reach", [1.0, 1.5])
def test_the_map_subtracts_multiplies_and_scales(reach):
    text_map = TextMap(np.array([1.0, 0.0]), np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]), reach)
    assert np.allclose(text_map(np.array([[1.0, 2.0], [3.0, 0.0]])), [[reach, 0, 0], [0, reach, 0]])


def test_ridge_finds_the_map_that_made_the_data():
    generator = np.random.default_rng(1)
    inputs, truth = generator.standard_normal((300, 4)), generator.standard_normal((4, 3))
    assert np.allclose(ridge(inputs, inputs @ truth, np.ones(300), penalty=1e-6), truth, atol=1e-3)


def test_an_item_that_nobody_touched_stands_with_the_company_of_its_like():
    """Lamps and chairs are liked by different people; the last lamp by nobody."""
    catalog = shelf(copies=5)
    kinds = np.array([str(item.facts["kind"]) for item in catalog.items])
    lone = int(np.flatnonzero(kinds == "lamp")[-1])
    generator = np.random.default_rng(5)
    rows = []
    for kind in ("lamp", "chair", "kettle"):
        members = np.setdiff1d(np.flatnonzero(kinds == kind), [lone])
        rows += [tuple((int(at), 1.0) for at in generator.choice(members, 5, replace=False)) for _ in range(30)]
    index = build_index(catalog, HashingEmbedder(128), company=[Interactions("people", rows)])
    factors = unit_rows(index.vectors[:, -64:])
    likeness = factors @ factors[lone]
    assert likeness[kinds == "lamp"].mean() > likeness[kinds == "chair"].mean() + 0.5
