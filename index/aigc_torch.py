"""AIGC in torch: the same scorer as `index.aigc`, with its terms as parameters that can be trained."""

import math

import torch
from torch import nn

from index.aigc import SKETCH, Terms


class AIGC(nn.Module):
    """log P(item | user) of every item, for one user.

    Beyond the five terms it has a low-rank turn of the evidence (`turn_in`, `turn_out`) and a bias an item; both
    start at zero, where the module equals `index.aigc` with the same terms, and with `SKETCH` the sketch.
    """

    def __init__(self, n_items: int, dimension: int, terms: Terms = SKETCH, rank: int = 0) -> None:
        super().__init__()
        self.focus = nn.Parameter(torch.tensor(float(terms.focus)))
        # Sharpness must stay above zero, so its logarithm is learned.
        self.log_group_sharpness = nn.Parameter(torch.tensor(math.log(terms.group_sharpness)))
        self.log_item_sharpness = nn.Parameter(torch.tensor(math.log(terms.item_sharpness)))
        self.size_share = nn.Parameter(torch.tensor(float(terms.size_share)))
        self.dislike = nn.Parameter(torch.tensor(float(terms.dislike)))
        self.turn_in = nn.Parameter(torch.randn(dimension, rank) / max(dimension, 1) ** 0.5)
        self.turn_out = nn.Parameter(torch.zeros(rank, dimension))
        self.bias = nn.Parameter(torch.zeros(n_items))

    def terms(self) -> Terms:
        """The terms as they stand, for the numpy scorer (which knows neither turn nor bias)."""
        return Terms(
            focus=self.focus.item(),
            group_sharpness=self.log_group_sharpness.exp().item(),
            item_sharpness=self.log_item_sharpness.exp().item(),
            size_share=self.size_share.item(),
            dislike=self.dislike.item(),
        )

    def forward(
        self, evidence: torch.Tensor, weights: torch.Tensor, vectors: torch.Tensor, of_item: torch.Tensor
    ) -> torch.Tensor:
        """Evidence (e, d), signed weights (e,), items (n, d), the group of each (n,) → log P(item | user) (n,)."""
        evidence = evidence + evidence @ self.turn_in @ self.turn_out
        centroids, sizes = group_means(vectors, of_item)  # (g, d), (g,)
        users = self._users(centroids, evidence[weights > 0], weights[weights > 0])  # (g, d)
        disliked = evidence[weights < 0] * -weights[weights < 0, None]
        fit = (users * centroids).sum(dim=1) - self.dislike * _closest(centroids, disliked)
        groups = self.log_group_sharpness.exp() * fit + self.size_share * sizes.log()
        inner = (vectors * users[of_item]).sum(dim=1) - self.dislike * _closest(vectors, disliked)
        logits = self.log_item_sharpness.exp() * inner + self.bias
        return groups.log_softmax(dim=0)[of_item] + logits - _log_totals(logits, of_item, len(sizes))[of_item]

    def _users(self, centroids: torch.Tensor, liked: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
        """The user as each group sees them: (g, d)."""
        if not len(liked):
            return torch.zeros_like(centroids)
        attention = (self.focus * centroids @ liked.T + weights.log()).softmax(dim=1)  # (g, e)
        return attention @ liked


def group_means(vectors: torch.Tensor, of_item: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean of each group's items (g, d), and their number (g,). Groups are 0 … g-1, none empty."""
    sizes = torch.bincount(of_item).to(vectors.dtype)
    sums = torch.zeros(len(sizes), vectors.shape[1], dtype=vectors.dtype).index_add(0, of_item, vectors)
    return sums / sizes[:, None], sizes


def _closest(vectors: torch.Tensor, disliked: torch.Tensor) -> torch.Tensor:
    """Closeness to the closest dislike, ≥ 0: (m,)."""
    if not len(disliked):
        return torch.zeros(len(vectors), dtype=vectors.dtype)
    return (vectors @ disliked.T).clamp(min=0).amax(dim=1)


def _log_totals(logits: torch.Tensor, of_item: torch.Tensor, n_groups: int) -> torch.Tensor:
    """Log of the summed exponentials in each group: (g,)."""
    top = logits.detach().max()
    totals = torch.zeros(n_groups, dtype=logits.dtype).index_add(0, of_item, (logits - top).exp())
    return totals.log() + top
