"""How people say what they like and refuse: ellipsis, echoes, conditions, others' tastes, things refused together."""

import numpy as np
import pytest
from house import bot_for, talk

from chatbot.evaluation.atoms import Atoms
from chatbot.state import DialogueState, Opinion, Wish
from chatbot.understanding.lexicon import load_lexicon
from chatbot.understanding.understander import Understander
from index.catalog import Catalog, Field, Item
from index.constraints import mask

CATALOG = bot_for("films").index.catalog


def meaning(text, name="films"):
    """The evidence of a message as atoms: "+genres:comedy", "-item:Alien", "year>=1990"."""
    bot = bot_for(name)
    atoms = Atoms(bot.index.catalog)
    state = DialogueState().plus(bot.understander.read(text, DialogueState()).evidence, 1)
    held = [b.evidence for b in state.beliefs if isinstance(b.evidence, (Opinion, Wish))]
    return {atom for one in held for atom in atoms.of(one)}


def gold(*texts, name="films"):
    atoms = Atoms(bot_for(name).index.catalog)
    return {atoms.read(text) for text in texts}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # what a fragment or an echo takes up
        ("I hate horror. And westerns. And musicals too.", ["-genres:horror", "-genres:western", "-genres:musical"]),
        ("Not a big fan of westerns. Or romance, for that matter.", ["-genres:western", "-genres:romance"]),
        ("Musicals? Nope. Westerns? Sure.", ["-genres:musical", "+genres:western"]),
        ("thrillers: love. musicals: hate.", ["+genres:thriller", "-genres:musical"]),
        ("Tom Cruise? God no!", ["-cast:Tom Cruise"]),
        # a condition and its verdict
        ("if there is romance in it, hard pass", ["-genres:romance"]),
        ("if Tom Hanks is in it, count me in", ["+cast:Tom Hanks"]),
        # a verb left out
        ("my wife loves westerns, I don't", ["-genres:western"]),
        ("I wanted to like Inception but I couldn't", ["-item:Inception (2010)"]),
        ("my brother can't get enough of horror. Me, not so much.", ["-genres:horror"]),
        # what others like is theirs, until something is looked for together
        ("my flatmate is crazy about musicals, but I'd like a western", ["+genres:western"]),
        ("he wants to see a comedy with us", ["+genres:comedy"]),
        ("I'd love a horror film but we are watching with my mum and she hates them", ["-genres:horror"]),
        # preferred to
        ("I'd rather go to the dentist than watch a musical", ["-genres:musical"]),
        ("she adores musicals, I'd rather have my teeth pulled", ["-genres:musical"]),
        # rhetorical
        ("who doesn't love a good western", ["+genres:western"]),
        ("who on earth enjoys musicals?", ["-genres:musical"]),
        ("nothing beats a western", ["+genres:western"]),
        ("life is too short for romance", ["-genres:romance"]),
        # exceptions, and lists of them
        ("I'm open to everything bar horror", ["-genres:horror"]),
        ("nothing with romance, ghost trains, or horror", ["-genres:romance", "-genres:horror"]),
        ("Tom Cruise used to be fun. Not anymore.", ["-cast:Tom Cruise"]),
    ],
)
def test_attitudes_are_read_whatever_form_they_take(text, expected):
    assert meaning(text) == gold(*expected)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("films", "no comedies from the 90s", ["-genres:comedy & year>=1990 & year<2000"]),
        ("films", "I hate romantic comedies", ["-genres:romance & genres:comedy"]),
        ("films", "no old westerns", ["-genres:western & year<1980"]),
        ("films", "horror, but no horror from before 1990", ["+genres:horror", "-genres:horror & year<1990"]),
        ("films", "no horror, westerns or comedies", ["-genres:horror", "-genres:western", "-genres:comedy"]),
        ("films", "a comedy without Jim Carrey from after 1990", ["+genres:comedy", "-cast:Jim Carrey", "year>1990"]),
        ("shop", "nothing by Acme over 50", ["-brand:Acme & price>50"]),
        ("shop", "no Acme or Bolt lamps", ["-brand:Acme & category:lamps", "-brand:Bolt & category:lamps"]),
        ("shop", "they shouldn't cost more than 50", ["price<=50"]),
        ("shop", "not a cent over 50 for sneakers", ["+category:sneakers", "price<=50"]),
        ("shop", "lamps, but nothing with less than 4 stars", ["+category:lamps", "stars>=4"]),
        ("shop", "don't you have anything under 50?", ["price<50"]),
        ("shop", "I don't buy Acme", ["-brand:Acme"]),
        ("films", "I was born in 1995 and want something from before that", ["year<1995"]),
        ("films", "I don't want anything from before 1990 or after 2010", ["year>=1990", "year<=2010"]),
        ("shop", "I don't want to spend more than 50 on sneakers", ["+category:sneakers", "price<=50"]),
    ],
)  # fmt: skip
def test_what_is_refused_together_is_as_welcome_alone(name, text, expected):
    assert meaning(text, name) == gold(*expected, name=name)


