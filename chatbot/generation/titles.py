"""Titles straight from a language model: beam search in which only the catalog's titles can be written.

Generative retrieval with a constrained beam (De Cao et al., "Autoregressive Entity Retrieval", 2021): a trie over the
titles' tokens says what may come next, so that no title is invented. How good the proposals are is up to the model:
one that never read of the items can only guess.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot.generation.instruct import read_prompts

MOST_TOKENS = 24
"""Tokens of a title that are written; longer titles are told apart by these."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A title as the model proposes it: positions of the items that bear it, and its mean log-likelihood a token."""

    positions: tuple[int, ...]
    score: float


class TitleTrie:
    """Token rows that end where a title does; each leads to the positions of the items that bear it."""

    def __init__(self, rows: Iterable[tuple[int, Sequence[int]]], end: int) -> None:
        """`rows` are (position, tokens of the title without an end); `end` is the token that ends one."""
        self._end = end
        self._next: dict[tuple[int, ...], set[int]] = {}
        self._items: dict[tuple[int, ...], list[int]] = {}
        for position, tokens in rows:
            row = tuple(tokens[:MOST_TOKENS])
            for length, token in enumerate((*row, end)):
                self._next.setdefault(row[:length], set()).add(token)
            self._items.setdefault(row, []).append(position)

    def __len__(self) -> int:
        """How many titles differ."""
        return len(self._items)

    def next(self, written: Sequence[int]) -> list[int]:
        """The tokens that may follow; the end alone where nothing of the trie was written."""
        return sorted(self._next.get(tuple(written), {self._end}))

    def items(self, written: Sequence[int]) -> tuple[int, ...]:
        """The positions of the items whose title these tokens are, up to the first end; none for anything else."""
        row = tuple(written)
        ended = row.index(self._end) if self._end in row else len(row)
        return tuple(self._items.get(row[:ended], ()))


class TitleProposer:
    """Proposes titles of one catalog for requests in words."""

    def __init__(self, model: Any, tokenizer: Any, titles: Sequence[str], noun: str, language: str = "en") -> None:
        """`model` and `tokenizer` as transformers' Auto classes give them; `noun` is what an item is called."""
        self._model = model
        self._tokenizer = tokenizer
        self._prompt = read_prompts(language).title.replace("{noun}", noun)
        tokenizer.padding_side = tokenizer.truncation_side = "left"
        if tokenizer.pad_token is None:
            tokenizer.pad_token = tokenizer.eos_token
        before = "" if tokenizer.chat_template else " "
        self._rows = tokenizer([before + title for title in titles], add_special_tokens=False)["input_ids"]

    @classmethod
    def load(cls, name: str | Path, titles: Sequence[str], noun: str) -> "TitleProposer":
        """With any causal language model, by folder or hub name."""
        from transformers import AutoTokenizer

        from chatbot.generation.forward import load_causal_lm

        return cls(load_causal_lm(name), AutoTokenizer.from_pretrained(name), titles, noun)

    def propose(self, requests: Sequence[str], k: int, allowed: Iterable[int] | None = None) -> list[list[Proposal]]:
        """The k likeliest titles for each request, best first, all of them the catalog's; fewer where it has fewer.

        `allowed` are the positions that may be proposed, all of them if left out. Equal arguments give equal titles.
        """
        import torch

        positions = range(len(self._rows)) if allowed is None else allowed
        trie = TitleTrie(((at, self._rows[at]) for at in positions), self._tokenizer.eos_token_id)
        if not len(trie) or not requests:
            return [[] for _ in requests]
        room = getattr(self._model.config, "max_position_embeddings", 1024) - MOST_TOKENS - 1
        batch = self._tokenizer(
            [self._asked(request) for request in requests], return_tensors="pt", padding=True, truncation=True,
            max_length=room, add_special_tokens=False,
        )  # fmt: skip
        width, beams = batch["input_ids"].shape[1], max(2, min(k, len(trie)))  # one beam would be greedy decoding
        with torch.inference_mode():
            out = self._model.generate(
                input_ids=batch["input_ids"], attention_mask=batch["attention_mask"], num_beams=beams,
                num_return_sequences=beams, do_sample=False, max_new_tokens=MOST_TOKENS + 1,
                pad_token_id=self._tokenizer.pad_token_id, eos_token_id=self._tokenizer.eos_token_id,
                prefix_allowed_tokens_fn=lambda _, ids: trie.next(ids[width:].tolist()),
                return_dict_in_generate=True, output_scores=True,
            )  # fmt: skip
        rows, scores = out.sequences[:, width:].tolist(), out.sequences_scores.tolist()
        found = [Proposal(trie.items(row), score) for row, score in zip(rows, scores, strict=True)]
        return [_distinct(found[at : at + beams])[:k] for at in range(0, len(found), beams)]

    def _asked(self, request: str) -> str:
        """What the model reads before it writes a title."""
        text = self._prompt.replace("{request}", request)
        if not self._tokenizer.chat_template:
            return text
        told = [{"role": "user", "content": text}]
        return str(self._tokenizer.apply_chat_template(told, tokenize=False, add_generation_prompt=True))


def _distinct(found: Iterable[Proposal]) -> list[Proposal]:
    """The proposals that are titles, each once, best first."""
    kept: dict[tuple[int, ...], Proposal] = {}
    for proposal in sorted(found, key=lambda p: -p.score):
        if proposal.positions and proposal.positions not in kept:
            kept[proposal.positions] = proposal
    return list(kept.values())
