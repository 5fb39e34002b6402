"""The methods that ask about the bot, chats and files, and set what people see of the bot."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.telegram_api.refusals import Refused, bad_request, out_of_date
from tests.telegram_api.requests import Call
from tests.telegram_api.state import DOWNLOAD_LIMIT, State

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"([a-z]{2})?")
TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}


def get_me(state: State, call: Call) -> dict[str, Any]:
    """getMe."""
    return state.me()


def get_file(state: State, call: Call) -> dict[str, Any]:
    """getFile."""
    file = state.files.get(call.parameters["file_id"])
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > DOWNLOAD_LIMIT:
        raise out_of_date("file is too big")
    return file.description() | {"file_path": file.path}


def get_chat(state: State, call: Call) -> dict[str, Any]:
    """getChat."""
    chat = state.chat_to_read(call.parameters["chat_id"])
    if chat.closed is not None and not chat.private:
        raise chat.closed
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        True,
    )
    return chat.description | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def get_chat_member(state: State, call: Call) -> dict[str, Any]:
    """getChatMember."""
    chat = state.chat_to_read(call.parameters["chat_id"])
    wanted = call.parameters["user_id"]
    if wanted == state.bot["id"]:
        return member(state.bot, chat.bot_status)
    known = state.chats.get(wanted)
    if known is None:
        raise Refused(400, "Bad Request: user not found", mistake=True)
    return member(person(known.description), "member" if wanted in chat.members else "left")


def member(user: dict[str, Any], status: str) -> dict[str, Any]:
    """A ChatMember."""
    about: dict[str, Any] = {"user": user, "status": status}
    if status == "kicked":
        about["until_date"] = 0
    if status == "administrator":
        rights = (
            "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
            "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
            "can_edit_stories", "can_delete_stories", "can_send_welcome_messages",
        )  # fmt: skip
        about |= dict.fromkeys(rights, False)
    return about


def person(description: dict[str, Any]) -> dict[str, Any]:
    """The User of a private chat."""
    return {key: value for key, value in description.items() if key != "type"} | {"is_bot": False}


def leave_chat(state: State, call: Call) -> bool:
    """leaveChat."""
    chat = state.chat_to_write(call.parameters["chat_id"])
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.bot_status = "left"
    chat.closed = Refused(403, f"Forbidden: bot is not a member of the {chat.description['type']} chat")
    return True


def set_commands(state: State, call: Call) -> bool:
    """setMyCommands. Only plain two-letter languages exist here: `zh`, no script."""
    commands = call.parameters["commands"]
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
    key = _scope(state, call)
    if commands:
        state.commands[key] = commands
    else:
        state.commands.pop(key, None)
    return True


def get_commands(state: State, call: Call) -> list[dict[str, Any]]:
    """getMyCommands."""
    return state.commands.get(_scope(state, call), [])


def delete_commands(state: State, call: Call) -> bool:
    """deleteMyCommands."""
    state.commands.pop(_scope(state, call), None)
    return True


def set_text(state: State, call: Call) -> bool:
    """setMyName, setMyDescription, setMyShortDescription."""
    name = _text_name(call)
    text = call.parameters.get(name, "")
    if len(text) > TEXT_LIMITS[name]:
        raise bad_request(f"{name} is too long")
    state.texts[name, _language(call)] = text
    return True


def get_text(state: State, call: Call) -> dict[str, str]:
    """getMyName, getMyDescription, getMyShortDescription."""
    name = _text_name(call)
    unset = state.bot["first_name"] if name == "name" else ""
    return {name: state.texts.get((name, _language(call))) or state.texts.get((name, "")) or unset}


def set_menu_button(state: State, call: Call) -> bool:
    """setChatMenuButton, of all private chats."""
    state.menu_button = call.parameters.get("menu_button", {"type": "default"})
    return True


def get_menu_button(state: State, call: Call) -> dict[str, Any]:
    """getChatMenuButton."""
    return state.menu_button


def _text_name(call: Call) -> str:
    words = re.findall("[A-Z][a-z]+", call.method)[1:]
    return "_".join(words).lower()


def _language(call: Call) -> str:
    language = call.parameters.get("language_code", "")
    if not LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return str(language)


def _scope(state: State, call: Call) -> tuple[str, str]:
    scope = call.parameters.get("scope", {"type": "default"})
    if "chat_id" in scope:
        state.chat_to_read(scope["chat_id"])
    return json.dumps(scope, sort_keys=True), _language(call)
