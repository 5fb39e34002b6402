"""A real browser and a running page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.e2e.conftest import OPEN_SHADOW
from tests.e2e.web.host_site import HostSite
from tests.e2e.web.web_page_server import OpenPage, PageServer, free_port

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
def friend(server: PageServer) -> Iterator[HostSite]:
    """A site on the bot's list."""
    yield from _host(server, server.friend_port)


@pytest.fixture
def stranger(server: PageServer) -> Iterator[HostSite]:
    """A site that is not on the bot's list."""
    yield from _host(server, free_port())


def _host(server: PageServer, port: int) -> Iterator[HostSite]:
    site = HostSite(server.url, port)
    site.start()
    yield site
    site.close()


@pytest.fixture
def open_page(browser: Browser, server: PageServer) -> Iterator[OpenPage]:
    """Opens the chat page, or `site`, in a fresh browser context; any complaint of the console fails the test."""
    contexts, complaints = [], list[str]()

    def complain(line: ConsoleMessage) -> None:
        if line.type == "error":
            complaints.append(line.text)

    def open_page(
        query: str = "", phone: bool = False, quiet: bool = False, site: str = "", **options: Any
    ) -> Page:
        size = PHONE if phone else DESKTOP
        settings: dict[str, Any] = {"viewport": size, "locale": "en-GB", **options}
        context = browser.new_context(has_touch=phone, is_mobile=phone, **settings)
        context.add_init_script(OPEN_SHADOW)
        contexts.append(context)
        page = context.new_page()
        if not quiet:
            page.on("console", complain)
            page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(site or server.url + "/" + query)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
