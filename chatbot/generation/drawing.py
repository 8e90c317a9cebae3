"""Drawing texts from our own GPT-2: many in one batch, with slots that cannot be misused while they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from chatbot.generation.prompts import ACT, END, PAD, SLOTS, SPECIAL, from_model, prompt


@dataclass(frozen=True, slots=True)
class Request:
    """One text to draw: about `topic`, with each of `slots` once."""

    topic: str
    slots: frozenset[str]
    style: str = ""
    domain: str = ""
    longest: int = 44
    """Tokens after which the draw is given up."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A delexicalised text as drawn, unchecked, and its mean log-likelihood per token."""

    text: str
    likelihood: float


class Drawer(Protocol):
    """Where draws come from."""

    def draw(self, requests: Sequence[Request], *, seed: int) -> list[Draw]:
        """One draw for each request, in order; equal arguments give equal draws."""


class SlotDrawer:
    """Draws from a GPT-2 whose vocabulary has our slots as tokens."""

    def __init__(self, model: Any, tokenizer: Any, *, temperature: float = 0.8, top_k: int = 40) -> None:
        """`model` is a GPT2LMHeadModel in eval mode, `tokenizer` a `tokenizers.Tokenizer`."""
        self._model = model
        self._tokenizer = tokenizer
        self._temperature = temperature
        self._top_k = top_k
        self._end = tokenizer.token_to_id(END)
        self._pad = tokenizer.token_to_id(PAD)
        self._slot_ids = {slot: tokenizer.token_to_id(f"<{slot}>") for slot in SLOTS}
        self._banned = self._banned_tokens()

    @classmethod
    def load(cls, folder: Path) -> "SlotDrawer":
        """Reads config.json, tokenizer.json and the safetensors weights of a folder."""
        from tokenizers import Tokenizer

        model = load_causal_lm(folder)
        return cls(model, Tokenizer.from_file(str(folder / "tokenizer.json")))

    def draw(self, requests: Sequence[Request], *, seed: int) -> list[Draw]:
        """See `Drawer.draw`."""
        import torch

        if not requests:
            return []
        generator = torch.Generator().manual_seed(seed)
        with torch.inference_mode():
            ids, scores = self._sample(requests, generator)
        texts = [from_model(self._tokenizer.decode(row, skip_special_tokens=False)) for row in ids]
        return [Draw(text, score) for text, score in zip(texts, scores, strict=True)]

    def _banned_tokens(self) -> Any:
        """(V,) float: -inf for tokens that never belong into a text: markers, slots, digits, foreign letters."""
        import torch

        banned = torch.zeros(self._model.config.vocab_size)
        for token, number in self._tokenizer.get_vocab().items():
            text = self._tokenizer.decode([number], skip_special_tokens=False)
            plain = text.isascii() and text.isprintable() and not any(c.isdigit() or c in "<>{}[]*_#@" for c in text)
            if (token in SPECIAL or not plain) and token != END:
                banned[number] = -torch.inf
        return banned

    def _prefill(self, requests: Sequence[Request]) -> tuple[Any, Any, Any]:
        """The left-padded prompts: ids, attention mask and positions, each (R, T)."""
        import torch

        prompts = [self._tokenizer.encode(prompt(r.topic, r.slots, r.style, r.domain)).ids for r in requests]
        width = max(map(len, prompts))
        ids = torch.tensor([[self._pad] * (width - len(row)) + row for row in prompts])
        mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in prompts])
        return ids, mask, (mask.cumsum(1) - 1).clamp(min=0)

    def _bias(self, requests: Sequence[Request]) -> Any:
        """(R, V) float: what each row may write now; the end only when all its slots are written."""
        bias = self._banned.repeat(len(requests), 1)
        for row, request in enumerate(requests):
            for slot in request.slots:
                bias[row, self._slot_ids[slot]] = 0.0
            if request.slots:
                bias[row, self._end] = float("-inf")
        return bias

    def _sample(self, requests: Sequence[Request], generator: Any) -> tuple[list[list[int]], list[float]]:
        import torch

        ids, mask, positions = self._prefill(requests)
        bias = self._bias(requests)
        pending = [{self._slot_ids[slot] for slot in request.slots} for request in requests]
        written: list[list[int]] = [[] for _ in requests]
        totals = [0.0] * len(requests)
        active = list(range(len(requests)))  # rows still being written; `bias`, `mask`, the cache follow its order
        past, position = None, positions[:, -1:]
        for step in range(1, 1 + self._model.config.n_positions - ids.shape[1]):
            out = self._model(
                input_ids=ids, attention_mask=mask, position_ids=positions, past_key_values=past, use_cache=True,
                logits_to_keep=1,
            )  # fmt: skip
            past = out.past_key_values
            chosen, chances = self._choose(out.logits[:, -1].float() + bias, generator)
            for place, (row, token, chance) in enumerate(zip(active, chosen, chances, strict=True)):
                totals[row] += chance
                written[row].append(token)
                if token in pending[row]:
                    pending[row].discard(token)
                    bias[place, token] = -torch.inf
                    if not pending[row]:
                        bias[place, self._end] = 0.0
            going = [
                place
                for place, token in enumerate(chosen)
                if token != self._end and step < requests[active[place]].longest
            ]
            if not going:
                break
            position = position + 1
            ids, mask = torch.tensor(chosen)[:, None], torch.cat([mask, mask.new_ones(len(active), 1)], 1)
            if len(going) < len(active):
                keep = torch.tensor(going)
                past.batch_select_indices(keep)
                ids, mask, position, bias = ids[keep], mask[keep], position[keep], bias[keep]
                active = [active[place] for place in going]
            positions = position
        finished = [[t for t in row if t != self._end] if row[-1:] == [self._end] else [] for row in written]
        return finished, [total / max(1, len(row)) for total, row in zip(totals, written, strict=True)]

    def _choose(self, logits: Any, generator: Any) -> tuple[list[int], list[float]]:
        """A token for each row of logits (R, V), and its log-probability at temperature 1."""
        import torch

        best, tokens = logits.topk(min(self._top_k, logits.shape[1]), dim=1)  # (R, K)
        places = torch.multinomial((best / self._temperature).softmax(1), 1, generator=generator)
        chances = best.gather(1, places).squeeze(1) - logits.logsumexp(1)
        return tokens.gather(1, places).squeeze(1).tolist(), chances.tolist()


def load_causal_lm(name: str | Path) -> Any:
    """Any causal language model in eval mode, from safetensors alone, single precision, on one thread."""
    import torch
    from transformers import AutoModelForCausalLM

    torch.set_num_threads(1)  # small batches on several threads are ten times slower when the machine is busy
    return AutoModelForCausalLM.from_pretrained(name, dtype=torch.float32, use_safetensors=True).eval()


def is_ours(folder: Path) -> bool:
    """Whether a model folder has our slots in its vocabulary."""
    path = folder / "tokenizer.json"
    return path.is_file() and f'"{ACT}"' in path.read_text(encoding="utf-8")
