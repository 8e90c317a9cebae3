"""Polarity and scope: from mentions and ranges in a message to what the person likes, wants, refuses or has seen.

A message is walked from left to right. A cue ("love", "no", "looking for") opens a scope that colours every mention
after it, up to the end of the sentence, a contrast ("but"), or the next cue; a negator turns its verb round; some
cues colour what stands before them ("horror is not my thing").
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chatbot.understanding.lexicon import Lexicon, Span
from chatbot.understanding.mentions import Mention
from chatbot.understanding.numbers import Range
from chatbot.understanding.text import Message

Scope = Literal["like", "dislike", "want", "refuse", "seen", "similar", "allow", "neutral", "none"]
_SENTENCE_END = frozenset(".!?;\n")


@dataclass(frozen=True, slots=True)
class Coloured:
    """A mention or a range, and the scope that it stands in. `joined`: with "or" to the one before it."""

    what: Mention | Range
    scope: Scope
    joined: bool = False
    listed: bool = False  # joined to the one before by "and" or a comma


class ScopeReader:
    """Colours the mentions and ranges of a message. Stateless, so that threads may share it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def colour(self, message: Message, found: Sequence[Mention | Range]) -> list[Coloured]:
        """Every mention and range, in order, with its scope."""
        walk = _Walk(message, sorted(found, key=lambda f: f.start), self._lexicon)
        return walk.run()


