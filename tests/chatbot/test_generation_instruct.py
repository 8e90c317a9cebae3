"""Instruct models on this machine: tiny random ones, with chat templates of several forms."""

from threading import Event

import pytest

from chatbot.acts import Segment
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.local_chat import LocalSource
from chatbot.generation.moulds import finished, mould_of, tidy, told
from chatbot.generation.tokens import train_tokenizer
from chatbot.generation.writer import load_writer
from index.errors import ModelError

PLAIN = "{% for m in messages %}<act>{{ m['role'] }}<text>{{ m['content'] }}{% endfor %}<act>assistant<text>"
STRICT = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system here') }}{% endif %}" + PLAIN
TOLD = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "a film"}]


@pytest.fixture(scope="module")
def tiny():
    """A random Llama of a few thousand weights, and its tokenizer."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = train_tokenizer(["a small film about nothing much", "Be brief."], 300)
    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=16, intermediate_size=16, num_hidden_layers=1,
        num_attention_heads=2, max_position_embeddings=600, pad_token_id=0, bos_token_id=1, eos_token_id=1,
    )  # fmt: skip
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<end>", pad_token="<pad>")
    return LlamaForCausalLM(config).eval(), wrapped


@pytest.mark.parametrize("template", [PLAIN, STRICT])
def test_a_model_answers_through_its_own_template_and_keeps_to_its_seed(tiny, template):
    model, tokenizer = tiny
    tokenizer.chat_template = template
    source = LocalSource("tiny", model, tokenizer, longest=12)
    texts = ["".join(source.stream(TOLD, seed=seed, stop=Event())) for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]
    assert texts[0]
    stopped = Event()
    stopped.set()
    assert list(source.stream(TOLD, seed=1, stop=stopped)) == []


def test_a_prompt_that_is_too_long_leaves_room_for_the_answer(tiny):
    model, tokenizer = tiny
    tokenizer.chat_template = PLAIN
    source = LocalSource("tiny", model, tokenizer, longest=10)
    long = [TOLD[0], {"role": "user", "content": "film " * 1000}]
    assert "".join(source.stream(long, seed=1, stop=Event()))


@pytest.mark.parametrize("template", [PLAIN, None])
def test_a_folder_with_any_model_can_write(tiny, template, tmp_path):
    model, tokenizer = tiny
    tokenizer.chat_template = template
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    (tmp_path / "tokenizer.json").write_text((tmp_path / "tokenizer.json").read_text().replace("<act>", "<user>"))
    writer = load_writer(tmp_path, CatalogGuard(nouns=("film", "films")))
    segment = Segment("answer.creator", {"title": "Q", "creator": "Ann Lee"}, frozenset(["title", "creator"]))
    text = "".join(piece for _, piece in writer.write([segment], seed=1))
    assert "Ann Lee" in text  # a random model says nothing that passes, so this is a template
    assert writer.tally.templates == 1


def test_what_cannot_be_loaded_is_told(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="cannot be loaded"):
        list(load_writer(tmp_path, CatalogGuard()).write([Segment("bye")], seed=0))


# ---------------------------------------------------------------- from free text to slots

SLOTS = {"title": "Heat", "creator": "Al Roe Jr.", "genres": "crime and drama", "genre": "crime", "noun": "film"}


@pytest.mark.parametrize(
    ("text", "mould"),
    [
        ("Heat is a film by Al Roe Jr.", "<title> is a film by <creator>."),
        ("Al Roe Jr. made it. It is Crime and drama.", "<creator> made it. It is <genres>."),
        ("Al Roe Jr. It is crime.", "<creator>. It is <genre>."),
        ("Heaters in the heat.", "Heaters in the heat."),
    ],
)
def test_values_become_slots(text, mould):
    assert mould_of(text, SLOTS) == mould


def test_only_sentences_that_are_over_are_finished():
    assert finished("One. Two! Thr", ended=False) == ["One.", "Two!"]
    assert finished("One. Two", ended=True) == ["One.", "Two"]
    assert finished("One.", ended=False) == []


def test_what_is_told_inside_another_value_is_told():
    assert told("<genres>", SLOTS) == {"genres", "genre"}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<think>hm. well</think>\n**Yes.**", "Yes."),
        ("“It’s fine.”", "It's fine."),
        ("<think>so", ""),
        ('"Well. ', "Well."),
    ],
)
def test_mark_up_is_taken_away(text, plain):
    assert tidy(text) == plain
