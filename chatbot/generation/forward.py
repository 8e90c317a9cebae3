"""One forward pass over a batch that grows: our own GPT-2 in eight bits, or any causal language model as it is.

A batch is written in columns. Each call adds columns; a row that has less to add than the others leaves the last of
them empty, and what is empty is never attended to. So a row may take several known tokens in one pass.
"""

import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

Linear = Callable[[Any], Any]


class Forward(Protocol):
    """A model that reads new columns of a batch and remembers the old ones."""

    vocabulary: int
    context: int

    def read(self, ids: Any, positions: Any, mask: Any) -> Any:
        """The hidden states (B, T, C) of T new columns: `ids` and `positions` (B, T) int64; `mask` (B, n + T) bool,
        true where a column, old or new, holds a token. Every row's first new column has to hold one."""

    def logits(self, hidden: Any) -> Any:
        """(N, C) hidden states → (N, V) float32."""

    def keep(self, places: Any) -> None:
        """Goes on with these rows alone: (places,) int64."""

    def fresh(self) -> "Forward":
        """The same model with no columns read; the weights are shared."""


class SmallGPT2:
    """GPT-2 without transformers, which takes seconds to load. With `bits` 8 its matrices are rounded to bytes."""

    def __init__(self, weights: Mapping[str, Any], heads: int, bits: int = 8) -> None:
        """`weights` as GPT2LMHeadModel names them, in float32; its output layer is its embedding."""
        linear = _eight_bits if bits == 8 else _exact
        names = {name.removeprefix("transformer."): weight for name, weight in weights.items()}
        self._tokens, self._places = names["wte.weight"], names["wpe.weight"]
        self.vocabulary, self.context = len(self._tokens), len(self._places)
        self._heads = heads
        self._layers: list[Any] = []  # two norms and four matrices each
        for n in range(sum(name.endswith(".ln_1.weight") for name in names)):
            own = {name.removeprefix(f"h.{n}."): weight for name, weight in names.items() if name.startswith(f"h.{n}.")}
            parts = ("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj")
            norms = [(own[f"ln_{k}.weight"], own[f"ln_{k}.bias"]) for k in (1, 2)]
            self._layers.append([*norms, *(linear(own[f"{part}.weight"], own[f"{part}.bias"]) for part in parts)])
        self._norm = names["ln_f.weight"], names["ln_f.bias"]
        self._head = linear(self._tokens.t().contiguous(), self._tokens.new_zeros(self.vocabulary))
        self._seen: list[tuple[Any, Any]] = []

    @classmethod
    def load(cls, folder: Path, bits: int = 8) -> "SmallGPT2":
        """From config.json and the safetensors weights of a folder."""
        from safetensors.torch import load_file

        weights: dict[str, Any] = {}
        for path in sorted(folder.glob("*.safetensors")):
            weights |= {name: weight.float() for name, weight in load_file(str(path)).items()}
        return cls(weights, json.loads((folder / "config.json").read_text(encoding="utf-8"))["n_head"], bits)

    @classmethod
    def of(cls, model: Any, bits: int = 32) -> "SmallGPT2":
        """From a GPT2LMHeadModel."""
        return cls({name: weight.detach().float() for name, weight in model.state_dict().items()},
                   model.config.n_head, bits)  # fmt: skip

    def fresh(self) -> "SmallGPT2":
        """See `Forward.fresh`."""
        other = object.__new__(SmallGPT2)
        other.__dict__.update(self.__dict__)
        other._seen = []
        return other

    def read(self, ids: Any, positions: Any, mask: Any) -> Any:
        """See `Forward.read`."""
        import torch.nn.functional as F

        x = F.embedding(ids, self._tokens) + F.embedding(positions, self._places)  # (B, T, C)
        shape = x.shape
        visible = _visible(mask, shape[1])
        for n, (first, second, to_qkv, from_heads, up, down) in enumerate(self._layers):
            qkv = to_qkv(_normed(x, first)).view(shape[0], shape[1], 3, self._heads, -1).permute(2, 0, 3, 1, 4)
            keys, values = self._remembered(n, qkv[1], qkv[2])  # (B, H, n + T, D)
            mixed = F.scaled_dot_product_attention(qkv[0], keys, values, attn_mask=visible)
            x = x + from_heads(mixed.transpose(1, 2).reshape(shape))
            x = x + down(F.gelu(up(_normed(x, second)), approximate="tanh"))
        return _normed(x, self._norm)

    def logits(self, hidden: Any) -> Any:
        """See `Forward.logits`."""
        return self._head(hidden)

    def keep(self, places: Any) -> None:
        """See `Forward.keep`."""
        self._seen = [(keys[places], values[places]) for keys, values in self._seen]

    def _remembered(self, layer: int, keys: Any, values: Any) -> tuple[Any, Any]:
        """All keys and values of a layer, the new ones among them."""
        import torch

        if layer == len(self._seen):
            self._seen.append((keys, values))
        else:
            old = self._seen[layer]
            self._seen[layer] = torch.cat([old[0], keys], dim=2), torch.cat([old[1], values], dim=2)
        return self._seen[layer]


