"""`chatbot rank` over an index that has learned from dialogues."""

import io
import json
import random
from functools import cache

from house import TODAY, films

from chatbot.bot import Chatbot
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.writer import load_writer
from chatbot.ranking import rank_lines
from index.build import build_index
from index.dialogues import Dialogue, Said
from index.embedding import HashingEmbedder
from index.ranker.fitting import Settings
from index.ranker.net import NetSettings

QUICK = Settings(folds=2, nets_per_fold=1, blends=1, net=NetSettings(dimension=16, rate=1e-2, batch=32))
ANSWERS = {"Alien": "Unforgiven", "Heat": "Frozen", "Rushmore": "Ghost"}
"""A rule that nothing but the dialogues can teach."""


@cache
def bot():
    catalog = films()
    at = {item.title: place for place, item in enumerate(catalog.items)}
    order = random.Random(0)
    named = [order.choice(sorted(ANSWERS)) for _ in range(200)]
    talks = [Dialogue((Said(True, "I like", (at[n],)), Said(False, "Try", (at[ANSWERS[n]],)))) for n in named]
    index = build_index(catalog, HashingEmbedder(32), dialogues=talks, settings=QUICK)
    return Chatbot(index, load_writer("templates", CatalogGuard.of(catalog)), TODAY)


def ranked(**context):
    out = io.StringIO()
    rank_lines(bot(), io.StringIO(json.dumps(context)), out, top=20)
    titles = bot().index.catalog
    return [titles.item(name).title for name, _ in json.loads(out.getvalue())["items"]]


def says(text, **more):
    return {"messages": [{"role": "user", "text": text, **more}]}


def test_mentions_marks_and_titles_are_understood_alike():
    for title, answer in ANSWERS.items():
        number = next(item.id for item in bot().index.catalog.items if item.title == title)
        for context in (says("I like it", mentions=[number]), says(f"I like @{number}"), says(f"I like {title}")):
            assert ranked(**context, exclude=[number])[0] == answer


def test_leaving_out_what_was_named_changes_nothing_else():
    context = says("I like @1 and @4")
    everything, left = ranked(**context), ranked(**context, exclude=["1", "4"])
    assert len(everything) == 20
    assert [title for title in everything if title not in ("Alien", "Heat")] == left


def test_nothing_said_still_gives_a_list():
    assert len(ranked(messages=[])) == 20


def test_a_title_in_a_question_of_the_other_side_is_heard_too():
    for title, answer in ANSWERS.items():
        number = next(item.id for item in bot().index.catalog.items if item.title == title)
        asked = [{"role": "assistant", "text": f"Have you seen {title}?"}]
        assert ranked(messages=asked, exclude=[number])[0] == answer


def test_what_is_refused_comes_last():
    everything = ranked(**says("I like @1"))
    refused = ranked(**says("I like @1 but no horror please"))
    horror = [item.title for item in bot().index.catalog.items if "horror" in item.values("genres")]
    assert set(refused) == set(everything)
    assert set(refused[-len(horror) :]) == set(horror) != set(everything[-len(horror) :])
