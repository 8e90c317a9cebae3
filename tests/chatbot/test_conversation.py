"""Conversations through the public face: lists, questions, relaxation, clicks, seeds."""

import pytest
from house import bot_for, talk

from chatbot.errors import ActionError
from chatbot.ranking import rank


def titles(turn):
    return [item.title for item in turn.items]


def test_a_list_shows_what_was_wished_and_says_why():
    turn = talk().say("Got anything with Jim Carrey that isn't a comedy?")
    assert turn.act == "recommend"
    assert titles(turn) == ["The Truman Show"]
    assert "1. The Truman Show (1998): " in turn.text
    assert turn.items[0].reason in turn.text
    assert "Jim Carrey" in turn.items[0].reason
    assert turn.items[0].facts["genres"] == ["drama"]


def test_the_pieces_of_a_stream_are_the_text():
    conversation = talk()
    pieces = list(conversation.stream("a comedy from the 90s"))
    assert len(pieces) > 5
    assert "".join(pieces) == conversation.last.text


def test_an_abandoned_stream_leaves_no_trace():
    conversation = talk()
    stream = conversation.stream("a comedy from the 90s")
    next(stream)
    stream.close()
    assert conversation.turns == ()
    assert conversation.state.evidence == ()


def test_the_same_seed_gives_the_same_conversation_and_others_differ():
    said = ["hello", "a comedy from the 90s", "more", "who directed the first one?"]

    def texts(seed):
        conversation = bot_for("films").start(seed)
        return [conversation.say(text).text for text in said]

    assert texts(7) == texts(7)
    assert len({tuple(texts(seed)) for seed in range(5)}) > 1


def test_a_vague_opener_is_asked_twice_at_most_and_then_gets_a_list():
    conversation = talk()
    asked = conversation.say("recommend me something")
    assert asked.act == "ask"
    assert len(asked.choices) >= 2
    assert all(choice in asked.text for choice in asked.choices)
    answered = conversation.say("I don't care")
    assert answered.act in ("ask", "recommend")
    assert set(answered.choices).isdisjoint(asked.choices)
    assert conversation.say("I don't care").act == "recommend"


@pytest.mark.parametrize("number", range(4))
def test_every_offered_answer_can_be_said_as_it_stands(number):
    conversation = talk()
    choices = conversation.say("recommend me something").choices
    if number >= len(choices):
        pytest.skip("fewer were offered")
    turn = conversation.say(choices[number])
    assert turn.act in ("ask", "recommend")
    assert turn.state["constraints"]


def test_nothing_fits_names_what_conflicts_and_every_way_out_leads_to_a_list():
    conversation = talk()
    turn = conversation.say("a western with Jim Carrey")
    assert turn.act == "relax"
    assert set(turn.choices) == {"forget western", "forget Jim Carrey"}
    assert "western (3 films)" in turn.text
    assert "Jim Carrey (1 film)" in turn.text
    for answer in (*turn.choices, "the first", "the second one", "2"):
        assert conversation.say(answer).act == "recommend"
        conversation.undo()
    assert conversation.say("yes").act == "relax"  # to which of the two, is not said


def test_when_all_that_fits_was_shown_it_says_so_and_repeats_nothing():
    conversation = talk()
    first = conversation.say("animated films")
    assert len(first.items) == 3
    assert conversation.say("more").act == "relax"


def test_a_correction_replaces_the_years():
    conversation = talk()
    conversation.say("Show me animated movies released after 2008")
    turn = conversation.say("Actually, make that before 2000.")
    assert titles(turn) == ["Toy Story"]


def test_answers_come_from_the_record():
    conversation = talk()
    conversation.say("I loved Alien")
    answer = conversation.say("who directed Inception?")
    assert answer.act == "answer"
    assert "Christopher Nolan" in answer.text
    assert titles(answer) == ["Inception"]
    assert "Leonardo DiCaprio" in conversation.say("who's in it?").text
    assert titles(conversation.say("which is newer, Alien or Inception?"))[0] in ("Alien", "Inception")
    assert "1986" not in conversation.say("how many westerns do you have?").text


def test_why_names_what_was_asked_for():
    conversation = talk()
    conversation.say("comedies from the 90s")
    turn = conversation.say("why the first one?")
    assert turn.act == "explain"
    assert "comedies from the 1990s" in turn.text


def test_clicks_count_and_can_be_taken_back():
    conversation = talk()
    conversation.say("a comedy from the 90s")
    before = conversation.state
    seen = conversation.feedback("5", "seen")
    assert seen.state["seen"] == ["5"]
    assert conversation.forget("5").state["seen"] == []
    conversation.undo(2)
    assert conversation.state == before


def test_a_forgotten_belief_is_gone():
    conversation = talk()
    turn = conversation.say("a comedy from the 90s, no romance")
    belief = turn.state["dislikes"][0]["belief"]
    assert conversation.forget(belief).state["dislikes"] == []


@pytest.mark.parametrize(
    "action",
    [
        lambda c: c.undo(0), lambda c: c.undo("x"), lambda c: c.undo(True), lambda c: c.feedback("nobody", "like"),
        lambda c: c.feedback("1", "adore"), lambda c: c.feedback(1, "like"), lambda c: c.forget("b9"),
    ],
)  # fmt: skip
def test_an_impossible_action_says_so_and_changes_nothing(action):
    conversation = talk()
    conversation.say("a comedy from the 90s")
    before = (conversation.state, conversation.turns, conversation.last)
    with pytest.raises(ActionError, match=r"expected|no item|no belief"):
        action(conversation)
    assert (conversation.state, conversation.turns, conversation.last) == before


def test_conversations_do_not_see_each_other():
    one, other = talk(), talk()
    one.say("no comedies")
    assert other.state.evidence == ()
    assert other.say("what do you know about me?").state["dislikes"] == []


def test_a_shop_is_served_by_the_same_bot():
    turn = talk("shop").say("sneakers under 30 dollars, but nothing from Acme")
    assert turn.act == "recommend"
    for item in turn.items:
        assert item.facts["category"] == "sneakers"
        assert item.facts["price"] < 30
        assert item.facts["brand"] != "Acme"


def test_ranking_of_contexts_keeps_to_wishes_and_fills_up_with_the_rest():
    bot = bot_for("films")
    messages = [{"role": "user", "text": "animated films, please"}]
    ids = [item_id for item_id, _ in rank(bot, messages, {"12"}, 10)]
    assert len(ids) == len(set(ids)) == 10
    assert set(ids[:2]) == {"10", "11"}
    assert "12" not in ids


def test_ranking_takes_given_mentions_as_the_items_named():
    bot = bot_for("films")
    marked = [{"role": "user", "text": "I loved @1 and @2", "mentions": ["1", "2"]}]
    spoken = [{"role": "user", "text": "I loved Alien and Aliens"}]
    assert rank(bot, marked, set(), 5) == rank(bot, spoken, set(), 5)


def test_a_wish_made_after_an_item_was_shown_is_no_reason_for_it():
    conversation = talk("films")
    new = next(item for item in conversation.say("a comedy").items if item.facts["year"] > 1985)
    conversation.say("made before 1985")
    turn = conversation.say(f"why did you suggest {new.title}?")
    assert turn.act == "explain"
    assert "1985" not in turn.text
