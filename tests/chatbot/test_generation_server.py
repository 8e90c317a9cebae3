"""Writing by a server, through a real one on this machine whose answers are known: true, false, slow, broken, dead."""

import json
import logging
import threading
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from house import TODAY, films

from chatbot.acts import Segment
from chatbot.bot import Chatbot
from chatbot.generation.chat_writer import ChatWriter
from chatbot.generation.check import Check
from chatbot.generation.free_check import FreeCheck
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.instruct import read_prompts
from chatbot.generation.lines import read_corpus, read_words
from chatbot.generation.moulds import mould_of
from chatbot.generation.server import ServerSource
from chatbot.generation.surface import stands_verbatim
from chatbot.generation.templates import TemplateWriter
from chatbot.generation.usage import Usage
from chatbot.generation.writer import load_writer, template_lines
from chatbot.resources import assets_dir
from index.build import build_index
from index.embedding import HashingEmbedder
from index.errors import ModelError

GUARD = CatalogGuard.of(films())
SEGMENT = Segment("reason.facts", {"creator": "Ridley Scott", "year": "1979"}, frozenset(["creator", "year"]))
TRUE = "It was made by Ridley Scott in 1979."


class Handler(BaseHTTPRequestHandler):
    """Answers every completion by what the server's `answer` makes of the request."""

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers), None))
        self._send("application/json", json.dumps({"data": [{"id": "tiny"}]}).encode())

    def do_POST(self):
        wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), wanted))
        self.server.answer(self, wanted)

    def _send(self, kind, body):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def stream(self, text, end="data: [DONE]\n\n"):
        events = [{"choices": [{"delta": {"role": "assistant"}}]}]
        events += [{"choices": [{"delta": {"content": text[at : at + 3]}}]} for at in range(0, len(text), 3)]
        body = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + end
        self._send("text/event-stream", body.encode())

    def whole(self, text):
        self._send("application/json", json.dumps({"choices": [{"message": {"content": text}}]}).encode())


