"""Builds a generator: tokenizer, pre-training on public data, fine-tuning on our own lines; or fine-tunes any model.

python -m chatbot.generation.train --data DIR -o assets/generator
python -m chatbot.generation.train --base DIR --lora 16 -o my_generator
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot.generation.basing import Base
from chatbot.generation.curves import Course, draw
from chatbot.generation.finetuning import finetune
from chatbot.generation.pretraining import SOURCES, pretraining_examples
from chatbot.generation.prompts import END, PAD, prompt, to_model
from chatbot.generation.tokens import Encoded, encode, train_tokenizer
from chatbot.generation.training import (
    BATCH,
    BUNDLED,
    LONGEST,
    Schedule,
    Shape,
    fit,
    held_out_loss,
    new_model,
    say,
)
from chatbot.resources import assets_dir
from index.errors import ModelError, RapportError


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings of the pre-training."""

    seed: int = 7
    steps: int = 2200  # over which the learning rate falls
    stop: int = 2200  # steps done
    size: int = 8000  # tokens in the vocabulary
    shape: Shape = BUNDLED


def pretrain(data: Path, work: Path, plan: Plan) -> list[Encoded]:
    """Writes work/tokenizer.json and work/pretrained.pt; picks up where an earlier run stopped.

    Returns the lines it learns from.
    """
    import torch

    work.mkdir(parents=True, exist_ok=True)
    examples = pretraining_examples(data, plan.seed)
    tokenizer = _tokenizer(work / "tokenizer.json", examples, plan.size)
    pad, end = tokenizer.token_to_id(PAD), tokenizer.token_to_id(END)
    lines = encode(tokenizer, examples, LONGEST)
    held, lines = lines[: len(lines) // 150], lines[len(lines) // 150 :]
    torch.manual_seed(plan.seed)
    model = new_model(tokenizer.get_vocab_size(), pad, end, plan.shape)
    course = Course(min(plan.steps, plan.stop))
    say(f"{len(lines)} lines, {sum(len(line.ids) for line in lines)} tokens, {model.num_parameters()} weights")

    def each(step: int, loss: float) -> bool:
        course.first = course.first or step  # a run that is resumed starts its clock anew
        if step % 500 == 0:
            say(course.note(step, loss=loss, held_out_loss=held_out_loss(model, held, pad)))
        elif step % 50 == 0:
            say(course.note(step, loss=loss))
        return False

    schedule = Schedule(steps=plan.steps, rate=1e-3, batch_tokens=BATCH, stop=plan.stop)
    fit(model, lines, schedule, pad=pad, seed=plan.seed, checkpoint=work / "pretrained.pt", each=each)
    say(f"held-out loss {held_out_loss(model, held, pad):.3f}")
    draw(course.curves, work / "pretraining.svg")
    return lines


def _tokenizer(path: Path, examples: Sequence[Any], size: int) -> Any:
    from tokenizers import Tokenizer

    if not path.is_file():
        texts = [prompt(e.topic, e.slots) + to_model(e.text) for e in examples]
        train_tokenizer(texts, size).save(str(path))
    return Tokenizer.from_file(str(path))


def main(arguments: Sequence[str] | None = None, prog: str = "python -m chatbot.generation.train") -> int:
    """The command line; returns the exit code."""
    options = _parser(prog).parse_args(arguments)
    try:
        base = Base(options.base, options.lora, options.freeze) if options.base else None
        if base is None:
            _check_data(options.data)
        import torch

        torch.set_num_threads(options.threads)
        plan = Plan(seed=options.seed, steps=options.steps, stop=options.stop, size=options.size)
        replay = [] if base else pretrain(options.data, options.work, plan)
        folders = options.work, options.corpus, options.output
        finetune(*folders, seed=plan.seed, epochs=options.epochs, replay=replay, base=base)
    except RapportError as error:
        say(str(error))
        return 2
    return 0


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Trains the generator: first on public dialogues, then on our own lines.",
        epilog=f"example: {prog} --data ../data -o assets/generator",
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="folder with sgd, rnnlg, redial and wikimovies")
    source.add_argument("--base", metavar="NAME_OR_DIR", help="fine-tune this causal language model instead")
    parser.add_argument("-o", "--output", type=Path, required=True, help="where the generator is written")
    parser.add_argument("--work", type=Path, default=Path("build/generator"), help="checkpoints (%(default)s)")
    parser.add_argument("--corpus", type=Path, default=assets_dir() / "generator" / "corpus", help="our own lines")
    plan = Plan()
    parser.add_argument("--steps", type=int, default=plan.steps, help="over which the rate falls (%(default)s)")
    parser.add_argument("--stop", type=int, default=plan.stop, help="pre-training steps (%(default)s)")
    parser.add_argument("--epochs", type=int, default=8, help="fine-tuning epochs at most (%(default)s)")
    parser.add_argument("--lora", metavar="RANK", type=int, default=0, help="of --base: train adapters of this rank")
    parser.add_argument("--freeze", metavar="N", type=int, default=0, help="of --base: leave the first N layers alone")
    parser.add_argument("--size", type=int, default=plan.size, help="tokens in the vocabulary (%(default)s)")
    parser.add_argument("--seed", type=int, default=plan.seed)
    parser.add_argument("--threads", type=int, default=1)
    return parser


def _check_data(folder: Path) -> None:
    """Raises ModelError where a file that pre-training reads is missing."""
    missing = [name for name in SOURCES if not (folder / name).is_file()]
    if missing:
        raise ModelError(f"{folder}: {missing[0]} is missing; the model card says where the training data come from")


if __name__ == "__main__":
    sys.exit(main())
