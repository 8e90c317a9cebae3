"""Drawing texts from our own GPT-2: many in one batch, with slots that cannot be misused while they are written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from chatbot.generation.paths import Paths
from chatbot.generation.prompts import ACT, END, PAD, SLOTS, SPECIAL, Example, from_model, prompt


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
    lowest: float = 0.0
    """The log-likelihood of its least likely token: low where a sentence takes a wrong turn."""


class Drawer(Protocol):
    """Where draws come from."""

    def draw(self, requests: Sequence[Request], *, seed: int) -> list[Draw]:
        """One draw for each request, in order; equal arguments give equal draws."""


class SlotDrawer:
    """Draws from a GPT-2 whose vocabulary has our slots as tokens."""

    def __init__(self, model: Any, tokenizer: Any, paths: Paths, *, temperature: float = 1.1, top_k: int = 40) -> None:
        """`model` is a GPT2LMHeadModel in eval mode, `tokenizer` a `tokenizers.Tokenizer`."""
        self._paths = paths
        self._model = model
        self._tokenizer = tokenizer
        self._temperature = temperature
        self._top_k = top_k
        self._end = tokenizer.token_to_id(END)
        self._pad = tokenizer.token_to_id(PAD)
        self._slot_ids = {slot: tokenizer.token_to_id(f"<{slot}>") for slot in SLOTS}
        self._banned = self._banned_tokens()

    @classmethod
    def load(cls, folder: Path, examples: Iterable[Example]) -> "SlotDrawer":
        """Reads config.json, tokenizer.json and the safetensors weights of a folder; draws follow the examples."""
        from tokenizers import Tokenizer

        model = load_causal_lm(folder)
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        return cls(model, tokenizer, Paths(tokenizer, examples))

    def draw(self, requests: Sequence[Request], *, seed: int) -> list[Draw]:
        """See `Drawer.draw`."""
        import torch

        if not requests:
            return []
        generator = torch.Generator().manual_seed(seed)
        with torch.inference_mode():
            rows = self._sample(requests, generator)
        texts = [from_model(self._tokenizer.decode(ids, skip_special_tokens=False)) for ids in rows.written()]
        return [Draw(text, *chances) for text, chances in zip(texts, rows.chances(), strict=True)]

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

    def _sample(self, requests: Sequence[Request], generator: Any) -> "_Rows":
        """The rows, written to their ends."""
        import torch

        ids, mask, positions = self._prefill(requests)
        rows = _Rows(requests, self._slot_ids, self._end, self._pad, self._bias(requests), self._paths)
        past = None
        for _ in range(self._model.config.n_positions - ids.shape[1]):
            out = self._model(
                input_ids=ids, attention_mask=mask, position_ids=positions, past_key_values=past, use_cache=True,
                logits_to_keep=1,
            )  # fmt: skip
            past = out.past_key_values
            logits = out.logits[:, -1].float()
            chosen, chances = self._choose(logits, logits + rows.bias + rows.ways(), generator)
            going = rows.add(chosen.tolist(), chances.tolist())
            if not len(going):
                break
            if len(going) < len(mask):
                past.batch_select_indices(going)
            ids, positions = chosen[going, None], positions[going, -1:] + 1
            mask = torch.cat([mask[going], mask.new_ones(len(going), 1)], dim=1)
        return rows

    def _choose(self, logits: Any, allowed: Any, generator: Any) -> tuple[Any, Any]:
        """A token for each row of `allowed` (R, V), and its log-probability among all `logits`: both (R,).

        A row in which nothing is allowed is given padding, which ends it.
        """
        import torch

        allowed[allowed.amax(1) == -torch.inf, self._pad] = 0.0
        best, tokens = allowed.topk(min(self._top_k, allowed.shape[1]), dim=1)  # (R, K)
        places = torch.multinomial((best / self._temperature).softmax(1), 1, generator=generator)
        chosen = tokens.gather(1, places)
        chances = logits.gather(1, chosen).squeeze(1) - logits.logsumexp(1)
        return chosen.squeeze(1), chances


class _Rows:
    """The rows of a batch while they are written; those that have ended are taken out of it."""

    def __init__(
        self, requests: Sequence[Request], slot_ids: Mapping[str, int], end: int, pad: int, bias: Any, paths: Paths
    ) -> None:
        """`bias` is (R, V) float, what each row may write now; its rows follow those still being written."""
        self.bias = bias
        self._paths = paths
        self._end = end
        self._stops = (end, pad)
        self._longest = [request.longest for request in requests]
        self._pending = [{slot_ids[slot] for slot in request.slots} for request in requests]
        self._at = [paths.start(r.topic, slots) for r, slots in zip(requests, self._pending, strict=True)]
        self._ids: list[list[int]] = [[] for _ in requests]
        self._chances: list[list[float]] = [[] for _ in requests]
        self._active = list(range(len(requests)))

    def ways(self) -> Any:
        """(R, V) float: -inf for tokens to which no path leads from where a row is."""
        import torch

        ways = torch.zeros_like(self.bias)
        for place, row in enumerate(self._active):
            path = self._at[row]
            if path is not None:
                ways[place] = -torch.inf
                ways[place, sorted(self._paths.next(path))] = 0.0
        return ways

    def add(self, chosen: Sequence[int], chances: Sequence[float]) -> Any:
        """Adds a token to each active row; returns the places of those that go on, (places,) int64."""
        import torch

        for place, (row, token, chance) in enumerate(zip(self._active, chosen, chances, strict=True)):
            path = self._at[row]
            self._at[row] = None if path is None else self._paths.go(path, token)
            self._ids[row].append(token)
            self._chances[row].append(chance)
            if token in self._pending[row]:
                self._pending[row].discard(token)
                self.bias[place, token] = -torch.inf
                if not self._pending[row]:
                    self.bias[place, self._end] = 0.0
        going = [place for place, row in enumerate(self._active) if self._goes_on(row)]
        self._active = [self._active[place] for place in going]
        places = torch.tensor(going, dtype=torch.int64)
        self.bias = self.bias[places]
        return places

    def _goes_on(self, row: int) -> bool:
        return self._ids[row][-1] not in self._stops and len(self._ids[row]) < self._longest[row]

    def written(self) -> list[list[int]]:
        """The ids of each row without the end token; nothing where it came to no end."""
        return [ids[:-1] if ids[-1:] == [self._end] else [] for ids in self._ids]

    def chances(self) -> list[tuple[float, float]]:
        """The mean and the lowest log-probability of each row's tokens."""
        return [(sum(row) / max(1, len(row)), min(row, default=0.0)) for row in self._chances]


def load_causal_lm(name: str | Path) -> Any:
    """Any causal language model in eval mode, from safetensors alone, single precision, on one thread."""
    import torch
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.set_num_threads(1)  # small batches on several threads are ten times slower when the machine is busy
    return AutoModelForCausalLM.from_pretrained(name, dtype=torch.float32, use_safetensors=True).eval()


def is_ours(folder: Path) -> bool:
    """Whether a model folder has our slots in its vocabulary."""
    path = folder / "tokenizer.json"
    return path.is_file() and f'"{ACT}"' in path.read_text(encoding="utf-8")
