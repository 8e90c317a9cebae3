"""Training from raw files to a folder that writes, on a scale of seconds."""

import gzip
import json
import random
from itertools import islice

import pytest

from chatbot.acts import Segment
from chatbot.generation import train
from chatbot.generation.basing import Base
from chatbot.generation.drawing import Request, SlotDrawer
from chatbot.generation.finetuning import finetune, split
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.lines import read_corpus
from chatbot.generation.pretraining import delexicalise, is_clean, pretraining_examples
from chatbot.generation.prompts import Example, slots_of
from chatbot.generation.tokens import Encoded, encode, save_tokenizer, train_tokenizer
from chatbot.generation.training import Schedule, Shape, batches, fit, held_out_loss, new_model, one_epoch
from chatbot.generation.writer import load_writer

TINY = Shape(layers=1, width=32, heads=2)
CITIES = ["Rome", "Paris", "Berlin", "Madrid", "Oslo", "Prague"]


def put(path, records):
    path.parent.mkdir(exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(record) + "\n" for record in records)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    texts = ["I found {} for you.", "How about {} then?", "You could try {} today.", "There is {} in town."]
    turns = [
        {"speaker": "system", "acts": [["OFFER", "restaurant_name", [c]]], "text": text.format(c)}
        for text in texts
        for c in CITIES
    ]
    put(folder / "sgd" / "turns.jsonl.gz", turns * 3)
    act = "recommend(name='ares';price=100 dollars)"
    put(
        folder / "rnnlg" / "acts.jsonl.gz", [{"act": act, "texts": ["ares is a nice laptop -s . it costs 100 dollars"]}]
    )
    said = [{"senderWorkerId": 1, "text": "Have you seen @12 yet, my friend?"}, {"senderWorkerId": 0, "text": "No."}]
    put(folder / "redial" / "train.jsonl.gz", [{"respondentWorkerId": 1, "messages": said}])
    put(folder / "redial" / "movie_facts.jsonl.gz", [{"plot": "A quiet man walks home. He meets Bob."}])
    film = {"title": "Oz", "year": 1999, "cast": ["A B", "C D"], "genres": ["Drama"]}
    film["extract"] = "Oz is a 1999 American drama film directed by Jo Doe and starring A B and C D."
    put(folder / "wikimovies" / "movies.jsonl.gz", [film])
    return folder


def test_values_become_slots_and_nothing_foreign_is_left(data):
    examples = pretraining_examples(data, seed=1)
    texts = {e.text for e in examples}
    assert "<title> is a <year> <genre> film directed by <creator> and starring <performers>." in {
        t.replace("<noun>", "film") for t in texts
    }
    assert "A quiet man walks home." in texts
    assert "He meets Bob." not in texts
    assert "Have you seen <title> yet, my friend?" in texts
    assert all(is_clean(e.text) and set(e.slots) == set(slots_of(e.text)) for e in examples)
    assert examples == pretraining_examples(data, seed=1)


def test_the_longest_value_is_replaced_first():
    text = delexicalise(
        "The Big House Inn has rooms.", [("name", "House"), ("hotel_name", "Big House Inn")], random.Random(1)
    )
    assert "<title>" in text
    assert "Big" not in text


def test_batches_hold_every_line_and_keep_to_their_size():
    lines = [Encoded(tuple(range(n)), 1) for n in (3, 9, 4, 4, 20, 7, 8)]
    for batch in one_epoch(lines, 24):
        assert len(batch) == 1 or len(batch) * max(len(line.ids) for line in batch) <= 24
    assert sorted(len(line.ids) for batch in one_epoch(lines, 24) for line in batch) == [3, 4, 4, 7, 8, 9, 20]
    assert list(islice(batches(lines, 24, 5), 6)) == list(islice(batches(lines, 24, 5), 6))


def test_a_model_learns_and_resumes_where_it_stopped(tmp_path):
    examples = [Example("bye", (), f"Goodbye, and {word} well.") for word in ("fare", "sleep", "eat", "live")]
    tokenizer = train_tokenizer([e.text for e in examples], 400)
    lines = encode(tokenizer, examples, 40)
    model = new_model(tokenizer.get_vocab_size(), 0, 1, TINY)
    before = held_out_loss(model, lines, 0)
    schedule = Schedule(steps=40, rate=1e-2, batch_tokens=256, stop=20, warm_up=5)
    assert fit(model, lines, schedule, pad=0, seed=1, checkpoint=tmp_path / "x.pt") == 20
    halfway = held_out_loss(model, lines, 0)
    again = new_model(tokenizer.get_vocab_size(), 0, 1, TINY)
    assert fit(again, lines, schedule, pad=0, seed=1, checkpoint=tmp_path / "x.pt") == 20
    assert held_out_loss(again, lines, 0) == pytest.approx(halfway)
    assert halfway < 0.7 * before


