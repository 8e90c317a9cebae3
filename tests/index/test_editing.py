"""Items come and go, and the rest stays where it was."""

import json

import numpy as np
import pytest
from shelf import shelf, where

from index.build import build_index
from index.company import Interactions
from index.editing import with_items, without_items
from index.embedding import HashingEmbedder
from index.errors import CatalogError, IndexFolderError
from index.folder import load_index, save_index
from index.reading import read_items

CATALOG = shelf(copies=6)
ROWS = [tuple((at, 1.0) for at in where(CATALOG, kind=kind)[:4]) for kind in ("lamp", "chair")] * 4
INDEX = build_index(CATALOG, HashingEmbedder(256), company=[Interactions("bought", ROWS)])


def ranked(index, item_id, k=8):
    at = index.catalog.positions[item_id]
    found = index.rank(index.vectors[[at]], np.ones(1), np.arange(len(index.catalog)) != at, k)
    return [index.catalog.items[entry.position] for entry in found]


def record(item_id, **facts):
    return {"id": item_id, "title": f"a {facts.get('kind', 'thing')}", **facts}


def given(tmp_path, *records):
    file = tmp_path / "new.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return read_items([file], CATALOG)


def test_a_new_item_stands_among_its_like_and_the_others_stay(tmp_path):
    new = record("lamp-new", kind="lamp", colours=["red"], maker="maker of lamps", made="1955", stars=4, unheard="x")
    after = with_items(INDEX, *given(tmp_path, new))
    assert len(after.catalog) == len(CATALOG) + 1
    assert after.catalog.items[-1].facts == {
        "kind": "lamp", "colours": ("red",), "maker": "maker of lamps", "made": 1955, "stars": 4.0, "votes": None
    }  # fmt: skip
    assert all(item.values("kind") == ("lamp",) for item in ranked(after, "lamp-new"))
    assert np.array_equal(after.vectors[:-1], INDEX.vectors)
    assert np.array_equal(after.groups.of_item[:-1], INDEX.groups.of_item)
    assert np.array_equal(after.linked([0], [1.0])[:-1], INDEX.linked([0], [1.0]))


def test_an_item_that_is_there_is_renewed(tmp_path):
    first = CATALOG.items[0]
    after = with_items(INDEX, *given(tmp_path, record(first.id, kind="kettle", colours=["blue"])))
    assert len(after.catalog) == len(CATALOG)
    assert after.catalog.items[0].facts["kind"] == "kettle"
    assert all(item.values("kind") == ("kettle",) for item in ranked(after, first.id, k=5))


def test_what_is_gone_is_nowhere_and_the_rest_is_as_it_was():
    gone = [item.id for item in CATALOG.items if item.values("kind") == ("chair",)]
    after = without_items(INDEX, gone)
    stay = [at for at, item in enumerate(CATALOG.items) if item.id not in gone]
    assert [item.id for item in after.catalog.items] == [CATALOG.items[at].id for at in stay]
    assert np.array_equal(after.vectors, INDEX.vectors[stay])
    assert np.bincount(after.groups.of_item, minlength=len(after.groups)).min() > 0
    assert np.allclose(after.linked([0], [1.0]), INDEX.linked([0], [1.0])[stay])
    with pytest.raises(IndexFolderError, match="no item 'nothing'"):
        without_items(INDEX, ["nothing"])


def test_all_may_go_and_new_ones_come(tmp_path):
    empty = without_items(INDEX, [item.id for item in CATALOG.items])
    assert len(empty.catalog) == 0
    again = with_items(empty, *given(tmp_path, record("x", kind="lamp")))
    assert [entry.position for entry in again.rank(again.vectors, np.ones(1), np.ones(1, dtype=bool), 5)] == [0]


def test_a_changed_index_is_saved_and_loaded_as_any(tmp_path):
    after = with_items(INDEX, *given(tmp_path, record("x", kind="lamp", colours=["red"])))
    save_index(after, tmp_path / "shelf")
    back = load_index(tmp_path / "shelf")
    assert back.catalog == after.catalog
    assert np.allclose(back.vectors, after.vectors, atol=1e-3)
    assert len(with_items(back, *given(tmp_path, record("y", kind="chair"))).catalog) == len(CATALOG) + 2


@pytest.mark.parametrize("harm", [{"made": "soon"}, {"votes": 2.5}, {"stars": "many"}])
def test_a_cell_that_does_not_fit_its_field_is_named(tmp_path, harm):
    with pytest.raises(CatalogError, match=rf"new\.jsonl, line 1: {next(iter(harm))} is .*expected"):
        given(tmp_path, record("x", kind="lamp", **harm))


def test_prose_is_read_and_not_kept(tmp_path):
    items, texts = given(tmp_path, record("x", kind="lamp", description="It glows."))
    assert texts == {"x": "It glows."}
    assert "description" not in items[0].facts
