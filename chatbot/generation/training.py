"""The training loop: batches of like length, loss on the text alone, checkpoints that can be resumed."""

import math
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot.generation.tokens import Encoded

WIDTH = 4
"""Shapes are rounded up to multiples of this: every new shape costs the CPU kernels a compilation."""
BATCH = 2048
"""Tokens in a batch, padding included."""
LONGEST = 96
"""Tokens in a line, prompt included; also the model's context."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a GPT-2."""

    layers: int
    width: int
    heads: int


BUNDLED = Shape(layers=6, width=384, heads=6)
"""The shape of the generator that ships."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast to learn."""

    steps: int
    rate: float  # the peak, after `warm_up` steps; falls to a tenth of it along a cosine
    batch_tokens: int
    stop: int = sys.maxsize  # steps done at most; `steps` shapes the rate
    warm_up: int = 100
    weight_decay: float = 0.1
    save_every: int = 200


def batches(lines: Sequence[Encoded], tokens: int, seed: int) -> Iterator[list[Encoded]]:
    """Endless batches of at most `tokens` padded tokens, of lines of like length, in a new order each epoch."""
    rng = random.Random(seed)
    while True:
        packed = list(one_epoch(lines, tokens, rng))
        rng.shuffle(packed)
        yield from packed


def one_epoch(lines: Sequence[Encoded], tokens: int, rng: random.Random | None = None) -> Iterator[list[Encoded]]:
    """Every line once, the shortest first, in batches of at most `tokens` padded tokens."""
    rng = rng or random.Random(0)
    batch: list[Encoded] = []
    for line in sorted(lines, key=lambda line: len(line.ids) + rng.random() * 4):
        if batch and (len(batch) + 1) * _round_up(max(len(line.ids), len(batch[-1].ids)), WIDTH) > tokens:
            yield batch
            batch = []
        batch.append(line)
    if batch:
        yield batch


def _round_up(number: int, step: int) -> int:
    return -(-number // step) * step


def batch_loss(model: Any, batch: Sequence[Encoded], pad: int) -> tuple[Any, int]:
    """The mean loss over the text tokens of a batch (a scalar tensor), and their number."""
    import torch

    width = _round_up(max(len(line.ids) for line in batch), WIDTH)
    ids = torch.full((len(batch), width), pad)  # (B, T)
    counted = torch.zeros((len(batch), width), dtype=torch.bool)
    for row, line in enumerate(batch):
        ids[row, : len(line.ids)] = torch.tensor(line.ids)
        counted[row, line.start : len(line.ids)] = True
    where = counted[:, 1:].flatten().nonzero().squeeze(1)  # places whose next token is text: the rest costs no softmax
    targets = ids[:, 1:].flatten()[where]
    spare = _round_up(len(where), 64 * WIDTH) - len(where)
    padded = torch.nn.functional.pad(where, (0, spare))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = model.base_model(input_ids=ids[:, :-1], use_cache=False).last_hidden_state  # (B, T-1, C)
        logits = model.get_output_embeddings()(hidden.flatten(0, 1)[padded])  # (text tokens and spare ones, V)
    return torch.nn.functional.cross_entropy(logits[: len(where)].float(), targets), len(targets)


def held_out_loss(model: Any, lines: Sequence[Encoded], pad: int) -> float:
    """The mean loss per text token over `lines`, in nats."""
    import torch

    model.eval()
    total, count = 0.0, 0
    with torch.no_grad():
        for start in range(0, len(lines), 32):
            loss, tokens = batch_loss(model, lines[start : start + 32], pad)
            total, count = total + loss.item() * tokens, count + tokens
    model.train()
    return total / max(1, count)


def _rate(step: int, schedule: Schedule) -> float:
    if step < schedule.warm_up:
        return schedule.rate * (step + 1) / schedule.warm_up
    done = (step - schedule.warm_up) / max(1, schedule.steps - schedule.warm_up)
    return schedule.rate * (0.1 + 0.45 * (1 + math.cos(math.pi * min(1.0, done))))


def fit(
    model: Any,
    lines: Sequence[Encoded],
    schedule: Schedule,
    *,
    pad: int,
    seed: int,
    checkpoint: Path | None = None,
    each: Callable[[int, float], bool] | None = None,
) -> int:
    """Trains in place and returns the steps done. `each(step, running loss)` may stop it by returning True.

    With `checkpoint` the state is written there every `save_every` steps, and read from there at the start.
    """
    import torch

    learning = [weights for weights in model.parameters() if weights.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=schedule.rate, betas=(0.9, 0.98), weight_decay=schedule.weight_decay)
    first = _resume(model, optimizer, checkpoint)
    torch.manual_seed(seed + first)
    running, done = 0.0, first
    model.train()
    for step, batch in enumerate(batches(lines, schedule.batch_tokens, seed + first), start=first):
        if step >= min(schedule.steps, schedule.stop):
            break
        for group in optimizer.param_groups:
            group["lr"] = _rate(step, schedule)
        loss, _ = batch_loss(model, batch, pad)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        running = loss.item() if step == first else 0.98 * running + 0.02 * loss.item()
        if checkpoint and (step + 1) % schedule.save_every == 0:
            _save(model, optimizer, step + 1, checkpoint)
        done = step + 1
        if each and each(done, running):
            break
    if checkpoint:
        _save(model, optimizer, done, checkpoint)
    return done


def _save(model: Any, optimizer: Any, step: int, path: Path) -> None:
    import torch

    partial = path.with_suffix(".part")
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step}, partial)
    partial.rename(path)


def _resume(model: Any, optimizer: Any, path: Path | None) -> int:
    """Loads a checkpoint if there is one, and returns the step to go on from."""
    import torch

    if path is None or not path.is_file():
        return 0
    state = torch.load(path, weights_only=True)  # tensors and numbers only: runs no code
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])


def new_model(vocabulary: int, pad: int, end: int, shape: Shape = BUNDLED, dropout: float = 0.0) -> Any:
    """A GPT-2 with random weights. Seed torch before calling."""
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config(
        vocab_size=vocabulary, n_positions=LONGEST, n_embd=shape.width, n_layer=shape.layers, n_head=shape.heads,
        resid_pdrop=dropout, embd_pdrop=dropout, attn_pdrop=dropout,
        bos_token_id=end, eos_token_id=end, pad_token_id=pad,
    )  # fmt: skip
    return GPT2LMHeadModel(config)


def say(line: str) -> None:
    """Progress, on stderr."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
