"""The methods that write, change and take back messages."""

from __future__ import annotations

import mimetypes
import time
from typing import Any

from tests.telegram_api.entities import CannotParse, detected, parse, units
from tests.telegram_api.keyboards import check_markup, inline_only
from tests.telegram_api.refusals import Refused, bad_request, out_of_date
from tests.telegram_api.requests import Call
from tests.telegram_api.state import Chat, State, StoredFile, StoredMessage

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
FOLDERS = {
    "document": "documents", "photo": "photos", "voice": "voice", "audio": "music", "sticker": "stickers",
    "video": "videos", "video_note": "video_notes", "animation": "animations",
}  # fmt: skip
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)


def send_message(state: State, call: Call) -> dict[str, Any]:
    """sendMessage."""
    chat = state.chat_to_write(call.parameters["chat_id"])
    return _send(state, chat, call, written(call.parameters, "text", TEXT_LIMIT)).message


def send_file(state: State, call: Call) -> dict[str, Any]:
    """sendDocument, sendPhoto, sendVoice and their like."""
    kind = call.method.removeprefix("send").lower()
    chat = state.chat_to_write(call.parameters["chat_id"])
    file = _file(state, call, kind)
    content = written(call.parameters, "caption", CAPTION_LIMIT)
    known = ("duration", "width", "height", "performer", "title", "emoji")
    content[kind] = described(
        file, kind, {name: call.parameters[name] for name in known if name in call.parameters}
    )
    return _send(state, chat, call, content, file).message


def send_location(state: State, call: Call) -> dict[str, Any]:
    """sendLocation."""
    chat = state.chat_to_write(call.parameters["chat_id"])
    names = ("latitude", "longitude", "horizontal_accuracy")
    return _send(
        state,
        chat,
        call,
        {"location": {name: call.parameters[name] for name in names if name in call.parameters}},
    ).message


def send_chat_action(state: State, call: Call) -> bool:
    """sendChatAction."""
    state.chat_to_write(call.parameters["chat_id"])
    return True


def forward_message(state: State, call: Call) -> dict[str, Any]:
    """forwardMessage."""
    source = _source(state, call)
    chat = state.chat_to_write(call.parameters["chat_id"])
    kept = {key: value for key, value in source.message.items() if key not in _OWN}
    origin = {"type": "user", "sender_user": source.message["from"], "date": source.message["date"]}
    return _send(state, chat, call, kept | {"forward_origin": origin}, source.file).message


def copy_message(state: State, call: Call) -> dict[str, Any]:
    """copyMessage."""
    source = _source(state, call)
    chat = state.chat_to_write(call.parameters["chat_id"])
    kept = {key: value for key, value in source.message.items() if key not in _OWN}
    return {"message_id": _send(state, chat, call, kept, source.file).message["message_id"]}


_OWN = {
    "message_id",
    "from",
    "chat",
    "date",
    "edit_date",
    "reply_markup",
    "reply_to_message",
    "forward_origin",
}


def edit_text(state: State, call: Call) -> dict[str, Any]:
    """editMessageText."""
    stored = _to_edit(state, call)
    if "text" not in stored.message:
        raise bad_request("there is no text in the message to edit")
    if "text" not in call.parameters:
        raise bad_request("message text is empty")
    content = {"entities": None} | written(call.parameters, "text", TEXT_LIMIT)
    return _edit(stored, content | {"reply_markup": inline_only(call.parameters.get("reply_markup"))})


def edit_caption(state: State, call: Call) -> dict[str, Any]:
    """editMessageCaption."""
    stored = _to_edit(state, call)
    if stored.file is None:
        raise bad_request("there is no caption in the message to edit")
    content = {"caption": None, "caption_entities": None} | written(call.parameters, "caption", CAPTION_LIMIT)
    return _edit(stored, content | {"reply_markup": inline_only(call.parameters.get("reply_markup"))})


def edit_markup(state: State, call: Call) -> dict[str, Any]:
    """editMessageReplyMarkup."""
    stored = _to_edit(state, call)
    return _edit(stored, {"reply_markup": inline_only(call.parameters.get("reply_markup"))})


def delete_message(state: State, call: Call) -> bool:
    """deleteMessage."""
    stored = state.own_message(call.parameters["chat_id"], call.parameters["message_id"], "delete")
    private = stored.message["chat"]["type"] == "private"
    if not stored.by_bot and not private:
        raise bad_request("message can't be deleted")
    stored.deleted = True
    return True


def delete_messages(state: State, call: Call) -> bool:
    """deleteMessages; messages that are not there are skipped."""
    chat = state.chat_to_read(call.parameters["chat_id"])
    if not 1 <= len(call.parameters["message_ids"]) <= 100:
        raise bad_request("from 1 to 100 messages can be deleted at once")
    for message_id in call.parameters["message_ids"]:
        if message_id in chat.messages:
            chat.messages[message_id].deleted = True
    return True


