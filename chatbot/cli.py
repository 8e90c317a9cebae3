"""The command `chatbot`. Heavy imports happen in the commands that need them, so that --help answers at once."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import RapportError

if TYPE_CHECKING:
    from chatbot.bot import Chatbot

USAGE_ERROR = 2
_TRAINERS = {
    "generator": "chatbot.generation.train",
    "relevance": "chatbot.relevance.train",
    "scorer": "chatbot.updating",
}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and where help is."""

    def error(self, message: str) -> None:  # type: ignore[override]
        """Ends the program with exit code 2."""
        self.exit(USAGE_ERROR, f"{self.prog}: {message}; see `{self.prog} --help`\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit code."""
    # Small batches on several threads wait on each other for longer than they compute.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0].startswith("-") and given[0] not in ("-h", "--help", "--version")):
        given.insert(0, "serve")
    options = _parser().parse_args(given)
    try:
        return int(options.run(options) or 0)
    except RapportError as error:
        sys.stderr.write(f"chatbot: {' '.join(str(error).split())}\n")
        return USAGE_ERROR
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return 130
    except BrokenPipeError:  # the reader of our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    from importlib.metadata import version

    parser = _Parser(
        prog="chatbot", description="A conversational recommender. Without a command it opens the browser chat."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('rapport-recommender')}")
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=_Parser)
    for add in (_serve, _chat, _index, _rank, _write, _replay, _train, _evaluate):
        add(commands)
    return parser


def _command(
    commands: "argparse._SubParsersAction[_Parser]",
    name: str,
    what: str,
    example: str,
    run: Callable[[argparse.Namespace], int | None] | None = None,
) -> _Parser:
    """The parser of one command; without `run`, of a group of commands, each of which brings its own."""
    parser = commands.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog=f"example: {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if run is not None:
        parser.set_defaults(run=run)
    return parser


def _bot_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--index", metavar="DIR", type=Path, help="an index folder; the films that ship if left out")
    parser.add_argument(
        "--generator",
        metavar="NAME_OR_DIR",
        help='who writes: the bundled GPT-2 if left out, "templates", a causal language model, or an http://… server',
    )


def _feedback_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--feedback", metavar="FILE", type=Path, help="keep conversations there, for `chatbot train scorer`"
    )


def _kept(bot: "Chatbot", feedback: Path | None) -> "Chatbot":
    """The bot, with its conversations kept in a file if one is named."""
    if feedback is None:
        return bot
    from chatbot.feedback import FeedbackLog

    return bot.listened_to(FeedbackLog(feedback).note)


# ---------------------------------------------------------------- commands


def _serve(commands: "argparse._SubParsersAction[_Parser]") -> None:
    def run(options: argparse.Namespace) -> None:
        from chatbot.app.server import claim, serve
        from chatbot.bot import Chatbot

        claim(options.host, options.port)  # told before seconds are spent on loading
        bot = Chatbot.load(options.index, generator=options.generator, long_tail=options.long_tail)
        serve(_kept(bot, options.feedback), options.host, options.port, options.share)

    parser = _command(commands, "serve", "open the browser chat", "chatbot serve --index my_index --port 8000", run)
    _bot_options(parser)
    _feedback_option(parser)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=7860, help="port to listen on (default: %(default)s)")
    parser.add_argument("--share", action="store_true", help="also ask for a public Gradio share link")
    parser.add_argument(
        "--long-tail", type=_share, default=0.0, help="bring up what is little known, from 0 (not) to 1 (much)"
    )


def _chat(commands: "argparse._SubParsersAction[_Parser]") -> None:
    def run(options: argparse.Namespace) -> None:
        from chatbot.bot import Chatbot
        from chatbot.terminal import chat, chat_json

        bot = Chatbot.load(options.index, generator=options.generator)
        talk = _kept(bot, options.feedback).start(options.seed)
        (chat_json if options.json else chat)(talk, sys.stdin, sys.stdout)

    parser = _command(
        commands, "chat", "talk in the terminal", 'echo \'{"say": "a comedy from the 90s"}\' | chatbot chat --json', run
    )
    _bot_options(parser)
    _feedback_option(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line in and out, for programs")
    parser.add_argument("--seed", type=int, help="makes the replies repeatable")


def _index(commands: "argparse._SubParsersAction[_Parser]") -> None:
    def run(options: argparse.Namespace) -> None:
        from chatbot.indexing import build, edit

        if options.add or options.remove:
            edit(options.output, options.catalog, options.remove)
            return
        if not options.catalog:
            raise RapportError("no catalog file was named; `chatbot index --help` has an example")
        build(options.catalog, options.output, options.ratings, options.dialogues, options.item_ids, options.encoder)

    parser = _command(commands, "index", "build an index from catalog files", "chatbot index shop.csv -o my_index", run)
    parser.add_argument(
        "catalog", nargs="*", type=Path, help="CSV, JSONL, JSON or Parquet files (gzip too), joined by id"
    )
    parser.add_argument("--add", action="store_true", help="add these records to the index that is there, in seconds")
    parser.add_argument(
        "--remove", nargs="+", default=(), metavar="ID", help="take items out of the index that is there"
    )
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="DIR", help="the index folder to write")
    parser.add_argument("--ratings", type=Path, metavar="FILE", help="user, item, value and time columns")
    parser.add_argument("--dialogues", type=Path, metavar="FILE", help="recommendation dialogues, JSON lines")
    parser.add_argument(
        "--item-ids", type=Path, metavar="FILE", help="catalog id and the ratings' item id, where they differ"
    )
    parser.add_argument("--encoder", metavar="NAME_OR_DIR", help="text encoder; the default needs no download")


