"""Whether words that spell a name are meant as one: the evidence of quotation marks, capitals and the words around."""

from collections.abc import Sequence

from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import year_after
from chatbot.understanding.names import NameIndex
from chatbot.understanding.schema import Schema
from chatbot.understanding.text import Message, Token
from chatbot.understanding.words import common_words, dictionary_words
from index.catalog import fold

BEFORE_TITLE = ("like", "dislike", "similar", "seen", "title")
_STRONG_BEFORE_TITLE = ("like", "dislike", "similar", "seen")
WELL_KNOWN = 0.45
"""The prior from which on a title of ordinary words is taken for one where it is long enough."""
BEFORE_SURNAME = ("by_creator", "by_performer", "by_person", "like", "dislike", "similar")
BEFORE_PERSON = (
    "by_creator",
    "by_performer",
    "by_person",
    "like",
    "dislike",
    "refuse",
    "similar",
    "want",
    "maybe_want",
)


class Judge:
    """Weighs what a sentence says for and against a name. Stateless, so that threads may share it."""

    def __init__(self, names: NameIndex, lexicon: Lexicon, schema: Schema) -> None:
        self._names = names
        self._schema = schema
        self._lexicon = lexicon
        self._common = common_words(lexicon.language)

    def title_is_meant(self, message: Message, start: int, end: int) -> bool:
        """Whether these tokens, which spell a title, are used as one."""
        if self.quoted_or_dated(message, start, end):
            return True
        keys = tuple(t.key for t in message.tokens[start:end])
        if len(keys) == 1 and keys[0] in self._lexicon.words["interjections"] | self._lexicon.words["courtesies"]:
            return self.cue_before(message, start, _STRONG_BEFORE_TITLE) or self._is_told_of(message, end)
        content = [t for t in message.tokens[start:end] if t.key not in self._lexicon.words["articles"]]
        if self.whole_message(message, start, end):
            return not self._is_phrase(keys) and any(not self.is_function_word(t.key) for t in content)
        if all(t.key.isdigit() for t in content):
            liked = self.cue_before(message, start, _STRONG_BEFORE_TITLE) or self._praised_after(message, end)
            told = message.starts_sentence(start) and self._is_told_of(message, end)
            return len(content) == 1 and (liked or told or self._joined_to_title(message, end))
        if any(not self.ordinary(t.key) for t in content):
            return len(content) > 1 or self._lone_word_is_title(message, start, end)
        return self._ordinary_title_is_meant(message, start, end)

    def _lone_word_is_title(self, message: Message, start: int, end: int) -> bool:
        """A title of one uncommon word. A first name or a word that is capitalised anyway needs a cue."""
        key = message.tokens[end - 1].key
        names = self._names[(key,)]
        known = max((n.weight for n in names if n.kind == "item"), default=0.0)
        if key in self._lexicon.words["proper"] or any(n.kind == "person" and n.weight > known for n in names):
            told = message.tokens[start].capital and self._is_told_of(message, end)
            return told or self.cue_before(message, start, BEFORE_TITLE)
        short = all(n.partial for n in names if n.kind == "item")  # "Shawshank"
        return not short or self._short_form_is_meant(message, start, end)

    def _short_form_is_meant(self, message: Message, start: int, end: int) -> bool:
        capital = message.tokens[start].capital and not message.shouted
        told = self._is_told_of(message, end) or self._praised_after(message, end)
        return capital or told or self.cue_before(message, start, _STRONG_BEFORE_TITLE)

    def _is_told_of(self, message: Message, end: int) -> bool:
        """Whether a verb of being stands behind, as behind a title that something is said of."""
        return end < len(message.tokens) and message.tokens[end].key in self._lexicon.words["tells"]

    def _ordinary_title_is_meant(self, message: Message, start: int, end: int) -> bool:
        tokens = message.tokens[start:end]
        content = [t for t in tokens if not self.is_function_word(t.key)] or list(tokens)
        capital = all(t.capital or t.key.isdigit() for t in content) and not message.shouted
        pronouns = all(t.key in self._lexicon.words["pronouns"] for t in tokens)
        cue = self.cue_before(message, start, _STRONG_BEFORE_TITLE if not capital else BEFORE_TITLE)
        question = self.asked_about(message, start)
        if all(t.key in self._lexicon.words["proper"] for t in content):
            return capital and (cue or question)
        if self._is_long(tokens) and not all(self.is_function_word(t.key) for t in tokens[:2]):
            return True
        if message.starts_sentence(start):
            told_of = self._is_told_of(message, end)
            light = all(self.is_function_word(t.key) or t.key in self._lexicon.words["things"] for t in tokens)
            listed = capital and self._joined_to_title(message, end)
            return (
                (capital or len(content) > 1)
                and not pronouns
                and (not light or (capital and self._is_well_known(tokens)))
                and (self._praised_after(message, end) or (capital and told_of) or listed)
            )
        if capital and message.tokens[start - 1].key in self._lexicon.words["another"]:
            return True  # "not another Saw"
        if capital and (
            self._inside_longer_name(message, start, end) or self._goes_on_in_capitals(message, end, content)
        ):
            return False
        if capital:
            joined = message.tokens[start - 1].key in self._lexicon.words["and"] | self._lexicon.words["or"]
            return not self._is_phrase(tuple(t.key for t in tokens)) or cue or question or joined
        lone = len(content) == 1
        if pronouns or (lone and (self._is_phrase((content[0].key,)) or content[0].key in self._lexicon.words["stop"])):
            return False
        cue = cue or (not lone and self._joined_to_more(message, start))
        ends = self._ends_phrase(message, end) or (not lone and question)
        return (cue or question) and ends and not message.shouted

    def _is_long(self, tokens: Sequence[Token]) -> bool:
        """Whether a well-known title of ordinary words is too long to be a coincidence: "the lion king"."""
        content = [t for t in tokens if not self.is_function_word(t.key)]
        return len(tokens) > 2 and len(content) > 1 and self._is_well_known(tokens)

    def _is_well_known(self, tokens: Sequence[Token]) -> bool:
        names = self._names[tuple(t.key for t in tokens)]
        return max((n.weight for n in names if n.kind == "item" and not n.partial), default=0.0) > WELL_KNOWN

    def _joined_to_title(self, message: Message, end: int) -> bool:
        """ "1984 and Brave New World": "and" stands here, and behind it a title that is no number."""
        if end + 1 >= len(message.tokens):
            return False
        joint = message.tokens[end].key in self._lexicon.words["coordinators"]
        if not joint and "," not in message.tokens[end].gap:
            return False
        keys, end = tuple(token.key for token in message.tokens), end + joint
        spans = (keys[end:stop] for stop in range(end + 1, min(len(keys), end + 7) + 1))
        return any(not all(k.isdigit() for k in s) and any(n.kind == "item" for n in self._names[s]) for s in spans)

    def _joined_to_more(self, message: Message, start: int) -> bool:
        """Whether the words before are "and" behind an opinion: "seen the lion king and toy story"."""
        before = self._skip_articles(message, start) - 1
        if before < 1 or message.tokens[before].key not in self._lexicon.words["coordinators"]:
            return False
        cues = {s.tag for s in self._lexicon.cues.longest(message) if s.start < before}
        return bool(cues & set(_STRONG_BEFORE_TITLE))

    def _inside_longer_name(self, message: Message, start: int, end: int) -> bool:
        """Whether a capitalised word that no name has stands right beside it: "the Seven Quizzlewhips"."""
        sides = [message.tokens[i] for i in (start - 1, end) if 0 <= i < len(message.tokens)]
        return any(t.capital and not self.ordinary(t.key) and not self._names.knows(t.key) for t in sides)

    def _goes_on_in_capitals(self, message: Message, end: int, content: Sequence[Token]) -> bool:
        """Whether a title of one word is the first of a name that goes on: no "Breaking" in "Breaking Bad"."""
        if len(content) > 1 or end >= len(message.tokens) or message.tokens[end].gap.strip():
            return False
        following = message.tokens[end]
        return following.capital and len(following.key) > 1 and following.key not in self._lexicon.words["proper"]

    def near_longer_name(self, message: Message, at: int) -> bool:
        """Whether capitalised words that no name has stand beside a word, a hyphen between them or not."""
        return self._inside_longer_name(message, at, at + 1) and message.tokens[at].capital

    def person_is_meant(self, message: Message, start: int, end: int, partial: bool, also_title: bool) -> bool:
        """Whether these tokens, which spell a person's name or a part of one, are used as one; `also_title`: they are
        some item's title as well, and no well-known name."""
        tokens = message.tokens[start:end]
        cue = self.cue_before(message, start, BEFORE_PERSON) or self.thing_after(message, end)
        capital = all(t.capital for t in tokens) and not message.shouted
        ordinary = all(self.ordinary(t.key) for t in tokens)
        if not partial:
            return not ordinary or capital or cue
        if tokens[0].key in self._lexicon.words["tongues"] and self._in_tongue(message, start):
            return False
        if self._inside_longer_name(message, start, end):
            return False  # "by Barnaby Quillfeather" is none of the Barnabys that are known
        if self.is_function_word(tokens[0].key) or self._is_phrase((tokens[0].key,)):
            return False
        if ordinary or also_title:
            strong = self.cue_before(message, start, ("by_creator", "by_performer", "by_person")) or self.thing_after(
                message, end
            )
            return capital and strong
        return cue or capital or self.whole_message(message, start, end)

    def _in_tongue(self, message: Message, start: int) -> bool:
        """Whether a language is meant: "in Welsh"."""
        return start > 0 and message.tokens[start - 1].key in self._lexicon.words["in"]

    def value_is_meant(self, message: Message, start: int, end: int) -> bool:
        """A closed value is meant wherever it stands, but for words with a common second meaning."""
        key = message.tokens[start].key
        before = message.tokens[start - 1].key if start else ""
        if end - start == 1 and key in self._lexicon.words["guarded"] and before in self._lexicon.words["excess"]:
            return False  # "too short"
        if end - start == 1 and before in self._lexicon.words["studied"]:
            return True  # "learn history"
        if end - start > 1 or key not in self._lexicon.words["guarded"]:
            return end - start > 1 or not self._is_verb(message, start)
        cue = self.cue_before(message, start, ("like", "dislike", "refuse"))
        asked = self.cue_before(message, start, ("want", "maybe_want")) or message.starts_sentence(start)
        some = asked and self._ends_phrase(message, end)
        return cue or some or self.thing_after(message, end) or self.whole_message(message, start, end)

    def _is_verb(self, message: Message, at: int) -> bool:
        """Whether the singular of a value is a verb here: "something to watch", of watches."""
        before = message.tokens[at - 1].key if at else ""
        key = message.tokens[at].key
        said = any(fold(name.text) == key for name in self._names[(key,)])
        return not said and before in self._lexicon.words["before_verb"] and key in self._lexicon.words["stop"]

    def keyword_is_meant(self, message: Message, start: int, end: int) -> bool:
        """Whether these tokens, which spell a keyword, are more than a set phrase or a number."""
        keys = tuple(t.key for t in message.tokens[start:end])
        light = self._lexicon.words["stop"] | self._lexicon.words["things"]
        if self._is_phrase(keys) or (len(keys) == 1 and keys[0] in light):
            return False
        if all(k[:1].isdigit() or k in self._lexicon.decades for k in keys):  # "1970s" is a time, whatever is tagged so
            return False
        return not self._lexicon.vague.tags(keys)

    # ------------------------------------------------------------ what the sentence says

    def ordinary(self, key: str) -> bool:
        """Whether a word says nothing by being known: one of the language, one always capitalised, a number."""
        words = self._lexicon.words
        return key in self._common or key in words["stop"] or key in words["proper"] or key.isdigit()

    def in_dictionary(self, key: str) -> bool:
        """Whether the dictionary has a word that need not be a misspelt name."""
        return key in dictionary_words(self._lexicon.language)

    def is_function_word(self, key: str) -> bool:
        """Whether a word only frames others."""
        return (
            key in self._lexicon.words["stop"]
            or key in self._lexicon.words["articles"]
            or key in self._lexicon.words["pronouns"]
        )

    def _is_phrase(self, keys: tuple[str, ...]) -> bool:
        lexicon = self._lexicon
        tables = (
            lexicon.intents,
            lexicon.smalltalk,
            lexicon.cues,
            lexicon.fields,
            lexicon.pointers,
            lexicon.ordinals,
            self._schema.critiques,
        )
        return any(keys in table for table in tables)

    def _skip_articles(self, message: Message, start: int) -> int:
        while start > 0 and message.tokens[start - 1].key in self._lexicon.words["articles"]:
            start -= 1
        return start

    def cue_before(self, message: Message, start: int, tags: tuple[str, ...]) -> bool:
        """Whether a cue of these tags stands right before, but for articles and one word for a thing."""
        if start > 0 and any(mark in message.tokens[start].gap for mark in ".!?\n"):
            return False
        before = self._skip_articles(message, start)
        if self._lexicon.cues.ending_at(message, before, tags):
            return True
        noun = before - 1
        if noun >= 0 and message.tokens[noun].key in self._lexicon.words["things"] and noun != before:
            before = self._skip_articles(message, noun)
            return self._lexicon.cues.ending_at(message, before, tags) is not None
        return False

    def asked_about(self, message: Message, start: int) -> bool:
        """Whether a phrase that asks about something stands right before."""
        before = self._skip_articles(message, start)
        if self._schema.questions.ending_at(message, before):
            return True
        return self._lexicon.intents.ending_at(message, before, ("about", "have", "why")) is not None

    def _praised_after(self, message: Message, end: int) -> bool:
        return (
            self._lexicon.cues.starting_at(message, end, ("after_like", "after_dislike", "after_allow", "after_take"))
            is not None
        )

    def names_siblings(self, key: str) -> bool:
        """Whether a word behind a surname means several people of that name."""
        return key in self._lexicon.words["siblings"]

    def is_article(self, key: str) -> bool:
        """Whether a word is an article."""
        return key in self._lexicon.words["articles"]

    def thing_after(self, message: Message, end: int) -> bool:
        """Whether a word for the catalog's things stands right behind: "Kubrick films"."""
        return (
            end < len(message.tokens)
            and message.tokens[end].key in self._lexicon.words["things"]
            and not message.starts_sentence(end)
        )

    def _ends_phrase(self, message: Message, end: int) -> bool:
        if end == len(message.tokens) or message.tokens[end].gap.strip():
            return True
        key = message.tokens[end].key
        return (
            key in self._lexicon.words["about"]
            or key in self._lexicon.words["and"]
            or key in self._lexicon.words["or"]
            or bool(self._lexicon.cues.starting_at(message, end, ("contrast", "refuse")))
        )

    def whole_message(self, message: Message, start: int, end: int) -> bool:
        """Whether nothing else of weight stands in the message."""
        rest = [*message.tokens[:start], *message.tokens[end:]]
        beside = self._lexicon.words["articles"] | self._lexicon.words["courtesies"]
        return all(token.key in beside for token in rest)

    def quoted_or_dated(self, message: Message, start: int, end: int) -> bool:
        """Whether quotation marks stand around these tokens, or a year in brackets behind them."""
        if message.quoted(start, end):
            return True
        return year_after(message, end) is not None and "(" in message.tokens[end].gap
