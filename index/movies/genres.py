"""The one genre vocabulary of the film catalog, and what the sources' words become in it."""

from collections.abc import Iterable

GENRES = (
    "action", "adventure", "animation", "biography", "comedy", "crime", "documentary", "drama", "family", "fantasy",
    "film-noir", "history", "horror", "music", "musical", "mystery", "romance", "sci-fi", "short", "sport", "thriller",
    "war", "western",
)  # fmt: skip

_GENRES_OF: dict[str, tuple[str, ...]] = {
    **{genre: (genre,) for genre in GENRES},
    "children": ("family",),
    "childrens": ("family",),
    "animated": ("animation",),
    "science fiction": ("sci-fi",),
    "noir": ("film-noir",),
    "film noir": ("film-noir",),
    "historical": ("history",),
    "biographical": ("biography",),
    "sports": ("sport",),
    "suspense": ("thriller",),
    "superhero": ("action",),
    "martial arts": ("action",),
    "slasher": ("horror",),
    "zombie": ("horror",),
    "romantic": ("romance",),
    "romantic comedy": ("romance", "comedy"),
    "black comedy": ("comedy",),
    "dark comedy": ("comedy",),
    "comedic": ("comedy",),
    "swashbuckler": ("adventure",),
    "biopic": ("biography",),
    "mockumentary": ("comedy",),
    "parody": ("comedy",),
    "space opera": ("sci-fi",),
    "computer animated": ("animation",),
    "stop motion": ("animation",),
}
_PLAIN_KEYWORDS = """
superhero slasher spy silent teen satire political disaster supernatural erotic dance independent heist road zombie
vampire werewolf monster mockumentary parody dystopian epic survival gangster prison anthology psychological christmas
swashbuckler cyberpunk caper conspiracy boxing baseball basketball christian buddy ghost giallo exploitation steampunk
kaiju screwball concert surfing racing lgbt blaxploitation experimental
"""
_KEYWORD_OF = {
    **{word: word for word in _PLAIN_KEYWORDS.split()},
    "martial arts": "martial arts",
    "wuxia": "martial arts",
    "kung fu": "martial arts",
    "found footage": "found footage",
    "live action": "live action",
    "coming of age": "coming of age",
    "black comedy": "black comedy",
    "dark comedy": "black comedy",
    "dark humor": "black comedy",
    "stop motion": "stop motion",
    "computer animated": "computer animation",
    "neo noir": "neo-noir",
    "neo western": "neo-western",
    "space opera": "space opera",
    "time travel": "time travel",
    "body horror": "body horror",
    "home invasion": "home invasion",
    "haunted house": "haunted house",
    "post apocalyptic": "post-apocalyptic",
    "apocalyptic": "post-apocalyptic",
    "science fantasy": "science fantasy",
    "dark fantasy": "dark fantasy",
    "high school": "high school",
    "period": "period drama",
    "period drama": "period drama",
    "satirical": "satire",
    "spoof": "parody",
    "anti war": "anti-war",
    "legal": "courtroom",
    "court": "courtroom",
    "courtroom": "courtroom",
    "espionage": "spy",
    "religious": "religion",
    "sword and sorcery": "sword and sorcery",
    "true crime": "true crime",
    "screwball comedy": "screwball",
    "romantic comedy": "romantic comedy",
    "dystopia": "dystopian",
    "zombies": "zombie",
    "vampires": "vampire",
    "ghosts": "ghost",
    "lgbtq": "lgbt",
    "gay": "lgbt",
    "lesbian": "lgbt",
    "holiday": "christmas",
    "demons": "demon",
    "gangsters": "gangster",
    "hit men": "hitman",
    "assassin": "hitman",
    "robot": "robots",
    "vietnam": "vietnam war",
    "alien": "aliens",
    "shark": "sharks",
    "pirate": "pirates",
    "dragon": "dragons",
    "dinosaur": "dinosaurs",
    "witches": "witch",
    "werewolves": "werewolf",
}


def genres_of(words: Iterable[str]) -> list[str]:
    """The sources' genre words in our vocabulary, in its order; words that are no genres fall away."""
    found = {genre for word in words for genre in _GENRES_OF.get(word.strip().lower(), ())}
    return [genre for genre in GENRES if genre in found]


def keywords_of(words: Iterable[str]) -> list[str]:
    """The kinds of films that are finer than a genre, each in one spelling."""
    found = (_KEYWORD_OF.get(word.strip().lower()) for word in words)
    return list(dict.fromkeys(word for word in found if word))


def one_spelling(keyword: str) -> str:
    """The keyword as the catalog spells it: `zombies` and `zombie` are one."""
    return _KEYWORD_OF.get(keyword, keyword)


LONGEST_KIND = 3
"""Words in the longest name of a kind: `coming of age`."""
