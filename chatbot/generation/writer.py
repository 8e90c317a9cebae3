"""The writer: what the rest of the program sees of text generation, and the one place where it is chosen."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, TypeVar

from chatbot.acts import Segment
from chatbot.generation.chat_writer import ChatSource, ChatWriter
from chatbot.generation.check import Check
from chatbot.generation.drawing import SlotDrawer, is_ours
from chatbot.generation.forward import load_causal_lm
from chatbot.generation.free_check import FreeCheck
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.instruct import read_prompts
from chatbot.generation.lines import Words, read_corpus, read_words
from chatbot.generation.local_chat import LocalSource
from chatbot.generation.model_writer import ModelWriter
from chatbot.generation.prompting import PromptDrawer
from chatbot.generation.prompts import Example, slots_of
from chatbot.generation.server import ServerSource, is_address
from chatbot.generation.templates import TemplateWriter
from chatbot.generation.usage import Usage
from chatbot.resources import assets_dir
from index.errors import ModelError

_T = TypeVar("_T")

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
    """The writer of that name: None for the bundled model, "templates", any causal LM by folder or hub name, or the
    address of a server (see `chatbot.generation.server`).

    Returns at once: a model is loaded when it first writes, or by `warm_up`. Raises ModelError where a folder is
    missing or holds no model, or an address is none.
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
    lines = [*fitting, *template_lines(words)]
    if is_address(name):
        return _chat_writer(ServerSource.from_environment(str(name)), check, language)
    folder = bundled if name is None else Path(name)
    if _is_folder(folder, name) and is_ours(folder):
        return ModelWriter(lambda: _loaded(lambda: SlotDrawer.load(folder, lines), folder), check, domain)
    return LateWriter(lambda: _loaded(lambda: _any_model(str(name), check, domain, lines, language), str(name)))


def _any_model(name: str, check: Check, domain: str, lines: Sequence[Example], language: str) -> Writer:
    """A model that has never heard of slots: told what to write if it has a chat template, else shown our lines."""
    from transformers import AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(name), load_causal_lm(name)
    if tokenizer.chat_template:
        return _chat_writer(LocalSource(name, model, tokenizer), check, language)
    return ModelWriter(lambda: PromptDrawer(model, tokenizer, lines), check, domain)


def _chat_writer(source: ChatSource, check: Check, language: str) -> ChatWriter:
    prompts = read_prompts(language)
    return ChatWriter(source, FreeCheck(check, prompts.addressing, prompts.claiming, prompts.comparing), prompts)


class LateWriter:
    """A writer whose kind is known only when its model is loaded, which is when it first writes."""

    def __init__(self, load: Callable[[], Writer]) -> None:
        self._load = load
        self._lock = Lock()
        self._writer: Writer | None = None

    @property
    def tally(self) -> Any:
        """How writing went; None before the model is loaded."""
        return getattr(self._writer, "tally", None)

    def _get(self) -> Writer:
        with self._lock:
            self._writer = self._writer or self._load()
        return self._writer

    def warm_up(self) -> None:
        """See `Writer.warm_up`."""
        self._get().warm_up()

    def write(
        self, segments: Sequence[Segment], *, seed: int, avoid: Collection[str] = ()
    ) -> Iterator[tuple[int, str]]:
        """See `Writer.write`."""
        return self._get().write(segments, seed=seed, avoid=avoid)


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


def _is_folder(folder: Path, name: str | Path | None) -> bool:
    """Whether a generator is a model folder rather than a name; ModelError where it can be neither."""
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise ModelError(f"{folder}: no config.json there; expected a model folder, or use the writer 'templates'")
        return True
    if name is None or str(name).startswith((".", "/", "~")) or str(name).count("/") > 1:
        raise ModelError(f"{folder}: no such folder; name a folder with a language model, or use 'templates'")
    return False


def _loaded(load: Callable[[], _T], name: str | Path) -> _T:
    try:
        return load()
    except Exception as error:  # the libraries raise many kinds, all of which mean the same here
        reason = str(error).strip().split("\n")[0]
        raise ModelError(f"{name}: cannot be loaded as a language model ({reason}); use 'templates'") from error
