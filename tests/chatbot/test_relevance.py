"""The relevance classifier on dialogues whose truth is known: whoever wants to be scared likes the horror films."""

import json
import random

import numpy as np
import pytest
from house import films

from chatbot.generation.tokens import save_tokenizer, train_tokenizer
from chatbot.relevance.classifier import LONGEST, RelevanceClassifier, Texts
from chatbot.relevance.fitting import Plan, fit
from chatbot.relevance.pairs import Pair, read_pairs, split
from chatbot.relevance.scoring import figures, logistic_regression, majority, truths
from chatbot.relevance.train import train
from index.errors import CatalogError, ModelError

SCARED, AMUSED = "I want to be scared tonight", "make me laugh please"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A tiny GPT-2 of random weights, which reads fewer tokens than a pair may have."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("base")
    tokenizer = train_tokenizer([SCARED, AMUSED, "horror comedy Alien The Mask 1979 1994"] * 4, 400)
    save_tokenizer(tokenizer, folder)
    config = GPT2Config(vocab_size=tokenizer.get_vocab_size(), n_positions=LONGEST // 2, n_embd=32, n_layer=2, n_head=2)
    GPT2LMHeadModel(config).save_pretrained(folder)
    return folder


def pairs(count=160):
    rng = random.Random(3)
    made = []
    for dialogue in range(count):
        scared, horror = rng.random() < 0.5, rng.random() < 0.5
        made.append(Pair(dialogue, SCARED if scared else AMUSED, "horror" if horror else "comedy", scared == horror))
    return made


def test_pairs_hold_what_was_said_before_the_item_and_both_forms_of_opinion(tmp_path):
    file = tmp_path / "dialogues.jsonl"
    ours = {
        "messages": [
            {"role": "user", "text": "a scary one", "mentions": []},
            {"role": "assistant", "text": "try @1", "mentions": ["1"]},
            {"role": "user", "text": "yes!"},
        ],
        "likes": ["1"],
    }
    published = {
        "messages": [{"senderWorkerId": 7, "text": "I loved @3"}, {"senderWorkerId": 8, "text": "then @5"}],
        "initiatorWorkerId": 7,
        "initiatorQuestions": {"3": {"liked": 1}, "5": {"liked": 0}, "4": {"liked": 2}},
        "respondentQuestions": [],
    }
    file.write_text(json.dumps(ours) + "\n" + json.dumps(published) + "\n", encoding="utf-8")
    found = read_pairs(file, films())
    assert [(p.dialogue, p.context, p.liked) for p in found] == [
        (0, "a scary one", True),
        (1, "", True),
        (1, "I loved The Matrix", False),
    ]
    assert found[0].item == "Alien, 1979, horror, sci-fi, Ridley Scott, Sigourney Weaver, Tom Skerritt"


def test_forms_that_disagree_say_nothing(tmp_path):
    file = tmp_path / "dialogues.jsonl"
    forms = {"initiatorQuestions": {"1": {"liked": 1}, "3": {"liked": 1}}, "respondentQuestions": {"1": {"liked": 0}}}
    lines = [{"messages": [], **forms}, {"messages": [], "dislikes": ["4"]}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert [(p.item.split(",")[0], p.liked) for p in read_pairs(file, films())] == [
        ("The Matrix", True),
        ("Heat", False),
    ]


@pytest.mark.parametrize("line", ['{"text": "hi"}', '{"messages": ["hi"]}', '{"messages": [], "likes": ["1"]}'])
def test_a_file_that_teaches_nothing_is_named(tmp_path, line):
    file = tmp_path / "dialogues.jsonl"
    file.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"dialogues\.jsonl"):
        read_pairs(file, films())


def test_no_dialogue_stands_on_two_sides():
    train_rows, valid, test = split(pairs() + pairs(), seed=1)
    sides = [{p.dialogue for p in part} for part in (train_rows, valid, test)]
    assert [len(side) for side in sides] == [128, 16, 16]
    assert not sides[0] & sides[1]
    assert not sides[0] & sides[2]
    assert not sides[1] & sides[2]


def test_the_classifier_learns_what_neither_text_tells_alone(base, tmp_path):
    plan = Plan(base=str(base), rate=3e-3, batch=16, epochs=12, patience=12, dropout=0.0)
    report = train(plan, pairs(), tmp_path / "judge", lambda line: None)
    assert report["gpt-2"]["auc"] > 0.95 > report["majority"]["auc"] == 0.5
    assert report["logistic regression"]["auc"] < 0.8  # additive in its words: it cannot see which go together
    loaded = RelevanceClassifier.load(tmp_path / "judge")
    liked = loaded.liked([SCARED, SCARED, AMUSED], ["horror", "comedy", "comedy"])
    assert liked[0] > 0.5 > liked[1]
    assert liked[2] > 0.5
    assert not list((tmp_path / "judge").glob("*.bin"))


def test_batching_changes_no_score(base):
    plan = Plan(base=str(base), epochs=1)
    model, texts, _ = fit(plan, pairs(40), pairs(20), lambda line: None)
    judge = RelevanceClassifier(model, texts)
    contexts, items = [SCARED * n for n in range(1, 9)], ["horror", "comedy"] * 4
    together = judge.liked(contexts, items)
    alone = np.array([judge.liked([c], [i])[0] for c, i in zip(contexts, items, strict=True)])
    assert np.allclose(together, alone, atol=1e-5)


@pytest.mark.parametrize("options", [{"frozen": 2}, {"lora": 4}])
def test_what_is_frozen_stays(base, options):
    from transformers import GPT2Model

    before = GPT2Model.from_pretrained(str(base)).state_dict()
    model, _, _ = fit(Plan(base=str(base), epochs=1, **options), pairs(40), pairs(20), lambda line: None)
    after = model.transformer.state_dict()
    same = [np.allclose(before[name], after[name]) for name in before if name.startswith("h.0.attn.c_attn.weight")]
    assert same == [True] if "frozen" in options else [False]
    assert np.allclose(before["wte.weight"], after["wte.weight"])


def test_a_long_conversation_loses_its_beginning_never_the_item(base):
    texts = Texts.load(str(base))
    ids = texts.ids("laugh " * 500 + "tonight", "horror")
    assert len(ids) == LONGEST
    assert texts.tokenizer.decode(ids).endswith(
        "tonight<|end|>horror<|end|>".replace("<|end|>", texts.tokenizer.eos_token)
    )


def test_errors_name_the_remedy(base, tmp_path):
    with pytest.raises(ModelError, match="chatbot train relevance"):
        RelevanceClassifier.load(tmp_path)
    with pytest.raises(ModelError, match="freeze fewer"):
        fit(Plan(base=str(base), frozen=9), pairs(20), pairs(20), lambda line: None)


def test_figures_by_hand():
    liked = np.array([True, True, True, False])
    found = figures(liked, np.array([0.9, 0.8, 0.2, 0.1]))
    assert found == {
        "accuracy": 0.75,
        "f1_macro": pytest.approx((0.8 + 2 / 3) / 2),
        "f1_dislike": pytest.approx(2 / 3),
        "auc": 1.0,
    }
    assert figures(liked, majority(pairs(), pairs(4)))["auc"] == 0.5
    assert len(logistic_regression(pairs(), pairs(7), 0)) == len(truths(pairs(7)))
