"""Pointing at what is shown: "the first one", "the last two", "both", "it", "the Nolan one"."""

from collections.abc import Iterator, Sequence

from chatbot.state import DialogueState
from chatbot.understanding.lexicon import Lexicon
from chatbot.understanding.mentions import Mention
from chatbot.understanding.names import Name
from chatbot.understanding.text import Message
from index.catalog import Catalog, fold

_PRONOUN_HOSTS = ("like", "dislike", "seen", "similar", "want", "negator")
_PRAISE = ("after_like", "after_dislike", "after_take")


def find_references(
    message: Message, mentions: Sequence[Mention], state: DialogueState, catalog: Catalog, lexicon: Lexicon
) -> list[Mention]:
    """Mentions of shown items, or of the one in focus, made without naming them. They overlap no other mention,
    but for "the Nolan one", which takes the place of the mention of Nolan."""
    found = [*_described(message, mentions, state, catalog, lexicon)]
    named = [m for m in mentions if m.end - m.start > 1 or not message.tokens[m.start].key.isdigit()]
    taken = {i for m in [*named, *found] for i in range(m.start, m.end)}
    pointed = (*_ordinals(message, state, catalog, lexicon), *_pronouns(message, mentions, state, catalog, lexicon))
    for reference in pointed:
        if not taken & set(range(reference.start, reference.end)):
            taken |= set(range(reference.start, reference.end))
            found.append(reference)
    return sorted(found, key=lambda m: m.start)


def _as_mention(catalog: Catalog, start: int, end: int, item_id: str) -> Mention:
    position = catalog.positions[item_id]
    return Mention(start, end, (Name("item", catalog.items[position].title, 1.0, position),))


def _ordinals(message: Message, state: DialogueState, catalog: Catalog, lexicon: Lexicon) -> Iterator[Mention]:
    shown = state.last_shown
    tokens = message.tokens
    yield from _numbers(message, shown, catalog, lexicon)
    for span in lexicon.ordinals.longest(message):
        place = lexicon.ordinal_values[span.tag]
        after = lexicon.pointers.starting_at(message, span.end, ("one",))
        before = tokens[span.start - 1].key if span.start else ""
        closed = span.end == len(tokens) or bool(set(tokens[span.end].gap) & set(".,;!?"))
        verb = span.end < len(tokens) and not after and _follows(message, span.end, lexicon)
        definite = before in lexicon.words["definite"]
        numbered = len(span.tag.split()) > 1  # "number two" needs no article
        if not shown or not (after or numbered or (definite and (closed or verb))):
            continue
        count = lexicon.number_words.get(tokens[after.start].key, 1) if after else 1
        if after and count > 1:
            yield _all(catalog, span.start, after.end, shown[-count:] if place == -1 else shown[:count])
        elif 0 < place <= len(shown) or place == -1:
            but = lexicon.pointers.ending_at(message, span.start - definite, ("all_but",))
            if but:
                chosen = shown[place - (place > 0)]
                end = after.end if after else span.end
                yield _all(catalog, but.start, end, [i for i in shown if i != chosen])
                continue
            yield _as_mention(catalog, span.start, after.end if after else span.end, shown[place - (place > 0)])


def _numbers(message: Message, shown: Sequence[str], catalog: Catalog, lexicon: Lexicon) -> Iterator[Mention]:
    """ "#2", "seen 1 and 2"."""
    hosts = ("like", "dislike", "seen", "similar")
    chained = False
    for at, token in enumerate(message.tokens):
        numbered = token.key.isdigit() and 0 < int(token.key) <= len(shown)
        hosted = token.gap.endswith("#") or chained or lexicon.opinions.ending_at(message, at, hosts) is not None
        if numbered and hosted and (at + 1 == len(message.tokens) or not _is_noun(message, at + 1, lexicon)):
            yield _as_mention(catalog, at, at + 1, shown[int(token.key) - 1])
            chained = True
        else:
            chained = chained and token.key in lexicon.words["coordinators"]


def _is_noun(message: Message, at: int, lexicon: Lexicon) -> bool:
    return not message.tokens[at].gap.strip() and message.tokens[at].key in lexicon.words["things"]


def _all(catalog: Catalog, start: int, end: int, item_ids: Sequence[str]) -> Mention:
    names = (
        Name("item", catalog.items[p].title, 1.0, p) for i in item_ids if (p := catalog.positions.get(i)) is not None
    )
    return Mention(start, end, tuple(names), several=True)


def _follows(message: Message, at: int, lexicon: Lexicon) -> bool:
    """Whether a word stands here that can only follow a noun: "the second was great", "the first and the third"."""
    praised = lexicon.opinions.starting_at(message, at, _PRAISE) is not None
    return praised or message.tokens[at].key in lexicon.words["after_ordinal"]


def _pronouns(
    message: Message, mentions: Sequence[Mention], state: DialogueState, catalog: Catalog, lexicon: Lexicon
) -> Iterator[Mention]:
    named = any(m.name.kind == "item" for m in mentions)
    for span in lexicon.pointers.longest(message):
        before = lexicon.opinions.ending_at(message, span.start, _PRONOUN_HOSTS)
        after = lexicon.opinions.starting_at(message, span.end, _PRAISE)
        if not (before or after):
            continue
        if span.tag == "it" and (span.end == len(message.tokens) or after or _closes(message, span.end, lexicon)):
            meant = () if named else _meant(state, catalog)
            if meant:
                yield Mention(span.start, span.end, meant)
        elif span.tag == "both" and state.last_shown and (after or _closes(message, span.end, lexicon)):
            yield _all(catalog, span.start, span.end, state.last_shown)


def _meant(state: DialogueState, catalog: Catalog) -> tuple[Name, ...]:
    """What "it" may stand for: the item last spoken of, else any of the list."""
    ids = (state.spoken_of,) if state.spoken_of else state.last_shown
    return tuple(
        Name("item", catalog.items[p].title, 1.0, p) for i in ids if (p := catalog.positions.get(i)) is not None
    )


def _closes(message: Message, at: int, lexicon: Lexicon) -> bool:
    """Whether what stands before token `at` is no part of a longer noun: "that", not "that film"."""
    if at >= len(message.tokens) or message.tokens[at].gap.strip():
        return True
    return message.tokens[at].key in lexicon.words["after_pronoun"]


def _described(
    message: Message, mentions: Sequence[Mention], state: DialogueState, catalog: Catalog, lexicon: Lexicon
) -> Iterator[Mention]:
    """ "The Nolan one", "the animated one": one shown item, and only one, has the value."""
    one, the = lexicon.words["one"], lexicon.words["demonstratives"]
    for mention in mentions:
        if mention.name.kind == "item" or mention.start == 0 or mention.end >= len(message.tokens):
            continue
        if message.tokens[mention.end].key not in one or message.tokens[mention.start - 1].key not in the:
            continue
        name = mention.name
        having = [
            item_id
            for item_id in state.last_shown
            if (item := catalog.item(item_id)) is not None
            and any(fold(str(v)) == fold(name.text) for field in name.fields for v in item.values(field))
        ]
        if len(having) == 1:
            yield _as_mention(catalog, mention.start, mention.end + 1, having[0])
