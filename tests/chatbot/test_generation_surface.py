"""Filling slots: values survive, and the sentence around them is right."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.generation.prompts import SLOTS, from_model, prompt, slots_of, to_model
from chatbot.generation.stream import pieces
from chatbot.generation.surface import fill, sentences, stands_verbatim, takes_an

VALUES = st.text(min_size=1, max_size=30) | st.sampled_from(["<title>", "{x}", "a\nb", "**bold**", "\\1", "$5", "Jr."])


@pytest.mark.parametrize(
    ("text", "slots", "expected"),
    [
        ("A <genre> <noun>.", {"genre": "animated", "noun": "film"}, "An animated film."),
        ("It is an <genre> <noun>.", {"genre": "western", "noun": "film"}, "It is a western film."),
        ("A <decade> <noun>.", {"decade": "1980s", "noun": "book"}, "A 1980s book."),
        ("<wish>, then.", {"wish": "comedies from the 1990s"}, "Comedies from the 1990s, then."),
        ("Sure. <wish> it is.", {"wish": "red shoes"}, "Sure. Red shoes it is."),
        ("<title> is here.", {"title": "eXistenZ"}, "eXistenZ is here."),
        ("It stars <performer>.", {"performer": "Robert Downey Jr."}, "It stars Robert Downey Jr."),
        ("You liked <title>.", {"title": "Airplane!"}, "You liked Airplane!"),
        ("You liked <title>?", {"title": "Who's There?"}, "You liked Who's There?"),
        ("<title>, by <creator>.", {"title": "What?", "creator": "X"}, "What?, by X."),
    ],
)
def test_fill_sets_articles_capitals_and_full_stops(text, slots, expected):
    assert fill(text, slots) == expected


@given(st.lists(st.tuples(st.sampled_from(SLOTS), VALUES), min_size=1, max_size=4, unique_by=lambda pair: pair[0]))
def test_every_value_stands_verbatim_whatever_it_holds(pairs):
    slots = dict(pairs)
    text = fill("Here: " + ", ".join(f"<{slot}>" for slot in slots) + ", and so on", slots)
    assert all(stands_verbatim(text, value) for value in slots.values())
    assert text == "Here: " + ", ".join(slots.values()) + ", and so on"


@given(st.text(max_size=80))
def test_pieces_join_to_the_text(text):
    assert "".join(pieces(text)) == text


@given(st.lists(st.sampled_from(["It", "has", ",", "by", "(", "-", *(f"<{s}>" for s in SLOTS)]), max_size=8))
def test_the_models_form_can_be_undone(words):
    text = " ".join(words).replace(" ,", ",").replace("( ", "(").replace("- ", "-")
    assert from_model(to_model(text)) == text


@given(st.sets(st.sampled_from(SLOTS)))
def test_a_prompt_does_not_depend_on_the_order_of_slots(slots):
    there = prompt("ask.genre", sorted(slots), "warm", "any")
    assert there == prompt("ask.genre", sorted(slots, reverse=True), "warm", "any")
    assert set(slots_of(there)) == slots


def test_takes_an_goes_by_sound():
    assert [w for w in ("hour", "apple", "8-bit", "umbrella", "11th", "honest") if not takes_an(w)] == []
    assert [w for w in ("unicorn", "one", "European", "12th", "house", "user", "1980s") if takes_an(w)] == []


@given(st.text(alphabet=string.ascii_letters + " .!?\n", max_size=60))
def test_sentences_lose_no_letter(text):
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
