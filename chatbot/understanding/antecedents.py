"""What stands before and is meant again: by a cue behind it, by a pronoun, by a verb that is left out."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace

from chatbot.understanding.colours import Coloured, Scope
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.phrases import Phrases
from chatbot.understanding.ranges import Range
from chatbot.understanding.sentences import is_filler
from chatbot.understanding.text import Message


class Antecedents(ABC):
    """The part of a walk over one message that looks back. The walk holds what these methods go by."""

    message: Message
    found: Mapping[int, Mention | Range]
    ends: set[int]
    words: Mapping[str, frozenset[str]]
    lexicon: Lexicon
    fields: Phrases
    scope: Scope
    verb: Scope
    rather: int | None
    segment: list[int]
    out: list[Coloured]

    @abstractmethod
    def echoes(self, at: int) -> bool:
        """Whether the sentence before a token only takes up a name, which this one speaks of."""

    @abstractmethod
    def skip_fillers(self, at: int) -> int:
        """The first token from here on that is no filler between a verb and what belongs to it."""

    def _answers_for(self, at: int, end: int) -> bool:
        """ "Thrillers yes, horror no": the word stands behind what it refuses, at the end of a stretch."""
        tokens = self.message.tokens
        alone = end == len(tokens) or bool(tokens[end].gap.strip())
        first = at
        while first and tokens[first - 1].key in self.words["intensifiers"] and not tokens[first].gap.strip():
            first -= 1  # "Michael Bay? God no!"
        gap = tokens[first].gap
        close = not gap.strip() or self.echoes(first) or ":" in gap or "," in gap
        return tokens[at].key in self.words["interjections"] and alone and (first - 1) in self.ends and close

    def _ends_clause(self, at: int, end: int) -> bool:
        """Whether a verb has its object before it, and ends the clause: "the first I've seen, …"."""
        tokens = self.message.tokens
        subject = at > 0 and tokens[at].gap.strip() in ("", ":", "-", "–", "=") and (at - 1) in self.ends
        own = at > 1 and tokens[at - 1].key in self.words["own"] and (at - 2) in self.ends
        while end < len(tokens) and tokens[end].key in self.words["behind_verb"] and not tokens[end].gap.strip():
            end += 1
        return (subject or own) and (end == len(tokens) or bool(tokens[end].gap.strip()))

    def _closes(self, at: int, end: int) -> bool:
        """Whether a cue that could open a scope or close a stretch does the latter: "not so much"."""
        return bool(self.segment or self._subject(at, end)) and self.skip_fillers(end) not in self.found

    def _look_back(self, scope: Scope, subject: Sequence[int] = (), at: int = -1) -> None:
        """Colours what stands before: "Titanic was boring"; `subject` is what a pronoun stands for there,
        `at` the token where the opinion begins."""
        for index in self.segment or subject or self._last_item():
            one = self.out[index]
            own = at == one.what.end and self._begins_clause(one.what)  # "loved the first, the second not so much"
            if own or one.scope in ("none", "want", "seen", "neutral"):
                item = isinstance(one.what, Mention) and one.what.name.kind == "item"
                self.out[index] = replace(one, scope="like" if scope == "want" and item else scope)

    def _begins_clause(self, what: Mention | Range) -> bool:
        """Whether nothing but an article stands between a comma and a name."""
        tokens, at = self.message.tokens, what.start
        while at and tokens[at - 1].key in self.words["articles"] and not tokens[at].gap.strip():
            at -= 1
        return bool(at) and "," in tokens[at].gap

    def _subject(self, at: int, end: int) -> Sequence[int]:
        """What the pronoun before a cue stands for, where the sentence names nothing itself: "he gets on my nerves",
        "me, not so much"."""
        tokens, before = self.message.tokens, at - 1
        while before > 0 and is_filler(tokens[before].key, self.lexicon):
            before -= 1
        closed = self._stops(end) or tokens[end].key in self.words["list_closers"]
        if not closed or not self.out:
            return ()
        if at and self._stops(end) and self.message.starts_sentence(at):
            return self._antecedents(at)  # "Not anymore."
        key = tokens[before].key
        if key in self.words["subject_pronouns"]:
            return self._antecedents(before)
        return self._antecedents(before) if key in self.words["own"] and self.out[-1].scope == "neutral" else ()

    def _is_elliptic(self, at: int, end: int) -> bool:
        """Whether a negation leaves its verb to be understood: "she likes westerns, I don't", "… but couldn't"."""
        tokens = self.message.tokens
        closed = (
            end == len(tokens) or bool(tokens[end].gap.strip()) or tokens[end].key in self.words["ellipsis_closers"]
        )
        before = tokens[at - 1].key if at else ""
        own = before in self.words["own"] | self.words["contrasts"]
        verb = tokens[at].key in self.words["auxiliaries"]
        return closed and own and verb and bool(self.out) and self.verb in ("like", "want")

    def _overturn(self) -> None:
        """Makes a dislike of the liking that was told last, whoever's it was."""
        for index in self._list_before(len(self.out) - 1):
            if not isinstance(self.out[index].what, Range):
                self.out[index] = replace(self.out[index], scope="dislike")

    def _prefer_nothing(self) -> None:
        """ "She adores musicals, I'd rather have my teeth pulled": whatever it is is preferred to what was named."""
        if self.rather is not None and self.rather == len(self.out) and self.out and self.out[-1].scope == "neutral":
            self._overturn()
        self.rather = None

    def _last_item(self) -> list[int]:
        """The item named last, which an opinion without a subject of its own is on: "saw it, twice, and loved it"."""
        last = len(self.out) - 1
        item = last >= 0 and isinstance(self.out[last].what, Mention) and self.out[last].what.name.kind == "item"  # type: ignore[union-attr]
        return [last] if item and self.out[last].scope == "seen" else []

    def _object(self, end: int) -> None:
        """ "I saw Alien and loved it": an opinion on the pronoun is one on what was named before."""
        if self.scope not in ("like", "dislike", "seen") or not self._is_object(end):
            return
        for index in self._antecedents(end):
            if self.scope == "dislike" and self.out[index].scope in ("none", "want"):
                self.out[index] = replace(self.out[index], scope="dislike")  # "I'd love horror but she hates it"
                continue
            before = self.out[index].scope  # "not the first, I've seen that", "all but the last, seen those"
            if before == "none" or (self.scope == "seen" and before == "refuse"):
                self.out[index] = replace(self.out[index], scope=self.scope)
                continue
            self.out.append(replace(self.out[index], scope=self.scope, joined=False, listed=False))

    def _refused_object(self, end: int) -> None:
        """ "My husband hates westerns, so none of those": the pronoun refuses what was named before."""
        named = self._of_field(end)
        if named is not None:
            self.out[named] = replace(self.out[named], scope="refuse")
        elif self._is_object(end) and self.out and not (isinstance(self.out[-1].what, Range)):
            self.out[-1] = replace(self.out[-1], scope="refuse")

    def _of_field(self, at: int) -> int | None:
        """What "that brand" or "this author" stands for at a token: the last name of such a field."""
        if at + 1 >= len(self.message.tokens) or self.message.tokens[at].key not in self.words["pointing"]:
            return None
        field = self.fields.starting_at(self.message, at + 1)
        for index in range(len(self.out) - 1, -1, -1) if field else ():
            what = self.out[index].what
            if isinstance(what, Mention) and field and field.tag in what.name.fields:
                return index
        return None

    def _is_object(self, end: int) -> bool:
        """Whether a pronoun for something named before stands at a token."""
        tokens = self.message.tokens
        if end >= len(tokens) or end in self.found or not self.out or tokens[end].gap.strip():
            return False
        closed = end + 1 == len(tokens) or tokens[end + 1].key not in self.words["things"]
        relative = tokens[end].key in self.words["relative"] and not self._stops(end + 1)
        if relative and tokens[end - 1].key in self.words["things"] | self.words["inverting"]:
            return False  # "nothing that drags on"
        return tokens[end].key in self.words["object_pronouns"] and (closed or tokens[end + 1].key in self.words["one"])

    def _stops(self, at: int) -> bool:
        """Whether the message ends before a token, or a stop stands there."""
        return at >= len(self.message.tokens) or bool(self.message.tokens[at].gap.strip())

    def _antecedents(self, end: int) -> list[int]:
        """What a pronoun stands for: all of the list named last for "them", else the last one."""
        last = len(self.out) - 1
        return self._list_before(last) if self.message.tokens[end].key in self.words["plural_pronouns"] else [last]

    def _list_before(self, last: int) -> list[int]:
        """The list that ends with this one, or this one alone."""
        first = last
        while first > 0 and self.out[first].listed and self.out[first - 1].scope == self.out[last].scope:
            first -= 1
        return list(range(first, last + 1))