class AnyCausal:
    """Any causal language model of transformers behind the same interface."""

    def __init__(self, model: Any) -> None:
        """`model` in eval mode."""
        self._model = model
        self._past: Any = None
        self.vocabulary = model.get_input_embeddings().num_embeddings
        self.context = getattr(model.config, "max_position_embeddings", None) or model.config.n_positions

    def fresh(self) -> "AnyCausal":
        """See `Forward.fresh`."""
        return AnyCausal(self._model)

    def read(self, ids: Any, positions: Any, mask: Any) -> Any:
        """See `Forward.read`."""
        out = self._model.base_model(
            input_ids=ids,
            attention_mask=mask.long(),
            position_ids=positions,
            past_key_values=self._past,
            use_cache=True,
        )
        self._past = out.past_key_values
        return out.last_hidden_state

    def logits(self, hidden: Any) -> Any:
        """See `Forward.logits`."""
        return self._model.get_output_embeddings()(hidden).float()

    def keep(self, places: Any) -> None:
        """See `Forward.keep`."""
        self._past.batch_select_indices(places)


def load_forward(folder: Path) -> Forward:
    """The model of a folder that has our slots in its vocabulary, the quick way where it is a GPT-2."""
    import torch

    torch.set_num_threads(1)  # small batches on several threads are ten times slower when the machine is busy
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    usual = config.get("activation_function", "gelu_new") == "gelu_new" and config.get("tie_word_embeddings", True)
    if config.get("model_type") == "gpt2" and usual:
        return SmallGPT2.load(folder, bits=8 if torch.backends.quantized.engine != "none" else 32)
    return AnyCausal(load_causal_lm(folder))


def load_causal_lm(name: str | Path) -> Any:
    """Any causal language model in eval mode, from safetensors alone, single precision, on one thread."""
    import torch
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.set_num_threads(1)
    return AutoModelForCausalLM.from_pretrained(name, dtype=torch.float32, use_safetensors=True).eval()


def columns(rows: Sequence[Sequence[int]], pad: int) -> tuple[Any, Any]:
    """Rows of unequal length as ids (B, T) and a mask of the same shape; what is missing stands at the end."""
    import torch

    width = max(map(len, rows))
    ids = torch.tensor([[*row, *[pad] * (width - len(row))] for row in rows])
    mask = torch.tensor([[True] * len(row) + [False] * (width - len(row)) for row in rows])
    return ids, mask


def _visible(mask: Any, new: int) -> Any:
    """(B, 1, T, n + T) bool: which columns each of the new ones attends to, itself and earlier ones that hold one."""
    import torch

    total = mask.shape[1]
    causal = torch.ones(new, total, dtype=torch.bool).tril(total - new)
    return mask[:, None, None, :] & causal


def _normed(x: Any, weights: tuple[Any, Any]) -> Any:
    import torch.nn.functional as F

    return F.layer_norm(x, x.shape[-1:], *weights)


def _exact(weight: Any, bias: Any) -> Linear:
    """x (…, I) → (…, O) for a weight (I, O)."""
    return lambda x: x @ weight + bias


def _eight_bits(weight: Any, bias: Any) -> Linear:
    """The same with the weight rounded to a byte, a scale for each output; three times as fast in small batches.

    Inputs keep seven bits, since processors without VNNI overflow with eight.
    """
    import torch

    scales = (weight.abs().amax(0) / 127).clamp(min=1e-12).double()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # quantised tensors are to move to another package some day
        rounded = torch.quantize_per_channel(
            weight.t().contiguous(), scales, torch.zeros(len(scales), dtype=torch.int64), 0, torch.qint8
        )
    packed = torch.ops.quantized.linear_prepack(rounded, bias)
    return lambda x: torch.ops.quantized.linear_dynamic(x, packed, True)
