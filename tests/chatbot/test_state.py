"""Beliefs as functions of evidence: what yields to what, and undoing as taking entries off."""

from house import bot_for, talk
from hypothesis import given, settings
from hypothesis import strategies as st

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


SAID = (
    "a comedy from the 90s", "no horror", "I loved Alien", "more", "seen the first one", "forget comedy",
    "with Jim Carrey", "who directed it?", "actually from the 80s", "hello", "I don't like Heat",
    "something slow and eerie", "from 2015",
)  # fmt: skip
ACTIONS = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(SAID)),
    st.tuples(
        st.just("feedback"),
        st.tuples(st.sampled_from(["1", "4", "7", "12"]), st.sampled_from(["like", "dislike", "seen"])),
    ),
    st.tuples(st.just("forget"), st.integers(0, 5)),
)


def act(conversation, action):
    """Carries out one action; says whether it counted."""
    name, what = action
    if name == "say":
        conversation.say(what)
    elif name == "feedback":
        conversation.feedback(*what)
    else:
        beliefs = conversation.state.beliefs
        if not beliefs:
            return False
        conversation.forget(beliefs[what % len(beliefs)].id)
    return True


@settings(max_examples=150, deadline=None)
@given(st.lists(ACTIONS, min_size=1, max_size=7), st.data())
def test_undo_brings_back_exactly_the_earlier_state(actions, data):
    conversation = talk()
    states = [conversation.state]
    for action in actions:
        if act(conversation, action):
            states.append(conversation.state)
    back = data.draw(st.integers(1, len(states)))
    conversation.undo(back)
    assert conversation.state == states[max(0, len(states) - 1 - back)]
    assert len(conversation.turns) == max(0, len(states) - 1 - back)
