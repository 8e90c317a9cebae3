"""A fitted net in plain numpy, as it serves."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.ranker.contexts import Contexts

if TYPE_CHECKING:
    from index.ranker.net import Net


@dataclass(frozen=True)
class Served:
    """The arrays of a net; `index.ranker.net` says how they come about."""

    item_in: np.ndarray  # (n, d) float32
    item_out: np.ndarray  # (n, d) float32
    bias: np.ndarray  # (n,) float32
    word: np.ndarray  # (v, d) float32
    encoded: np.ndarray  # (t, d) float32
    encoded_bias: np.ndarray  # (d,) float32
    place: np.ndarray  # (2, SLOTS) float32
    mix: np.ndarray  # (d, d) float32
    mix_bias: np.ndarray  # (d,) float32

    def users(self, contexts: Contexts) -> np.ndarray:
        """The user vectors of c contexts: (c, d) float32."""
        weights = self.place[contexts.by_user.astype(np.int64), contexts.slot]
        total = np.bincount(contexts.owner, np.abs(weights), len(contexts))
        bag = contexts.bag(weights, len(self.item_in)) @ self.item_in
        user = bag / np.sqrt(1 + total)[:, None] + contexts.words @ self.word
        user = (user + contexts.encoded @ self.encoded + self.encoded_bias).astype(np.float32)
        return np.asarray(user + np.tanh(user) @ self.mix + self.mix_bias, dtype=np.float32)

    def scores(self, contexts: Contexts) -> np.ndarray:
        """(c, n) float32 logits."""
        return np.asarray(self.users(contexts) @ self.item_out.T + self.bias, dtype=np.float32)


def serve(net: "Net") -> Served:
    """The net's arrays, with attributes and texts folded into the item vectors."""
    import torch

    with torch.inference_mode():
        arrays = (
            net.item_in + torch.sparse.mm(net.attributes, net.attribute_in),
            net.items() * net.scale,
            net.bias,
            net.word,
            net.encoded.weight.T,
            net.encoded.bias,
            net.place,
            net.mix.weight.T,
            net.mix.bias,
        )
        return Served(*(np.ascontiguousarray(array.numpy()) for array in arrays))
