"""Facts out of encyclopaedia extracts: what kind of film, who directed, wrote and starred. No sentence is kept."""

import re

from index.movies.genres import LONGEST_KIND
from index.movies.titles import title_key

_WORD = r"(?:[A-Z]\.(?:\s?[A-Z]\.)*|(?:Jr|Sr|St)\.|[A-ZÀ-ÖØ-Þ][\w'’\-]*)"
_PARTICLE = r"(?:de|del|della|di|da|dos|du|la|le|van|von|der|den|ten|ter|bin|al|el|y)"
_NAME = rf"{_WORD}(?:\s(?:{_PARTICLE}\s){{0,2}}{_WORD}){{0,4}}(?:,\s(?:Jr|Sr)\.)?"
_NAMES = rf"({_NAME}(?:(?:,\s(?:and\s)?|\sand\s|\s&\s){_NAME})*)"
_CRAFT = r"(?:co-)?(?:directed|written|produced|edited|scored|created|animated|shot|photographed|narrated)"
_WHO = (
    r"(?:(?:the\s)?(?:[\w'’-]+\s){0,5}?"
    r"(?:director|filmmaker|film-?maker|maker|choreographer|creator|comedian|actor|actress|screenwriter|writer|producer|animator|brothers)\s)?"
)
_BY = re.compile(
    rf"\b((?i:{_CRAFT})(?:(?:,\s(?:and\s)?|\sand\s|\s&\s){_CRAFT})*)\sby(?:,?\sand\sstarring)?\s{_WHO}"
    rf"(?:{_NAMES}|(the\s\w+\s[Bb]rothers|the\s\w+s)\b)"
)
_STARS = re.compile(rf"\b(?:starring|stars|featuring the voices of|stars the voices of|[Ii]t features)\s{_NAMES}")
_SCREENPLAY = re.compile(rf"\b(?:screenplay|script) (?:written )?by {_NAMES}")
# "the novel written by …", "a remake of the film directed by …": with no comma between, it is not said of this film.
_ELSEWHERE = re.compile(
    r"\b(?:remake|reboot|sequel|prequel|based on|adapted|adaptation|novels?|books?|plays?|songs?|comics?|series"
    r"|music|score|story|video|film of the same name|not to be|both)\b[^.,]{0,80}$"
)
_TOGETHER = {
    "the wachowskis": ["Lana Wachowski", "Lilly Wachowski"],
    "the hughes brothers": ["Albert Hughes", "Allen Hughes"],
    "the farrelly brothers": ["Peter Farrelly", "Bobby Farrelly"],
    "the coen brothers": ["Joel Coen", "Ethan Coen"],
    "the russo brothers": ["Anthony Russo", "Joe Russo"],
    "the duplass brothers": ["Mark Duplass", "Jay Duplass"],
    "the polish brothers": ["Mark Polish", "Michael Polish"],
    "the spierig brothers": ["Michael Spierig", "Peter Spierig"],
    "the safdie brothers": ["Josh Safdie", "Benny Safdie"],
}
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
            if craft in match[1].lower() and not found[field]:
                found[field] = _TOGETHER.get((match[3] or "").lower(), []) or _clean(match[2] or "", extract)
    if screenplay := _SCREENPLAY.search(extract):
        found["writers"] = found["writers"] or _clean(screenplay[1], extract)
    if stars := _STARS.search(extract):
        found["cast"] = _clean(stars[1], extract)
    return found


def _clean(names: str, extract: str) -> list[str]:
    """Full names, each once. A surname alone is completed from the text, or falls away."""
    parts = [part for part in re.split(r",\s(?:and\s)?|\sand\s|\s&\s", re.sub(r",\s(Jr|Sr)\.", r" \1.", names)) if part]
    siblings = len(parts) == 2 and " " not in parts[0] and len(parts[1].split()) == 2
    if siblings and not _full_name(parts[0], extract):
        parts[0] = f"{parts[0]} {parts[1].split()[1]}"  # "Joel and Ethan Coen"
    full = [part if " " in part else _full_name(part, extract) for part in parts]
    clean = [" ".join(name.split()) for name in full if name]
    return list(dict.fromkeys(name for name in clean if not _NO_PERSON.search(name) and len(name) <= 40))


def _full_name(surname: str, extract: str) -> str | None:
    found = re.search(rf"\b([A-Z][\w'’-]+(?:\s[A-Z][\w'’.-]*)?)\s{re.escape(surname)}\b", extract)
    return f"{found[1]} {surname}" if found else None
