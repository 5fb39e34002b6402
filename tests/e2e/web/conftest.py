"""A real browser and a running page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.e2e.web.web_page_server import OpenPage, PageServer

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 375, "height": 667}


@pytest.fixture
def server() -> Iterator[PageServer]:
    """A page server of its own for each test."""
    running = PageServer()
    running.start()
    yield running
    running.release.set()
    running.close()


@pytest.fixture
def open_page(browser: Browser, server: PageServer) -> Iterator[OpenPage]:
    """Opens the chat page in a fresh browser context; anything the console complains of fails the test."""
    contexts, complaints = [], list[str]()

    def complain(line: ConsoleMessage) -> None:
        if line.type == "error":
            complaints.append(line.text)

    def open_page(query: str = "", phone: bool = False, quiet: bool = False, **options: Any) -> Page:
        size = PHONE if phone else DESKTOP
        settings: dict[str, Any] = {"viewport": size, "locale": "en-GB", **options}
        context = browser.new_context(has_touch=phone, is_mobile=phone, **settings)
        contexts.append(context)
        page = context.new_page()
        if not quiet:
            page.on("console", complain)
            page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(server.url + "/" + query)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
