"""Words for a range without a number: "recent", "classic", "highly rated"."""

from collections.abc import Iterable
from typing import cast

import numpy as np

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.ranges import Range, tidy
from chatbot.understanding.schema import Schema
from chatbot.understanding.text import Message
from index.catalog import Catalog, FieldRole
from index.constraints import Constraint, Op

RATINGS_OUT_OF = 5
"""The scale of the ratings that vague words stand for."""


class VagueReader:
    """Finds them. Stateless, so that threads may share it."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon, schema: Schema, this_year: int) -> None:
        self._catalog = catalog
        self._lexicon = lexicon
        self._schema = schema
        self._this_year = this_year

    def read(self, message: Message) -> Iterable[Range]:
        """The ranges in order; they may overlap others."""
        said = [o for o in self._lexicon.opinions.longest(message) if o.tag in ("like", "dislike")]
        relative = [*self._schema.orders.longest(message), *self._schema.critiques.longest(message)]
        for span in self._lexicon.vague.longest(message):
            if any(r.start <= span.start < r.end and r.end - r.start > span.end - span.start for r in relative):
                continue  # "the most popular", "more recent"
            if any(
                o.start <= span.start and span.end <= o.end and o.end - o.start > span.end - span.start for o in said
            ):
                continue  # "never gets old"
            role, op, value = self._lexicon.vague_rules[span.tag]
            before = message.tokens[span.start - 1].key if span.start else ""
            after = message.tokens[span.end].key if span.end < len(message.tokens) else ""
            if before in self._lexicon.words["before_no_range"] or after in self._lexicon.words["after_no_vague"]:
                continue  # "more recent" is relative, "7 years old" an age
            field = self._catalog.field_of(cast(FieldRole, role))
            if field is not None:
                bound = self._this_year + value if role == "year" and value < 0 else value
                bound = self._quantile(field.name, value) if role == "popularity" else bound
                bound = value / RATINGS_OUT_OF * self._catalog.scale(field.name) if role == "rating" else bound
                yield Range(span.start, span.end, (Constraint(field.name, cast(Op, op), tidy(bound)),), vague=True)

    def _quantile(self, field: str, share: float) -> float:
        """The value that this share of the items lies below."""
        return round(float(np.nanquantile(self._catalog.numbers(field), share)), 4)
