"""The measure on ReDial: its counting by hand, and the whole of it on dialogues whose rule is known."""

import gzip
import json
import random

import numpy as np
import pytest

from chatbot.evaluation.redial import Hits, evaluate, recalls, table
from index.dialogues import Said
from index.errors import RapportError
from index.ranker.contexts import Example
from index.ranker.fitting import Settings
from index.ranker.net import NetSettings

QUICK = Settings(folds=2, nets_per_fold=1, blends=1, net=NetSettings(dimension=16, rate=1e-2, batch=32))
KINDS = ("scary", "funny", "sad")


def test_recall_is_the_share_of_what_was_named_among_the_first():
    scores = -np.arange(60.0)
    assert recalls(scores, [0]) == [1, 1, 1]
    assert recalls(scores, [0, 9, 10, 55]) == [0.25, 0.5, 0.75]


def test_equal_scores_stand_in_the_order_of_the_catalog():
    assert recalls(np.zeros(60), [0]) == [1, 1, 1]
    assert recalls(np.zeros(60), [10]) == [0, 0, 1]


def test_dedup_leaves_out_what_was_named_before():
    hits = Hits()
    scores = np.array([3.0, 2.0, 1.0])
    hits.add(Example((Said(True, "", (0,)),), (0, 1), False, 0), scores)
    hits.add(Example((Said(True, "", (0,)),), (0,), False, 0), scores)
    assert hits.dedup == [[1, 1, 1]]
    assert hits.every == [[0.5, 1, 1], [1, 1, 1]]


@pytest.fixture
def data(tmp_path):
    """Films 0 to 59, twenty of each kind; who asks for a kind is answered with one of its first three films."""
    (tmp_path / "redial").mkdir()
    (tmp_path / "ml-latest-small").mkdir()
    films = [f"{n},Film number {n} ({1950 + n})" for n in range(60)]
    (tmp_path / "redial/movies.csv").write_text("\n".join(["movieId,movieName", *films]) + "\n")
    (tmp_path / "redial/movielens_ids.csv").write_text("redialMovieId,movielensMovieId\n0,1\n1,2\n")
    (tmp_path / "ml-latest-small/ratings.csv").write_text("userId,movieId,rating,timestamp\n1,1,5,0\n1,2,5,0\n")
    facts = [{"movieId": str(n), "genre": [KINDS[n // 20]], "director": [f"Director {n % 7}"]} for n in range(60)]
    order = random.Random(0)
    talks = [talk(order, number) for number in range(200)]
    for name, rows in (("movie_facts", facts), ("train", talks)):
        with gzip.open(tmp_path / f"redial/{name}.jsonl.gz", "wt") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    return tmp_path


def talk(order, number):
    kind = order.randrange(3)
    said = [(1, f"something {KINDS[kind]} like @{20 * kind + 5}"), (2, f"try @{20 * kind + order.randrange(3)}")]
    return {
        "conversationId": str(number),
        "initiatorWorkerId": 1,
        "respondentWorkerId": 2,
        "messages": [{"senderWorkerId": who, "text": text} for who, text in said],
    }


def test_the_rule_of_the_dialogues_is_found(data):
    figures = evaluate(data, ablations=["the nets"], settings=QUICK)
    assert figures["dialogues"] == 180
    assert figures["rows"] == {"all": 20, "dedup": 20}
    learned = figures["figures"]["learned ranking"]["dedup"]
    assert learned["R@10"][0] == 1
    assert learned["R@10"][0] > figures["figures"]["the published sketch"]["dedup"]["R@10"][0]
    assert figures["names linked in plain text"]["dedup"]["R@10"][0] == 1
    assert "learned ranking" in table(figures, as_json=False)
    assert json.loads(table(figures, as_json=True))["split"] == "valid"


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(RapportError, match=r"movies\.csv"):
        evaluate(tmp_path)
