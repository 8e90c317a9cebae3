"""What columns are usually called, and what that says of them."""

import re

from index.catalog import FieldRole

_ROLES: tuple[tuple[FieldRole, str], ...] = (
    ("votes", r"votes?|votecount|numvotes|ratings?count|numratings?|numberofratings|ratings|reviews?"
              r"|reviews?count|numreviews"),
    ("rating", r"rating|averagerating|avgrating|meanrating|score|stars?|points|voteaverage|imdbrating|userrating"),
    ("year", r"year|releaseyear|(original)?publicationyear|yearpublished|published|released?|vintage"
             r"|(release|publication|published|publish)(date|on)|date|premiered"),
    ("price", r"price|cost|fee|rent|listprice|saleprice|unitprice|msrp|pricepernight"),
    ("popularity", r"popularity|mentions|sales|views|downloads|plays|listeners|students|enrol?lments?"
                    r"|subscribers|salesrank"),
    ("duration", r"duration|runtime|runtimeminutes|length|minutes|play(ing)?time|"
                 r"(cook(ing)?|prep|total|reading)?time"),
    ("genre", r"genres?|category|categories|type|types|department|subjects?|style|styles|section"),
    ("creator", r"directors?|directedby|authors?|writtenby|brand|brands|artists?|manufacturer|maker|creators?"
                r"|designers?|publisher|developers?|band|winery|producer|chef|teachers?|instructors?|lecturers?"
                r"|professors?|tutors?"),
    ("performer", r"cast|castmembers|stars?|starring|actors?|actresses|performers?|players|singers?"),
    ("person", r"writers?|screenwriters?|translators?|illustrators?|composers?|producers?|editors?|narrators?"),
    ("keyword", r"tags?|keywords?|labels?|topics?|themes?|moods?|features"),
)  # fmt: skip
_UNITS = {
    "min": "minutes", "mins": "minutes", "minutes": "minutes", "hours": "hours", "hrs": "hours", "h": "hours",
    "days": "days", "weeks": "weeks", "months": "months", "seconds": "seconds", "secs": "seconds",
    "pages": "pages", "words": "words", "g": "g", "grams": "g", "kg": "kg", "lbs": "lbs", "oz": "oz",
    "mm": "mm", "cm": "cm", "m": "m", "km": "km", "inches": "inches", "ml": "ml", "l": "l", "w": "W", "mah": "mAh",
    "gb": "GB", "tb": "TB", "hz": "Hz", "kcal": "kcal", "calories": "calories",
    "eur": "euros", "euro": "euros", "euros": "euros", "usd": "dollars", "dollars": "dollars", "gbp": "pounds",
}  # fmt: skip
"""Last words of column names that are units, and how people write them after a number."""
NUMERIC: frozenset[FieldRole] = frozenset({"votes", "rating", "year", "price", "popularity", "duration"})
LISTED: frozenset[FieldRole] = frozenset({"genre", "creator", "performer", "person", "keyword"})
_PROSE = re.compile(
    r"(?:.*(?:description|summary|plot|overview|synopsis|extract|abstract|storyline|blurb|review|reviewtext))|text|about"
)
_IDENTIFIER = re.compile(
    r".*(?:id|ids|isbn\d*|sku|asin|upc|ean|barcode|uuid|url|urls|link|href|image|images|thumbnail|slug)"
)
_TITLES = ("title", "name")


def plain(column: str) -> str:
    """A column's name as names are compared: `Release_Date` and `releaseDate` are one."""
    return re.sub(r"[^a-z0-9]", "", column.lower())


def role_of(column: str, numeric: bool) -> FieldRole | None:
    """The role that a column of that name has, given whether its values are numbers (years and dates count)."""
    names = [plain(column)]
    if numeric and unit_of(column):  # "price_eur" is a price, "cook_time_min" a time
        names.append(plain(" ".join(_words(column)[:-1])))
    for role, pattern in _ROLES:
        if (role in NUMERIC) == numeric and any(re.fullmatch(pattern, name) for name in names):
            return role
    return None


def unit_of(column: str) -> str:
    """The unit that the last word of a number column's name says, "" where it says none."""
    words = _words(column)
    # A single letter is a unit only behind another word: "weight_g", but not a column called "g".
    return _UNITS.get(words[-1], "") if words and (len(words) > 1 or len(words[0]) > 2) else ""


def _words(column: str) -> list[str]:
    """The words of a column's name: `cookTime_min` is cook, time, min."""
    return re.findall(r"[a-z0-9]+", re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", column).lower())


def is_prose(column: str) -> bool:
    """Whether the name is one of a text to read: descriptions, plots, reviews."""
    return _PROSE.fullmatch(plain(column)) is not None


def is_identifier(column: str) -> bool:
    """Whether the name is one of an identifier, an address or a picture."""
    words = _words(column)
    return bool(words) and _IDENTIFIER.fullmatch(words[-1]) is not None and words[-1] not in ("paid", "aid", "grid")


LOOSE_ID = 3
"""The rank of a name that is one of an id only where every record has another value in it."""


def id_rank(column: str) -> int | None:
    """How much the name is that of the records' own id, 0 most; None where it is not."""
    name = plain(column)
    if name == "id":
        return 0
    if name in ("itemid", "uid", "uuid", "sku", "asin", "isbn", "key", "code"):
        return 1
    if is_identifier(column) and name.endswith("id"):
        return 2
    return LOOSE_ID if name in ("nr", "no", "number", "index", "row", "rowid", "ref", "reference") else None


def title_rank(column: str) -> int | None:
    """How much the name is that of the title, 0 most; None where it is not."""
    name = plain(column)
    if name in _TITLES:
        return _TITLES.index(name)
    if name in ("label", "headline"):
        return 4
    if not name.endswith(_TITLES) or re.match(
        r"user|author|brand|file|original|first|last|tag|host|short|seller", name
    ):
        return None
    return 2 if name.endswith("title") else 3
