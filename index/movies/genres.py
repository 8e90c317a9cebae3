"""The one genre vocabulary of the film catalog, and what the sources' words become in it."""

from collections.abc import Iterable

GENRES = (
    "action adventure animation biography comedy crime documentary drama family fantasy film-noir history horror "
    "music musical mystery romance sci-fi short sport thriller war western"
).split()

_GENRE_OF = {
    **{genre: genre for genre in GENRES},
    "children": "family",
    "animated": "animation",
    "science fiction": "sci-fi",
    "noir": "film-noir",
    "historical": "history",
    "sports": "sport",
    "suspense": "thriller",
    "superhero": "action",
    "martial arts": "action",
    "slasher": "horror",
}
_KEYWORDS = {
    "superhero", "slasher", "spy", "silent", "teen", "satire", "political", "martial arts", "disaster", "legal",
    "found footage", "supernatural", "erotic", "dance", "independent",
}  # fmt: skip


def genres_of(words: Iterable[str]) -> list[str]:
    """The sources' genre words in our vocabulary, in its order; words that are no genres fall away."""
    found = {_GENRE_OF.get(word.strip().lower()) for word in words}
    return [genre for genre in GENRES if genre in found]


def keywords_of(words: Iterable[str]) -> list[str]:
    """The genre words that are kept as keywords: kinds of films that are finer than a genre."""
    return [word for w in words if (word := w.strip().lower()) in _KEYWORDS]
