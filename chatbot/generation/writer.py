"""The writer: what the rest of the program sees of text generation, and the one place where it is chosen."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from chatbot.acts import Segment
from chatbot.generation.check import Check
from chatbot.generation.drawing import Drawer, SlotDrawer, is_ours
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.lines import Words, read_corpus, read_words
from chatbot.generation.model_writer import ModelWriter
from chatbot.generation.prompting import PromptDrawer
from chatbot.generation.prompts import Example, slots_of
from chatbot.generation.templates import TemplateWriter
from chatbot.generation.usage import Usage
from chatbot.resources import assets_dir
from index.errors import ModelError

ANY = "any"
"""The domain of lines that fit every catalog."""


class Writer(Protocol):
    """Turns segments into checked text."""

    def warm_up(self) -> None:
        """Loads what is heavy, so that the first reply need not wait for it. May be called more than once."""

    def write(
        self, segments: Sequence[Segment], *, seed: int, avoid: Collection[str] = ()
    ) -> Iterator[tuple[int, str]]:
        """Yields (number of the segment, next piece of its finished text), segment by segment, in order.

        Every segment yields at least one piece; a segment's pieces joined are its text. `avoid` holds sentences
        that this reader has read: another wording is chosen where there is one. Equal arguments give equal text.
        """


def load_writer(name: str | Path | None, guard: CatalogGuard, language: str = "en") -> Writer:
    """The writer of that name: None for the bundled model, "templates", or any causal LM by folder or hub name.

    Returns at once: a model is loaded when it first writes, or by `warm_up`. Raises ModelError where a folder is
    missing or holds no model.
    """
    words = read_words(language)
    bundled = assets_dir() / "generator"
    examples = read_corpus(bundled / "corpus")
    domain = guard.nouns[1] if any(e.domain == guard.nouns[1] for e in examples) else ANY
    fitting = [e for e in examples if e.domain in (ANY, domain)]
    usage = Usage.of([*fitting, *template_lines(words)])
    check = Check(words, replace(guard, exempt=frozenset(usage.common)), usage)
    check = replace(check, words=with_lines(words, [e for e in fitting if not check.fault(e.text, e.topic, e.slots)]))
    if name == "templates":
        return TemplateWriter(check.words)
    return ModelWriter(_loader(name, bundled, [*fitting, *template_lines(words)]), check, domain)


def with_lines(words: Words, examples: Sequence[Example]) -> Words:
    """The words with our own lines as further templates."""
    templates = {topic: list(texts) for topic, texts in words.templates.items()}
    for example in examples:
        templates.setdefault(example.topic, []).append(example.text)
    return replace(words, templates={topic: tuple(texts) for topic, texts in templates.items()})


def template_lines(words: Words) -> list[Example]:
    """The templates as examples."""
    return [
        Example(topic, slots_of(text), text, "plain", ANY) for topic, all_ in words.templates.items() for text in all_
    ]


def _loader(name: str | Path | None, bundled: Path, examples: Sequence[Example]) -> Callable[[], Drawer]:
    folder = bundled if name is None else Path(name)
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise ModelError(f"{folder}: no config.json there; expected a model folder, or use the writer 'templates'")
        if is_ours(folder):
            return lambda: _loaded(lambda: SlotDrawer.load(folder, examples), folder)
        return lambda: _loaded(lambda: PromptDrawer.load(str(folder), examples), folder)
    if name is None or str(name).startswith((".", "/", "~")) or str(name).count("/") > 1:
        raise ModelError(f"{folder}: no such folder; name a folder with a language model, or use 'templates'")
    return lambda: _loaded(lambda: PromptDrawer.load(str(name), examples), name)


def _loaded(load: Callable[[], Drawer], name: str | Path) -> Drawer:
    try:
        return load()
    except Exception as error:  # the libraries raise many kinds, all of which mean the same here
        reason = str(error).strip().split("\n")[0]
        raise ModelError(f"{name}: cannot be loaded as a language model ({reason}); use 'templates'") from error
