"""The chat page in a real browser: a talk, the ways it can break, and the way out."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.web.holding_proxy import HoldingProxy
from tests.e2e.web.web_page_server import CHOICES, GREETING, ORGANISATION, STRINGS, OpenPage, PageServer

FOCUSED = "document.activeElement.shadowRoot.activeElement"
LAST = ".entry.bot:last-child"


def said(page: Page) -> Locator:
    """The bot's messages."""
    return page.locator(".entry.bot .words")


def write(page: Page, text: str) -> None:
    """Type a message and send it with Enter."""
    page.get_by_role("textbox").fill(text)
    page.get_by_role("textbox").press("Enter")


def test_a_talk_with_buttons_steps_numbers_and_links(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    expect(said(page)).to_contain_text("What is going on?")
    expect(page.get_by_role("heading", level=1)).to_have_text(ORGANISATION)
    for promise in ("not the police and not a lawyer", "never asks for money, codes or passwords"):
        expect(page.get_by_text(promise)).to_be_visible()
    page.get_by_role("button", name=CHOICES["en"][0]).click()
    expect(page.locator(".entry.me .words")).to_have_text(CHOICES["en"][0])
    expect(page.locator(f"{LAST} ol > li")).to_have_count(3)
    expect(page.locator(f"{LAST} a.phone")).to_have_text(["+1 (555) 010-0100", "999"])
    expect(page.locator(f"{LAST} a.phone").first).to_have_attribute("href", "tel:+15550100100")
    link = page.locator(f"{LAST} a.away")
    expect(link).to_have_attribute("href", "https://report.example/online")
    expect(link).to_have_attribute("rel", re.compile("noopener noreferrer"))
    expect(link).to_have_text("report.example/online (opens another site)")
    for choice in page.get_by_role("group", name="Suggested answers").get_by_role("button").all():
        expect(choice).to_be_disabled()
    expect(page.locator(".fate").last).to_have_text("Read")
    page.get_by_role("button", name=CHOICES["en"][1]).dispatch_event("click")
    write(page, "last words")
    expect(said(page).last).to_have_text("last words")
    assert server.heard == [CHOICES["en"][0], "last words"]


def test_markup_in_any_text_is_only_text(open_page: OpenPage) -> None:
    page = open_page()
    hostile = (
        '<img src=x onerror="document.title=1"><b>bold</b> javascript:alert(1) https://a.example/"onclick="x'
    )
    write(page, hostile)
    expect(said(page).last).to_contain_text("<b>bold</b>")
    expect(page.locator(".entry .words :is(img, b)")).to_have_count(0)
    assert page.title() == "Chat"
    for link in page.locator(".entry a").all():
        assert (link.get_attribute("href") or "").startswith("https://a.example/")


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("Call 911 or 988 now.", ["911", "988"]),
        ("请拨打 96110，或打110。", ["96110", "110"]),
        ("請撥打165或110", ["165", "110"]),
        ("Free: 1-800-555-0100, abroad +44 20 7946 0000.", ["1-800-555-0100", "+44 20 7946 0000"]),
        ("电话：0800 123 4567", ["0800 123 4567"]),
        ("You paid $555-010-0100 on 2026-11-21 at 10:45, case 2026-1234-567.", []),
        ("Call within 72 hours; 120 hours is late. Ref 12345678.", []),
        ("打款 20000 元，汇了 3 次，72 小时内。", []),
    ],
)
def test_numbers_that_dial(open_page: OpenPage, text: str, phones: list[str]) -> None:
    page = open_page()
    write(page, text)
    expect(said(page).last).to_have_text(text)
    assert page.locator(f"{LAST} a.phone").all_text_contents() == phones


def test_lists_keep_their_numbers(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("textbox").fill("First:\n2. two\n\n3. three\nthen\n- dot\n- another\n3.5 percent")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(f"{LAST} ol")).to_have_count(1)
    expect(page.locator(f"{LAST} ol")).to_have_attribute("start", "2")
    expect(page.locator(f"{LAST} ol li")).to_have_text(["two", "three"])
    expect(page.locator(f"{LAST} ul li")).to_have_text(["dot", "another"])
    expect(page.locator(f"{LAST} p").last).to_have_text("3.5 percent")


def test_the_page_speaks_the_browsers_language(open_page: OpenPage) -> None:
    page = open_page(locale="zh-TW")
    expect(said(page)).to_contain_text(GREETING["zh_Hant"].split("\n")[0])
    expect(page.get_by_role("button", name=STRINGS["zh_Hant"]["Leave this page"])).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "zh-Hant"
    asked = open_page("?lang=zh-CN")
    expect(asked.locator(".exit")).to_have_text(STRINGS["zh_Hans"]["Leave this page"])


