"""The pages a caseworker works with, and those that stay closed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils.html import escape

from tests.desk.desk_bot import PASSWORD, STAFF, Bot

PAGES = (
    "/dashboard/", "/tickets/", "/tickets/submit/", "/kanban/", "/reports/", "/saved-searches/", "/rss/",
    "/settings/", "/kb/", "/checklist-templates/", "/help/context/", "/admin/", "/password_change/",
)  # fmt: skip
PUBLIC_PAGES_OF_HELPDESK = (
    "/view/?ticket=urgent-1&email=a@b.example",
    "/tickets/my-tickets/",
    "/tickets/submit_iframe/",
)


def test_a_caseworker_logs_in_and_reads_the_case(bot: Bot, case_file: dict[str, Any]) -> None:
    bot.put(case_file)
    from django.test import Client

    browser = Client(SERVER_NAME="localhost")
    login = browser.get("/", follow=True)
    assert login.redirect_chain[-1][0].startswith("/login/")
    wrong = browser.post("/login/", {"username": STAFF, "password": "wrong"})
    assert "alert-danger" in wrong.content.decode()
    entered = browser.post("/login/", {"username": STAFF, "password": PASSWORD}, follow=True)
    assert "7KQ4-M2XR" in entered.content.decode()
    page = browser.get(f"/tickets/{bot.ticket.pk}/").content.decode()
    for text in ("[URGENT] 7KQ4-M2XR", case_file["summary"]["en"], case_file["summary"]["own"], "18,500 USD",
                 "bank wire inside the US", "Example Trading Ltd", "account 000123456", "First Example Bank",
                 "person@example.org", "incident-statement.txt", "2026-05-06 20:10 UTC"):  # fmt: skip
        assert escape(text) in page, text


@pytest.mark.parametrize(
    ("accepted", "texts"),
    [
        ("zh-CN", ("如何联系当事人", "美国境内电汇", "紧急", "跟进记录", "由机器人移交", "当事人来信")),
        ("zh-TW", ("如何聯絡當事人", "美國境內電匯", "緊急", "跟進記錄")),
        ("zh-HK", ("如何聯絡當事人",)),
        ("fr", ("How to reach the person", "From the person")),
    ],
)
def test_the_page_speaks_the_reader_s_language(
    bot: Bot, staff: Any, case_file: dict[str, Any], accepted: str, texts: tuple[str, ...]
) -> None:
    bot.put(case_file)
    bot.say("more")
    page = staff.get(f"/tickets/{bot.ticket.pk}/", headers={"Accept-Language": accepted}).content.decode()
    assert [text for text in texts if text not in page] == []


def test_facts_stand_once_on_the_page_and_all_in_the_description(
    bot: Bot, staff: Any, case_file: dict[str, Any]
) -> None:
    case_file["safety"]["marks"] = ["crisis", "watched"]
    bot.put(case_file)
    description = bot.ticket.description
    for text in ("18,500 USD", "account 000123456", "person@example.org", "Crisis", "2026-05-01", "passed"):
        assert text in description
    page = staff.get(f"/tickets/{bot.ticket.pk}/").content.decode()
    assert page.count("account 000123456") == 1
    ticket = bot.ticket
    ticket.description = f"{description}\n\nadded by hand"
    ticket.save()
    assert "added by hand" in staff.get(f"/tickets/{bot.ticket.pk}/").content.decode()


def test_a_public_reply_reaches_the_person_and_a_private_note_does_not(
    bot: Bot, staff: Any, case_file: dict[str, Any]
) -> None:
    bot.put(case_file)
    bot.say("not a note of a caseworker")
    assert bot.get().json()["public_note"] is None
    bot.reply(staff, comment="请问银行立案了吗？\r\nThank you.", public="1", new_status="6")
    bot.reply(staff, comment="private thought")
    answer = bot.get().json()
    assert (answer["public_note"], answer["status"]) == (
        "请问银行立案了吗？\nThank you.",
        "waiting_for_person",
    )


def test_cases_are_found_by_what_is_in_them(bot: Bot, staff: Any, case_file: dict[str, Any]) -> None:
    from helpdesk.query import query_to_base64

    bot.put(case_file)
    for wanted, found in (("000123456", 1), ("网友推荐", 1), ("7KQ4", 1), ("nowhere", 0)):
        query = query_to_base64({"search_string": wanted, "sorting": "created"})
        answer = staff.get(f"/datatables_ticket_list/{query}", {"draw": 1, "start": 0, "length": 25})
        assert answer.json()["recordsFiltered"] == found, wanted


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_for_staff_only(empty_desk: Any, staff: Any, path: str) -> None:
    from django.test import Client

    assert staff.get(path).status_code == 200
    assert "/login/?next=" in Client(SERVER_NAME="localhost").get(path).headers["Location"]


@pytest.mark.parametrize("path", PUBLIC_PAGES_OF_HELPDESK)
@pytest.mark.parametrize("method", ["get", "post"])
def test_helpdesk_s_public_pages_are_closed(empty_desk: Any, path: str, method: str) -> None:
    from django.test import Client

    answer = getattr(Client(SERVER_NAME="localhost"), method)(path)
    assert answer.headers["Location"].startswith("/login/")


def test_someone_who_is_not_staff_sees_nothing(bot: Bot, case_file: dict[str, Any]) -> None:
    from django.contrib.auth.models import User
    from django.test import Client

    bot.put(case_file)
    guest = User.objects.create(username="guest")
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(guest)
    assert browser.get(f"/tickets/{bot.ticket.pk}/").status_code == 403
    guest.delete()


def test_attachments_are_inert_and_for_staff(bot: Bot, staff: Any, case_file: dict[str, Any]) -> None:
    case_file["attachments"].append(
        {"name": "页面.html", "media_type": "text/html", "content_base64": "PHNjcmlwdD4x"}
    )
    bot.put(case_file)
    page = staff.get(f"/tickets/{bot.ticket.pk}/").content.decode()
    links = dict.fromkeys(re.findall(r'href="(/media/[^"]+)"', page))
    assert len(links) == 2
    answers = [staff.get(link) for link in links]
    by_type = {answer.headers["Content-Type"]: answer for answer in answers}
    assert by_type["text/html"].headers["Content-Disposition"].startswith("attachment")
    assert by_type["text/plain; charset=utf-8"].headers["Content-Disposition"].startswith("inline")
    assert all("sandbox" in answer.headers["Content-Security-Policy"] for answer in answers)
    assert b"".join(by_type["text/html"].streaming_content) == b"<script>1"
    assert bot.client.get(next(iter(links))).headers["Location"].startswith("/login/")
    assert staff.get("/media/desk.sqlite3").status_code == 404
    assert staff.get("/media/../desk.sqlite3").status_code == 404


def test_cases_cannot_be_merged(bot: Bot, staff: Any, case_file: dict[str, Any]) -> None:
    bot.put(case_file)
    merging = staff.get("/tickets/merge", {"tickets": [bot.ticket.pk]}, follow=True)
    assert "cannot be merged" in merging.content.decode()
    assert staff.get("/tickets/merge").status_code == 200


def test_urgent_cases_go_first(bot: Bot, staff: Any, case_file: dict[str, Any]) -> None:
    bot.put(case_file)
    later = Bot()
    case_file["safety"]["urgency"], case_file["reference"] = "normal", "M3NP-4QRS"
    later.put(case_file)
    page = staff.get("/dashboard/").content.decode()
    assert 0 < page.index("7KQ4-M2XR") < page.index("M3NP-4QRS")


def test_no_page_loads_anything_from_elsewhere_or_is_kept(
    bot: Bot, staff: Any, case_file: dict[str, Any]
) -> None:
    bot.put(case_file)
    answer = staff.get(f"/tickets/{bot.ticket.pk}/")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert re.findall(r'(?:src|<link[^>]+href)="(?:https?:)?//[^"]+"', answer.content.decode()) == []


def test_health_answers_under_any_host(empty_desk: Any) -> None:
    from django.test import Client

    assert Client(SERVER_NAME="10.0.0.7").get("/health").json() == {"status": "ok"}
    assert Client(SERVER_NAME="10.0.0.7").get("/login/").status_code == 400