def test_from_raw_files_to_a_folder_that_writes(data, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    lines = [
        {"topic": "bye", "style": "plain", "domain": "any", "text": f"Goodbye, and {w} well."} for w in "abcdefghijkl"
    ]
    broken = {"topic": "bye", "style": "plain", "domain": "any", "text": "goodbye in 1999"}
    (corpus / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in [*lines, broken]))
    plan = train.Plan(seed=3, steps=4, stop=3, size=600, shape=TINY)
    replay = train.pretrain(data, tmp_path / "work", plan)
    out = tmp_path / "out"
    figures = finetune(tmp_path / "work", corpus, out, seed=3, epochs=2, replay=replay, shape=TINY)
    assert figures["lines"] + figures["held_out_lines"] == len(lines)
    assert figures["held_out_loss"] <= figures["held_out_loss_before"]
    writer = load_writer(out, CatalogGuard())
    assert "".join(piece for _, piece in writer.write([Segment("bye")], seed=1)).endswith((".", "!", "?"))
    assert not [path for path in out.iterdir() if path.suffix in (".bin", ".pt", ".pkl")]


@pytest.mark.parametrize(("lora", "freeze"), [(0, 0), (4, 0), (0, 1)])
def test_any_causal_model_can_be_fine_tuned(tmp_path, lora, freeze):
    """All of it, by adapters, or with its first layer as it was; what is written loads as a generator."""
    import torch
    from tokenizers import Tokenizer
    from transformers import LlamaConfig, LlamaForCausalLM

    lines = [
        {"topic": "bye", "style": "plain", "domain": "any", "text": f"Goodbye, and {w} well."} for w in "abcdefghijkl"
    ]
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    tokenizer = train_tokenizer([str(line["text"]) for line in lines], 300)
    plain = Tokenizer.from_str(tokenizer.to_str())
    save_tokenizer(plain, tmp_path / "base")
    torch.manual_seed(1)
    config = LlamaConfig(vocab_size=300, hidden_size=16, intermediate_size=32, num_hidden_layers=2,
                         num_attention_heads=2, max_position_embeddings=128)  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(tmp_path / "base")
    before = LlamaForCausalLM.from_pretrained(tmp_path / "base").state_dict()
    base = Base(str(tmp_path / "base"), lora, freeze)
    out = tmp_path / "out"
    figures = finetune(tmp_path / "work", tmp_path / "corpus", out, seed=3, epochs=2, base=base)
    assert figures["held_out_loss"] < figures["held_out_loss_before"]
    after = LlamaForCausalLM.from_pretrained(out).state_dict()
    first, last = "model.layers.0.mlp.up_proj.weight", "model.layers.1.mlp.up_proj.weight"
    assert (after[first].half() == before[first].half()).all() == bool(freeze)
    assert not (after[last].half() == before[last].half()).all()
    assert "<polyline" in (out / "curves.svg").read_text()
    drawn = SlotDrawer.load(out, [Example("bye", (), "Goodbye, and fare well.")])
    assert drawn.draw([Request("bye", frozenset())], seed=1)[0].text == "Goodbye, and fare well."


@pytest.mark.parametrize("options", [["--base", "/no/such/model"], ["--base", ".", "--freeze", "99"]])
def test_a_base_that_cannot_be_used_is_named_on_one_line(tmp_path, capsys, options):
    work = ["--work", str(tmp_path / "work"), "-o", str(tmp_path / "out"), "--corpus", str(tmp_path)]
    assert train.main([*options, *work]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_held_out_lines_are_not_learned_from(tmp_path):
    examples = [Example("bye", (), f"Bye {n}.") for n in range(30)]
    kept, held = split(examples, 1)
    assert len(held) == 3
    assert not set(kept) & set(held)
    assert read_corpus(tmp_path) == []


def test_missing_data_is_named_on_one_line(tmp_path, capsys):
    assert train.main(["--data", str(tmp_path), "-o", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
