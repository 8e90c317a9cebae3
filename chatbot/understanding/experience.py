"""What things do to people: "it bores me", "they creeped us out", as phrases made from plain verbs.

The language's file lists verbs as they stand after "to", a particle behind them: "creep out".
"""

from collections.abc import Iterator, Mapping, Sequence

TAGS = {"good": "after_like", "bad": "after_dislike"}
_VOWELS = "aeiou"


def experiences(table: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Phrases by their cue, from the table [experience] of a language: its verbs in good and bad, `objects` and
    `endings` (of the present and the past)."""
    return {
        tag: [phrase for verb in table[name] for phrase in _phrases(verb, table["objects"], table["endings"])]
        for name, tag in TAGS.items()
    }


def _phrases(verb: str, objects: Sequence[str], endings: Sequence[str]) -> Iterator[str]:
    stem, _, particle = verb.partition(" ")
    for form in (stem, *(_inflected(stem, ending) for ending in endings)):
        for whom in objects:
            yield f"{form} {whom} {particle}".rstrip()


def _inflected(stem: str, ending: str) -> str:
    """A verb with an ending that begins with "e" or "s": bores, bored, teases, worries, fussed."""
    if stem.endswith("y") and stem[-2] not in _VOWELS:
        return stem[:-1] + "i" + (ending if ending.startswith("e") else f"e{ending}")
    if ending.startswith("e"):
        return stem + ending[1:] if stem.endswith("e") else stem + ending
    return stem + (f"e{ending}" if stem.endswith(("s", "x", "z", "ch", "sh")) else ending)
