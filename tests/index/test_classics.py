import numpy as np
import pytest
import scipy.sparse as sparse
from shelf import KINDS, shelf, where

from index.classics import ContentBased, Ease, Hybrid, ItemKNN, Popularity, UserKNN
from index.classics.content import attributes
from index.classics.neighbours import similarities


def table(rows):
    return sparse.csr_matrix(np.array(rows, dtype=np.float32))


def two_clubs(seed=0, people=40, items=20):
    """The first half of the people likes the first half of the items, the others the rest, each half at random."""
    generator = np.random.default_rng(seed)
    club = np.arange(people) % 2
    own = (np.arange(items) >= items // 2).astype(int)
    return table((club[:, None] == own[None]) & (generator.random((people, items)) < 0.6))


def test_two_users_with_ratings_5_3_and_4_2():
    found = similarities(table([(5, 3)]), table([(4, 2)]))
    assert found[0, 0] == pytest.approx(26 / (34**0.5 * 20**0.5))
    assert round(float(found[0, 0]), 3) == 0.997


def test_pearson_is_the_correlation():
    generator = np.random.default_rng(0)
    these, those = generator.random((3, 9)), generator.random((4, 9))
    found = similarities(table(these), table(those), "pearson")
    assert np.allclose(found, np.corrcoef(these, those)[:3, 3:], atol=1e-5)


def test_shrinkage_lowers_likeness_that_rests_on_little():
    few, many = table([[1, 0, 0, 0], [1, 1, 1, 1]]), table([[1, 0, 0, 0], [1, 1, 1, 1]])
    found = similarities(few, many, shrinkage=1.0)
    assert found[0, 0] == pytest.approx(1 / 2)
    assert found[1, 1] == pytest.approx(4 / 5)


def test_a_row_without_cells_is_like_nothing():
    for measure in ("cosine", "pearson"):
        assert not similarities(table([[0, 0, 0]]), table([[1, 0, 1]]), measure).any()


RANKERS = [
    UserKNN(10),
    UserKNN(10, "pearson", 1.0, 2.0),
    ItemKNN(8),
    ItemKNN(8, "pearson", 1.0),
    Ease(5.0),
    Ease(5.0, dropout=0.5),
    Hybrid([(Ease(5.0), 1.0), (Popularity(), 0.1)]),
]


@pytest.mark.parametrize("ranker", RANKERS, ids=repr)
def test_every_ranker_tells_two_clubs_apart(ranker):
    rows = two_clubs()
    history = np.zeros((2, 20))
    history[0, [1, 4]] = 1
    history[1, [11, 14]] = 1
    scores = ranker.fit(rows).score(table(history))
    assert scores.shape == (2, 20)
    assert scores.dtype == np.float32
    scores[history > 0] = -np.inf
    assert set(scores[0].argsort()[::-1][:8]) == set(range(10)) - {1, 4}
    assert set(scores[1].argsort()[::-1][:8]) == set(range(10, 20)) - {11, 14}


def test_ials_tells_two_clubs_apart():
    pytest.importorskip("implicit")
    from index.classics import ImplicitALS

    history = np.zeros((1, 20))
    history[0, [1, 4]] = 1
    scores = ImplicitALS(factors=4, regularisation=1.0).fit(two_clubs()).score(table(history))
    assert scores[0, :10].mean() > scores[0, 10:].mean() + 0.2


@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_ease_equals_the_closed_form(dropout):
    rows = two_clubs(3).toarray().astype(np.float64)
    gram = rows.T @ rows
    inverse = np.linalg.inv(gram + np.diag(7.0 + dropout * np.diag(gram)))
    expected = -inverse / np.diag(inverse)[None]
    np.fill_diagonal(expected, 0)
    ease = Ease(7.0, dropout).fit(table(rows))
    assert np.allclose(ease.weights(np.arange(20)), expected, atol=1e-4)
    assert np.allclose(ease.score(table(rows[:5])), rows[:5] @ expected, atol=1e-3)


def test_facts_lead_ease_to_an_item_that_nobody_has_rated():
    rows = two_clubs().toarray()
    rows[:, [0, 19]] = 0
    facts = table([[1] * 10 + [0] * 10, [0] * 10 + [1] * 10])
    history = np.zeros((1, 20))
    history[0, [3, 5]] = 1
    plain = Ease(5.0).fit(table(rows)).score(table(history))[0]
    told = Ease(5.0, facts=facts).fit(table(rows)).score(table(history))[0]
    assert plain[0] == pytest.approx(plain[19], abs=1e-6)
    assert told[0] > told[19] + 0.02


def test_content_finds_what_shares_attributes():
    catalog = shelf()
    facts = attributes(catalog)
    assert facts.shape[1] == len(catalog)
    history = np.zeros((1, len(catalog)))
    history[0, where(catalog, kind="chair")[0]] = 1
    scores = ContentBased(facts).fit(table(history)).score(table(history))[0]
    assert set(scores.argsort()[::-1][: len(catalog) // len(KINDS)]) == set(where(catalog, kind="chair"))


def test_popularity_counts():
    scores = Popularity().fit(table([[1, 0, 1], [1, 0, 0]])).score(table([[0, 0, 1]]))
    assert scores.tolist() == [[2, 0, 1]]
