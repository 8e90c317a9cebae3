"""A shallow net: a bag of what was named and said → a user vector → a softmax over all items."""

import warnings
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
import torch
from torch import nn

from index.ranker.contexts import SLOTS, Contexts


@dataclass(frozen=True)
class NetSettings:
    """How a net is built and fitted."""

    dimension: int = 160
    epochs: int = 4
    steps: int = 240  # at least, however few the dialogues
    batch: int = 256
    rate: float = 2.5e-4
    decay: float = 1e-5
    dropout: float = 0.3
    user_share: float = 0.5  # weight of what the user names next, beside what the other side does


@dataclass(frozen=True)
class Side:
    """What is known of the items besides dialogues."""

    start: np.ndarray  # (n, s) float32: factors that the item vectors start from
    attributes: sparse.csr_matrix  # (n, a) float32
    texts: np.ndarray  # (n, t) float32
    log_counts: np.ndarray  # (n,) float32: how often each is named


class Net(nn.Module):
    """Scores every item for contexts; see `fit_net`."""

    def __init__(self, side: Side, n_words: int, encoded: int, settings: NetSettings) -> None:
        super().__init__()
        n, d = len(side.start), settings.dimension
        start = torch.zeros(n, d)
        kept = min(d, side.start.shape[1])
        start[:, :kept] = torch.from_numpy(side.start[:, :kept])
        self.item_in = nn.Parameter(start.clone())
        self.item_out = nn.Parameter(start.clone())
        self.attribute_in = nn.Parameter(torch.randn(side.attributes.shape[1], d) * 0.02)
        self.attribute_out = nn.Parameter(torch.randn(side.attributes.shape[1], d) * 0.02)
        self.word = nn.Parameter(torch.randn(n_words, d) * 0.02)
        self.encoded = nn.Linear(encoded, d)
        self.text = nn.Linear(side.texts.shape[1], d, bias=False)
        self.place = nn.Parameter(torch.tensor([[0.85**s for s in range(SLOTS)]] * 2))
        self.mix = nn.Linear(d, d)
        self.bias = nn.Parameter(torch.from_numpy(side.log_counts.copy()))
        nn.init.normal_(self.text.weight, std=0.01)
        nn.init.normal_(self.encoded.weight, std=0.02)
        nn.init.zeros_(self.mix.weight)
        self.register_buffer("attributes", _sparse(side.attributes), persistent=False)
        self.register_buffer("texts", torch.from_numpy(side.texts), persistent=False)
        self.dropout = settings.dropout
        self.scale = nn.Parameter(torch.tensor(4.0))

    def users(self, contexts: Contexts) -> torch.Tensor:
        """The user vectors of c contexts: (c, d)."""
        d = self.item_in.shape[1]
        vectors = self.item_in + torch.sparse.mm(self.attributes, self.attribute_in)
        weights = self.place[torch.from_numpy(contexts.by_user).long(), torch.from_numpy(contexts.slot)]
        if self.training:
            weights = weights * (torch.rand(len(weights)) > self.dropout)
        owner = torch.from_numpy(contexts.owner)
        rows = vectors[torch.from_numpy(contexts.named)] * weights[:, None]
        bag = torch.zeros(len(contexts), d).index_add(0, owner, rows)
        total = torch.zeros(len(contexts)).index_add(0, owner, weights.abs())
        bag = bag / (1 + total)[:, None] ** 0.5
        words = torch.sparse.mm(_sparse(self._heard(contexts.words)), self.word)
        encoded = nn.functional.dropout(torch.from_numpy(contexts.encoded), self.dropout, self.training)
        user = bag + words + self.encoded(encoded)
        return user + self.mix(torch.tanh(user))

    def _heard(self, words: sparse.csr_matrix) -> sparse.csr_matrix:
        """The words, in training without some of them."""
        if not self.training:
            return words
        kept = (torch.rand(words.nnz) > self.dropout).numpy()
        return sparse.csr_matrix((words.data * kept, words.indices, words.indptr), shape=words.shape)

    def items(self) -> torch.Tensor:
        """The item vectors: (n, d)."""
        return self.item_out + torch.sparse.mm(self.attributes, self.attribute_out) + self.text(self.texts)

    def forward(self, contexts: Contexts) -> torch.Tensor:
        """(c, n) logits."""
        return self.scale * self.users(contexts) @ self.items().T + self.bias


def _sparse(matrix: sparse.csr_matrix) -> torch.Tensor:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sparse")  # that the layout is young
        return torch.sparse_csr_tensor(
            torch.from_numpy(matrix.indptr.astype(np.int64)),
            torch.from_numpy(matrix.indices.astype(np.int64)),
            torch.from_numpy(matrix.data.astype(np.float32)),
            size=matrix.shape,
        )


def fit_net(
    side: Side,
    contexts: Contexts,
    targets: sparse.csr_matrix,
    weights: np.ndarray,
    settings: NetSettings,
    seed: int,
) -> Net:
    """Fit to contexts and the items named next, `targets` (c, n); each context counts `weights` (c,)."""
    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    net = Net(side, contexts.words.shape[1], contexts.encoded.shape[1], settings)
    optimizer = torch.optim.AdamW(net.parameters(), lr=settings.rate, weight_decay=settings.decay)
    a_round = -(-len(contexts) // settings.batch)
    epochs = max(settings.epochs, -(-settings.steps // a_round))
    steps = epochs * a_round
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.rate, total_steps=steps, pct_start=0.1)
    for _ in range(epochs):
        net.train()
        rows = order.permutation(len(contexts))
        for start in range(0, len(rows), settings.batch):
            chosen = np.sort(rows[start : start + settings.batch])
            loss = _loss(net, contexts.take(chosen), targets[chosen], weights[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return net.eval()


def _loss(net: Net, contexts: Contexts, targets: sparse.csr_matrix, weights: np.ndarray) -> torch.Tensor:
    logits = net(contexts)
    logits = logits.index_put(
        (torch.from_numpy(contexts.owner), torch.from_numpy(contexts.named)), torch.tensor(float("-inf"))
    )
    cells = targets.tocoo()
    share = weights[cells.row] / np.maximum(np.diff(targets.indptr), 1)[cells.row]
    chances = logits.log_softmax(dim=1)[torch.from_numpy(cells.row).long(), torch.from_numpy(cells.col).long()]
    return -(chances * torch.from_numpy(share.astype(np.float32))).sum() / float(weights.sum())