@contextmanager
def serving(answer):
    """A server that answers by `answer(handler, request)`, and the address of it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.asked, server.answer = True, [], answer
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server, f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()


def saying(*texts):
    """Streams these texts in turn, the last of them for ever."""
    left = list(texts)
    return lambda handler, wanted: handler.stream(left.pop(0) if len(left) > 1 else left[0])


def written(writer, *segments, seed=0, avoid=()):
    texts = [""] * len(segments)
    for number, piece in writer.write(segments, seed=seed, avoid=avoid):
        texts[number] += piece
    return texts


@cache
def shared_check():
    """The check that `load_writer` makes, made once."""
    words = read_words()
    examples = [*read_corpus(assets_dir() / "generator" / "corpus"), *template_lines(words)]
    usage = Usage.of(example for example in examples if example.domain == "any")
    check = Check(words, replace(GUARD, exempt=frozenset(usage.common)), usage)
    prompts = read_prompts()
    return FreeCheck(check, prompts.addressing, prompts.claiming, prompts.comparing)


def by_server(address, **options):
    return ChatWriter(ServerSource(address), shared_check(), read_prompts(), **options)


@cache
def template_texts():
    writer = TemplateWriter(read_words())
    return {written(writer, SEGMENT, seed=seed)[0] for seed in range(200)}


def by_template(text):
    return text in template_texts()


def test_what_is_true_is_shown_as_the_server_words_it():
    with serving(saying(TRUE)) as (server, address):
        assert written(by_server(address), SEGMENT) == [TRUE]
    (path, _, _), (post, headers, wanted) = server.asked
    assert (path, post) == ("/v1/models", "/v1/chat/completions")
    assert "Authorization" not in headers
    assert wanted["model"] == "tiny"
    system, *examples, order = wanted["messages"]
    assert system["role"] == "system"
    order = json.loads(order["content"])
    assert order["facts"] == dict(SEGMENT.slots)
    assert order["must_name"] == ["Ridley Scott", "1979"]
    assert len(examples) >= 4
    assert all("Ridley Scott" in said["content"] and "1979" in said["content"] for said in examples)


def test_a_server_that_does_not_stream_will_do():
    with serving(lambda handler, wanted: handler.whole(TRUE)) as (_, address):
        assert written(by_server(address), SEGMENT) == [TRUE]


FALSE = [
    "It was made by James Cameron in 1979, not Ridley Scott.",  # another director
    "It was made by Ridley Scott in 1986, and dates from 1979.",  # another year
    "It was made by Ridley Scott in 1979 with Sigourney Weaver.",  # a name that was not handed over
    "It was not made by Ridley Scott, and it is not from 1979.",
    "It is a comedy by Ridley Scott from 1979.",  # a kind that was not handed over
    "It was made by Ridley Scott in 1979, when a robot fell in love with a nurse.",  # a plot
    "As you asked, it was made by Ridley Scott in 1979.",  # a wish that was not told
    "It is the best thing by Ridley Scott, made in 1979.",
    "Starring Ridley Scott, from 1979.",  # a right name in the wrong place
    "Sure! Here is a sentence:\n",
    "",
]


@pytest.mark.parametrize("text", FALSE)
def test_what_is_not_borne_out_is_refused(text):
    with serving(saying(text)) as (server, address):
        writer = by_server(address)
        assert by_template(written(writer, SEGMENT)[0])
        assert writer.tally.templates == 1
    assert len([wanted for _, _, wanted in server.asked if wanted]) == 2  # it was told why, and asked again
    assert "refused" in server.asked[-1][2]["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("topic", "slots", "true", "false"),
    [
        (
            "compare.newer", {"title": "Aliens", "title2": "Alien", "year": "1986", "year2": "1979"},
            "Aliens is newer: it is from 1986, and Alien is from 1979.",
            "Alien is newer: it is from 1979, and Aliens is from 1986.",
        ),
        ("reviews.above", {"value": "3.3 out of 5"}, "That is above the mean, 3.3 out of 5.",
         "That is below the mean, 3.3 out of 5."),
        ("acknowledge.dislike", {"title": "Heat"}, "I will keep away from Heat.", "Good to know that you like Heat."),
        ("answer.is_not", {"title": "Heat", "value": "waterproof"}, "No, Heat is not waterproof.",
         "Yes, Heat is waterproof."),
    ],
)  # fmt: skip
def test_the_same_words_are_refused_where_they_turn_the_matter_round(topic, slots, true, false):
    segment = Segment(topic, slots, frozenset(slots))
    assert shared_check().fault(mould_of(true, slots), segment) is None
    mould = mould_of(false, slots)
    assert shared_check().fault(mould, segment) or shared_check().lost_turn(mould, topic)


def test_a_second_answer_may_do_better():
    with serving(saying(FALSE[0], TRUE)) as (_, address):
        assert written(by_server(address), SEGMENT) == [TRUE]


def test_sentences_that_pass_are_kept_and_missing_facts_added():
    with serving(saying("It is the work of Ridley Scott. It stars Tom Hanks. It is from 1979.")) as (_, address):
        (text,) = written(by_server(address), SEGMENT)
    assert text.startswith("It is the work of Ridley Scott. ")
    assert "Hanks" not in text
    assert "1979" in text


def test_what_was_read_is_not_shown_again():
    with serving(saying(TRUE)) as (_, address):
        first, second = written(by_server(address), SEGMENT, SEGMENT)
    assert first == TRUE
    assert second != TRUE
    assert stands_verbatim(second, "Ridley Scott")


def test_names_that_end_in_a_full_stop_and_mark_up_are_read_rightly():
    segment = Segment("reason.facts", {"creator": "Al Roe Jr."}, frozenset(["creator"]))
    with serving(saying('"**It was made by Al Roe Jr.**"')) as (_, address):
        assert written(by_server(address), segment) == ["It was made by Al Roe Jr."]


# ---------------------------------------------------------------- servers that fail


def slow(handler, wanted):
    handler.server.gate.wait(20)


def broken(handler, wanted):
    handler.stream("It was", end="data: {oops\n\n")


def refusing(handler, wanted):
    handler.send_error(500)


def odd(handler, wanted):
    handler._send("application/json", b"[1]")


@pytest.mark.parametrize("answer", [slow, broken, refusing, odd])
def test_a_server_that_fails_is_told_once_and_templates_write(answer, caplog):
    segments = (SEGMENT, Segment("bye"), Segment("acknowledge.ok"))
    with serving(answer) as (server, address):
        server.gate = threading.Event()
        writer = by_server(f"{address}?model=tiny&timeout=0.2")
        with caplog.at_level(logging.WARNING):
            texts = [*written(writer, *segments), *written(writer, *segments)]
        server.gate.set()
    assert all(texts)
    assert by_template(texts[0])
    assert by_template(texts[3])
    assert len([r for r in caplog.records if "templates write" in r.message]) == 1
    assert len(server.asked) <= len(segments)  # it is left alone for a while


def test_a_dead_server_does_not_stop_the_bot(caplog):
    with serving(saying(TRUE)) as (_, address):
        pass
    bot = Chatbot(build_index(films(), HashingEmbedder()), by_server(address), TODAY)
    with caplog.at_level(logging.WARNING):
        bot.warm_up()
        turn = bot.start(seed=1).say("a comedy from the 90s")
    assert turn.act == "recommend"
    assert turn.text
    assert [r.message for r in caplog.records if "cannot be reached" in r.message]


def test_a_server_that_answers_again_is_used_again(caplog):
    now = [0.0]
    answers = [refusing]
    with serving(lambda handler, wanted: answers[0](handler, wanted)) as (_, address):
        writer = by_server(address, clock=lambda: now[0])
        assert written(writer, SEGMENT) != [TRUE]
        answers[0] = saying(TRUE)
        assert written(writer, SEGMENT) != [TRUE]
        now[0] = 1000.0
        with caplog.at_level(logging.WARNING):
            assert written(writer, SEGMENT) == [TRUE]
    assert "answers again" in caplog.text


def test_a_reader_who_leaves_stops_the_writing():
    with serving(saying(TRUE)) as (_, address):
        stream = by_server(address).write([SEGMENT, SEGMENT], seed=0)
        assert next(stream) == (0, "It ")
        stream.close()


# ---------------------------------------------------------------- the address and the key


def test_the_key_comes_from_the_environment_and_goes_to_the_server_alone(monkeypatch, caplog):
    monkeypatch.setenv("RAPPORT_API_KEY", "s3cret")
    with serving(refusing) as (server, address):
        source = ServerSource.from_environment(f"{address}?model=mine")
        written(ChatWriter(source, shared_check(), read_prompts()), SEGMENT)
    assert server.asked[0][1]["Authorization"] == "Bearer s3cret"
    assert server.asked[0][2]["model"] == "mine"
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize(
    "address",
    ["http://", "http://me:pw@host/v1", "http://host/v1?modell=x", "http://host:x/v1", "http://host/v1?timeout=soon",
     "http://host/v1?timeout=0"],
)  # fmt: skip
def test_an_address_that_is_none_is_told_without_its_secrets(address):
    with pytest.raises(ModelError, match="http://HOST") as error:
        ServerSource(address)
    assert "pw" not in str(error.value)


def test_a_whole_conversation_is_written_by_a_server():
    def answer(handler, wanted):
        handler.stream(wanted["messages"][-2]["content"])

    with serving(answer) as (_, address):
        bot = Chatbot(build_index(films(), HashingEmbedder()), load_writer(address, GUARD), TODAY)
        talk = bot.start(seed=1)
        turns = [talk.say(text) for text in ("hello", "a comedy from the 90s", "who directed the first?", "bye")]
    assert [turn.act for turn in turns] == ["greet", "recommend", "answer", "bye"]
    assert bot.writer.tally.draws > 4
    assert ServerSource(address).patience == 8.0
