import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.catalog import Catalog, Field, Item
from index.errors import IndexFolderError
from index.storing import ITEMS_FILE, SCHEMA_FILE, load_catalog, save_catalog

FIELDS = (
    Field("year", "number", role="year", integer=True),
    Field("price", "number", role="price"),
    Field("genres", "category", many=True, role="genre"),
    Field("brand", "category", role="creator"),
    Field("codes", "identifier", many=True),
    Field("plot", "text"),
)


def catalog_of(*rows):
    names = [field.name for field in FIELDS]
    items = tuple(Item(item_id, title, dict(zip(names, facts, strict=True))) for item_id, title, *facts in rows)
    return Catalog("things", ("thing", "things"), FIELDS, items)


SMALL = catalog_of(
    ("a", "First", 1979, 9.5, ("horror", "sci-fi"), "Acme", ("x1", "x2"), "A long story."),
    ("b", "Zweites ß 漢", None, None, (), None, (), None),
)

texts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
rows = st.tuples(
    texts,
    st.none() | st.integers(-(2**53), 2**53),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.lists(texts, max_size=4).map(tuple),
    st.none() | texts,
    st.lists(texts, max_size=3).map(tuple),
)


def test_what_is_saved_is_what_is_loaded(tmp_path):
    save_catalog(SMALL, tmp_path, keep_text=True)
    assert load_catalog(tmp_path) == SMALL


def test_prose_stays_out_unless_wanted(tmp_path):
    save_catalog(SMALL, tmp_path)
    loaded = load_catalog(tmp_path)
    assert loaded.fields == FIELDS[:-1]
    assert all("plot" not in item.facts for item in loaded.items)
    assert b"A long story" not in (tmp_path / ITEMS_FILE).read_bytes()


@given(st.lists(rows, max_size=6))
def test_any_catalog_survives(tmp_path_factory, drawn):
    folder = tmp_path_factory.mktemp("any")
    catalog = catalog_of(*((f"id{place}", *row, None) for place, row in enumerate(drawn)))
    save_catalog(catalog, folder, keep_text=True)
    assert load_catalog(folder) == catalog


def test_the_same_catalog_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        save_catalog(SMALL, tmp_path / name)
    for file in (SCHEMA_FILE, ITEMS_FILE):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_saving_leaves_nothing_else_behind(tmp_path):
    save_catalog(SMALL, tmp_path)
    save_catalog(SMALL, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [SCHEMA_FILE, ITEMS_FILE]


@pytest.mark.parametrize("file", [SCHEMA_FILE, ITEMS_FILE])
@pytest.mark.parametrize("damage", ["missing", "empty", "half", "noise"])
def test_a_damaged_file_is_named_with_the_remedy(tmp_path, file, damage):
    save_catalog(SMALL, tmp_path)
    path = tmp_path / file
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes({"empty": b"", "half": whole[: len(whole) // 2], "noise": b"\x00\xff" * 200}[damage])
    with pytest.raises(IndexFolderError) as caught:
        load_catalog(tmp_path)
    assert str(path) in str(caught.value)
    assert "chatbot index" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 99},
        {"fields": None},
        {"fields": [{"name": "year"}]},
        {"fields": [{"name": "year", "kind": "colour", "role": None, "many": False, "integer": True}]},
        {"fields": [{"name": "year", "kind": "number", "role": "no-role", "many": False, "integer": True}]},
        {"fields": []},
        {"nouns": ["one"]},
    ],
)
def test_a_schema_that_does_not_fit_is_refused(tmp_path, change):
    save_catalog(SMALL, tmp_path)
    path = tmp_path / SCHEMA_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(IndexFolderError, match="chatbot index"):
        load_catalog(tmp_path)
