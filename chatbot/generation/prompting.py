"""Any causal language model as a drawer: shown a few of our lines, it writes the next one."""

import random
import re
from collections.abc import Sequence
from typing import Any

from chatbot.generation.drawing import Draw, Request
from chatbot.generation.prompts import Example

SHOTS = 6
"""Lines shown before the one that is asked for."""


class PromptDrawer:
    """Draws from a model that has never heard of slots; they stand in the text as `<slot>`."""

    def __init__(self, model: Any, tokenizer: Any, examples: Sequence[Example], *, longest: int = 60) -> None:
        """`model` and `tokenizer` as transformers' Auto classes give them."""
        self._model = model
        self._tokenizer = tokenizer
        self._examples = examples
        self._longest = longest
        tokenizer.padding_side = "left"
        if tokenizer.pad_token is None:
            tokenizer.pad_token = tokenizer.eos_token

    def draw(self, requests: Sequence[Request], *, seed: int) -> list[Draw]:
        """See `Drawer.draw`."""
        import torch

        if not requests:
            return []
        rng = random.Random(seed)
        prompts = [few_shot(request, self._examples, rng) for request in requests]
        batch = self._tokenizer(prompts, return_tensors="pt", padding=True)
        with torch.random.fork_rng(devices=[]), torch.inference_mode():
            torch.manual_seed(seed)
            out = self._model.generate(
                **batch, do_sample=True, temperature=0.7, top_p=0.9, max_new_tokens=self._longest,
                pad_token_id=self._tokenizer.pad_token_id, return_dict_in_generate=True, output_logits=True,
            )  # fmt: skip
        width = batch["input_ids"].shape[1]
        chances = self._model.compute_transition_scores(out.sequences, out.logits, normalize_logits=True)
        texts = self._tokenizer.batch_decode(out.sequences[:, width:], skip_special_tokens=True)
        means = [float(row[torch.isfinite(row)].mean()) for row in chances]
        return [Draw(first_line(text), mean) for text, mean in zip(texts, means, strict=True)]


def few_shot(request: Request, examples: Sequence[Example], rng: random.Random) -> str:
    """The prompt: lines of the topic, those with the most slots in common last, then an unfinished one."""
    about = [e for e in examples if e.topic == request.topic]
    rng.shuffle(about)
    about.sort(key=lambda e: len(request.slots ^ set(e.slots)))
    shown = [f"Use {_names(e.slots)}: {e.text}" for e in reversed(about[:SHOTS])]
    return "\n".join([*shown, f"Use {_names(request.slots)}:"])


def first_line(text: str) -> str:
    """The first line that a model wrote, without white space around it."""
    return re.sub(r"\s+", " ", text.strip().split("\n")[0]).strip()


def _names(slots: Sequence[str] | frozenset[str]) -> str:
    return " ".join(f"<{slot}>" for slot in sorted(slots)) or "no slots"
