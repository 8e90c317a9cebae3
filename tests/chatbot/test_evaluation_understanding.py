"""Scores of understanding: a perfect reading scores 1, a wrong one less, on utterances whose truth is known."""

import json

import pytest
from house import bot_for
from hypothesis import given
from hypothesis import strategies as st

from chatbot.cli import main
from chatbot.evaluation.atoms import Atom, Atoms, implied, tidy
from chatbot.evaluation.scoring import score
from chatbot.evaluation.situations import Situations
from chatbot.evaluation.understanding import check_visible, failures, figures, judge, judge_files
from chatbot.evaluation.utterances import GoldError, read_utterances
from index.constraints import Constraint

ROOMS = {name: Situations(bot_for(name).index.catalog, bot_for(name).understander) for name in ("films", "shop")}
ATOMS = ROOMS["films"].atoms
SHOWN = {"shown": ["Heat (1995)", "Alien (1979)"]}


def row(kinds, say, gold, given_=None, catalog="films", number=1):
    return {"id": f"u{number}", "catalog": catalog, "kinds": kinds, "given": given_ or {}, "say": say, "gold": gold}


RIGHT = (
    row(["entities", "polarity"], "I loved Alien but no musicals",
        {"intent": "tell", "adds": ["+item:Alien (1979)", "-genres:musical"]}),
    row(["constraints"], "a comedy or a drama from the 90s",
        {"intent": "tell", "adds": ["+genres:drama|comedy", "year>=1990", "year<2000"]}),
    row(["critiques"], "something newer", {"intent": "tell", "adds": ["year>1979"]}, {"shown": ["Alien (1979)"]}),
    row(["questions", "references"], "who directed the first one?",
        {"intent": "question", "question": "fact", "field": "directors", "about": ["Heat (1995)"]}, SHOWN),
    row(["corrections"], "forget the comedy", {"intent": "forget", "drops": ["+genres:comedy"]},
        {"beliefs": ["+genres:comedy", "year>=1990"]}),
    row(["feedback"], "seen the first one", {"intent": "tell", "adds": ["seen:Heat (1995)"]}, SHOWN),
    row(["rest"], "thanks", {"intent": "thanks"}),
    row(["constraints"], "lamps below 30", {"intent": "tell", "adds": ["+category:lamps", "price<30"]}, catalog="shop"),
)  # fmt: skip


def judged(tmp_path, rows):
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(json.dumps({**r, "id": f"u{n}"}) for n, r in enumerate(rows)), encoding="utf-8")
    return judge(read_utterances(path), ROOMS)


def test_a_perfect_reading_scores_1(tmp_path):
    found = judged(tmp_path, RIGHT)
    assert failures(found) == []
    result = figures(found, seed=0)
    assert {s["f1"] for s in result["kinds"].values()} == {1.0}
    assert result["intent"]["accuracy"] == result["all_right"] == 1
    assert {"entities", "polarity", "constraints", "references", "critiques", "corrections"} <= set(result["kinds"])


WRONG = (
    ("entities", RIGHT[0], {"intent": "tell", "adds": ["+item:Aliens (1986)", "-genres:musical"]}),
    ("polarity", RIGHT[0], {"intent": "tell", "adds": ["+item:Alien (1979)", "+genres:musical"]}),
    ("constraints", RIGHT[1], {"intent": "tell", "adds": ["+genres:drama", "+genres:comedy", "year>=1990"]}),
    ("critiques", RIGHT[2], {"intent": "tell", "adds": ["year>1995"]}),
    ("references", RIGHT[3], {**RIGHT[3]["gold"], "about": ["Alien (1979)"]}),
    ("questions", RIGHT[3], {**RIGHT[3]["gold"], "field": "year"}),
    ("corrections", RIGHT[4], {"intent": "forget", "drops": ["year>=1990"]}),
    ("feedback", RIGHT[5], {"intent": "tell", "adds": ["-item:Heat (1995)"]}),
)


@pytest.mark.parametrize(("kind", "said", "gold"), WRONG)
def test_a_wrong_reading_scores_less_in_its_kind(tmp_path, kind, said, gold):
    found = judged(tmp_path, [{**said, "gold": gold}])
    assert figures(found, seed=0)["kinds"][kind]["f1"] < 1
    assert said["say"] in failures(found)[0]


def test_a_wrong_intent_counts(tmp_path):
    assert figures(judged(tmp_path, [{**RIGHT[6], "gold": {"intent": "bye"}}]), 0)["intent"]["accuracy"] == 0


def test_the_sign_of_a_wrong_polarity_does_not_spoil_the_entity(tmp_path):
    found = figures(judged(tmp_path, [{**RIGHT[0], "gold": WRONG[1][2]}]), 0)["kinds"]
    assert found["entities"]["f1"] == 1
    assert found["polarity"]["f1"] == 0.5


def test_people_are_one_field_and_a_series_is_one_atom(tmp_path):
    rows = (
        row(["entities"], "no Clint Eastwood", {"intent": "tell", "adds": ["-directors:Clint Eastwood"]}),
        row(["entities"], "I hate Alien", {"intent": "tell", "adds": ["-item:Alien*"]}),
    )
    assert figures(judged(tmp_path, rows), 0)["kinds"]["entities"]["f1"] == 1


BOUNDS = st.builds(Constraint, st.just("year"), st.sampled_from(["<", "<=", ">", ">=", "="]), st.integers(1990, 1994))


