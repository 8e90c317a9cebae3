"""Refused things that are named by several qualities at once: "no romantic comedies", "nothing by Acme over 200".

What is refused is what has all the qualities; each of them alone is as welcome as before.
"""

from collections.abc import Callable, Sequence

from chatbot.state import Opinion
from chatbot.understanding.colours import Coloured
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.ranges import Range
from chatbot.understanding.text import Message
from index.constraints import Constraint

_REFUSING = ("refuse", "dislike")


def combined(message: Message, coloured: Sequence[Coloured], lexicon: Lexicon) -> list[list[Coloured]]:
    """The stretches of what is refused that name one kind of thing by two qualities or more, in order."""
    groups: list[list[Coloured]] = []
    for one in coloured:
        if groups and _goes_with(message, groups[-1][-1], one, lexicon):
            groups[-1].append(one)
        else:
            groups.append([one])
    together = [group for group in groups if _refused(group[0]) and sum(map(_qualities, group)) > 1]
    return [chosen for group in together for chosen in _alternatives(group, coloured)]


def _alternatives(group: list[Coloured], coloured: Sequence[Coloured]) -> list[list[Coloured]]:
    """The group, and the same with what stands beside its first or last member with "or": "red or black shoes"."""
    if len(group) < 2:
        return [group]
    found, at = [group], coloured.index(group[0])
    while at and _joined(coloured[at]) and _alike(coloured[at - 1], group[0]):
        at -= 1
        found.insert(0, [coloured[at], *group[1:]])
    at = coloured.index(group[-1]) + 1
    while at < len(coloured) and _joined(coloured[at]) and _alike(coloured[at], group[-1]):
        found.append([*group[:-1], coloured[at]])
        at += 1
    return found


def _joined(one: Coloured) -> bool:
    return one.joined or one.listed


def _alike(one: Coloured, other: Coloured) -> bool:
    """Whether both are bounds on one field, or names of the same fields, and refused."""
    if not (_refused(one) and _refused(other)):
        return False
    a, b = one.what, other.what
    if isinstance(a, Range) or isinstance(b, Range):
        return isinstance(a, Range) and isinstance(b, Range) and a.field == b.field
    return bool(set(a.name.fields) & set(b.name.fields))


def refusal(message: Message, group: Sequence[Coloured], field_of: Callable[[Mention], str]) -> Opinion:
    """The refusal of what has all the qualities of a group; the last value that is no range is the one refused."""
    parts: list[Constraint] = []
    ranges: list[Constraint] = []
    for one in group:
        if isinstance(one.what, Range):
            ranges += one.what.constraints
        else:
            parts += _wanted(one.what, field_of(one.what))
    head = parts.pop()
    words = message.words(group[0].what.start, group[-1].what.end)
    return Opinion(False, field=head.field, value=str(head.value), words=words, where=(*parts, *ranges))


def _wanted(mention: Mention, field: str) -> list[Constraint]:
    name = mention.name
    if name.any_of:
        return [Constraint(field, "in", name.values)]
    return [Constraint(field, "=", value) for value in name.values or (name.text,)]


def _qualities(one: Coloured) -> int:
    """How many qualities a name or a bound stands for."""
    what = one.what
    return 1 if isinstance(what, Range) or what.name.any_of else max(1, len(what.name.values))


def _refused(one: Coloured) -> bool:
    what = one.what
    named = isinstance(what, Range) or (what.name.kind != "item" and not what.several and not what.name.any_of)
    return one.scope in _REFUSING and named


def _goes_with(message: Message, one: Coloured, other: Coloured, lexicon: Lexicon) -> bool:
    """Whether two names or bounds describe the same thing: "comedies from the 80s", not "comedies or him"."""
    if not (_refused(one) and _refused(other)) or one.scope != other.scope or other.joined or other.listed:
        return False
    ranges = [c.what for c in (one, other) if isinstance(c.what, Range)]
    if len(ranges) == 2 or any(r.denied for r in ranges):
        return False
    between = message.tokens[one.what.end : other.what.start]
    light = lexicon.words["attached"] | lexicon.words["articles"] | lexicon.words["things"]
    gaps = [token.gap for token in message.tokens[one.what.end : other.what.start + 1]]
    return all(t.key in light for t in between) and not any(gap.strip(" -") for gap in gaps)
