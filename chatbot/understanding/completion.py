"""The answer to "which one?": the message that led to the question, with the chosen option put in its place."""

from dataclasses import dataclass

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.text import keys_of

MAX_BESIDE = 4
"""An answer has at most this many words more than the option that it chooses."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A message that could not be understood whole, and the words in it that may mean several things."""

    message: str
    words: str


def complete(pending: Pending, answer: str, options: tuple[str, ...], lexicon: Lexicon) -> str:
    """The completed message; "" if the answer chooses none of the options."""
    said = keys_of(answer)
    chosen = _chosen(tuple(key for key in said if key not in lexicon.words["answer_frame"]), options, lexicon)
    if not chosen or len(said) > len(keys_of(chosen)) + MAX_BESIDE:
        return ""
    before, found, after = pending.message.partition(pending.words)
    return f"{before}{chosen}{after}" if found else chosen


def chosen_place(answer: str, options: tuple[str, ...], lexicon: Lexicon) -> int | None:
    """Which of the options an answer says as it stands, names by how it ends ("the year", of "forget the year"), or
    counts off ("the second one"), from 0; else None."""
    said = keys_of(answer)
    rows = [keys_of(option) for option in options]
    exact = [place for place, row in enumerate(rows) if _says(said, row, lexicon)]
    counted = _place(tuple(key for key in said if key not in lexicon.words["answer_frame"]), lexicon)
    if not exact and counted:
        exact = list(range(len(options)))[counted - 1 if counted > 0 else counted :][:1]
    if not exact and said and not any(key.isdecimal() for key in said):
        named = [place for place, row in enumerate(rows) if row[-len(said) :] == said]
        exact = named if len(named) == 1 else []
    return exact[0] if exact else None


def _says(said: tuple[str, ...], option: tuple[str, ...], lexicon: Lexicon) -> bool:
    """Whether an answer is the option, with nothing but consent around it: "ok, forget the year please"."""
    for start in range(len(said) - len(option) + 1):
        if option and said[start : start + len(option)] == option:
            beside = (said[:start], said[start + len(option) :])
            return all(not part or "yes" in lexicon.intents.tags(part) for part in beside)
    return False


def _chosen(said: tuple[str, ...], options: tuple[str, ...], lexicon: Lexicon) -> str:
    """The option that is counted off ("the second", "2") or shares most words with the answer, else ""."""
    place = _place(said, lexicon)
    if 0 < place <= len(options):
        return options[place - 1]
    scored = [(len(set(said) & set(keys_of(option))), option) for option in options]
    score, best = max(scored, default=(0, ""))
    return best if score and [s for s, _ in scored].count(score) == 1 else ""


def _place(said: tuple[str, ...], lexicon: Lexicon) -> int:
    """Which one an ordinal or a number counts off, from 1; 0 where neither is said."""
    alone = len(said) == 1 and said[0].isdecimal()
    return int(said[0]) if alone else lexicon.ordinal_values.get(" ".join(said), 0)
