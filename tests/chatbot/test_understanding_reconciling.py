"""A value that one message wants by its name and refuses in another word, or the other way round."""

import pytest
from house import bot_for

from chatbot.state import DialogueState, Opinion, Request, Wish


def read(text):
    evidence = bot_for("films").understander.read(text, DialogueState()).evidence
    wishes = {e.constraint.value for e in evidence if isinstance(e, Wish)}
    refused = {e.value for e in evidence if isinstance(e, Opinion) and not e.liked}
    return wishes, refused, {(e.text, e.liked) for e in evidence if isinstance(e, Request)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a comedy, but not too funny", ({"comedy"}, set(), {("funny", False)})),
        ("comedies, nothing hilarious", ({"comedy"}, set(), {("hilarious", False)})),
        ("something funny but not a comedy", (set(), {"comedy"}, {("funny", True)})),
        ("no comedy", (set(), {"comedy"}, set())),
    ],
)
def test_the_name_counts_and_the_other_word_is_taken_for_itself(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize("text", ["a comedy without gore from the 90s", "a comedy, nothing preachy from the 90s"])
def test_a_time_behind_what_is_refused_in_free_words_is_wished_for(text):
    evidence = bot_for("films").understander.read(text, DialogueState()).evidence
    bounds = {(e.constraint.op, e.constraint.value) for e in evidence if isinstance(e, Wish)}
    assert {(">=", 1990), ("<=", 1999)} <= bounds
