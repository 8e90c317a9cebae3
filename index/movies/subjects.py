"""What a film is about, as keywords: subjects that a plot line or extract names in plain words."""

import re

_SUBJECTS = {
    "serial killer": r"serial[- ]killers?|serial murderer",
    "time travel": r"time[- ]travel\w*|travels? (?:back )?(?:in|through) time|time machine|time loop",
    "zombie": r"zombies?|the undead|living dead",
    "vampire": r"vampires?|vampiric|dracula",
    "werewolf": r"werewol(?:f|ves)",
    "ghost": r"ghosts?|poltergeist|haunting|haunts",
    "haunted house": r"haunted (?:house|mansion|hotel)",
    "witch": r"witch(?:es|craft)?",
    "demon": r"demons?|demonic|exorcis[mt]s?|possessed by",
    "aliens": r"extra-?terrestrials?|alien (?:race|invasion|creature|species|planet)s?|aliens|martians?",
    "space": r"astronauts?|spaceships?|spacecraft|outer space|space station|starship|galaxy",
    "robots": r"robots?|robotic|androids?|cyborgs?",
    "artificial intelligence": r"artificial intelligence|sentient computer",
    "dinosaurs": r"dinosaurs?",
    "sharks": r"(?<!loan )sharks?",
    "dragons": r"dragons?(?! gate)",
    "pirates": r"pirates?",
    "magic": r"magical|wizards?|sorcere(?:r|ss)|magician|spellbook",
    "fairy tale": r"fairy[- ]tales?",
    "mermaid": r"mermaids?",
    "superhero": r"superhero(?:es)?",
    "heist": r"heists?|bank robber\w*|rob a bank|jewel thie\w+|master thief",
    "mafia": r"mafia|mobsters?|mob boss|organized crime|crime family",
    "gangster": r"gangsters?",
    "drugs": r"drug (?:dealer|lord|trade|cartel|addict|smuggl|traffick)\w*|cocaine|heroin addict\w*",
    "hitman": r"hit ?m[ae]n|contract killer|assassins?",
    "spy": r"spy|spies|secret agents?|cia agent|espionage|mi6",
    "detective": r"detectives?|private eye|private investigator",
    "police": r"police officers?|policem[ae]n|cops?",
    "prison": r"prison(?:ers?)?|inmates?|jailed|penitentiary",
    "courtroom": r"courtroom|lawyers?|attorneys?|on trial",
    "kidnapping": r"kidnapp\w+|abduct(?:ed|ion|s)",
    "revenge": r"revenge|vengeance|avenge",
    "survival": r"stranded|survivors?|struggle to survive|fight to survive",
    "post-apocalyptic": r"post-apocalyp\w+|apocalypse",
    "dystopian": r"dystopian?|totalitarian",
    "amnesia": r"amnesia\w*|lost (?:his|her) memory",
    "twins": r"twins?(?: brothers| sisters)?",
    "road trip": r"road[- ]trip|cross-country",
    "high school": r"high[- ]school(?:ers?)?",
    "college": r"college (?:students?|freshm[ae]n|campus)|fraternity|sorority",
    "wedding": r"weddings?|bridesmaids?|bride-to-be",
    "divorce": r"divorc\w+",
    "christmas": r"christmas|santa claus",
    "halloween": r"halloween night|halloween",
    "world war ii": r"world war (?:ii|two)|second world war|nazis?|wwii",
    "world war i": r"world war i|first world war|world war one",
    "vietnam war": r"vietnam(?:ese)? (?:war|veterans?)",
    "civil war": r"american civil war|civil war",
    "holocaust": r"holocaust|concentration camp|auschwitz",
    "cold war": r"cold war",
    "samurai": r"samurai",
    "ninja": r"ninjas?",
    "martial arts": r"martial arts?|kung[- ]fu|karate",
    "boxing": r"boxers?|boxing",
    "baseball": r"baseball",
    "basketball": r"basketball",
    "american football": r"football (?:team|player|coach|star)|quarterback|nfl",
    "racing": r"race ?car|street rac\w+|racing driver|formula one",
    "dance": r"dancers?|ballet|ballerina|dance (?:competition|school|crew|contest)",
    "musicians": r"rock band|rock star|musicians?|singer-songwriter|pop star|jazz|rapper|hip[- ]hop",
    "dogs": r"dogs?|puppy|puppies",
    "horses": r"(?:race ?)?horses?",
    "chess": r"chess",
    "food": r"chefs?|restaurants?|cooking",
    "journalism": r"journalists?|newspaper reporter|reporters?",
    "politics": r"senator|presidential|politicians?|president of the united states",
    "royalty": r"princess(?:es)?|prince|queen|royal family",
    "teacher": r"(?:school ?)?teachers?",
    "babysitter": r"babysitters?|nanny|nannies",
    "cancer": r"cancer|terminally ill|terminal illness",
    "mental illness": r"schizophreni\w+|psychiatric (?:hospital|ward)|mental (?:hospital|institution|asylum)|bipolar",
    "virus": r"deadly virus|pandemic|virus outbreak|plague",
    "submarine": r"submarines?",
    "plane": r"airplanes?|airliner|plane crash",
    "treasure": r"treasures?",
    "jungle": r"jungles?",
    "desert island": r"desert(?:ed)? island|remote island",
    "body swap": r"switch(?:es|ed)? bodies|body swap|swaps? bodies",
    "toys": r"toys?|dolls?",
    "cult": r"(?:satanic|religious|doomsday) cult",
    "stalker": r"stalk(?:er|ed|ing|s)",
    "immigrants": r"immigrants?",
    "slavery": r"slavery|slaves?",
    "lgbt": r"gay|lesbian|transgender|homosexual\w*",
    "based on a true story": r"true stor(?:y|ies)|true events|real-life (?:events|story)",
}
_ANY = "|".join(f"(?P<s{place}>{pattern})" for place, pattern in enumerate(_SUBJECTS.values()))
_PATTERN = re.compile(rf"\b(?:{_ANY})\b", re.IGNORECASE)

_NAMES = list(_SUBJECTS)
# Companies, other works and people's names are no subjects: "Ghost House Pictures", "the novel Dogs".
_CAPITAL = re.compile(r"[A-Z]\w*[ ’']")
MOST = 6


def subjects_in(prose: str) -> list[str]:
    """The subjects that the text names, in the order in which it does, at most MOST."""
    found = [
        _NAMES[int((match.lastgroup or "s0")[1:])] for match in _PATTERN.finditer(prose) if not _in_a_name(prose, match)
    ]
    return list(dict.fromkeys(found))[:MOST]


def _in_a_name(prose: str, match: re.Match[str]) -> bool:
    """Whether the words are capitalised next to other capitalised words, and are not themselves proper names."""
    if not match[0][0].isupper() or _PROPER.fullmatch(match[0]):
        return False
    before, after = prose[: match.start()].rstrip(), prose[match.end() :]
    starts_sentence = not before or before[-1] in ".!?"
    return not starts_sentence or bool(_CAPITAL.match(after.lstrip()))


_PROPER = re.compile(
    r"Christmas|Santa Claus|Halloween|World War .*|Second World War|First World War|Nazis?|Vietnam.*"
    r"|Holocaust|Auschwitz|(?:American )?Civil War|Cold War|Dracula|CIA agent|MI6|Senator"
    r"|President of the United States|NFL|Mafia|Formula One",
    re.IGNORECASE,
)
