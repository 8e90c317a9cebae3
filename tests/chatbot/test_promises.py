"""What must never happen, over random conversations: a broken wish, a text that differs from the cards."""

import random

from house import bot_for, talk
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.evaluation.copy import evaluate
from chatbot.evaluation.grounding import Grounding
from chatbot.policy import Situation
from chatbot.state import DialogueState, Opinion, Seen, Wish
from chatbot.understanding.reading import Reading
from index.constraints import Constraint, holds

BOT = bot_for("films")
CATALOG = BOT.index.catalog
GENRES = sorted(CATALOG.postings("genres"))
PEOPLE = sorted({*CATALOG.spellings("cast").values(), *CATALOG.spellings("directors").values()})
IDS = [item.id for item in CATALOG.items]

EVIDENCE = st.one_of(
    st.builds(Opinion, st.booleans(), field=st.just("genres"), value=st.sampled_from(GENRES)),
    st.builds(Opinion, st.booleans(), field=st.sampled_from(["cast", "directors"]), value=st.sampled_from(PEOPLE)),
    st.builds(Opinion, st.booleans(), item_id=st.sampled_from(IDS)),
    st.builds(Seen, st.sampled_from(IDS)),
    st.builds(Wish, st.builds(Constraint, st.just("genres"), st.just("="), st.sampled_from(GENRES))),
    st.builds(
        Wish, st.builds(Constraint, st.just("year"), st.sampled_from(["<", "<=", ">", ">="]), st.integers(1975, 2020))
    ),
)


@settings(max_examples=2000, deadline=None)
@given(st.lists(EVIDENCE, max_size=5), st.integers(0, 99))
def test_no_reply_breaks_a_wish(evidence, seed):
    """From a random state through mask, ranking and policy to what is shown."""
    state = DialogueState()
    for turn, piece in enumerate(evidence, start=1):
        state = state.plus([piece], turn)
    policy = BOT.policy
    decision = policy.decide(Situation(Reading("any", topic="surprise"), state, state, random.Random(seed)))
    assert decision.act.act in ("recommend", "relax")
    for shown in decision.items:
        refused = [o for o in state.opinions(liked=False)]
        assert all(holds(shown.item, w.constraint) for w in state.wishes)
        assert all(
            o.value not in shown.item.values(f) for o in refused if o.value for f in ("genres", "cast", "directors")
        )
        assert shown.item.id not in {*state.seen, *(o.item_id for o in refused)}


def test_random_talk_keeps_to_the_record_on_films_and_in_a_shop():
    for name in ("films", "shop"):
        figures = evaluate(bot_for(name), 250, seed=3)
        assert figures["faults"] == 0, figures["examples"]


def test_a_false_reply_is_noticed():
    """The check itself can fail: a title from elsewhere, a card that the text lacks, a wish not kept."""
    conversation = talk()
    turn = conversation.say("a comedy with Jim Carrey")
    grounding = Grounding(CATALOG)
    said = ["a comedy with Jim Carrey"]
    assert grounding.faults(conversation, said, turn) == []
    from dataclasses import replace

    assert grounding.faults(conversation, said, replace(turn, text=turn.text + " Try Pulp Fiction."))
    assert grounding.faults(conversation, said, replace(turn, text="Nothing."))
    conversation.say("no comedy")
    assert grounding.faults(conversation, said, turn)
