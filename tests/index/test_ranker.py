"""The learned ranking on dialogues whose rule is known: after a thing of one colour, one of that colour is named."""

import random
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from shelf import COLOURS, KINDS, shelf

from index.aigc import SKETCH
from index.build import build_index
from index.dialogues import Dialogue, Said
from index.embedding import HashingEmbedder
from index.folder import Index, load_index, save_index
from index.ranker.blend import Blend
from index.ranker.fitting import Settings
from index.ranker.net import NetSettings

CATALOG = shelf()
AT = CATALOG.positions
QUICK = Settings(folds=2, nets_per_fold=1, blends=1, net=NetSettings(dimension=16, rate=1e-2, batch=32))
WORD = {"lamp": "bright", "chair": "comfy", "kettle": "boiling"}


def dialogue(colour, kind, order):
    """The user names a thing of the colour and says the word for the kind; the answer has both."""
    other = order.choice([k for k in KINDS if k != kind])
    named = AT[f"{other}-{colour}-{order.randrange(4)}"]
    answer = AT[f"{kind}-{colour}-{order.randrange(4)}"]
    return Dialogue(
        (
            Said(True, f"I like @x, now something {WORD[kind]} please", (named,)),
            Said(False, "What about this?", (answer,)),
        )
    )


@cache
def learned() -> Index:
    order = random.Random(0)
    dialogues = [dialogue(order.choice(COLOURS), order.choice(KINDS), order) for _ in range(400)]
    return build_index(CATALOG, HashingEmbedder(64), dialogues=dialogues, settings=QUICK)


def context(named, text):
    return (Said(True, text, (AT[named],)),)


def best(index, said, k=4):
    scores = index.ranker.scores([said])[0]
    scores[[i for turn in said for i in turn.items]] = -np.inf
    return [CATALOG.items[at].id for at in np.argsort(-scores)[:k]]


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_named_and_what_was_said_both_count(colour, kind):
    other = next(k for k in KINDS if k != kind)
    found = best(learned(), context(f"{other}-{colour}-1", f"something {WORD[kind]} please"))
    assert sum(name.startswith(f"{kind}-{colour}") for name in found) >= 3


def test_a_saved_ranking_is_the_same_after_loading(tmp_path):
    index = learned()
    save_index(index, tmp_path)
    said = context("lamp-red-0", "something comfy please")
    before, after = (which.ranker.scores([said])[0] for which in (index, load_index(tmp_path)))
    np.testing.assert_allclose(before, after, atol=0.05)


def test_without_its_own_terms_the_ranking_is_the_published_sketch():
    index = learned()
    width = len(index.ranker.names)
    nothing = Blend(*np.zeros((2, width)), np.zeros(width), np.zeros((width, 3)), np.zeros(3), np.zeros(3))
    sources = replace(index.ranker.sources, terms=SKETCH)
    plain = replace(index.ranker, blends=[nothing], sources=sources)
    user, of_item = index.vectors[AT["lamp-red-0"]], index.groups.of_item
    groups = np.exp([user @ index.vectors[of_item == g].mean(axis=0) for g in range(of_item.max() + 1)])
    shares = np.exp(index.vectors @ user)
    within = shares / np.bincount(of_item, weights=shares)[of_item]
    expected = (groups / groups.sum())[of_item] * within
    np.testing.assert_allclose(np.exp(plain.scores([context("lamp-red-0", "hello")])[0]), expected, rtol=1e-3)


def test_few_dialogues_teach_nothing():
    order = random.Random(1)
    few = [dialogue("red", "lamp", order) for _ in range(5)]
    assert build_index(CATALOG, HashingEmbedder(64), dialogues=few).ranker is None


@pytest.mark.parametrize("source", ["nets", "company: all", "alike"])
def test_places_count_what_stands_higher_and_leave_what_was_named_to_the_end(source):
    ranker = learned().ranker
    said = context("lamp-red-0", "something comfy please")
    columns = ranker.sources.columns(ranker.reader.read([said]), ranker.facts)
    values, places = columns[source][0], np.expm1(columns[f"rank: {source}"][0])
    named = said[0].items[0]
    fresh = np.delete(values, named)
    for item, value in enumerate(values):
        higher = len(fresh) if item == named else (fresh > value).sum()
        assert places[item] == pytest.approx(higher, abs=1e-3)
