"""Simulated users: they tell the truth, keep their secret, and are the same for every strategy."""

import random

import pytest
from house import bot_for

from chatbot.simulation.comparing import compare, mean, table, wilson
from chatbot.simulation.dialogues import LIMIT, Players, play
from chatbot.simulation.personas import load_people
from chatbot.simulation.reading import Reader
from chatbot.turn import ShownItem, Turn
from index.catalog import fold

PEOPLE = load_people()


def turn(text="", choices=(), items=(), act="ask"):
    return Turn(1, act, "en", text, tuple(ShownItem.of(i, 1.0, "") for i in items), {}, tuple(choices))


@pytest.fixture(scope="module")
def films():
    return bot_for("films")


@pytest.fixture(scope="module")
def reader(films):
    return Reader(films.index.catalog, films.index.vectors, PEOPLE)


def test_the_same_number_is_the_same_person_with_the_same_goal(films):
    players = Players(films, PEOPLE)
    first, again = players.user(3, seed=5), players.user(3, seed=5)
    assert first.goal == again.goal
    assert first.opening() == again.opening()
    assert len({players.user(n, seed=5).goal.target.id for n in range(30)}) > 5


@pytest.mark.parametrize("name", ["films", "shop"])
def test_needs_are_true_of_the_target(name):
    bot = bot_for(name)
    players = Players(bot, PEOPLE)
    for number in range(60):
        goal = players.user(number, seed=1).goal
        for need in goal.needs:
            own = {fold(str(v)) for v in goal.target.values(need.field)}
            if need.topic == "refused":
                assert fold(need.slots["value"]) not in own
            elif need.topic == "told" and bot.index.catalog.field(need.field).kind == "category":
                assert fold(need.slots["value"]) in own
            if need.wrong:
                assert need.wrong.slots["value"] != need.slots["value"]
        assert all(need.slots.get("title") != goal.target.title for need in goal.needs)


def test_nobody_gives_the_title_away(films):
    players = Players(films, PEOPLE)
    for number in range(40):
        user = players.user(number, seed=2)
        title = fold(user.goal.target.title)
        played = play(films, user, number)
        if len(title.split()) > 1:
            assert not any(title in fold(said) for said, _, _ in played.lines)


def test_success_is_that_the_target_is_shown(films):
    players = Players(films, PEOPLE)
    for number in range(20):
        played = play(films, players.user(number, seed=3), number)
        title = films.index.catalog.item(played.target).title
        assert len(played.lines) == played.turns <= LIMIT
        assert (title in played.lines[-1][2]) or played.found is None


def test_the_true_choices_are_known(films, reader):
    alien = films.index.catalog.item("1")
    asked = reader.asked(turn("What kind?", ["comedy", "horror", "drama"]), alien)
    assert asked.field.name == "genres"
    assert asked.true == ("horror",)
    asked = reader.asked(turn("Which years?", ["the 1970s", "the 1990s"]), alien)
    assert asked.field.name == "year"
    assert asked.true == ("the 1970s",)


def test_a_question_under_a_list_is_read_from_its_words(films, reader):
    alien, shown = films.index.catalog.item("1"), films.index.catalog.items[4:6]
    text = "Here you are.\n\n1. The Mask\n2. Dumb and Dumber\n\nWhat do you feel like: comedy, horror or drama?"
    assert reader.asked(turn(text, (), shown, "recommend"), alien).true == ("horror",)
    assert reader.options(turn("Here you are.\n\n1. The Mask", (), shown, "recommend")) == ()


def test_a_question_for_an_example_is_told_from_one_about_the_list(films, reader):
    shown = films.index.catalog.items[4:6]

    def under(question):
        return reader.asks_for_example(turn(f"Here you are.\n\n1. The Mask\n\n{question}", (), shown, "recommend"))

    assert under("Which film did you love lately?")
    assert under("Tell me about one you loved and I will look for its relatives.")
    assert not under("Which of these do you like?")
    assert not under("Which years suit you: the 1970s or the 1990s?")


def test_somebody_asked_for_an_example_names_what_they_have_in_mind_like_it_and_once(films):
    shown = films.index.catalog.items[4:6]
    asked = turn("Here you are.\n\n1. The Mask\n\nWhich film did you love lately?", (), shown, "recommend")
    players = Players(films, PEOPLE)
    users = [players.user(n, seed=9) for n in range(60)]
    named = 0
    for user in users:
        user.opening()
        said = [user.reply(asked) for _ in range(6)]
        example = user.goal.example
        naming = [text for text in said if len(example) > 2 and example in text]
        assert len(naming) <= 1
        named += bool(naming)
    assert named > len(users) / 4


def test_the_one_that_is_meant_is_chosen_of_several(reader):
    which = turn("Which one?", ["Heat (1986)", "Heat (1995)", "Alien (1979)"])
    assert reader.which(which, "Alien") == "Alien (1979)"
    assert reader.which(which, "The Mask") == ""


def test_what_is_wrong_with_a_list_is_seen(films, reader):
    catalog = films.index.catalog
    comedies = [catalog.item(i) for i in ("5", "6", "11")]  # of 1994 and 1995
    alien = catalog.item("1")
    assert ("year", "high") in reader.too_low_or_high(turn(items=comedies), alien)
    assert reader.too_much(turn(items=comedies), alien) == ["comedy"]
    assert reader.too_much(turn(items=comedies), comedies[0]) == []


def test_strategies_meet_the_same_users_and_are_compared_in_pairs(films):
    figures = compare(films.asking, dialogues=12, seed=1, strategies=("gain", "never"))
    ours, never = (figures["strategies"][name]["overall"] for name in ("gain", "never"))
    assert ours["dialogues"] == never["dialogues"] == 12
    saved = never["ours_fewer_turns"][0]
    assert saved == pytest.approx(never["turns"][0] - ours["turns"][0])
    assert all(name in table(figures) for name in ("gain", "never", "overall"))


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    rng = random.Random(0)
    held = sum(
        low <= 0.3 <= high
        for _ in range(300)
        for _, low, high in [wilson(sum(rng.random() < 0.3 for _ in range(80)), 80)]
    )
    assert held > 270
    middle, low, high = mean([1.0, 2.0, 3.0])
    assert low < middle == 2.0 < high
    assert wilson(0, 0) == (0.0, 0.0, 1.0)
