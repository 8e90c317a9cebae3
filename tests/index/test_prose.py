"""A catalog with prose: it is read for the vectors and left out of the folder."""

from index.build import build_index
from index.catalog import Catalog, Field, Item
from index.embedding import HashingEmbedder
from index.folder import load_index, save_index


def test_a_catalog_with_prose_is_saved_and_loaded_without_it(tmp_path):
    items = tuple(
        Item(f"i{n}", f"Lamp {n}", {"kind": ("lamp",), "blurb": f"Gives light number {n} to a room."})
        for n in range(20)
    )
    fields = (Field("kind", "category", many=True, role="genre"), Field("blurb", "text"))
    catalog = Catalog("lamps", ("lamp", "lamps"), fields, items)
    save_index(build_index(catalog, HashingEmbedder(64), seed=1), tmp_path)
    loaded = load_index(tmp_path).catalog
    assert [item.id for item in loaded.items] == [item.id for item in items]
    assert loaded.field("blurb") is None
