"""What was said stays said, what was taken back is gone: random conversations on tiny catalogs."""

import random
from dataclasses import replace

import pytest
from house import bot_for, talk
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.evaluation.actions import BAD, Action, Ledger
from chatbot.evaluation.chatter import Words
from chatbot.evaluation.stability import drop_fault, evaluate, never_said, refusal_fault, table
from chatbot.state import DialogueState, Dropped, Opinion, Order, Request, Seen, Shown, Wish
from chatbot.turn import ShownItem
from index.constraints import Constraint

BOT = bot_for("films")
CATALOG = BOT.index.catalog
IDS = [item.id for item in CATALOG.items]
GENRES = sorted(CATALOG.postings("genres"))
PEOPLE = sorted(CATALOG.spellings("cast").values())

SAID = (
    "a comedy from the 90s", "no horror", "I loved Alien", "more", "seen the first one", "forget comedy",
    "with Jim Carrey", "who directed it?", "actually from the 80s", "hello", "I don't like Heat", "it", "the second",
    "something slow and eerie", "from 2015", "a horror musical from 1950", "yes", "anything", "", "take the first",
)  # fmt: skip
ACTIONS = st.one_of(
    st.builds(Action, st.just("say"), st.sampled_from(SAID)),
    st.builds(Action, st.just("say"), st.sampled_from(SAID)),
    st.builds(lambda i, v: Action("feedback", f"{i} {v}"), st.sampled_from(IDS),
              st.sampled_from(["like", "dislike", "seen"])),
    st.builds(Action, st.just("forget"), number=st.integers(0, 9)),
    st.builds(Action, st.just("undo"), number=st.integers(1, 5)),
    st.builds(Action, st.just("abandon"), st.sampled_from(SAID)),
    st.builds(Action, st.just("bad"), st.sampled_from(BAD)),
    st.sampled_from([Action("restart"), Action("say_undo", "undo"), Action("say_restart", "start over")]),
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(ACTIONS, min_size=1, max_size=10))
def test_every_action_leaves_what_it_should_and_undo_the_earlier_state(actions):
    ledger = Ledger(talk())
    assert [ledger.act(action) for action in actions] == [None] * len(actions)


def test_a_conversation_that_is_not_what_it_was_is_noticed():
    conversation = talk()
    ledger = Ledger(conversation)
    ledger.act(Action("say", "a comedy"))
    conversation.feedback("1", "like")  # behind the ledger's back
    assert "not what it was" in ledger.act(Action("bad", "undo 0"))


CATEGORY = st.builds(
    Constraint, st.just("genres"), st.sampled_from(["=", "=", "in"]), st.sampled_from(GENRES).map(str)
).map(lambda c: replace(c, value=(c.value, "drama")) if c.op == "in" else c)
YEARS = st.builds(Constraint, st.just("year"), st.sampled_from(["<", ">=", ">", "="]), st.integers(1985, 2005))
EVIDENCE = st.one_of(
    st.builds(Opinion, st.booleans(), item_id=st.sampled_from(IDS)),
    st.builds(Opinion, st.booleans(), field=st.just("genres"), value=st.sampled_from(GENRES),
              strength=st.sampled_from([1.0, 1.5]), replaces=st.booleans()),
    st.builds(Opinion, st.booleans(), field=st.just("cast"), value=st.sampled_from(PEOPLE)),
    st.builds(Wish, st.one_of(CATEGORY, YEARS), replaces=st.booleans()),
    st.builds(Order, st.just("year"), st.booleans()),
    st.builds(Request, st.sampled_from(["slow and eerie", "funny"]), st.booleans()),
    st.builds(Seen, st.sampled_from(IDS)),
    st.builds(Shown, st.lists(st.sampled_from(IDS), min_size=1, max_size=3, unique=True).map(tuple)),
    st.builds(Dropped, st.sampled_from(["b1", "b2", "b3", *IDS[:3]]).map(lambda i: (i,)), unsaid=st.booleans()),
)  # fmt: skip
STATES = st.lists(st.lists(EVIDENCE, min_size=1, max_size=2), min_size=1, max_size=6).map(
    lambda rounds: _state(*rounds)
)


def _state(*rounds):
    state = DialogueState()
    for turn, evidence in enumerate(rounds, start=1):
        state = state.plus(evidence, turn)
    return state


@settings(max_examples=120, deadline=None)
@given(STATES)
def test_a_dropped_belief_acts_as_if_it_had_never_been_said(state):
    assert [drop_fault(BOT, state, belief) for belief in state.beliefs] == [None] * len(state.beliefs)


def test_dropping_brings_back_what_the_belief_had_ended():
    comedy, drama = (Wish(Constraint("genres", "=", g), replaces=True) for g in ("comedy", "drama"))
    state = _state([comedy], [drama])
    assert [b.id for b in state.beliefs] == ["b2"]
    assert [b.id for b in state.plus([Dropped(("b2",), unsaid=True)], 3).beliefs] == ["b1"]
    assert [b.id for b in state.plus([Dropped(("b2",))], 3).beliefs] == []  # "forget the kind" means any kind


def test_a_conversation_without_a_belief_numbers_the_others_anew():
    state = _state([Opinion(True, "1")], [Opinion(True, "2")], [Opinion(True, "3")], [Dropped(("b2", "4"))])
    never = never_said(state, state.beliefs[0])
    assert [b.evidence.item_id for b in never.beliefs] == ["3"]
    assert never.of(Dropped)[0].beliefs == ("b1", "4")


REFUSED = ("horror", "comedy", "Jim Carrey", "Tom Hanks", "drama")


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(REFUSED), st.integers(0, 10**6))
def test_a_refusal_of_turn_1_holds_on_turn_12_whatever_is_said_between(refused, seed):
    words = Words(CATALOG, random.Random(seed))
    conversation = BOT.start(seed)
    conversation.say(f"no {refused} please")
    constraints = conversation.state.constraints(CATALOG)
    assert {c.value for c in constraints} == {refused}
    for _ in range(11):
        turn = conversation.say(words.message_without({refused.casefold()}))
        assert refusal_fault(CATALOG, constraints, conversation.state, turn) is None


def test_a_broken_refusal_is_noticed():
    conversation = talk()
    conversation.say("no horror")
    constraints = conversation.state.constraints(CATALOG)
    turn = conversation.say("something with Sigourney Weaver")
    assert refusal_fault(CATALOG, constraints, conversation.state, turn) is None
    alien = ShownItem.of(CATALOG.items[0], 1.0, "")
    assert "is shown" in refusal_fault(CATALOG, constraints, conversation.state, replace(turn, items=(alien,)))
    assert "gone" in refusal_fault(CATALOG, constraints, DialogueState(), turn)


@pytest.mark.parametrize("name", ["films", "shop"])
def test_the_measure_counts_its_trials(name):
    figures = evaluate(bot_for(name), dialogues=3, seed=2)
    assert all(found["held"] == found["trials"] > 0 for found in figures.values()), figures
    assert all(check in table(figures) for check in figures)