def test_switching_the_language_changes_the_page_and_tells_the_bot(
    open_page: OpenPage, server: PageServer
) -> None:
    page = open_page()
    expect(said(page)).to_have_count(1)
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator(".entry.me .words")).to_have_text("简体中文")
    expect(said(page).last).to_contain_text("现在是什么情况？")
    expect(page.get_by_role("button", name="简体中文")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name=STRINGS["zh_Hans"]["Send"])).to_be_visible()
    expect(page.locator(".entry.bot").last).to_have_attribute("lang", "zh-Hans")
    page.get_by_role("button", name=CHOICES["zh_Hans"][0]).click()
    expect(said(page).last).to_contain_text("现在按顺序做三件事")
    page.reload()
    expect(said(page)).to_have_count(3)
    expect(page.locator(".exit")).to_have_text(STRINGS["zh_Hans"]["Leave this page"])
    assert server.heard == ["简体中文", CHOICES["zh_Hans"][0]]


def test_a_reload_goes_on_with_the_talk_and_repeats_nothing(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    write(page, "before")
    expect(said(page)).to_have_count(2)
    page.reload()
    expect(said(page)).to_have_text([re.compile("^Hello"), "before"])
    write(page, "after")
    expect(said(page)).to_have_text([re.compile("^Hello"), "before", "after"])
    assert server.heard == ["before", "after"]
    assert server.sessions() == 1
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]


def test_another_tab_is_another_talk(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    write(page, "mine alone")
    expect(said(page)).to_have_count(2)
    second = page.context.new_page()
    second.goto(server.url)
    expect(said(second)).to_have_count(1)
    assert server.sessions() == 2


def test_a_lost_network_is_told_and_what_was_written_goes_out_once(
    open_page: OpenPage, server: PageServer
) -> None:
    page = open_page(quiet=True)
    expect(said(page)).to_have_count(1)
    server.stop()
    expect(page.locator("#state")).to_contain_text("No connection")
    write(page, "first")
    write(page, "second")
    expect(page.locator(".fate")).to_have_text(["Waiting for the connection"] * 2)
    server.start()
    page.get_by_role("button", name="Try now").click()
    expect(said(page)).to_have_text([re.compile("^Hello"), "first", "second"])
    expect(page.locator("#state")).to_be_empty()
    assert server.heard == ["first", "second"]


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_nothing_is_cut_off_on_the_narrowest_phone(open_page: OpenPage, language: str) -> None:
    page = open_page(f"?lang={language}", phone=True, viewport={"width": 320, "height": 568})
    write(page, "my plan")
    expect(page.get_by_role("checkbox").first).to_be_visible()
    for part in page.locator(":is(.bar button, .form button, .entry, .step label):visible").all():
        box = part.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 320


def test_a_proxy_that_keeps_streams_back_only_slows_the_talk(open_page: OpenPage, server: PageServer) -> None:
    proxy = HoldingProxy(server.url)
    proxy.start()
    page = open_page(site=proxy.url, quiet=True)
    expect(said(page)).to_have_count(1, timeout=15_000)
    write(page, "through the proxy")
    expect(said(page).last).to_have_text("through the proxy")
    write(page, "and again")
    expect(said(page).last).to_have_text("and again")
    expect(page.locator("#state")).to_be_empty()
    assert server.heard == ["through the proxy", "and again"]
    proxy.close()


def test_an_answer_missed_during_a_reload_arrives(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    write(page, "wait")
    expect(page.locator("#typing")).to_have_text("An answer is being written…")
    page.goto("about:blank")
    server.release.set()
    page.goto(server.url)
    expect(said(page)).to_have_text([re.compile("^Hello"), "done waiting"])
    expect(page.locator("#typing")).to_be_empty()


def test_a_message_that_could_not_be_answered_can_be_tried_again(
    open_page: OpenPage, server: PageServer
) -> None:
    page = open_page()
    write(page, "break")
    expect(page.locator(".fate")).to_contain_text("could not be answered")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".fate")).to_contain_text("could not be answered")
    write(page, "go on")
    expect(said(page).last).to_have_text("go on")
    assert server.heard == ["break", "break", "go on"]


