"""The chat embedded on another site, in a real browser: it works, it stays whole, it lets in nobody else."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.e2e.web.host_site import HostSite
from tests.e2e.web.web_page_server import CHOICES, GREETING, STRINGS, WORDS, OpenPage, PageServer

LOCALES = {"en": "en-GB", "zh_Hans": "zh-CN", "zh_Hant": "zh-TW"}


def launcher(page: Page) -> Locator:
    """The button in the corner."""
    return page.locator(".launcher")


def panel(page: Page) -> Locator:
    """The opened chat."""
    return page.get_by_role("dialog")


def said(page: Page) -> Locator:
    """The bot's messages."""
    return page.locator(".entry.bot .words")


def write(page: Page, text: str) -> None:
    """Type a message and send it with Enter."""
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")


def open_chat(page: Page) -> None:
    """Press the button and wait for the greeting."""
    launcher(page).click()
    expect(said(page)).to_have_count(1)


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", LOCALES)
def test_a_talk_on_a_site_with_a_strict_policy(
    open_page: OpenPage, server: PageServer, friend: HostSite, language: str, phone: bool
) -> None:
    page = open_page(site=friend.url, phone=phone, locale=LOCALES[language])
    expect(launcher(page)).to_have_text("Talk to us")
    assert server.sessions() == 0
    open_chat(page)
    expect(said(page)).to_contain_text(GREETING[language].split("\n")[0])
    page.get_by_role("button", name=CHOICES[language][0]).click()
    expect(said(page)).to_have_count(2)
    expect(page.locator("a.phone").first).to_have_attribute("href", "tel:+15550100100")
    expect(page.locator(".exit")).to_have_text(STRINGS[language].get("Leave this page", "Leave this page"))
    assert server.heard == [CHOICES[language][0]]
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    assert page.title() == "A circle of friends"


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_hostile_styles_do_not_reach_the_chat(open_page: OpenPage, friend: HostSite, phone: bool) -> None:
    shown = []
    for path in ("/", "/hostile"):
        page = open_page(site=friend.url + path, phone=phone)
        open_chat(page)
        page.get_by_role("button", name=CHOICES["en"][0]).click()
        expect(said(page)).to_have_count(2)
        write(page, "averylongwordwithoutanybreaks" * 20)
        expect(said(page)).to_have_count(3)
        expect(page.locator(".fate").last).to_have_text("Read")
        for target in panel(page).locator("button:visible, textarea").all():
            box = target.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 44, target.inner_text()
        boxes = [
            each.bounding_box() for each in panel(page).locator("button:visible, .words, #text, .name").all()
        ]
        styles = (
            panel(page)
            .locator(".words")
            .first.evaluate(
                "words => { const { color, fontSize, direction, visibility, letterSpacing } = getComputedStyle(words);"
                " return [color, fontSize, direction, visibility, letterSpacing]; }"
            )
        )
        shown.append((styles, boxes))
    assert shown[0] == shown[1]


def test_nobody_off_the_list_gets_the_chat(
    open_page: OpenPage, server: PageServer, stranger: HostSite
) -> None:
    page = open_page(site=stranger.url, quiet=True)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("customElements.get('first-aid-chat') === undefined")
    stranger.policy = f"connect-src {server.url}"
    page.reload()
    opened = (
        f"fetch('{server.url}/webhooks/webchat/session', {{method: 'POST', body: '{{}}', headers: HEADERS}})"
    )
    for headers in ("{'Content-Type': 'application/json'}", "{'Content-Type': 'text/plain'}"):
        assert (
            page.evaluate(opened.replace("HEADERS", headers) + ".then(() => 'let in', () => 'refused')")
            == "refused"
        )
    assert server.sessions() == 0


def test_a_tampered_script_does_not_run(open_page: OpenPage, friend: HostSite) -> None:
    page = open_page(site="about:blank", quiet=True)

    page.route(
        "**/first-aid-chat.js",
        lambda route: route.fulfill(
            body="document.title = 'taken over'",
            content_type="text/javascript",
            headers={"Access-Control-Allow-Origin": friend.url},
        ),
    )
    page.goto(friend.url)
    page.wait_for_load_state("networkidle")
    assert page.title() == "A circle of friends"
    friend.pinned = False
    page.reload()
    expect(page).to_have_title("taken over")


def test_a_token_is_worth_nothing_on_another_site(
    open_page: OpenPage, server: PageServer, friend: HostSite
) -> None:
    page = open_page(site=friend.url)
    open_chat(page)
    token = page.evaluate("JSON.parse(sessionStorage['first-aid-chat']).grant.token")
    own = open_page(quiet=True)
    renew = (
        "token => fetch('/webhooks/webchat/session/renew',"
        " {method: 'POST', headers: {Authorization: `Bearer ${token}`}}).then(answer => answer.status)"
    )
    assert own.evaluate(renew, token) == 401
    assert page.evaluate(renew.replace("'/webhooks", f"'{server.url}/webhooks"), token) == 200


