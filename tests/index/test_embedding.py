import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedding import DEFAULT_ENCODER, HashingEmbedder, Remembering, load_embedder, unit_rows
from index.errors import ModelError


@pytest.mark.parametrize("name", ["hashing-32", DEFAULT_ENCODER])
def test_every_encoder_gives_unit_rows_and_nothing_for_nothing(name):
    embedder = load_embedder(name)
    rows = embedder.encode(["a red lamp", "two green chairs"])
    assert embedder.name == name
    assert rows.shape == (2, embedder.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert embedder.encode([]).shape == (0, embedder.dimension)


@pytest.mark.parametrize("name", ["hashing-32", DEFAULT_ENCODER])
def test_a_text_has_the_same_vector_alone_and_in_a_batch(name):
    embedder = load_embedder(name)
    together = embedder.encode(["a red lamp", "", "chairs"])
    assert np.allclose(together[2], embedder.encode(["chairs"])[0], atol=1e-4)
    assert np.isfinite(together).all()


def test_the_default_brings_languages_together():
    red, rot, other = load_embedder().encode(["a horror film", "恐怖片", "the price of wheat"])
    assert red @ rot > red @ other + 0.2


def test_hashing_brings_shared_words_together():
    one, two, three = HashingEmbedder(512).encode(["a green chair", "the green chairs", "boiling kettle"])
    assert one @ two > one @ three + 0.2


def test_an_encoder_that_is_not_there_is_named_with_a_remedy(tmp_path):
    missing = tmp_path / "no-such-model"
    with pytest.raises(ModelError, match=r"no-such-model.*name a sentence-transformers folder"):
        load_embedder(str(missing)).encode(["a"])


@given(st.lists(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3), min_size=1, max_size=5))
def test_unit_rows_keeps_directions_and_zeros(rows):
    before = np.array(rows)
    after = unit_rows(before)
    lengths = np.linalg.norm(before, axis=1)
    assert np.allclose(np.linalg.norm(after, axis=1), (lengths > 0).astype(float))
    assert np.allclose(after * lengths[:, None], before)


def test_a_text_that_comes_again_is_encoded_once_and_is_not_shared():
    class Counting(HashingEmbedder):
        calls = 0

        def encode(self, texts):
            Counting.calls += 1
            return super().encode(texts)

    encoder = Remembering(Counting(16))
    first = encoder.encode(["slow and eerie"])
    first[:] = 0
    assert (encoder.encode(["slow and eerie"]) == HashingEmbedder(16).encode(["slow and eerie"])).all()
    assert Counting.calls == 1
    assert encoder.encode(["a", "b"]).shape == (2, encoder.dimension)
