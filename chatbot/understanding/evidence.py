"""From coloured mentions and ranges to evidence: opinions, wishes, requests, what was seen."""

import itertools
from collections.abc import Iterator, Sequence

from chatbot.state import WANTED, Evidence, Opinion, Seen, Wish
from chatbot.understanding.colours import Coloured, Scope
from chatbot.understanding.combining import combined, refusal
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.names import Name
from chatbot.understanding.ranges import Range
from chatbot.understanding.text import Message
from index.catalog import Catalog, FieldRole, fold
from index.constraints import Constraint

_REFUSING = ("refuse", "dislike")
IN_PASSING = 4
"""In a message of more tokens, a value that no verb asks for adds to earlier wishes and replaces none."""
LUKEWARM = 0.5
"""Strength of a like that is no more than "okay"."""
CREATOR_SHARE = 0.15
"""The least share of a person's work as a creator at which "by" is taken at its word."""


class EvidenceMaker:
    """Turns one message's coloured mentions into evidence. `replaces`: new wishes oust those of earlier turns."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon) -> None:
        self._catalog = catalog
        self._lexicon = lexicon

    def make(self, message: Message, coloured: Sequence[Coloured], replaces: bool, adds: bool) -> list[Evidence]:
        """The evidence in the order in which it was said."""
        evidence: list[Evidence] = []
        wanted: list[tuple[Coloured, str, str]] = []  # wishes for values, grouped by "or" at the end
        either = _either_keywords(coloured)
        groups = combined(message, coloured, self._lexicon)
        evidence += [refusal(message, group, lambda mention: self.field_of(message, mention)) for group in groups]
        together = {id(one) for group in groups for one in group}
        coloured = [one for one in coloured if id(one) not in together]
        ranges = [(one.what, one.scope) for one in coloured if isinstance(one.what, Range)]
        bounded = {r.field for r, scope in ranges if scope not in _REFUSING and not r.denied}
        for one in coloured:
            words = message.words(one.what.start, one.what.end)
            if isinstance(one.what, Range):
                refused = one.scope in _REFUSING or one.what.denied
                if not (replaces and refused and one.what.field in bounded):  # "under 200, not 100"
                    evidence += self._range(one, replaces, words)
            elif one.what.name.kind == "item":
                evidence += self._items(one.what, one.scope, words)
            elif one.scope in ("none", "want", "similar", "allow") and (
                one.what.name.kind in ("closed", "person") or id(one) in either
            ):
                wanted += self._wanted(message, one, words)
            else:
                evidence += self._values(message, one.what, one.scope, words, not adds)
        return [*_merge_ranges(coloured, evidence), *self._wishes(message, wanted, not adds, replaces)]

    # ------------------------------------------------------------ kinds of mention

    def _range(self, one: Coloured, replaces: bool, words: str) -> Iterator[Evidence]:
        assert isinstance(one.what, Range)
        if one.scope in ("neutral", "pardon") or (one.scope == "seen" and self._is_year(one.what)):
            return
        for constraint in one.what.negated() if one.scope in _REFUSING else one.what.constraints:
            yield Wish(constraint, replaces=replaces, words=words)

    def _is_year(self, range_: Range) -> bool:
        field = self._catalog.field(range_.field)
        return field is not None and field.role == "year"

    def _items(self, mention: Mention, scope: Scope, words: str) -> Iterator[Evidence]:
        franchise = scope == "refuse" and any(n.partial for n in mention.names)  # "no Star Wars" means them all
        names = mention.names if franchise else mention.names[:1]
        for name in mention.names if mention.several else names:
            item_id = self._catalog.items[name.item].id
            if scope == "seen":
                yield Seen(item_id, words=words)
            elif scope in ("like", "similar", "allow", *_REFUSING) or (
                scope == "none" and self._is_shown_to(mention, words)
            ):
                strength = LUKEWARM if scope == "allow" else 1.0
                yield Opinion(scope not in _REFUSING, item_id=item_id, words=words, strength=strength)

    def _is_shown_to(self, mention: Mention, words: str) -> bool:
        """Whether an item of the list is picked out, by more than a pronoun."""
        return mention.pointed and fold(words) not in self._lexicon.words["pronouns"]

    def _values(
        self, message: Message, mention: Mention, scope: Scope, words: str, replaces: bool
    ) -> Iterator[Evidence]:
        if scope in ("neutral", "seen", "pardon"):
            return
        name = mention.name
        strength = WANTED if scope in ("none", "want", "similar") else 1.0
        for value in name.values or (name.text,):
            liked, field = scope not in _REFUSING, self.field_of(message, mention)
            yield Opinion(liked, field=field, value=value, words=words, strength=strength, replaces=replaces)

    def _wanted(self, message: Message, one: Coloured, words: str) -> Iterator[tuple[Coloured, str, str]]:
        assert isinstance(one.what, Mention)
        field = self.field_of(message, one.what)
        for value in one.what.name.values or (one.what.name.text,):
            yield one, field, value

    def field_of(self, message: Message, mention: Mention) -> str:
        """The field that a value is meant in: for a person, by what stands before the name."""
        fields = mention.name.fields
        if mention.name.kind != "person" or len(fields) < 2:
            return fields[0]
        said = self.said_field(message, mention)
        return said if said in fields and self._is_at_home(mention.name, said) else fields[0]

    def said_field(self, message: Message, mention: Mention) -> str:
        """The field of people that the words before a name speak of ("directed by"), or ""."""
        roles: dict[str, FieldRole] = {"by_creator": "creator", "by_performer": "performer", "by_person": "person"}
        start = mention.start
        while start > 0 and message.tokens[start - 1].key in self._lexicon.words["articles"]:
            start -= 1
        cue = self._lexicon.cues.ending_at(message, start, tuple(roles))
        field = self._catalog.field_of(roles[cue.tag]) if cue else None
        return field.name if field else ""

    def _is_at_home(self, name: Name, field: str) -> bool:
        sizes = {f: len(self._catalog.postings(f).get(fold(name.text), ())) for f in name.fields}
        return sizes[field] == 0 or sizes[field] >= CREATOR_SHARE * sum(sizes.values())

    # ------------------------------------------------------------ either/or

    def _wishes(
        self, message: Message, wanted: list[tuple[Coloured, str, str]], replaces: bool, corrects: bool
    ) -> Iterator[Evidence]:
        """Values joined by "or", or plurals joined by "and", are alternatives; all others must hold together."""
        groups: list[tuple[str, list[str], list[str]]] = []
        asked = {(f, v) for one, f, v in wanted if one.scope == "want" or len(message.tokens) <= IN_PASSING}
        either = self._either(message, [one for one, _, _ in wanted])
        for one, field, value in wanted:
            words = message.words(one.what.start, one.what.end)
            field = self._common_field(one, field, groups[-1]) if id(one) in either and groups else field
            same = groups and groups[-1][0] == field
            any_of = isinstance(one.what, Mention) and one.what.name.any_of
            alternative = (
                any_of or id(one) in either or (one.listed and self._is_plural(words, value)) or self._is_single(field)
            )
            if same and alternative and value not in groups[-1][1]:
                groups[-1][1].append(value)
                groups[-1][2].append(words)
            elif not any(group[0] == field and group[1] == [value] for group in groups):
                groups.append((field, [value], [words]))
        for field, values, texts in groups:
            alone = len(values) == 1
            constraint = Constraint(field, "=" if alone else "in", values[0] if alone else tuple(values))
            described = self._catalog.field(field)
            one_maker = described is not None and described.role == "creator"  # few things have two: "and by Kubrick?"
            instead = replaces and (
                corrects or any((field, v) in asked for v in values)
            )  # not what is only said in passing
            yield Wish(constraint, replaces=instead or one_maker, words=", ".join(texts))

    def _either(self, message: Message, wanted: Sequence[Coloured]) -> set[int]:
        """Ids of those that are alternatives to the one before: "or" stands before them, or ends the list that they are
        in: "sci-fi, thriller or mystery"."""
        found: set[int] = set()
        for place, one in enumerate(wanted):
            at = place
            while at and (one.joined if at == place else self._is_behind_comma(message, wanted[at])):
                found.add(id(wanted[at]))
                at -= 1
        return found

    def _is_behind_comma(self, message: Message, one: Coloured) -> bool:
        return one.listed and "," in message.tokens[one.what.start].gap

    def _common_field(self, one: Coloured, field: str, group: tuple[str, list[str], list[str]]) -> str:
        """Of a person who is joined to another by "or", the field of the other, where both are known in it."""
        assert isinstance(one.what, Mention)
        return group[0] if group[0] in one.what.name.fields else field

    def _is_single(self, field: str) -> bool:
        """Whether an item has at most one value of a field, so that two of them can only be alternatives."""
        described = self._catalog.field(field)
        return described is not None and not described.many

    def _is_plural(self, words: str, value: str) -> bool:
        return self._lexicon.is_plural(words) and not self._lexicon.is_plural(value)


def _either_keywords(coloured: Sequence[Coloured]) -> set[int]:
    """Ids of the keywords of which one is enough: "zombies or vampires". One alone is only what the list begins with,
    since what is tagged with it is never complete."""
    found: set[int] = set()
    for first, second in itertools.pairwise(coloured):
        keywords = all(isinstance(c.what, Mention) and c.what.name.kind == "keyword" for c in (first, second))
        found |= {id(first), id(second)} if keywords and second.joined else set()
    return found


def _merge_ranges(coloured: Sequence[Coloured], evidence: list[Evidence]) -> list[Evidence]:
    """ "The 80s or 90s": two spans joined by "or" are one, or where they do not touch a list of years. "New or old":
    two bounds joined by "or" that leave nothing out are no wish."""
    ranges = [(one, one.what) for one in coloured if isinstance(one.what, Range)]
    for (_, first), (later, second) in itertools.pairwise(ranges):
        if not (later.joined or later.listed) or first.field != second.field:
            continue
        both = (*first.constraints, *second.constraints)
        kept = [e for e in evidence if not (isinstance(e, Wish) and e.constraint in both)]
        if [c.op for c in both] == ["=", "="]:  # "2001 or 2002"
            values = tuple(c.values[0] for c in both)
            return [*kept, Wish(Constraint(first.field, "in", values), replaces=True)]
        if len(first.constraints) == len(second.constraints) == 2:
            return [*kept, *_either_span(first, second)]
        if later.joined and not second.denied and {c.op[0] for c in both} == {"<", ">"}:
            return kept
    return evidence


def _either_span(first: Range, second: Range) -> Iterator[Evidence]:
    spans = sorted([int(float(c.values[0])) for c in r.constraints] for r in (first, second))
    (a, b), (c, d) = spans
    touching = [Constraint(first.field, ">=", a), Constraint(first.field, "<=", d)]
    apart = [Constraint(first.field, "in", (*range(a, b + 1), *range(c, d + 1)))]
    for constraint in touching if c <= b + 1 else apart:
        yield Wish(constraint, replaces=True)
