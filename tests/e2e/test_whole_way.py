"""The whole way in a real browser: a person tells their story on the page, a caseworker reads it on the desk."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.conftest import OPEN_SHADOW

PATIENCE_SECONDS = 240
ARRIVAL_SECONDS = 45
ANSWER_MILLISECONDS = 20_000
ROOT = Path(__file__).parents[2]


@dataclass
class Running:
    """Bot and desk as `firstaid run` starts them."""

    chat: str
    desk: str
    password: str


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Iterator[Running]:
    """Bot and desk on free ports, with a fresh data directory and the model of this session."""
    data = tmp_path_factory.mktemp("whole-way")
    (data / "models").mkdir()
    (data / "models" / model.name).symlink_to(model)
    chat, desk = _free_port(), _free_port()
    log = data / "log.txt"
    environment = {
        **os.environ,
        "FIRSTAID_DEMO": "1",
        "FIRSTAID_DATA_DIR": str(data),
        "FIRSTAID_PORT": str(chat),
        "FIRSTAID_DESK_PORT": str(desk),
    }
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "run"],
            env=environment,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(f"http://127.0.0.1:{chat}/ready", process, log)
        _wait_for(f"http://127.0.0.1:{desk}/health", process, log)
        login = re.search(r"caseworker / (\S+)", log.read_text())
        assert login, log.read_text()
        yield Running(f"http://localhost:{chat}", f"http://localhost:{desk}", login[1])
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


# Locale of the page, the story as it is told, and how the clock is worded in the answer.
STORIES = {
    "en": (
        "en-US",
        "A man I met on Hinge had me wire $50,000 to an exchange yesterday and now they want 20% tax before I can "
        "withdraw",
        "72 hours are left",
    ),
    "zh_Hans": (
        "zh-CN",
        "在 Hinge 上认识的男人昨天让我电汇了五万美元到一个交易所，现在说要先交20%的税才能提现",
        "72 小时",
    ),
    "zh_Hant": (
        "zh-TW",
        "在 Hinge 上認識的男人昨天叫我電匯了五萬美元到一個交易所，現在說要先繳20%的稅才能提領",
        "72 小時",
    ),
    "mixed": ("zh-CN", "我昨天 wire 了五万刀给一个 Hinge 上认识的人", "72 小时"),
}
SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 800},
}
# What a caseworker reads of the story in Chinese, whatever the language of their desk, and its labels in two languages.
BOTH_SUMMARIES = ("lives in: United States", "居住地：美国")
IN_ENGLISH = ("50,000 USD", "bank wire inside the US", "How to reach the person", "Simplified Chinese")
IN_CHINESE = ("50,000 USD", "美国境内电汇", "如何联系当事人", "简体中文")
UNITED_STATES, NOT_YET, PASS_IT_ON, NO_CONTACT, SEND_IT = 0, 1, 0, 2, 0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("story", STORIES)
def test_from_the_first_message_to_the_desk(
    story: str, size: str, browser: Browser, running: Running
) -> None:
    """The first step comes with the hours left, then IC3, then the case is on the desk with its payment."""
    locale, told, clock = STORIES[story]
    page = _open_chat(browser, running, locale, SIZES[size])
    log = page.get_by_role("log")
    page.locator("#text").fill(told)
    page.keyboard.press("Enter")
    expect(log).to_contain_text("wire recall", timeout=ANSWER_MILLISECONDS)
    expect(log).to_contain_text(clock)
    expect(log.get_by_role("timer").first).to_contain_text(re.compile(r"\d"))
    _press(page, UNITED_STATES)
    expect(log).to_contain_text("ic3.gov", timeout=ANSWER_MILLISECONDS)
    for choice in (NOT_YET, PASS_IT_ON, NO_CONTACT, SEND_IT):
        _press(page, choice)
    expect(log).to_contain_text(re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}"), timeout=ANSWER_MILLISECONDS)
    reference = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", log.inner_text())
    assert reference
    desk = _caseworker(browser, running)
    ticket = _find_ticket(desk, running, reference[0])
    expect(ticket.locator("body")).to_contain_text("50,000 USD")
    expect(ticket.locator("body")).to_contain_text("bank wire inside the US")


def _open_chat(browser: Browser, running: Running, locale: str, size: ViewportSize) -> Page:
    """Open the chat page and wait for its greeting."""
    page = browser.new_context(locale=locale, viewport=size).new_page()
    page.add_init_script(OPEN_SHADOW)
    page.goto(running.chat)
    expect(page.get_by_role("log").locator(":scope > *").first).to_be_visible(timeout=ANSWER_MILLISECONDS)
    return page


def _press(page: Page, index: int) -> None:
    """Press the button of that place under the newest question and wait for the next answer's end."""
    newest = page.locator(".entry.bot").last.locator("button.choice:not([aria-disabled=true])").nth(index)
    expect(newest).to_be_visible(timeout=ANSWER_MILLISECONDS)
    said = page.locator(".entry.bot").count()
    newest.click()
    expect(page.locator(".entry.bot").nth(said)).to_be_visible(timeout=ANSWER_MILLISECONDS)
    expect(page.locator("#typing")).to_be_empty(timeout=ANSWER_MILLISECONDS)


