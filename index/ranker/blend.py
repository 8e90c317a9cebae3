"""The final ranking: a small net over the features of each item, fitted listwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.ranker.features import AGAIN, AIGC

if TYPE_CHECKING:
    import torch

HIDDEN = 96
EPOCHS = 8
STEPS = 300  # at least, however few the lists
BATCH = 64
RATE = 4e-3


@dataclass(frozen=True)
class Blend:
    """Score = AIGC's log share + features · straight + hidden units; with the latter two at zero it is AIGC's."""

    mean: np.ndarray  # (f,) float32
    scale: np.ndarray  # (f,) float32
    straight: np.ndarray  # (f,) float32
    inner: np.ndarray  # (f, h) float32
    shift: np.ndarray  # (h,) float32
    outer: np.ndarray  # (h,) float32

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """(…, f) → (…) float32."""
        centred = (features - self.mean) * self.scale
        hidden = np.maximum(centred @ self.inner + self.shift, 0)
        return np.asarray(features[..., AIGC] + centred @ self.straight + hidden @ self.outer, dtype=np.float32)


def fit(lists: np.ndarray, wanted: np.ndarray, weights: np.ndarray, seeds: Sequence[int]) -> list[Blend]:
    """From candidate lists (c, k, f) and the shares of those named next (c, k); rows that lack a share teach nothing.

    `weights` (c, k) say how many items each candidate stands for, where they are a sample.
    """
    return [_fit(lists, wanted, weights, seed) for seed in seeds]


def _fit(lists: np.ndarray, wanted: np.ndarray, weights: np.ndarray, seed: int) -> Blend:
    import torch

    torch.manual_seed(seed)
    sample = lists[:: max(1, len(lists) // 2000)].reshape(-1, lists.shape[-1]).astype(np.float64)
    mean, spread = sample.mean(axis=0), sample.std(axis=0)
    scale = np.where(spread > 1e-3, 1 / np.maximum(spread, 1e-3), 0.0)  # what never changes has taught nothing
    f = lists.shape[-1]
    straight = torch.nn.Parameter(torch.zeros(f))
    inner = torch.nn.Parameter(torch.randn(f, HIDDEN) / f**0.5)
    shift = torch.nn.Parameter(torch.zeros(HIDDEN))
    outer = torch.nn.Parameter(torch.zeros(HIDDEN))
    parameters = [straight, inner, shift, outer]
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=1e-3)
    a_round = -(-len(lists) // BATCH)
    epochs = max(EPOCHS, -(-STEPS // a_round))
    steps = epochs * a_round
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.1)
    centre, factor = torch.from_numpy(mean.astype(np.float32)), torch.from_numpy(scale.astype(np.float32))
    order = np.random.default_rng(seed)
    for _ in range(epochs):
        rows = order.permutation(len(lists))
        for start in range(0, len(rows), BATCH):
            chosen = rows[start : start + BATCH]
            given = torch.from_numpy(lists[chosen].astype(np.float32))
            x = (given - centre) * factor
            scores = given[:, :, AIGC] + x @ straight + torch.relu(x @ inner + shift) @ outer
            scores = scores + torch.from_numpy(np.log(weights[chosen]).astype(np.float32))
            share = torch.from_numpy(wanted[chosen].astype(np.float32))
            again = torch.from_numpy(lists[chosen][:, :, AGAIN].astype(np.float32)) > 0
            loss = _listwise(scores, share) + _listwise(scores.masked_fill(again, -1e9), share.masked_fill(again, 0.0))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    learned = [p.detach().numpy().astype(np.float32) for p in parameters]
    return Blend(mean.astype(np.float32), scale.astype(np.float32), *learned)


def _listwise(scores: "torch.Tensor", share: "torch.Tensor") -> "torch.Tensor":
    return -(scores.log_softmax(dim=1) * share).sum() / max(float(share.sum()), 1e-9)
