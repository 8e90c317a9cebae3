"""`chatbot train scorer`: takes what conversations taught into an index, without building it anew."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from chatbot.resources import assets_dir


def main(arguments: Sequence[str] | None = None, prog: str = "chatbot train scorer") -> int:
    """The command line; returns the exit code."""
    options = _parser(prog).parse_args(arguments)
    from index.company import own_positions
    from index.dialogues import read_dialogues
    from index.folder import load_index, save_index
    from index.updating import told, updated

    index = load_index(options.index)
    dialogues = read_dialogues(options.feedback, own_positions(index.catalog))
    news = [told(index, dialogue) for dialogue in dialogues]
    after = updated(index, news)
    moved = int((after.vectors != index.vectors).any(axis=1).sum())
    built = dict(index.manifest.get("built", {}))
    built["feedback"] = int(built.get("feedback", 0)) + len(dialogues)
    save_index(replace(after, manifest={**index.manifest, "built": built}), options.output)
    sys.stderr.write(f"{len(dialogues)} conversations, {moved} of {len(index.catalog)} items moved; {options.output}\n")
    return 0


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Moves items towards what people liked beside them, and away from what was refused.",
        epilog=f"example: {prog} --feedback feedback.jsonl --index my_index -o my_index",
    )
    parser.add_argument(
        "--feedback", type=Path, required=True, metavar="FILE",
        help="conversations as JSON lines, as `chatbot serve --feedback FILE` writes them",
    )  # fmt: skip
    parser.add_argument(
        "--index", type=Path, default=assets_dir() / "movies", metavar="DIR", help="the films that ship if left out"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="the index folder to write")
    return parser
