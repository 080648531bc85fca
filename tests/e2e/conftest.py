"""The browser of the journeys: headless Chromium at two widths and in two languages.

A journey fails on any error in the browser's console, and leaves a picture in var/screens/e2e.
"""

import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from dev.browser import FLAGS, HEIGHTS, chromium
from dev.places import var_folder

# The browser library keeps an event loop in the thread of the test; our rows are written from it all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

PICTURES = var_folder() / "screens" / "e2e"
PATIENCE = 20_000
"""Milliseconds that a journey waits for what must come: a busy machine is slow, not wrong."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder is a journey and needs tables that a second connection can see."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys."""
    path = chromium()
    if path is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("The journeys need Chromium, and there is none: apt-get install chromium.")
        pytest.skip("there is no Chromium here (apt-get install chromium)")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        running = playwright.chromium.launch(executable_path=str(path), args=FLAGS)
        yield running
        running.close()


class Traffic:
    """Requests that the site is answering; a page asks for what it keeps after it was drawn, so some outlive it."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.open = 0

    def begun(self, **_more: object) -> None:
        """One more."""
        with self.changed:
            self.open += 1

    def ended(self, **_more: object) -> None:
        """One less."""
        with self.changed:
            self.open -= 1
            self.changed.notify_all()

    def settle(self) -> None:
        """Wait for the last answer: the tables are emptied next."""
        with self.changed:
            self.changed.wait_for(lambda: self.open <= 0, timeout=15)
            self.open = 0


@pytest.fixture(scope="session")
def traffic() -> Iterator[Traffic]:
    """What the site of the journeys is busy with."""
    found = Traffic()
    request_started.connect(found.begun)
    request_finished.connect(found.ended)
    yield found
    request_started.disconnect(found.begun)
    request_finished.disconnect(found.ended)


@pytest.fixture
def refusals() -> set[int | str]:
    """Statuses (or words) that a journey is meant to meet: the browser notes them as errors, and they are none."""
    return set()


@pytest.fixture
def open_page(browser: Browser, live_server, request, refusals, traffic) -> Iterator[Callable[..., Page]]:
    """Open a page of one's own: ``open_page("/", width=390, language="zh-CN")``; a second call is another person."""
    pages: list[Page] = []
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A preview that a newer one replaces is aborted (hx-sync), which htmx notes like an error.
        if message.text.startswith(("htmx:sendAbort,", "htmx:afterRequest,")):
            return
        lost = any(str(known) in message.text for known in refusals if isinstance(known, str))
        status = re.search(r"(?:status of|Status Error Code) (\d{3})", message.text)
        if message.type == "error" and not lost and not (status and int(status[1]) in refusals):
            errors.append(f"{message.text} ({message.location.get('url', '')})")

    def opened(address: str = "/", width: int = 1440, language: str = "zh-CN", **options: object) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            is_mobile=width < 600,
            has_touch=width < 600,
            locale=language,
            timezone_id="Asia/Shanghai",
            **options,
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        pages.append(page)
        return page

    yield opened
    PICTURES.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(pages):
        if not page.is_closed():
            name = re.sub(r"\W+", "-", request.node.name).strip("-")
            page.screenshot(path=PICTURES / f"{name}-{number}.png", full_page=True, animations="disabled")
        page.context.close()
    traffic.settle()
    assert not errors, "\n".join(errors)


@pytest.fixture
def enter(open_page, cast, live_server) -> Callable[..., Page]:
    """A page of somebody who is signed in already: ``enter("manager", "/")``, on a phone unless told otherwise."""

    def entered(person: str, address: str = "/", *, width: int = 390, **options: object) -> Page:
        client = Client()
        client.force_login(getattr(cast, person))
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        state = {"cookies": [kept_cookie(**cookie)], "origins": []}
        page = open_page(address, width=width, storage_state=state, **options)
        page.wait_for_selector("html[data-ready]")
        return page

    return entered


def kept_cookie(*, name: str, value: str, url: str) -> dict[str, object]:
    """A cookie as the browser keeps it."""
    host = urlsplit(url).hostname or "localhost"
    return {
        "name": name, "value": value, "domain": host, "path": "/", "expires": -1,
        "httpOnly": True, "secure": False, "sameSite": "Lax",
    }  # fmt: skip
