"""The second stage of training: our own lines."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from chatbot.generation.basing import Base, load_base, merged
from chatbot.generation.check import Check
from chatbot.generation.curves import Course, draw
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

EVERY = 20
"""Steps between two lines of progress."""


def finetune(
    work: Path,
    corpus: Path,
    output: Path,
    *,
    seed: int,
    epochs: int,
    replay: Sequence[Encoded] = (),
    shape: Shape = BUNDLED,
    base: Base | None = None,
) -> dict[str, Any]:
    """Fits a model to our own lines, keeps the epoch with the least held-out loss, and writes it.

    The model is the one pre-trained in `work`, of `shape`, or else `base`. Beside it stand training.json with the
    figures and curves.svg.

    Lines that fail the check themselves are left out. From `replay`, half as many lines of pre-training are mixed
    in, so that the model does not forget its English. Returns the figures that also stand in training.json.
    """
    import torch

    work.mkdir(parents=True, exist_ok=True)
    kept, held = split(sound_lines(corpus), seed)
    torch.manual_seed(seed)
    model, tokenizer = load_base(base) if base else _pretrained(work, shape)
    pad = tokenizer.token_to_id(PAD)
    lines, unseen = encode(tokenizer, loosened(kept, seed), LONGEST), encode(tokenizer, held, LONGEST)
    lines += random.Random(seed).sample(replay, min(len(replay), len(lines) // 2))
    an_epoch = sum(1 for _ in one_epoch(lines, BATCH))
    course = Course(epochs * an_epoch)
    best = {"loss": held_out_loss(model, unseen, pad), "epoch": 0.0}
    torch.save(model.state_dict(), work / "best.pt")
    figures: dict[str, Any] = {"seed": seed, "lines": len(kept), "held_out_lines": len(held)}
    figures |= {"base": base.name if base else "", "held_out_loss_before": best["loss"]}
    say(f"{len(kept)} lines, {an_epoch} steps an epoch; held-out loss {best['loss']:.3f}")

    def each(step: int, loss: float) -> bool:
        if step % an_epoch:
            if step % EVERY == 0:
                say(course.note(step, loss=loss))
            return False
        now = held_out_loss(model, unseen, pad)
        say(course.note(step, loss=loss, held_out_loss=now))
        if now < best["loss"]:
            best.update(loss=now, epoch=step / an_epoch)
            torch.save(model.state_dict(), work / "best.pt")
        return step / an_epoch >= best["epoch"] + 2

    schedule = Schedule(steps=epochs * an_epoch, rate=5e-4, warm_up=an_epoch // 2, batch_tokens=BATCH)
    fit(model, lines, schedule, pad=pad, seed=seed, each=each)
    model.load_state_dict(torch.load(work / "best.pt", weights_only=True))
    model = merged(model)
    figures |= {"held_out_loss": best["loss"], "epochs": best["epoch"], "weights": model.num_parameters()}
    save(model, tokenizer, output, figures | {"curves": course.curves})
    draw(course.curves, output / "curves.svg")
    return figures


def _pretrained(work: Path, shape: Shape) -> tuple[Any, Any]:
    """What the first stage left in its folder: the model and the tokenizer."""
    import torch
    from tokenizers import Tokenizer

    tokenizer: Any = Tokenizer.from_file(str(work / "tokenizer.json"))
    pad, end = tokenizer.token_to_id(PAD), tokenizer.token_to_id(END)
    model = new_model(tokenizer.get_vocab_size(), pad, end, shape, dropout=0.1)
    model.load_state_dict(torch.load(work / "pretrained.pt", weights_only=True)["model"])
    return model, tokenizer


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


def save(model: Any, tokenizer: Any, output: Path, figures: Mapping[str, Any]) -> None:
    """Writes the model in half precision as shards that git hosts accept, the tokenizer, and training.json."""
    import torch

    output.mkdir(parents=True, exist_ok=True)
    model.to(torch.float16).save_pretrained(output, max_shard_size="18MB")
    save_tokenizer(tokenizer, output)
    (output / "training.json").write_text(json.dumps(dict(figures), indent=1) + "\n", encoding="utf-8")