def test_a_failure_told_before_the_request_is_answered_stays_told(open_page: OpenPage) -> None:
    page = open_page()

    def answer_late(route: Route) -> None:
        taken = route.fetch()
        page.wait_for_timeout(300)
        route.fulfill(response=taken)

    page.route("**/messages", answer_late)
    with page.expect_response("**/messages"):
        write(page, "break")
    expect(page.locator(".fate")).to_contain_text("could not be answered")


def test_a_text_too_long_is_told_and_kept(open_page: OpenPage) -> None:
    page = open_page(quiet=True)
    write(page, "长" * 30_000)
    expect(page.locator(".fate")).to_contain_text("too long to send")
    write(page, "short")
    expect(said(page).last).to_have_text("short")


def test_a_session_the_server_no_longer_takes_can_be_begun_anew(
    open_page: OpenPage, server: PageServer
) -> None:
    page = open_page(quiet=True)
    expect(said(page)).to_have_count(1)
    page.evaluate(
        "() => { const talk = JSON.parse(sessionStorage['first-aid-chat']); talk.grant.token += 'x';"
        " sessionStorage['first-aid-chat'] = JSON.stringify(talk); }"
    )
    page.reload()
    expect(page.locator("#state")).to_contain_text("This talk has ended.")
    page.get_by_role("button", name="Start a new talk").click()
    expect(said(page)).to_have_count(2)
    write(page, "again")
    expect(said(page).last).to_have_text("again")


@pytest.mark.parametrize("way", ["button", "escape"])
def test_the_quick_exit_leaves_nothing(open_page: OpenPage, server: PageServer, way: str) -> None:
    page = open_page()
    write(page, "something private")
    expect(said(page)).to_have_count(2)
    assert server.sessions() == 1
    if way == "button":
        page.get_by_role("button", name="Leave this page").click()
    else:
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    page.wait_for_url(server.exit_url)
    expect(page).to_have_title("Weather")
    assert server.sessions() == 0
    page.go_back()
    assert "something private" not in page.content()
    page.goto(server.url)
    expect(said(page)).to_have_count(1)
    assert "something private" not in page.content()


def test_one_escape_and_escapes_of_an_input_method_do_not_leave(
    open_page: OpenPage, server: PageServer
) -> None:
    page = open_page()
    expect(said(page)).to_have_count(1)
    page.keyboard.press("Escape")
    page.get_by_role("textbox").focus()
    for _ in range(2):
        page.evaluate(
            f"{FOCUSED}.dispatchEvent("
            "new KeyboardEvent('keydown', {key: 'Escape', bubbles: true, isComposing: true}))"
        )
    write(page, "still here")
    expect(said(page).last).to_have_text("still here")


def test_everything_works_from_the_keyboard(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    expect(said(page)).to_have_count(1)
    reached = []
    for _ in range(11):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(f"{FOCUSED}.textContent || {FOCUSED}.id || {FOCUSED}.ariaLabel"))
        assert page.evaluate(f"getComputedStyle({FOCUSED}).outlineStyle") == "solid"
    assert reached[:9] == ["English", "简体中文", "繁體中文", "A", "Leave this page", *CHOICES["en"]]
    assert reached[9:] == ["Show a chat saved as a text file", "text"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".entry.me .words")).to_have_text(CHOICES["en"][3])
    assert page.evaluate(f"{FOCUSED}.textContent") == CHOICES["en"][3]


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_nothing_is_too_small_or_off_the_screen(open_page: OpenPage, phone: bool) -> None:
    page = open_page(phone=phone)
    page.get_by_role("button", name=CHOICES["en"][0]).click()
    write(page, "averylongwordwithoutanybreaks" * 20)
    expect(said(page)).to_have_count(3)
    for target in page.locator("button:visible, textarea").all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, target.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("#scroller").evaluate("scroller => scroller.scrollWidth <= scroller.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_axe_finds_nothing(open_page: OpenPage, server: PageServer, scheme: str, phone: bool) -> None:
    page = open_page(phone=phone, quiet=True, color_scheme=scheme, reduced_motion="reduce")
    expect(said(page)).to_have_count(1)
    assert _violations(page) == []
    page.get_by_role("button", name=CHOICES["en"][0]).click()
    expect(said(page)).to_have_count(2)
    write(page, "break")
    expect(page.locator(".fate").last).to_contain_text("could not be answered")
    assert _violations(page) == []
    page.get_by_role("button", name="繁體中文").click()
    expect(said(page)).to_have_count(3)
    server.stop()
    write(page, "不見了")
    expect(page.locator("#state")).not_to_be_empty()
    assert _violations(page) == []


def _violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found]
