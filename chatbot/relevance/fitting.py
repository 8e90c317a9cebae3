"""Fits the classifier: AdamW, dropout, weight decay, early stopping; all layers, the last ones, or LoRA."""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from chatbot.relevance.classifier import RelevanceClassifier, Texts, new_classifier
from chatbot.relevance.pairs import Pair
from chatbot.relevance.scoring import figures, truths
from index.errors import ModelError

LORA_TARGETS = ["c_attn", "c_proj", "c_fc"]
"""The weight matrices of a GPT-2 block."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to fit."""

    base: str
    rate: float = 2e-4
    weight_decay: float = 0.05
    dropout: float = 0.1
    batch: int = 32
    likes_per_dislike: int = 2  # of the likes, which are many, an epoch draws so many for each dislike
    epochs: int = 8
    patience: int = 3  # epochs without a better validation AUC before it stops
    frozen: int = 0  # blocks, from the first, whose weights stay; the embeddings stay with them
    lora: int = 0  # rank; 0 fits the weights themselves
    seed: int = 0


def fit(
    plan: Plan, train: Sequence[Pair], valid: Sequence[Pair], say: Callable[[str], None]
) -> tuple[Any, Texts, list[dict[str, float]]]:
    """The model of the best epoch by validation AUC, its texts, and the curve: loss and AUC of every epoch."""
    import torch

    torch.manual_seed(plan.seed)
    texts = Texts.load(plan.base)
    model = _with_lora(_freeze(new_classifier(plan.base, texts, plan.dropout), plan.frozen), plan)
    learnt = [weights for weights in model.parameters() if weights.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=plan.rate, weight_decay=plan.weight_decay)
    epochs = [_drawn(train, plan, epoch) for epoch in range(plan.epochs)]
    steps = sum(math.ceil(len(pairs) / plan.batch) for pairs in epochs)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, plan.rate, total_steps=steps, pct_start=0.1)
    best, curve = model.state_dict(), []
    for epoch, pairs in enumerate(epochs, start=1):
        rows = [(texts.ids(pair.context, pair.item), int(pair.liked)) for pair in pairs]
        loss = _epoch(model, texts, rows, optimizer, schedule, plan, random.Random(plan.seed + epoch))
        auc = _auc(model, texts, valid)
        curve.append({"epoch": float(epoch), "loss": loss, "valid_auc": auc})
        say(f"epoch {epoch} of {plan.epochs}: loss {loss:.4f}, validation AUC {auc:.4f}")
        if auc >= max(row["valid_auc"] for row in curve):
            best = deepcopy(model.state_dict())
        elif epoch - max(curve, key=lambda row: row["valid_auc"])["epoch"] >= plan.patience:
            break
    model.load_state_dict(best)
    return (model.merge_and_unload() if plan.lora else model).eval(), texts, curve


def _drawn(train: Sequence[Pair], plan: Plan, epoch: int) -> list[Pair]:
    """All dislikes, and likes drawn anew for every epoch."""
    likes = [pair for pair in train if pair.liked]
    dislikes = [pair for pair in train if not pair.liked]
    wanted = min(len(likes), plan.likes_per_dislike * len(dislikes))
    return dislikes + random.Random(plan.seed * 1000 + epoch).sample(likes, wanted)


def _epoch(
    model: Any, texts: Texts, rows: Sequence[tuple[list[int], int]], optimizer: Any, schedule: Any, plan: Plan,
    rng: random.Random,
) -> float:  # fmt: skip
    """One pass; returns the mean loss. Classes weigh alike: dislikes are few."""
    import torch

    share = sum(liked for _, liked in rows) / len(rows)
    weight = torch.tensor([0.5 / max(1 - share, 1e-6), 0.5 / max(share, 1e-6)])
    model.train()
    total = 0.0
    for chosen in _batches(rows, plan.batch, rng):
        ids, seen = texts.batch([row for row, _ in chosen])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(input_ids=ids, attention_mask=seen).logits
        truth = torch.tensor([liked for _, liked in chosen])
        loss = torch.nn.functional.cross_entropy(logits.float(), truth, weight=weight)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        total += loss.item() * len(chosen)
    return total / len(rows)


def _batches(
    rows: Sequence[tuple[list[int], int]], size: int, rng: random.Random
) -> Iterator[list[tuple[list[int], int]]]:
    """Every row once, in batches of about the same length, the batches in random order."""
    order = sorted(rows, key=lambda row: len(row[0]) + rng.random() * 8)
    batches = [list(order[at : at + size]) for at in range(0, len(order), size)]
    rng.shuffle(batches)
    yield from batches


def _auc(model: Any, texts: Texts, pairs: Sequence[Pair]) -> float:
    scores = RelevanceClassifier(model, texts).liked([p.context for p in pairs], [p.item for p in pairs])
    return figures(truths(pairs), scores)["auc"]


def _freeze(model: Any, blocks: int) -> Any:
    """The model with its embeddings and first blocks fixed, where `blocks` > 0. ModelError where it has fewer."""
    if blocks > len(model.transformer.h):
        raise ModelError(f"{blocks} frozen blocks, but the model has {len(model.transformer.h)}; freeze fewer")
    if blocks:
        for part in (model.transformer.wte, model.transformer.wpe, *model.transformer.h[:blocks]):
            part.requires_grad_(False)
    return model


def _with_lora(model: Any, plan: Plan) -> Any:
    """The model with low-rank adapters (Hu et al., 2021) and a free head, where `plan.lora` > 0."""
    if not plan.lora:
        return model
    try:
        from peft import LoraConfig, get_peft_model
    except ImportError as error:
        raise ModelError(
            "LoRA needs the package peft; install the extra: pip install 'rapport-recommender[train]'"
        ) from error
    config = LoraConfig(
        r=plan.lora, lora_alpha=2 * plan.lora, lora_dropout=plan.dropout, target_modules=LORA_TARGETS,
        fan_in_fan_out=True, modules_to_save=["score"], task_type="SEQ_CLS",
    )  # fmt: skip
    return get_peft_model(model, config)