def test_markup_in_any_text_is_only_text(open_page: OpenPage, friend: HostSite) -> None:
    page = open_page(site=friend.url)
    open_chat(page)
    write(page, '<img src=x onerror="document.title=1"><svg onload=alert(1)>"><script>alert(1)</script>')
    expect(said(page).last).to_contain_text("<img src=x")
    expect(page.locator(".entry .words :is(img, svg, script)")).to_have_count(0)
    assert page.title() == "A circle of friends"


def test_answers_that_come_while_it_is_closed_are_counted(
    open_page: OpenPage, server: PageServer, friend: HostSite
) -> None:
    page = open_page(site=friend.url)
    open_chat(page)
    write(page, "wait")
    expect(page.locator("#typing")).not_to_be_empty()
    page.get_by_role("button", name="Close the chat; the talk stays").click()
    expect(panel(page)).to_have_count(0)
    server.release.set()
    expect(page.get_by_role("button", name="Talk to us 1 new messages")).to_be_visible()
    page.keyboard.press("Enter")
    expect(said(page).last).to_have_text("done waiting")
    expect(page.locator(".badge")).to_be_empty()


def test_the_talk_goes_on_across_the_pages_of_a_site(
    open_page: OpenPage, server: PageServer, friend: HostSite
) -> None:
    page = open_page(site=friend.url)
    open_chat(page)
    write(page, "before")
    expect(said(page)).to_have_count(2)
    page.goto(friend.url + "/second")
    expect(panel(page)).to_be_visible()
    expect(said(page)).to_have_count(2)
    page.locator(".hide").click()
    page.reload()
    expect(launcher(page)).to_be_visible()
    launcher(page).click()
    write(page, "after")
    expect(said(page)).to_have_text([re.compile("^Hello"), "before", "after"])
    assert (server.sessions(), server.heard) == (1, ["before", "after"])


def test_a_site_may_move_the_element(open_page: OpenPage, friend: HostSite) -> None:
    page = open_page(site=friend.url)
    open_chat(page)
    page.evaluate("document.querySelector('main').append(document.querySelector('first-aid-chat'))")
    expect(panel(page)).to_be_visible()
    write(page, "moved")
    expect(said(page).last).to_have_text("moved")


def test_two_tabs_of_one_talk_agree_and_leave_together(
    open_page: OpenPage, server: PageServer, friend: HostSite
) -> None:
    page = open_page(site=friend.url)
    open_chat(page)
    write(page, "first tab")
    expect(said(page)).to_have_count(2)
    with page.context.expect_page() as opening:
        page.evaluate("open('/second', '_blank', 'opener')")
    twin = opening.value
    expect(said(twin)).to_have_count(2)
    expect(twin.locator("#state")).to_be_empty()
    twin.wait_for_timeout(500)
    write(page, "said here")
    expect(twin.locator(".entry.me .words").last).to_have_text("said here")
    write(twin, "said there")
    for tab in (page, twin):
        expect(said(tab)).to_have_text([re.compile("^Hello"), "first tab", "said here", "said there"])
        expect(tab.locator(".entry.me")).to_have_count(3)
    assert server.heard == ["first tab", "said here", "said there"]
    twin.locator(".exit").click()
    for tab in (page, twin):
        tab.wait_for_url(server.exit_url)
    assert server.sessions() == 0


def test_a_lost_network_is_told_and_what_was_written_goes_out_once(
    open_page: OpenPage, server: PageServer, friend: HostSite
) -> None:
    page = open_page(site=friend.url, quiet=True)
    open_chat(page)
    server.stop()
    expect(page.locator("#state")).to_contain_text("No connection")
    write(page, "first")
    page.locator(".hide").click()
    server.start()
    launcher(page).click()
    page.get_by_role("button", name="Try now").click()
    expect(said(page)).to_have_text([re.compile("^Hello"), "first"])
    assert server.heard == ["first"]


@pytest.mark.parametrize("way", ["button", "escape"])
def test_the_quick_exit_leaves_nothing(
    open_page: OpenPage, server: PageServer, friend: HostSite, way: str
) -> None:
    page = open_page(site="about:blank")
    page.goto(friend.url)
    open_chat(page)
    write(page, "something private")
    expect(said(page)).to_have_count(2)
    before = page.evaluate("history.length")
    if way == "button":
        page.locator(".exit").click()
    else:
        page.keyboard.press("Escape")
        expect(panel(page)).to_have_count(0)
        page.keyboard.press("Escape")
    page.wait_for_url(server.exit_url)
    expect(page).to_have_title("Weather")
    assert server.sessions() == 0
    assert page.evaluate("history.length") == before
    page.go_back()
    assert page.url == "about:blank"
    page.goto(friend.url)
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
    expect(launcher(page)).to_be_visible()
    open_chat(page)
    assert "something private" not in page.locator("#log").inner_text()


