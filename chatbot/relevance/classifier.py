"""A GPT-2 with a classification head: (conversation, item) → probability of being liked."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import ModelError

LONGEST = 96
"""Tokens of a pair; a longer conversation loses its beginning."""
ITEM_SHARE = 36
"""Tokens that the item may take of them."""
WIDTH = 16
"""Shapes are rounded up to multiples of this: every new shape costs the CPU kernels a compilation and memory."""


@dataclass(frozen=True)
class Texts:
    """Pairs of texts as token ids, padded on the right."""

    tokenizer: Any
    pad: int
    end: int

    @classmethod
    def load(cls, folder: str) -> "Texts":
        """The tokenizer of a model folder; its end token separates and pads where it has none for that."""
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(folder)
        end = tokenizer.eos_token_id
        return cls(tokenizer, end if tokenizer.pad_token_id is None else tokenizer.pad_token_id, end)

    def ids(self, context: str, item: str) -> list[int]:
        """At most LONGEST ids: the end of the conversation, the item, each closed by the end token."""
        about = self.tokenizer.encode(item)[:ITEM_SHARE]
        room = LONGEST - len(about) - 2
        return [*self.tokenizer.encode(context)[-room:], self.end, *about, self.end]

    def batch(self, rows: Sequence[Sequence[int]]) -> tuple[Any, Any]:
        """Padded ids and the attention mask: two (b, t) int64 tensors."""
        import torch

        width = -(-max(len(row) for row in rows) // WIDTH) * WIDTH
        ids = torch.full((len(rows), width), self.pad)
        seen = torch.zeros((len(rows), width), dtype=torch.int64)
        for at, row in enumerate(rows):
            ids[at, : len(row)] = torch.tensor(list(row))
            seen[at, : len(row)] = 1
        return ids, seen


def new_classifier(base: str, texts: Texts, dropout: float) -> Any:
    """A `GPT2ForSequenceClassification` with the base model's weights and a fresh head of two classes.

    Where the base reads fewer than LONGEST tokens, its learned positions are kept and the further ones begin as
    copies of the last. ModelError where the base cannot be loaded.
    """
    import torch
    from transformers import GPT2Config, GPT2ForSequenceClassification, GPT2Model

    try:
        config = GPT2Config.from_pretrained(base)
        old = GPT2Model.from_pretrained(base, dtype=torch.float32)
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).strip().split("\n")[0]
        raise ModelError(f"{base}: cannot be loaded as a GPT-2 ({reason}); name a folder with one") from error
    known = config.n_positions
    config.update({"n_positions": max(known, LONGEST), "num_labels": 2, "pad_token_id": texts.pad})
    config.update({"resid_pdrop": dropout, "embd_pdrop": dropout, "attn_pdrop": dropout})
    model = GPT2ForSequenceClassification(config)
    weights = old.state_dict()
    missing = config.n_positions - known
    positions = weights["wpe.weight"]
    weights["wpe.weight"] = torch.cat([positions, positions[-1:].expand(missing, -1)]) if missing else positions
    model.transformer.load_state_dict(weights)
    return model


class RelevanceClassifier:
    """A fitted classifier. Safe to share between threads."""

    def __init__(self, model: Any, texts: Texts) -> None:
        self._model = model.eval()
        self._texts = texts

    @classmethod
    def load(cls, folder: str | Path) -> "RelevanceClassifier":
        """Reads what `chatbot train relevance` wrote. ModelError where it is not there or damaged."""
        from transformers import GPT2ForSequenceClassification

        if not (Path(folder) / "config.json").is_file():
            raise ModelError(f"{folder}: no classifier there; `chatbot train relevance -o {folder}` writes one")
        try:
            return cls(GPT2ForSequenceClassification.from_pretrained(str(folder)).float(), Texts.load(str(folder)))
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(f"{folder}: the classifier is damaged ({error}); train it again") from error

    def liked(self, contexts: Sequence[str], items: Sequence[str], batch: int = 64) -> np.ndarray:
        """The probability that each item is liked after its conversation: (n,) float32."""
        import torch

        rows = [self._texts.ids(context, item) for context, item in zip(contexts, items, strict=True)]
        order = sorted(range(len(rows)), key=lambda at: len(rows[at]))  # like lengths together: less padding
        scores = np.zeros(len(rows), dtype=np.float32)
        with torch.inference_mode():
            for start in range(0, len(order), batch):
                chosen = order[start : start + batch]
                ids, seen = self._texts.batch([rows[at] for at in chosen])
                logits = self._model(input_ids=ids, attention_mask=seen).logits  # (b, 2)
                scores[chosen] = logits.float().softmax(dim=1)[:, 1].numpy()
        return scores
