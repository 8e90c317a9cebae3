"""Film titles: out of the sources' spellings into reading order, and into keys that tell the same film."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from index.catalog import fold

ARTICLES = "the|a|an|la|le|les|il|lo|i|gli|el|los|las|un|une|una|das|der|die|ein|eine|den|det|de|o|os|as"
_YEAR = re.compile(r"\s*\((\d{4})(?:\s*[-–]\s*(?:\d{4})?)?\)\s*$")
_BRACKET = re.compile(r"(?<=\S)\s+\(([^()]*)\)$")
_TRAILING_ARTICLE = re.compile(rf"^(.+), ({ARTICLES}|l')$", re.IGNORECASE)
_LEADING_ARTICLE = re.compile(r"^(?:the|a|an) (?=.)")
_ALSO = re.compile(r"^(?:a\.?k\.?a\.?|aka)\s+", re.IGNORECASE)
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}


@dataclass(frozen=True, slots=True)
class Title:
    """A title in reading order, its year where it names one, and the other titles that stood in brackets."""

    text: str
    year: int | None = None
    others: tuple[str, ...] = ()


def reading_order(title: str) -> str:
    """`Matrix, The` → `The Matrix`; other titles are left as they are."""
    found = _TRAILING_ARTICLE.match(title.strip())
    if not found:
        return " ".join(title.split())
    rest, article = found.groups()
    joint = "" if article.endswith("'") else " "
    return " ".join(f"{article[0].upper()}{article[1:]}{joint}{rest}".split())


def parse_title(raw: str, brackets: bool = False) -> Title:
    """A source's title. With `brackets`, brackets at the end hold other titles, as MovieLens writes them."""
    text = unquote(raw).strip()
    year = None
    if found := _YEAR.search(text):
        text, year = text[: found.start()].strip(), int(found[1])
    others: list[str] = []
    while brackets and (found := _BRACKET.search(text)) and not text[: found.start()].lower().endswith(" or"):
        text = text[: found.start()].strip()
        others.insert(0, reading_order(_ALSO.sub("", found[1].strip())))
    title = reading_order(text.strip('" ') or text)
    return Title(title, year, tuple(dict.fromkeys(o for o in others if o and o != title)))


@lru_cache(maxsize=1 << 18)
def plain_title(title: str) -> str:
    """The title's words alone: no case, accents, punctuation or leading article, one way of writing numbers."""
    folded = fold(title).replace("&", " and ").replace("'", "").replace("’", "")
    words = re.sub(r"[\W_]+", " ", folded).split()
    words = words[:1] + [_ROMAN.get(word, word) for word in words[1:]]
    return _LEADING_ARTICLE.sub("", " ".join(words)) or folded


@lru_cache(maxsize=1 << 18)
def title_key(title: str) -> str:
    """What two spellings of one title share: `plain_title` without its spaces."""
    return plain_title(title).replace(" ", "")
