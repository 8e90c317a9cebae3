"""Texts for a catalog's owner, through the public face: true, personal, and leaving out what is not known."""

import io
import json

import pytest
from house import TODAY, bot_for
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.bot import Chatbot
from chatbot.cli import main
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.lines import read_words
from chatbot.generation.surface import stands_verbatim
from chatbot.generation.writer import load_writer
from chatbot.writing.command import orders, write_all
from chatbot.writing.copywriter import KINDS, TONES, CopyError, Copywriter
from chatbot.writing.reviews import Marks
from index.build import build_index
from index.catalog import Catalog, Field, Item
from index.embedding import HashingEmbedder
from index.folder import save_index


def bare():
    """A catalog whose records hold next to nothing."""
    fields = (Field("section", "category", role="genre"), Field("pages", "number", integer=True))
    items = (
        Item("a", "Low Water", {"section": "climate", "pages": None}),
        Item("b", "Ninth", {f.name: None for f in fields}),
    )
    catalog = Catalog("news", ("story", "stories"), fields, items)
    return Chatbot(build_index(catalog, HashingEmbedder()), load_writer("templates", CatalogGuard.of(catalog)), TODAY)


@pytest.mark.parametrize("name", ["films", "shop"])
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_every_text_holds_its_facts_and_no_other_title(name, data):
    bot = bot_for(name)
    item = data.draw(st.sampled_from(bot.index.catalog.items))
    kind, tone = data.draw(st.sampled_from(KINDS)), data.draw(st.sampled_from(TONES))
    copy = Copywriter(bot, tone=tone).write(item.id, kind, seed=data.draw(st.integers(0, 99)))
    assert item.title in copy.text
    assert all(stands_verbatim(copy.text, value) for value in copy.facts.values())
    assert "<" not in copy.text
    assert "\n" not in copy.text
    assert copy.reason is None


def test_the_same_seed_gives_the_same_text_and_another_seed_mostly_another():
    writer = Copywriter(bot_for("films"))
    texts = [writer.write("1", "blurb", seed=seed).text for seed in (*range(8), *range(8))]
    assert texts[:8] == texts[8:]
    assert len(set(texts)) >= 6


def test_what_was_written_is_not_written_again():
    writer = Copywriter(bot_for("shop"))
    first = writer.write("lamps0", "headline", seed=2).text + "."
    assert writer.write("lamps0", "headline", seed=2, avoid=[first]).text + "." != first


def test_a_fact_that_the_record_lacks_leaves_its_sentence_out():
    writer = Copywriter(bare())
    assert writer.write("a", "blurb").facts == {"title": "Low Water", "genre": "climate"}
    assert {kind: writer.write("b", kind).facts for kind in KINDS} == {kind: {"title": "Ninth"} for kind in KINDS}


# ---------------------------------------------------------------- one person


@pytest.mark.parametrize(
    ("profile", "item", "slot", "value"),
    [
        ("I love sci-fi", "1", "wish", "sci-fi films"),
        ("I loved Aliens", "1", "liked", "Aliens"),
        ("something from the 90s, no romance", "4", "wish", "films from the 1990s without romance"),
    ],
)
def test_the_reason_comes_from_the_profile(profile, item, slot, value):
    for seed in range(4):
        copy = Copywriter(bot_for("films")).write(item, "push", profile, seed=seed)
        assert copy.reason is not None
        assert copy.reason[slot] == value
        assert stands_verbatim(copy.text, value)
        assert copy.text.count(copy.reason["title"]) >= 1


@pytest.mark.parametrize("profile", ["I love westerns", "no musicals please", "I loved Notting Hill", "slow and eerie"])
def test_what_the_item_does_not_bear_out_is_no_reason(profile):
    copy = Copywriter(bot_for("films")).write("1", "push", profile)
    assert copy.reason is None
    assert copy.text
    assert not any(word in copy.text for word in ("western", "musical", "Notting", "eerie"))


@pytest.mark.parametrize(
    ("profile", "named"),
    [("I hate horror", "without horror"), ("I hated Alien", "disliked"), ("I have seen Alien", "known already")],
)
def test_an_item_against_the_profile_is_not_offered(profile, named):
    copy = Copywriter(bot_for("films")).write("1", "push", profile)
    assert copy.text == ""
    assert named in copy.problem


