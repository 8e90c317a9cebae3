"""A catalog of games: people and ages that lie between two fields, and fields of yes and no by their nouns."""

from functools import cache

import numpy as np
import pytest
from house import TODAY

from chatbot.state import DialogueState, Shown, Wish
from chatbot.understanding.lexicon import load_lexicon
from chatbot.understanding.understander import Understander
from index.catalog import Catalog, Field, Item

FIELDS = (
    Field("theme", "category", role="keyword"),
    Field("min_players", "number", integer=True),
    Field("max_players", "number", integer=True),
    Field("min_age", "number", integer=True),
    Field("word_count", "number", integer=True),
    Field("pets_allowed", "category"),
)


@cache
def understander():
    """Six games: game n is for n to n + 2 players from the age of 2 n on, and every other one allows pets."""
    items = tuple(
        Item(
            f"g{n}",
            f"Quest {name}",
            {
                "theme": ("space", "pirates")[n % 2],
                "min_players": n,
                "max_players": n + 2,
                "min_age": 2 * n,
                "word_count": 100 * n,
                "pets_allowed": "yes" if n % 2 else "no",
            },
        )
        for n, name in enumerate(["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"], start=1)
    )
    catalog = Catalog("games", ("game", "games"), FIELDS, items)
    return Understander(catalog, np.full(len(items), 0.5), load_lexicon("en"), TODAY.year)


SHOWN = DialogueState().plus([Shown(("g1", "g2", "g3"))], 1)


NEW = DialogueState()


def wishes(text, state=NEW):
    found = [e.constraint for e in understander().read(text, state).evidence if isinstance(e, Wish)]
    return {(c.field, c.op, c.value) for c in found}


def both(number):
    return {("min_players", "<=", number), ("max_players", ">=", number)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a game for 4 players", both(4)),
        ("we are five people tonight", both(5)),
        ("there are three of us, any pirates game?", both(3)),
        ("something I can play alone", {("min_players", "<=", 1)}),
        ("something for up to 6 players", {("max_players", ">=", 6)}),
        ("games for more than 4 people", {("max_players", ">", 4)}),
        ("something for my 8 year old", {("min_age", "<=", 8)}),
        ("a game for kids aged six", {("min_age", "<=", 6)}),
        ("no more than 300 words", {("word_count", "<=", 300)}),
        ("a pet friendly one", {("pets_allowed", "=", "yes")}),
        ("pets have to be allowed", {("pets_allowed", "=", "yes")}),
    ],
)
def test_a_thing_must_be_fit_for_that(text, expected):
    assert expected <= wishes(text)
    assert {f for f, _, _ in wishes(text)} <= {f for f, _, _ in expected}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("how many players can play the second one?", "max_players"),
        ("what age is the second one for?", "min_age"),
        ("how many words does the second have?", "word_count"),
        ("are pets allowed in the second one?", "pets_allowed"),
    ],
)
def test_the_noun_of_a_field_asks_for_it(text, field):
    question = understander().read(text, SHOWN).question
    assert question is not None
    assert (question.field, question.items) == (field, ("g2",))
