"""The words of a language: cue phrases by what they signal, read from assets/language/<language>.toml."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chatbot.resources import assets_dir
from chatbot.understanding.phrases import Phrases
from chatbot.understanding.predicates import Cues, Predicates
from chatbot.understanding.text import Message, keys_of

OPINION_CUES = (
    "like", "dislike", "want", "maybe_want", "refuse", "negator", "seen", "similar", "contrast",
    "after_like", "after_dislike", "after_allow", "after_take", "after_want", "unseen", "lapsed", "denied", "doubt",
    "unless", "lesser", "pardon", "asks_bot",
)  # fmt: skip


@dataclass(frozen=True)
class Lexicon:
    """The cue phrases of one language, ready to be found in messages."""

    language: str
    cues: Cues
    opinions: Cues  # the cues that colour what stands in their scope
    intents: Phrases
    smalltalk: Phrases
    questions: Phrases
    comparisons: Phrases
    smaller: Phrases
    critiques: Phrases
    critique_rules: Mapping[str, tuple[str, str]]
    number_ops: Phrases
    units: Phrases
    vague: Phrases
    vague_rules: Mapping[str, tuple[str, str, float]]
    fields: Phrases
    ordinals: Phrases
    pointers: Phrases
    off_topic: Phrases
    synonyms: Mapping[str, tuple[str, ...]]
    fallbacks: Mapping[str, tuple[str, ...]]
    compounds: Mapping[str, tuple[str, ...]]
    number_words: Mapping[str, int]
    decades: Mapping[str, int]
    century_turn: int
    decade_mark: str
    ordinal_values: Mapping[str, int]
    words: Mapping[str, frozenset[str]]
    plural_mark: str
    plural_endings: Mapping[str, str]  # of singulars that take more than the mark, to those of their plurals

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
    operators = {tag: texts for tag, texts in numbers.items() if isinstance(texts, list)}
    cues, predicates = table["cues"], Predicates.of(table["predicates"])
    return Lexicon(
        language=table["language"],
        cues=Cues(cues, predicates),
        opinions=Cues({tag: cues[tag] for tag in OPINION_CUES}, predicates),
        intents=Phrases(table["intents"]),
        smalltalk=Phrases(table["smalltalk"]),
        questions=Phrases(table["questions"]),
        comparisons=Phrases({role: texts for role, texts in table["compare"].items() if role != "smaller"}),
        smaller=Phrases({"smaller": table["compare"]["smaller"]}),
        critiques=Phrases({text: [text] for text in table["critique"]}),
        critique_rules={text: (rule[0], rule[1]) for text, rule in table["critique"].items()},
        number_ops=Phrases(operators),
        units=Phrases(
            {role: [t for t in texts if t.isalnum() or " " in t] for role, texts in numbers["units"].items()}
        ),
        vague=Phrases({text: [text] for text in numbers["vague"]}),
        vague_rules={text: (rule[0], rule[1], rule[2]) for text, rule in numbers["vague"].items()},
        fields=Phrases(table["fields"]),
        ordinals=Phrases({text: [text] for text in references["ordinals"]}),
        pointers=Phrases({tag: texts for tag, texts in references.items() if tag != "ordinals"}),
        off_topic=Phrases({"off_topic": table["words"]["off_topic"]}),
        synonyms={value: tuple(texts) for value, texts in table["synonyms"].items()},
        fallbacks={value: tuple(texts) for value, texts in table["fallbacks"].items()},
        compounds={text: tuple(values) for text, values in table["compounds"].items()},
        number_words=numbers["words"],
        decades=numbers["decades"],
        century_turn=numbers["century_turn"],
        decade_mark=numbers["decade_mark"],
        ordinal_values=references["ordinals"],
        words={
            name: frozenset(keys_of(w)[0] if len(keys_of(w)) == 1 else w for w in ws)
            for name, ws in table["words"].items()
        },
        plural_mark=table["plurals"]["mark"],
        plural_endings=table["plurals"]["endings"],
    )
