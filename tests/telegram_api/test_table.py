"""The table is the published one, and it is checked in full."""

import pytest

from tests.telegram_api.table import METHODS, TABLE, fault_in, fault_in_request, from_form


def test_the_table_is_of_a_bot_api_at_least_as_new_as_the_librarys() -> None:
    from telegram.constants import BOT_API_VERSION_INFO

    version = tuple(int(part) for part in TABLE["title"].split()[3].split("."))
    assert version >= tuple(BOT_API_VERSION_INFO)
    assert len(METHODS) > 180
    assert len(TABLE["$defs"]) > 400


def test_the_library_knows_no_method_that_the_table_lacks() -> None:
    from telegram import Bot

    own_helpers = {"initialize", "shutdown", "do_api_request"}
    called = {name for name in vars(Bot) if "_" not in name and name[0].islower()} - own_helpers
    missing = {name for name in called if any(letter.isupper() for letter in name)} - set(METHODS)
    assert not missing


@pytest.mark.parametrize(
    ("parameters", "fault"),
    [
        ({"chat_id": 1}, "'text' is a required property"),
        ({"chat_id": 1, "text": 5}, "text: 5 is not of type 'string'"),
        ({"chat_id": 1.5, "text": "a"}, "chat_id: 1.5 is not of type 'integer'"),
        ({"chat_id": 1, "text": "a", "silent": True}, "'silent' was unexpected"),
        ({"chat_id": 1, "text": "a", "disable_notification": "yes"}, "not of type 'boolean'"),
        ({"chat_id": 1, "text": "a", "parse_mode": "BBCode"}, "'BBCode' is not one of"),
        (
            {"chat_id": 1, "text": "a", "reply_markup": {"inline_keyboard": [[{"title": "a"}]]}},
            "reply_markup.inline_keyboard.0.0: ",
        ),
    ],
)
def test_a_request_that_the_table_does_not_allow(parameters: dict[str, object], fault: str) -> None:
    assert fault in str(fault_in_request("sendMessage", parameters))


def test_a_request_that_the_table_allows() -> None:
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    assert (
        fault_in_request("sendMessage", {"chat_id": "@news", "text": "a", "reply_markup": keyboard}) is None
    )


def test_a_bot_is_a_user_that_says_so() -> None:
    assert fault_in("User", {"id": 1, "first_name": "Bot"}) == "'is_bot' is a required property"


def test_the_fault_named_is_of_the_type_that_was_meant() -> None:
    user = {"id": 1, "is_bot": False, "first_name": "Mei"}
    assert fault_in("ChatMember", {"status": "kicked", "user": user}) == "'until_date' is a required property"


def test_form_text_becomes_what_the_table_asks_for() -> None:
    assert from_form("sendMessage", "chat_id", "-100123") == -100123
    assert from_form("sendMessage", "chat_id", "@news") == "@news"
    assert from_form("sendMessage", "text", "5") == "5"
    assert from_form("sendMessage", "disable_notification", "true") is True
    assert from_form("sendMessage", "disable_notification", "1") == "1"
    assert from_form("sendLocation", "latitude", "25.03") == 25.03
    assert from_form("sendMessage", "reply_markup", '{"remove_keyboard": true}') == {"remove_keyboard": True}
    assert from_form("sendMessage", "reply_markup", "{") == "{"