def answer_press(state: State, call: Call) -> bool:
    """answerCallbackQuery."""
    press = state.presses.get(call.parameters["callback_query_id"])
    if press is None or press.expired or press.answer is not None:
        raise out_of_date("query is too old and response timeout expired or query ID is invalid")
    if units(call.parameters.get("text", "")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answer = call.parameters
    return True


def written(parameters: dict[str, Any], name: str, limit: int) -> dict[str, Any]:
    """A text or caption with its entities, as it will stand in the message."""
    own_entities = "entities" if name == "text" else "caption_entities"
    if "parse_mode" in parameters and own_entities in parameters:
        raise bad_request(f"parse_mode and {own_entities} exclude each other")
    try:
        text, entities = parse(parameters.get(name, ""), parameters.get("parse_mode"))
    except CannotParse as error:
        raise bad_request(f"can't parse entities: {error}") from None
    entities = parameters.get(own_entities) or entities
    _check_entities(text, entities)
    lead = len(text) - len(text.lstrip())
    kept = text.strip()
    if not kept and name == "text":
        raise bad_request("message text is empty")
    if units(kept) > limit:
        raise bad_request("message is too long" if name == "text" else "message caption is too long")
    moved = [entity | {"offset": max(0, entity["offset"] - units(text[:lead]))} for entity in entities]
    content: dict[str, Any] = {name: kept} if kept else {}
    if found := sorted(moved + detected(kept), key=lambda entity: entity["offset"]):
        content[own_entities] = found
    return content


def _check_entities(text: str, entities: list[dict[str, Any]]) -> None:
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > units(text):
            raise bad_request("ENTITY_BOUNDS_INVALID")


def described(file: StoredFile, kind: str, details: dict[str, Any]) -> dict[str, Any] | list[dict[str, Any]]:
    """A file as a message shows it; details are of its kind, such as a voice's duration."""
    about = file.description()
    if kind == "photo":
        return [about | {"width": 90, "height": 67}, about | {"width": 800, "height": 600}]
    if kind == "document":
        return about | {"file_name": file.name, "mime_type": file.mime_type} | details
    if kind in ("voice", "audio"):
        return about | {"duration": 1, "mime_type": file.mime_type} | details
    if kind == "video_note":
        return about | {"length": 240, "duration": 1} | details
    size = {"width": 512, "height": 512}
    if kind == "sticker":
        return about | size | {"type": "regular", "is_animated": False, "is_video": False} | details
    return about | size | {"duration": 1} | details


def _file(state: State, call: Call, kind: str) -> StoredFile:
    upload = call.upload(kind)
    if upload is not None:
        guessed = mimetypes.guess_type(upload.name)[0]
        return state.add_file(upload.content, upload.name, guessed or upload.mime_type, FOLDERS[kind])
    wanted = call.parameters[kind]
    if wanted.startswith(("http://", "https://")):
        raise Refused(400, "Bad Request: failed to get HTTP URL content")
    if wanted not in state.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return state.files[wanted]


def _source(state: State, call: Call) -> StoredMessage:
    chat = state.chat_to_read(call.parameters["from_chat_id"])
    stored = chat.messages.get(call.parameters["message_id"])
    if stored is None or stored.deleted:
        raise out_of_date(f"message to {'forward' if call.method == 'forwardMessage' else 'copy'} not found")
    return stored


def _send(
    state: State, chat: Chat, call: Call, content: dict[str, Any], file: StoredFile | None = None
) -> StoredMessage:
    markup = call.parameters.get("reply_markup")
    check_markup(markup, private=chat.private)
    if kept := inline_only(markup):
        content["reply_markup"] = kept
    reply = call.parameters.get("reply_parameters")
    if reply is not None:
        answered = chat.messages.get(reply["message_id"])
        if answered is not None and not answered.deleted:
            content["reply_to_message"] = {
                key: value for key, value in answered.message.items() if key != "reply_to_message"
            }
        elif not reply.get("allow_sending_without_reply"):
            raise out_of_date("message to be replied not found")
    stored = state.add_message(chat, state.bot, content, by_bot=True)
    stored.file = file
    stored.sent_with = call.parameters
    return stored


def _to_edit(state: State, call: Call) -> StoredMessage:
    if "chat_id" not in call.parameters or "message_id" not in call.parameters:
        raise bad_request("message identifier is not specified")
    stored = state.own_message(call.parameters["chat_id"], call.parameters["message_id"], "edit")
    markup = call.parameters.get("reply_markup")
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("object expected as inline keyboard markup")
    check_markup(markup, private=True)
    return stored


def _edit(stored: StoredMessage, changes: dict[str, Any]) -> dict[str, Any]:
    if all(stored.message.get(key) == value for key, value in changes.items()):
        raise out_of_date(NOT_MODIFIED)
    stored.replace(changes | {"edit_date": int(time.time())})
    return stored.message
