"""Public dialogue and film data → delexicalised examples, from which the generator learns English and slots.

Reads the folder described in the model card (Schema-Guided Dialogue, RNNLG, ReDial, WikiMovies). Values are
replaced by slot tokens; what still holds a digit or a name afterwards is dropped, so that the model never learns
to write either.
"""

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from chatbot.generation.prompts import Example, slots_of

SOURCES = ("sgd/turns.jsonl.gz", "rnnlg/acts.jsonl.gz", "redial/train.jsonl.gz", "redial/movie_facts.jsonl.gz",
           "wikimovies/movies.jsonl.gz")  # fmt: skip
ROLES = {  # parts of foreign slot names → our slots; the first that fits wins
    "title": ("name", "title", "album", "track"),
    "genre": ("genre", "cuisine", "category", "type", "food", "family"),
    "creator": ("directed_by", "artist", "director"),
    "performer": ("starring", "actors", "cast"),
    "rating": ("rating", "stars"),
    "price": ("price", "fare", "rent", "cost", "balance", "amount"),
    "year": ("year", "date"),
    "duration": ("time", "duration", "battery"),
    "count": ("count", "number"),
}
SPARE = ("value", "value2", "keyword", "option", "wish", "wish2", "query", "person", "keywords", "shared", "conflict")
NOUNS = ("movie", "film", "restaurant", "song", "hotel", "event", "apartment", "flight", "bus", "car", "salon",
         "place", "laptop", "television", "house", "ride", "concert", "attraction", "appointment")  # fmt: skip
COPIES = 3
"""How often the same line may stand in the data: farewells would fill it otherwise."""

_NAME = re.compile(r"(?<=[a-z,;:>'] )(?!I\b)[A-Z]")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def pretraining_examples(folder: Path, seed: int) -> list[Example]:
    """All examples, cleaned, each at most COPIES times, in a seeded order."""
    rng = random.Random(seed)
    raw = [*_sgd(folder, rng), *_rnnlg(folder, rng), *_redial(folder), *_films(folder), *_plots(folder)]
    seen: Counter[str] = Counter()
    kept = []
    for example in raw:
        key = example.text.casefold()
        if seen[key] < COPIES and is_clean(example.text):
            seen[key] += 1
            kept.append(example)
    rng.shuffle(kept)
    return kept


def is_clean(text: str) -> bool:
    """Whether a delexicalised text holds no digit, no name, no slot twice, and is of a sensible length."""
    slots = slots_of(text)
    plain = text.isascii() and not any(c.isdigit() for c in re.sub(r"<\w+>", "", text))
    return plain and len(set(slots)) == len(slots) and 2 <= len(text.split()) <= 45 and not _NAME.search(text)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _role(name: str, used: set[str], rng: random.Random) -> str | None:
    for slot, parts in ROLES.items():
        if slot not in used and any(part in name for part in parts):
            return slot
    free = [slot for slot in SPARE if slot not in used]
    return rng.choice(free) if free else None


def delexicalise(text: str, values: Iterable[tuple[str, str]], rng: random.Random) -> str:
    """Replaces each (slot name, value) that stands in the text by one of our slot tokens, longest value first."""
    used: set[str] = set()
    for name, value in sorted(values, key=lambda pair: -len(pair[1])):
        pattern = re.compile(rf"(?<![\w<]){re.escape(value)}(?![\w>])", re.IGNORECASE)
        slot = _role(name.casefold(), used, rng)
        if value and slot and pattern.search(text):
            text = pattern.sub(f"<{slot}>", text, count=1)
            used.add(slot)
    if rng.random() < 0.5:
        for noun in NOUNS:
            text = re.sub(rf"\b{noun}(e?s)\b", "<nouns>", text, count=1)
            text = re.sub(rf"\b{noun}\b", "<noun>", text, count=1)
    return text


def _options(text: str, values: list[str]) -> str:
    """Two or three values in a row, as a question offers them, become the one slot `options`."""
    if len(values) < 2:
        return text
    names = "|".join(re.escape(value) for value in sorted(values, key=len, reverse=True))
    return re.sub(rf"(?:{names})(?:(?:,? or |,? and |, )(?:{names}))+", "<options>", text, count=1)


def _sgd(folder: Path, rng: random.Random) -> Iterator[Example]:
    for turn in _lines(folder / "sgd" / "turns.jsonl.gz"):
        if turn["speaker"] == "user" and rng.random() < 0.6:
            continue
        text, values, words = turn["text"].strip(), [], ["user"] if turn["speaker"] == "user" else []
        for act, name, found in turn["acts"]:
            words += [act.lower()] + ([name.lower()] if act == "REQUEST" else [])
            text = _options(text, found) if act == "REQUEST" else text
            values += [(name, value) for value in found if act not in ("INFORM_INTENT", "OFFER_INTENT")]
        text = delexicalise(text, values, rng)
        yield Example(" ".join(dict.fromkeys(words)), slots_of(text), text)


def _rnnlg(folder: Path, rng: random.Random) -> Iterator[Example]:
    for record in _lines(folder / "rnnlg" / "acts.jsonl.gz"):
        act, _, inside = record["act"].strip("?").partition("(")
        pairs = [pair.partition("=") for pair in inside.rstrip(")").split(";")]
        values = [(name, value.strip("'\" ")) for name, equals, value in pairs if equals]
        asked = [name for name, equals, _ in pairs if not equals and name]
        for text in record["texts"]:
            text = re.sub(r" -s\b", "s", text.strip())
            text = re.sub(r" ([.,?!'])", r"\1", text)
            text = delexicalise(text, values, rng)
            text = re.sub(r"\bi\b", "I", text[:1].upper() + text[1:])
            yield Example(" ".join([act, *asked]), slots_of(text), text if text[-1:] in ".?!" else text + ".")


def _redial(folder: Path) -> Iterator[Example]:
    for dialogue in _lines(folder / "redial" / "train.jsonl.gz"):
        for message in dialogue["messages"]:
            text = re.sub(r"\s+", " ", message["text"].strip())
            for slot in ("title", "title2", "liked"):
                text = re.sub(r'"?@\d+"?', f"<{slot}>", text, count=1)
            if len(text.split()) >= 4 and text[-1:] in ".?!":
                role = "chat" if message["senderWorkerId"] == dialogue["respondentWorkerId"] else "user chat"
                yield Example(role, slots_of(text), text)


def _films(folder: Path) -> Iterator[Example]:
    for film in _lines(folder / "wikimovies" / "movies.jsonl.gz"):
        text = film.get("extract") or ""
        text = text.replace(film["title"], "<title>", 1).replace(str(film["year"]), "<year>", 1)
        text = _options(text, film["cast"]).replace("<options>", "<performers>")
        text = re.sub(r"(?<=directed by )[A-Z]\S* [A-Z][\w-]*(?: [A-Z][\w-]*)?", "<creator>", text, count=1)
        text = _options(text.replace(" American", ""), film["genres"]).replace("<options>", "<genres>")
        for genre in film["genres"]:
            text = re.sub(rf"\b{re.escape(genre)}\b", "<genre>", text, count=1, flags=re.IGNORECASE)
        for sentence in _SENTENCE.split(text)[:3]:
            yield Example("describe", slots_of(sentence), sentence)


def _plots(folder: Path) -> Iterator[Example]:
    for film in _lines(folder / "redial" / "movie_facts.jsonl.gz"):
        for sentence in _SENTENCE.split(film.get("plot") or ""):
            yield Example("plot", (), sentence)
