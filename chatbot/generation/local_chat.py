"""Texts from an instruct model on this machine, through its own chat template."""

from collections.abc import Iterator, Sequence
from threading import Event, Lock
from typing import Any

from chatbot.generation.instruct import Message

TEMPERATURE, TOP_K = 0.7, 40
LONGEST = 80
"""Tokens of an answer."""


class LocalSource:
    """A causal language model with a chat template. One text at a time; others wait."""

    parallel = 1
    patience: float | None = None

    def __init__(self, name: str, model: Any, tokenizer: Any, longest: int = LONGEST) -> None:
        """`model` and `tokenizer` as transformers' Auto classes give them; `longest` tokens an answer."""
        self.name = name
        self._model = model
        self._tokenizer = tokenizer
        self._longest = longest
        ends = model.generation_config.eos_token_id
        known = ends if isinstance(ends, list) else [ends]
        self._ends = {end for end in (*known, tokenizer.eos_token_id) if end is not None}
        self._lock = Lock()

    def prepare(self) -> None:
        """Nothing is left to load."""

    def stream(self, told: Sequence[Message], *, seed: int, stop: Event) -> Iterator[str]:
        """See `ChatSource.stream`; equal arguments give equal text."""
        import torch

        generator = torch.Generator().manual_seed(seed)
        with self._lock:
            ids, past = torch.tensor([self._prompt(told)]), None  # (1, T)
            written: list[int] = []
            shown = ""
            while len(written) < self._longest and not stop.is_set():
                with torch.inference_mode():
                    out = self._model(input_ids=ids, past_key_values=past, use_cache=True, logits_to_keep=1)
                    token = _drawn(out.logits[0, -1].float(), generator)
                if token in self._ends:
                    break
                past, ids = out.past_key_values, torch.tensor([[token]])
                written.append(token)
                text = self._tokenizer.decode(written, skip_special_tokens=True)
                if not text.endswith("\ufffd"):  # a letter may be several tokens
                    yield text[len(shown) :]
                    shown = text

    def _prompt(self, told: Sequence[Message]) -> list[int]:
        """The token ids of a conversation, at most as many as leave room for the answer."""
        text = self._templated(list(told))
        ids = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        room = getattr(self._model.config, "max_position_embeddings", None)
        return list(ids[-(room - self._longest) :]) if room else list(ids)

    def _templated(self, told: list[Message]) -> str:
        """The conversation in the model's own form; templates without a system role get it with the first question."""
        from jinja2.exceptions import TemplateError

        try:
            return str(self._tokenizer.apply_chat_template(told, tokenize=False, add_generation_prompt=True))
        except TemplateError:
            first = {"role": "user", "content": f"{told[0]['content']}\n\n{told[1]['content']}"}
            return str(
                self._tokenizer.apply_chat_template([first, *told[2:]], tokenize=False, add_generation_prompt=True)
            )


def _drawn(logits: Any, generator: Any) -> int:
    """A token drawn from the likeliest: `logits` is (V,) float."""
    import torch

    best, tokens = logits.topk(min(TOP_K, len(logits)))
    return int(tokens[torch.multinomial((best / TEMPERATURE).softmax(0), 1, generator=generator)])
