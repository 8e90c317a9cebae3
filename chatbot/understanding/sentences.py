"""What the words around a mention do to it: descriptions, lists, interjections. Pure functions over one message."""

from collections.abc import Mapping

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.ranges import Range
from chatbot.understanding.text import Message

Found = Mapping[int, Mention | Range]
"""What a message names and bounds, by first token."""
_CLOSING = frozenset(",.!;-")
_VERBS = ("like", "dislike", "want", "seen", "contrast", "after_like", "after_dislike", "after_want", "unless")
MAX_MEMBER = 3
"""Words of the longest thing in a list that nothing is known of."""


def describes(message: Message, at: int, lexicon: Lexicon) -> bool:
    """Whether the sentence that begins at `at` says how something was, and wishes nothing: "yes, it was so scary"."""
    tokens, its = message.tokens, lexicon.words["pronoun_copulas"]
    while at < len(tokens) and lexicon.intents.tags((tokens[at].key,)) and tokens[at].key not in its:
        at += 1
    if at >= len(tokens):
        return False
    pronoun = tokens[at].key in lexicon.words["object_pronouns"] | its
    copula = tokens[at].key in its or (at + 1 < len(tokens) and tokens[at + 1].key in lexicon.words["told_of"])
    return pronoun and copula


def is_interjection(message: Message, at: int, end: int, found: Found, lexicon: Lexicon) -> bool:
    """Whether "no" answers or protests rather than refuses: "no, I love it", "no wait"."""
    if message.tokens[at].key not in lexicon.words["interjections"] or end >= len(message.tokens) or end > at + 1:
        return False
    following = message.tokens[end]
    if following.gap.strip() and end not in found:
        return True
    if message.tokens[at].key not in lexicon.words["no"]:
        return False
    return (
        following.key in lexicon.words["pronouns"]
        or bool(_CLOSING & set(following.gap))
        or following.key in lexicon.words["after_interjection"]
    )


def list_goes_on(message: Message, place: int, found: Found, lexicon: Lexicon) -> bool:
    """Whether a comma stands inside a list that "or", "nor" or "and" closes: "no horror, war or westerns". "And" may
    also go on with a wish ("no horror, and something new"), so that a name has to stand behind it."""
    size = 0
    while place < len(message.tokens) and size <= MAX_MEMBER:
        key = message.tokens[place].key
        if key in lexicon.words["alternatives"]:
            return True
        if key in lexicon.words["list_closers"]:
            return place + 1 in found
        if set(message.tokens[place].gap) & set(".!?;\n") or lexicon.opinions.starting_at(message, place, _VERBS):
            return False
        comma = "," in message.tokens[place].gap
        size = 0 if comma else size + 1
        place = found[place].end if place in found else place + 1
    return False


def is_framed(message: Message, mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a phrase around a name refuses it: "give romance a rest", "leave the gore out"."""
    keys = [token.key for token in message.tokens]
    start, end = mention.start, mention.end
    while start and keys[start - 1] in lexicon.words["articles"] | lexicon.words["possessives"]:
        start -= 1
    while end < len(keys) and keys[end] in lexicon.words["things"]:
        end += 1
    for before, behind in lexicon.framing:
        if (
            tuple(keys[end : end + len(behind)]) == behind
            and tuple(keys[max(0, start - len(before)) : start]) == before
        ):
            return True
    return False


def joint(message: Message, last: Mention | Range | None, mention: Mention | Range, lexicon: Lexicon) -> str:
    """How a mention hangs together with the one before it: "or", "and" or ""."""
    if last is None:
        return ""
    between = message.tokens[last.end : mention.start]
    light = lexicon.words["articles"] | lexicon.words["things"] | lexicon.words["joint_fillers"]
    keys = [t.key for t in between if t.key not in light]
    if len(keys) == 1 and keys[0] in lexicon.words["alternatives"]:
        return "or"
    if keys and all(k in lexicon.words["perhaps"] for k in keys):
        return "or"  # "fantasy, maybe sci-fi"
    comma = "," in message.tokens[mention.start].gap
    joins = len(keys) == 1 and keys[0] in lexicon.words["joins"]
    return "and" if joins or (not keys and comma) else ""


def is_filler(key: str, lexicon: Lexicon) -> bool:
    """Whether a word may stand between a verb and what belongs to it."""
    return "filler" in lexicon.cues.tags((key,))
