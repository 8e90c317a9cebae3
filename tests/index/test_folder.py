import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shelf import shelf, where

from index.build import build_index
from index.catalog import Catalog, Field, Item
from index.company import Interactions
from index.embedding import HashingEmbedder
from index.errors import IndexFolderError
from index.folder import load_index, save_index

CATALOG = shelf(copies=6)
INDEX = build_index(CATALOG, HashingEmbedder(256), seed=3)
EVERYTHING = np.ones(len(CATALOG), dtype=bool)
NOTHING_KNOWN = (np.zeros((0, INDEX.vectors.shape[1])), np.zeros(0))


def relevance(evidence, weights):
    """The scores of all items, by ranking all of them."""
    ranked = INDEX.rank(evidence, weights, EVERYTHING, len(CATALOG))
    return {entry.position: entry.score for entry in ranked}


def test_what_is_like_the_evidence_comes_first():
    lamps = where(CATALOG, kind="lamp")
    best = INDEX.rank(INDEX.vectors[lamps[:1]], np.ones(1), EVERYTHING, 5)
    assert best[0].position == lamps[0]
    assert {entry.position for entry in best} <= set(lamps)
    assert [entry.score for entry in best] == sorted((entry.score for entry in best), reverse=True)
    assert all(0 < entry.score < 1 and INDEX.groups.of_item[entry.position] == entry.group for entry in best)


def test_words_attributes_and_items_share_one_space():
    chairs = where(CATALOG, kind="chair")
    asked = INDEX.embed("chair")
    named = INDEX.attribute_vector("kind", "Chair")
    assert asked @ named > 0.5
    for vector in (asked, named):
        assert np.isclose(np.linalg.norm(vector), 1, atol=1e-4)
        assert {e.position for e in INDEX.rank(vector[None], np.ones(1), EVERYTHING, 5)} <= set(chairs)
    assert not INDEX.attribute_vector("kind", "sofa").any()
    with pytest.raises(ValueError, match="no field 'size'"):
        INDEX.attribute_vector("size", "big")


def test_a_dislike_moves_its_like_to_the_end_but_excludes_nothing():
    kettles = where(CATALOG, kind="kettle")
    scores = relevance(INDEX.attribute_vector("kind", "kettle")[None], np.array([-1.0]))
    assert len(scores) == len(CATALOG)
    others = [score for position, score in scores.items() if position not in kettles]
    assert max(scores[at] for at in kettles) < min(others)


def test_nothing_known_leaves_it_to_the_bonus():
    ranked = INDEX.rank(*NOTHING_KNOWN, EVERYTHING, 4, INDEX.prior)
    assert np.allclose(INDEX.prior[[entry.position for entry in ranked]], np.sort(INDEX.prior)[::-1][:4])


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_the_mask_is_kept_and_never_leaves_the_list_short(data):
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(CATALOG), max_size=len(CATALOG))))
    weights = np.array(data.draw(st.lists(st.sampled_from([1.0, 0.5, -1.0]), max_size=4)))
    at = data.draw(st.lists(st.integers(0, len(CATALOG) - 1), min_size=len(weights), max_size=len(weights)))
    k = data.draw(st.integers(1, 80))
    bonus = data.draw(st.sampled_from([None, INDEX.prior]))
    ranked = INDEX.rank(INDEX.vectors[at], weights, mask, k, bonus)
    assert len(ranked) == min(k, mask.sum())
    assert all(mask[entry.position] for entry in ranked)
    assert len({entry.position for entry in ranked}) == len(ranked)


def test_a_bonus_outweighs_relevance_by_its_size():
    last = where(CATALOG, kind="kettle")[0]
    bonus = np.zeros(len(CATALOG), dtype=np.float32)
    bonus[last] = 3.0
    evidence = INDEX.attribute_vector("kind", "lamp")[None]
    assert INDEX.rank(evidence, np.ones(1), EVERYTHING, 1, bonus)[0].position == last
    assert INDEX.rank(evidence, np.ones(1), EVERYTHING, 1)[0].position != last