def test_everything_works_from_the_keyboard(
    open_page: OpenPage, server: PageServer, friend: HostSite
) -> None:
    page = open_page(site=friend.url)
    expect(launcher(page)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(said(page)).to_have_count(1)
    page.keyboard.type("typed at once")
    page.keyboard.press("Enter")
    expect(said(page).last).to_have_text("typed at once")
    page.keyboard.press("Escape")
    expect(panel(page)).to_have_count(0)
    page.wait_for_timeout(1600)
    page.keyboard.press("Enter")
    expect(panel(page)).to_be_visible()
    assert server.heard == ["typed at once"]


def test_what_is_typed_stays_from_the_pages_ears(open_page: OpenPage, friend: HostSite) -> None:
    page = open_page(site=friend.url)
    page.evaluate(
        "() => { window.overheard = []; for (const type of ['keydown', 'keyup', 'input'])"
        " document.addEventListener(type, event => overheard.push(event.key ?? event.data)); }"
    )
    open_chat(page)
    page.locator("#text").press_sequentially("secret")
    page.keyboard.press("Enter")
    expect(said(page).last).to_have_text("secret")
    assert page.evaluate("overheard") == []


def test_words_to_copy_time_that_ticks_steps_to_print_and_larger_text(
    open_page: OpenPage, friend: HostSite
) -> None:
    page = open_page(site=friend.url)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_chat(page)
    write(page, "time")
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^Hours left: \d{6}$"))
    page.get_by_role("button", name="Copy the words to say").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == WORDS
    before = said(page).last.evaluate("words => parseFloat(getComputedStyle(words).fontSize)")
    page.get_by_role("button", name="Text size").click()
    after = said(page).last.evaluate("words => parseFloat(getComputedStyle(words).fontSize)")
    assert after == before * 1.25
    write(page, CHOICES["en"][0])
    page.get_by_role("button", name="Print these steps").click()
    printed = page.locator("iframe").content_frame.locator("body")
    expect(printed.locator("li")).to_have_count(3)
    assert page.locator("iframe").evaluate("frame => frame.contentDocument.title") == ""
    page.reload()
    assert said(page).last.evaluate("words => parseFloat(getComputedStyle(words).fontSize)") == after


def test_the_plan_is_ticked_by_hand_and_by_keyboard(
    open_page: OpenPage, server: PageServer, friend: HostSite
) -> None:
    page = open_page(site=friend.url, phone=True)
    open_chat(page)
    write(page, "my plan")
    steps = page.get_by_role("checkbox")
    expect(steps).to_have_count(3)
    expect(page.get_by_role("listitem").filter(has_text="caseworker")).to_have_text(
        "open: pass the case to a caseworker"
    )
    for step in page.locator(".step label").all():
        box = step.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    page.get_by_text("contact the bank").first.click()
    expect(page.locator(".entry.me .words").last).to_have_text("I called the bank")
    expect(said(page).last).to_have_text("I called the bank")
    steps.nth(1).focus()
    page.keyboard.press("Space")
    expect(said(page).last).to_have_text("I called the other bank")
    expect(steps.nth(1)).to_be_focused()
    expect(steps.nth(1)).to_be_in_viewport()
    page.get_by_label("report it").uncheck()
    expect(said(page).last).to_have_text("not done yet: police")
    assert server.heard[1:] == ["I called the bank", "I called the other bank", "not done yet: police"]
    assert server.ticked == [("bank:0", True), ("bank:1", True), ("police", False)]
    page.reload()
    assert [step.is_checked() for step in steps.all()] == [True, True, False]
    page.get_by_role("button", name="Print these steps").click()
    printed = page.locator("iframe").content_frame.get_by_role("checkbox")
    assert [step.is_checked() for step in printed.all()] == [True, True, False]
    write(page, "my plan")
    expect(steps).to_have_count(6)
    assert [step.is_enabled() for step in steps.all()] == [False] * 3 + [True] * 3


def test_a_tick_shows_in_the_other_tab(open_page: OpenPage, friend: HostSite) -> None:
    page = open_page(site=friend.url)
    open_chat(page)
    write(page, "my plan")
    expect(page.get_by_role("checkbox")).to_have_count(3)
    with page.context.expect_page() as opening:
        page.evaluate("open('/second', '_blank', 'opener')")
    twin = opening.value
    expect(twin.get_by_role("checkbox")).to_have_count(3)
    expect(twin.locator("#state")).to_be_empty()
    twin.wait_for_timeout(500)
    page.get_by_role("checkbox").first.check()
    expect(twin.get_by_role("checkbox").first).to_be_checked()
    expect(twin.locator(".entry.me")).to_have_count(2)


def test_the_case_in_writing_is_saved_as_a_file(open_page: OpenPage, friend: HostSite) -> None:
    page = open_page(site=friend.url)
    open_chat(page)
    write(page, "in writing")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as a file").click()
    assert saving.value.suggested_filename == "my-case.txt"
    assert saving.value.path().read_text("utf-8-sig") == "• my case"
    expect(page.get_by_role("button", name="Saved. The file stays on this device.")).to_be_visible()
    assert page.url == friend.url + "/"
    expect(panel(page)).to_be_visible()


def test_a_chat_saved_as_text_is_shown_and_other_files_are_refused_kindly(
    open_page: OpenPage, server: PageServer, friend: HostSite
) -> None:
    page = open_page(site=friend.url)
    open_chat(page)

    def show(name: str, kind: str, content: bytes) -> None:
        with page.expect_file_chooser() as choosing:
            page.get_by_role("button", name="Show a chat saved as a text file").click()
        choosing.value.set_files({"name": name, "mimeType": kind, "buffer": content})

    words = "把钱转到安全账户"
    for position, encoding in enumerate(("utf-8-sig", "utf-16", "gb18030")):
        show("chat.txt", "text/plain", words.encode(encoding))
        expect(page.locator(".entry.me .words").nth(position)).to_have_text("chat.txt")
        expect(said(page).last).to_have_text(words)
        expect(page.locator(".fate").last).to_have_text("Read")
    show("screen.png", "image/png", b"\x89PNG")
    expect(page.locator("#state")).to_contain_text("can't look at pictures")
    show("statement.pdf", "application/pdf", b"%PDF-1.7")
    expect(page.locator("#state")).to_contain_text("can't open this kind of file")
    show("noise.txt", "text/plain", bytes(range(256)))
    expect(page.locator("#state")).to_contain_text("can't open this kind of file")
    show("long.txt", "text/plain", "长".encode() * 80_000)
    expect(page.locator(".entry.me .words").nth(3)).to_have_text("long.txt")
    expect(said(page)).to_have_count(5)
    assert server.shown == [words] * 3 + ["长" * 15_000]
    assert _violations(page) == []


@pytest.mark.parametrize("color", ["#ffffff", "#000000", "#ffd400", "#0f5c5c"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_colour(
    open_page: OpenPage, friend: HostSite, scheme: str, color: str
) -> None:
    friend.attributes = {"color": color, "position": "left"}
    page = open_page(site=friend.url, quiet=True, color_scheme=scheme, reduced_motion="reduce")
    expect(launcher(page)).to_have_text("Chat")
    assert _violations(page) == []
    open_chat(page)
    page.get_by_role("button", name=CHOICES["en"][0]).click()
    write(page, "time")
    write(page, "my plan")
    write(page, "my plan")
    expect(page.locator(".plan")).to_have_count(2)
    page.locator(".plan").last.get_by_role("checkbox").first.check()
    expect(said(page)).to_have_count(6)
    assert _violations(page) == []


@pytest.mark.parametrize("path", ["/embed", "/embed?lang=zh-TW", "/demo"])
def test_axe_finds_nothing_on_the_pages_around(open_page: OpenPage, server: PageServer, path: str) -> None:
    page = open_page(site=server.url + path, phone=True)
    expect(launcher(page)).to_be_visible()
    assert _violations(page) == []


def test_what_an_operator_chooses_shows_at_once(open_page: OpenPage, server: PageServer) -> None:
    page = open_page(site=server.url + "/embed")
    line = page.locator("#snippet")
    expect(line).to_contain_text("integrity=")
    page.get_by_label("Words on the button").fill('Here "we" are')
    page.get_by_label("Side of the screen").select_option("left")
    page.locator("select[name=language]").select_option("zh-Hans")
    expect(launcher(page)).to_have_text('Here "we" are')
    expect(line).to_contain_text('data-position="left"')
    expect(line).to_contain_text('data-language="zh-Hans"')
    page.get_by_label("Load exactly").uncheck()
    expect(line).to_contain_text(f"{server.url}/widget/latest/first-aid-chat.js")
    box = launcher(page).bounding_box()
    assert box is not None
    assert box["x"] < 100
    launcher(page).click()
    expect(said(page)).to_contain_text(GREETING["zh_Hans"].split("\n")[0])


def _violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found]
