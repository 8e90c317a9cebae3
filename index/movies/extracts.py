"""Facts out of encyclopaedia extracts: what kind of film, who directed, wrote and starred. No sentence is kept."""

import re

from index.movies.genres import LONGEST_KIND
from index.movies.titles import title_key

_WORD = r"(?:[A-Z]\.(?:\s?[A-Z]\.)*|(?:Jr|Sr|St)\.|[A-ZÀ-ÖØ-Þ][\w'’\-]*)"
_PARTICLE = r"(?:de|del|della|di|da|dos|du|la|le|van|von|der|den|ten|ter|bin|al|el|y)"
_NAME = rf"{_WORD}(?:\s(?:{_PARTICLE}\s){{0,2}}{_WORD}){{0,4}}(?:,\s(?:Jr|Sr)\.)?"
_NAMES = rf"({_NAME}(?:(?:,\s(?:and\s)?|\sand\s|\s&\s){_NAME})*)"
_CRAFT = r"(?:co-)?(?:directed|written|produced|edited|scored|created|animated|shot|narrated)"
_BY = re.compile(rf"\b({_CRAFT}(?:(?:,\s(?:and\s)?|\sand\s|\s&\s){_CRAFT})*)\sby\s{_NAMES}")
_STARS = re.compile(rf"\b(?:starring|stars|featuring the voices of|It features)\s{_NAMES}")
_SCREENPLAY = re.compile(rf"\b(?:screenplay|script) (?:written )?by {_NAMES}")
_ELSEWHERE = re.compile(
    r"\b(?:remake of|reboot of|sequel to|prequel to|based on|adapted from|novels?|books?|plays?|song|comics?"
    r"|series|music|score|story|film of the same name)\b[^.]{0,80}$"
)
_NO_PERSON = re.compile(
    r"\b(?:Studios?|Pictures|Films?|Productions?|Entertainment|Company|Netflix|Disney|Bros|Academy|Award|Network"
    r"|Television|Channel|Inc|Records|University|The|It|He|She|They|Its|Based|In|On)\b"
)

_KIND = re.compile(r"\b(?:is|was) an? (?:upcoming )?((?:[\w'’/,&-]+ ){1,12}?)(?:film|movie|documentary)\b")


def is_about(extract: str, title: str) -> bool:
    """Whether the extract begins with the film's title, as one about the film does."""
    return title_key(title) in title_key(extract[: len(title) + 60])


def kinds_in(extract: str, title: str) -> list[str]:
    """The words and short phrases between "is a" and "film": years, countries, genres and finer kinds alike."""
    found = _KIND.search(extract) if is_about(extract, title) else None
    if not found:
        return []
    words = re.sub(r"[^a-z0-9]+", " ", found[0].lower().replace("'", "").replace("’", "")).split()
    spans = [(start, start + n) for n in range(LONGEST_KIND, 0, -1) for start in range(len(words) - n + 1)]
    return [" ".join(words[start:end]) for start, end in sorted(spans)]


def people_in(extract: str, title: str) -> dict[str, list[str]]:
    """`directors`, `writers` and `cast` that the extract states of the film itself; empty where it is not about it."""
    found: dict[str, list[str]] = {"directors": [], "writers": [], "cast": []}
    if not is_about(extract, title):
        return found
    for match in _BY.finditer(extract):
        if _ELSEWHERE.search(extract[max(0, match.start() - 90) : match.start()]):
            continue
        for craft, field in (("directed", "directors"), ("written", "writers")):
            if craft in match[1] and not found[field]:
                found[field] = _clean(match[2])
    if screenplay := _SCREENPLAY.search(extract):
        found["writers"] = found["writers"] or _clean(screenplay[1])
    if stars := _STARS.search(extract):
        found["cast"] = _clean(stars[1])
    return found


def _clean(names: str) -> list[str]:
    parts = re.split(r",\s(?:and\s)?|\sand\s|\s&\s", re.sub(r",\s(Jr|Sr)\.", r" \1.", names))
    clean = [" ".join(part.split()) for part in parts]
    if any(len(name.split()) < 2 for name in clean):  # "Joel and Ethan Coen", "Madonna", half a name: not safe
        clean = [name for name in clean if len(name.split()) >= 2]
    return list(dict.fromkeys(name for name in clean if not _NO_PERSON.search(name) and len(name) <= 40))
