"""Messages about the fields of a catalog that the code has never heard of: their units, adjectives and questions."""

from functools import cache

import numpy as np
import pytest
from house import TODAY
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.bot import Chatbot
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.writer import load_writer
from chatbot.state import DialogueState, Opinion, Order, Shown, Wish
from chatbot.understanding.lexicon import load_lexicon
from chatbot.understanding.understander import Understander
from index.build import build_index
from index.catalog import Catalog, Field, Item
from index.embedding import HashingEmbedder

FIELDS = (
    Field("kind", "category", role="genre"),
    Field("guide", "category"),
    Field("country", "category"),
    Field("days", "number", integer=True),
    Field("price", "number", role="price"),
    Field("distance_km", "number", unit="km"),
    Field("group_size", "number", integer=True),
    Field("rating", "number", role="rating"),
    Field("guided", "category"),
)
KINDS, GUIDES, COUNTRIES = ("hikes", "rides", "cruises"), ("Ada Brook", "Ben Cole"), ("Norway", "Peru", "Kenya")


@cache
def trips():
    """Twelve trips: trip n lasts n days, costs 100 n, goes 10 n km with n people, and every other one is guided."""
    items = tuple(
        Item(
            f"t{n}",
            f"Journey {name}",
            {
                "kind": KINDS[n % 3],
                "guide": GUIDES[n % 2],
                "country": COUNTRIES[n % 3],
                "days": n,
                "price": 100.0 * n,
                "distance_km": 10.0 * n,
                "group_size": n,
                "rating": 1.0 + n % 5,
                "guided": "yes" if n % 2 else "no",
            },
        )
        for n, name in enumerate(
            ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota", "Kappa", "Lambda", "Omega"],
            start=1,
        )
    )
    return Catalog("trips", ("trip", "trips"), FIELDS, items)


@cache
def understander():
    return Understander(trips(), np.zeros(12, np.float32), load_lexicon("en"), 2026)


@cache
def bot():
    return Chatbot(build_index(trips(), HashingEmbedder()), load_writer("templates", CatalogGuard.of(trips())), TODAY)


def read(text, *shown):
    state = DialogueState().plus([Shown(shown)], 1) if shown else DialogueState()
    return understander().read(text, state)


def meaning(text, *shown):
    """The evidence as short strings: "days<=5", "-kind=hikes", "price low first", "price low"."""
    return {short(e) for e in read(text, *shown).evidence if isinstance(e, (Wish, Opinion, Order))}


def short(evidence):
    if isinstance(evidence, Order):
        return f"{evidence.field} {'high' if evidence.high else 'low'}{' first' if evidence.first else ''}"
    if isinstance(evidence, Opinion):
        return f"{'+' if evidence.liked else '-'}{evidence.field or evidence.item_id}={evidence.value}"
    value = evidence.constraint.value
    return (
        f"{evidence.constraint.field}{evidence.constraint.op}{value:g}"
        if isinstance(value, (int, float))
        else (f"{evidence.constraint.field}{evidence.constraint.op}{value}")
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at most five days", {"days<=5"}),
        ("a trip of 3 days", {"days=3"}),
        ("a 4-day trip", {"days=4"}),
        ("no longer than one week", {"days<=7"}),
        ("something I can do in 4 days", {"days<=4"}),
        ("between 2 and 5 days", {"days>=2", "days<=5"}),
        ("under two hundred and fifty dollars", {"price<250"}),
        ("nothing over 300", {"price<=300"}),
        ("less than 50 km", {"distance_km<50"}),
        ("under 4000 meters", {"distance_km<4"}),
        ("farther than 30 km", {"distance_km>30"}),
        ("group size of at least 4", {"group_size>=4"}),
        ("rated 4 or better", {"rating>=4"}),
        ("4+ stars", {"rating>=4"}),
        ("the cheapest hikes", {"price low first", "kind=hikes"}),
        ("the longest ride", {"days high first", "kind=rides"}),
        ("something short", {"days low"}),
        ("nothing too expensive", {"price low"}),
        ("I don't want anything expensive", {"price low"}),
        ("guided hikes", {"guided=yes", "kind=hikes"}),
        ("not guided", {"-guided=yes"}),
        ("hikes or cruises", {"kindin('hikes', 'cruises')"}),
        ("hikes, rides or cruises", {"kindin('hikes', 'rides', 'cruises')"}),
    ],
)
def test_a_wish_about_any_field_is_understood(text, expected):
    assert meaning(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("something cheaper", "price<500"),
        ("too expensive", "price<500"),
        ("not so long", "days<5"),
        ("longer please", "days>5"),
        ("too short", "days>5"),
        ("a bigger group size", "group_size>5"),
        ("fewer days", "days<5"),
        ("better rated", "rating>1"),
        ("the price is too high", "price<500"),
        ("shorter, three days at most", "days<=3"),
        ("the same guide", "guide=Ben Cole"),
    ],
)
def test_a_critique_is_measured_by_what_is_shown(text, expected):
    assert expected in meaning(text, "t5")
    assert len(meaning(text, "t5")) == 1


