"""Nothing fits: the smallest conflict and the least to give up, against an exhaustive search; the ways out lead on."""

from dataclasses import replace
from itertools import combinations

import pytest
from house import bot_for, talk
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chatbot.recommending import Recommender
from chatbot.relaxing import MAX_WISHES, conflict, held_wishes, relaxations
from chatbot.state import DialogueState, Opinion, Seen, Shown, Wish
from index.constraints import Constraint, holds

CATALOG = bot_for("films").index.catalog
RECOMMENDER = Recommender(bot_for("films").index, bot_for("films").wording)
IDS = [item.id for item in CATALOG.items]
GENRES = sorted(CATALOG.postings("genres"))
PEOPLE = ["Jim Carrey", "Tom Hanks", "Sigourney Weaver", "Al Pacino", "Clint Eastwood"]

WISHES = st.one_of(
    st.builds(lambda v: Wish(Constraint("genres", "=", v)), st.sampled_from(GENRES)),
    st.builds(lambda v: Wish(Constraint("genres", "in", tuple(v))),
              st.lists(st.sampled_from(GENRES), min_size=2, max_size=2, unique=True)),
    st.builds(lambda v: Wish(Constraint("cast", "=", v)), st.sampled_from(PEOPLE)),
    st.builds(lambda o, v: Wish(Constraint("year", o, v)), st.sampled_from(["<", "<=", ">", ">=", "="]),
              st.integers(1975, 2020)),
    st.builds(lambda o, v: Wish(Constraint("rating", o, v)), st.sampled_from([">=", "<"]),
              st.sampled_from([3.0, 3.5, 4.0, 4.5])),
    st.builds(lambda v: Opinion(False, field="genres", value=v), st.sampled_from(GENRES)),
    st.builds(lambda v: Opinion(False, field="cast", value=v), st.sampled_from(PEOPLE)),
    st.builds(lambda v: Opinion(True, field="genres", value=v), st.sampled_from(GENRES)),
    st.builds(Seen, st.sampled_from(IDS)),
    st.builds(lambda v: Shown((v,)), st.sampled_from(IDS)),
)  # fmt: skip
STATES = st.lists(WISHES, min_size=2, max_size=8).map(
    lambda said: DialogueState(tuple(replace(one, turn=turn) for turn, one in enumerate(said, start=1)))
)


def fitting(wishes, excluded=()):
    return [
        item
        for item in CATALOG.items
        if item.id not in excluded
        and all(holds(item, c, closed=CATALOG.field(c.field).role == "genre") for w in wishes for c in w.constraints)
    ]


@settings(max_examples=300, deadline=None)
@given(STATES)
def test_the_conflict_is_a_smallest_one(state):
    wishes = held_wishes(state, CATALOG)
    found = conflict(state, CATALOG)
    sizes = [size for size in range(len(wishes) + 1) for some in combinations(wishes, size) if not fitting(some)]
    assert len(found) == min(sizes, default=0)
    assert not sizes or not fitting(found)


@settings(max_examples=300, deadline=None)
@given(STATES)
def test_the_ways_out_give_up_the_least_and_bring_what_they_say(state):
    wishes = held_wishes(state, CATALOG)
    excluded = RECOMMENDER.known(state) | set(state.shown)
    assume(not fitting(wishes, excluded))
    found = relaxations(RECOMMENDER, state)
    enough = [
        size
        for size in range(len(wishes) + 1)
        for some in combinations(wishes, size)
        if fitting([w for w in wishes if w not in some], excluded)
    ]
    assert bool(found) == bool(enough)
    for way in found:
        kept = [w for w in wishes if w not in way.given_up]
        fit = fitting(kept, excluded)
        assert len(way.given_up) == min(enough)
        if way.instead:
            field = CATALOG.field(way.instead[0].field)
            fit = [item for item in fit if all(holds(item, c) for c in way.instead)]
            assert field.kind == "number"
            assert 0 < way.count < len(fitting(kept, excluded))
        assert way.count == len(fit) > 0


