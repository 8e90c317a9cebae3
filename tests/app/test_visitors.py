"""Visitors: actions are carried out in order, nobody meets another's conversation, nothing stays blocked."""

import gc
import threading
import weakref

import pytest

from chatbot.app.visitors import MAX_REMEMBERED, MAX_WAITING, Action, UnreadableActionError, Visitors
from index.errors import RapportError

ANNA, BERT, CLEO = "a" * 32, "b" * 32, "c" * 32


def run(visitor, kind, value=""):
    for _ in visitor.carry_out(Action(kind, value)):
        pass


def said(visitor):
    return [exchange.said for exchange in visitor.exchanges]


def test_an_answer_grows_piece_by_piece_and_ends_as_the_turn(bot):
    visitor = Visitors(bot).visitor(ANNA)
    seen = [visitor.exchanges[-1].text for _ in visitor.carry_out(Action("say", "one two"))]
    assert seen == ["", "echo: ", "echo: one ", "echo: one two ", "echo: one two "]
    assert visitor.exchanges[-1].turn is visitor.talk.last is visitor.current
    assert not visitor.busy


def test_a_message_sent_while_an_answer_is_written_is_answered_next(bot):
    visitor = Visitors(bot).visitor(ANNA)
    writing, go_on, inside = threading.Event(), threading.Event(), []

    def before(text):
        inside.append(text)
        writing.set()
        assert go_on.wait(10)

    bot.before = before
    first = threading.Thread(target=run, args=(visitor, "say", "first"))
    first.start()
    assert writing.wait(10)
    run(visitor, "say", "second")  # returns at once: the first event will answer it
    assert [action.value for action in visitor.waiting] == ["second"]
    assert said(visitor) == ["first"]
    go_on.set()
    first.join(10)
    assert said(visitor) == ["first", "second"]
    assert [exchange.text.strip() for exchange in visitor.exchanges] == ["echo: first", "echo: second"]
    assert inside == ["first"] * 2 + ["second"] * 2  # no piece of the second before the last of the first


def test_an_action_that_is_sent_twice_is_carried_out_once(bot):
    visitor = Visitors(bot).visitor(ANNA)
    stream = visitor.carry_out(Action("say", "hello", 1))
    next(stream)
    assert len(list(visitor.carry_out(Action("say", "hello", 1)))) == 1  # shows the page, waits for nothing
    assert visitor.busy
    for _ in stream:
        pass
    run(visitor, "say", "hello")  # without a number nothing is known of it
    assert said(visitor) == ["hello", "hello"]
    assert len(list(visitor.carry_out(Action("say", "hello", 1)))) == 1
    assert said(visitor) == ["hello", "hello"]


def test_the_page_tells_how_many_actions_came_in(bot):
    visitor = Visitors(bot).visitor(ANNA)
    for number, kind in enumerate(["say", "seen", "undo"], start=1):
        for _ in visitor.carry_out(Action(kind, "l1", number)):
            pass
        assert visitor.received == number


def test_a_flood_is_refused_with_a_notice_and_what_was_taken_is_answered(bot):
    visitor = Visitors(bot).visitor(ANNA)
    stream = visitor.carry_out(Action("say", "0"))
    next(stream)
    for number in range(1, MAX_WAITING + 2):
        run(visitor, "say", str(number))
    assert visitor.notice == "busy"
    for _ in stream:
        pass
    assert said(visitor) == [str(number) for number in range(MAX_WAITING + 1)]


def test_an_error_for_people_is_the_answer(bot):
    def fail(text):
        raise RapportError("there is no such field; name another")

    visitor = Visitors(bot).visitor(ANNA)
    bot.before = fail
    run(visitor, "say", "hello")
    assert visitor.exchanges[-1].text == "there is no such field; name another"
    assert visitor.exchanges[-1].notice is None


def test_an_unforeseen_error_is_a_notice_and_the_conversation_goes_on(bot):
    def fail(text):
        raise ZeroDivisionError

    visitor = Visitors(bot).visitor(ANNA)
    run(visitor, "say", "before")
    bot.before = fail
    run(visitor, "say", "hello")
    assert visitor.exchanges[-1].notice == "failed"
    bot.before = lambda text: None
    run(visitor, "say", "again")
    assert visitor.exchanges[-1].text.strip() == "echo: again"
    assert said(visitor) == ["before", "hello", "again"]


def test_leaving_in_the_middle_of_an_answer_blocks_nothing(bot):
    visitor = Visitors(bot).visitor(ANNA)
    stream = visitor.carry_out(Action("say", "a long answer"))
    next(stream)
    stream.close()
    assert not visitor.busy
    run(visitor, "say", "back")
    assert visitor.exchanges[-1].text.strip() == "echo: back"


@pytest.mark.parametrize("value", ["like", "dislike", "seen"])
def test_a_click_on_a_card_is_noted_and_is_no_message(bot, value):
    visitor = Visitors(bot).visitor(ANNA)
    run(visitor, "say", "hello")
    run(visitor, value, "l1")
    assert visitor.talk.clicks == [("l1", value)]
    assert (visitor.note, said(visitor)) == ("noted", ["hello"])


