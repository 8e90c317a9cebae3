"""Writers through their public face: a random model, a scripted one, and templates."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.acts import Segment
from chatbot.generation.check import Check
from chatbot.generation.drawing import Draw, Request, SlotDrawer
from chatbot.generation.forward import AnyCausal, SmallGPT2, columns
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.lines import read_corpus, read_words
from chatbot.generation.model_writer import ModelWriter, times_cast
from chatbot.generation.paths import Paths
from chatbot.generation.prompting import PromptDrawer, few_shot, first_line
from chatbot.generation.prompts import Example, slots_of
from chatbot.generation.surface import sentences, stands_verbatim
from chatbot.generation.tokens import train_tokenizer
from chatbot.generation.training import Shape, new_model
from chatbot.generation.usage import Usage
from chatbot.generation.writer import load_writer, template_lines
from index.errors import ModelError

WORDS = read_words()
GUARD = CatalogGuard(frozenset(("comedy", "comedies")), ("film", "films"))
LINES = [
    Example("bye", (), "Goodbye, and enjoy."),
    Example("bye", (), "Goodbye, and come back."),
    Example("bye", (), "Bye."),
]
VALUES = st.text(min_size=1, max_size=20) | st.sampled_from(["<title>", "{x}", "a\nb", "Jr.", "Who?", "x" * 200])


def written(writer, segments, seed=0, avoid=()):
    texts = [""] * len(segments)
    order = []
    for number, piece in writer.write(segments, seed=seed, avoid=avoid):
        texts[number] += piece
        order.append(number)
    assert order == sorted(order)
    return texts


@pytest.fixture(scope="session")
def random_model():
    import torch

    tokenizer = train_tokenizer([text for texts in WORDS.templates.values() for text in texts], 600)
    torch.manual_seed(5)
    return new_model(tokenizer.get_vocab_size(), 0, 1, Shape(layers=2, width=16, heads=2)).eval(), tokenizer


@pytest.fixture(scope="session")
def random_drawer(random_model):
    model, tokenizer = random_model
    return SlotDrawer(SmallGPT2.of(model), tokenizer, Paths(tokenizer, []))


class Scripted:
    """Draws what it is told, in turn."""

    def __init__(self, *texts):
        self.texts = texts
        self.requests: list[Request] = []

    def draw(self, requests, *, seed):
        start = len(self.requests)
        self.requests += requests
        return [Draw(self.texts[(start + n) % len(self.texts)], -1.0) for n in range(len(requests))]


def model_writer(drawer, examples=()):
    return ModelWriter(lambda: drawer, Check(WORDS, GUARD, Usage.of([*examples, *template_lines(WORDS)])), "any")


@pytest.fixture(scope="module", params=["templates", "random model"])
def writer(request, random_drawer):
    return load_writer("templates", GUARD) if request.param == "templates" else model_writer(random_drawer)


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_every_segment_is_written_with_its_required_values(writer, data):
    topic = data.draw(st.sampled_from([*WORDS.templates, "reason.unheard", "unheard"]))
    names = sorted({slot for text in WORDS.templates.get(topic, ("<wish> <year>",)) for slot in slots_of(text)})
    slots = {name: data.draw(VALUES) for name in names}
    required = frozenset(data.draw(st.sets(st.sampled_from(names))) if names else ())
    segments = [Segment(topic, slots, required), Segment("close.seen")]
    texts = written(writer, segments, seed=data.draw(st.integers(0, 10)))
    assert all(texts)
    assert all(stands_verbatim(texts[0], slots[name]) or f"{slots[name]}." in texts[0] + "." for name in required)


def test_equal_arguments_give_equal_text(writer):
    segments = [Segment(topic, {"noun": "film", "nouns": "films"}) for topic in ("greet.first", "close.refine", "bye")]
    assert written(writer, segments, seed=3) == written(writer, segments, seed=3)


def test_what_was_read_is_not_written_again_while_there_is_a_choice(writer):
    segment = Segment("ask.liked", {"noun": "film"})
    first = written(writer, [segment], seed=1)[0]
    again = written(writer, [segment], seed=1, avoid=sentences(first))[0]
    assert not set(sentences(first)) & set(sentences(again))


def test_a_segment_without_any_slots_and_an_unknown_topic_are_still_answered(writer):
    assert all(written(writer, [Segment("unheard"), Segment("unheard", {"mystery": "?"}, frozenset(["mystery"]))]))


def test_nothing_is_written_for_nothing(writer):
    assert written(writer, []) == []


def test_a_random_model_never_gets_a_slot_wrong(random_drawer):
    requests = [
        Request("ask.genre", frozenset(slots), longest=12) for slots in (["options"], ["noun", "options"], [])
    ] * 6
    for request, draw in zip(requests, random_drawer.draw(requests, seed=2), strict=True):
        used = slots_of(draw.text)
        assert len(set(used)) == len(used)
        assert set(used) <= request.slots
        assert not draw.text or set(used) == request.slots
        assert not any(c.isdigit() for c in draw.text)


@pytest.mark.parametrize("forward", [SmallGPT2.of, AnyCausal])
def test_a_row_of_a_batch_is_drawn_as_it_would_be_alone(random_model, forward):
    model, tokenizer = random_model
    greedy = SlotDrawer(forward(model), tokenizer, Paths(tokenizer, LINES), top_k=1)
    requests = [Request("bye", frozenset(), longest=9), Request("ask.genre", frozenset(["noun", "options"]), "warm")]
    requests += [Request("unheard", frozenset(["year"]), longest=8)]
    together = greedy.draw(requests, seed=0)
    alone = [greedy.draw([request], seed=0)[0] for request in requests]
    assert [d.text for d in together] == [d.text for d in alone]
    assert [d.likelihood for d in together] == pytest.approx([d.likelihood for d in alone], abs=1e-4)


def test_the_quick_forward_pass_reads_what_transformers_reads(random_model):
    import torch

    model, _ = random_model
    ids, mask = columns([[5, 9, 17, 30], [8, 40]], pad=0)
    places = torch.arange(4).expand(2, 4)
    with torch.inference_mode():
        slow = AnyCausal(model)
        expected = slow.logits(slow.read(ids, places, mask))[mask]
        for bits, wrong in ((32, 1e-4), (8, 0.1)):
            quick = SmallGPT2.of(model, bits)
            assert (quick.logits(quick.read(ids, places, mask))[mask] - expected).abs().max() < wrong
            stepwise = quick.fresh()
            parts = [stepwise.read(ids[:, n : n + 2], places[:, n : n + 2], mask[:, : n + 2]) for n in (0, 2)]
            assert (stepwise.logits(torch.cat(parts, dim=1))[mask] - expected).abs().max() < wrong


def test_a_draw_that_passes_is_taken_and_one_that_names_a_fact_is_not():
    good, bad = "What do you feel like: <options>?", "What comedies do you feel like: <options>?"
    segment = Segment("ask.genre", {"options": "drama or war"}, frozenset(["options"]))
    assert written(model_writer(Scripted(bad, bad, bad, good)), [segment]) == ["What do you feel like: drama or war?"]
    refused = model_writer(Scripted(bad))
    assert "comedies" not in written(refused, [segment])[0]
    assert refused.tally.templates == 1


@pytest.mark.parametrize(
    ("mould", "count"),
    [("It is by <creator>.", 2), ("It is by <creator>, from <year>.", 0), ("Bye.", 1), ("<title>", 4), ("Hi. Bye.", 1)],
)
def test_sentences_from_one_mould_are_known_whatever_stands_in_the_slots(mould, count):
    assert times_cast(mould, ["It is by Ann.", "it is by Bob and Cy.", "Bye.", "Say (.*)"]) == count


def test_of_equal_draws_the_less_worn_mould_is_taken():
    segment = Segment("answer.creator", {"title": "Q", "creator": "Ann"}, frozenset(["title", "creator"]))
    drawer = Scripted("<title> is by <creator>.", "<creator> made <title>.")
    worn = ["Zed is by Bob.", "Yak is by Cy."]
    texts = {written(model_writer(drawer), [segment], seed=seed, avoid=worn)[0] for seed in range(8)}
    assert texts == {"Ann made Q."}


def test_a_wish_is_never_claimed_for_a_fact_that_was_not_asked_for():
    examples = [Example("reason.wanted", ("genre", "year"), "From <year>, and <genre>, as you asked.")]
    drawer = Scripted("From <year>, and <genre>, as you asked.")
    slots = {"genre": "drama", "year": "1979", "noun": "film"}
    written(model_writer(drawer, examples), [Segment("reason.wanted", slots, frozenset(["genre"]))])
    assert all("year" not in request.slots for request in drawer.requests)


def test_any_causal_model_can_be_prompted(random_model):
    from transformers import PreTrainedTokenizerFast

    model, own = random_model
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=own, eos_token="<end>", pad_token="<pad>")
    examples = [Example("bye", (), "Goodbye, and enjoy.")]
    drawer = PromptDrawer(model, tokenizer, examples, longest=5)
    requests = [Request("bye", frozenset())] * 3
    draws = drawer.draw(requests, seed=1)
    assert len(draws) == 3
    assert draws == drawer.draw(requests, seed=1)


def test_the_prompt_shows_the_lines_that_are_most_like_the_wanted_one_last():
    examples = [
        Example("bye", (), "Bye."),
        Example("bye", ("nouns",), "Bye, <nouns>."),
        Example("ask.liked", (), "No."),
    ]
    shown = few_shot(Request("bye", frozenset(["nouns"])), examples, random.Random(0)).split("\n")
    assert shown == ["Use no slots: Bye.", "Use <nouns>: Bye, <nouns>.", "Use <nouns>:"]
    assert first_line("  Bye  now. \nUse") == "Bye now."


@pytest.mark.parametrize("name", ["/no/such/folder", "./none", "a/b/c"])
def test_a_missing_folder_is_named_with_a_remedy(name):
    with pytest.raises(ModelError, match=r"no such folder.*templates"):
        load_writer(name, GUARD)


def test_a_folder_without_a_model_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"config\.json"):
        load_writer(tmp_path, GUARD)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_writer(tmp_path, GUARD).warm_up()


def test_a_corpus_line_that_is_not_ours_is_named(tmp_path):
    (tmp_path / "x.jsonl").write_text('{"topic": "bye", "style": "plain", "domain": "any", "text": "Bye."}\n{"a": 1}\n')
    with pytest.raises(ModelError, match=r"x\.jsonl, line 2"):
        read_corpus(tmp_path)


def test_templates_name_only_known_slots_and_pass_their_own_check():
    lines = template_lines(WORDS)
    check = Check(WORDS, CatalogGuard(), Usage.of(lines))
    assert [(e.text, fault) for e in lines if (fault := check.fault(e.text, e.topic, e.slots))] == []
    assert all(text.count("<") == len(slots_of(text)) for text in (e.text for e in lines))
