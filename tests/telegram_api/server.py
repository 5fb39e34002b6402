"""The server itself: HTTP in front, the world of chats behind, and what tests ask of both."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.telegram_api import about, faults, receiving, requests, sending
from tests.telegram_api.faults import Fault, Trouble
from tests.telegram_api.people import Group, User
from tests.telegram_api.refusals import Refused, too_many_requests
from tests.telegram_api.requests import Call
from tests.telegram_api.sent import Sent
from tests.telegram_api.state import FIRST_GROUP, FIRST_USER, Chat, Press, State
from tests.telegram_api.table import fault_in_result
from tests.telegram_api.updates import Updates

HANDLERS: dict[str, Callable[[State, Call], Any]] = {
    "getMe": about.get_me,
    "getFile": about.get_file,
    "getChat": about.get_chat,
    "getChatMember": about.get_chat_member,
    "leaveChat": about.leave_chat,
    "setMyCommands": about.set_commands,
    "getMyCommands": about.get_commands,
    "deleteMyCommands": about.delete_commands,
    **dict.fromkeys(["setMyName", "setMyDescription", "setMyShortDescription"], about.set_text),
    **dict.fromkeys(["getMyName", "getMyDescription", "getMyShortDescription"], about.get_text),
    "setChatMenuButton": about.set_menu_button,
    "getChatMenuButton": about.get_menu_button,
    "sendMessage": sending.send_message,
    **dict.fromkeys(
        ["sendDocument", "sendPhoto", "sendVoice", "sendAudio", "sendSticker", "sendVideo"], sending.send_file
    ),
    "sendLocation": sending.send_location,
    "sendChatAction": sending.send_chat_action,
    "forwardMessage": sending.forward_message,
    "copyMessage": sending.copy_message,
    "editMessageText": sending.edit_text,
    "editMessageCaption": sending.edit_caption,
    "editMessageReplyMarkup": sending.edit_markup,
    "deleteMessage": sending.delete_message,
    "deleteMessages": sending.delete_messages,
    "answerCallbackQuery": sending.answer_press,
}
RECEIVING: dict[str, Callable[[Updates, Call], Awaitable[Any]]] = {
    "getUpdates": receiving.get_updates,
    "setWebhook": receiving.set_webhook,
    "deleteWebhook": receiving.delete_webhook,
    "getWebhookInfo": receiving.webhook_info,
}


class BotApi:
    """A Bot API server for one bot; leaving it fails the test if the bot made a mistake that nobody expected.

    Args:
        token: The bot's token.
        username: The bot's name.
        privacy: Privacy mode in groups, as bots have it unless their owner turns it off.
        pace: How long a second of the schedule lasts by which failed webhook calls are sent again.
        webhook_timeout: How long the server waits for the webhook.
    """

    def __init__(
        self,
        *,
        token: str = "7200000001:AAEtest-token_for_the_test_server_0",
        username: str = "test_helper_bot",
        privacy: bool = True,
        pace: float = 0.01,
        webhook_timeout: float = 60,
    ) -> None:
        self.token = token
        self.state = State(username, privacy=privacy)
        self._changed = asyncio.Event()
        self.updates = Updates(pace, webhook_timeout, self._changed.set)
        self.calls: list[Call] = []
        self.mistakes: list[str] = []
        self.port = 0
        self._faults: list[Fault] = []
        self._ended = asyncio.Event()
        self._user_ids = itertools.count(FIRST_USER)
        self._group_ids = itertools.count(FIRST_GROUP)
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await self.comes_back()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        await self.updates.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if error is None and self.mistakes:
            raise AssertionError("the bot made mistakes:\n" + "\n".join(self.mistakes))

    @property
    def base_url(self) -> str:
        """For `Application.builder().base_url(…)`."""
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def base_file_url(self) -> str:
        """For `Application.builder().base_file_url(…)`."""
        return f"http://127.0.0.1:{self.port}/file/bot"

    # People and what they see

    def user(self, name: str, *, language_code: str | None = "en", username: str | None = None) -> User:
        """Someone who has not written to the bot yet."""
        names = {"first_name": name} | ({"username": username} if username else {})
        chat = Chat({"id": next(self._user_ids), "type": "private"} | names)
        self.state.chats[chat.id] = chat
        language = {"language_code": language_code} if language_code else {}
        return User(self, chat, {"id": chat.id, "is_bot": False} | names | language)

    def group(self, title: str, *members: User) -> Group:
        """A group with these people; the bot comes in by `await group.adds_the_bot(by)`."""
        chat = Chat(
            {"id": -next(self._group_ids), "type": "group", "title": title}, opened=True, bot_status="left"
        )
        chat.members = {user.id for user in members}
        chat.closed = Refused(403, "Forbidden: bot is not a member of the group chat", mistake=True)
        self.state.chats[chat.id] = chat
        return Group(self, chat)

    def sent(self, to: User | Group) -> list[Sent]:
        """What the bot said in a chat, oldest first, as it stands now; what it took back is marked."""
        return [Sent(stored) for stored in to.chat.sent()]

    def called(self, method: str) -> list[Call]:
        """The requests of a method, oldest first, also those that failed."""
        return [call for call in self.calls if call.method == method]

    def unanswered(self) -> list[Press]:
        """Button presses that still show as waiting on the person's screen."""
        return [press for press in self.state.presses.values() if press.answer is None and not press.expired]

    def forgive(self) -> list[str]:
        """The bot's mistakes so far; they no longer fail the test."""
        mistakes, self.mistakes = self.mistakes, []
        return mistakes

    # Waiting

    async def until(self, there: Callable[[], bool], patience: float = 20, what: str = "it") -> None:
        """Wait for something to become true, looked at whenever something happened here."""
        try:
            async with asyncio.timeout(patience):
                while not there():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            seen = [f"{call.method} {call.status} {call.description}".strip() for call in self.calls[-8:]]
            raise AssertionError(f"waited in vain for {what}; the last calls: {seen}") from None

    async def delivered(self, patience: float = 20) -> None:
        """Wait until the bot has acknowledged every update."""
        await self.until(lambda: not self.updates.waiting, patience, "all updates to be taken")

    async def quiet(self, seconds: float = 0.5, patience: float = 20) -> None:
        """Wait until nothing has been called for so long (getUpdates aside) and every update was taken."""
        async with asyncio.timeout(patience):
            while True:
                await self.delivered(patience)
                before = len(self.calls)
                await asyncio.sleep(seconds)
                if len(self.calls) == before and not self.updates.waiting:
                    return

    # Trouble

    def floods(
        self,
        method: str = "sendMessage",
        *,
        retry_after: int = 1,
        times: int = 1,
        to: User | Group | None = None,
    ) -> None:
        """Answer the next requests with 429."""
        self.fails(method, too_many_requests(retry_after), times=times, to=to)

    def fails(
        self,
        method: str,
        what: Trouble | Refused,
        *,
        times: int = 1,
        to: User | Group | None = None,
        carried_out: bool = False,
    ) -> None:
        """Let the next matching requests ("*": any but getUpdates) go wrong."""
        self._faults.append(Fault(method, what, times, to.id if to else None, carried_out))

    def expire_presses(self) -> None:
        """All presses so far are too old to be answered."""
        for press in self.state.presses.values():
            press.expired = True

    def repeat_updates(self, count: int = 1) -> None:
        """Deliver each of the next updates twice, as happens when an acknowledgement is lost."""
        self.updates.repeat_next = count

    def hold_updates(self) -> None:
        """Collect updates without delivering them."""
        self.updates.held = []

    def release_updates(self, *, reverse: bool = False) -> None:
        """Deliver what was held; reversed, as networks and proxies may do it."""
        self.updates.release(reverse=reverse)

    async def redelivers(self, update_id: int) -> int | None:
        """Send an old update to the webhook once more, however long ago it was taken; the status."""
        return (await self.updates.post(self.updates.history[update_id].body))[0]

    async def forges(self, body: dict[str, Any], *, secret: str) -> int | None:
        """Post to the webhook as a stranger would, with this secret ("" for none); the status."""
        return (await self.updates.post(body, secret))[0]

    async def goes_away(self) -> None:
        """No one listens any more: connections are refused."""
        if self._site is not None:
            await self._site.stop()
            self._site = None

    async def comes_back(self) -> None:
        """Listen again, on the same port."""
        assert self._runner is not None, "use `async with BotApi()`"
        self._site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await self._site.start()
        self.port = self._runner.addresses[0][1]

    # HTTP

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        call = Call(request.match_info["method"])
        trouble: Fault | None = None
        try:
            if request.match_info["token"] != self.token:
                raise Refused(401, "Unauthorized", mistake=True)
            if request.method not in ("GET", "POST"):
                raise Refused(404, "Not Found", mistake=True)
            call = await requests.read(request, call.method)
            requests.check(call)
            trouble = self._trouble(call)
            if trouble is None or trouble.carried_out:
                await self._run(call)
            if trouble is not None and isinstance(trouble.what, Refused):
                raise trouble.what
        except Refused as refusal:
            call.status, call.description = refusal.code, refusal.description
            if refusal.mistake:
                self.mistakes.append(f"{call.method}: {refusal.description}")
            return self._finish(call, web.json_response(refusal.body(), status=refusal.code))
        if trouble is not None and isinstance(trouble.what, Trouble):
            call.status, call.description = None, trouble.what.value
            self._finish(call, None)
            return await faults.answer(trouble.what, request, self._ended)
        call.status = 200
        body = {"ok": True, "result": call.result}
        return self._finish(
            call, web.json_response(body | ({"description": call.description} if call.description else {}))
        )

    def _finish(self, call: Call, answer: web.StreamResponse | None) -> web.StreamResponse:
        if call.method != "getUpdates" or call.status not in (200, 409):
            self.calls.append(call)
        self._changed.set()
        return answer or web.Response()

    def _trouble(self, call: Call) -> Fault | None:
        for fault in self._faults:
            if fault.matches(call.method, call.parameters.get("chat_id")):
                fault.times -= 1
                return fault
        return None

    async def _run(self, call: Call) -> None:
        if call.method in RECEIVING:
            call.result = await RECEIVING[call.method](self.updates, call)
        elif call.method in HANDLERS:
            call.result = HANDLERS[call.method](self.state, call)
        else:
            raise Refused(
                501, f"{call.method} is published, but not modelled by this test server", mistake=True
            )
        fault = fault_in_result(call.method, call.result)
        if fault is not None:
            raise Refused(500, f"this server's own answer to {call.method} is wrong: {fault}", mistake=True)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        wanted = request.match_info["path"]
        file = next((file for file in self.state.files.values() if file.path == wanted), None)
        if request.match_info["token"] != self.token or file is None:
            return web.json_response(Refused(404, "Not Found").body(), status=404)
        return web.Response(body=file.content, content_type=file.mime_type)
