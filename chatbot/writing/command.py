"""`chatbot write`: items in, texts out, a line each."""

import json
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

from chatbot.bot import Chatbot
from chatbot.generation.surface import sentences
from chatbot.writing.copywriter import Copy, CopyError, Copywriter
from chatbot.writing.reviews import Marks
from index.company import linked_positions, own_positions

_FORM = '{"item": "ID", "kind": "push", "for": "profile in words"}'

Order = tuple[str, str, str | None]
"""Item id, kind, and profile."""


def write(options: Namespace, given: TextIO, out: TextIO) -> int:
    """Runs the command with its options; the exit code is 1 where a text could not be written."""
    if options.kind == "titles":
        return _titles(options, out)
    if not options.item:
        raise CopyError(f"{options.kind}: no item to write about; name one with --item")
    bot = Chatbot.load(options.index, generator=options.generator)
    catalog = bot.index.catalog
    positions = linked_positions(options.item_ids, catalog) if options.item_ids else own_positions(catalog)
    writer = Copywriter(bot, Marks.read(options.ratings, positions) if options.ratings else None, options.tone)
    wanted = orders(options.item, options.kind, options.profile, given)
    return 1 if write_all(writer, wanted, options.seed, out, options.json) else 0


def _titles(options: Namespace, out: TextIO) -> int:
    """Writes a line a title that a language model proposes."""
    from chatbot.writing.titles import proposed, proposer

    if not options.profile or options.item:
        raise CopyError("titles: expected a request, and no item; name it with --for")
    bot = Chatbot.load(options.index, generator="templates")
    found = proposed(bot, proposer(bot, options.generator), options.profile, options.top)
    for item, score in found:
        record = {"item": item.id, "title": item.title, "score": round(score, 4)}
        out.write((json.dumps(record, ensure_ascii=False) if options.json else item.title) + "\n")
    return 0 if found else 1


def orders(items: Sequence[str], kind: str, profile: str | None, given: TextIO) -> Iterator[Order]:
    """What to write, in order; the item "-" stands for JSON lines, whose `kind` and `for` come before the options."""
    for item in items:
        if item == "-":
            yield from _lines(given, kind, profile)
        else:
            yield item, kind, profile


def _lines(given: TextIO, kind: str, profile: str | None) -> Iterator[Order]:
    for number, line in enumerate(given, start=1):
        if not line.strip():
            continue
        try:
            order: Any = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise CopyError(f"standard input, line {number}: not JSON ({error}); expected {_FORM}") from error
        if (
            not isinstance(order, dict)
            or not isinstance(order.get("item"), str)
            or set(order) - {"item", "kind", "for"}
        ):
            raise CopyError(f"standard input, line {number}: expected {_FORM}; got {line.strip()[:60]}")
        if not all(isinstance(value, str) for value in order.values()):
            raise CopyError(f"standard input, line {number}: every value must be text; got {line.strip()[:60]}")
        yield order["item"], order.get("kind", kind), order.get("for", profile)


def write_all(writer: Copywriter, wanted: Iterable[Order], seed: int, out: TextIO, as_json: bool) -> int:
    """Writes a line a text, no sentence twice where there is a choice; returns how many could not be written."""
    read: set[str] = set()
    failed = 0
    for item, kind, profile in wanted:
        copy = writer.write(item, kind, profile, seed=seed, avoid=read)
        read.update(sentences(copy.text))
        failed += bool(copy.problem)
        out.write((json.dumps(copy.to_json(), ensure_ascii=False) if as_json else _plain(copy)) + "\n")
        out.flush()
    return failed


def _plain(copy: Copy) -> str:
    return copy.text or f"(nothing for {copy.item}: {copy.problem})"
