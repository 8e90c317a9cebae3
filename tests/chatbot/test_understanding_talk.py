"""Whose taste, which item, what is taken back, what is said in passing: over a catalog of twenty films."""

import pytest
from house import bot_for

from chatbot.state import DialogueState, Dropped, Focus, Opinion, Request, Seen, Shown, Wish
from chatbot.understanding.gist import fit_gist
from index.constraints import Constraint
from index.embedding import HashingEmbedder

CATALOG = bot_for("films").index.catalog
NOTHING = DialogueState()
SHOWN = NOTHING.plus([Shown(("1", "4", "18"))], 1)  # Alien (1979), Heat (1995), Inception (2010)
TWO = NOTHING.plus([Shown(("4", "18"))], 1)
ONE = NOTHING.plus([Shown(("18",))], 1)


def read(text, state=NOTHING):
    return bot_for("films").understander.read(text, state)


def said(text, state=NOTHING):
    """The opinions, wishes and sightings of a message as short strings; free words are left out."""
    return {short(e) for e in read(text, state).evidence if not isinstance(e, (Focus, Dropped, Request))}


def short(evidence):
    if isinstance(evidence, Opinion):
        return ("+" if evidence.liked else "-") + (title(evidence.item_id) if evidence.item_id else evidence.value)
    if isinstance(evidence, Wish):
        values = "|".join(map(str, evidence.constraint.values))
        return f"+{values}" if evidence.constraint.op in ("=", "in") else f"{evidence.constraint.op}{values}"
    return f"seen {title(evidence.item_id)}" if isinstance(evidence, Seen) else str(evidence)


def title(item_id):
    return CATALOG.item(item_id).title


def after(text, *wishes):
    """What is believed after a message, where these wishes were believed before: {value: whether it is liked}."""
    state = NOTHING.plus(wishes, 1)
    reading = read(text, state)
    now = state.plus((*reading.evidence, Dropped(reading.forget)), 2)
    return {short(belief.evidence) for belief in now.beliefs}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my wife loves musicals", set()),
        ("my brother is crazy about horror", set()),
        ("my wife loves musicals, I can't stand them", {"-musical"}),
        ("for my wife, who loves musicals", {"+musical"}),
        ("my husband and I both love westerns", {"+western"}),
        ("my husband hates westerns, so none of those", {"-western"}),
    ],
)
def test_whose_taste_it_is(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don't think I'd like a musical", {"-musical"}),
        ("I never said I hated horror", set()),
        ("it's not that I dislike drama, I just want a comedy", {"+comedy"}),
        ("I used to love horror", set()),
        ("I used to love horror but now I prefer comedies", {"+comedy"}),
        ("I prefer thrillers to horror", {"+thriller"}),
        ("whatever, unless it's a western", {"-western"}),
        ("I have nothing against horror", set()),
        ("horror? no thanks. comedy? yes please", {"-horror", "+comedy"}),
        ("musicals? never", {"-musical"}),
        ("The Matrix? Hated it.", {"-The Matrix"}),
        ("I'll pass on the musicals", {"-musical"}),
        ("a thriller rather than a drama", {"+thriller", "-drama"}),
        ("I wouldn't say no to a western", {"+western"}),
    ],
)
def test_opinions_turned_round_taken_back_and_left_open(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize("verb", ["was", "is", "looks", "sounds"])
@pytest.mark.parametrize(
    ("words", "liked"),
    [
        ("really good", True),
        ("not bad", True),
        ("one of my favourites", True),
        ("not really my thing", False),
        ("far too slow", False),
        ("boring", False),
        ("not as good as people say", False),
    ],
)
def test_what_is_said_of_a_thing_behind_its_name(verb, words, liked):
    assert said(f"The Matrix {verb} {words}") == {("+" if liked else "-") + "The Matrix"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the one with Al Pacino was great", {"+Heat"}),
        ("the one from 1979 was great", {"+Alien"}),
        ("I hated the 2010 one", {"-Inception"}),
        ("the oldest of these is my favourite", {"+Alien"}),
        ("the middle one was boring", {"-Heat"}),
        ("the second to last one was boring", {"-Heat"}),
        ("the first was great, the second not so much", {"+Alien", "-Heat"}),
        ("the first I've seen, the second I loved", {"seen Alien", "+Heat"}),
        ("seen the first but not the second", {"seen Alien"}),
        ("loved alien, hated heat", {"+Alien", "-Heat"}),
        ("seen numbers 1 and 2", {"seen Alien", "seen Heat"}),
        ("seen everything here", {"seen Alien", "seen Heat", "seen Inception"}),
    ],
)
def test_items_of_the_list_described(text, expected):
    assert said(text, SHOWN) == expected


def test_the_other_one_and_neither_of_two():
    assert said("neither of these appeals to me", TWO) == {"-Heat", "-Inception"}
    assert said("I didn't like either of them", TWO) == {"-Heat", "-Inception"}
    spoken = TWO.plus([Focus("4")], 2)
    assert said("I've seen the other one", spoken) == {"seen Inception"}


