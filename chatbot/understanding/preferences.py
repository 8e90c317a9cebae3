"""Polarity and scope: from mentions and ranges in a message to what the person likes, wants, refuses or has seen.

A message is walked from left to right. A cue ("love", "no", "looking for") opens a scope that colours every mention
after it, up to the end of the sentence, a contrast ("but"), or the next cue; a negator turns its verb round; some
cues colour what stands before them ("horror is not my thing").
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from chatbot.understanding.antecedents import Antecedents
from chatbot.understanding.colours import Coloured, Scope
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.owners import OwnerReader
from chatbot.understanding.phrases import Span
from chatbot.understanding.pointing import PRAISE
from chatbot.understanding.ranges import Range
from chatbot.understanding.schema import Schema
from chatbot.understanding.sentences import describes, is_filler, is_framed, is_interjection, joint, list_goes_on
from chatbot.understanding.text import Message, covered

_SENTENCE_END = frozenset(".!?;\n")
_ECHO = frozenset("?….")
_BEHIND: dict[str, "Scope"] = {
    "after_like": "like",
    "after_take": "like",
    "commits": "like",
    "after_seen": "seen",
    "after_dislike": "dislike",
    "after_allow": "allow",
    "after_want": "want",
}
"""Cues that colour what stands before them, and how."""


class ScopeReader:
    """Colours the mentions and ranges of a message. Stateless, so that threads may share it."""

    def __init__(self, lexicon: Lexicon, schema: Schema) -> None:
        self._lexicon = lexicon
        self._schema = schema

    def colour(self, message: Message, found: Sequence[Mention | Range]) -> list[Coloured]:
        """Every mention and range, in order, with its scope."""
        praise = [s for s in self._lexicon.opinions.longest(message) if s.tag in PRAISE]
        kept = [f for f in found if not self._is_praise(f, found, praise)]
        return _Walk(message, sorted(kept, key=lambda f: f.start), self._lexicon, self._schema).run()

    def _is_praise(self, one: Mention | Range, found: Sequence[Mention | Range], praise: Sequence[Span]) -> bool:
        """Whether a tag is only a word of praise for the item before it: "the one with Mel Gibson is epic"."""
        if isinstance(one, Mention) and one.name.kind != "keyword":
            return False
        items = {m.end for m in found if isinstance(m, Mention) and m.name.kind == "item"}
        return any(s.start in items and s.start < one.start and one.end <= s.end for s in praise)


class _Walk(Antecedents):
    """One pass over one message."""

    def __init__(self, message: Message, found: list[Mention | Range], lexicon: Lexicon, schema: Schema) -> None:
        self.message = message
        self.found = {f.start: f for f in found}
        self.ends = {f.end - 1 for f in found}
        self.words = lexicon.words
        self.lexicon = lexicon
        adjectives = (s for table in (schema.critiques, schema.leanings) for s in table.longest(message))
        self.measured = covered(adjectives)  # tokens that say how much of a number: "too new"
        self.fields = schema.fields
        self.owners = OwnerReader(lexicon)
        self.cues: dict[int, list[Span]] = {}
        for span in lexicon.opinions.longest(message, without=covered(found)):
            self.cues.setdefault(span.start, []).append(span)
        self.scope: Scope = "none"
        self.by_determiner = False  # the scope was opened by "no" or "not", which end sooner than verbs
        self.wished = False  # the sentence has made a wish
        self.describing = False  # the sentence says how something was, and wishes nothing
        self.turn: Literal["", "round", "void"] = ""  # what becomes of the next opinion: "I don't think it was good"
        self.rather: int | None = None  # how much was named when "I would rather" stood
        self.conditional = False  # the clause is a condition, of which the next one tells what then
        self.verb: Scope = "none"  # the last opinion by a verb, whoever's it is
        self.swapping = False  # one thing is put in the place of another: "change comedy to thriller"
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
                self._word(at)
                at += 1
        self._prefer_nothing()
        return self.out

    # ------------------------------------------------------------ steps

    def _boundary(self, at: int) -> None:
        gap = self.message.tokens[at].gap
        if at and _SENTENCE_END & set(gap):
            self._end_sentence(at)
        elif "," in gap or " - " in gap or "–" in gap:
            goes_on = list_goes_on(self.message, at, self.found, self.lexicon)
            ends = self.scope in ("refuse", "dislike") and self.by_determiner and not goes_on
            if ((at - 1) not in self.ends or ends) and not self.conditional:  # a list goes on only from name to name
                self.segment = []
            self.conditional = False
            if ends or (self.scope == "neutral" and not self.describing):
                self._open("none")
        bounded = bool(self.out) and all(isinstance(one.what, Range) for one in self.out)
        if (at == 0 or gap.strip()) and describes(self.message, at, self.lexicon) and not bounded:
            self._open("neutral")
            self.describing = True

        if at == 0 or _SENTENCE_END & set(gap):
            self.conditional = self.message.tokens[at].key in self.words["conditionals"]

    def _end_sentence(self, at: int) -> None:
        """Ends what the sentence before opened, unless the next only adds to it: "I hate horror. And slashers."."""
        self._prefer_nothing()
        if not self._adds(at):
            self._open("none")
            if not self.echoes(at):
                self.segment = []
        self.describing = self.wished = False
        self.turn = ""

    def _adds(self, at: int) -> bool:
        """Whether a sentence is only a name behind "and" or "or", of which nothing else is said."""
        tokens, start = self.message.tokens, at + 1
        if tokens[at].key not in self.words["list_closers"] or not self.out:
            return False
        while start < len(tokens) and tokens[start].key in self.words["articles"]:
            start += 1
        ends = (i for i in range(start, len(tokens)) if i > start and _SENTENCE_END & set(tokens[i].gap))
        sentence = range(at, next(ends, len(tokens)))
        opinions = [
            s for i in sentence for s in self.cues.get(i, ()) if s.tag not in ("maybe_want", "lesser", "refuse")
        ]
        return start in self.found and not opinions

    def echoes(self, at: int) -> bool:
        """Whether the sentence before only takes up a name, which this one speaks of: "Titanic? Hated it."."""
        return (at - 1) in self.ends and bool(_ECHO & set(self.message.tokens[at].gap)) and len(self.segment) > 0

    def _word(self, at: int) -> None:
        """A word that is neither a cue nor part of a name."""
        key = self.message.tokens[at].key
        if self.swapping and self.scope == "refuse" and key in self.words["swapped_for"]:
            self._open("want")
        if key in self.words["attaching"] and (at - 1) in self.ends:
            self._open("none" if self._belongs_to_wish() else self.scope, self.by_determiner)
        named = (at - 1) in self.ends or (at > 0 and self.message.tokens[at - 1].key in self.words["things"])
        if named and key in self.words["for_whom"] and self.scope == "refuse" and self.by_determiner:
            self._open("none")  # "nothing scary for my son"
        named = key in self.words["things"]
        self.wished = self.wished or (named and self.scope == "none")  # "films with no romance"

    def _mention(self, at: int) -> int:
        mention = self.found[at]
        joined = joint(self.message, self.out[-1].what if self.out else None, mention, self.lexicon)
        silent = self._qualified(at) or self._said_of_item(at) or self._is_kin(mention)
        scope = "neutral" if silent else "dislike" if isinstance(mention, Mention) and mention.refused else self.scope
        if isinstance(mention, Mention) and is_framed(self.message, mention, self.lexicon):
            scope = "refuse"
        if isinstance(mention, Range) and self._stands_alone(mention, joined):
            self._open("none")  # what follows goes with the wish again
            scope = self.scope
        amount = (
            isinstance(mention, Range) and mention.bounded and not mention.vague and self.scope in ("refuse", "dislike")
        )
        self.out.append(Coloured(mention, scope, joined=joined == "or", listed=joined == "and"))
        if amount and not any(self.out[i].scope == self.scope for i in self.segment):
            self._open("none")  # "I don't want to spend more than 50 on a bottle"
        self.segment.append(len(self.out) - 1)
        self.wished = self.wished or scope == "none"
        return mention.end

    def _cue(self, at: int) -> int:
        spans = self.cues[at]
        tags, end = {span.tag for span in spans}, spans[0].end
        if at and self.message.tokens[at - 1].key in self.words["indefinite"] and tags & _BEHIND.keys():
            return end  # "whichever is better" praises nothing
        behind = _BEHIND.get(next(iter(tags & _BEHIND.keys()), ""))
        if tags & {"negator", "refuse"} and not (behind and self._closes(at, end)):
            return self._negation(at, end, tags)
        if behind:
            amount = behind == "dislike" and end - 1 in self.measured
            self._look_back("neutral" if amount else self._turned(behind), self._subject(at, end), at)
        elif not self._turns(at, tags):
            self._verb_at(at, end, tags)
        return end

    def _turns(self, at: int, tags: set[str]) -> bool:
        """Whether a cue only changes what later cues do, or ends what earlier ones did."""
        if tags & {"unseen", "lapsed"}:
            if "lapsed" in tags and (at - 1) in self.ends:
                self._look_back("neutral")  # "Westerns used to be fun"
            self._open("neutral")
        elif "reports" in tags:
            self._open("none" if self.owners.is_shared(self.message) else "neutral")
        elif tags & {"doubt", "denied"}:
            self.turn = "round" if "doubt" in tags else "void"
        elif "unless" in tags:
            self._open("neutral" if self.scope in ("refuse", "dislike") else "refuse")
        elif "lesser" in tags:
            self._lesser(at)
        elif "swaps" in tags:
            self._open("refuse")  # "change comedy to thriller"
            self.swapping = True
        elif "contrast" in tags:
            self._contrast(at)
        elif "maybe_want" in tags:
            if self.scope in ("none", "like", "neutral") or "," in self.message.tokens[at].gap:
                self._open("want")
        else:
            return False
        return True

    def _contrast(self, at: int) -> None:
        """Ends what stands before "but": "steel is nice but plastic is a dealbreaker"."""
        if self.message.tokens[at].key in self.words["contrasts"] - self.words["and"] and self._names_more(at):
            self.segment = []
        self._open("none")
        self.turn = ""

    def _names_more(self, at: int) -> bool:
        """Whether something else is named behind a token, in its sentence."""
        for place in range(at + 1, len(self.message.tokens)):
            if _SENTENCE_END & set(self.message.tokens[place].gap):
                return False
            if place in self.found:
                return True
        return False

    def _verb_at(self, at: int, end: int, tags: set[str]) -> None:
        self.verb = next((s for s in ("dislike", "like", "want") if s in tags), self.verb)  # type: ignore[assignment]
        if "want" in tags and any(t.key in self.words["rather"] for t in self.message.tokens[at:end]):
            self.rather = len(self.out)
        if tags & {"like", "dislike", "seen"} and self._ends_clause(at, end):
            self._look_back(self._turned(self._verb(at, tags)))  # "the first I loved"
            self._open("none")
        else:
            self._open(self._turned(self._verb(at, tags)))
            self._object(end)

    def _negation(self, at: int, end: int, tags: set[str]) -> int:
        """ "Don't like", "not in the mood for", "no horror"; an interjected "no, …" negates nothing."""
        if self._answers_for(at, end):
            self._look_back("dislike")
            return end
        if "negator" in tags and self._is_elliptic(at, end):
            self._overturn()
            return end
        verb_at = self.skip_fillers(end)
        verb = {span.tag for span in self.cues.get(verb_at, ())}
        behind = _BEHIND.get(next(iter(verb & _BEHIND.keys()), ""))
        if behind in ("like", "dislike") and "negator" in tags and self.segment:  # "it never let me down"
            self._look_back("like" if behind == "dislike" else "dislike")
            return self.cues[verb_at][0].end
        if "negator" in tags and verb & {"like", "want", "similar", "dislike", "seen"}:
            turned: Scope = "neutral" if "seen" in verb else "like" if "dislike" in verb else "refuse"
            turned = "dislike" if "like" in verb and "want" not in verb else turned
            self._open("neutral" if self.owners.is_other(self.message, at) else turned)
            self._object(self.cues[verb_at][0].end)
            return self.cues[verb_at][0].end
        following = self.found.get(verb_at)
        if following is None and "negator" in tags and self._rejects(at, verb_at):
            self._open("refuse")  # "I don't wear pink"
            return verb_at + 1
        if self.scope == "seen" and isinstance(following, Mention) and following.name.kind == "item":
            self._open("neutral")  # "seen the first but not the second"
            return end
        if "refuse" in tags and {"like", "similar"} & {span.tag for span in self.cues.get(end, ())}:
            self._open("dislike")  # "nothing like Alien"
            return self.cues[end][0].end
        named = verb_at in self.found and "negator" in tags  # "not really an Adam Sandler fan"
        if named or ("refuse" in tags and not is_interjection(self.message, at, end, self.found, self.lexicon)):
            self._open("refuse", by_determiner=True)
            self._refused_object(end)
        return end

    def _rejects(self, at: int, verb: int) -> bool:
        """Whether the speaker says not to do something with what stands behind the verb: "we never buy plastic"."""
        tokens, thing = self.message.tokens, verb + 1
        while thing < len(tokens) and tokens[thing].key in self.words["articles"]:
            thing += 1
        own = at > 0 and tokens[at - 1].key in self.words["own"]
        plain = {span.tag for span in self.cues.get(verb, ())} <= {"takes"}
        does = verb < len(tokens) and plain and tokens[verb].key not in self.words["permitting"]
        return own and does and thing in self.found and not tokens[verb].gap.strip()

    # ------------------------------------------------------------ scopes

    def _open(self, scope: Scope, by_determiner: bool = False) -> None:
        self.scope, self.by_determiner = scope, by_determiner
        self.wished = self.wished or scope in ("want", "like", "similar")

    def _turned(self, scope: Scope) -> Scope:
        """The scope, or its opposite where the sentence began with "I don't think", or none with "I never said"."""
        turn, self.turn = self.turn, ""
        if turn != "round":
            return "neutral" if turn else scope
        opposite: dict[Scope, Scope] = {"like": "dislike", "want": "refuse", "allow": "dislike", "dislike": "like"}
        return opposite.get(scope, scope)

    def _verb(self, at: int, tags: set[str]) -> Scope:
        """The scope that a verb opens; "like" is a verb after a person and a preposition after a thing."""
        if tags >= {"like", "similar"}:
            before = self.message.tokens[at - 1].key if at else ""
            alike = not before or before in self.words["before_alike"]
            thing = alike or before in self.words["things"] or (at - 1) in self.ends
            return "similar" if thing or self.message.starts_sentence(at) else self._owned(at, "like")
        for scope in ("pardon", "allows", "dislike", "seen", "want", "similar", "like"):
            if scope in tags:
                return self._owned(at, "allow" if scope == "allows" else scope)  # type: ignore[arg-type]
        return "none"

    def _owned(self, at: int, scope: Scope) -> Scope:
        """The scope where the person speaks of themselves; what others like or know is no evidence."""
        end = max((span.end for span in self.cues.get(at, ())), default=at)
        own = any(token.key in self.words["own"] for token in self.message.tokens[at:end])
        other = self.owners.is_subject_other if scope == "seen" else self.owners.is_other  # what one has is not shared
        return "neutral" if not own and other(self.message, at) else scope

    def _lesser(self, at: int) -> None:
        """ "I prefer thrillers to horror": what stands behind is liked less, not refused; "he wants to see" compares
        nothing."""
        if self.message.tokens[at].key in self.words["infinitive"] and (at - 1) not in self.ends:
            return
        if self.rather == len(self.out):
            self._open("dislike")  # "I'd rather go to the dentist than see a musical"
        elif self.swapping and self.scope == "refuse":
            self._open("want")
        elif self.scope in ("like", "want", "similar", "none") and self.segment:
            self._open("neutral")

    def skip_fillers(self, at: int) -> int:
        while at < len(self.message.tokens) and at not in self.cues and not self.message.tokens[at].gap.strip():
            if not is_filler(self.message.tokens[at].key, self.lexicon):
                break
            at += 1
        if at in self.cues and {s.tag for s in self.cues[at]} <= {"maybe_want", "negator", "refuse"}:
            following = self.cues[at][0].end
            return self.skip_fillers(following) if following in self.cues or following < at + 2 else at
        return at

    def _stands_alone(self, range_: Range, joined: str) -> bool:
        """Whether a range is outside the refusal before it: "nothing scary and nothing after 2000" has its own "no",
        and "no horror, before 1990" bounds what is wished."""
        refuses = {"refuse", "negator"}
        own = self.lexicon.opinions.starting_at(self.message, range_.start, tuple(refuses)) is not None
        vague = self.lexicon.vague.starting_at(self.message, range_.start) is not None
        if self.scope not in ("refuse", "dislike") or not self.by_determiner:
            return own and self.scope in ("refuse", "dislike")
        return own or (joined == "and" and not vague) or self._belongs_to_wish()

    def _belongs_to_wish(self) -> bool:
        """Whether what follows a refused name goes with the wish before: "action without Tom Cruise from the 90s"."""
        last = self.out[-1] if self.out else None
        if last is None or last.scope != "refuse" or not isinstance(last.what, Mention) or not self.segment:
            return False
        wished = {one.what.name for one in self.out[:-1] if isinstance(one.what, Mention)}
        return self.wished and last.what.name not in wished  # "horror, but no horror from the 90s"

    def _qualified(self, at: int) -> bool:
        """Whether only some of a kind are disliked: "I don't like dirty comedies" refuses no comedy."""
        mention = self.found[at]
        kind = mention.name.kind if isinstance(mention, Mention) else ""
        if self.scope != "dislike" or self.by_determiner or kind != "closed" or at == 0 or (at - 1) in self.ends:
            return False
        before = self.message.tokens[at - 1].key
        known = any(at - 1 in range(s.start, s.end) for spans in self.cues.values() for s in spans)
        light = self.words["stop"] | self.words["things"] | self.words["articles"] | self.words["list_closers"]
        filler = is_filler(before, self.lexicon) or before in light
        return not known and not filler and not self.message.tokens[at].gap.strip()

    def _is_kin(self, mention: Mention | Range) -> bool:
        """Whether a name is a person of the speaker's for whom nothing is looked for: "my kids hate horror"."""
        keys = [t.key for t in self.message.tokens[max(0, mention.start - 2) : mention.end]]
        kin = keys[-1] in self.words["others"] and isinstance(mention, Mention) and mention.name.kind == "closed"
        theirs = bool(set(keys) & self.words["possessives"])
        return kin and theirs and not set(keys) & (self.words["for_whom"] | self.words["attaching"])

    def _said_of_item(self, at: int) -> bool:
        """Whether a value is said of the item named before it: "Alien is pretty scary". Who says so knows it, and
        blames it where it is "too" much."""
        last = self.out[-1].what if self.out else None
        value = self.found[at]
        if not isinstance(last, Mention) or last.name.kind != "item" or last.end > at:
            return False
        if isinstance(value, Mention) and value.name.kind not in ("closed", "keyword"):
            return False
        between = [t.key for t in self.message.tokens[last.end : at]]
        if any(s.tag in ("contrast", "want") for i in range(last.end, at) for s in self.cues.get(i, ())):
            return False  # "these are nice but I need something cheaper"
        light = all(is_filler(k, self.lexicon) or k in self.words["stop"] for k in between[1:])
        too = bool(set(between) & self.words["excess"])
        usual = self.scope in ("none", "want", "seen", "neutral")
        tells = (
            self.message.tokens[at].key in self.words["tells"] if not between else between[0] in self.words["told_of"]
        )
        said = tells and light and (usual or too)
        if said and self.out[-1].scope in ("none", "want"):
            self.out[-1] = replace(self.out[-1], scope="dislike" if too else "like")
        return said
