import numpy as np

from index.collaborative import item_factors, matrix
from index.company import Interactions


def checkerboard(rows=60, items=12):
    """Even rows hold even items, odd rows odd ones, each a random half of them."""
    generator = np.random.default_rng(3)
    return [
        tuple((int(at), 1.0) for at in generator.choice(np.arange(row % 2, items, 2), items // 4, replace=False))
        for row in range(rows)
    ]


def test_items_of_one_side_of_the_board_have_like_factors():
    factors = item_factors(matrix([Interactions("board", checkerboard())], 12), dimension=2)
    alike = factors @ factors.T
    same = (np.arange(12)[:, None] - np.arange(12)) % 2 == 0
    assert alike[same].min() > 0.5
    assert alike[~same].max() < 0.1


def test_items_in_no_row_have_no_factor_and_others_unit_ones():
    factors = item_factors(matrix([Interactions("board", checkerboard())], 14), dimension=4)
    lengths = np.linalg.norm(factors, axis=1)
    assert np.allclose(lengths[:12], 1, atol=1e-5)
    assert not lengths[12:].any()
    assert factors.shape == (14, 4)


def test_the_same_rows_and_seed_give_the_same_bytes():
    cells = matrix([Interactions("board", checkerboard())], 12)
    assert item_factors(cells, 3, seed=1).tobytes() == item_factors(cells, 3, seed=1).tobytes()


def test_more_dimensions_than_rows_are_filled_with_zeros():
    factors = item_factors(matrix([Interactions("one", [((0, 1.0), (1, 1.0))])], 3), dimension=8)
    assert factors.shape == (3, 8)
    assert np.allclose(factors[0], factors[1])


def test_a_heavier_kind_of_row_weighs_more():
    light, heavy = Interactions("light", [((0, 1.0), (1, 1.0))]), Interactions("heavy", [((1, 1.0), (2, 1.0))], 3.0)
    cells = matrix([light, heavy], 3).toarray()
    assert np.allclose(cells[1, 1], 3 * cells[0, 0])
    assert matrix([], 3).shape == (0, 3)
