"""Serving: an address that cannot be used is refused in one line; a page's requests are read with care."""

import socket

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
    assert read_action({"do": "say", "value": "hi", "key": KEY, "returning": True}) == (Action("say", "hi"), KEY, True)
    assert read_action({"do": "undo", "key": KEY}) == (Action("undo"), KEY, False)


def test_half_a_surrogate_pair_does_no_harm():
    action, _, _ = read_action({"do": "say", "value": "a\ud800b", "key": KEY})
    assert action.value == "a?b"


@pytest.mark.parametrize(
    "data",
    [None, "say", [], {}, {"do": "drop", "key": KEY}, {"do": "say", "value": 5, "key": KEY}, {"do": "say"}, {"do": []}],
)
def test_what_is_no_action_is_refused(data):
    with pytest.raises(UnreadableActionError):
        read_action(data)


def test_updates_that_come_too_fast_are_left_out():
    arrivals = iter([0.0, 0.01, 0.06, 0.07, 0.2])
    now = [0.0]

    def steps():
        for now[0] in arrivals:
            yield

    shown = [now[0] for _ in paced(steps(), clock=lambda: now[0], gap=0.05)]
    assert shown == [0.0, 0.06, 0.2]