def _rank(commands: "argparse._SubParsersAction[_Parser]") -> None:
    def run(options: argparse.Namespace) -> None:
        from chatbot.bot import Chatbot
        from chatbot.ranking import rank_lines

        rank_lines(Chatbot.load(options.index, generator="templates"), sys.stdin, sys.stdout, options.top)

    parser = _command(
        commands,
        "rank",
        "rank items for conversations, JSON lines in and out",
        "chatbot rank --top 20 < contexts.jsonl",
        run,
    )
    parser.add_argument("--index", metavar="DIR", type=Path, help="an index folder; the films that ship if left out")
    parser.add_argument("--top", metavar="K", type=_positive, default=10, help="how many items (default: %(default)s)")


def _write(commands: "argparse._SubParsersAction[_Parser]") -> None:
    def run(options: argparse.Namespace) -> int:
        from chatbot.writing.command import write

        return write(options, sys.stdin, sys.stdout)

    example = 'chatbot write --kind push --item ID --for "I love slow science fiction"'
    parser = _command(commands, "write", "write about items: blurbs, push lines, headlines, reviews", example, run)
    parser.add_argument(
        "--kind",
        required=True,
        choices=["blurb", "push", "headline", "teaser", "reviews", "titles"],
        help="what to write; push, blurb and teaser can speak to one person, titles needs a request with --for",
    )
    parser.add_argument(
        "--item", default=[], action="append", metavar="ID", help='an item, or "-" for JSON lines; may be repeated'
    )
    parser.add_argument("--for", dest="profile", metavar="WORDS", help="a person's profile in their own words")
    parser.add_argument("--top", metavar="K", type=_positive, default=5, help="how many titles (default: %(default)s)")
    parser.add_argument(
        "--tone", choices=["plain", "warm", "playful", "concise"], default="plain", help="how it sounds"
    )
    parser.add_argument("--ratings", type=Path, metavar="FILE", help="people's ratings, for summaries of reviews")
    parser.add_argument("--item-ids", type=Path, metavar="FILE", help="catalog id and the ratings' item id")
    _bot_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a text, with the facts it was given")
    parser.add_argument("--seed", type=int, default=0, help="another seed, another wording (default: %(default)s)")


def _replay(commands: "argparse._SubParsersAction[_Parser]") -> None:
    def run(options: argparse.Namespace) -> int:
        from chatbot.bot import Chatbot
        from chatbot.scripts import load_script, run_script

        for path in options.script:
            load_script(path)  # all are read before the first is played, so that a broken one is told at once
        bot = Chatbot.load(options.index, generator=options.generator)
        failures = [failure for path in options.script for failure in run_script(path, bot)]
        sys.stdout.writelines(f"{failure}\n" for failure in failures)
        sys.stderr.write(f"{len(options.script)} scripts, {len(failures)} failures\n")
        return 1 if failures else 0

    parser = _command(
        commands,
        "replay",
        "run scripted dialogues and print what failed",
        "chatbot replay assets/dialogues/*.yaml",
        run,
    )
    parser.add_argument("script", nargs="+", type=Path, help="YAML scripts")
    _bot_options(parser)


def _train(commands: "argparse._SubParsersAction[_Parser]") -> None:
    def run(options: argparse.Namespace) -> int:
        from importlib import import_module

        train = import_module(_TRAINERS[options.what]).main
        return int(train(options.rest, prog=f"chatbot train {options.what}"))

    parser = _command(commands, "train", "fit a model", "chatbot train generator --data DIR -o DIR", run)
    parser.add_argument("what", choices=sorted(_TRAINERS), help="what to fit")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="its options; `chatbot train WHAT --help` lists them")


