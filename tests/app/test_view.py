"""The view: every text is shown as it was written, cards carry the catalog's facts, beliefs can be dropped."""

import dataclasses
import itertools
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.app.beliefs import BeliefText
from chatbot.app.facts import FactReader
from chatbot.app.markup import MAX_SHOWN, escape, tag
from chatbot.app.openers import openers
from chatbot.app.view import View
from chatbot.app.visitors import Action, Visitors
from chatbot.app.words import load_words
from index.catalog import Catalog, Field, Item

KEY = "a" * 32
HOSTILE = "<img src=x onerror=alert(1)> ${alert(2)} {{value}} `x` *stars* _under_ </textarea><script>alert(3)</script>"


class Page(HTMLParser):
    """The elements of a page, with their attributes and own text."""

    def __init__(self, markup):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, name, attributes):
        self.elements.append((name, dict(attributes)))

    def handle_data(self, data):
        self.text += data

    def buttons(self, do):
        return [a for name, a in self.elements if name == "button" and a.get("data-do") == do]


@pytest.fixture
def view(shop):
    return View(shop, load_words())


def visitor_after(bot, *turns, messages=("hello",)):
    visitor = Visitors(bot).visitor(KEY)
    for message, turn in zip(messages, turns, strict=True):
        visitor.talk.next_turn = turn
        for _ in visitor.carry_out(Action("say", message)):
            pass
    return visitor


def whole(view, visitor):
    return Page(view.past(visitor) + view.newest(visitor) + view.panel(visitor))


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"))))
def test_escaped_text_reads_as_it_was_written(text):
    page = Page(tag("p", escape(text), title=text))
    assert page.elements == [("p", {"title": text})]
    assert page.text == text


@given(st.text())
def test_whatever_was_typed_can_be_sent_to_a_browser(text):
    page = Page(tag("p", escape(text)))
    page.text.encode("utf-8")
    assert [name for name, _ in page.elements] == ["p"]


def test_control_characters_are_seen_and_not_obeyed():
    assert escape("a\x00\x07\x1b\x7fb\nc") == "a␀␇␛␡b\nc"


def test_markup_in_messages_titles_reasons_and_beliefs_is_shown_literally(view, bot, list_turn):
    state = {
        "likes": [{"belief": "b1", "kind": "attribute", "field": "brand", "value": HOSTILE, "id": None, "turn": 1}],
        "dislikes": [], "constraints": [], "seen": [HOSTILE], "shown": [],
    }  # fmt: skip
    turn = list_turn("l1", state=state, titles={"l1": HOSTILE})
    page = whole(view, visitor_after(bot, turn, messages=(HOSTILE,)))
    assert not {"img", "script", "em", "textarea"} & {name for name, _ in page.elements}
    assert page.text.count(HOSTILE) == 4  # message, card, like, seen
    assert not any(key.startswith("on") for _, attributes in page.elements for key in attributes)


def test_numbered_lines_become_the_cards_and_nothing_is_said_twice(view, bot, list_turn):
    page = Page(view.newest(visitor_after(bot, list_turn("l1", "l2"))))
    assert page.text.count("Desk lamp") == page.text.count("It is number 1.") == 1
    assert "1. " not in page.text
    assert page.text.index("Have a look.") < page.text.index("Desk lamp") < page.text.index("Floor lamp")
    assert page.text.index("Floor lamp") < page.text.index("What do you say?")


def test_text_that_does_not_list_the_items_stands_as_it_is_before_the_cards(view, bot, list_turn):
    turn = list_turn("l1", "l2")
    odd = type(turn)("1. Something else\n2. Floor lamp", turn.items, (), turn.state)
    page = Page(view.newest(visitor_after(bot, odd)))
    assert page.text.index("1. Something else") < page.text.index("Desk lamp")
    assert len(page.buttons("like")) == 2


def test_a_reason_that_is_the_answer_itself_is_not_given_twice(view, bot, list_turn):
    turn = list_turn("l1")
    answer = type(turn)("It is number 1.", turn.items, (), turn.state)
    page = Page(view.newest(visitor_after(bot, answer)))
    assert page.text.count("It is number 1.") == 1
    assert "Desk lamp" in page.text


