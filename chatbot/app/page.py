"""The page itself: four regions of HTML and one handler that carries out whatever a visitor does."""

import hashlib
import logging
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from chatbot.app.view import View
from chatbot.app.visitors import Action, ActionKind, UnreadableActionError, Visitors
from chatbot.app.words import load_words

if TYPE_CHECKING:
    import gradio as gr

    from chatbot import Chatbot

logger = logging.getLogger(__name__)

_FOLDER = Path(__file__).resolve().parent
MAX_AT_ONCE = 8
"""Answers written at the same time; further visitors wait in the queue."""
MAX_QUEUED = 200
MIN_GAP = 0.05
"""Seconds between two updates of an answer that is being written."""
ON_LOAD = "rapport.attach(element, watch, (data) => trigger('act', data))"


def build_page(bot: "Chatbot") -> "gr.Blocks":
    """The page over one bot. Launch it with `page_options`, which bring its style and script."""
    import gradio as gr

    words = load_words()
    view = View(bot.index.catalog, words)
    visitors = Visitors(bot)
    act = _handler(visitors, view)

    def on_act(event: gr.EventData) -> Iterator[Any]:
        yield from act(event._data, gr.skip())

    def say(message: str, request: gr.Request) -> dict:
        """Says one message in the conversation of this session; answers with the turn as JSON."""
        return answer(visitors, message, request.session_hash or "")

    with gr.Blocks(title=words("title"), analytics_enabled=False, fill_width=True) as page:
        header = _region(view.header(), "header")
        with gr.Row(elem_id="room"):
            with gr.Column(elem_id="talk"):
                past = _region(view.past(None), "past")
                newest = _region(view.newest(None), "newest")
                composer = _region(view.composer(), "composer")
            with gr.Column(elem_id="beliefs"):
                panel = _region(view.panel(None), "panel")
        for region in (header, past, newest, composer, panel):
            region.act(
                on_act,
                outputs=[past, newest, panel],
                show_progress="hidden",
                trigger_mode="multiple",
                concurrency_id="act",
                concurrency_limit=MAX_AT_ONCE,
                api_visibility="private",
            )
        gr.api(say, api_name="say", concurrency_limit=MAX_AT_ONCE)
    page.queue(max_size=MAX_QUEUED, default_concurrency_limit=MAX_AT_ONCE)
    return page


def page_options() -> dict[str, Any]:
    """What `Blocks.launch` needs for the page to look and work as it should: nothing of it comes from the network."""
    import gradio as gr

    system = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
    return {
        "head": f"<style>{_resource('page.css')}</style><script>{_resource('page.js')}</script>",
        "theme": gr.themes.Base(font=system, font_mono=["ui-monospace", "monospace"]),
        "favicon_path": str(_FOLDER / "icon.svg"),
        "footer_links": [],
        "ssr_mode": False,
        "max_file_size": "1kb",  # nothing is uploaded here
    }


def answer(visitors: Visitors, message: str, session: str) -> dict[str, Any]:
    """One message of a program's conversation, answered with the turn as JSON, or with {"error": text}."""
    visitor = visitors.visitor(_program_key(session))
    turn = None
    for _ in visitor.carry_out(Action("say", _valid(message))):
        turn = visitor.exchanges[-1].turn
    if turn is not None:
        return turn.to_json()
    return {"error": visitor.exchanges[-1].text}


def _region(html: str, name: str) -> "gr.HTML":
    import gradio as gr

    # The template stays "${value}": anything else would have the browser run catalog text as a template.
    return gr.HTML(html, js_on_load=ON_LOAD, apply_default_css=False, elem_id=name)


def _handler(visitors: Visitors, view: View) -> Callable[[Any, Any], Iterator[Any]]:
    def act(data: Any, same: Any) -> Iterator[Any]:
        try:
            action, key, returning = read_action(data)
            visitor = visitors.visitor(key, returning)
        except UnreadableActionError as error:  # never sent by our own script
            logger.info("an action was ignored: %s", error)
            yield same, same, same
            return
        drawn = None
        for _ in paced(visitor.carry_out(action)):
            settled = visitor.count, len(visitor.exchanges), id(visitor.current)  # what past and panel depend on
            fresh, drawn = settled != drawn, settled
            yield view.past(visitor) if fresh else same, view.newest(visitor), view.panel(visitor) if fresh else same

    return act


def read_action(data: Any) -> tuple[Action, str, bool]:
    """(action, the visitor's key, whether the browser shows a conversation) from what the browser sent."""
    if not isinstance(data, dict) or data.get("do") not in get_args(ActionKind):
        raise UnreadableActionError(f"an action is an object whose 'do' is one of {', '.join(get_args(ActionKind))}")
    value, key, number = data.get("value", ""), data.get("key"), data.get("number", 0)
    if not isinstance(value, str) or not isinstance(key, str) or not isinstance(number, int):
        raise UnreadableActionError("'value' and 'key' of an action are strings, its 'number' is whole")
    return Action(data["do"], _valid(value), number), key, data.get("returning") is True


def paced(steps: Generator[None], gap: float = MIN_GAP) -> Iterator[None]:
    """Runs `steps` in a thread of their own and yields after every change, but not more often than every `gap` seconds.

    The steps never wait for what is done between the yields. The last yield comes after the last step. Whoever stops
    listening stops the steps.
    """
    changed, left, ended = threading.Event(), threading.Event(), threading.Event()

    def run() -> None:
        try:
            for _ in steps:
                changed.set()
                if left.is_set():
                    break
        finally:
            steps.close()
            ended.set()
            changed.set()

    threading.Thread(target=run, daemon=True).start()
    try:
        while not ended.is_set():
            changed.wait()
            changed.clear()
            yield
            left.wait(gap)
        yield
    finally:
        left.set()


def _valid(text: str) -> str:
    """Text that can be written as UTF-8: halves of surrogate pairs become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _program_key(session: str) -> str:
    return hashlib.sha256(f"program {session}".encode()).hexdigest()[:32]


def _resource(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