def state_of(*evidence):
    return DialogueState(tuple(evidence))


@pytest.mark.parametrize(
    ("bounds", "instead"),
    [
        ([("<", 1990)], [("<=", 1994)]),
        ([(">", 2000)], [(">=", 1998)]),
        ([(">=", 2000), ("<=", 2009)], [(">=", 1998), ("<=", 2009)]),
        ([("=", 1990)], [(">=", 1990), ("<=", 1994)]),
        ([(">", 2010), ("<", 1990)], None),
        ([("not in", (1994, 1998))], None),
    ],
)
def test_a_bound_is_moved_to_the_nearest_that_brings_something(bounds, instead):
    """Jim Carrey is in films of 1994 and 1998."""
    evidence = [Wish(Constraint("cast", "=", "Jim Carrey")), *(Wish(Constraint("year", *b)) for b in bounds)]
    moved = [[(c.op, c.value) for c in r.instead] for r in relaxations(RECOMMENDER, state_of(*evidence)) if r.instead]
    assert moved == ([instead] if instead else [])


def test_refusals_are_the_last_to_be_lifted():
    state = state_of(Opinion(False, field="genres", value="comedy"), Wish(Constraint("cast", "=", "Tom Hanks")))
    found = relaxations(RECOMMENDER, state)
    assert [way.given_up[0].refuses for way in found] == [False, True]
    assert found[0].count > found[1].count == 1


def test_more_wishes_than_bits_are_still_answered():
    values = [f"nobody {n}" for n in range(2 * MAX_WISHES)]
    state = state_of(*(Wish(Constraint("cast", "=", value)) for value in values))
    assert len(held_wishes(state, CATALOG)) == MAX_WISHES
    assert len(conflict(state, CATALOG)) == 1
    assert relaxations(RECOMMENDER, state)


@pytest.mark.parametrize("way", range(3))
def test_every_way_out_can_be_said_and_leads_to_what_it_promises(way):
    conversation = talk()
    turn = conversation.say("Jim Carrey films from before 1990")
    assert (turn.act, len(turn.choices)) == ("relax", 3)
    assert "one film" in turn.text or "two films" in turn.text
    reply = conversation.say(turn.choices[way])
    assert reply.act == "recommend"
    assert conversation.undo().state == turn.state
    agreed = conversation.say(f"ok, {turn.choices[way]} please")
    assert [i.id for i in agreed.items] == [i.id for i in reply.items]
    conversation.undo()
    assert bot_for("films").understander.choice(f"don't {turn.choices[way]}", turn.choices) is None
    counted = conversation.say(("the first", "the second one", "the last")[way])
    assert [i.id for i in counted.items] == [i.id for i in reply.items]


def test_the_moved_bound_takes_the_place_of_the_old_one():
    conversation = talk()
    conversation.say("Jim Carrey films from before 1990")
    reply = conversation.say("make that from 1994 or earlier")
    assert {(c["op"], c["value"]) for c in reply.state["constraints"] if c["field"] == "year"} == {("<=", 1994)}
    assert {item.id for item in reply.items} == {"5", "6"}


def test_yes_takes_the_only_way_out():
    conversation = talk()
    turn = conversation.say("a comedy after 2010 and before 1990")
    assert turn.choices == ("forget the year",)
    assert conversation.say("yes").act == "recommend"


def test_what_was_all_shown_or_seen_is_not_called_a_conflict():
    conversation = talk()
    conversation.say("a western")
    conversation.feedback("14", "seen")
    turn = conversation.say("more")
    assert turn.act == "relax"
    assert not conflict(conversation.state, CATALOG)
    assert turn.choices == ("forget western",)
    assert conversation.say("no").act != "recommend"


def test_a_shop_is_relaxed_by_its_price():
    conversation = talk("shop")
    turn = conversation.say("lamps below 5")
    assert turn.act == "relax"
    reply = conversation.say(turn.choices[-1])
    assert [item.facts["price"] for item in reply.items] == [10.0]
