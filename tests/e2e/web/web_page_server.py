"""The chat page and a scripted bot on a real server in its own thread, which can be cut off and come back."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from playwright.sync_api import Page
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogs import translations
from bot.channels.mailbox import MemoryMailbox
from bot.channels.pages import pages
from bot.channels.web_output import sender_id
from bot.channels.webchat import WebChat
from bot.languages import LANGUAGES
from bot.paths import WEB

if TYPE_CHECKING:
    from rasa.core.channels.channel import UserMessage

Sanic.test_mode = True

KEY = "a key that is long enough for a test"
ORGANISATION = "Riverside Scam Support"
STRINGS = {language: translations(language) for language in LANGUAGES}
HANGING_SECONDS = 20

OpenPage = Callable[..., Page]

GREETING = {
    "en": "Hello. I am glad you wrote. Whatever happened, it is not your fault.\n\nWhat is going on?",
    "zh_Hans": "您好，谢谢您来找我们。不管发生了什么，都不是您的错。\n\n现在是什么情况？",
    "zh_Hant": "您好，謝謝您來找我們。不管發生了什麼，都不是您的錯。\n\n現在是什麼情況？",
}
CHOICES = {
    "en": ["I already sent money", "I am about to pay", "I want to check", "It is about someone else"],
    "zh_Hans": ["我已经转了钱", "我正要付款", "我想核实一件事", "是我身边的人"],
    "zh_Hant": ["我已經轉了錢", "我正要付款", "我想核實一件事", "是我身邊的人"],
}
STEPS = {
    "en": """Three steps now, in this order:

1. Call your bank on +1 (555) 010-0100 and say “wire recall”.
2. Keep every message. Delete nothing.
3. Report it at https://report.example/online, then call 999.

About 41 of the 72 hours are left.""",
    "zh_Hans": """现在按顺序做三件事：

1. 打银行电话 +1 (555) 010-0100，说“我要撤回汇款”。
2. 保留所有聊天记录，什么都不要删。
3. 到 https://report.example/online 报案，再拨打 999。

72 小时还剩大约 41 小时。""",
    "zh_Hant": """現在按順序做三件事：

1. 打銀行電話 +1 (555) 010-0100，說「我要撤回匯款」。
2. 保留所有聊天紀錄，什麼都不要刪。
3. 到 https://report.example/online 報案，再撥打 999。

72 小時還剩大約 41 小時。""",
}


UNTIL = datetime(2100, 1, 1, tzinfo=UTC).isoformat()
WORDS = "I was tricked into this wire. Please recall it."
TO_SAY = f'Words you can use: "{WORDS}"'

PLAN = """Your plan so far:
• $50,000 · bank wire
• open: contact the bank ($50,000)
• open: contact the bank ($50,000)
• done: report it
• open: pass the case to a caseworker"""
CHECKLIST = [
    {
        "name": name,
        "line": line,
        "title": line.partition(": ")[2],
        "done": line.startswith("done"),
        "tick": did,
        "untick": f"not done yet: {name}",
    }
    for name, line, did in (
        ("bank:0", "open: contact the bank ($50,000)", "I called the bank"),
        ("bank:1", "open: contact the bank ($50,000)", "I called the other bank"),
        ("police", "done: report it", "I reported it"),
    )
]


class PageServer:
    """Serves the page with a bot that answers from the tables above."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.exit_url = f"{self.url}/neutral"
        self.friend_port = free_port()
        self.friend = f"http://127.0.0.1:{self.friend_port}"
        self.mailbox = MemoryMailbox()
        self.heard: list[str] = []
        self.shown: list[str] = []
        self.ticked: list[tuple[str, bool]] = []
        self.release = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server: Any = None

    def start(self) -> None:
        """Begin, or come back with all sessions known."""
        self._do(self._start())

    def stop(self) -> None:
        """Cut every connection and answer none."""
        self._do(self._stop())

    def close(self) -> None:
        """End the thread."""
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(HANGING_SECONDS)

    def sessions(self) -> int:
        """How many sessions the server remembers."""
        return len(self.mailbox)

    def _do(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(HANGING_SECONDS)

    async def _start(self) -> None:
        app = Sanic(f"page-{uuid4().hex}", configure_logging=False)
        channel = WebChat(KEY, [self.friend], self._begin, mailbox=self.mailbox)
        self._output = channel.get_output_channel()
        app.blueprint(channel.blueprint(self._answer), url_prefix="/webhooks/webchat")
        app.blueprint(pages(WEB, ORGANISATION, self.exit_url, [self.friend], translations))
        app.add_route(_neutral, "/neutral", methods=["GET"])
        self._server = await app.create_server(host="127.0.0.1", port=self.port, return_asyncio_server=True)
        await self._server.startup()
        await self._server.before_start()
        await self._server.start_serving()

    async def _stop(self) -> None:
        if self._server is None:
            return
        await self._server.before_stop()
        for connection in list(self._server.connections):
            connection.abort()
        await self._server.close()
        self._server = None

    async def _begin(self, session: str, language: str) -> None:
        await self._say(self._output, sender_id(session), GREETING[language], language, CHOICES[language])

    async def _answer(self, message: UserMessage) -> None:
        self.heard.append(message.text)
        if message.metadata.get("evidence"):
            self.shown.append(message.text)
        if step := message.metadata.get("step"):
            self.ticked.append((step["name"], step["done"]))
        language = message.metadata["language"]
        match message.text:
            case "wait":
                await asyncio.to_thread(self.release.wait, HANGING_SECONDS)
                await self._say(message.output_channel, message.sender_id, "done waiting", language)
            case "break":
                raise RuntimeError
            case "time":
                await message.output_channel.send_response(
                    message.sender_id, {"text": TO_SAY, "metadata": {"language": language, "until": UNTIL}}
                )
            case "in writing":
                await message.output_channel.send_response(
                    message.sender_id, {"text": "• my case", "utter_action": "utter_document"}
                )
            case "my plan":
                await message.output_channel.send_response(
                    message.sender_id,
                    {"text": PLAN, "metadata": {"language": language, "checklist": CHECKLIST}},
                )
            case text if text in CHOICES[language]:
                await self._say(message.output_channel, message.sender_id, STEPS[language], language)
            case text if text in {"English", "简体中文", "繁體中文"}:
                await self._begin(message.sender_id.removeprefix("web:"), language)
            case text:
                await self._say(message.output_channel, message.sender_id, text, language)

    async def _say(
        self, output: Any, recipient: str, text: str, language: str, choices: list[str] | None = None
    ) -> None:
        buttons = [{"title": title, "payload": title} for title in choices or []]
        await output.send_response(
            recipient, {"text": text, "buttons": buttons, "metadata": {"language": language}}
        )


async def _neutral(request: Request) -> HTTPResponse:
    return response.html("<!doctype html><title>Weather</title><link rel=icon href='data:,'><h1>Weather</h1>")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
