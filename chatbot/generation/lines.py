"""Our own lines, one JSON object a line, and the language's templates and checks."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chatbot.generation.prompts import Example, slots_of
from chatbot.resources import assets_dir
from index.errors import ModelError


@dataclass(frozen=True, slots=True)
class Words:
    """What assets/language/<language>.templates.toml holds."""

    templates: Mapping[str, tuple[str, ...]]
    fragments: Mapping[str, tuple[str, ...]]
    capitals: frozenset[str]
    numbers: frozenset[str]
    turning: frozenset[str]
    dangling: frozenset[str]


@cache
def read_words(language: str = "en") -> Words:
    """The templates of a language."""
    path = assets_dir() / "language" / f"{language}.templates.toml"
    with path.open("rb") as file:
        data = tomllib.load(file)
    check = {name: frozenset(words) for name, words in data["check"].items()}
    templates = {topic: tuple(texts) for topic, texts in data["templates"].items()}
    return Words(templates, {slot: tuple(texts) for slot, texts in data["fragments"].items()}, **check)


def read_corpus(folder: Path) -> list[Example]:
    """All examples of the *.jsonl files of a folder, in the order of their names.

    Raises ModelError naming file and line where a line is not one of ours.
    """
    examples = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                record = json.loads(line)
                text = record["text"]
                example = Example(record["topic"], slots_of(text), text, record["style"], record["domain"])
            except (ValueError, KeyError, TypeError) as error:
                expected = 'expected {"topic", "slots", "style", "domain", "text"}'
                raise ModelError(f"{path}, line {number}: {expected}, got {error!r}") from error
            examples.append(example)
    return examples