@given(BOUNDS, BOUNDS)
def test_a_bound_is_implied_where_every_year_that_meets_the_other_meets_it(one, other):
    def meets(constraint, year):
        value = constraint.value
        return {"<": year < value, "<=": year <= value, ">": year > value, ">=": year >= value, "=": year == value}[
            constraint.op
        ]

    truth = all(meets(one, year) for year in range(1980, 2005) if meets(other, year))
    assert implied(ATOMS.of_constraint(one)[0], ATOMS.of_constraint(other)) == truth


def test_atoms_say_nothing_twice():
    low, high = ATOMS.read("year>1994"), ATOMS.read("year<=1995")
    assert tidy([low, high]) == {ATOMS.read("year=1995")}
    assert tidy(map(ATOMS.read, ["seen:Heat (1995)", "-item:Heat (1995)"])) == {ATOMS.read("-item:Heat (1995)")}
    assert ATOMS.read("+genres:Drama|comedy") == ATOMS.read("+genres:comedy|drama")


@pytest.mark.parametrize(
    "text", ["+genre:comedy", "+genres:opera", "+item:Alien (1980)", "-item:Nothing*", "comedy", "price<3", "year>x"]
)
def test_what_the_catalog_does_not_have_is_no_atom(text):
    with pytest.raises(ValueError, match=r"no|has"):
        ATOMS.read(text)


def test_evidence_states_its_atom():
    for text in ("+genres:comedy", "-cast:Al Pacino", "year>=1990", "+item:Up (2009)", "seen:Up (2009)", "-text"):
        atom = ATOMS.read(text)
        assert ATOMS.of(ATOMS.evidence(atom, text)) == [atom]
    assert Atoms(ROOMS["shop"].catalog).read("price<20") == Atom("number", "<", "price", (20.0,))


def test_figures_of_known_counts():
    one, two, three = (frozenset(s) for s in ("ab", "bc", "c"))
    found = score([(one, two), (three, three)], seed=1)
    assert (found.precision, found.recall, found.f1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert found.low <= found.f1 <= found.high
    assert score([(one, one)] * 5, seed=1).low == 1


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{", "JSON"), ("[]", "object"), ('{"id": "a"}', "'gold' is missing"),
        (json.dumps(row(["colours"], "x", {"intent": "tell"})), "colours"),
        (json.dumps(row(["rest"], "x", {"intent": "hope"})), "hope"),
        (json.dumps(row(["rest"], "x", {"intent": "question"})), "kind of question"),
        (json.dumps(row(["rest"], "x", {"intent": "tell", "likes": []})), "likes"),
        (json.dumps(row(["rest"], "x", {"intent": "tell", "adds": "comedy"})), "adds"),
    ],
)  # fmt: skip
def test_a_broken_line_is_named(tmp_path, line, named):
    path = tmp_path / "gold.jsonl"
    path.write_text(f"{json.dumps(RIGHT[0])}\n{line}\n", encoding="utf-8")
    with pytest.raises(GoldError, match=f"line 2: .*{named}"):
        read_utterances(path)


def test_an_unknown_title_is_named_with_its_line(tmp_path):
    with pytest.raises(GoldError, match=r"line 1: .*Alien 9"):
        judged(tmp_path, [{**RIGHT[0], "gold": {"intent": "tell", "adds": ["+item:Alien 9"]}}])


def test_the_failures_of_the_held_out_part_stay_hidden(tmp_path, capsys):
    with pytest.raises(GoldError, match="spoil"):
        check_visible([tmp_path / "held_out.jsonl"])
    assert main(["evaluate", "dialogue", "--only", "utterances", "--part", "held_out", "--failures"]) == 2
    assert "spoil" in capsys.readouterr().err


def test_a_refused_number_that_a_bound_keeps_out_says_nothing_more():
    refused = ATOMS.of_constraint(Constraint("year", "not in", (1988, 1989)))
    assert tidy([*refused, ATOMS.read("year>=1990")]) == {ATOMS.read("year>=1990")}
    assert len(tidy([*refused, ATOMS.read("year>=1989")])) == 2


def test_questions_that_are_answered_alike_are_the_same(tmp_path):
    rows = (
        row(["questions"], "compare Alien and Heat",
            {"intent": "question", "question": "compare", "about": ["Alien (1979)", "Heat (1995)"]}),
        row(["questions"], "when is Heat from?",
            {"intent": "question", "question": "has", "field": "year", "value": "1995", "about": ["Heat (1995)"]}),
    )  # fmt: skip
    assert figures(judged(tmp_path, rows), 0)["kinds"]["questions"]["f1"] == 1


def test_the_command_measures_a_file_of_ones_own(tmp_path, capsys):
    rows = [
        {**RIGHT[6], "catalog": "shop", "id": "a"},
        row(["questions"], "which fridge?", {"intent": "question", "question": "profile"}, catalog="shop", number="b"),
    ]
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    command = ["evaluate", "dialogue", "--only", "utterances", "--utterances", str(path)]
    assert main([*command, "--failures", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["utterances"]["mine"]
    assert found["utterances"] == 2
    assert found["intent"]["accuracy"] == 0.5
    assert "which fridge?" in found["failures"][0]
    assert main(command) == 0
    assert "mine: 2 utterances" in capsys.readouterr().out


def test_a_catalog_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps({**RIGHT[6], "catalog": "cheeses"}), encoding="utf-8")
    with pytest.raises(GoldError, match="cheeses"):
        judge_files([path])
