"""Serves the page until it is interrupted."""

import contextlib
import errno
import logging
import os
import socket
import sys
import threading
from typing import TYPE_CHECKING

from index.errors import RapportError

if TYPE_CHECKING:
    from chatbot import Chatbot

logger = logging.getLogger(__name__)

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 7860


class ServeError(RapportError):
    """The page cannot be served where it was asked to be."""


def serve(bot: "Chatbot", host: str = DEFAULT_HOST, port: int = DEFAULT_PORT, share: bool = False) -> None:
    """Serves the page and returns when interrupted (Ctrl-C). Raises ServeError where the address cannot be used."""
    claim(host, port)
    _stay_local()
    from chatbot.app.page import build_page, page_options

    page = build_page(bot)
    try:
        page.launch(
            server_name=host, server_port=port, share=share, quiet=True, prevent_thread_lock=True, **page_options()
        )
    except OSError as error:
        raise ServeError(_taken(host, port)) from error
    with contextlib.suppress(KeyboardInterrupt):
        sys.stdout.write(f"Rapport is at http://{_spoken(host)}:{port} (Ctrl-C ends it)\n")
        sys.stdout.flush()
        threading.Thread(target=_warm_up, args=(bot,), daemon=True).start()  # not sooner: the page comes first
        threading.Event().wait()
    page.close(verbose=False)


def claim(host: str, port: int) -> None:
    """Raises ServeError, with the remedy, where the page cannot listen on that host and port."""
    if not 1 <= port <= 65535:
        raise ServeError(f"port {port} does not exist; choose one from 1024 to 65535 with --port")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise ServeError(
            f"host {host!r} is not known; use --host 127.0.0.1, or 0.0.0.0 for the whole network"
        ) from error
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise ServeError(_why(error, host, port)) from error


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return _taken(host, port)
    if error.errno == errno.EACCES:
        return f"port {port} needs special rights; choose one from 1024 to 65535 with --port"
    return f"cannot listen on {host}: {error.strerror}; use --host 127.0.0.1, or 0.0.0.0 for the whole network"


def _taken(host: str, port: int) -> str:
    other = port + 1 if port < 65535 else DEFAULT_PORT
    return f"port {port} on {host} is taken by another program; end that one or choose another, as in --port {other}"


def _spoken(host: str) -> str:
    """The host as it stands in an address that a browser on this machine can open."""
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _stay_local() -> None:
    """Gradio is told to send nothing out, and to ask itself without a proxy."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    for name in ("no_proxy", "NO_PROXY"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), "localhost,127.0.0.1,::1"]))


def _warm_up(bot: "Chatbot") -> None:
    """Loads what is loaded on first use, so that the first visitor does not wait for it."""
    try:
        bot.warm_up()
    except Exception:  # visitors will be told when they write; serving goes on
        logger.exception("warming up failed")
