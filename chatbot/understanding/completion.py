"""The answer to "which one?": the message that led to the question, with the chosen option put in its place."""

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.text import keys_of

MAX_BESIDE = 4
"""An answer has at most this many words more than the option that it chooses."""


def complete(pending: str, answer: str, options: tuple[str, ...], lexicon: Lexicon) -> str:
    """The completed message; "" if the answer chooses none of the options."""
    said = keys_of(answer)
    chosen = _chosen(tuple(key for key in said if key not in lexicon.words["answer_frame"]), options, lexicon)
    if not chosen or len(said) > len(keys_of(chosen)) + MAX_BESIDE:
        return ""
    return _with_option(pending, chosen)


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
    if len(said) != 1:
        return 0
    return int(said[0]) if said[0].isdecimal() else lexicon.ordinal_values.get(said[0], 0)


def _with_option(pending: str, chosen: str) -> str:
    """The message with the option in place of the words that called for it; the option alone if they are not found."""
    query = keys_of(chosen.split(" (")[0])
    words = pending.split(" ")
    for size in range(len(words), 0, -1):
        for start in range(len(words) - size + 1):
            keys = keys_of(" ".join(words[start : start + size]))
            if keys and (keys == query or (size == 1 and keys[0] in query) or keys == query[1:]):
                return " ".join([*words[:start], chosen, *words[start + size :]])
    return chosen
