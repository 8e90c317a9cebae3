"""The names of a catalog: titles with their short forms, people, genres, keywords; exact and misspelt look-up."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.schema import Schema
from chatbot.understanding.series import SeriesIndex
from chatbot.understanding.spelling import Spelling
from chatbot.understanding.text import keys_of
from index.catalog import PEOPLE, Catalog, fold

NameKind = Literal["item", "closed", "person", "keyword"]
MIN_KEYWORD_ITEMS = 3
MIN_SERIES = 3
MIN_PART = 4
MIN_OPENING = 2
RECENT = 8
RARE_SHARE = 0.95
"""The share of the items that are less known than one that a single word of its title may stand for."""
MAX_NAMES = 64
"""People of whom a first or last name alone may stand."""
_KINDS: tuple[NameKind, ...] = ("closed", "person", "keyword", "item")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}


@dataclass(frozen=True, slots=True)
class Name:
    """What a phrase may stand for: an item of the catalog, or one value (or several at once) of its fields."""

    kind: NameKind
    text: str  # as the catalog writes it
    weight: float  # how much of the catalog's popularity it stands for
    item: int = -1  # position, for an item
    fields: tuple[str, ...] = ()  # for a value: the fields that have it, the likeliest first
    values: tuple[str, ...] = ()  # for a compound: several values of fields[0]
    count: int = 1  # items that have the value
    any_of: bool = False  # of `values` one is enough: "shoes" where the catalog has womens-shoes and mens-shoes
    votes: float = 0.0  # how many ratings an item has
    partial: bool = False  # a short form: a surname, the part of a title before its colon


class NameIndex:
    """Phrases (tuples of token keys) → names. Built once for a catalog; immutable afterwards."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema, prior: np.ndarray) -> None:
        self.catalog = catalog
        self._lexicon = lexicon
        self._schema = schema
        self._prior = prior
        self._names: dict[tuple[str, ...], Name | list[Name]] = {}  # most phrases stand for one name only
        self._closed_keys: set[tuple[str, ...]] = set()
        self._light = lexicon.words["stop"] | lexicon.words["articles"]
        titles = [keys_of(item.title) for item in catalog.items]
        self.series = SeriesIndex(catalog, titles, lexicon, prior)
        self._add_titles(titles)
        self._add_series(titles)
        self._add_values()
        self._add_yes_or_no()
        self._add_rare_words(titles)
        self._add_words()
        self._add_parts()
        self._shorten()
        self.longest = max((len(keys) for keys in self._names), default=1)

    def __getitem__(self, keys: tuple[str, ...]) -> Sequence[Name]:
        names = self._names.get(keys, ())
        return (names,) if isinstance(names, Name) else names

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self._names)

    def knows(self, key: str) -> bool:
        """Whether the token stands in any name."""
        return key in self._spelling.tokens

    @cached_property
    def closed_tokens(self) -> frozenset[str]:
        """The tokens of the values of closed vocabularies."""
        return frozenset(key for keys in self._closed_keys for key in keys)

    def family(self, surname: str) -> Name | None:
        """Those people of a surname who worked on most things together, as alternatives: "the Coen brothers"."""
        bearers = [n for n in self[(surname,)] if n.kind == "person" and n.partial][:MAX_NAMES]
        pairs = [(len(self._works(a) & self._works(b)), a, b) for a, b in itertools.combinations(bearers, 2)]
        together, first, second = max(pairs, key=lambda pair: pair[0], default=(0, None, None))
        if not together or first is None or second is None or first.fields[0] not in second.fields:
            return None
        others = [n for n in bearers if self._works(n) & self._works(first) & self._works(second)]
        values = tuple(dict.fromkeys(n.text for n in others))
        return Name(
            "person", surname, first.weight, fields=first.fields[:1], values=values, count=together, any_of=True
        )

    def _works(self, name: Name) -> set[int]:
        """Positions of the items that a person has a part in."""
        folded = fold(name.text)
        return {int(at) for field in name.fields for at in self.catalog.postings(field).get(folded, ())}

    def respellings(self, key: str) -> list[str]:
        """Tokens of names that a misspelt token may mean, nearest first."""
        return self._spelling.tokens_near(key)

    def near(self, keys: tuple[str, ...]) -> tuple[str, ...] | None:
        """The known phrase of several tokens most like these, where at least one token is the same."""
        return self._spelling.phrase_near(keys)

    # ------------------------------------------------------------ building

    def _add(self, keys: tuple[str, ...], name: Name) -> None:
        """One more name of a phrase, unless it was added just before."""
        known = self._names.get(keys)
        if known is None:
            if keys:
                self._names[keys] = name
        elif isinstance(known, Name):
            if not _same(known, name):
                self._names[keys] = [known, name]
        elif not any(_same(other, name) for other in known[-RECENT:]):
            known.append(name)
        if name.kind == "closed":
            self._closed_keys.add(keys)

    def _put(self, text: str, name: Name) -> None:
        """A closed value in the place of whatever a phrase stood for."""
        self._names[keys_of(text)] = name
        self._closed_keys.add(keys_of(text))

    def _shorten(self) -> None:
        """Of many people with one first or last name the best known are enough."""
        for keys, names in self._names.items():
            if isinstance(names, list) and len(names) > MAX_NAMES:
                short = [n for n in names if n.kind == "person" and n.partial]
                kept = sorted(short, key=lambda n: -n.weight)[:MAX_NAMES]
                self._names[keys] = [*(n for n in names if not (n.kind == "person" and n.partial)), *kept]

    def _add_titles(self, titles: Sequence[tuple[str, ...]]) -> None:
        alias, rated = self.catalog.field_of("alias"), self.catalog.field_of("votes")
        for position, item in enumerate(self.catalog.items):
            weight = float(self._prior[position]) + 1e-3
            for other in item.values(alias.name) if alias else ():
                self._add(keys_of(str(other)), Name("item", item.title, weight * 0.9, position))
            full = titles[position]
            votes = float(item.facts.get(rated.name) or 0) if rated else 0.0  # type: ignore[arg-type]
            for keys, partial in self._title_forms(item.title, full):
                whole = weight if keys == full or partial else weight * 0.75  # "Heat" is Heat before it is The Heat
                self._add(keys, Name("item", item.title, whole, position, votes=votes, partial=partial))

    def _title_forms(self, title: str, full: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], bool]]:
        articles = self._lexicon.words["articles"]
        forms = [(full, False), (full[1:] if full[:1] and full[0] in articles else full, False)]
        main = title.split(" (")[0].split(":")[0].split(" - ")[0]
        head = title.split(",")[0]
        if main == title != head and len([k for k in keys_of(head) if k not in articles]) > 1:
            main = head
        if main != title:
            short = keys_of(main)
            forms += [(short, True), (short[1:] if short[0:1] and short[0] in articles else short, True)]
        opening = self._opening(full if main == title else short)
        if opening:
            forms.append((opening, True))
        if any(len(a) == len(b) == 1 for a, b in itertools.pairwise(full)):  # "E.T."
            forms.append((self._initials(full), False))
        if "-" in title or "·" in title:
            forms.append((keys_of(title.replace("-", "").replace("·", "")), False))
        parts = self._lexicon.words["parts"]
        for keys, partial in list(forms):
            plain = tuple(_ROMAN.get(k, k) if i else k for i, k in enumerate(keys) if k not in parts)
            forms.append((plain, partial))
        seen: set[tuple[str, ...]] = set()
        for keys, partial in forms:
            if keys and keys not in seen:
                seen.add(keys)
                yield keys, partial

    def _initials(self, full: tuple[str, ...]) -> tuple[str, ...]:
        """A title with the letters that it begins with as one word."""
        end = next((at for at, key in enumerate(full) if len(key) > 1), len(full))
        return ("".join(full[:end]), *full[end:]) if end > 1 else full

    def _add_rare_words(self, titles: Sequence[tuple[str, ...]]) -> None:
        """A word that no other title has, nor the language, stands for a well-known title: "Shawshank", "ET"."""
        from chatbot.understanding.words import common_words

        least = float(np.quantile(self._prior, RARE_SHARE)) if len(titles) else 0.0
        if float(np.max(self._prior, initial=0.0)) <= least:
            return
        counts = Counter(key for keys in titles for key in set(keys))
        ordinary = common_words(self._lexicon.language) | self._light
        for position in map(int, np.flatnonzero(self._prior > least)):
            initials = self._initials(titles[position])[:1]
            weight, title = float(self._prior[position]), self.catalog.items[position].title
            if initials != titles[position][:1] and initials not in self._names:
                self._add(initials, Name("item", title, weight, position, partial=True))
            for key in titles[position] if len(titles[position]) > 1 else ():
                alone = counts[key] == 1 and len(key) >= MIN_PART and key.isalpha() and key not in ordinary
                if alone and (key,) not in self._names:
                    self._add((key,), Name("item", title, weight, position, partial=True))

    def _add_values(self) -> None:
        for folded, (text, mass, kind) in self._values().items():
            fields = tuple(sorted(mass, key=lambda f: -mass[f] * self._likely(f)))
            count = max(len(self.catalog.postings(field)[folded]) for field in fields)
            name = Name(kind, text, sum(mass.values()), fields=fields, count=count)
            keys = keys_of(folded)
            self._add(keys, name)
            if kind in ("closed", "keyword"):
                for form in self._numbers(keys):
                    self._add(form, name)
            elif kind == "person" and len(keys) > 1:
                for last in self._surnames(keys):
                    self._add(last, Name("person", text, name.weight, fields=fields, count=count, partial=True))
                plain = tuple(key for key in keys if len(key) > 1)  # "Ursula Le Guin" is Ursula K. Le Guin
                if 1 < len(plain) < len(keys):
                    self._add(plain, name)
                first = Name("person", text, name.weight * 0.3, fields=fields, count=count, partial=True)
                self._add(keys[:1], first)

    def _surnames(self, keys: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """The last word of a name, the last two ("Garcia Marquez"), and with the particles before it: "De Niro"."""
        yield keys[-1:]
        if len(keys) > 2 and len(keys[-2]) > 1 and keys[-2] not in self._lexicon.words["particles"]:
            yield keys[-2:]
        at = len(keys) - 1
        while at > 1 and keys[at - 1] in self._lexicon.words["particles"]:
            at -= 1
        if at < len(keys) - 1:
            yield keys[at:]

    def _numbers(self, keys: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """The plurals of a phrase, and what may be its singular."""
        for plural in self._lexicon.plurals(keys[-1]):
            yield (*keys[:-1], plural)
        if len(keys) > 1 and keys[-1] in _ROMAN:
            yield (*keys[:-1], _ROMAN[keys[-1]])  # "world war 2"
        if self._lexicon.is_plural(keys[-1]) and len(keys[-1]) > 3:
            for singular in self._lexicon.singulars(keys[-1]):
                yield (*keys[:-1], singular)

    def _likely(self, field: str) -> float:
        """How much likelier than its share a name is meant in this field: a maker before a player before a writer."""
        described = self.catalog.field(field)
        return {"creator": 2.0, "performer": 1.5}.get(described.role or "", 1.0) if described else 1.0

    def _add_series(self, titles: Sequence[tuple[str, ...]]) -> None:
        """The words that three titles or more begin with stand for them all: "Harry Potter"."""
        from chatbot.understanding.words import common_words

        common = common_words(self._lexicon.language)
        series: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for position, keys in enumerate(titles):
            for length in range(2, min(5, len(keys))):
                head, following = keys[:length], keys[length]
                breaks = following in self._lexicon.words["stop"] or following.isdigit()
                if breaks and any(k not in common and not k.isdigit() for k in head):
                    series[head].append(position)
        for keys, positions in series.items():
            if len(positions) >= MIN_SERIES:
                known = {name.item for name in self[keys]}
                for position in [p for p in positions if p not in known]:
                    weight = float(self._prior[position]) + 1e-3
                    self._add(keys, Name("item", self.catalog.items[position].title, weight, position, partial=True))

    def _opening(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """What a long title begins with, up to a small word: "Eternal Sunshine" of the Spotless Mind."""
        start = 1 if keys[:1] and keys[0] in self._lexicon.words["articles"] else 0
        end = next((at for at in range(start, len(keys)) if keys[at] in self._light), len(keys))
        return keys[start:end] if MIN_OPENING <= end - start < len(keys) - start - 1 else ()

    def _values(self) -> dict[str, tuple[str, dict[str, float], NameKind]]:
        found: dict[str, tuple[str, dict[str, float], NameKind]] = {}
        for field in self.catalog.of_kind("category"):
            if self._schema.values_of(field.name):
                continue  # "yes" names nothing
            kind: NameKind = "person" if field.role in PEOPLE else "keyword"
            kind = (
                "closed"
                if kind == "keyword" and field.role != "keyword" and self.catalog.is_closed(field.name)
                else kind
            )
            spelling = self.catalog.spellings(field.name)
            for folded, where in self.catalog.postings(field.name).items():
                if kind == "keyword" and len(where) < min(MIN_KEYWORD_ITEMS, 1 + len(self.catalog) // 1000):
                    continue
                mass = float(self._prior[where].sum()) + 1e-3 * len(where)
                text, masses, known = found.get(folded, (spelling[folded], {}, kind))
                if _KINDS.index(kind) < _KINDS.index(known):  # a brand that is a tag as well is a brand
                    text, known = spelling[folded], kind
                found[folded] = (text, {**masses, field.name: mass}, known)
        return found

    def _add_yes_or_no(self) -> None:
        """The name of a field of yes and no stands for its yes: "waterproof", "with a certificate"."""
        for field in self.catalog.of_kind("category"):
            yes, _ = self._schema.values_of(field.name) or ("", "")
            for text in self._schema.names_of(field.name) if yes else ():
                count = len(self.catalog.postings(field.name)[fold(yes)])
                self._add(keys_of(text), Name("closed", yes, 1.0, fields=(field.name,), count=count))

    def _add_parts(self) -> None:
        """The last word of values such as "mens-shoes" stands for all of them, where it is no value itself."""
        parts: dict[tuple[str, ...], list[Name]] = defaultdict(list)
        for keys in sorted(self._closed_keys):
            for name in self[keys]:
                if name.kind == "closed" and not name.values and len(keys) > 1 and keys == keys_of(name.text):
                    parts[keys[-1:]].append(name)
        for part, names in parts.items():
            thing = part[0] in self._lexicon.words["things"]  # "a game" is no card game yet
            if len(part[0]) >= MIN_PART and not thing and not any(n.kind == "closed" for n in self[part]):
                values = tuple(n.text for n in names)
                whole = Name("closed", part[0], 1.0, fields=names[0].fields, values=values, any_of=True)
                for form in (part, *self._numbers(part)):
                    self._add(form, whole)

    def _closed(self, text: str) -> list[Name]:
        return [name for name in self[keys_of(text)] if name.kind == "closed" and not name.values]

    def _add_keyword(self, value: str, texts: Sequence[str]) -> None:
        """Other words for a keyword: "ww2"."""
        for name in [n for n in self[keys_of(value)] if n.kind == "keyword"]:
            for text in texts:
                self._add(keys_of(text), name)

    def _add_words(self) -> None:
        """Everyday words for closed values, where the catalog has the value."""
        for value, texts in self._lexicon.synonyms.items():
            own = {text for text in texts if self._closed(text)}  # "science fiction" where the catalog has no "sci-fi"
            names: list[Name] = self._closed(value) or next((self._closed(t) for t in texts if t in own), [])
            if not names:
                self._add_keyword(value, texts)
            for name in names:
                for text in texts:
                    if text not in own:
                        self._put(text, name)
        for value, texts in self._lexicon.fallbacks.items():
            for name in [n for n in self[keys_of(value)] if n.kind == "closed"]:
                for text in texts:
                    if not any(n.kind == "keyword" for n in self[keys_of(text)]):
                        self._put(text, name)
        for text, values in self._lexicon.compounds.items():
            found = [next((n for n in self[keys_of(v)] if n.kind == "closed"), None) for v in values]
            if all(found):
                fields = found[0].fields if found[0] else ()
                parts = tuple(n.text for n in found if n)
                self._put(text, Name("closed", text, 1.0, fields=fields, values=parts))


def _same(one: Name, other: Name) -> bool:
    return one.item == other.item and one.kind == other.kind and one.text == other.text
