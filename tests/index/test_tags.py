"""Tags by their meaning."""

from typing import ClassVar

import numpy as np

from index.catalog import Catalog, Field, Item
from index.tags import NEAR, Tags


class Meanings:
    """Texts as points on a circle: their angles are known."""

    ANGLES: ClassVar = {"funny": 0.0, "twist ending": 1.5, "a laugh": 0.1, "sad": 3.1}

    def encode(self, texts):
        angles = np.array([self.ANGLES[text] for text in texts])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def catalog(role="keyword"):
    fields = [Field("title", "text", role="title"), Field("tags", "category", many=True, role=role)]
    rows = [("1", ("funny",)), ("2", ("twist ending", "funny")), ("3", ("sad",)), ("4", ())]
    items = [Item(id_, f"T{id_}", {"title": f"T{id_}", "tags": tags}) for id_, tags in rows]
    return Catalog("things", ("thing", "things"), tuple(fields), tuple(items))


def test_a_text_reaches_the_items_whose_tags_say_the_same():
    tags, meanings = Tags.of(catalog(), Meanings()), Meanings()
    shares = tags.shares(meanings.encode(["a laugh"])[0], 4)
    assert (shares[[0, 1]] >= NEAR).all()
    assert (shares[[2, 3]] == 0).all()


def test_a_catalog_without_tags_has_no_shares():
    shares = Tags.of(catalog(role=None), Meanings()).shares(np.ones(2, np.float32), 4)
    assert not shares.any()