def test_two_people_get_different_true_reasons():
    writer = Copywriter(bot_for("films"))
    one, other = (writer.write("1", "push", profile) for profile in ("I like horror", "I like Sigourney Weaver"))
    assert "horror" in one.text.casefold()
    assert "Sigourney Weaver" in other.text
    assert "horror" not in other.text


# ---------------------------------------------------------------- reviews


@pytest.fixture
def marks(tmp_path):
    lines = [
        "user,item,rating",
        *(f"u{n},1,5" for n in range(21)),
        *(f"v{n},1,1" for n in range(7)),
        "w,2,3",
        "x,nope,5",
    ]
    (tmp_path / "ratings.csv").write_text("\n".join(lines) + "\n")
    return Marks.read(tmp_path / "ratings.csv", bot_for("films").index.catalog.positions)


def test_both_sides_of_the_ratings_are_told_with_their_own_numbers(marks):
    writer = Copywriter(bot_for("films"), marks)
    copy = writer.write("1", "reviews")
    assert {copy.facts["value"], copy.facts["value2"], copy.facts["count"]} >= {"25%", "28 ratings"}
    for number in ("4.0 out of 5", "28 ratings", "75%", "25%", "3.5 out of 5"):
        assert number in copy.text
    assert "100%" not in copy.text
    assert "1 rating" in writer.write("2", "reviews").text
    assert "28" not in writer.write("3", "reviews").text


def test_without_ratings_the_record_speaks():
    copy = Copywriter(bot_for("films")).write("6", "reviews")
    assert "3.1 out of 5" in copy.text
    assert "100 ratings" in copy.text


# ---------------------------------------------------------------- the command


def written(*arguments, given="", kind="push"):
    out = io.StringIO()
    failed = write_all(
        Copywriter(bot_for("films")), orders(arguments, kind, None, io.StringIO(given)), 0, out, as_json=True
    )
    return failed, [json.loads(line) for line in out.getvalue().splitlines()]


def test_items_by_id_and_by_json_lines_come_out_in_order():
    given = '{"item": "3"}\n\n{"item": "1", "for": "no horror"}\n{"item": "2", "kind": "reviews"}\n'
    failed, copies = written("5", "-", given=given)
    assert [(c["item"], c["kind"], bool(c["text"])) for c in copies] == [
        ("5", "push", True), ("3", "push", True), ("1", "push", False), ("2", "reviews", True)
    ]  # fmt: skip
    assert failed == 1
    assert all(set(c) == {"item", "kind", "text", "facts", "reason", "problem"} for c in copies)


@pytest.mark.parametrize(
    "line", ["nonsense", "[]", "{}", '{"item": 5}', '{"item": "1", "to": "x"}', '{"item": "1", "for": 3}']
)
def test_a_bad_line_is_named(line):
    with pytest.raises(CopyError, match="line 2"):
        written("-", given='{"item": "1"}\n' + line + "\n")


@pytest.mark.parametrize(
    ("item", "kind", "profile", "named"),
    [
        ("nope", "push", None, "nope"),
        ("alien", "push", None, "'1'"),
        ("1", "song", None, "song"),
        ("1", "reviews", "x", "reviews"),
    ],
)
def test_what_cannot_be_written_is_told(item, kind, profile, named):
    with pytest.raises(CopyError, match=named):
        Copywriter(bot_for("films")).write(item, kind, profile)


def test_the_command_writes_from_an_index_folder(tmp_path, capsys):
    save_index(bot_for("shop").index, tmp_path)
    arguments = ["write", "--index", str(tmp_path), "--generator", "templates", "--kind", "blurb", "--item", "lamps1"]
    assert main(arguments) == 0
    assert "Bolt lamps 1" in capsys.readouterr().out
    assert main([*arguments, "--item", "none"]) == 2
    assert "none" in capsys.readouterr().err


def test_every_plan_of_the_templates_names_the_item():
    templates = read_words().templates
    kinds = (
        "blurb.open",
        "push.plain",
        "push.wanted",
        "push.liked",
        "headline",
        "teaser",
        "reviews.open",
        "reviews.none",
    )
    assert all("<title>" in text for kind in kinds for text in templates[kind])
