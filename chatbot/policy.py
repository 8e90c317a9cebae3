"""What to do next: from a reading and the state to a dialogue act with the facts that it may use."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from chatbot.acts import Act, DialogueAct, Line, Segment
from chatbot.answering import Answerer
from chatbot.asking.asker import Asker
from chatbot.asking.queries import Query
from chatbot.recommending import Recommendation, Recommender
from chatbot.relaxing import conflict, relaxations
from chatbot.state import Asked, DialogueState, Evidence, Focus, Opinion, Request, Seen, Shown, Wish
from chatbot.understanding.reading import Question, Reading
from chatbot.wording import Wording

LIST_LENGTH = 4
SURPRISE, REFUSED = "surprise", "refused"
"""Topics of readings: one that wants a list and no question, and one that asks for more because nothing pleased."""
WHICH, RELAX = "which", "relax"
"""Topics of questions that are about no field."""
_SMALL_TALK_ACTS: dict[str, Act] = {
    "how_are_you": "greet",
    "who_are_you": "answer",
    "capabilities": "answer",
    "bot": "answer",
}


@dataclass(frozen=True)
class Decision:
    """What to say, the items to show, and what the state remembers of it."""

    act: DialogueAct
    items: tuple[Recommendation, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    offers: tuple[Reading, ...] = ()  # what each of the choices means, where it is known without reading it


@dataclass(frozen=True)
class Situation:
    """What a decision is made from. `before` is the state without this message's evidence, `state` with it."""

    reading: Reading
    before: DialogueState
    state: DialogueState
    rng: random.Random = field(default_factory=lambda: random.Random(0))


