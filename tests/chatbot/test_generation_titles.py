"""Titles from a model: whatever it likes, only the catalog's titles come out."""

import json

import pytest
from house import bot_for, films
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.cli import main
from chatbot.generation.titles import TitleProposer, TitleTrie
from chatbot.generation.tokens import train_tokenizer
from chatbot.generation.training import Shape, new_model
from chatbot.writing.copywriter import CopyError
from chatbot.writing.titles import proposed, proposer
from index.folder import save_index

TITLES = [item.title for item in films().items]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """The folder of a random GPT-2."""
    import torch
    from transformers import PreTrainedTokenizerFast

    tokenizer = train_tokenizer([*TITLES, "Request: a film that fits"], 400)
    torch.manual_seed(4)
    folder = tmp_path_factory.mktemp("tiny")
    new_model(tokenizer.get_vocab_size(), 0, 1, Shape(layers=1, width=16, heads=2)).save_pretrained(folder)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<end>", pad_token="<pad>").save_pretrained(folder)
    return folder


@given(rows=st.lists(st.lists(st.integers(2, 5), min_size=1, max_size=4), min_size=1, max_size=12))
def test_a_trie_leads_to_its_titles_and_to_nothing_else(rows):
    trie = TitleTrie(enumerate(rows), end=1)
    assert len(trie) == len({tuple(row) for row in rows})
    for position, row in enumerate(rows):
        assert all(token in trie.next(row[:at]) for at, token in enumerate([*row, 1]))
        assert position in trie.items([*row, 1, 0])
    assert trie.items([9]) == ()
    assert trie.next([9]) == [1]


@given(requests=st.lists(st.text(max_size=30), min_size=1, max_size=3), k=st.integers(1, 25))
@settings(max_examples=8, deadline=None)
def test_every_proposal_is_a_title_of_the_catalog(tiny, requests, k):
    found = TitleProposer.load(tiny, TITLES, "film").propose(requests, k)
    assert len(found) == len(requests)
    for proposals in found:
        assert 1 <= len(proposals) <= min(k, len(set(TITLES)))
        assert [p.score for p in proposals] == sorted((p.score for p in proposals), reverse=True)
        assert len({p.positions for p in proposals}) == len(proposals)


def test_all_titles_come_out_where_as_many_are_asked_for(tiny):
    (found,) = TitleProposer.load(tiny, TITLES, "film").propose(["anything"], 40)
    assert len(found) >= 15
    assert [p.positions for p in found if TITLES[p.positions[0]] == "It"] in ([(7, 8)], [])


def test_a_request_in_a_batch_gets_what_it_would_get_alone(tiny):
    both = TitleProposer.load(tiny, TITLES, "film")
    together = both.propose(["a film", "a much longer wish for a film that fits"], 3)
    assert [[p.positions for p in found] for found in together] == [
        [p.positions for p in both.propose([text], 3)[0]]
        for text in ("a film", "a much longer wish for a film that fits")
    ]


def test_the_wishes_of_a_request_hold(tiny):
    bot = bot_for("films")
    found = proposed(bot, proposer(bot, tiny), "I'm looking for a comedy, no romance", 10)
    assert {item.title for item, _ in found} <= {"The Mask", "Dumb and Dumber", "Up", "Toy Story", "Rushmore"}
    assert len(found) == 5


def test_the_command_names_titles(tiny, tmp_path, capsys):
    save_index(bot_for("films").index, tmp_path)
    asked = ["write", "--index", str(tmp_path), "--kind", "titles", "--generator", str(tiny)]
    assert main([*asked, "--for", "a horror film", "--top", "3", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 3
    assert all(row["title"] in ("Alien", "It", "Get Out") for row in rows)
    assert main(asked) == 2
    assert "--for" in capsys.readouterr().err


def test_what_cannot_be_held_to_titles_is_told():
    for name in ("templates", "http://127.0.0.1:9/v1"):
        with pytest.raises(CopyError, match="titles"):
            proposer(bot_for("films"), name)
