"""How questions are put: indirectly, behind or before something else, as statements, to confirm what one thinks."""

import pytest
from house import bot_for

from chatbot.state import DialogueState, Focus, Opinion, Seen, Shown

CATALOG = bot_for("films").index.catalog
SHOWN = DialogueState().plus([Shown(("1", "4", "18"))], 1)  # Alien (1979), Heat (1995), Inception (2010)
IN_FOCUS = SHOWN.plus([Focus("4")], 2)
NEW = DialogueState()


def read(text, state=SHOWN):
    return bot_for("films").understander.read(text, state)


def asked(text, state=SHOWN):
    """What a message asks: kind, field, value and titles."""
    reading = read(text, state)
    assert reading.intent == "question", reading
    question = reading.question
    titles = tuple(CATALOG.item(i).title for i in question.items)
    return question.kind, question.field or question.role, question.value, titles


@pytest.mark.parametrize(
    ("text", "field", "title"),
    [
        ("do you happen to know who directed the second one?", "directors", "Heat"),
        ("hmm, could you tell me when the first one came out", "year", "Alien"),
        ("wait, who plays in the last one", "cast", "Inception"),
        ("I was wondering who directed Get Out", "directors", "Get Out"),
        ("any idea when Rushmore is from?", "year", "Rushmore"),
        ("who is the first one by", "directors", "Alien"),
        ("when was the last one made?", "year", "Inception"),
        ("how many people rated the third one?", "ratings", "Inception"),
    ],
)
def test_a_question_may_be_put_indirectly(text, field, title):
    assert asked(text) == ("fact", field, "", (title,))


@pytest.mark.parametrize(
    ("text", "field", "value", "title"),
    [
        ("wait, is Heat a horror film?", "genres", "horror", "Heat"),
        ("would you call the first one a comedy?", "genres", "comedy", "Alien"),
        ("would the second one be a western?", "genres", "western", "Heat"),
        ("Heat's a thriller, isn't it?", "genres", "thriller", "Heat"),
        ("the last one is a musical?", "genres", "musical", "Inception"),
        ("was Magnolia directed by Michael Mann?", "directors", "Michael Mann", "Magnolia"),
        ("can you tell me whether the second one is a crime film", "genres", "crime", "Heat"),
    ],
)
def test_what_one_thinks_is_put_to_be_confirmed(text, field, value, title):
    assert asked(text) == ("has", field, value, (title,))


@pytest.mark.parametrize(
    "text",
    [
        "tell me more about Heat, sounds good",
        "could I get some more details on Heat?",
        "can you give me a quick summary of the second one",
        "what is Heat about? Never heard of it.",
        "describe the second one to me please",
        "what happens in Heat?",
    ],
)
def test_all_that_is_known_may_be_asked_for(text):
    assert asked(text) == ("about", "", "", ("Heat",))
    assert not [e for e in read(text).evidence if isinstance(e, Opinion)]


def test_the_story_of_what_is_spoken_of_is_all_that_is_known():
    assert asked("what's the plot?", IN_FOCUS)[0] == "about"


@pytest.mark.parametrize(
    "text",
    [
        "is Toy Story in your catalogue?",
        "do you guys have Toy Story?",
        "you don't happen to have Toy Story, do you?",
        "is Toy Story something you offer?",
    ],
)
def test_whether_something_is_there(text):
    assert asked(text, NEW) == ("have", "", "", ("Toy Story",))


def test_what_is_to_be_chosen_from_may_stand_first():
    assert asked("between the first two, which is newer?")[3] == ("Alien", "Heat")
    assert asked("which of these is rated highest?")[1] == "rating"


def test_a_message_may_tell_and_ask():
    reading = read("Loved Alien! Who directed Heat though?")
    assert reading.question.items == ("4",)
    assert [e.item_id for e in reading.evidence if isinstance(e, Opinion) and e.liked] == ["1"]
    reading = read("seen the first two already, who is in the third?")
    assert reading.question.items == ("18",)
    assert {e.item_id for e in reading.evidence if isinstance(e, Seen)} == {"1", "4"}


def test_a_name_before_its_question_is_no_opinion():
    reading = read("the second one, who directed it?")
    assert reading.question.items == ("4",)
    assert not [e for e in reading.evidence if isinstance(e, Opinion)]


@pytest.mark.parametrize(
    "text", ["what have you got me down for?", "can you sum up what I told you so far", "what filters are on?"]
)
def test_what_is_believed_may_be_asked_for(text):
    assert asked(text)[0] == "profile"
