"""What an update says, as Telegram writes updates."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update, User

from bot.channels.telegram.incoming import Incoming, Kind
from bot.channels.telegram.updates import LARGEST_FILE_BYTES, read_update

ME = User(700, "First Aid", True, username="firstaid_bot")
MEI = {"id": 42, "is_bot": False, "first_name": "Mei", "language_code": "zh-hans"}
PRIVATE = {"id": 42, "type": "private", "first_name": "Mei"}
GROUP = {"id": -5, "type": "group", "title": "Support"}


def read(**update: Any) -> Incoming | None:
    """Read an update of the Bot API."""
    return read_update(Update.de_json({"update_id": 9, **update}, None), ME)


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    """A message of Mei's."""
    return {"message_id": 3, "date": 1, "chat": chat, "from": MEI, **content}


def mention(text: str, kind: str = "mention") -> dict[str, Any]:
    """A text that is an entity as a whole."""
    return {"text": text, "entities": [{"type": kind, "offset": 0, "length": len(text)}]}


def test_a_text_without_what_the_bot_need_not_know() -> None:
    found = read(message=message(text="hello"))
    assert found == Incoming(9, Kind.TEXT, 42, 3, text="hello", language="zh-hans")
    assert b"Mei" not in found.dump()
    assert Incoming.load(found.dump()) == found


def test_half_a_character_can_be_kept() -> None:
    assert Incoming.load(Incoming(1, Kind.TEXT, 2, text="a\ud83d").dump()).text == "a?"


@pytest.mark.parametrize(
    "content",
    [
        {"pinned_message": message(text="x")},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 5}},
    ],
)
def test_notices_of_telegrams_own_are_no_message(content: dict[str, Any]) -> None:
    assert read(message=message(**content)) is None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"dice": {"emoji": "🎲", "value": 3}}, Kind.OTHER),
        ({"location": {"latitude": 1, "longitude": 2}}, Kind.PLACE),
        ({"audio": {"file_id": "a", "file_unique_id": "b", "duration": 1}}, Kind.VOICE),
        ({"story": {"chat": GROUP, "id": 1}}, Kind.PICTURE),
    ],
)
def test_other_kinds(content: dict[str, Any], kind: Kind) -> None:
    found = read(message=message(**content))
    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize(
    ("size", "mime", "readable"),
    [
        (LARGEST_FILE_BYTES, "text/plain", True),
        (LARGEST_FILE_BYTES + 1, "text/plain", False),
        (10, "application/pdf", False),
        (None, "text/plain", False),
    ],
)
def test_only_a_small_text_file_is_read(size: int | None, mime: str, readable: bool) -> None:
    document = {"file_id": "f", "file_unique_id": "u", "mime_type": mime}
    found = read(message=message(document=document | ({"file_size": size} if size else {})))
    assert found is not None
    assert (found.kind, bool(found.file_id)) == (Kind.FILE, readable)


@pytest.mark.parametrize(
    "content",
    [
        {"text": "I lost 5000"},
        mention("@somebody"),
        mention("/plan", "bot_command"),
        mention("/plan@other_bot", "bot_command"),
        {"text": "x", "reply_to_message": {"message_id": 1, "date": 1, "chat": GROUP, "from": MEI}},
    ],
)
def test_a_group_is_not_overheard(content: dict[str, Any]) -> None:
    assert read(message=message(GROUP, **content)) is None


@pytest.mark.parametrize("content", [mention("@FirstAid_Bot"), mention("/plan@firstaid_bot", "bot_command")])
def test_of_what_a_group_says_to_the_bot_nothing_is_kept(content: dict[str, Any]) -> None:
    found = read(message=message(GROUP, **content))
    assert found == Incoming(9, Kind.GROUP, -5, 3, language="zh-hans")


def test_a_press_is_the_title_on_the_message_it_belongs_to() -> None:
    keyboard = {"inline_keyboard": [[{"text": "是的，已经付了", "callback_data": "0"}]]}
    query = {"id": "7", "from": MEI, "chat_instance": "x", "data": "0"}
    found = read(callback_query={**query, "message": message(text="paid?", reply_markup=keyboard)})
    assert found is not None
    assert (found.kind, found.text, found.question, found.callback_id) == (
        Kind.PRESS,
        "是的，已经付了",
        "paid?",
        "7",
    )
    gone = read(callback_query={**query, "message": {"chat": PRIVATE, "message_id": 3, "date": 0}})
    assert gone is not None
    assert gone.text == ""
    forged = read(callback_query={**query, "data": "99", "message": message(text="?", reply_markup=keyboard)})
    assert forged is not None
    assert forged.text == ""


@pytest.mark.parametrize(("status", "left"), [("kicked", True), ("member", False)])
def test_being_blocked_is_noticed(status: str, left: bool) -> None:
    def member(status: str) -> dict[str, Any]:
        bot = {"id": 700, "is_bot": True, "first_name": "First Aid"}
        return {"status": status, "user": bot} | ({"until_date": 0} if status == "kicked" else {})

    change = {
        "chat": PRIVATE,
        "from": MEI,
        "date": 1,
        "old_chat_member": member("member"),
        "new_chat_member": member(status),
    }
    found = read(my_chat_member=change)
    assert (found is not None and found.kind is Kind.LEFT) == left


@pytest.mark.parametrize("kind", ["channel_post", "edited_channel_post"])
def test_channels_are_not_answered(kind: str) -> None:
    assert read(**{kind: message({"id": -100, "type": "channel"}, text="x")}) is None
