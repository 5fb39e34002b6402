"""Keyboards under messages, checked as Telegram checks them."""

from __future__ import annotations

from typing import Any

from tests.telegram_api.refusals import bad_request

CALLBACK_DATA_BYTES = 64
BUTTONS_A_ROW = 8
BUTTONS_A_KEYBOARD = 100
INLINE_ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip


def check_markup(markup: dict[str, Any] | None, *, private: bool) -> None:
    """Refuse a keyboard that Telegram refuses."""
    rows = (markup or {}).get("inline_keyboard") or (markup or {}).get("keyboard") or []
    buttons = [button for row in rows for button in row]
    if len(buttons) > BUTTONS_A_KEYBOARD or any(len(row) > BUTTONS_A_ROW for row in rows):
        raise bad_request("reply markup is too long")
    for button in buttons:
        if not isinstance(button, dict):
            continue
        if not button["text"].strip():
            raise bad_request("button text must be non-empty")
        if "inline_keyboard" in (markup or {}):
            _check_inline(button)
        elif not private and ({"request_contact", "request_location"} & set(button)):
            raise bad_request("phone number and location can be requested in private chats only")


def _check_inline(button: dict[str, Any]) -> None:
    actions = [action for action in INLINE_ACTIONS if action in button]
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise bad_request(f"inline keyboard button has {' and '.join(actions)}: exactly one is allowed")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not url.startswith(("https://", "http://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")


def inline_only(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """The part of a keyboard that stays with the message."""
    if markup and markup.get("inline_keyboard"):
        return {"inline_keyboard": markup["inline_keyboard"]}
    return None