def test_a_list_that_is_still_being_written_is_shown_as_far_as_it_is(view, bot, list_turn):
    visitor = Visitors(bot).visitor(KEY)
    visitor.talk.next_turn = list_turn("l1")
    texts = [Page(view.newest(visitor)).text for _ in visitor.carry_out(Action("say", "go"))]
    assert any("Desk lamp (2019): It is" in text and "number" not in text for text in texts)


def test_every_card_has_its_buttons_and_shows_what_was_pressed(view, bot, list_turn):
    state = {
        "likes": [{"belief": "b1", "kind": "item", "field": None, "value": "Desk lamp", "id": "l1", "turn": 1}],
        "dislikes": [], "constraints": [], "seen": ["l2"], "shown": ["l1", "l2"],
    }  # fmt: skip
    page = Page(view.newest(visitor_after(bot, list_turn("l1", "l2", state=state))))
    pressed = {
        (do, button["data-value"]) for do in ("like", "dislike", "seen") for button in page.buttons(do)
        if button["aria-pressed"] == "true"
    }  # fmt: skip
    assert pressed == {("like", "l1"), ("seen", "l2")}
    assert {button["aria-label"] for button in page.buttons("like")} == {"Like: Desk lamp", "Like: Floor lamp"}


def test_choices_are_offered_with_the_newest_answer_alone(view, bot, list_turn):
    ask = type(list_turn())("Which?", (), ("lighting", "<b>seating</b>"))
    visitor = visitor_after(bot, ask)
    assert [b["data-value"] for b in Page(view.newest(visitor)).buttons("say")] == ["lighting", "<b>seating</b>"]
    visitor = visitor_after(bot, ask, list_turn("l1"), messages=("a", "b"))
    assert whole(view, visitor).buttons("say") == []


def test_each_belief_can_be_dropped(view, bot, list_turn):
    state = {
        "likes": [{"belief": "b1", "kind": "attribute", "field": "kinds", "value": "office", "id": None, "turn": 1}],
        "dislikes": [{"belief": "b2", "kind": "item", "field": None, "value": "Floor lamp", "id": "l2", "turn": 1}],
        "constraints": [{"belief": "b3", "field": "price", "op": "<=", "value": 60.0, "turn": 1}],
        "seen": ["l3"], "shown": [],
    }  # fmt: skip
    page = Page(view.panel(visitor_after(bot, list_turn("l1", state=state))))
    assert [b["data-value"] for b in page.buttons("forget")] == ["b1", "b2", "b3", "l3"]
    assert [b["aria-label"].removeprefix("Remove: ") for b in page.buttons("forget")] == [
        "office", "Floor lamp", "price at most 60", "String of lights",
    ]  # fmt: skip


def test_each_belief_tells_where_it_comes_from(view, bot, list_turn):
    state = {
        "likes": [{"belief": "b1", "kind": "attribute", "field": "kinds", "value": "office", "id": None, "turn": 1}],
        "dislikes": [], "constraints": [], "seen": ["l3"], "shown": [],
    }  # fmt: skip
    turn = dataclasses.replace(list_turn("l1", state=state), sources={"b1": (1, HOSTILE), "l3": (4, "")})
    page = Page(view.panel(visitor_after(bot, turn)))
    assert f"you said “{HOSTILE}” (turn 1)" in page.text
    assert "your click (turn 4)" in page.text
    assert "img" not in {name for name, _ in page.elements}


def test_the_empty_page_greets_and_offers_examples(view):
    page = Page(view.past(None) + view.newest(None) + view.panel(None))
    assert "products" in page.text
    assert 3 <= len(page.buttons("say")) <= 4
    assert page.buttons("forget") == []


