"""What a catalog has not: things of other kinds, wishes that no field holds, and other words for a kind."""

import pytest
from house import bot_for, talk

from chatbot.state import DialogueState, Request, Wish

NEW = DialogueState()


def read(text, name="shop"):
    return bot_for(name).understander.read(text, NEW)


def wishes(reading):
    return {(e.constraint.field, e.constraint.value) for e in reading.evidence if isinstance(e, Wish)}


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("do you sell umbrellas?", "umbrellas"),
        ("I need a new bicycle", "bicycle"),
        ("looking for a sofa for the living room", "sofa"),
        ("any dishwashers?", "dishwashers"),
    ],
)
def test_a_thing_of_another_kind_is_not_there(text, thing):
    reading = read(text)
    assert (reading.unknown, reading.kinds, reading.evidence) == (thing, "category", ())


def test_the_kinds_that_are_there_are_named_instead():
    turn = talk("shop").say("do you sell umbrellas?")
    assert turn.act == "answer"
    assert all(word in turn.text for word in ("umbrellas", "sneakers", "lamps", "backpacks"))
    assert not turn.state["likes"]
    assert not turn.state["constraints"]


def test_a_word_that_means_nearly_the_same_stands_for_a_kind():
    assert wishes(read("I'm looking for a rucksack")) == {("category", "backpacks")}


@pytest.mark.parametrize(
    "text", ["I need a gift", "a cheaper one", "something warm", "any ideas?", "I want good quality", "new sneakers"]
)
def test_words_that_name_no_kind_are_none(text):
    assert not read(text).unknown


@pytest.mark.parametrize(
    ("text", "name", "about"),
    [
        ("a korean film", "films", "tongue"),
        ("something in Welsh", "films", "tongue"),
        ("a comedy under two hours", "films", "duration"),
        ("a comedy, not too long", "films", "duration"),
        ("something shorter", "films", "duration"),
        ("something cheaper", "films", "price"),
        ("a comedy on netflix", "films", "streaming"),
        ("sneakers in size 42", "shop", "sizes"),
        ("something with free shipping", "shop", "delivery"),
    ],
)
def test_a_wish_that_no_field_holds_is_said_to_stay_open(text, name, about):
    reading = read(text, name)
    assert reading.unkept == (about,)
    assert not [e for e in reading.evidence if isinstance(e, Request)]
    said = bot_for(name).wording.role_name(about)
    assert said in talk(name).say(text).text


def test_the_rest_of_such_a_message_counts():
    turn = talk("films").say("a comedy under two hours")
    assert turn.act == "recommend"
    assert all("comedy" in item.facts["genres"] for item in turn.items)
    assert [c["field"] for c in turn.state["constraints"]] == ["genres"]  # two hours are no rating of two