def _caseworker(browser: Browser, running: Running, locale: str = "en-US") -> Page:
    page = browser.new_context(locale=locale).new_page()
    page.goto(running.desk)
    page.locator("input[name=username]").fill("caseworker")
    page.locator("input[name=password]").fill(running.password)
    page.keyboard.press("Enter")
    expect(page.locator("input[name=password]")).to_have_count(0, timeout=ANSWER_MILLISECONDS)
    return page


def _find_ticket(page: Page, running: Running, reference: str) -> Page:
    """Open the case with that reference; it arrives a moment after the promise."""
    end = time.monotonic() + ARRIVAL_SECONDS
    while time.monotonic() < end:
        page.goto(running.desk)
        link = page.get_by_role("link", name=re.compile(reference))
        if link.count():
            link.first.click()
            return page
        page.wait_for_timeout(500)
    raise AssertionError(f"case {reference} did not reach the desk")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            with urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"{url} did not come up:\n{log.read_text()}")


def test_an_answer_from_the_desk_is_seen_in_the_chat_and_answered_there(
    browser: Browser, running: Running
) -> None:
    """A case told in Chinese, read in both languages, answered by a caseworker, and the person's answer: no reload."""
    page = _open_chat(browser, running, "zh-CN", SIZES["phone"])
    page.evaluate("window.loadedOnce = true")
    log = page.get_by_role("log")
    page.locator("#text").fill(STORIES["zh_Hans"][1])
    page.keyboard.press("Enter")
    expect(log).to_contain_text(STORIES["zh_Hans"][2], timeout=ANSWER_MILLISECONDS)
    for choice in (UNITED_STATES, NOT_YET, PASS_IT_ON, NO_CONTACT, SEND_IT):
        _press(page, choice)
    expect(log).to_contain_text(re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}"), timeout=ANSWER_MILLISECONDS)
    reference = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", log.inner_text())
    assert reference
    desk = _caseworker(browser, running)
    _keep_picture(desk, "desk-dashboard")
    ticket = _find_ticket(desk, running, reference[0])
    chinese = _find_ticket(_caseworker(browser, running, "zh-CN"), running, reference[0])
    for read, labels in ((ticket, IN_ENGLISH), (chinese, IN_CHINESE)):
        for text in (*BOTH_SUMMARIES, *labels):
            expect(read.locator("body")).to_contain_text(text)
    _keep_picture(ticket, "desk-case-english")
    _keep_picture(chinese, "desk-case-chinese")
    for reader, name in ((ticket, "english"), (chinese, "chinese")):
        listed = reader.context.new_page()
        listed.goto(f"{running.desk}/tickets/")
        expect(listed.locator("#ticketTable")).to_contain_text(reference[0], timeout=ANSWER_MILLISECONDS)
        _keep_picture(listed, f"desk-list-{name}")
    _answer(ticket, "银行立案了吗？请把编号告诉我。")
    expect(log).to_contain_text("银行立案了吗？请把编号告诉我。", timeout=ARRIVAL_SECONDS * 1000)
    _keep_picture(page, "answer-in-the-chat", whole=False)
    expect(log.get_by_text("银行立案了吗？请把编号告诉我。")).to_be_in_viewport()
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")
    page.locator("#text").fill("立案了，编号是 4471。")
    page.keyboard.press("Enter")
    expect(log).to_contain_text("正在转给工作人员", timeout=ANSWER_MILLISECONDS)
    _wait_for_text(ticket, "立案了，编号是 4471。")
    assert page.evaluate("window.loadedOnce")
    _keep_picture(ticket, "answer-on-the-desk")


def _answer(ticket: Page, words: str) -> None:
    """Write to the person with helpdesk's own form, as a public answer."""
    ticket.locator("#respond-tab").click()
    ticket.locator("#commentBox").fill(words)
    expect(ticket.locator("#id_public")).to_be_checked()
    ticket.locator("#ticket-respond-form button.btn-success[type=submit]").click()
    expect(ticket.locator("body")).to_contain_text(words, timeout=ANSWER_MILLISECONDS)


def _wait_for_text(page: Page, words: str) -> None:
    """Load the page again until `words` stand on it."""
    end = time.monotonic() + ARRIVAL_SECONDS
    while words not in page.locator("body").inner_text():
        assert time.monotonic() < end, f"{words} did not come"
        page.wait_for_timeout(500)
        page.reload()


def _keep_picture(page: Page, name: str, whole: bool = True) -> None:
    """Keep a screenshot to be looked at, where a directory for them is named."""
    if directory := os.environ.get("TEST_SCREENSHOTS"):
        page.screenshot(path=Path(directory) / f"{name}.png", full_page=whole)
