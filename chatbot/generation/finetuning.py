"""The second stage of training: our own lines."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from chatbot.generation.check import Check
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.lines import read_corpus, read_words
from chatbot.generation.prompts import END, PAD, Example
from chatbot.generation.tokens import Encoded, encode, save_tokenizer
from chatbot.generation.training import (
    BATCH,
    BUNDLED,
    LONGEST,
    Schedule,
    Shape,
    fit,
    held_out_loss,
    new_model,
    one_epoch,
    say,
)
from chatbot.generation.usage import Usage


def finetune(
    work: Path,
    corpus: Path,
    output: Path,
    *,
    seed: int,
    epochs: int,
    replay: Sequence[Encoded] = (),
    shape: Shape = BUNDLED,
) -> dict[str, float]:
    """Fits the pre-trained model to our own lines, keeps the epoch with the least held-out loss, and writes it.

    Lines that fail the check themselves are left out. From `replay`, half as many lines of pre-training are mixed
    in, so that the model does not forget its English. Returns the figures that also stand in training.json.
    """
    import torch
    from tokenizers import Tokenizer

    tokenizer: Any = Tokenizer.from_file(str(work / "tokenizer.json"))
    pad, end = tokenizer.token_to_id(PAD), tokenizer.token_to_id(END)
    kept, held = split(sound_lines(corpus), seed)
    model = new_model(tokenizer.get_vocab_size(), pad, end, shape, dropout=0.1)
    model.load_state_dict(torch.load(work / "pretrained.pt", weights_only=True)["model"])
    lines, unseen = encode(tokenizer, loosened(kept, seed), LONGEST), encode(tokenizer, held, LONGEST)
    lines += random.Random(seed).sample(replay, min(len(replay), len(lines) // 2))
    an_epoch = sum(1 for _ in one_epoch(lines, BATCH))
    best = {"loss": held_out_loss(model, unseen, pad), "epoch": 0.0}
    torch.save(model.state_dict(), work / "best.pt")
    figures = {"lines": float(len(kept)), "held_out_lines": float(len(held)), "held_out_loss_before": best["loss"]}
    say(f"{len(kept)} lines, {an_epoch} steps an epoch; held-out loss {best['loss']:.3f}")

    def each(step: int, loss: float) -> bool:
        if step % an_epoch:
            return False
        now = held_out_loss(model, unseen, pad)
        say(f"epoch {step // an_epoch}: loss {loss:.3f}, held-out {now:.3f}")
        if now < best["loss"]:
            best.update(loss=now, epoch=step / an_epoch)
            torch.save(model.state_dict(), work / "best.pt")
        return step / an_epoch >= best["epoch"] + 2

    schedule = Schedule(steps=epochs * an_epoch, rate=5e-4, warm_up=an_epoch // 2, batch_tokens=BATCH)
    fit(model, lines, schedule, pad=pad, seed=seed, each=each)
    model.load_state_dict(torch.load(work / "best.pt", weights_only=True))
    figures |= {"held_out_loss": best["loss"], "epochs": best["epoch"], "weights": float(model.num_parameters())}
    save(model, tokenizer, output, figures)
    return figures


def sound_lines(corpus: Path) -> list[Example]:
    """Our lines without those that break our own rules, which are named on stderr."""
    words = read_words()
    examples = read_corpus(corpus)
    check = Check(words, CatalogGuard(), Usage.of(examples))
    faults = [check.fault(e.text, e.topic, e.slots) for e in examples]
    for example, fault in zip(examples, faults, strict=True):
        if fault:
            say(f"left out ({fault}): {example.topic}: {example.text}")
    return [example for example, fault in zip(examples, faults, strict=True) if not fault]


def split(examples: Sequence[Example], seed: int) -> tuple[list[Example], list[Example]]:
    """Nine tenths to learn from, and a tenth of the lines that is held out."""
    shuffled = list(examples)
    random.Random(seed).shuffle(shuffled)
    tenth = len(shuffled) // 10
    return shuffled[tenth:], shuffled[:tenth]


def loosened(examples: Sequence[Example], seed: int) -> list[Example]:
    """The same lines, a fifth of them without their style: the style is a hint, not a key."""
    rng = random.Random(seed)
    return [replace(e, style="") if rng.random() < 0.2 else e for e in examples]


def save(model: Any, tokenizer: Any, output: Path, figures: Mapping[str, float]) -> None:
    """Writes the model in half precision as shards that git hosts accept, the tokenizer, and training.json."""
    import torch

    output.mkdir(parents=True, exist_ok=True)
    model.to(torch.float16).save_pretrained(output, max_shard_size="18MB")
    save_tokenizer(tokenizer, output)
    (output / "training.json").write_text(json.dumps(dict(figures), indent=1) + "\n", encoding="utf-8")
