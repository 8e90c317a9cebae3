"""The generator's own byte-level BPE tokenizer, and examples as token ids."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot.generation.prompts import END, PAD, SPECIAL, Example, prompt, to_model


@dataclass(frozen=True, slots=True)
class Encoded:
    """A training line as ids: the loss is taken from position `start` on."""

    ids: tuple[int, ...]
    start: int


def train_tokenizer(texts: Iterable[str], size: int) -> Any:
    """A `tokenizers.Tokenizer` of at most `size` tokens in which every slot and marker is one token."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = [AddedToken(token, special=True, normalized=False) for token in SPECIAL]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def save_tokenizer(tokenizer: Any, folder: Path) -> None:
    """Writes tokenizer.json and what `AutoTokenizer` wants beside it."""
    from transformers import PreTrainedTokenizerFast

    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token=PAD, eos_token=END, bos_token=END)
    wrapped.save_pretrained(folder)


def encode(tokenizer: Any, examples: Sequence[Example], longest: int) -> list[Encoded]:
    """Examples as ids; those longer than `longest` tokens are left out."""
    prompts = [prompt(e.topic, e.slots, e.style, e.domain) for e in examples]
    texts = [to_model(e.text) + END for e in examples]
    heads = tokenizer.encode_batch(prompts)
    tails = tokenizer.encode_batch(texts)
    pairs = zip(heads, tails, strict=True)
    encoded = [Encoded((*head.ids, *tail.ids), len(head.ids)) for head, tail in pairs]
    return [line for line in encoded if len(line.ids) <= longest]
