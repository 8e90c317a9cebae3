"""The words of a language: cue phrases by what they signal, read from assets/language/<language>.toml."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from chatbot.resources import assets_dir
from chatbot.understanding.experience import experiences
from chatbot.understanding.phrases import Phrases, expanded
from chatbot.understanding.predicates import Cues, Predicates
from chatbot.understanding.text import Message, keys_of

OPINION_CUES = (
    "like", "dislike", "want", "maybe_want", "refuse", "negator", "seen", "similar", "contrast",
    "after_like", "after_dislike", "after_allow", "after_take", "after_want", "unseen", "lapsed", "denied", "doubt",
    "unless", "lesser", "pardon", "asks_bot", "takes", "commits", "rejects", "swaps", "allows", "after_seen", "perhaps",
    "reports",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is said of a kind of number: the fields that it is meant for, and its adjectives and questions."""

    roles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    up: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    compares: tuple[str, ...] = ()
    compares_less: tuple[str, ...] = ()
    critiques: tuple[str, ...] = ()
    critiques_less: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """Words in an order, each with its place; `up` and `down` are adjectives for much and little of it, besides those
    of a quantity."""

    places: Mapping[str, int]
    quantity: str = ""
    up: tuple[str, ...] = ()
    down: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unkept:
    """Something that people wish for: words of the names of fields that hold it, and words of such wishes."""

    fields: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """The cue phrases of one language, ready to be found in messages."""

    language: str
    cues: Cues
    opinions: Cues  # the cues that colour what stands in their scope
    predicates: Predicates
    intents: Phrases
    smalltalk: Phrases
    asking: Phrases  # how questions are put
    question_texts: Mapping[str, tuple[str, ...]]  # by the role of the field that answers
    quantities: Mapping[str, "Quantity"]
    scales: tuple[Scale, ...]
    degrees: Mapping[str, tuple[str, ...]]
    spellings: Mapping[str, tuple[str, ...]]  # other words for a field, by its name
    field_texts: Mapping[str, tuple[str, ...]]  # words for a field, by its role
    unit_texts: Mapping[str, tuple[str, ...]]  # units, by the role of the field
    measures: Mapping[str, Mapping[str, float]]  # sizes of units, by what they measure
    number_ops: Phrases
    shares: Phrases
    share_values: Mapping[str, float]
    vague: Phrases
    vague_rules: Mapping[str, tuple[str, str, float]]
    fields: Phrases
    ordinals: Phrases
    pointers: Phrases
    pointer_texts: Mapping[str, tuple[str, ...]]
    kinds_of_things: Mapping[str, tuple[str, ...]]
    framing: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]  # what stands before and behind what is refused
    synonyms: Mapping[str, tuple[str, ...]]
    fallbacks: Mapping[str, tuple[str, ...]]
    unkept: Mapping[str, Unkept]  # by what the wish is about
    compounds: Mapping[str, tuple[str, ...]]
    number_words: Mapping[str, int]
    number_scales: Mapping[str, int]  # what multiplies the number before it: "hundred"
    decades: Mapping[str, int]
    centuries: Phrases
    century_numbers: Mapping[str, int]
    century_turn: int
    decade_mark: str
    ordinal_values: Mapping[str, int]
    words: Mapping[str, frozenset[str]]
    wording_it: str  # the pronoun for a thing
    plural_mark: str
    plural_endings: Mapping[str, str]  # of singulars that take more than the mark, to those of their plurals

    def for_things(self, nouns: tuple[str, str]) -> "Lexicon":
        """The same for a catalog whose things are called so: ("book", "books")."""
        one, many = nouns
        keys = {keys_of(noun)[-1] for noun in nouns if keys_of(noun)}
        pointers = {**self.pointer_texts, "one": (*self.pointer_texts["one"], one, many)}
        pointers["it"] = (*pointers["it"], *(f"{that} {one}" for that in sorted(self.words["pointing"])))
        things = self.words["things"] | keys | set(self.kinds_of_things.get(one, ()))
        return replace(self, words={**self.words, "things": things}, pointers=Phrases(pointers), pointer_texts=pointers)

    def number_word(self, key: str) -> int | None:
        """The number that a word or digits stand for, else None."""
        return int(key) if key.isdigit() else self.number_words.get(key)

    def names_things(self, message: Message) -> bool:
        """Whether a word for the catalog's things stands anywhere in the message."""
        return any(token.key in self.words["things"] for token in message.tokens)

    def plurals(self, word: str) -> Iterator[str]:
        """What the plural of a word may be."""
        for ending, plural in self.plural_endings.items():
            if word.endswith(ending):
                yield word.removesuffix(ending) + plural
        yield word + self.plural_mark

    def singulars(self, word: str) -> Iterator[str]:
        """What the singular of a plural may be."""
        for ending, plural in self.plural_endings.items():
            if word.endswith(plural):
                yield word.removesuffix(plural) + ending
        yield word.removesuffix(self.plural_mark)

    def is_plural(self, word: str) -> bool:
        """Whether a word may be a plural, by its ending alone."""
        return word.casefold().endswith(self.plural_mark)


