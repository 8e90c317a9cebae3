"""Questions: which is worth most, when one is put, and that every choice is understood."""

import random

import numpy as np
import pytest
from house import TODAY, bot_for, talk

from chatbot import Chatbot
from chatbot.asking import STRATEGIES
from chatbot.asking.strategies import worth_of_lists
from chatbot.errors import ActionError
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.writer import load_writer
from index.build import build_index
from index.catalog import Catalog, Field, Item, fold
from index.embedding import HashingEmbedder

FIELDS = (
    Field("finish", "category"),  # nearly all are matt: tells next to nothing
    Field("material", "category"),  # four kinds, each of as many
    Field("width", "number", role=None),
    Field("reviews", "number", role="votes", integer=True),
)


@pytest.fixture(scope="module")
def lamps() -> Chatbot:
    """Forty lamps whose material splits them evenly and whose finish does not."""
    items = tuple(
        Item(
            f"l{n}",
            f"Lamp {chr(65 + n // 20)}{n}",
            {
                "finish": "glossy" if n == 7 else "matt",
                "material": ("brass", "oak", "linen", "paper")[n % 4],
                "width": 10.0 + n,
                "reviews": 100,
            },
        )
        for n in range(40)
    )
    catalog = Catalog("lamps", ("lamp", "lamps"), FIELDS, items)
    index = build_index(catalog, HashingEmbedder())
    return Chatbot(index, load_writer("templates", CatalogGuard.of(catalog)), TODAY)


def test_lists_are_worth_all_where_the_first_list_holds_it_and_less_the_later_it_comes():
    sure, later = np.eye(12)[0], np.eye(12)[11]
    assert worth_of_lists(sure, 4) == 1.0
    assert 0 < worth_of_lists(later, 4) < worth_of_lists(np.eye(12)[4], 4) < 1.0


@pytest.mark.parametrize("strategy", ["gain", "entropy"])
def test_the_question_is_about_what_tells_most(lamps, strategy):
    turn = lamps.asking(strategy).start(1).say("recommend me something")
    assert turn.act == "ask"
    assert set(turn.choices) == {"brass", "oak", "linen", "paper"}
    assert "material" in turn.text.lower()  # a field without a role is called by its name
    assert all(choice in turn.text for choice in turn.choices)


def test_an_answer_to_a_field_without_a_role_is_a_wish(lamps):
    conversation = lamps.start(1)
    chosen = conversation.say("recommend me something").choices[0]
    turn = conversation.say(chosen)
    while turn.act == "ask":
        turn = conversation.say("I don't care")
    assert all(fold(item.facts["material"]) == chosen for item in turn.items)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("name", ["films", "shop"])
def test_no_field_is_asked_about_twice_nor_one_that_is_spoken_of(strategy, name):
    bot = bot_for(name).asking(strategy)
    rng = random.Random(4)
    for seed in range(6):
        conversation = bot.start(seed)
        turn = conversation.say("recommend me something")
        for _ in range(6):
            spoken = {wish.constraint.field for wish in conversation.state.wishes}
            said = rng.choice([*turn.choices, "I don't care", "more", "none of these"])
            before = conversation.state.asked
            turn = conversation.say(said)
            new = conversation.state.asked[len(before) :]
            assert not set(new) & ({*before, *spoken} - {"relax", "which"})


@pytest.mark.parametrize("strategy", [name for name in STRATEGIES if name != "never"])
@pytest.mark.parametrize("name", ["films", "shop"])
def test_every_choice_is_understood_as_a_value_of_what_was_asked(strategy, name):
    bot = bot_for(name).asking(strategy)
    for choice in bot.start(2).say("recommend me something").choices:
        conversation = bot.start(2)
        conversation.say("recommend me something")
        field = conversation.state.asked[-1]
        conversation.say(choice)
        fields = {w.constraint.field for w in conversation.state.wishes}
        fields |= {o.field for o in conversation.state.opinions(liked=True)}
        assert field in fields, choice


def test_who_never_asks_puts_no_question():
    conversation = bot_for("films").asking("never").start(1)
    for said in ("hi", "recommend me something", "more", "none of these", "none of these"):
        assert conversation.say(said).act != "ask"
    assert conversation.state.asked == ()


def test_a_question_replaces_a_list_only_where_two_were_refused():
    conversation = bot_for("films").asking("entropy").start(1)
    assert conversation.say("something from after 1970").act == "recommend"
    assert conversation.say("none of these").act == "recommend"
    assert conversation.say("none of these").act == "ask"


def test_whoever_leaves_the_choice_to_the_bot_is_not_asked_again():
    conversation = talk()
    assert conversation.say("recommend me something").act == "ask"
    assert conversation.say("surprise me").act == "recommend"


def test_a_greeting_brings_a_question_and_a_later_one_does_not():
    conversation = talk()
    assert conversation.say("hello").act == "greet"
    asked = conversation.state.asked
    assert len(asked) == 1
    conversation.say("a comedy")
    assert conversation.say("hello").act == "greet"
    assert conversation.state.asked == asked


def test_numbers_of_which_everybody_wants_more_are_no_question():
    for name in ("films", "shop"):
        asked = bot_for(name).policy._asker._questionnaire.by_name
        assert not {"rating", "ratings", "popularity", "stars"} & set(asked)


def test_a_strategy_that_there_is_not_is_told_of():
    with pytest.raises(ActionError, match=r"gain.*never"):
        bot_for("films").asking("guess")
