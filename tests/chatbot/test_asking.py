"""Questions: which is worth most, when one is put, and that every choice is understood."""

import random
from types import SimpleNamespace

import numpy as np
import pytest
from house import TODAY, bot_for, talk

from chatbot import Chatbot
from chatbot.asking import STRATEGIES
from chatbot.asking.examples import worth_of_example
from chatbot.asking.posterior import Posterior, Ranking
from chatbot.asking.queries import LIKED
from chatbot.asking.worth import worth_of_lists
from chatbot.errors import ActionError
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.writer import load_writer
from chatbot.state import Asked, DialogueState, Wish
from index.build import build_index
from index.catalog import Catalog, Field, Item, fold
from index.constraints import Constraint
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


@pytest.mark.parametrize("opening", ["hello", "recommend me something"])
def test_a_choice_may_be_counted_off_or_said_with_a_word_more(opening):
    choices = bot_for("films").start(3).say(opening).choices
    assert len(choices) >= 2
    for place, said in enumerate(("the first one", "the second one")):
        conversation = bot_for("films").start(3)
        conversation.say(opening)
        conversation.say(said)
        chosen = [str(value) for wish in conversation.state.wishes for value in wish.constraint.values]
        assert chosen == [fold(choices[place])]


def test_what_no_choice_says_is_read_as_it_stands():
    conversation = bot_for("films").start(3)
    choices = conversation.say("recommend me something").choices
    conversation.say(f"{choices[0]} from the 90s, no {choices[1]}")
    assert choices[1] in {fold(opinion.value) for opinion in conversation.state.opinions(liked=False)}
    assert any(wish.constraint.field == "year" for wish in conversation.state.wishes)


def test_who_never_asks_puts_no_question():
    conversation = bot_for("films").asking("never").start(1)
    for said in ("hi", "recommend me something", "more", "none of these", "none of these"):
        assert conversation.say(said).act != "ask"
    assert conversation.state.asked == ()


@pytest.mark.parametrize("strategy", ["entropy", "order", "random"])
def test_the_published_strategies_ask_twice_before_the_first_list_and_after_two_refused_ones(strategy):
    conversation = bot_for("films").asking(strategy).start(1)
    said = ("something from after 1970", "I don't care", "I don't care", "none of these", "none of these")
    acts = [conversation.say(text).act for text in said]
    assert acts == ["ask", "ask", "recommend", "recommend", "ask"]


def test_ours_answers_a_first_wish_with_a_list():
    for wish in ("something from after 1970", "a comedy", "I loved Alien"):
        assert bot_for("films").start(1).say(wish).act == "recommend"


def test_an_example_is_asked_for_once_and_only_under_a_list(lamps):
    conversation = lamps.start(1)
    turns = [conversation.say(text) for text in ("surprise me", "more", "more", "more", "more")]
    assert conversation.state.asked.count(LIKED) == 1
    turn = next(t for t, asked in zip(turns, _asked_by_turn(conversation), strict=False) if LIKED in asked)
    assert turn.act == "recommend"
    assert turn.items


def test_no_example_is_asked_for_where_one_was_given():
    conversation = talk()
    for text in ("I loved Alien", "more", "none of these", "more"):
        conversation.say(text)
    assert LIKED not in conversation.state.asked


def _asked_by_turn(conversation):
    asked = conversation.state.of(Asked)
    return [[a.topic for a in asked if a.turn == turn.turn] for turn in conversation.turns]


def test_an_example_is_worth_most_where_like_items_stand_together():
    """Two clusters of vectors: naming one of a cluster leaves the other cluster's items behind."""
    rng = np.random.default_rng(0)
    tight = np.repeat(np.eye(2, 8), 20, axis=0) + 0.01 * rng.normal(size=(40, 8))
    loose = rng.normal(size=(40, 8))
    even = Posterior(np.arange(40), np.full(40, 1 / 40))
    worth = [
        worth_of_example(SimpleNamespace(vectors=v / np.linalg.norm(v, axis=1, keepdims=True)), even, 4)
        for v in (tight, loose)
    ]
    assert worth_of_lists(even.chances, 4) < worth[0] <= 1.0
    assert worth_of_lists(even.chances, 4) < worth[1] <= 1.0


def test_what_is_told_is_weighed_anew_though_the_ranking_is_kept():
    asker = bot_for("films").policy._asker
    ranking = Ranking(asker._recommender)
    drama, comedy = (DialogueState((Wish(Constraint("genres", "=", g), turn=1),)) for g in ("drama", "comedy"))
    first = [ranking.posterior(s, asker._recommender.allowed(s)) for s in (drama, comedy, drama)]
    assert list(first[0].places) == list(first[2].places) != list(first[1].places)
    assert first[0].chances.sum() == pytest.approx(1.0)
    fewer = asker._recommender.allowed(drama)
    fewer[first[0].places[0]] = False
    assert first[0].places[0] not in ranking.posterior(drama, fewer).places


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
