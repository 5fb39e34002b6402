"""``python -m bench.first_paint``: how soon the opened chat shows on a slow device, and what a visitor loads for it."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import shutil
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any, Final

from playwright.sync_api import Browser, ViewportSize, sync_playwright
from sanic import Sanic

from bench.report import machine
from bot.catalogs import translations
from bot.channels.pages import pages, said_by
from bot.channels.web_files import read_widget
from bot.channels.web_output import sender_id
from bot.channels.webchat import WebChat
from bot.languages import CHINESE
from bot.paths import WEB

SLOWDOWN = 4
VISITS = 7
LIMIT_MILLISECONDS = 1000.0
LIMIT_BYTES = 20 * 1024
PHONE: Final = ViewportSize(width=375, height=667)
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
GREETING = "Hello. I am glad you wrote. Whatever happened, it is not your fault.\n\nWhat is going on?"

# When the box to write in is laid out and what it stands in is painted: two frames after it is there.
_PAINTED = """() => new Promise((resolve) => {
  const look = () => {
    const shell = document.querySelector("first-aid-chat")?.shadowRoot?.querySelector("textarea");
    if (shell?.getClientRects().length) {
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
    } else requestAnimationFrame(look);
  };
  look();
})"""
_OPEN_SHADOW = """
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (init) { return attach.call(this, { ...init, mode: "open" }); };
"""


def main() -> int:
    """Visit the chat page some times, each time as a stranger; 1 when it is over a limit."""
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        visit(browser, address)
        visits = [visit(browser, address) for _ in range(VISITS)]
        browser.close()
    size = loaded_bytes()
    print(f"{machine()}; {SLOWDOWN} times slower processor, medians of {VISITS} visits without a cache.\n")
    print(table(visits, size))
    over = median(visit["painted"] for visit in visits) >= LIMIT_MILLISECONDS or size > LIMIT_BYTES
    return 1 if over else 0


def table(visits: Sequence[dict[str, float]], size: int) -> str:
    """The figures as Markdown."""
    rows = {
        "first contentful paint, ms": median(visit["first"] for visit in visits),
        "the opened chat painted, ms": median(visit["painted"] for visit in visits),
        "the bot's greeting read, ms": median(visit["greeted"] for visit in visits),
        "loaded for it, compressed, bytes": size,
    }
    return "\n".join(
        ["| what | figure |", "|---|---|", *(f"| {what} | {n:,.0f} |" for what, n in rows.items())]
    )


def visit(browser: Browser, address: str) -> dict[str, float]:
    """One visit: milliseconds from the navigation on."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    context.add_init_script(_OPEN_SHADOW)
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    page.goto(address + "/chat", wait_until="commit")
    painted = page.evaluate(_PAINTED)
    page.locator(".entry.bot").wait_for()
    greeted = page.evaluate("performance.now()")
    first = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    context.close()
    return {"painted": painted, "greeted": greeted, "first": first}


def loaded_bytes() -> int:
    """What a visitor loads: the script, and its sentences in the longer of the two kinds of Chinese."""
    widget = read_widget(WEB)
    sentences = [
        json.dumps({text: known[text] for text in said_by(widget.body) if text in known}, ensure_ascii=False)
        for known in (translations(language) for language in CHINESE)
    ]
    return len(widget.zipped) + max(len(gzip.compress(each.encode())) for each in sentences)


@contextmanager
def serving() -> Iterator[str]:
    """Serve the page with a bot that only greets: what is measured is the browser."""
    loop, port = asyncio.new_event_loop(), _free_port()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(_start(port), loop).result()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _start(port: int) -> Any:
    async def begin(session: str, language: str) -> None:
        await channel.get_output_channel().send_text_message(sender_id(session), GREETING)

    async def answer(message: object) -> None:
        """Nothing to say."""

    Sanic.test_mode = True  # Sanic wants its own main thread otherwise.
    app = Sanic("first-paint", configure_logging=False)
    channel = WebChat("a key that is long enough for a bench", [], begin)
    app.blueprint(channel.blueprint(answer), url_prefix="/webhooks/webchat")
    app.blueprint(pages(WEB, "Riverside Scam Support", "about:blank", [], translations))
    server = await app.create_server(host="127.0.0.1", port=port, return_asyncio_server=True)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.start_serving()
    return server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main())
