"""The page in a real browser, over the bundled catalog, and over a hostile one with a scripted conversation."""

import os
import re
import shutil
import socket

import pytest

from chatbot import Chatbot
from chatbot.app.page import build_page, page_options

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
LONGEST = 60_000  # milliseconds; a bound for a hanging page, not a measurement
COMEDIES = "I want a comedy from the 90s, no romance"
HOSTILE = "<img src=http://evil.example/x.png> ${document.title='owned'} {{value}} `x` *stars* _under_ <b>bold</b>"


def no_browser(reason):
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(f"REQUIRE_BROWSER=1, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser():
    try:
        from playwright import sync_api as api
    except ImportError:
        no_browser("playwright is not installed; it comes with the test extra")
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        no_browser(f"no Chromium was found (looked for {', '.join(BROWSERS)}); install one to test the page")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


def launched(bot):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    page = build_page(bot)
    page.launch(server_name="127.0.0.1", server_port=port, quiet=True, prevent_thread_lock=True, **page_options())
    return page, f"http://127.0.0.1:{port}/"


@pytest.fixture(scope="module")
def films(browser):
    page, url = launched(Chatbot.load(generator="templates"))
    yield url
    page.close(verbose=False)


@pytest.fixture
def visit(browser):
    """Opens the page as a new visitor. At the end no request may have left the machine and no script have failed."""
    contexts, asked, failed = [], [], []

    def open_page(url, **options):
        context = browser.new_context(**options)
        context.set_default_timeout(LONGEST)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.goto(url)
        page.wait_for_selector("#message")
        page.wait_for_selector(".examples button")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert asked
    assert [url for url in asked if not re.match(r"(http://127\.0\.0\.1[:/]|data:|blob:)", url)] == []
    assert failed == []


def say(page, text):
    page.get_by_label("Your message").fill(text)
    page.get_by_label("Your message").press("Enter")


def answered(page, exchanges):
    """Waits until that many exchanges stand there and the last answer is complete."""
    page.wait_for_function(
        "n => document.querySelectorAll('.exchange').length === n"
        " && document.querySelector('.newest').getAttribute('aria-busy') === 'false'"
        " && !document.querySelector('.dots')",
        arg=exchanges,
    )


def beliefs(page):
    return page.locator("#beliefs li").all_inner_texts()


def test_a_message_is_answered_with_text_and_cards_that_keep_the_wish(visit, films):
    page = visit(films)
    say(page, COMEDIES)
    answered(page, 1)
    assert page.locator(".said").inner_text().endswith(COMEDIES)
    cards = page.locator(".card")
    assert cards.count() >= 1
    for card in cards.all():
        labels = card.locator(".label").all_inner_texts()
        assert "comedy" in labels
        assert "romance" not in labels
        assert 1990 <= int(card.locator(".facts span").first.inner_text()) <= 1999
        assert card.locator("h3").inner_text()
        assert card.locator(".reason").inner_text()
    assert any("comedy" in belief for belief in beliefs(page))


def test_an_example_can_be_clicked(visit, films):
    page = visit(films)
    example = page.locator(".examples button").first
    text = example.inner_text()
    example.click()
    answered(page, 1)
    assert page.locator(".said p").inner_text() == text
    assert page.locator(".examples").count() == 0


@pytest.mark.parametrize("said", ["recommend me something", "Jim Carrey movies from the 1940s"])  # asked, and relaxed
def test_a_choice_is_a_button_that_says_it(visit, films, said):
    page = visit(films)
    say(page, said)
    answered(page, 1)
    choices = page.locator(".newest .choices button")
    assert choices.count() >= 1
    before, text = beliefs(page), choices.first.inner_text()
    choices.first.click()
    answered(page, 2)
    assert page.locator(".said p").nth(1).inner_text() == text
    assert beliefs(page) != before
    assert page.locator(".exchange").first.locator(".choices").count() == 0


def test_a_card_can_be_marked_as_seen_and_that_be_dropped_and_undone(visit, films):
    page = visit(films)
    say(page, COMEDIES)
    answered(page, 1)
    before = beliefs(page)
    title = page.locator(".card h3").first.inner_text()
    mark = page.locator(".card").first.get_by_role("button", name="Seen it")
    seen = page.locator("#beliefs ul.seen li", has_text=title)
    mark.click()
    seen.wait_for()
    assert mark.get_attribute("aria-pressed") == "true"
    seen.get_by_role("button").click()
    seen.wait_for(state="detached")
    page.get_by_role("button", name="Undo").click()
    seen.wait_for()
    page.get_by_role("button", name="Undo").click()
    seen.wait_for(state="detached")
    assert beliefs(page) == before
    assert mark.get_attribute("aria-pressed") == "false"
    assert page.locator(".exchange").count() == 1


def test_cards_can_be_liked_and_refused(visit, films):
    page = visit(films)
    say(page, COMEDIES)
    answered(page, 1)
    for number, button, group in ((0, "Like", "likes"), (1, "Not for me", "dislikes")):
        title = page.locator(".card h3").nth(number).inner_text()
        page.locator(".card").nth(number).get_by_role("button", name=button).click()
        page.locator(f"#beliefs ul.{group} li", has_text=title).wait_for()


def test_a_belief_can_be_dropped(visit, films):
    page = visit(films)
    say(page, COMEDIES)
    answered(page, 1)
    before = beliefs(page)
    what = page.locator("#beliefs li bdi").first.inner_text()
    page.locator("#beliefs li button").first.click()
    page.wait_for_function("n => document.querySelectorAll('#beliefs li').length === n", arg=len(before) - 1)
    assert what not in page.locator("#beliefs li bdi").all_inner_texts()


def test_undo_takes_the_last_message_back(visit, films):
    page = visit(films)
    say(page, COMEDIES)
    answered(page, 1)
    before = beliefs(page)
    say(page, "I hate horror")
    answered(page, 2)
    page.get_by_role("button", name="Undo").click()
    answered(page, 1)
    assert beliefs(page) == before


def test_undo_on_the_empty_page_says_that_there_is_nothing(visit, films):
    page = visit(films)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector(".note:not([data-empty])")
    assert page.locator(".newest .note").inner_text().strip()


def test_starting_over_and_reloading_leave_an_empty_page(visit, films):
    page = visit(films)
    say(page, COMEDIES)
    answered(page, 1)
    page.get_by_role("button", name="Start over").click()
    page.wait_for_selector(".examples button")
    assert (page.locator(".exchange").count(), beliefs(page)) == (0, [])
    say(page, COMEDIES)
    answered(page, 1)
    page.reload()
    page.wait_for_selector(".examples button")
    assert (page.locator(".exchange").count(), beliefs(page)) == (0, [])
    say(page, COMEDIES)
    answered(page, 1)


def test_two_visitors_at_once_never_see_each_other(visit, films):
    anna, bert = visit(films), visit(films)
    say(anna, COMEDIES)
    say(bert, "a horror film from the 80s")
    answered(anna, 1)
    answered(bert, 1)
    assert "horror" not in anna.locator("body").inner_text().lower()
    assert COMEDIES not in bert.locator("body").inner_text()
    assert any("horror" in belief for belief in beliefs(bert))


def test_messages_sent_in_a_row_are_answered_in_order(visit, films):
    page = visit(films)
    texts = [COMEDIES, "only with Jim Carrey", "hello"]
    for text in texts:
        say(page, text)
    # The regions of the page change one after another, so that an exchange may stand there twice for a moment.
    page.wait_for_function(
        "texts => JSON.stringify([...document.querySelectorAll('.said p')].map(p => p.innerText))"
        " === JSON.stringify(texts)",
        arg=texts,
    )
    answered(page, 3)
    assert page.get_by_label("Your message").input_value() == ""


def test_odd_messages_get_an_answer(visit, films):
    page = visit(films)
    for number, text in enumerate(["", "   ", "\x00\x07", "x" * 10_000, "😱" * 500], start=1):
        say(page, text)
        answered(page, number)
        reply = page.locator(".newest .reply").inner_text()
        assert len(reply.strip()) > 10
        assert "Traceback" not in reply
        assert "wrong on my side" not in reply
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_markup_in_a_message_is_shown_as_typed(visit, films):
    page = visit(films)
    say(page, HOSTILE)
    answered(page, 1)
    assert page.locator(".said p").inner_text() == HOSTILE
    assert page.locator("img, .said b, .said em").count() == 0
    assert page.title() == "Rapport"


@pytest.fixture(scope="module")
def hostile_url(browser, hostile_bot):
    page, url = launched(hostile_bot)
    yield url
    page.close(verbose=False)


def test_markup_in_a_catalog_is_shown_as_written(visit, hostile_url):
    page = visit(hostile_url)
    assert HOSTILE in page.locator(".examples").inner_text()
    say(page, "show me")
    answered(page, 1)
    assert page.locator(".card h3").inner_text() == HOSTILE
    assert page.locator(".card .reason").inner_text() == HOSTILE
    page.get_by_role("button", name="Like").click()
    page.wait_for_selector("#beliefs li")
    assert page.locator("#beliefs bdi").inner_text() == HOSTILE
    assert page.locator("img").count() == 0
    assert page.title() == "Rapport"


def test_the_answer_appears_while_it_is_written(visit, hostile_url, hostile_bot):
    page = visit(hostile_url)
    hostile_bot.gate.clear()
    try:
        say(page, "show me")
        page.locator(".newest .reply", has_text="Look:").wait_for()
        assert page.locator(".newest").get_attribute("aria-busy") == "true"
        assert page.locator(".marks").count() == 0
    finally:
        hostile_bot.gate.set()
    answered(page, 1)
    assert page.locator(".marks").count() == 1


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_nothing_is_wider_than_the_window(visit, films, width, scheme):
    page = visit(films, viewport={"width": width, "height": 844}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    say(page, COMEDIES)
    answered(page, 1)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(int(n) for n in re.findall(r"\d+", background)[:3]) < 200) == (scheme == "dark")


def test_a_phone_opens_the_beliefs_with_a_button(visit, films):
    page = visit(films, viewport={"width": 390, "height": 844})
    say(page, COMEDIES)
    answered(page, 1)
    assert not page.locator("#beliefs").is_visible()
    opener = page.get_by_role("button", name="About you")
    opener.click()
    assert page.locator("#beliefs li").first.is_visible()
    assert opener.get_attribute("aria-expanded") == "true"


def test_everything_can_be_reached_by_keyboard(visit, films):
    page = visit(films)
    say(page, COMEDIES)
    answered(page, 1)
    reached = set()
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.dataset?.do || document.activeElement.tagName"))
    assert {"undo", "restart", "like", "dislike", "seen", "forget", "TEXTAREA"} <= reached


def test_programs_talk_through_the_api(films):
    from gradio_client import Client

    one, other = Client(films, verbose=False), Client(films, verbose=False)
    turn = one.predict(COMEDIES, api_name="/say")
    assert all("comedy" in item["facts"]["genres"] for item in turn["items"])
    second = one.predict("only with Jim Carrey", api_name="/say")
    assert second["turn"] > turn["turn"]
    assert other.predict("hello", api_name="/say")["state"]["constraints"] == []