class _Walk:
    """One pass over one message."""

    def __init__(self, message: Message, found: list[Mention | Range], lexicon: Lexicon) -> None:
        self.message = message
        self.found = {f.start: f for f in found}
        self.words = lexicon.words
        self.lexicon = lexicon
        covered = {i for f in found for i in range(f.start, f.end)}
        self.cues: dict[int, list[Span]] = {}
        for span in lexicon.opinions.longest(message):
            if not covered & set(range(span.start, span.end)):
                self.cues.setdefault(span.start, []).append(span)
        self.scope: Scope = "none"
        self.by_determiner = False  # the scope was opened by "no" or "not", which end sooner than verbs
        self.wished = False  # the sentence has made a wish
        self.describing = False  # the sentence says how something was, and wishes nothing
        self.segment: list[int] = []  # indices into `out` of the current stretch, for cues that look back
        self.out: list[Coloured] = []

    def run(self) -> list[Coloured]:
        at = 0
        while at < len(self.message.tokens):
            self._boundary(at)
            if at in self.found:
                at = self._mention(at)
            elif at in self.cues:
                at = self._cue(at)
            else:
                if self.message.tokens[at].key in self.words["attaching"] and (at - 1) in self._ends():
                    self._open("none" if self._belongs_to_wish() else self.scope, self.by_determiner)
                named = self.message.tokens[at].key in self.words["things"]
                self.wished = self.wished or (named and self.scope == "none")  # "films with no romance"
                at += 1
        return self.out

    # ------------------------------------------------------------ steps

    def _boundary(self, at: int) -> None:
        gap = self.message.tokens[at].gap
        if at and _SENTENCE_END & set(gap):
            self._open("none")
            self.segment = []
            self.describing = self.wished = False
        elif "," in gap or " - " in gap or "–" in gap:
            ends = self.scope in ("refuse", "dislike") and self.by_determiner and not self._list_goes_on(at)
            if (at - 1) not in self._ends() or ends:  # a list goes on only from name to name
                self.segment = []
            if ends or (self.scope == "neutral" and not self.describing):
                self._open("none")
        if (at == 0 or gap.strip()) and self._describes(at):
            self._open("neutral")
            self.describing = True

    def _mention(self, at: int) -> int:
        mention = self.found[at]
        joint = self._joint(mention)
        scope = "neutral" if self._qualified(at) or self._said_of_item(at) else self.scope
        if isinstance(mention, Range) and self._stands_alone(mention, joint):
            self._open("none")  # what follows goes with the wish again
            scope = self.scope
        self.out.append(Coloured(mention, scope, joined=joint == "or", listed=joint == "and"))
        self.segment.append(len(self.out) - 1)
        self.wished = self.wished or scope == "none"
        return mention.end

    def _cue(self, at: int) -> int:
        spans = self.cues[at]
        tags = {span.tag for span in spans}
        end = spans[0].end
        if tags & {"negator", "refuse"}:
            return self._negation(at, end, tags)
        if "unseen" in tags:
            self._open("neutral")
            return end
        if "after_allow" in tags:
            self._look_back("allow")
        elif tags & {"after_like", "after_dislike", "after_take"}:
            self._look_back("dislike" if "after_dislike" in tags else "like")
        elif "contrast" in tags:
            self._open("none")
        elif "maybe_want" in tags:
            if self.scope in ("none", "like", "neutral") or "," in self.message.tokens[at].gap:
                self._open("want")
        else:
            self._open(self._verb(at, tags))
            self._object(end)
        return end

    def _negation(self, at: int, end: int, tags: set[str]) -> int:
        """ "Don't like", "not in the mood for", "no horror"; an interjected "no, …" negates nothing."""
        if self._answers_for(at, end):
            self._look_back("dislike")
            return end
        verb_at = self._skip_fillers(end)
        verb = {span.tag for span in self.cues.get(verb_at, ())}
        if "negator" in tags and verb & {"like", "want", "similar", "dislike", "seen"}:
            turned: Scope = "neutral" if "seen" in verb else "like" if "dislike" in verb else "refuse"
            turned = "dislike" if "like" in verb and "want" not in verb else turned
            self._open(turned)
            self._object(self.cues[verb_at][0].end)
            return self.cues[verb_at][0].end
        if "refuse" in tags and {"like", "similar"} & {span.tag for span in self.cues.get(end, ())}:
            self._open("dislike")  # "nothing like Alien"
            return self.cues[end][0].end
        named = verb_at in self.found and "negator" in tags  # "not really an Adam Sandler fan"
        if named or ("refuse" in tags and not self._interjection(at, end)):
            self._open("refuse", by_determiner=True)
        return end

    # ------------------------------------------------------------ helpers

    def _open(self, scope: Scope, by_determiner: bool = False) -> None:
        self.scope, self.by_determiner = scope, by_determiner
        self.wished = self.wished or scope in ("want", "like", "similar")

    def _verb(self, at: int, tags: set[str]) -> Scope:
        """The scope that a verb opens; "like" is a verb after a person and a preposition after a thing."""
        if tags >= {"like", "similar"}:
            before = self.message.tokens[at - 1].key if at else ""
            alike = not before or before in self.words["before_alike"]
            thing = alike or before in self.words["things"] or (at - 1) in self._ends()
            return "similar" if thing or self.message.starts_sentence(at) else "like"
        for scope in ("dislike", "seen", "want", "similar", "like"):
            if scope in tags:
                return scope  # type: ignore[return-value]
        return "none"

    def _ends(self) -> set[int]:
        return {f.end - 1 for f in self.found.values()}

    def _skip_fillers(self, at: int) -> int:
        while at < len(self.message.tokens) and at not in self.cues and not self.message.tokens[at].gap.strip():
            if "filler" not in self.lexicon.cues.tags((self.message.tokens[at].key,)):
                break
            at += 1
        if at in self.cues and {s.tag for s in self.cues[at]} <= {"maybe_want", "negator", "refuse"}:
            following = self.cues[at][0].end
            return self._skip_fillers(following) if following in self.cues or following < at + 2 else at
        return at

    def _stands_alone(self, range_: Range, joint: str) -> bool:
        """Whether a range is outside the refusal before it: "nothing scary and nothing after 2000" has its own "no",
        and "no horror, before 1990" bounds what is wished."""
        refuses = {"refuse", "negator"}
        own = self.lexicon.opinions.starting_at(self.message, range_.start, tuple(refuses)) is not None
        vague = self.lexicon.vague.starting_at(self.message, range_.start) is not None
        if self.scope not in ("refuse", "dislike") or not self.by_determiner:
            return own and self.scope in ("refuse", "dislike")
        return own or (joint == "and" and not vague) or self._belongs_to_wish()

    def _belongs_to_wish(self) -> bool:
        """Whether what follows a refused name goes with the wish before: "action without Tom Cruise from the 90s"."""
        last = self.out[-1] if self.out else None
        if last is None or last.scope != "refuse" or not isinstance(last.what, Mention) or not self.segment:
            return False
        return last.what.name.kind in ("person", "item") or self.wished

    def _describes(self, at: int) -> bool:
        """Whether a sentence says how something was, and wishes nothing: "yes, it was so scary"."""
        tokens = self.message.tokens
        while at < len(tokens) and self.lexicon.intents.tags((tokens[at].key,)) and tokens[at].key not in self._its():
            at += 1
        if at >= len(tokens):
            return False
        pronoun = tokens[at].key in self.words["object_pronouns"] | self._its()
        copula = tokens[at].key in self._its() or (at + 1 < len(tokens) and tokens[at + 1].key in self.words["told_of"])
        return pronoun and copula

    def _its(self) -> frozenset[str]:
        return self.words["pronoun_copulas"]

    def _qualified(self, at: int) -> bool:
        """Whether only some of a kind are disliked: "I don't like dirty comedies" refuses no comedy."""
        mention = self.found[at]
        kind = mention.name.kind if isinstance(mention, Mention) else ""
        if self.scope != "dislike" or self.by_determiner or kind != "closed" or at == 0 or (at - 1) in self._ends():
            return False
        before = self.message.tokens[at - 1].key
        known = any(at - 1 in range(s.start, s.end) for spans in self.cues.values() for s in spans)
        light = self.words["stop"] | self.words["things"] | self.words["articles"] | self.words["list_closers"]
        filler = "filler" in self.lexicon.cues.tags((before,)) or before in light
        return not known and not filler and not self.message.tokens[at].gap.strip()

    def _said_of_item(self, at: int) -> bool:
        """Whether a value is said of the item named before it: "Alien is pretty scary". Who says so knows it."""
        last = self.out[-1].what if self.out else None
        value = self.found[at]
        if not isinstance(last, Mention) or last.name.kind != "item" or last.end >= at:
            return False
        if isinstance(value, Mention) and value.name.kind != "closed":
            return False
        between = [t.key for t in self.message.tokens[last.end : at]]
        light = all("filler" in self.lexicon.cues.tags((k,)) or k in self.words["stop"] for k in between[1:])
        said = between[0] in self.words["told_of"] and light and self.scope in ("none", "want", "seen", "neutral")
        if said and self.out[-1].scope in ("none", "want"):
            self.out[-1] = replace(self.out[-1], scope="like")
        return said

    def _answers_for(self, at: int, end: int) -> bool:
        """ "Thrillers yes, horror no": the word stands behind what it refuses, at the end of a stretch."""
        tokens = self.message.tokens
        alone = end == len(tokens) or bool(tokens[end].gap.strip())
        return tokens[at].key in self.words["no"] and alone and (at - 1) in self._ends() and not tokens[at].gap.strip()

    def _interjection(self, at: int, end: int) -> bool:
        """Whether "no" answers or protests rather than refuses: "no, I love it", "no wait"."""
        if self.message.tokens[at].key not in self.words["interjections"] or end >= len(self.message.tokens):
            return False
        following = self.message.tokens[end]
        if following.gap.strip() and end not in self.found:
            return True
        if self.message.tokens[at].key not in self.words["no"]:
            return False
        return (
            following.key in self.words["pronouns"]
            or bool(set(",.!;-") & set(following.gap))
            or following.key in self.words["after_interjection"]
        )

    def _list_goes_on(self, at: int) -> bool:
        """Whether a comma stands inside a list that "or", "nor" or "and" closes: "no horror, war or westerns"."""
        place = at
        while place in self.found:
            place = self.found[place].end
            if place >= len(self.message.tokens):
                return False
            if self.message.tokens[place].key in self.words["list_closers"]:
                return place + 1 in self.found
            if "," not in self.message.tokens[place].gap:
                return False
        return False

    def _joint(self, mention: Mention | Range) -> str:
        """How the mention hangs together with the one before it."""
        if not self.out:
            return ""
        between = self.message.tokens[self.out[-1].what.end : mention.start]
        light = self.words["articles"] | self.words["things"] | self.words["joint_fillers"]
        keys = [t.key for t in between if t.key not in light]
        if len(keys) == 1 and keys[0] in self.words["alternatives"]:
            return "or"
        comma = "," in self.message.tokens[mention.start].gap
        joins = len(keys) == 1 and keys[0] in self.words["joins"]
        return "and" if joins or (not keys and comma) else ""

    def _look_back(self, scope: Scope) -> None:
        """Colours what stands before: "Titanic was boring"."""
        for index in self.segment:
            if self.out[index].scope in ("none", "want", "seen", "neutral"):
                self.out[index] = replace(self.out[index], scope=scope)

    def _object(self, end: int) -> None:
        """ "I saw Alien and loved it": an opinion on the pronoun is one on what was named before."""
        if self.scope not in ("like", "dislike", "seen") or end >= len(self.message.tokens) or end in self.found:
            return
        token = self.message.tokens[end]
        if token.key in self.words["object_pronouns"] and self.out and not token.gap.strip():
            last = self.out[-1]
            self.out.append(replace(last, scope=self.scope, joined=False, listed=False))
