"""Serving: an address that cannot be used is refused in one line; a page's requests are read with care."""

import socket
import threading

import pytest

from chatbot.app.page import paced, read_action
from chatbot.app.server import ServeError, claim, serve
from chatbot.app.visitors import Action, UnreadableActionError

KEY = "0" * 32


@pytest.fixture
def taken_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_named_with_the_remedy(taken_port, bot):
    with pytest.raises(ServeError, match=rf"port {taken_port} .*taken.*--port {taken_port + 1}"):
        serve(bot, "127.0.0.1", taken_port)


@pytest.mark.parametrize(
    ("host", "port", "message"),
    [
        ("127.0.0.1", 0, "port 0 does not exist"),
        ("127.0.0.1", 70000, "port 70000 does not exist"),
        ("no such host", 7860, "host 'no such host' is not known"),
        ("192.0.2.1", 7860, "cannot listen on 192.0.2.1"),
    ],
)
def test_an_address_that_cannot_be_is_named_with_the_remedy(host, port, message):
    with pytest.raises(ServeError, match=message) as error:
        claim(host, port)
    assert "--" in str(error.value)


def test_a_free_port_stays_free(taken_port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        free = other.getsockname()[1]
    claim("127.0.0.1", free)
    claim("127.0.0.1", free)


def test_an_action_is_read():
    data = {"do": "say", "value": "hi", "key": KEY, "number": 3, "returning": True}
    assert read_action(data) == (Action("say", "hi", 3), KEY, True)
    assert read_action({"do": "undo", "key": KEY}) == (Action("undo"), KEY, False)


def test_half_a_surrogate_pair_does_no_harm():
    action, _, _ = read_action({"do": "say", "value": "a\ud800b", "key": KEY})
    assert action.value == "a?b"


@pytest.mark.parametrize(
    "data",
    [
        None,
        "say",
        [],
        {},
        {"do": "drop", "key": KEY},
        {"do": "say", "value": 5, "key": KEY},
        {"do": "say"},
        {"do": []},
        {"do": "say", "key": KEY, "number": "x"},
    ],
)
def test_what_is_no_action_is_refused(data):
    with pytest.raises(UnreadableActionError):
        read_action(data)


def test_what_was_written_is_shown_even_while_the_writer_rests():
    rested, written = threading.Event(), []

    def steps():
        for number in range(5):
            if number == 4:
                assert rested.wait(10)
            written.append(number)
            yield

    shown = []
    for _ in paced(steps(), gap=0):
        shown.append(len(written))
        if shown[-1] == 4:
            rested.set()  # only now can the last step come
    assert shown[-1] == 5


def test_a_rush_of_steps_is_shown_in_few_updates():
    assert sum(1 for _ in paced((None for _ in range(1000)), gap=0.05)) < 1000


def test_who_stops_listening_stops_the_steps():
    stopped = threading.Event()

    def steps():
        try:
            while True:
                yield
        finally:
            stopped.set()

    updates = paced(steps(), gap=0)
    next(updates)
    updates.close()
    assert stopped.wait(10)
