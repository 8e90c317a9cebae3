import json

import pytest
from shelf import shelf

from index.company import linked_positions, own_positions, read_ratings, together
from index.dialogues import mentions, read_dialogues
from index.errors import CatalogError

CATALOG = shelf()
FIRST, SECOND, THIRD = (item.id for item in CATALOG.items[:3])


def write(path, *lines):
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("header", ["userId,movieId,rating,timestamp", "User ID,item,Stars,when"])
def test_a_row_holds_what_one_person_liked(tmp_path, header):
    ratings = write(tmp_path / "r.csv", header, "u,1,5,0", "u,2,3.5,0", "u,3,2,0", "v,1,5,0", "w,9,5,0")
    found = read_ratings(ratings, {"1": 0, "2": 1, "3": 2})
    assert [dict(row) for row in found.rows] == [{0: 1.0, 1: 1.0}]


def test_without_values_everything_counts(tmp_path):
    ratings = write(tmp_path / "r.csv", "user_id;item_id", "u;1", "u;3")
    assert [dict(row) for row in read_ratings(ratings, {"1": 0, "3": 2}).rows] == [{0: 1.0, 2: 1.0}]


def test_ids_of_another_source_come_through_a_table(tmp_path):
    table = write(tmp_path / "ids.csv", "ours,theirs", f"{FIRST},7", f"{THIRD},8", "gone,9")
    assert linked_positions(table, CATALOG) == {"7": 0, "8": 2}
    with pytest.raises(CatalogError, match=r"line 2: 3 columns"):
        linked_positions(write(tmp_path / "three.csv", "a,b,c", "1,2,3"), CATALOG)


def test_both_forms_of_dialogue_give_the_items_named_but_not_disliked(tmp_path):
    published = {
        "messages": [{"text": "I saw @1 and @2"}, {"text": "and @3?"}],
        "initiatorQuestions": {"3": {"liked": 0, "seen": 1, "suggested": 1}},
        "respondentQuestions": [],
    }
    plain = {
        "messages": [{"role": "user", "text": "lamps", "mentions": [FIRST]}],
        "likes": [SECOND],
        "dislikes": [THIRD],
        "seen": [THIRD],
    }
    lines = write(tmp_path / "d.jsonl", json.dumps(published))
    assert [dict(r) for r in together(read_dialogues(lines, {"1": 0, "2": 1, "3": 2})).rows] == [{0: 1.0, 1: 1.0}]
    lines = write(tmp_path / "e.jsonl", json.dumps(plain))
    assert [dict(r) for r in together(read_dialogues(lines, own_positions(CATALOG))).rows] == [{0: 1.0, 1: 1.0}]


def test_mentions_go_before_what_the_text_carries():
    assert mentions({"text": "@5 or @x7!"}) == ["5", "x7"]
    assert mentions({"text": "@5", "mentions": ["6"]}) == ["6"]
    assert mentions({"text": "@5", "mentions": []}) == []


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("a,b,c", "1,2,3"), r"line 1: none of the columns a, b, c is the user"),
        (("user,thing", "1,2"), r"is the item; name one of them item_id"),
        (("user,item,rating", "1,2,3", "1,3,good"), r"line 3: the rating 'good' is no number"),
    ],
)
def test_ratings_that_cannot_be_read_name_the_line(tmp_path, lines, said):
    with pytest.raises(CatalogError, match=said):
        read_ratings(write(tmp_path / "r.csv", *lines), {"2": 0})


def test_a_line_without_messages_is_named(tmp_path):
    lines = write(tmp_path / "d.jsonl", '{"messages": []}', '{"text": "hi"}')
    with pytest.raises(CatalogError, match=r"d.jsonl, line 2: no list of messages"):
        read_dialogues(lines, {})


def test_values_of_an_identifier_field_are_ids_too():
    assert own_positions(CATALOG, "maker")["maker of lamps"] == 11