def test_an_empty_message_and_a_very_long_one_are_shown_in_short(view, bot):
    visitor = visitor_after(bot, None, None, messages=("  ", "x" * 10_000))
    page = whole(view, visitor)
    assert "(an empty message)" in page.text
    assert "x" * MAX_SHOWN in page.text
    assert f"{10_000 - MAX_SHOWN:,} more" in page.text


def test_the_box_and_all_buttons_have_names(view, bot, list_turn):
    visitor = visitor_after(bot, list_turn("l1"))
    markup = view.header() + view.composer() + view.past(visitor) + view.newest(visitor)
    page = Page(markup)
    box = next(attributes for name, attributes in page.elements if name == "textarea")
    assert ("label", {"for": box["id"], "class": "unseen"}) in page.elements
    assert "<button></button>" not in markup


# ------------------------------------------------------------------ facts, beliefs and examples, from roles alone


def test_a_card_tells_what_the_roles_mean(shop):
    facts = FactReader(shop, load_words()).read(shop.items[0].facts)
    assert facts.short == ("2019", "price 49.5", "4.5 of 5")
    assert facts.labels == ("lighting", "office")
    assert facts.lists == (("brand", "Hella"),)


def test_what_a_record_lacks_is_left_out(shop):
    facts = FactReader(shop, load_words()).read({name: None for name in shop.items[0].facts})
    assert (facts.short, facts.labels, facts.lists) == ((), (), ())


def test_a_catalog_without_roles_still_has_cards_and_examples():
    fields = (Field("colour", "category"), Field("weight", "number"))
    plain = Catalog("stones", ("stone", "stones"), fields, (Item("1", "Agate", {"colour": "red", "weight": 3}),))
    assert FactReader(plain, load_words()).read(plain.items[0].facts).lists == (("colour", "red"),)
    assert openers(plain, load_words())[0] == "I loved Agate"
    nothing = Catalog("none", ("thing", "things"), (), ())
    assert View(nothing, load_words()).newest(None)


def test_the_examples_hold_in_the_catalog(shop):
    assert openers(shop, load_words()) == (
        "I loved Desk lamp",
        "Lighting from the 2010s",
        "Office, but no home",
        "Something by Hella",
    )


@pytest.mark.parametrize(
    ("field", "op", "value", "words"),
    [
        ("made_in", ">=", 1990, "from 1990 on"),
        ("made_in", "<", 1980, "before 1980"),
        ("made_in", "in", [1990, 1991], "from 1990 or 1991"),
        ("price", "<=", 49.5, "price at most 49.5"),
        ("price", ">", 100.0, "price above 100"),
        ("kinds", "=", "office", "office"),
        ("kinds", "not in", ["office", "home"], "no office or home"),
        ("kinds", "!=", "home", "no home"),
    ],
)
def test_a_wish_is_put_into_words(shop, field, op, value, words):
    wish = {"belief": "b1", "field": field, "op": op, "value": value, "turn": 1}
    assert [what for what, _, _ in BeliefText(shop, load_words()).of_kind("constraints", {"constraints": [wish]})] == [
        words
    ]


ORDERED, SETS = ("<", "<=", ">", ">="), ("=", "!=", "in", "not in")


@pytest.mark.parametrize(
    ("field", "op"),
    [*itertools.product(("made_in", "price"), ORDERED + SETS), *itertools.product(("kinds", "brand"), SETS)],
)
def test_every_relation_of_every_kind_of_field_has_words(shop, field, op):
    wish = {"belief": "b1", "field": field, "op": op, "value": [7] if "in" in op else 7, "turn": 1}
    assert "7" in next(BeliefText(shop, load_words()).of_kind("constraints", {"constraints": [wish]}))[0]


def test_a_name_that_the_reason_speaks_of_is_among_those_of_the_card():
    cast = Field("cast", "category", many=True, role="performer")
    films = Catalog("films", ("film", "films"), (cast,), (Item("1", "A", {"cast": ("Ann", "Bob", "Cy", "Eve")}),))
    facts = FactReader(films, load_words()).read(films.items[0].facts, "With Eve, as you asked.")
    assert facts.lists[0][1].startswith("Eve, Ann")
