"""Atoms: what a message says, as single statements that two readings of it can be compared by.

Written as text: `+genres:comedy` (wanted or liked), `-cast:Adam Sandler` (refused or disliked), `+genres:comedy|drama`
(one of them is enough), `+item:Alien (1979)`, `-item:Star Wars*` (all titles that begin so), `seen:Up (2009)`,
`year>=1980`, and `+text` / `-text` for a quality that is no value of the catalog. What is refused only together is
joined by "&": `-genres:comedy & year>=1980 & year<1990`.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from chatbot.state import Evidence, Opinion, Request, Seen, Wish
from index.catalog import PEOPLE, Catalog, Field, Item, fold
from index.constraints import Constraint

_NUMBER = re.compile(r"^\s*([^<>=:]+?)\s*(>=|<=|=|>|<)\s*(-?\d+(?:\.\d+)?)\s*$")
JOINS = " & "
_DATED = re.compile(r"^(.*\S)\s*\((\d{4})\)$")


class Atom(NamedTuple):
    """One statement. `kind` is value, item, series, seen, number, text or joint; `sign` "+", "-", or for numbers the
    operator.

    `what` are the folded values (one, or the alternatives), an item's id, a folded beginning of titles, or numbers; of
    a joint refusal its parts.
    """

    kind: str
    sign: str
    field: str = ""
    what: tuple[str | float, ...] = ()


class Atoms:
    """Reads atoms about one catalog from text and from evidence."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._by_title: dict[str, list[Item]] = {}
        for item in catalog.items:
            self._by_title.setdefault(fold(item.title), []).append(item)
        self._year = catalog.field_of("year")

    # ------------------------------------------------------------ from text

    def read(self, text: str) -> Atom:
        """The atom that a text stands for. ValueError says what is wrong with it."""
        if text in ("+text", "-text"):
            return Atom("text", text[0])
        if text.startswith("-") and JOINS in text:
            parts = text[1:].split(JOINS)
            return _joint(self.read(part if _NUMBER.match(part) else f"+{part}") for part in parts)
        head, colon, rest = text.partition(":")
        if colon and head == "seen":
            return Atom("seen", "", "", (self.item(rest).id,))
        if colon and head in ("+item", "-item"):
            if rest.endswith("*"):
                return self._series(head[0], rest[:-1])
            return Atom("item", head[0], "", (self.item(rest).id,))
        if colon and head[:1] in ("+", "-"):
            return self._value(head[0], head[1:], rest.split("|"))
        number = _NUMBER.match(text)
        if number:
            return self._number(self._field(number[1]), number[2], (float(number[3]),))
        raise ValueError(f"{text!r} is no atom; write +FIELD:VALUE, -item:TITLE (YEAR), FIELD>=N or the like")

    def item(self, title: str) -> Item:
        """The item of a title, with its year in brackets where the catalog has years. ValueError if there is none."""
        dated = _DATED.match(title.strip())
        named = self._by_title.get(fold(title), [])
        if dated and self._year is not None:
            titled = self._by_title.get(fold(dated[1]), [])
            named = [i for i in titled if i.facts.get(self._year.name) == int(dated[2])] or named
        if not named:
            raise ValueError(f"the catalog {self._catalog.name} has no item {title!r}")
        return named[0]

    def _series(self, sign: str, beginning: str) -> Atom:
        atom = Atom("series", sign, "", (fold(beginning),))
        if not self.members(atom):
            raise ValueError(f"no title of the catalog {self._catalog.name} begins with {beginning!r}")
        return atom

    def _field(self, name: str) -> Field:
        field = self._catalog.field(name)
        if field is None:
            known = ", ".join(f.name for f in self._catalog.fields)
            raise ValueError(f"the catalog {self._catalog.name} has no field {name!r}, only {known}")
        return field

    def _value(self, sign: str, name: str, values: list[str]) -> Atom:
        field = self._field(name)
        for value in values:
            if not any(fold(value) in self._catalog.postings(same) for same in self._same(field)):
                raise ValueError(f"the catalog {self._catalog.name} has no {name} {value!r}")
        return Atom("value", sign, self.key(name), tuple(sorted({fold(v) for v in values})))

    def _same(self, field: Field) -> list[str]:
        return [f.name for f in self._catalog.fields if self.key(f.name) == self.key(field.name)]

    # ------------------------------------------------------------ from evidence

    def of(self, evidence: Evidence) -> list[Atom]:
        """The atoms of one piece of evidence; none where it states nothing, as a focus."""
        if isinstance(evidence, Request):
            return [Atom("text", "+" if evidence.liked else "-")]
        if isinstance(evidence, Seen):
            return [Atom("seen", "", "", (evidence.item_id,))]
        if isinstance(evidence, Wish):
            return self.of_constraint(evidence.constraint)
        if isinstance(evidence, Opinion):
            sign = "+" if evidence.liked else "-"
            if evidence.item_id is not None:
                return [Atom("item", sign, "", (evidence.item_id,))]
            if evidence.where:
                head = Constraint(evidence.field or "", "=", evidence.value or "")
                return [_joint(a for c in (head, *evidence.where) for a in self.of_constraint(c))]
            return [Atom("value", sign, self.key(evidence.field or ""), (fold(evidence.value or ""),))]
        return []

    def of_constraint(self, constraint: Constraint) -> list[Atom]:
        """A constraint as atoms: refused values one by one, wanted ones as alternatives."""
        field = self._field(constraint.field)
        if field.kind == "number":
            return [self._number(field, constraint.op, tuple(float(v) for v in constraint.values))]
        folded = sorted({fold(str(v)) for v in constraint.values})
        if constraint.refuses:
            return [Atom("value", "-", self.key(field.name), (v,)) for v in folded]
        return [Atom("value", "+", self.key(field.name), tuple(folded))]

    def evidence(self, atom: Atom, text: str) -> Evidence:
        """A piece of evidence that states the atom; `text` is the atom as written."""
        sign = atom.sign == "+"
        if atom.kind == "joint":
            head, *rest = (self._constraint(part) for part in text[1:].split(JOINS))
            return Opinion(False, field=head.field, value=str(head.value), where=tuple(rest), words=text)
        if atom.kind == "seen":
            return Seen(str(atom.what[0]))
        if atom.kind == "item":
            return Opinion(sign, item_id=str(atom.what[0]))
        if atom.kind == "series":
            return Opinion(sign, item_id=self.members(atom)[0])
        if atom.kind == "text":
            return Request("a certain something", sign)
        if atom.kind == "number":
            return Wish(Constraint(atom.field, atom.sign, self._native(atom)))  # type: ignore[arg-type]
        return self._stated(text, sign)

    def _stated(self, text: str, liked: bool) -> Evidence:
        """A wanted value of a closed vocabulary, or a person, must be there; of an open one it is a liking."""
        name, _, written = text[1:].partition(":")
        field = self._field(name)
        values = tuple(self._catalog.spellings(name).get(fold(v), v) for v in written.split("|"))
        if liked and (len(values) > 1 or field.role in PEOPLE or self._catalog.is_closed(name)):
            alone = len(values) == 1
            return Wish(Constraint(name, "=" if alone else "in", values[0] if alone else values))
        return Opinion(liked, field=name, value=values[0])

    def _constraint(self, text: str) -> Constraint:
        """A part of a joint refusal as a constraint."""
        atom = self.read(text if _NUMBER.match(text) else f"+{text}")
        if atom.kind == "number":
            return Constraint(atom.field, atom.sign, self._native(atom))  # type: ignore[arg-type]
        name, _, value = text.partition(":")
        return Constraint(name, "=", self._catalog.spellings(name).get(fold(value), value))

    def _native(self, atom: Atom) -> float | int:
        number = float(atom.what[0])
        return int(number) if number.is_integer() and self._field(atom.field).integer else number

    # ------------------------------------------------------------ common

    def key(self, name: str) -> str:
        """The field's name; of people there is one field, since it is rarely said in which role they are meant."""
        field = self._catalog.field(name)
        return "people" if field is not None and field.role in PEOPLE else name

    def members(self, series: Atom) -> list[str]:
        """Ids of the items whose titles begin with the words of a series."""
        beginning = re.compile(re.escape(str(series.what[0])) + r"(?!\w)")
        return [item.id for title, items in self._by_title.items() if beginning.match(title) for item in items]

    def _number(self, field: Field, op: str, values: tuple[float, ...]) -> Atom:
        """Whole numbers have one way of writing a bound: before 1990 is up to 1989."""
        if field.integer and op in ("<", ">"):
            return Atom("number", f"{op}=", field.name, (values[0] + (1 if op == ">" else -1),))
        return Atom("number", op, field.name, values)


