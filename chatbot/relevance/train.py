"""`chatbot train relevance`: fits the classifier, compares it with plain judges, and writes it."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chatbot.relevance.fitting import Plan, fit
from chatbot.relevance.pairs import Pair, read_pairs, split
from chatbot.relevance.scoring import best_threshold, figures, logistic_regression, majority, truths
from chatbot.resources import assets_dir


def main(arguments: Sequence[str] | None = None, prog: str = "chatbot train relevance") -> int:
    """The command line; returns the exit code."""
    options = _parser(prog).parse_args(arguments)
    import torch

    from index.reading import read_catalog

    torch.set_num_threads(options.threads)
    plan = Plan(
        base=str(options.base), rate=options.rate, weight_decay=options.weight_decay, dropout=options.dropout,
        likes_per_dislike=options.likes, epochs=options.epochs, frozen=options.frozen, lora=options.lora,
        seed=options.seed,
    )  # fmt: skip
    pairs = read_pairs(options.dialogues, read_catalog(options.catalog))
    report = train(plan, pairs, options.output, _say)
    sys.stdout.write(_table(report) + "\n")
    return 0


def train(plan: Plan, pairs: Sequence[Pair], output: Path, say: Any) -> dict[str, Any]:
    """Fits on 80 % of the dialogues, stops by 10 %, reports on 10 %, and writes model, tokenizer and report."""
    from chatbot.relevance.classifier import RelevanceClassifier

    learnt, valid, test = split(pairs, plan.seed)
    say(f"{len(learnt)} rows to learn from, {len(valid)} to stop by, {len(test)} to report on")
    model, texts, curve = fit(plan, learnt, valid, say)
    judge = RelevanceClassifier(model, texts)
    contexts = [[p.context for p in part] for part in (valid, test)]
    items = [[p.item for p in part] for part in (valid, test)]
    by_model = [judge.liked(c, i) for c, i in zip(contexts, items, strict=True)]
    by_words = [logistic_regression(learnt, part, plan.seed) for part in (valid, test)]
    truth = [truths(valid), truths(test)]
    report = {
        "rows": {"train": len(learnt), "valid": len(valid), "test": len(test), "liked": float(truth[1].mean())},
        "majority": figures(truth[1], majority(learnt, test)),
        "logistic regression": figures(truth[1], by_words[1], best_threshold(truth[0], by_words[0])),
        "gpt-2": figures(truth[1], by_model[1], best_threshold(truth[0], by_model[0])),
        "curve": curve,
        "plan": {name: getattr(plan, name) for name in plan.__slots__ if name != "base"},
    }
    output.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(output, max_shard_size="18MB")
    texts.tokenizer.save_pretrained(output)
    (output / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return report


def _table(report: dict[str, Any]) -> str:
    rows = report["rows"]
    lines = [f"{rows['test']} test rows, {100 * rows['liked']:.1f} % liked"]
    lines.append(f"{'':22}{'accuracy':>10}{'F1 macro':>10}{'F1 dislike':>12}{'AUC':>8}")
    for name in ("majority", "logistic regression", "gpt-2"):
        f = report[name]
        lines.append(f"{name:22}{f['accuracy']:10.3f}{f['f1_macro']:10.3f}{f['f1_dislike']:12.3f}{f['auc']:8.3f}")
    return "\n".join(lines)


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Fits a GPT-2 that judges from a conversation whether an item will be liked.",
        epilog=f"example: {prog} movies.csv facts.jsonl.gz --dialogues train.jsonl.gz -o my_judge",
    )
    plan = Plan(base="")
    parser.add_argument("catalog", nargs="+", type=Path, help="the catalog's files, joined by id")
    parser.add_argument(
        "--dialogues", type=Path, required=True, metavar="FILE", help="dialogues with likes, JSON lines"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="where the model is written")
    parser.add_argument(
        "--base",
        type=Path,
        default=assets_dir() / "generator",
        metavar="DIR",
        help="a GPT-2 (default: the bundled one)",
    )
    parser.add_argument("--epochs", type=int, default=plan.epochs, help="at most (%(default)s)")
    parser.add_argument(
        "--likes", type=int, default=plan.likes_per_dislike, metavar="N", help="likes an epoch draws for each dislike"
    )
    parser.add_argument("--rate", type=float, default=plan.rate, help="peak learning rate (%(default)s)")
    parser.add_argument("--weight-decay", type=float, default=plan.weight_decay, help="(%(default)s)")
    parser.add_argument("--dropout", type=float, default=plan.dropout, help="(%(default)s)")
    parser.add_argument("--frozen", type=int, default=0, metavar="N", help="keep the first N blocks as they are")
    parser.add_argument("--lora", type=int, default=0, metavar="RANK", help="fit low-rank adapters instead")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    return parser


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
