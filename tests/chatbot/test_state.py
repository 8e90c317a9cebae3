"""Beliefs as functions of evidence: what yields to what, and how much it still counts."""

import random

from house import bot_for, talk
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.evaluation.chatter import Words
from chatbot.state import DialogueState, Dropped, Opinion, Seen, Shown, Wish
from index.constraints import Constraint

CATALOG = bot_for("films").index.catalog


def state(*rounds):
    result = DialogueState()
    for turn, evidence in enumerate(rounds, start=1):
        result = result.plus(evidence, turn)
    return result


def wish(field, op, value, replaces=False):
    return Wish(Constraint(field, op, value), replaces=replaces)


def held(of):
    return [(w.constraint.field, w.constraint.op, w.constraint.value) for w in of.wishes]


def test_the_last_word_on_an_item_counts():
    liked_then_not = state([Opinion(True, "1")], [Opinion(False, "1")])
    assert [o.item_id for o in liked_then_not.opinions(liked=False)] == ["1"]
    assert not liked_then_not.opinions(liked=True)


def test_a_wish_for_a_refused_value_lifts_the_refusal_and_the_other_way_round():
    refused = [Opinion(False, field="genres", value="horror")]
    assert not state(refused, [wish("genres", "=", "Horror")]).opinions(liked=False)
    assert held(state([wish("genres", "=", "horror")], refused)) == []


def test_bounds_that_can_hold_together_do_and_others_give_way():
    assert held(state([wish("year", ">", 2000)], [wish("year", "<", 2010)])) == [
        ("year", ">", 2000),
        ("year", "<", 2010),
    ]
    assert held(state([wish("year", ">", 2010)], [wish("year", "<", 2000)])) == [("year", "<", 2000)]
    assert held(state([wish("year", ">=", 1990), wish("year", "<=", 1999)], [wish("year", "=", 2005)])) == [
        ("year", "=", 2005)
    ]


def test_a_correction_replaces_what_was_wished_of_the_field():
    later = state([wish("genres", "=", "comedy")], [wish("genres", "=", "drama", replaces=True)])
    assert held(later) == [("genres", "=", "drama")]


def test_a_dropped_belief_acts_as_if_never_said():
    said = state([wish("genres", "=", "comedy"), Opinion(True, "1")], [Dropped(("b1",))])
    assert held(said) == []
    assert [b.id for b in said.beliefs] == ["b2"]


def test_a_refused_person_is_refused_in_every_role():
    refused = state([Opinion(False, field="cast", value="Clint Eastwood")]).constraints(CATALOG)
    assert {c.field for c in refused} == {"cast", "directors"}


def test_json_of_a_state():
    said = state([Opinion(True, "1", words="Alien"), Seen("4")], [wish("year", ">=", 1990), Shown(("2",))])
    assert said.as_json(CATALOG) == {
        "likes": [{"belief": "b1", "kind": "item", "field": None, "value": "Alien", "id": "1", "turn": 1}],
        "dislikes": [],
        "constraints": [{"belief": "b2", "field": "year", "op": ">=", "value": 1990, "turn": 2}],
        "seen": ["4"],
        "shown": ["2"],
    }


def test_tastes_fade_and_what_must_hold_does_not():
    liked, wish, refused = (
        Opinion(True, "1"),
        Wish(Constraint("year", ">", 1990)),
        Opinion(False, None, "genres", "war"),
    )
    said = state([liked, wish, refused], [], [Opinion(True, "2")])
    weights = [said.weight(belief.evidence) for belief in said.beliefs]
    assert weights[1:] == [1, 1, 1]
    assert 0 < weights[0] < 1
    later = said.plus([Opinion(True, "3")], 5)
    assert later.weight(later.beliefs[0].evidence) < weights[0]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=4))
def test_every_belief_names_its_turn_and_its_words(seeds):
    conversation, said = talk(), []
    for seed in seeds:
        said.append(Words(CATALOG, random.Random(seed)).message())
        conversation.say(said[-1])
    for belief in conversation.state.beliefs:
        words = belief.evidence.words
        assert conversation.last.sources[belief.id] == (belief.evidence.turn, words)
        assert words
        assert all(word in said[belief.evidence.turn - 1] for word in words.split(", "))


def test_a_click_and_a_word_are_told_apart():
    conversation = talk()
    conversation.say("seen Heat")
    turn = conversation.feedback("12", "seen")
    assert turn.sources == {"4": (1, "Heat"), "12": (2, "")}
    assert conversation.forget("4").sources == {"12": (2, "")}
