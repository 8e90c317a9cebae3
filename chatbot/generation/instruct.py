"""What an instruct model is told: the facts as JSON, after lines of ours that do the same job."""

import json
import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from chatbot.acts import Segment
from chatbot.generation.lines import Words
from chatbot.generation.templates import from_template, usable_slots
from chatbot.resources import assets_dir

EXAMPLES = 3

Message = dict[str, str]
"""{"role": …, "content": …}, as chat templates and servers take it."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """What assets/language/<language>.prompts.toml holds."""

    system: str
    again: str
    title: str
    addressing: frozenset[str]
    claiming: frozenset[str]
    comparing: frozenset[str]


@cache
def read_prompts(language: str = "en") -> Prompts:
    """The prompts of a language."""
    with (assets_dir() / "language" / f"{language}.prompts.toml").open("rb") as file:
        data = tomllib.load(file)
    words = (frozenset(data[name]) for name in ("addressing", "claiming", "comparing"))
    return Prompts(data["system"].strip(), data["again"].strip(), data["title"], *words)


def messages(
    segment: Segment, words: Words, nouns: tuple[str, str], prompts: Prompts, rng: random.Random
) -> list[Message]:
    """The conversation that asks for one segment; only the facts that it may use are handed over.

    Lines of ours for the same facts stand as earlier answers, which small models follow better than instructions.
    """
    usable = sorted(usable_slots(segment))
    order = {
        "task": segment.topic.replace(".", ": ").replace("_", " "),
        "tone": segment.style,
        "facts": {slot: segment.slots[slot] for slot in usable},
        "must_name": [segment.slots[slot] for slot in usable if slot in segment.required],
    }
    asked = {"role": "user", "content": json.dumps(order, ensure_ascii=False)}
    told = [{"role": "system", "content": prompts.system.replace("{nouns}", nouns[1])}]
    for answer in dict.fromkeys(from_template(segment, words, rng) for _ in range(EXAMPLES)):
        told += [asked, {"role": "assistant", "content": answer}]
    return [*told, asked]


def again(told: Sequence[Message], answer: str, fault: str, prompts: Prompts) -> list[Message]:
    """The same conversation after an answer that the check refused."""
    return [
        *told,
        {"role": "assistant", "content": answer},
        {"role": "user", "content": prompts.again.replace("{fault}", fault)},
    ]
