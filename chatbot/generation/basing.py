"""Any causal language model as the start of the fine-tuning: all of it, without its first layers, or by LoRA."""

from dataclasses import dataclass
from typing import Any

from chatbot.generation.forward import load_causal_lm
from chatbot.generation.prompts import SPECIAL
from index.errors import ModelError


@dataclass(frozen=True, slots=True)
class Base:
    """A model to start from, and how much of it learns."""

    name: str  # a folder, or a name of the hub
    lora: int = 0  # the rank of low-rank adapters; 0: the weights themselves learn
    freeze: int = 0  # so many layers, from the input on, stay as they are


def load_base(base: Base) -> tuple[Any, Any]:
    """The model, and its `tokenizers.Tokenizer` with our slots and markers as tokens of their own.

    Raises ModelError where it cannot be loaded, or has fewer layers than are to be frozen.
    """
    from transformers import AutoTokenizer

    try:
        model = load_causal_lm(base.name)
        tokenizer = AutoTokenizer.from_pretrained(base.name)
    except (OSError, ValueError) as error:
        reason = str(error).strip().split("\n")[0]
        raise ModelError(
            f"{base.name}: cannot be loaded as a language model ({reason}); name a model folder"
        ) from error
    tokenizer.add_special_tokens({"additional_special_tokens": list(SPECIAL)})
    if len(tokenizer) > model.get_input_embeddings().num_embeddings:
        model.resize_token_embeddings(len(tokenizer))
    if base.lora:
        _adapt(model, base.lora)
    _freeze(model, base)
    return model, tokenizer.backend_tokenizer


def merged(model: Any) -> Any:
    """The model with its adapters, if it has any, added into its weights."""
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if hasattr(child, "base_layer") and hasattr(child, "merge"):
                child.merge()
                setattr(module, name, child.get_base_layer())
    return model


def _adapt(model: Any, rank: int) -> None:
    """Puts adapters into the model's linear layers; they learn, and the embeddings, for the slots are new words."""
    try:
        from peft import LoraConfig, inject_adapter_in_model
    except ImportError as error:
        raise ModelError("--lora: needs peft, which is not installed; install the extra `train`") from error
    for weights in model.parameters():
        weights.requires_grad = False
    inject_adapter_in_model(LoraConfig(r=rank, lora_alpha=2 * rank, target_modules="all-linear"), model)
    model.get_input_embeddings().weight.requires_grad = True


def _freeze(model: Any, base: Base) -> None:
    from torch.nn import ModuleList

    stacks = [module for module in model.modules() if isinstance(module, ModuleList)]
    layers: Any = max(stacks, key=len, default=[])
    if base.freeze > len(layers):
        raise ModelError(f"--freeze {base.freeze}: {base.name} has {len(layers)} layers; freeze fewer")
    for layer in list(layers)[: base.freeze]:
        for weights in layer.parameters():
            weights.requires_grad = False