def _joint(parts: Iterable[Atom]) -> Atom:
    """What is refused where all parts hold."""
    return Atom("joint", "-", "", tuple(sorted(str((a.field, a.sign.strip("+-"), *a.what)) for a in tidy(parts))))


def tidy(atoms: Iterable[Atom]) -> set[Atom]:
    """Without what says the same twice: a lower and an upper bound at one number are that number, what a bound keeps
    out need not be refused as well, and having seen an item goes without saying beside an opinion of it."""
    found = set(atoms)
    for low in [a for a in found if a.kind == "number" and a.sign == ">="]:
        high = low._replace(sign="<=")
        if high in found:
            found = (found - {low, high}) | {low._replace(sign="=")}
    bounds = [a for a in found if a.kind == "number" and a.sign not in _REFUSING]
    found = {a for a in found if not (a.sign in _REFUSING and _kept_out(a, bounds))}
    judged = {a.what for a in found if a.kind == "item"}
    return {a for a in found if not (a.kind == "seen" and a.what in judged)}


_REFUSING = ("!=", "not in")


def _kept_out(refused: Atom, bounds: Iterable[Atom]) -> bool:
    """Whether every refused number is outside one of the bounds on its field anyway."""
    own = [bound for bound in bounds if bound.field == refused.field]
    return all(any(not implied(b, [refused._replace(sign="=", what=(n,))]) for b in own) for n in refused.what)


def implied(atom: Atom, by: Iterable[Atom]) -> bool:
    """Whether a bound holds wherever one of those others does."""
    return atom.kind == "number" and any(_within(other, atom) for other in by if other.field == atom.field)


def _within(inner: Atom, outer: Atom) -> bool:
    a, b = float(inner.what[0]), float(outer.what[0])
    if inner.kind != "number" or inner.sign not in ("=", outer.sign, f"{outer.sign}=", outer.sign[0]):
        return False
    if a == b:
        return outer.sign == inner.sign or (outer.sign.endswith("=") and outer.sign != "=")
    return (a > b and outer.sign[0] == ">") or (a < b and outer.sign[0] == "<")
