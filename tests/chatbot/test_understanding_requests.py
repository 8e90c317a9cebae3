"""Wishes in words of their own: which words describe what is wanted, and which only tell of the speaker."""

import pytest
from house import bot_for

from chatbot.state import DialogueState, Request

FRAMES = [
    "something {}",
    "I want something {}, please",
    "do you have anything {}?",
    "a {} film would be nice",
    "I'm in the mood for {}",
    "I'd love a really {} movie for tonight",
    "We had a long week. Something {} would be good",
]


def requests(text):
    """What is asked for in words of its own, with a minus before what is not wanted."""
    evidence = bot_for("films").understander.read(text, DialogueState()).evidence
    return [("" if e.liked else "-") + e.text for e in evidence if isinstance(e, Request)]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("words", ["bleak", "cosy", "bleak and wintry"])
def test_a_description_is_taken_from_any_frame(frame, words):
    assert requests(frame.format(words)) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "Hey, I'm a bit bored today, what would you suggest?",
        "My friends are coming over and we'd like a comedy",
        "it has been a long week and I think I'd enjoy a drama",
        "I should add that I want a comedy",
        "the popcorn is ready, so give us a horror film",
    ],
)
def test_talk_about_oneself_is_no_wish(text):
    assert requests(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("slow and eerie", ["slow and eerie"]),
        ("a gritty drama", ["gritty"]),
        ("a drama with a shattering end", ["shattering end"]),
        ("a movie that feels unreal", ["feels unreal"]),
        ("nothing too gory", ["-gory"]),
        ("a bleak comedy but nothing preachy", ["bleak", "-preachy"]),
    ],
)
def test_descriptions_stand_beside_what_they_describe(text, expected):
    assert requests(text) == expected
