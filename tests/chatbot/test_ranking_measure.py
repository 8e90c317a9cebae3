import json

import numpy as np
import pytest
from house import bot_for

from chatbot.evaluation.ranking.data import folds, load, split
from chatbot.evaluation.ranking.lists import gini
from chatbot.evaluation.ranking.metrics import ndcg, recall, top
from index.classics.neighbours import strongest
from index.diversity import calibrate, expose
from index.errors import RapportError


@pytest.fixture
def ratings(tmp_path):
    """Sixty people; the even ones like what the catalog has in one half, the odd ones the other half."""
    generator = np.random.default_rng(0)
    items = bot_for("films").index.catalog.items
    lines = ["userId,movieId,rating,timestamp"]
    for user in range(60):
        for at, item in enumerate(items):
            if generator.random() < 0.8:
                own = (at < len(items) // 2) == (user % 2 == 0)
                lines.append(f"{user},{item.id},{5.0 if own else 2.0},{at}")
    (tmp_path / "ratings.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return tmp_path


def test_people_are_split_and_hits_are_given_or_kept(ratings):
    index = bot_for("films").index
    data = load(ratings, index.catalog, index.embedder)
    assert len(data.people) == 60
    assert all(set(p.liked) <= set(range(10)) or set(p.liked) <= set(range(10, 20)) for p in data.people)
    parts = folds(5, 60, np.random.default_rng(0))
    assert sorted(np.concatenate(parts)) == list(range(60))
    found = split(data.people, parts[0], np.concatenate(parts[1:]), 20, np.random.default_rng(0))
    for at, gold in enumerate(found.gold):
        given = set(found.histories[at].indices)
        assert given.isdisjoint(gold)
        assert len(given) >= len(gold) >= 1
    assert len(found.learning) == 48


def test_figures_of_a_ranking():
    import scipy.sparse as sparse

    histories = sparse.csr_matrix(np.array([[0, 0, 0, 1]]))
    lists = top(np.array([[0.1, 0.5, 0.4, 9.0]]), histories, 3)
    assert lists.tolist() == [[1, 2, 0]]
    assert ndcg(lists, [np.array([1])]).tolist() == [1.0]
    assert ndcg(lists, [np.array([2])])[0] == pytest.approx(1 / np.log2(3))
    assert recall(lists, [np.array([2, 3])], 2).tolist() == [0.5]


def test_ties_do_not_follow_the_order_of_the_catalog():
    import scipy.sparse as sparse

    lists = top(np.zeros((1, 50)), sparse.csr_matrix((1, 50)), 50)[0]
    assert sorted(lists) == list(range(50))
    assert list(lists) != list(range(50))


def test_all_methods_are_measured_and_aigc_finds_the_truth(ratings):
    pytest.importorskip("implicit")
    from chatbot.evaluation.ranking import evaluate, methods
    from chatbot.evaluation.ranking.report import table

    few = {name: settings[:1] for name, settings in methods.GRIDS.items()}
    figures = evaluate(bot_for("films").index, ratings, 1, 0, lambda what: None, few)
    by_name = {row["method"]: row for row in figures["methods"]}
    assert set(by_name) == {*methods.GRIDS, "hybrid", "AIGC"}
    assert by_name["AIGC"]["recall"][0] == 1.0
    assert by_name["AIGC"]["ndcg"][0] > by_name["popularity"]["ndcg"][0] + 0.2
    assert by_name["AIGC"]["aigc_less_ndcg"][0] == 0
    assert {row["method"] for row in figures["one_sentence"]} == {
        "popularity",
        "the bot, one sentence",
        "AIGC, the item named",
    }
    assert "AIGC" in table(figures, as_json=False)
    assert json.loads(table(figures, as_json=True))["items"] == 20


def test_a_folder_without_ratings_is_told(tmp_path):
    with pytest.raises(RapportError, match=r"ratings\.csv"):
        load(tmp_path, bot_for("films").index.catalog, bot_for("films").index.embedder)


def test_calibration_brings_the_kinds_of_a_person():
    kinds = np.repeat(np.eye(2), 5, axis=0)
    relevance = np.linspace(1, 0, 10)
    assert calibrate(kinds, relevance, np.array([0.6, 0.4]), 5, 0.0) == [0, 1, 2, 3, 4]
    chosen = calibrate(kinds, relevance, np.array([0.6, 0.4]), 5, 0.95)
    assert kinds[chosen].mean(axis=0).tolist() == [0.6, 0.4]


def test_the_long_tail_comes_up_by_as_much_as_is_asked():
    relevance, fame = [1.0, 0.9, 0.8], np.array([1.0, 0.5, 0.0])
    assert expose(relevance, fame, 0.0).tolist() == relevance
    assert expose(relevance, fame, 0.5).argsort()[::-1].tolist() == [2, 1, 0]


def test_gini_is_none_where_all_are_equal_and_high_where_one_takes_all():
    assert gini(np.full(10, 3)) == pytest.approx(0)
    assert gini(np.array([0] * 9 + [30])) == pytest.approx(0.9)


def test_strongest_keeps_the_highest_of_each_row():
    assert strongest(np.array([[0.1, 0.3, -0.5], [0.2, 0.2, 0.9]]), 1).tolist() == [[0, 0.3, 0], [0, 0, 0.9]]


def test_the_bot_shows_what_is_less_known_where_the_long_tail_is_asked_for():
    from house import TODAY, films

    from chatbot.bot import Chatbot

    bot = bot_for("films")
    fame = {item.id: float(item.facts["popularity"]) for item in films().items}
    shown = {}
    for share in (0.0, 1.0):
        talk = Chatbot(bot.index, bot.writer, TODAY, long_tail=share).start(seed=1)
        shown[share] = np.mean([fame[item.id] for item in talk.say("show me something from the 90s").items])
    assert shown[1.0] < shown[0.0]
