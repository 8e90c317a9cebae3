"""How likely an independent language model finds what was written, against lines that people wrote.

Every written text is set against a hand-written line that the generator never saw in training, of the same topic and
with the same slots, filled with the same values: so that names weigh the same on both sides.
"""

import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chatbot.acts import Segment
from chatbot.evaluation.chronicle import Written
from chatbot.generation.finetuning import sound_lines, split
from chatbot.generation.prompts import Example
from chatbot.generation.surface import fill
from chatbot.resources import assets_dir

BATCH = 16
HELD_OUT_SEED = 7
"""Of the bundled generator's training."""


def compared(replies: Sequence[Written], judge: Path, most: int, seed: int) -> dict[str, float | int]:
    """The judge's perplexity of up to `most` written texts and of as many held-out lines."""
    rng = random.Random(seed)
    lines = split(sound_lines(assets_dir() / "generator" / "corpus"), HELD_OUT_SEED)[1]
    written = [(s, text) for reply in replies for s, text in zip(reply.segments, reply.texts, strict=True)]
    rng.shuffle(written)
    ours: list[str] = []
    theirs: list[str] = []
    for segment, text in written:
        fitting = [line for line in lines if _fits(line, segment, text)]
        if fitting and len(ours) < most:
            ours.append(text)
            theirs.append(fill(rng.choice(fitting).text, segment.slots))
    model, tokenizer = _judge(judge)
    mine, other = (perplexity(model, tokenizer, texts) for texts in (ours, theirs))
    return {"judged": len(ours), "perplexity": mine, "perplexity_of_lines": other, "perplexity_ratio": mine / other}


def perplexity(model: Any, tokenizer: Any, texts: Sequence[str]) -> float:
    """Over the tokens of all texts, each read by itself."""
    import torch

    total, count = 0.0, 0
    ordered = sorted(texts, key=len)
    with torch.inference_mode():
        for start in range(0, len(ordered), BATCH):
            batch = tokenizer(
                [tokenizer.bos_token + text for text in ordered[start : start + BATCH]],
                return_tensors="pt",
                padding=True,
            )
            ids, mask = batch["input_ids"], batch["attention_mask"].bool()
            logits = model(input_ids=ids, attention_mask=mask.long()).logits[:, :-1].float()  # (B, T - 1, V)
            chances = logits.log_softmax(-1).gather(2, ids[:, 1:, None]).squeeze(2)  # (B, T - 1)
            total -= float(chances[mask[:, 1:]].sum())
            count += int(mask[:, 1:].sum())
    return math.exp(total / max(1, count))


def _fits(line: Example, segment: Segment, text: str) -> bool:
    """Whether a line could stand for a written text: the same values in it."""
    used = {slot for slot, value in segment.slots.items() if value in text}
    return line.topic == segment.topic and set(line.slots) == used


def _judge(folder: Path) -> tuple[Any, Any]:
    from transformers import AutoTokenizer

    from chatbot.generation.forward import load_causal_lm

    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.padding_side = "right"
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return load_causal_lm(folder), tokenizer