def test_the_prior_trusts_ratings_by_their_votes():
    prior = INDEX.prior
    assert prior.shape == (len(CATALOG),)
    assert prior.min() >= 0
    assert prior.max() <= 1
    five_stars, many = where(CATALOG)[4], where(CATALOG)[5]  # copy 4: 5 stars of 40 votes; copy 0: 1 star, none
    assert prior[five_stars] > prior[0]
    assert prior[many] > prior[0]
    bare = Catalog("bare", ("thing", "things"), (), (Item("a", "a", {}), Item("b", "b", {})))
    assert not build_index(bare, HashingEmbedder(16)).prior.any()


def test_company_brings_items_together_that_text_keeps_apart():
    fields = (Field("kind", "category", role="genre"),)
    items = tuple(Item(str(i), f"{word} {i}", {"kind": word}) for i, word in enumerate(["ash", "oak", "elm"] * 8))
    catalog = Catalog("trees", ("tree", "trees"), fields, items)
    rows = [tuple((at, 1.0) for at in range(start, 24, 4)) for start in (0, 1, 2, 3)] * 6
    apart = build_index(catalog, HashingEmbedder(64)).vectors
    close = build_index(catalog, HashingEmbedder(64), company=[Interactions("walks", rows)]).vectors
    assert close[0] @ close[4] > apart[0] @ apart[4] + 0.2
    assert close[0] @ close[1] < close[0] @ close[4] - 0.2


def test_an_index_comes_back_from_its_folder_as_it_was(tmp_path):
    save_index(INDEX, tmp_path / "shelf")
    back = load_index(tmp_path / "shelf")
    assert back.catalog == CATALOG
    assert np.allclose(back.vectors, INDEX.vectors, atol=1e-3)
    assert back.groups.names == INDEX.groups.names
    assert np.array_equal(back.groups.of_item, INDEX.groups.of_item)
    assert back.terms == INDEX.terms
    assert np.allclose(back.embed("red lamp"), INDEX.embed("red lamp"), atol=1e-2)
    assert not (set(p.suffix for p in (tmp_path / "shelf").iterdir()) - {".json", ".parquet", ".safetensors"})


def test_building_and_saving_again_gives_the_same_bytes(tmp_path):
    save_index(INDEX, tmp_path / "one")
    save_index(build_index(CATALOG, HashingEmbedder(256), seed=3), tmp_path / "two")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


FILES = ("catalog.json", "items.parquet", "vectors.safetensors", "groups.json", "manifest.json")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["missing", "cut", "replaced"])
def test_a_damaged_folder_is_refused_by_the_name_of_the_file(tmp_path, name, harm):
    save_index(INDEX, tmp_path)
    path = tmp_path / name
    content = path.read_bytes()
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(content[: len(content) // 2] if harm == "cut" else b"[]")
    with pytest.raises(IndexFolderError, match=rf"{name}.*chatbot index"):
        load_index(tmp_path)


def test_another_format_and_no_folder_are_refused_with_a_remedy(tmp_path):
    with pytest.raises(IndexFolderError, match=r"no index folder at .*nowhere"):
        load_index(tmp_path / "nowhere")
    save_index(INDEX, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps({**manifest, "format": 99}))
    with pytest.raises(IndexFolderError, match=r"format 99, this version reads 1"):
        load_index(tmp_path)


@pytest.mark.parametrize("size", [0, 1, 2, 5])
def test_tiny_catalogs_can_be_built_saved_and_ranked(tmp_path, size):
    catalog = Catalog("few", ("thing", "things"), shelf().fields, shelf().items[:size])
    save_index(build_index(catalog, HashingEmbedder(16)), tmp_path)
    index = load_index(tmp_path)
    evidence = index.embed("red lamp")[None]
    assert len(index.rank(evidence, np.ones(1), np.ones(size, dtype=bool), 10)) == size
