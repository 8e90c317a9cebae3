"""What is said relative to what was shown or believed: amounts and shares, sameness, scales, descriptions, drops."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.state import Asked, DialogueState, Focus, Opinion, Seen, Shown, Wish
from chatbot.understanding.lexicon import load_lexicon
from chatbot.understanding.understander import Understander
from index.catalog import Catalog, Field, Item
from index.constraints import Constraint

FIELDS = (
    Field("kind", "category", role="genre"),
    Field("maker", "category", role="creator"),
    Field("level", "category"),
    Field("color", "category"),
    Field("price", "number", role="price"),
    Field("year", "number", role="year", integer=True),
    Field("weight_g", "number", integer=True),
    Field("washable", "category"),
)
ROWS = (
    ("a", "Alpine Dream", "puzzles", "Ann Lee", "easy", "red", 40.0, 1995, 200, "yes"),
    ("b", "Bright Harbour", "puzzles", "Bo Kim", "medium", "blue", 80.0, 2005, 400, "no"),
    ("c", "Crystal Valley", "kites", "Cy Roe", "hard", "green", 120.0, 2015, 600, "no"),
    ("d", "Dusty Meadow", "games", "Ann Lee", "hard", "red", 160.0, 2020, 900, "yes"),
)


@cache
def understander():
    items = tuple(Item(i, title, dict(zip((f.name for f in FIELDS), facts, strict=True))) for i, title, *facts in ROWS)
    catalog = Catalog("toys", ("toy", "toys"), FIELDS, items)
    return Understander(catalog, np.ones(len(items), np.float32), load_lexicon("en"), 2026)


def after(*shown, believed=(), focus=""):
    state = DialogueState().plus(believed, 1).plus([Shown(shown)] if shown else [], 1)
    return state.plus([Focus(focus)] if focus else [], 2)


def meaning(text, state):
    """The evidence as short strings: "price<=60", "level in easy|medium", "-maker=Ann Lee", "+a", "seen b"."""
    return {short(e) for e in understander().read(text, state).evidence if isinstance(e, Wish | Opinion | Seen)}


def short(evidence):
    if isinstance(evidence, Seen):
        return f"seen {evidence.item_id}"
    if isinstance(evidence, Opinion):
        what = evidence.item_id or f"{evidence.field}={evidence.value}"
        return f"{'+' if evidence.liked else '-'}{what}"
    constraint = evidence.constraint
    if constraint.op == "in":
        return f"{constraint.field} in {'|'.join(map(str, constraint.values))}"
    value = constraint.value
    return (
        f"{constraint.field}{constraint.op}{value:g}" if not isinstance(value, str) else f"{constraint.field}={value}"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20 dollars cheaper please", {"price<=60"}),
        ("at least ten years newer", {"year>=2015"}),
        ("cheaper by at least 30", {"price<=50"}),
        ("no more than 20 dollars more expensive", {"price>80", "price<=100"}),
        ("100 grams lighter", {"weight_g<=300"}),
        ("half the price", {"price<=40"}),
        ("anything for a quarter of that?", {"price<=20"}),
        ("25% cheaper", {"price<=60"}),
        ("at most twice as heavy", {"weight_g<=800"}),
        ("a few years older, but no earlier than 1990", {"year<2005", "year>=1990"}),
        ("half a century older", {"year<=1955"}),
        ("from the same decade", {"year>=2000", "year<=2009"}),
        ("from the same year", {"year=2005"}),
    ],
)
def test_a_number_is_told_against_that_of_the_item_shown(text, expected):
    assert meaning(text, after("b")) == expected


@given(st.integers(1, 79), st.sampled_from(["{} dollars cheaper", "at least {} dollars less", "cheaper by {} dollars"]))
def test_any_amount_is_taken_off(amount, text):
    assert meaning(text.format(amount), after("b")) == {f"price<={80 - amount:g}"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cheaper than all of these", {"price<40"}),
        ("newer than any of those", {"year>2015"}),
        ("it should predate all three of them", {"year<1995"}),
        ("something between these in price", {"price>40", "price<120"}),
        ("heavier than the second", {"weight_g>400"}),
    ],
)
def test_a_number_is_told_against_those_of_a_list(text, expected):
    assert meaning(text, after("a", "b", "c")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("another one by her", {"maker=Ann Lee"}),
        ("by someone else please", {"-maker=Ann Lee"}),
        ("nothing by the same guy", {"-maker=Ann Lee"}),
        ("same maker, other colour", {"maker=Ann Lee", "-color=red"}),
        ("could we go with a different maker this time?", {"-maker=Ann Lee"}),
        ("not in the same color", {"-color=red"}),
    ],
)
def test_what_the_item_shown_has_is_wished_or_turned_away(text, expected):
    assert meaning(text, after("a")) == expected


@pytest.mark.parametrize(
    ("shown", "text", "expected"),
    [
        ("c", "easier please", {"level in easy|medium"}),
        ("c", "too hard for me", {"level in easy|medium"}),
        ("c", "one level down", {"level=medium"}),
        ("a", "something more challenging", {"level in medium|hard"}),
        ("a", "a harder one than this", {"level in medium|hard"}),
        ("b", "not as difficult", {"level=easy"}),
        ("", "nothing too hard", {"level in easy|medium"}),
        ("", "for a complete novice", {"level=easy"}),
        ("", "the simplest one", {"level=easy"}),
    ],
)
def test_values_that_have_an_order_are_compared(shown, text, expected):
    assert meaning(text, after(*shown)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the blue one was great", {"+b"}),
        ("loved the one from the 90s", {"+a"}),
        ("I own the one that isn't red or green", {"seen b"}),
        ("the Roe is ugly", {"-c"}),
        ("both the red ones are lovely", {"+a", "+d"}),
        ("seen all of them except Bright Harbour", {"seen a", "seen c", "seen d"}),
        ("I hated the cheaper of the two", {"-a"}),
        ("the kite looks nice", {"+c"}),
        ("I've had the blue one that isn't washable", {"seen b"}),
    ],
)
def test_a_description_points_at_what_it_is_true_of(text, expected):
    assert meaning(text, after("a", "b", "c", "d")) == expected


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("not that one, the other one", "b"),
        ("not the first, the second", "b"),
        ("I'd rather have the cheapest", "a"),
        ("the washable one please", "a"),
        ("neither of the first two, I'll take the third", None),
        ("the second I'll take", "b"),
    ],
)
def test_one_of_the_list_is_taken(text, chosen):
    reading = understander().read(text, after("a", "b", focus="a"))
    assert (reading.intent == "take") == (chosen is not None)
    if chosen:
        assert short(reading.evidence[0]) == f"+{chosen}"


BELIEVED = (
    Wish(Constraint("kind", "=", "puzzles")),
    Wish(Constraint("price", "<=", 50)),
    Wish(Constraint("maker", "=", "Ann Lee")),
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("drop everything except the maker", {"maker=Ann Lee"}),
        ("keep the rest but lose the puzzles part", {"price<=50", "maker=Ann Lee"}),
        ("I never asked for puzzles", {"price<=50", "maker=Ann Lee"}),
        ("the price limit was a bad idea", {"kind=puzzles", "maker=Ann Lee"}),
        ("Ann Lee is not a must", {"kind=puzzles", "price<=50"}),
        ("80 instead of 50", {"kind=puzzles", "price<=80", "maker=Ann Lee"}),
        ("change 50 to 90", {"kind=puzzles", "price<=90", "maker=Ann Lee"}),
        ("don't forget the price", {"kind=puzzles", "price<=50", "maker=Ann Lee"}),
        ("I said puzzles but actually I'd prefer kites", {"kind=kites", "price<=50", "maker=Ann Lee"}),
    ],
)
def test_what_is_left_of_the_wishes(text, left):
    state = after(believed=BELIEVED)
    reading = understander().read(text, state)
    dropped = set(reading.forget)
    later = state.plus(reading.evidence, 3)
    assert {short(b.evidence) for b in later.beliefs if b.id not in dropped} == left


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Loved the first, the second not so much", {"+a", "-b"}),
        ("the first I know already, the second I couldn't stand", {"seen a", "-b"}),
        ("meh on the first two", {"-a", "-b"}),
        ("been there, done that with all of them", {"seen a", "seen b", "seen c"}),
        ("the second never let me down", {"+b"}),
        ("my sister has got the second and I already own the first", {"seen a"}),
        ("had the second last year", {"seen b"}),
        ("haven't seen any of these yet", set()),
    ],
)
def test_feedback_on_several_of_a_list(text, expected):
    assert meaning(text, after("a", "b", "c")) == expected


@pytest.mark.parametrize("text", ["{}", "{} please", "I think {}", "maybe {}?", "hmm, {} then"])
@pytest.mark.parametrize("value", ["puzzles", "kites", "games"])
def test_an_answer_to_the_open_question_is_one_however_it_is_put(text, value):
    state = DialogueState().plus([Asked("kind")], 1)
    assert meaning(text.format(value), state) == {f"kind={value}"}


def test_a_refused_offer_is_not_agreed_to():
    state = after(believed=BELIEVED).plus([Asked("relax")], 2)
    assert understander().read("no, keep it as it is", state).intent != "yes"
