"""Texts from a server that speaks OpenAI's chat completions, as vLLM, llama.cpp, Ollama and others do."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Event, Lock
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chatbot.generation.chat_writer import SourceError
from chatbot.generation.instruct import Message
from index.errors import ModelError

KEY = "RAPPORT_API_KEY"
"""The environment variable that holds the server's key, where it wants one."""
PATIENCE = 8.0
"""Seconds to wait for a sentence, unless the address says otherwise."""
LONGEST = 20_000
"""Bytes of an answer that are read; what is longer is no sentence."""
_TOKENS = 160
_FORM = "expected http://HOST:PORT/v1, with ?model=NAME and &timeout=SECONDS where wanted"


def is_address(name: object) -> bool:
    """Whether a generator's name is a server's address."""
    return str(name).startswith(("http://", "https://"))


class ServerSource:
    """One server and one of its models."""

    parallel = 4

    def __init__(self, address: str, key: str | None = None) -> None:
        """`address` as in `--generator`; `key` is sent as a bearer token. ModelError where it is no address."""
        parts = urlsplit(address)
        options = parse_qs(parts.query, keep_blank_values=True)
        if not parts.hostname or parts.username or set(options) - {"model", "timeout"}:
            raise ModelError(f"generator {parts.scheme}://{parts.hostname or ''}: {_FORM}; a key goes into {KEY}")
        try:
            self._port = parts.port
            self.patience: float | None = float(options.get("timeout", [str(PATIENCE)])[0])
        except ValueError as error:
            raise ModelError(f"generator {address}: {error}; {_FORM}") from error
        if not self.patience or not 0 < self.patience < 3600:
            raise ModelError(f"generator {address}: a timeout is more than 0 seconds and less than an hour; {_FORM}")
        self.name = f"{parts.scheme}://{parts.netloc}{parts.path}"
        self._secure, self._host = parts.scheme == "https", parts.hostname
        self._path = parts.path.rstrip("/") or "/v1"
        self._model = options.get("model", [""])[0]
        self._headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}
        self._lock = Lock()

    @classmethod
    def from_environment(cls, address: str) -> "ServerSource":
        """With the key of the environment, if there is one."""
        return cls(address, os.environ.get(KEY))

    def prepare(self) -> None:
        """See `ChatSource.prepare`: asks the server for its first model, where none was named."""
        with self._lock:
            if not self._model:
                with closing(self._connection()) as connection:
                    answer = _json(self._answer(connection, "GET", "/models", None).read(LONGEST))
                try:
                    self._model = str(answer["data"][0]["id"])
                except (KeyError, IndexError, TypeError) as error:
                    raise SourceError("it lists no model; name one with ?model=NAME") from error

    def stream(self, told: Sequence[Message], *, seed: int, stop: Event) -> Iterator[str]:
        """See `ChatSource.stream`."""
        self.prepare()
        wanted = {
            "model": self._model, "messages": list(told), "stream": True, "seed": seed, "temperature": 0.8,
            "max_tokens": _TOKENS,
        }  # fmt: skip
        with closing(self._connection()) as connection:
            response = self._answer(connection, "POST", "/chat/completions", wanted)
            try:
                if "event-stream" in response.headers.get("Content-Type", ""):
                    yield from _deltas(response, stop)
                else:
                    yield _content(_json(response.read(LONGEST)), "message")
            except (OSError, HTTPException) as error:
                raise SourceError(f"it broke off ({error or type(error).__name__})") from error

    def _connection(self) -> HTTPConnection:
        kind = HTTPSConnection if self._secure else HTTPConnection
        return kind(self._host, self._port, timeout=self.patience)

    def _answer(
        self, connection: HTTPConnection, method: str, path: str, body: Mapping[str, Any] | None
    ) -> HTTPResponse:
        """The response, its body unread; SourceError where the server cannot be reached or refuses."""
        sent = None if body is None else json.dumps(body).encode()
        try:
            connection.request(method, self._path + path, sent, self._headers)
            response = connection.getresponse()
        except (OSError, HTTPException) as error:
            raise SourceError(f"it cannot be reached ({error or type(error).__name__})") from error
        if response.status != 200:
            raise SourceError(f"it answered {response.status} {response.reason}")
        return response


def _deltas(response: HTTPResponse, stop: Event) -> Iterator[str]:
    """The pieces of a stream of server-sent events."""
    size = 0
    while not stop.is_set() and (line := response.readline(LONGEST)):
        size += len(line)
        event = line.decode("utf-8", "replace").strip()
        if event == "data: [DONE]" or size > LONGEST * 10:
            return
        if event.startswith("data:"):
            yield _content(_json(event.removeprefix("data:").encode()), "delta")


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"it answered what is not JSON ({data[:40]!r})") from error


def _content(answer: Any, part: str) -> str:
    """The text of an answer or of one event of a stream; "" for an event without any."""
    if isinstance(answer, dict) and answer.get("error"):
        raise SourceError("it answered with an error")
    try:
        choices = answer["choices"]
        return str(choices[0][part].get("content") or "") if choices else ""
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise SourceError("it answered in another form than chat completions") from error
