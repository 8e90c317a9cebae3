"""A message that seems to want and refuse the same value, by its name and by a word that stands for it."""

from collections.abc import Iterable, Sequence

from chatbot.state import Evidence, Opinion, Request, Wish
from index.catalog import fold

Value = tuple[str, str]


def reconciled(evidence: Sequence[Evidence]) -> list[Evidence]:
    """ "A comedy, not too silly": where a value is wanted and refused at once, the one that is said in another word
    than its name is about that word alone."""
    said = [(one, _value(one), _wanted(one)) for one in evidence]
    both = _values(said, wanted=True) & _values(said, wanted=False)
    return [
        Request(one.words, liked=wanted, words=one.words) if value in both and _by_another_name(one) else one
        for one, value, wanted in said
    ]


def _values(said: Iterable[tuple[Evidence, Value | None, bool]], wanted: bool) -> set[Value]:
    return {value for _, value, way in said if value and way == wanted}


def _value(one: Evidence) -> Value | None:
    if isinstance(one, Opinion) and one.field and one.value is not None and not one.where:
        return one.field, fold(one.value)
    if isinstance(one, Wish) and one.constraint.op in ("=", "!=") and isinstance(one.constraint.value, str):
        return one.constraint.field, fold(one.constraint.value)
    return None


def _wanted(one: Evidence) -> bool:
    return one.liked if isinstance(one, Opinion) else isinstance(one, Wish) and one.constraint.op != "!="


def _by_another_name(one: Evidence) -> bool:
    value = _value(one)
    if not isinstance(one, Opinion | Wish) or value is None or not one.words:
        return False
    stem = value[1][: max(3, len(value[1]) - 2)]  # "comedies" names the comedy
    return stem not in fold(one.words)