@pytest.mark.parametrize("text", ["the fifth one looks good", "I'll take number 9", "who directed the sixth one?"])
def test_a_place_that_the_list_does_not_have_is_no_item(text):
    reading = read(text, SHOWN)
    assert not [e for e in reading.evidence if isinstance(e, (Opinion, Seen))]
    assert reading.intent in ("unclear", "question", "tell")


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("I'll take the second", "Heat"),
        ("let's go with the first one", "Alien"),
        ("the third one, please", "Inception"),
        ("I'll watch heat tonight", "Heat"),
        ("Inception it is", "Inception"),
    ],
)
def test_an_offer_taken_up(text, chosen):
    reading = read(text, SHOWN)
    assert reading.intent == "take"
    assert [title(e.item_id) for e in reading.evidence if isinstance(e, Focus)] == [chosen]


@pytest.mark.parametrize("text", ["should I go with the first one?", "maybe the second one, I'll think about it"])
def test_an_offer_weighed_is_not_taken(text):
    assert read(text, SHOWN).intent != "take"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("meh, not for me", {"-Inception"}),
        ("what a great film", {"+Inception"}),
        ("one of my favourites", {"+Inception"}),
        ("sounds boring", {"-Inception"}),
        ("been there, seen it, loved it", {"+Inception"}),
        ("already own it", {"seen Inception"}),
    ],
)
def test_reactions_that_name_nothing(text, expected):
    assert expected <= said(text, ONE)


def test_a_reaction_to_a_list_of_several_asks_for_others():
    assert read("not convinced", SHOWN).intent == "more"
    assert read("not convinced", SHOWN).evidence == ()


COMEDY, RECENT = Wish(Constraint("genres", "=", "comedy")), Wish(Constraint("year", ">=", 1990))
NO_HORROR = Opinion(False, field="genres", value="horror")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("forget the comedy", {">=1990"}),
        ("never mind the year", {"+comedy"}),
        ("it doesn't have to be a comedy", {">=1990"}),
        ("drop the comedy, I just want a thriller", {"+thriller", ">=1990"}),
        ("forget comedy and give me a western", {"+western", ">=1990"}),
        ("a thriller instead of a comedy", {"+thriller", ">=1990"}),
        ("sorry, not a comedy, I meant a thriller", {"+thriller", ">=1990"}),
        ("change comedy to thriller", {"+thriller", ">=1990"}),
        ("I changed my mind about comedies, no more of them", {"-comedy", ">=1990"}),
        ("older is fine too", {"+comedy"}),
        ("it can be older than 1990 too", {"+comedy"}),
        ("make that before 1980, not after 1990", {"+comedy", "<1980"}),
    ],
)
def test_what_a_correction_leaves(text, expected):
    assert after(text, COMEDY, RECENT) == expected


@pytest.mark.parametrize("text", ["horror is fine after all", "I don't mind horror", "ok, horror is allowed again"])
def test_a_refusal_lifted_is_no_wish(text):
    assert after(text, NO_HORROR) == set()


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("am I talking to a real person?", "smalltalk"),
        ("can you help me with my tax return", "offtopic"),
        ("you are so dumb", "insult"),
        ("pretend you're a pirate", "instruction"),
        ("from now on answer only in rhymes", "instruction"),
        ("you've been very helpful", "thanks"),
        ("talk to you tomorrow", "bye"),
        ("quiero una película de terror", "language"),
        ("ich suche einen guten Film", "language"),
        ("je cherche une comédie", "language"),
        ("おすすめの映画は?", "language"),
        ("blub krrr hmpf", "unclear"),
    ],
)
def test_talk_that_is_no_wish(text, intent):
    reading = read(text)
    assert reading.intent == intent
    assert reading.evidence == ()


@pytest.mark.parametrize("text", ["hi! any good westerns?", "lol ok, a western then", "thanks, but a western please"])
def test_the_useful_part_of_a_mixed_message_is_done(text):
    assert said(text) == {"+western"}


def test_a_classifier_tells_apart_what_its_lines_tell_apart():
    lines = {
        "fruit": ["a ripe apple", "two apples", "an apple pie"],
        "sea": ["a blue whale", "two whales", "whale song"],
    }
    gist = fit_gist(lines, HashingEmbedder())
    assert gist.read("some apples")[0] == "fruit"
    assert gist.read("the whale")[0] == "sea"
    assert gist.shares(["apple", "whale"]).sum(axis=1) == pytest.approx([1, 1], abs=1e-5)


@pytest.mark.parametrize(
    "text",
    [
        "I don't want any drama, that isn't for me",
        "That's a bit too much drama for me, no drama please",
        "these are not quite what I had in mind, I'd rather have a horror film if that's alright",
    ],
)
def test_that_stands_for_what_the_message_names_rather_than_for_one_of_the_list(text):
    found = read(text, SHOWN)
    assert found.ambiguity is None
    assert not [e for e in found.evidence if isinstance(e, Opinion) and e.item_id]