def _evaluate(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _command(commands, "evaluate", "measure the bot, with figures", "chatbot evaluate copy --json")
    measures = parser.add_subparsers(metavar="MEASURE", required=True, parser_class=_Parser)
    for add in (_evaluate_copy, _evaluate_dialogue, _evaluate_latency, _evaluate_ranking, _evaluate_redial):
        add(measures)


def _evaluate_copy(measures: "argparse._SubParsersAction[_Parser]") -> None:
    def run(options: argparse.Namespace) -> None:
        from chatbot.bot import Chatbot
        from chatbot.evaluation.copy import evaluate, table

        bot = Chatbot.load(options.index, generator=options.generator)
        figures = evaluate(bot, options.replies, options.seed, options.judge)
        sys.stdout.write(table(figures, as_json=options.json) + "\n")

    parser = _command(measures, "copy", "measure what the bot writes", "chatbot evaluate copy --replies 500", run)
    _bot_options(parser)
    parser.add_argument(
        "--replies", type=_positive, default=500, help="how many replies to draw (default: %(default)s)"
    )
    parser.add_argument(
        "--judge", metavar="DIR", type=Path, help="an independent language model's folder, for the perplexity"
    )
    _measure_options(parser)


def _evaluate_dialogue(measures: "argparse._SubParsersAction[_Parser]") -> None:
    def run(options: argparse.Namespace) -> None:
        from chatbot.evaluation.dialogue import Options, report

        names = ("only", "utterances", "part", "failures", "index", "dialogues", "seed")
        wanted = Options(**{name: getattr(options, name) for name in names})
        sys.stdout.writelines(f"{piece}\n" for piece in report(wanted, as_json=options.json))

    what = "measure understanding and behaviour"
    parser = _command(measures, "dialogue", what, "chatbot evaluate dialogue --only utterances --part dev", run)
    parser.add_argument("--only", choices=["utterances", "stability", "simulation"], help="one part of it; else all")
    parser.add_argument("--index", metavar="DIR", type=Path, help="an index folder to talk about; else the films")
    parser.add_argument("--dialogues", metavar="N", type=_positive, help="how many conversations to hold")
    parser.add_argument("--utterances", nargs="+", type=Path, default=(), metavar="FILE", help="gold utterances")
    parser.add_argument("--part", choices=["dev", "held_out"], help="which of the gold utterances that ship")
    parser.add_argument("--failures", action="store_true", help="also show what was misunderstood (not of held_out)")
    _measure_options(parser)


def _evaluate_latency(measures: "argparse._SubParsersAction[_Parser]") -> None:
    def run(options: argparse.Namespace) -> None:
        from chatbot.evaluation.latency import evaluate, table
        from chatbot.resources import assets_dir
        from index.folder import load_index

        index = load_index(options.index or assets_dir() / "movies")
        figures = evaluate(index, options.states, options.items, options.dimension, options.queries, options.seed)
        sys.stdout.write(table(figures, as_json=options.json) + "\n")

    what = "measure how long a ranking takes, and what opening few groups costs"
    parser = _command(measures, "latency", what, "chatbot evaluate latency --items 1000000 --dimension 512", run)
    parser.add_argument("--index", metavar="DIR", type=Path, help="an index folder; the films that ship if left out")
    parser.add_argument("--states", type=_positive, default=100, help="states of the bot (default: %(default)s)")
    parser.add_argument(
        "--items", type=int, default=0, help="synthetic items beside FAISS's own indexes (default: none)"
    )
    parser.add_argument("--dimension", type=_positive, default=512, help="their dimension (default: %(default)s)")
    parser.add_argument("--queries", type=_positive, default=50, help="synthetic users (default: %(default)s)")
    _measure_options(parser)


def _evaluate_redial(measures: "argparse._SubParsersAction[_Parser]") -> None:
    def run(options: argparse.Namespace) -> None:
        from chatbot.evaluation.redial import PARTS, evaluate, table

        figures = evaluate(options.data, options.split, tuple(PARTS) if options.ablations else (), options.seed)
        sys.stdout.write(table(figures, as_json=options.json) + "\n")

    what = "measure recommendation on ReDial by its standard protocol"
    parser = _command(measures, "redial", what, "chatbot evaluate redial --data DIR --ablations", run)
    parser.add_argument(
        "--data", required=True, metavar="DIR", type=Path, help="holds redial/ and ml-latest-small/, as published"
    )
    parser.add_argument(
        "--split",
        choices=["valid", "test"],
        default="valid",
        help="the last tenth of the training dialogues, or redial/test.jsonl.gz (default: %(default)s)",
    )
    parser.add_argument("--ablations", action="store_true", help="also leave out one source after the other")
    _measure_options(parser)


def _evaluate_ranking(measures: "argparse._SubParsersAction[_Parser]") -> None:
    def run(options: argparse.Namespace) -> None:
        from chatbot.evaluation.ranking import evaluate
        from chatbot.evaluation.ranking.report import table
        from chatbot.resources import assets_dir
        from index.folder import load_index

        index = load_index(options.index or assets_dir() / "movies")
        figures = evaluate(index, options.data, options.folds, options.seed, _tell)
        sys.stdout.write(table(figures, as_json=options.json) + "\n")

    what = "measure the ranking beside the classics, on people's ratings"
    parser = _command(measures, "ranking", what, "chatbot evaluate ranking --data DIR", run)
    where = "the folder of ratings.csv, or of ml-latest-small/"
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help=where)
    parser.add_argument("--index", metavar="DIR", type=Path, help="an index folder; the films that ship if left out")
    parser.add_argument(
        "--folds", type=_positive, default=5, help="how many fifths of the people to test (default: %(default)s)"
    )
    _measure_options(parser)


def _tell(what: str) -> None:
    """What is being done, on standard error."""
    sys.stderr.write(f"{what}\n")
    sys.stderr.flush()


def _measure_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=0, help="seed of what is drawn at random (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, not {text!r}")
    return int(text)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 1, not {text!r}")
    return share


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"expected a port from 1 to 65535, not {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