class Policy:
    """Decides for any number of conversations; holds no state of its own."""

    def __init__(self, recommender: Recommender, wording: Wording, asker: Asker) -> None:
        self._asker = asker
        self._recommender = recommender
        self._wording = wording
        self._answerer = Answerer(recommender, wording)
        one, many = recommender.catalog.nouns
        self._nouns = {"noun": one, "nouns": many}
        self._by_intent: dict[str, Callable[[Situation], Decision]] = {
            "more": self._more,
            "any": self._indifferent,
            "yes": self._acknowledge,
            "forget": self._forgotten,
            "question": self._question,
            "take": self._take,
            "greet": self._greet,
            "tell": self._told,
        }

    def decide(self, now: Situation) -> Decision:
        """The next act."""
        intent = now.reading.intent
        if intent in self._by_intent:
            return self._by_intent[intent](now)
        return self._short(intent, now.reading.topic)

    # ------------------------------------------------------------ talk that moves nothing

    def _short(self, intent: str, topic: str) -> Decision:
        acts: dict[str, tuple[Act, str]] = {
            "thanks": ("acknowledge", "acknowledge.thanks"),
            "bye": ("bye", "bye"),
            "smalltalk": (_SMALL_TALK_ACTS.get(topic, "decline"), f"smalltalk.{topic}"),
            "insult": ("decline", "decline.insult"),
            "instruction": ("decline", "decline.instruction"),
            "offtopic": ("decline", "decline.offtopic"),
            "unclear": ("decline", f"decline.{topic or 'unclear'}"),
            "empty": ("decline", "decline.empty"),
            "long": ("decline", "decline.long"),
            "language": ("decline", "decline.language"),
        }
        act, segment = acts[intent]
        return Decision(DialogueAct(act, (self._say(segment),)))

    def _say(self, topic: str, **slots: str) -> Segment:
        """A segment whose given slots are all required; the nouns are free to use."""
        return Segment(topic, {**self._nouns, **slots}, frozenset(slots))

    def _greet(self, now: Situation) -> Decision:
        """Back to whoever greets; with the best first question where nothing is known yet."""
        if now.before.evidence:
            return Decision(DialogueAct("greet", (self._say("greet.again"),)))
        query = self._asker.first(now.before, now.state, LIST_LENGTH, now.rng)
        if query is None:
            return Decision(DialogueAct("greet", (self._say("greet.first"),)))
        act = DialogueAct("greet", (self._say("greet.hello"), self._asker.segment(query)), choices=query.options)
        return Decision(act, evidence=(Asked(query.field),), offers=self._asker.offers(query))

    def _acknowledge(self, now: Situation) -> Decision:
        if not now.before.evidence:  # "something good, please"
            return self._indifferent(now)
        if now.before.open_question:
            return self._recommend(now)
        return Decision(DialogueAct("acknowledge", (self._say("acknowledge.ok"),)))

    def _praised(self, now: Situation) -> Decision:
        """ "The first one sounds great": a pick, or nearly."""
        liked = [e.item_id for e in now.reading.evidence if isinstance(e, Opinion) and e.item_id]
        decision = self._take(now, liked[0] if len(liked) == 1 else "")
        return replace(decision, evidence=tuple(Focus(i) for i in liked if len(liked) == 1))

    def _take(self, now: Situation, item_id: str | None = None) -> Decision:
        item = self._recommender.catalog.item((now.state.focus or "") if item_id is None else item_id)
        if item is None:
            return Decision(DialogueAct("acknowledge", (self._say("acknowledge.ok"),)))
        segment = self._say("acknowledge.take", title=item.title)
        return Decision(DialogueAct("acknowledge", (segment,)), (Recommendation(item, 1.0),))

    def _forgotten(self, now: Situation) -> Decision:
        if not now.reading.forget:
            return Decision(DialogueAct("acknowledge", (self._say("acknowledge.ok"),)))
        return self._recommend(now, topic="recommend.changed")

    # ------------------------------------------------------------ wishes

    def _told(self, now: Situation) -> Decision:
        reading = now.reading
        if reading.ambiguity:
            options = self._wording.listed(reading.ambiguity.options, "or")
            if reading.ambiguity.query:
                topic = "ask.which_name" if reading.ambiguity.kind == "person" else "ask.which"
                segment = self._say(topic, query=reading.ambiguity.query, options=options)
            else:
                segment = self._say("ask.which_shown", options=options)
            act = DialogueAct("ask", (segment,), choices=reading.ambiguity.options)
            return Decision(act, evidence=(Asked(WHICH),))
        if reading.unknown or reading.unkept:
            return self._lacking(now)
        if reading.praised:
            return self._praised(now)
        if reading.more and not reading.evidence:
            return self._more(now)
        query = self._asker.first(now.before, now.state, self._wanted(now), now.rng)
        return self._ask(query) if query else self._recommend(now, topic=self._news(now))

    def _lacking(self, now: Situation) -> Decision:
        """What the catalog does not have or does not hold is said first; then comes what else was asked for."""
        reading, words = now.reading, self._wording
        unkept = words.listed([words.role_name(name) for name in reading.unkept], "or")
        missing = self._say("answer.not_kept", field=unkept) if unkept else None
        if reading.unknown:
            missing = self._say("answer.not_in_catalog", query=reading.unknown)
        known = [e for e in reading.evidence if not (reading.unknown and isinstance(e, Request))]
        if known:
            return self._recommend(now, first=missing)
        offered = self._answerer.answer(Question("values", field=reading.kinds), now.state) if reading.kinds else None
        query = None if reading.unknown else self._asker.first(now.before, now.state, self._wanted(now), now.rng)
        told = (missing, *(offered.segments if offered else ())) if missing else ()
        if query is None:
            return Decision(DialogueAct("answer", told))
        act = DialogueAct("ask", (*told, self._asker.segment(query)), choices=query.options)
        return Decision(act, evidence=(Asked(query.field),))

    def _news(self, now: Situation) -> str:
        """What is new about the list that a message leads to: a correction, or only that something was seen."""
        if now.reading.correction and now.before.beliefs:
            return "recommend.changed"
        only_seen = bool(now.reading.evidence) and all(isinstance(e, Seen) for e in now.reading.evidence)
        return "recommend.more" if only_seen and now.state.shown else ""

    # ------------------------------------------------------------ asking

    def _indifferent(self, now: Situation) -> Decision:
        """ "I don't care" answers a question, and "anything good" begins a talk: the next best thing follows. "Surprise
        me" wants a list."""
        asks = now.reading.topic != SURPRISE and (self._asker.is_open(now.before) or not now.before.evidence)
        query = self._asker.first(now.before, now.state, self._wanted(now), now.rng) if asks else None
        return self._ask(query) if query else self._recommend(now)

    def _ask(self, query: Query) -> Decision:
        act = DialogueAct("ask", (self._asker.segment(query),), choices=query.options)
        return Decision(act, evidence=(Asked(query.field),), offers=self._asker.offers(query))

    def _wanted(self, now: Situation) -> int:
        """How many items a list shows."""
        return now.reading.count or LIST_LENGTH

    # ------------------------------------------------------------ lists

    def _more(self, now: Situation) -> Decision:
        if not now.state.shown:
            return self._told(Situation(Reading("tell"), now.before, now.state, now.rng))
        if now.reading.topic == REFUSED and (query := self._asker.instead(now.state, self._wanted(now), now.rng)):
            return self._ask(query)
        return self._recommend(now, topic="recommend.more", again=False)

    def _recommend(self, now: Situation, topic: str = "", first: Segment | None = None, again: bool = True) -> Decision:
        """A list, opened by a segment of `topic` (chosen here if left out), with `first` before it."""
        wanted = self._wanted(now)
        found = self._recommender.recommend(now.state, wanted, again)
        if not found:
            return self._relax(now)
        opening = self._opening(now, topic, found, wanted)
        lines = tuple(self._line(r, now, place) for place, r in enumerate(found))
        openings = (first, opening) if first else (opening,)
        shown = Shown(tuple(r.item.id for r in found))
        query = self._asker.beneath(now.state, shown.item_ids, now.rng) if len(found) > 1 else None
        closing = (self._asker.segment(query),) if query else self._closing(now, found)
        # The question comes before the list, since what is said next may be about either: it is none that is open.
        asked = (Asked(query.field),) if query else ()
        return Decision(DialogueAct("recommend", openings, lines, closing), tuple(found), (*asked, shown))

    def _line(self, chosen: Recommendation, now: Situation, place: int) -> Line:
        reason = self._recommender.reason(chosen.item, now.state, now.rng, place)
        slots = {**self._nouns, **reason.slots}
        return Line(
            chosen.item.id,
            self._wording.heading(chosen.item),
            Segment(reason.topic, slots, reason.required, reason.style),
        )

    def _opening(self, now: Situation, topic: str, found: Sequence[Recommendation], wanted: int) -> Segment:
        """The sentence before the list. It says of the list only what holds for every item."""
        wish = self._wording.wish(now.state, brief=True, items=[r.item for r in found])
        if len(found) == 1 and now.state.shown:
            return self._say("recommend.another", **({"wish": wish} if wish else {}))
        if not wish:
            told = "recommend.open" if now.state.beliefs else "recommend.start"
            return self._say("recommend.more" if now.state.shown else told)
        fewer = len(found) < wanted
        if topic == "recommend.more" or (fewer and now.before.shown):  # what was shown before fits as well
            return self._say("recommend.more", wish=wish)
        if topic == "recommend.changed":
            return self._say(topic, wish=wish)
        if len(found) == 1:
            return self._say("recommend.one", wish=wish)
        if fewer:
            return self._say("recommend.few", wish=wish, count=self._wording.count(len(found)))
        liked = [o for o in now.state.opinions(liked=True) if o.item_id]
        if liked and len(now.state.beliefs) == 1 and self._wording.named_by_user(liked[0]):
            title = self._recommender.catalog.items[self._recommender.catalog.positions[liked[0].item_id or ""]].title
            return self._say("recommend.liked", liked=title)
        return self._say("recommend.many", wish=wish)

    def _closing(self, now: Situation, found: Sequence[Recommendation]) -> tuple[Segment, ...]:
        """The sentence after the list; it may name the first item, or what was asked for."""
        if len(found) > 1 and now.state.shown and now.rng.random() < 0.5:
            return ()  # asking after every list would nag
        topic = now.rng.choice(("close.refine", "close.seen")) if len(found) > 1 else "close.one"
        slots = {**self._nouns, "title": found[0].item.title}
        wish = self._wording.wish(now.state, brief=True, items=[r.item for r in found])
        return (Segment(topic, {**slots, "wish": wish} if wish else slots),)

    # ------------------------------------------------------------ nothing fits

    def _relax(self, now: Situation) -> Decision:
        """What conflicts, where nothing fits at all, and what giving up the least would bring."""
        words = self._wording
        involved = conflict(now.state, self._recommender.catalog)
        named = words.dropped([c for held in involved for c in held.constraints])
        wish = words.wish(now.state, brief=True)
        told = [self._say("relax.conflict", wish=wish, conflict=named) if involved else self._say("relax.none")]
        offers: dict[str, Reading] = {}
        dropped: list[str] = []
        moved: list[Segment] = []
        for found in relaxations(self._recommender, now.state):
            if found.instead:
                span = words.spans(found.instead)
                moved.append(self._say("relax.nearest", value=words.items(found.count, span)))
                evidence = tuple(Wish(c, replaces=True) for c in found.instead)
                offers[words.to_change(span)] = Reading("tell", evidence=evidence, correction=True)
            else:
                given_up = [c for held in found.given_up for c in held.constraints]
                dropped.append(words.relaxed(given_up, found.count))
                beliefs = tuple(belief for held in found.given_up for belief in held.beliefs)
                offers[words.to_forget(given_up)] = Reading("forget", forget=beliefs)
        if dropped:
            told.append(self._say("relax.options", options=words.listed(dropped, "or")))
        act = DialogueAct("relax", (*told, *moved), choices=tuple(offers))
        return Decision(act, evidence=(Asked(RELAX),), offers=tuple(offers.values()))

    # ------------------------------------------------------------ questions

    def _question(self, now: Situation) -> Decision:
        if now.reading.ambiguity:
            return self._told(now)
        assert now.reading.question is not None
        answer = self._answerer.answer(now.reading.question, now.state)
        focus = tuple(Focus(i.item.id) for i in answer.items[:1])
        return Decision(DialogueAct(answer.act, answer.segments), answer.items, focus)
