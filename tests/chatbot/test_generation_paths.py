"""Paths: a draw is a way through our own lines, with few changes between them and no dead ends."""

import random

import pytest

from chatbot.generation.paths import CHANGES, Paths
from chatbot.generation.prompts import END, Example, from_model, slots_of
from chatbot.generation.tokens import train_tokenizer

LINES = [
    ("reason.facts", "It is a fine old <noun> by <creator>."),
    ("reason.facts", "Here you have a fine old <noun>, as they say."),
    ("reason.facts", "This was a fine old <noun> from <year>."),
    ("reason.wanted", "You asked for <genre>, and there it is."),
    ("bye", "Goodbye."),
]


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer([text for _, text in LINES], 500)


@pytest.fixture(scope="module")
def paths(tokenizer):
    return Paths(tokenizer, [Example(topic, slots_of(text), text) for topic, text in LINES])


def ids(tokenizer, slots):
    return {tokenizer.token_to_id(f"<{slot}>") for slot in slots}


def walks(paths, tokenizer, topic, slots, count=60):
    """Finished texts of random walks; None for one that finds no way on."""
    end, rng, texts = tokenizer.token_to_id(END), random.Random(1), set()
    for _ in range(count):
        path, written = paths.start(topic, ids(tokenizer, slots), rng), []
        while written[-1:] != [end]:
            ways = sorted(paths.next(path))
            if not ways:
                texts.add(None)
                break
            written.append(rng.choice(ways))
            assert path.changes <= CHANGES
            path = paths.go(path, written[-1])
        else:
            texts.add(from_model(tokenizer.decode(written[:-1], skip_special_tokens=False)))
    return texts


def test_a_line_that_says_it_all_is_a_way(paths, tokenizer):
    assert "It is a fine old <noun> by <creator>." in walks(paths, tokenizer, "reason.facts", ["noun", "creator"])


def test_a_draw_can_change_to_another_line_that_has_the_same_words(paths, tokenizer):
    texts = walks(paths, tokenizer, "reason.facts", ["noun", "year"])
    assert texts - {None} == {
        "This was a fine old <noun> from <year>.",
        "Here you have a fine old <noun> from <year>.",
    }


def test_every_end_has_all_the_slots_and_no_other(paths, tokenizer):
    for slots in (["noun", "creator"], ["noun", "year"]):
        assert all(set(slots_of(text)) == set(slots) for text in walks(paths, tokenizer, "reason.facts", slots) if text)


def test_slots_that_no_line_combines_lead_nowhere_and_end(paths, tokenizer):
    assert walks(paths, tokenizer, "reason.facts", ["price"]) == {None}


def test_a_draw_starts_with_a_line_of_its_own_topic(paths, tokenizer):
    assert walks(paths, tokenizer, "bye", []) == {"Goodbye."}
    assert walks(paths, tokenizer, "reason.wanted", ["genre"]) == {"You asked for <genre>, and there it is."}


def test_a_topic_without_lines_is_free(paths):
    assert paths.start("unheard", set(), random.Random(0)) is None
