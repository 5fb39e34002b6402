"""A real browser and a running page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.e2e.web.web_page_server import OpenPage, PageServer

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 375, "height": 667}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


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