def test_a_click_that_is_answered_with_a_list_shows_it(bot, list_turn):
    visitor = Visitors(bot).visitor(ANNA)
    visitor.talk.next_turn = list_turn("l1")
    run(visitor, "dislike", "l2")
    assert said(visitor) == [None]
    assert [item.id for item in visitor.exchanges[-1].turn.items] == ["l1"]


def test_undo_takes_the_newest_action_back_click_or_message(bot):
    visitor = Visitors(bot).visitor(ANNA)
    for kind, value in [("say", "one"), ("say", "two"), ("seen", "l1"), ("undo", "")]:
        run(visitor, kind, value)
    assert said(visitor) == ["one", "two"]
    run(visitor, "undo")
    assert said(visitor) == ["one"]
    assert visitor.note == "taken back"


def test_undo_also_clears_answers_that_were_errors(bot):
    def fail(text):
        raise RapportError("no")

    visitor = Visitors(bot).visitor(ANNA)
    run(visitor, "say", "one")
    run(visitor, "say", "two")
    bot.before = fail
    run(visitor, "say", "three")
    assert said(visitor) == ["one", "two", "three"]
    run(visitor, "undo")
    assert said(visitor) == ["one"]


def test_a_typed_undo_takes_back_what_the_button_would(bot):
    visitor = Visitors(bot).visitor(ANNA)
    for text in ["one", "two", "undo"]:
        run(visitor, "say", text)
    assert said(visitor) == ["one", "undo"]
    run(visitor, "say", "three")
    assert said(visitor) == ["one", "undo", "three"]
    run(visitor, "undo")
    assert said(visitor) == ["one"]


def test_a_typed_start_over_leaves_its_own_answer_alone(bot):
    visitor = Visitors(bot).visitor(ANNA)
    for text in ["one", "two", "start over"]:
        run(visitor, "say", text)
    assert said(visitor) == ["start over"]
    assert visitor.exchanges[-1].text.strip() == "begun again"


def test_starting_over_empties_the_page(bot):
    visitor = Visitors(bot).visitor(ANNA)
    run(visitor, "say", "one")
    run(visitor, "restart")
    assert (visitor.exchanges, visitor.note) == ([], "")
    assert visitor.current.text == "begun again"


def test_a_long_conversation_is_shown_from_its_end(bot):
    visitor = Visitors(bot).visitor(ANNA)
    for number in range(MAX_REMEMBERED + 3):
        run(visitor, "say", str(number))
    assert visitor.shortened
    assert said(visitor)[0] == "3"
    assert len(visitor.exchanges) == MAX_REMEMBERED


def test_each_key_has_its_own_conversation_and_keeps_it(bot):
    visitors = Visitors(bot)
    run(visitors.visitor(ANNA), "say", "from anna")
    assert said(visitors.visitor(BERT)) == []
    assert said(visitors.visitor(ANNA)) == ["from anna"]
    assert len(bot.started) == 2


def test_many_threads_of_one_new_visitor_start_one_conversation(bot):
    visitors = Visitors(bot)
    threads = [threading.Thread(target=visitors.visitor, args=(ANNA,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bot.started) == 1


def test_the_longest_idle_makes_room_and_is_told(bot):
    visitors = Visitors(bot, capacity=2)
    first = visitors.visitor(ANNA)
    visitors.visitor(BERT)
    visitors.visitor(ANNA)
    visitors.visitor(CLEO)  # Bert was idle for longest
    assert len(visitors) == 2
    assert visitors.visitor(ANNA) is first
    assert visitors.visitor(BERT, returning=True).opening == "expired"


def test_who_waits_for_an_answer_is_not_dropped(bot):
    visitors = Visitors(bot, capacity=2)
    waiting = visitors.visitor(ANNA)
    stream = waiting.carry_out(Action("say", "hello"))
    next(stream)
    visitors.visitor(BERT)
    visitors.visitor(CLEO)  # Anna was idle for longer than Bert, but waits
    assert visitors.visitor(ANNA) is waiting


def test_conversations_that_made_room_are_freed(bot):
    visitors = Visitors(bot, capacity=2)
    talks = weakref.WeakSet()
    for number in range(50):
        visitor = visitors.visitor(f"{number:032x}")
        run(visitor, "say", "hello")
        talks.add(visitor.talk)
    del visitor
    bot.started.clear()
    gc.collect()
    assert len(talks) == len(visitors) == 2


def test_a_first_visit_is_told_nothing(bot):
    assert Visitors(bot).visitor(ANNA).opening is None


@pytest.mark.parametrize("key", ["", "short", "A" * 32, "a" * 33, "../../../../etc/passwd" + "a" * 10])
def test_a_key_that_could_be_guessed_is_refused(bot, key):
    with pytest.raises(UnreadableActionError):
        Visitors(bot).visitor(key)
    assert bot.started == []
