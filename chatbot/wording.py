"""Facts as phrases: "comedies from the 1990s without romance", "Alien (1979)", "4.1 out of 5", "A, B and C".

Nothing here is a sentence; sentences are the writer's. The words come from assets/language/<language>.toml.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from chatbot.naming import Naming
from chatbot.resources import assets_dir
from chatbot.state import DialogueState, Opinion, Order, Wish
from index.catalog import Catalog, Field, Item, Value, fold
from index.constraints import Constraint

SHORT_LIST = 3


@cache
def load_wording(language: str = "en") -> Mapping[str, Any]:
    """The table `wording` of the language's file."""
    with (assets_dir() / "language" / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)["wording"]


class Wording:
    """Phrases about one catalog in one language."""

    def __init__(self, catalog: Catalog, language: str = "en") -> None:
        self.catalog = catalog
        self._words = load_wording(language)
        self.naming = Naming(catalog, self._words, language)

    # ------------------------------------------------------------ lists and numbers

    def listed(self, values: Sequence[str], joint: str = "and") -> str:
        """ "A", "A and B", "A, B and C"."""
        if len(values) < 2:
            return "".join(values)
        return f"{self._words['separator'].join(values[:-1])} {self._words[joint]} {values[-1]}"

    def count(self, number: int) -> str:
        """A small number as a word, a large one in digits."""
        words = self._words["count_words"]["words"]
        return words[number] if number < len(words) else f"{number:,}"

    def heading(self, item: Item) -> str:
        """The title, with its year in brackets where known."""
        year = self._fact(item, "year")
        return f"{item.title} ({year})" if year is not None else item.title

    def number(self, value: Value) -> str:
        """A number as people write it: 1999, 4.1, 19.99."""
        if isinstance(value, float):
            return f"{value:.2f}".rstrip("0").rstrip(".")
        return str(value)

    def field_name(self, field: Field) -> str:
        """What a field is called in a sentence."""
        return self.naming.name(field)

    def amount(self, field: Field, value: Value) -> str:
        """A value with what it is of: "4.1 out of 5", "90 minutes", "432 pages", "19.99 euros", 1999, "red"."""
        if isinstance(value, str):
            return value
        if field.role == "rating":
            return self.rating(float(value))
        unit = field.unit or (field.name.lower() if self.naming.counts(field) else "")
        cents = field.role == "price" and value != int(value)
        return f"{f'{value:.2f}' if cents else self.number(value)} {unit}".rstrip()

    def role_name(self, role: str) -> str:
        """What a role is called, where the catalog has no field of it."""
        return str(self._words["field_names"].get(role, role))

    # ------------------------------------------------------------ an item's facts as slots

    def slots(self, item: Item) -> dict[str, str]:
        """All facts of an item that the writer has a slot for, as surface text."""
        slots: dict[str, str] = {}
        year = self._fact(item, "year")
        if year is not None:
            slots |= {"year": str(year), "decade": f"{int(year) // 10 * 10}s"}
        genres = self._values(item, "genre")
        if len(genres) > 1:
            slots["genres"] = self.listed(genres[:SHORT_LIST])
        if genres:
            slots["genre"] = genres[0]
        creators = self._values(item, "creator")
        if creators:
            slots["creator"] = self.listed(creators[:SHORT_LIST])
        cast = self._values(item, "performer")
        if cast:
            slots["performer"] = cast[0]
        if len(cast) > 1:
            slots["performers"] = self.listed(cast[:2])
        rating = self._fact(item, "rating")
        if rating is not None:
            slots["rating"] = self.rating(float(rating))
        price = self._fact(item, "price")
        if price is not None:
            field = self.catalog.field_of("price")
            slots["price"] = self.amount(field, price) if field else self.number(price)
        return slots

    def rating(self, value: float, scale: float | None = None) -> str:
        """A mean rating with its scale, the catalog's own if left out: "4.1 out of 5", "93 out of 100"."""
        field = self.catalog.field_of("rating")
        if scale is None and field is None:
            return self.number(value)
        whole = scale is None and field is not None and field.integer
        top = self.catalog.scale(field.name) if scale is None and field else scale
        return f"{int(value) if whole else f'{value:.1f}'} out of {top:g}"

    def marks(self, count: int) -> str:
        """So many ratings, as the catalog calls them: "212 reviews", "1 rating"."""
        many = self.naming.marks(self.catalog.field_of("votes"))
        return f"{count:,} {many if count != 1 else self.naming.singular(many)}"

    def number_of(self, name: str) -> str:
        """What a field that counts is called where the number stands apart: "number of pages"."""
        return str(self._words["number_of"].format(name))

    def _fact(self, item: Item, role: Any) -> Any:
        field = self.catalog.field_of(role)
        return item.facts.get(field.name) if field else None

    def _values(self, item: Item, role: Any) -> list[str]:
        field = self.catalog.field_of(role)
        return [str(v) for v in item.values(field.name)] if field else []

    # ------------------------------------------------------------ wishes

    def wish(self, state: DialogueState, brief: bool = False, items: Sequence[Item] = ()) -> str:
        """Everything the person asked for and likes as one noun phrase; "" where nothing is known.

        `brief` leaves out titles and moods told in earlier turns, so that a reply does not recite them each time.
        With `items`, liked values count only as far as these bear them out: tastes are no promise, unlike wishes.
        """
        since = max((belief.evidence.turn for belief in state.beliefs), default=0) if brief else 0
        constraints = [wish.constraint for wish in state.wishes]
        likes = _borne_out([o for o in state.opinions(liked=True) if o.field], items)
        refused = [o for o in state.opinions(liked=False) if o.field]
        liked = [o for o in state.opinions(liked=True) if o.item_id and o.turn >= since]
        titles = [o.item_id for o in liked if o.item_id and self.named_by_user(o)]
        spoken = [r.text for r in state.requests if r.turn >= since and r.liked][-1:]
        if not (constraints or likes or refused or titles or spoken or state.orders):
            return self.wish(state, items=items) if brief else ""
        parts = [self._things(constraints, likes), *self._qualities(constraints, likes), *self._spans(constraints)]
        if spoken:
            parts.append(self._words["sounding"].format(f'"{spoken[0]}"'))
        if titles:
            named = [item.title for i in titles[-2:] if (item := self.catalog.item(i))]
            parts.append(f"{self._words['spirit']} {self.listed(named)}")
        if refused:
            parts += self._refusing(refused)
        parts += [self.order(order) for order in state.orders if not order.first]
        first = [self.order(order) for order in state.orders if order.first]
        phrase = " ".join(part for part in parts if part)
        return self._words["separator"].join([phrase, *first])

    def order(self, order: Order) -> str:
        """ "Cheapest first", "with few pages"."""
        field = self.catalog.field(order.field)
        assert field is not None
        table = self._words["orders"]
        counted = "counted" if self.naming.counts(field) else "number"
        forms = table.get(field.role or "", table[counted])
        side = ("" if order.first else "lean_") + ("high" if order.high else "low")
        return str(forms[side].format(field=self.field_name(field)))

    def _refusing(self, refused: Sequence[Opinion]) -> Iterator[str]:
        """ "Without romance or horror", "not tagged aliens": of keywords the record has only that they are missing."""
        flags = {f.name: f for f in self.catalog.of_kind("category") if self.naming.is_flag(f)}
        yield from (
            self.naming.flag(flags[o.field], not self.naming.is_yes(o.value or ""))
            for o in refused
            if o.field in flags and not o.where
        )
        refused = [o for o in refused if o.field not in flags or o.where]
        plurals = self._words["plurals"]
        keywords = {f.name for f in self.catalog.of_kind("category") if f.role == "keyword"}
        said = False
        for word, own in (("without", False), ("untagged", True)):
            values = _unique(o.words if o.where else o.value for o in refused if (o.field in keywords) == own)
            if values:
                joint = f"{self._words['and']} " if said else ""
                yield f"{joint}{self._words[word]} {self.listed([plurals.get(v, v) for v in values], 'or')}"
                said = True

    def of_constraints(self, constraints: Iterable[Constraint]) -> str:
        """The same for bare constraints, as in the answer to "how many …"."""
        wishes = tuple(Wish(c) for c in constraints if not c.refuses or not isinstance(c.values[0], str))
        refused = tuple(
            Opinion(False, field=c.field, value=str(c.value))
            for c in constraints
            if c.refuses and isinstance(c.value, str)
        )
        return self.wish(DialogueState((*wishes, *refused)))

    def named_by_user(self, opinion: Opinion) -> bool:
        """Whether the words of an opinion on an item hold part of its title, rather than point at it."""
        item = self.catalog.item(opinion.item_id) if opinion.item_id else None
        words = set(fold(opinion.words).split())
        return item is not None and bool(
            words & {w.strip(":,.!?") for w in fold(item.title).split()} - {"the", "a", "of"}
        )

    def _things(self, constraints: Sequence[Constraint], likes: Sequence[Opinion]) -> str:
        """The head of the phrase: "comedies", "romantic comedies", "crime films", "comedies or thrillers"."""
        genre = self.catalog.field_of("genre")
        name = genre.name if genre else ""
        before = " ".join(self._adjectives(constraints, likes))
        return f"{before} {self._head(constraints, likes, name)}".lstrip()

    def _head(self, constraints: Sequence[Constraint], likes: Sequence[Opinion], name: str) -> str:
        """The things by their kinds, the values of the field `name`."""
        all_of = [str(c.value) for c in constraints if c.field == name and c.op == "="]
        any_of = [str(v) for c in constraints if c.field == name and c.op == "in" for v in c.values]
        liked = _unique(o.value for o in likes if o.field == name)
        if all_of:
            return self._joined(all_of)
        if any_of or liked:
            return self.listed([self._joined([v]) for v in any_of or liked[:SHORT_LIST]], "or" if any_of else "and")
        return self.catalog.nouns[1]

    def _joined(self, values: list[str]) -> str:
        """Values that hold together: the one that is a noun for the thing comes last, the rest before it."""
        plurals, adjectives = self._words["plurals"], self._words["adjectives"]
        head = next((v for v in reversed(values) if v in plurals), None)
        named = values[-1].endswith(self._words["plural_mark"]) and values[-1] not in adjectives
        if head is None and named:  # "smartphones", "womens-shoes": a plural is a noun for the things already
            return " ".join(v.replace("-", " ") for v in values)
        before = [adjectives.get(v, v) for v in values if v != head]
        return " ".join([*before, plurals[head] if head else self.catalog.nouns[1]])

    def _qualities(self, constraints: Sequence[Constraint], likes: Sequence[Opinion]) -> Iterable[str]:
        for field in self.catalog.of_kind("category"):
            text = self._wanted(field, constraints, likes)
            if text and self.naming.is_flag(field):
                yield self.naming.flag(field, self.naming.is_yes(text))
            elif text and field.role != "genre" and not self._stands_before(field):
                yield f"{self._before_value(field)} {text}"
        for c in constraints:
            own = self.catalog.field(c.field)
            if own and own.kind == "category" and c.refuses and self.naming.is_flag(own):
                yield self.naming.flag(own, not self.naming.is_yes(c.values[0]))
            elif own and own.kind == "category" and c.refuses:
                yield f"{self._words['without']} {self.listed([str(v) for v in c.values], 'or')}"

    def _adjectives(self, constraints: Sequence[Constraint], likes: Sequence[Opinion]) -> Iterator[str]:
        """Values that stand before the things: "red", "vegan"."""
        for field in self.catalog.of_kind("category"):
            text = self._wanted(field, constraints, likes) if self._stands_before(field) else ""
            if text:
                yield text

    def _wanted(self, field: Field, constraints: Sequence[Constraint], likes: Sequence[Opinion]) -> str:
        """The values of a field that are asked for or liked: "red or blue"; "" where none is."""
        wanted = [c for c in constraints if c.field == field.name and not c.refuses]
        values = [self.listed([str(v) for v in c.values], "or") for c in wanted]
        values += _unique(o.value for o in likes if o.field == field.name)
        return self.listed(_unique(values), "and" if wanted else "or")

    def _stands_before(self, field: Field) -> bool:
        """Whether a field's values are adjectives, by its name: colours, sizes, levels."""
        return field.role is None and field.name.casefold() in self._words["before_noun"]

    def _before_value(self, field: Field) -> str:
        """The word before a value: "by" a maker, "from" a country, else "with" and what the field is called."""
        if field.role is not None:
            roles = self._words["roles"]
            return str(roles.get(field.role, roles["performer"]))
        name = field.name.casefold()
        found = next((word for word, names in self._words["prepositions"].items() if name in names), None)
        return found or f"{self._words['roles']['performer']} {self.field_name(field)}"

    def _spans(self, constraints: Sequence[Constraint]) -> Iterable[str]:
        for field in self.catalog.of_kind("number"):
            own = [c for c in constraints if c.field == field.name]
            low = next((c for c in own if c.op in (">", ">=")), None)
            high = next((c for c in own if c.op in ("<", "<=")), None)
            if low and high:
                yield self.span(field, _closed(field, low), _closed(field, high))
                own = [c for c in own if c not in (low, high)]
            yield from (self.bound(field, c) for c in own)

    def span(self, field: Field, low: Constraint, high: Constraint) -> str:
        """ "from the 1990s", "from 1994 to 1999"."""
        a, b = low.values[0], high.values[0]
        words = self._bounds(field)
        if field.role == "year" and isinstance(a, int) and isinstance(b, int) and a % 10 == 0 and b == a + 9:
            return words["="].format(self._words["decade"].format(a), field=self.field_name(field))
        return words["between"].format(self.number(a), self._ending(field, b), field=self.field_name(field))

    def bound(self, field: Field, constraint: Constraint) -> str:
        """ "from before 1990", "rated at least 4"."""
        values = list(constraint.values)
        if constraint.op == "not in" and len(values) > 2 and "not between" in self._bounds(field):
            return self._bounds(field)["not between"].format(self.number(values[0]), self.number(values[-1]))
        text = self.listed([*map(self.number, values[:-1]), self._ending(field, values[-1])], "or")
        return self._bounds(field)[constraint.op].format(text, field=self.field_name(field))

    def band(self, field: Field, low: float | None, high: float | None) -> str:
        """ "under 20", "between 20 and 40", "over 300 pages", "weight under 300": a range as an answer, said alone."""
        bands = self._words["bands"]
        forms = bands["price" if field.role == "price" else "unit" if field.unit else "number"]
        form = forms["<" if low is None else ">" if high is None else "between"]
        numbers = {name: self.number(v) for name, v in (("low", low), ("high", high)) if v is not None}
        return str(form.format(**numbers, unit=field.unit, field=self.field_name(field)))

    def _ending(self, field: Field, value: Value) -> str:
        """A number with the unit of its field behind it, unless its name says it: "500 g"."""
        return f"{self.number(value)} {'' if self.naming.counts(field) else field.unit}".rstrip()

    def _bounds(self, field: Field) -> Mapping[str, str]:
        table = self._words["bounds"]
        if field.role in table:
            return table[field.role]
        return table["counted" if self.naming.counts(field) else "number"]

    # ------------------------------------------------------------ wishes named to be dropped

    def to_forget(self, constraints: Sequence[Constraint]) -> str:
        """What to say to drop those wishes: "forget comedy", "forget the year"."""
        return str(self._words["forget"].format(self.dropped(constraints)))

    def to_change(self, span: str) -> str:
        """What to say to have other bounds on a number: "make that from 1985 or later"."""
        return str(self._words["change"].format(span))

    def dropped(self, constraints: Sequence[Constraint]) -> str:
        """Wishes as what would be dropped: "the year", "comedy and Jim Carrey", "the ban on romance"."""
        return self.listed(_unique(self._wished(constraint) for constraint in constraints))

    def _wished(self, constraint: Constraint) -> str:
        field = self.catalog.field(constraint.field)
        if field is not None and (field.kind == "number" or self.naming.is_flag(field)):
            name = self.field_name(field)
            return name if self.naming.is_quality(field) else f"{self._words['the']} {name}"
        values = self.listed([str(v) for v in constraint.values], "or")
        if constraint.where:
            values = f"{values} {self.spans(constraint.where)}".rstrip()
        return str(self._words["ban"].format(values)) if constraint.refuses else values

    def relaxed(self, constraints: Sequence[Constraint], count: int) -> str:
        """The same with what dropping it would bring: "comedy (12 films)"."""
        return f"{self.dropped(constraints)} ({count:,} {self.catalog.nouns[count != 1]})"

    def items(self, count: int, span: str) -> str:
        """So many of the catalog's things, of some kind: "one film from 1985 or later"."""
        return f"{self.count(count)} {self.catalog.nouns[count != 1]} {span}"

    def spans(self, constraints: Sequence[Constraint]) -> str:
        """Bounds on numbers: "from 1985 or later", "between 20 and 30"."""
        return " ".join(self._spans(constraints))

    def decade(self, year: int) -> str:
        """ "the 1990s"."""
        return str(self._words["decade"].format(year // 10 * 10))


def _borne_out(likes: Sequence[Opinion], items: Sequence[Item]) -> list[Opinion]:
    """Of each field of which every item has a liked value: the liked values that are among the items'."""
    if not items:
        return list(likes)
    kept: list[Opinion] = []
    for field in dict.fromkeys(o.field for o in likes if o.field):
        own = [o for o in likes if o.field == field]
        have = [{fold(str(v)) for v in item.values(field)} for item in items]
        if all(any(fold(o.value or "") in values for o in own) for values in have):
            kept += [o for o in own if any(fold(o.value or "") in values for values in have)]
    return kept


def _closed(field: Field, bound: Constraint) -> Constraint:
    """A bound on whole numbers with the number itself inside: after 1995 is from 1996 on."""
    value = bound.values[0]
    if not field.integer or not isinstance(value, (int, float)) or bound.op in (">=", "<="):
        return bound
    return Constraint(bound.field, ">=" if bound.op == ">" else "<=", int(value) + (1 if bound.op == ">" else -1))


def _unique(values: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(str(v) for v in values))
