"""Which words are ordinary English: a title made of nothing else is meant only where the sentence says so.

`python -m chatbot.understanding.words --data DIR` counts them anew in the dialogues of ReDial and SGD and
in encyclopedia extracts (words only; no sentence is kept).
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from chatbot.resources import assets_dir
from chatbot.understanding.text import key_of

_WORD = re.compile(r"(?<![@\w])[A-Za-z]+(?:'[a-z]+)?")
MIN_COUNT = 4
MIN_LOWER_SHARE = 0.15
MIN_DICTIONARY_COUNT = 300


@cache
def common_words(language: str = "en") -> frozenset[str]:
    """The ordinary words of a language, as token keys; empty where no list ships."""
    path = assets_dir() / "language" / f"{language}.words.json"
    return frozenset(json.loads(path.read_text("utf-8"))) if path.is_file() else frozenset()


@cache
def dictionary_words(language: str = "en") -> frozenset[str]:
    """Many more words of a language, seldom ones too; without those so rare that they may be misspelt others."""
    from spellchecker import SpellChecker

    if language not in SpellChecker.languages():
        return frozenset()
    counts = SpellChecker(language=language).word_frequency.dictionary
    return frozenset(word for word, count in counts.items() if count >= MIN_DICTIONARY_COUNT and word.isalpha())


def count_words(texts: Iterator[str]) -> list[str]:
    """Words that are mostly written in lower case and often enough, as sorted token keys."""
    lower: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for text in texts:
        for word in _WORD.findall(text):
            key = key_of(word)
            every[key] += 1
            lower[key] += word.islower()
    return sorted(w for w, n in lower.items() if n >= MIN_COUNT and n >= MIN_LOWER_SHARE * every[w])


def _texts(data: Path) -> Iterator[str]:
    with gzip.open(data / "redial" / "train.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield from (message["text"] for message in json.loads(line)["messages"])
    with gzip.open(data / "sgd" / "turns.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from (json.loads(line)["text"] for line in lines)
    with gzip.open(data / "wikimovies" / "movies.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from (json.loads(line).get("extract", "") for line in lines)
    with gzip.open(data / "redial" / "movie_facts.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from (json.loads(line).get("plot") or "" for line in lines)


def main() -> None:
    """Write assets/language/en.words.json."""
    parser = argparse.ArgumentParser(prog="python -m chatbot.understanding.words", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with redial/, sgd/ and wikimovies/")
    words = count_words(_texts(parser.parse_args().data))
    path = assets_dir() / "language" / "en.words.json"
    path.write_text(json.dumps(words, separators=(",\n", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