@cache
def load_lexicon(language: str = "en", folder: Path | None = None) -> Lexicon:
    """The lexicon of a language from its TOML file."""
    path = (folder or assets_dir() / "language") / f"{language}.toml"
    with path.open("rb") as file:
        return build_lexicon(tomllib.load(file))


def build_lexicon(table: Mapping[str, Any]) -> Lexicon:
    """A lexicon from the parsed TOML table."""
    numbers, references = table["numbers"], table["references"]
    pointers = {tag: tuple(texts) for tag, texts in references.items() if tag != "ordinals"}
    operators = {tag: texts for tag, texts in numbers.items() if isinstance(texts, list)}
    made = experiences(table["experience"])
    cues = {tag: [*texts, *made.get(tag, ())] for tag, texts in table["cues"].items()}
    predicates = Predicates.of(table["predicates"])
    return Lexicon(
        language=table["language"],
        cues=Cues(cues, predicates),
        opinions=Cues({tag: cues[tag] for tag in OPINION_CUES}, predicates),
        predicates=predicates,
        intents=Phrases(table["intents"]),
        smalltalk=Phrases(table["smalltalk"]),
        asking=Phrases(table["asking"]),
        question_texts=_tuples(table["questions"]),
        quantities={name: Quantity(**_tuples(rows)) for name, rows in table["quantities"].items()},
        scales=tuple(map(_scale, table["scales"])),
        degrees=_tuples(table["degrees"]),
        spellings=_tuples(table["spellings"]),
        field_texts=_tuples(table["fields"]),
        unit_texts={role: tuple(t for t in texts if keys_of(t)) for role, texts in numbers["units"].items()},
        measures=numbers["measures"],
        number_ops=Phrases(operators),
        shares=Phrases({text: [text] for text in numbers["shares"]}),
        share_values=numbers["shares"],
        vague=Phrases({text: [text] for text in numbers["vague"]}),
        vague_rules={text: (rule[0], rule[1], rule[2]) for text, rule in numbers["vague"].items()},
        fields=Phrases(table["fields"]),
        ordinals=Phrases({text: [text] for text in references["ordinals"]}),
        pointers=Phrases(pointers),
        pointer_texts=pointers,
        kinds_of_things=_tuples(table["kinds_of_things"]),
        framing=tuple((a, b) for text in table["framing"]["refuse"] for a, b in _halves(text)),
        synonyms={value: tuple(texts) for value, texts in table["synonyms"].items()},
        unkept={name: Unkept(**_tuples(rows)) for name, rows in table["unkept"].items()},
        fallbacks={value: tuple(texts) for value, texts in table["fallbacks"].items()},
        compounds={text: tuple(values) for text, values in table["compounds"].items()},
        number_words=numbers["words"],
        number_scales=numbers["scales"],
        decades=numbers["decades"],
        centuries=Phrases({text: [text] for text in numbers["centuries"]}),
        century_numbers=numbers["centuries"],
        century_turn=numbers["century_turn"],
        decade_mark=numbers["decade_mark"],
        ordinal_values=references["ordinals"],
        words={
            name: frozenset(keys_of(w)[0] if len(keys_of(w)) == 1 else w for w in ws)
            for name, ws in table["words"].items()
        },
        wording_it=table["plurals"]["pronoun"],
        plural_mark=table["plurals"]["mark"],
        plural_endings=table["plurals"]["endings"],
    )


def _scale(row: Mapping[str, Any]) -> Scale:
    places = {word: place for place, words in enumerate(row["ranks"]) for word in words}
    return Scale(places, row.get("quantity", ""), tuple(row.get("up", ())), tuple(row.get("down", ())))


def _halves(text: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What stands before and behind the gap of a phrase: "give … a rest"."""
    for phrase in expanded(text):
        before, _, behind = phrase.partition("…")
        yield keys_of(before), keys_of(behind)


def _tuples(table: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(texts) for name, texts in table.items()}