def test_refused_together_keeps_out_only_what_has_all_of_it():
    conversation = talk()
    turn = conversation.say("no comedies from the 90s, please")
    assert [row["value"] for row in turn.state["dislikes"]] == ["comedies from the 90s"]
    assert "comedies from the 90s" in turn.text
    shown = [item for text in ("comedies", "more") for item in conversation.say(text).items]
    assert [item.facts["year"] for item in shown] == [2009]  # of six comedies, five are of that time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("westerns depress me", ["-genres:western"]),
        ("horror creeped us out", ["-genres:horror"]),
        ("comedies always cheer me up", ["+genres:comedy"]),
        ("give romance a rest, a thriller please", ["-genres:romance", "+genres:thriller"]),
        ("please leave the musicals out", ["-genres:musical"]),
        ("a western is nice but romance is a dealbreaker", ["+genres:western", "-genres:romance"]),
        ("nobody in my family watches horror", ["-genres:horror"]),
        ("Tom Cruise? Don't even start.", ["-cast:Tom Cruise"]),
        ("romance's out", ["-genres:romance"]),
        ("romance, maybe comedy", ["+genres:romance|comedy"]),
    ],
)
def test_what_things_do_to_people_and_what_frames_them(text, expected):
    assert meaning(text) == gold(*expected)


def board_games():
    """Three games, with for how many players and from what age each is."""
    fields = (
        Field("category", "category", role="genre"),
        Field("min_players", "number", integer=True),
        Field("max_players", "number", integer=True),
        Field("min_age", "number", integer=True),
    )
    rows = (("Harbour", "board game", 2, 4, 10), ("Crowd", "card game", 5, 10, 12), ("Nap", "card game", 2, 3, 5))
    names = [field.name for field in fields]
    items = tuple(Item(title, title, dict(zip(names, facts, strict=True))) for title, *facts in rows)
    return Catalog("games", ("game", "games"), fields, items)


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("a game for 3 players", {"Harbour", "Nap"}),
        ("something for six people", {"Crowd"}),
        ("a game for my 8 year old", {"Nap"}),
        ("a card game for 2 players", {"Nap"}),
        ("a game", {"Harbour", "Crowd", "Nap"}),
    ],
)
def test_a_number_of_people_lies_between_the_least_and_the_most(text, fit):
    catalog = board_games()
    understander = Understander(catalog, np.ones(len(catalog)), load_lexicon("en"), 2026)
    state = DialogueState().plus(understander.read(text, DialogueState()).evidence, 1)
    allowed = mask(catalog, state.constraints(catalog))
    assert {item.title for item, fits in zip(catalog.items, allowed, strict=True) if fits} == fit


def test_what_the_catalog_has_is_never_another_matter():
    fields = (Field("meal", "category", many=True), Field("ingredients", "category", many=True))
    rows = (("Stew", ("dinner",), ("beef", "peanut")), ("Soup", ("dinner",), ("lentil",)), ("Cake", ("tea",), ("egg",)))
    items = tuple(Item(t, t, {"meal": meal, "ingredients": parts}) for t, meal, parts in rows)
    catalog = Catalog("recipes", ("recipe", "recipes"), fields, items)
    understander = Understander(catalog, np.ones(3), load_lexicon("en"), 2026)
    for text, refused in (("nothing with peanuts, my son is allergic", "peanut"), ("I don't eat eggs", "egg")):
        evidence = understander.read(text, DialogueState()).evidence
        assert [(e.liked, e.value) for e in evidence if isinstance(e, Opinion)] == [(False, refused)]
