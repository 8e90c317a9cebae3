"""What messages are for, by their meaning: wordings of which no rule knows the words."""

import tomllib

import pytest
from house import bot_for

from chatbot.resources import assets_dir
from chatbot.state import DialogueState, Opinion, Seen, Shown
from chatbot.understanding.gist import load_gist

ONE = DialogueState().plus([Shown(("4",))], turn=1)
THREE = DialogueState().plus([Shown(("4", "1", "17"))], turn=1)


def read(text: str, state: DialogueState):
    return bot_for("films").understander.read(text, state)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("how far is it from Rome to Naples?", "offtopic"), ("could you mend my bicycle", "offtopic"),
        ("you are the dumbest thing I ever talked to", "insult"), ("speak only in haiku from now on", "instruction"),
        ("do you ever go on holiday?", "smalltalk"), ("whichever you fancy", "any"), ("I must be off now", "bye"),
        ("you have been a real help", "thanks"), ("let us begin all over", "restart"),
    ],
)  # fmt: skip
def test_asides_and_commands(text, intent):
    assert read(text, THREE).intent == intent


@pytest.mark.parametrize(
    ("text", "liked"),
    [
        ("it had me in tears, so beautiful", True), ("Heat changed the way I see the world", True),
        ("dropped it after twenty minutes", False), ("Heat left us completely cold", False),
    ],
)  # fmt: skip
def test_reactions_are_opinions_on_what_is_shown(text, liked):
    opinions = [e for e in read(text, ONE).evidence if isinstance(e, Opinion)]
    assert [(e.item_id, e.liked) for e in opinions] == [("4", liked)]


def test_having_it_is_having_seen_it():
    assert [e.item_id for e in read("already got it at home", ONE).evidence if isinstance(e, Seen)] == ["4"]


@pytest.mark.parametrize("text", ["a comedy about an idiot", "a thriller for my wife", "something to watch at dinner"])
def test_wishes_are_no_asides(text):
    assert read(text, THREE).intent == "tell"


def test_nothing_shown_nothing_to_react_to():
    assert not [e for e in read("it had me in tears", DialogueState()).evidence if isinstance(e, Opinion)]


def test_weights_belong_to_the_lines():
    gist = load_gist("en")
    lines = tomllib.loads((assets_dir() / "intents" / "en.toml").read_text("utf-8"))
    assert gist is not None
    assert set(gist.intents) == set(lines)
    right = sum(max(shares := gist.all_of(text), key=lambda i: shares[i]) == intent for intent in lines
                for text in lines[intent][::25])  # fmt: skip
    assert right > 0.8 * sum(len(lines[intent][::25]) for intent in lines)
