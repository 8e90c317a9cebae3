"""Drawing texts from our own GPT-2: many in one batch, with slots that cannot be misused while they are written."""

import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from chatbot.generation.forward import Forward, columns, load_forward
from chatbot.generation.paths import Path as Way
from chatbot.generation.paths import Paths
from chatbot.generation.prompts import ACT, END, PAD, SLOTS, SPECIAL, Example, from_model, prompt

JOINT = 4
"""Tokens that show whether two lines go together where a draw changes from one to the other."""


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
    joint: float = 0.0
    """The same for the tokens after a change from one line to another: low where the two do not go together."""


class Drawer(Protocol):
    """Where draws come from."""

    def draw(self, requests: Sequence[Request], *, seed: int) -> list[Draw]:
        """One draw for each request, in order; equal arguments give equal draws."""


class SlotDrawer:
    """Draws from a language model whose vocabulary has our slots as tokens."""

    def __init__(
        self, forward: Forward, tokenizer: Any, paths: Paths, *, temperature: float = 1.1, top_k: int = 40
    ) -> None:
        """`tokenizer` is a `tokenizers.Tokenizer`."""
        self._paths = paths
        self._forward = forward
        self._tokenizer = tokenizer
        self._temperature = temperature
        self._top_k = top_k
        self._end = tokenizer.token_to_id(END)
        self._pad = tokenizer.token_to_id(PAD)
        self._slot_ids = {slot: tokenizer.token_to_id(f"<{slot}>") for slot in SLOTS}
        self._plain = frozenset(self._plain_tokens())

    @classmethod
    def load(cls, folder: Path, examples: Iterable[Example]) -> "SlotDrawer":
        """Reads config.json, tokenizer.json and the safetensors weights of a folder; draws follow the examples."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        return cls(load_forward(folder), tokenizer, Paths(tokenizer, examples))

    def draw(self, requests: Sequence[Request], *, seed: int) -> list[Draw]:
        """See `Drawer.draw`."""
        import torch

        if not requests:
            return []
        with torch.inference_mode():
            rows = self._written(requests, seed)
        return [Draw(self._text(row), *row.chances_of_text()) for row in rows]

    def _text(self, row: "_Row") -> str:
        return from_model(self._tokenizer.decode(row.text, skip_special_tokens=False)) if row.complete else ""

    def _plain_tokens(self) -> Iterator[int]:
        """Tokens that may stand in a text: no markers, slots, digits or foreign letters."""
        for token, number in self._tokenizer.get_vocab().items():
            text = self._tokenizer.decode([number], skip_special_tokens=False)
            plain = text.isascii() and text.isprintable() and not any(c.isdigit() or c in "<>{}[]*_#@" for c in text)
            if plain and token not in SPECIAL and number < self._forward.vocabulary:
                yield number

    def _written(self, requests: Sequence[Request], seed: int) -> "list[_Row]":
        """The rows, written to their ends. A stretch to which there is no alternative takes one pass."""
        import torch

        prompts = [self._tokenizer.encode(prompt(r.topic, r.slots, r.style, r.domain)).ids for r in requests]
        numbered = enumerate(zip(requests, prompts, strict=True))
        rows = [self._row(request, len(head), random.Random(f"{seed}/{n}")) for n, (request, head) in numbered]
        forward, active = self._forward.fresh(), rows
        news, past = prompts, None
        while active:
            ids, mask = columns(news, self._pad)
            positions = torch.tensor([[row.read + n for n in range(ids.shape[1])] for row in active])
            mask = mask if past is None else torch.cat([past, mask], dim=1)
            hidden = forward.read(ids, positions.clamp(max=forward.context - 1), mask)
            self._choose(forward, hidden, active, news)
            going = [place for place, row in enumerate(active) if row.new]
            past = mask
            if len(going) < len(active):
                places = torch.tensor(going, dtype=torch.int64)
                forward.keep(places)
                active, past = [active[place] for place in going], mask[places]
            news = [row.new for row in active]
        return rows

    def _row(self, request: Request, head: int, rng: random.Random) -> "_Row":
        slots = {self._slot_ids[slot] for slot in request.slots}
        room = min(request.longest, self._forward.context - head)
        return _Row(self._paths, self._paths.start(request.topic, slots, rng), slots, room, rng, self._end)

    def _choose(self, forward: Forward, hidden: Any, rows: "Sequence[_Row]", news: Sequence[Sequence[int]]) -> None:
        """Takes a next token for each row, and those that follow of themselves, after reading its `news`.

        `hidden` is (B, T, C). Tokens of a text that were read in one pass are given their chances from it.
        """
        import torch

        first = [0 if row.read else len(new) - 1 for row, new in zip(rows, news, strict=True)]
        where = [(n, t) for n, (start, new) in enumerate(zip(first, news, strict=True)) for t in range(start, len(new))]
        logits = forward.logits(hidden[tuple(torch.tensor(where).t())])  # (N, V)
        totals = logits.logsumexp(1)  # (N,)
        at = 0
        for row, new, start in zip(rows, news, first, strict=True):
            known, at = at, at + len(new) - start
            for place, read in enumerate(new[start + 1 :], start=known):
                row.chances.append(float(logits[place, read] - totals[place]))
            row.read += len(new)
            if row.ended:
                row.new = []
                continue
            token = self._sampled(logits[at - 1], row)
            if token is not None:
                row.chances.append(float(logits[at - 1, token] - totals[at - 1]))
            row.take(token)

    def _sampled(self, logits: Any, row: "_Row") -> int | None:
        """One of the tokens that a row may write next, drawn by its chance; None where there is none. (V,) float."""
        import torch

        allowed = row.allowed(self._plain)
        if not allowed:
            return None
        choice = torch.tensor(sorted(allowed))
        best = logits[choice].topk(min(self._top_k, len(choice)))
        weights = (best.values / self._temperature).softmax(0).tolist()
        return int(choice[row.rng.choices(best.indices.tolist(), weights)[0]])


class _Row:
    """A text while it is written."""

    def __init__(
        self, paths: Paths, path: Way | None, slots: set[int], longest: int, rng: random.Random, end: int
    ) -> None:
        """`path` is where it starts, None where it is free; `slots` are the tokens it has to write."""
        self.rng = rng
        self.text: list[int] = []
        self.chances: list[float] = []
        self._joints: list[int] = []  # places of the first tokens after a change
        self.new: list[int] = []  # tokens written since the last pass; none when the row has ended
        self.read = 0  # tokens that the model has read, the prompt included
        self.ended = self.complete = False
        self._paths, self._path, self._pending = paths, path, set(slots)
        self._longest, self._end = longest, end

    def allowed(self, plain: frozenset[int]) -> Collection[int]:
        """The tokens that may be written next."""
        if self._path is None:
            return plain | (self._pending or {self._end})
        ways = self._paths.next(self._path)
        return ways if not self._pending else ways - {self._end}

    def take(self, token: int | None) -> None:
        """Writes a token, and those after it to which there is no alternative."""
        self.new = []
        while token is not None and token != self._end and len(self.text) < self._longest:
            self.text.append(token)
            self.new.append(token)
            self._pending.discard(token)
            if self._path is None:
                return
            self._go(self._path, token)
            ways = self.allowed(frozenset())
            if len(ways) > 1:
                return
            token = next(iter(ways), None)
        self.ended = True
        self.complete = token == self._end
        if not self.complete:
            self.new = []  # nobody will ask how likely it was

    def _go(self, path: Way, token: int) -> None:
        self._path = self._paths.go(path, token)
        if self._path.changes > path.changes:
            self._joints.append(len(self.text) - 1)

    def chances_of_text(self) -> tuple[float, float, float]:
        """The mean log-probability of the tokens, the lowest, and the lowest after a change between lines."""
        after = [chance for joint in self._joints for chance in self.chances[joint : joint + JOINT]]
        mean = sum(self.chances) / max(1, len(self.chances))
        return mean, min(self.chances, default=0.0), min(after, default=0.0)


def is_ours(folder: Path) -> bool:
    """Whether a model folder has our slots in its vocabulary."""
    path = folder / "tokenizer.json"
    return path.is_file() and f'"{ACT}"' in path.read_text(encoding="utf-8")
