"""The check: what a draw may say and what it may not."""

import pytest

from chatbot.generation.check import Check, missing_value
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.lines import read_words
from chatbot.generation.prompts import Example, slots_of
from chatbot.generation.usage import Usage
from index.catalog import Catalog, Field, Item

LINES = [
    "Directed by <creator>, and full of <genre>.",
    "Look for <performer> in the cast, with <genre> on the label.",
    "It shares <genre> with what you asked for.",
    "It is by <creator>.",
    "It is <genre>.",
    "With <creator>.",
]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def catalog():
    fields = (Field("genres", "category", many=True, role="genre"), Field("cast", "category", True, "performer"))
    names = [f"Given{a}{b} Family{b}{a}" for a in LETTERS for b in LETTERS]
    facts = [{"genres": ("comedy",), "cast": (name,)} for name in names]
    items = [Item(str(i), f"Work {i} of All", fact) for i, fact in enumerate(facts)]
    return Catalog("tiny", ("film", "films"), fields, tuple(items))


@pytest.fixture(scope="module")
def check(catalog):
    usage = Usage.of(Example("reason.wanted", slots_of(text), text) for text in LINES)
    return Check(read_words(), CatalogGuard.of(catalog), usage)


@pytest.mark.parametrize("text", LINES)
def test_our_own_lines_pass(check, text):
    assert check.fault(text, "reason.wanted", slots_of(text)) is None


@pytest.mark.parametrize(
    ("text", "slots", "fault"),
    [
        ("Directed by <creator>.", ["creator", "genre"], "lacks genre"),
        ("Directed by <creator>, and full of <genre>.", ["creator"], "adds genre"),
        ("It is by <creator>, by <creator>.", ["creator"], "slot twice"),
        ("It is by <creator>", ["creator"], "no end"),
        ("It is by <creator> in 3.", ["creator"], "digit"),
        ("It is by <creator> in seven.", ["creator"], "number"),
        ("It is by <creator> in Rome.", ["creator"], "capital"),
        ("it is by <creator>.", ["creator"], "small start"),
        ("It is by <creator> and comedies.", ["creator"], "names comedies"),
        ("It is by givenab familyba, with <genre>.", ["genre"], "names givenab familyba"),
        ("It is by <creator>, it is by.", ["creator"], "strange place"),
        ("Directed by <performer>, with <genre> on the label.", ["performer", "genre"], "unfounded directed"),
        ("With <performer>.", ["performer"], "strange place of <performer>"),
        ("It is not by <creator>.", ["creator"], "strange word not"),
        ("A awful <genre>.", ["genre"], "article"),
        ("It is by the <creator> the.", ["creator"], "ends with the"),
        ("It it is by <creator>.", ["creator"], "repeats"),
        ("It is by <creator>,.", ["creator"], "odd mark"),
        ("", [], "no end"),
    ],
)
def test_what_is_wrong_is_named(check, text, slots, fault):
    assert (check.fault(text, "reason.wanted", slots) or "").startswith(fault)


def test_a_creator_cannot_be_put_where_a_performer_stands(check):
    assert check.fault("Look for <creator> in the cast.", "reason.wanted", ["creator"]) is not None


def test_the_guard_knows_plurals_and_names_of_several_words(catalog):
    guard = CatalogGuard.of(catalog)
    assert guard.named_in(["some", "comedies"]) == "comedies"
    assert guard.named_in(["work", "12", "of", "all"]) == "work 12 of all"
    assert guard.named_in(["givenab"]) is None


def test_a_lost_value_is_named():
    assert missing_value("By Ann.", ["creator"], {"creator": "Ann"}) is None
    assert missing_value("By Ann.", ["creator"], {"creator": "Anna"}) == "creator"