def test_what_is_fine_is_no_wish():
    assert meaning("longer is fine", "t5") == set()


@pytest.mark.parametrize(
    ("text", "kind", "field"),
    [
        ("how long is it?", "fact", "days"),
        ("how many days does it take?", "fact", "days"),
        ("how far is it?", "fact", "distance_km"),
        ("what does the first one cost?", "fact", "price"),
        ("who guides it?", "fact", "guide"),
        ("which country is it in?", "fact", "country"),
        ("what's the group size?", "fact", "group_size"),
        ("is it guided?", "has", "guided"),
        ("does it go to Peru?", "has", "country"),
        ("is the first one longer than the second?", "compare", "days"),
        ("which of the two is cheaper?", "compare", "price"),
        ("which has the bigger group size?", "compare", "group_size"),
        ("what countries do you have?", "values", "country"),
        ("how many hikes under 500 dollars do you have?", "count", ""),
    ],
)
def test_a_question_is_about_the_field_that_its_words_name(text, kind, field):
    question = read(text, "t5", "t6").question
    assert question is not None
    assert (question.kind, question.field) == (kind, field)


def test_a_question_for_what_no_field_holds_is_one_too():
    question = read("what's the warranty?", "t5").question
    assert question is not None
    assert (question.kind, question.role, question.items) == ("fact", "warranty", ("t5",))


@settings(deadline=None)  # the first message waits for the classifier
@given(
    st.integers(1, 12), st.sampled_from(["at most {} days", "up to {} days", "{} days or less", "no more than {} days"])
)
def test_one_bound_however_it_is_put(n, pattern):
    assert meaning(pattern.format(n)) == {f"days<={n}"}


def test_an_order_is_the_order_of_the_list():
    turn = bot().start(seed=1).say("the cheapest rides")
    prices = (
        [shown.item.facts["price"] for shown in turn.items]
        if hasattr(turn.items[0], "item")
        else [item["facts"]["price"] for item in turn.to_json()["items"]]
    )
    assert prices == sorted(prices)
    assert prices[0] == min(i.facts["price"] for i in trips().items if i.facts["kind"] == "rides")
    assert "cheapest first" in turn.text


def test_a_leaning_keeps_to_its_end_of_what_is_allowed():
    turn = bot().start(seed=1).say("short hikes").to_json()
    days = sorted(i.facts["days"] for i in trips().items if i.facts["kind"] == "hikes")
    assert {item["facts"]["days"] for item in turn["items"]} <= set(days[:4])


def test_facts_are_answered_with_their_units():
    talk = bot().start(seed=1)
    talk.say("the cheapest rides")
    assert "10 km" in talk.say("how far is the first one?").text
    assert "Ben Cole" in talk.say("who guides it?").text
    assert "Peru" in talk.say("what countries do you have?").text
