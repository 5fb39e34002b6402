"""Sending check-ins: through the channel, when the person is there, once, over restarts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from cryptography.fernet import Fernet

from actions.case.check_ins import CheckIn, Kind
from actions.responses import responses
from bot.catalogs import translate
from bot.channels.mailbox import Event, MemoryMailbox
from bot.channels.web_output import sender_id
from bot.channels.webchat import WebChat
from bot.check_ins import CheckInSender, SpeaksFirst
from bot.languages import LANGUAGES
from bot.storage.check_ins import LEASE, CheckInQueue, Recipient
from bot.storage.database import Seal
from tests.bot.channels.web_chat_server import KEY

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
DAY = timedelta(days=1)
ANA = Recipient(sender_id("ana"), "webchat", "zh_Hant")
BETRAYING = (
    "scam", "fraud", "money", "bank", "police", "case", "loss", "lost", "pay", "victim", "report", "crime",
    "诈骗", "骗", "钱", "银行", "警", "案", "损失", "付款", "转账", "报",
    "詐騙", "騙", "錢", "銀行", "損失", "轉帳", "匯款", "報",
)  # fmt: skip


class Clock:
    """A clock that moves when told to."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


class Page:
    """A web chat as one process has it: its mailbox is lost with it."""

    def __init__(self) -> None:
        async def begin(session: str, language: str) -> None:
            """Nobody is greeted."""

        self.mailbox = MemoryMailbox()
        self.channel = WebChat(KEY, [], begin, mailbox=self.mailbox)

    @asynccontextmanager
    async def opened(self, session: str) -> AsyncIterator[list[Event]]:
        """Somebody has the page open; gives what they see."""
        seen: list[Event] = []

        async def follow() -> None:
            async for event in self.mailbox.follow(session, None, 30.0):
                if event:
                    seen.append(event)

        following = asyncio.create_task(follow())
        await asyncio.sleep(0)
        yield seen
        await asyncio.sleep(0)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[CheckInQueue]:
    """A real queue."""
    queue = CheckInQueue(f"sqlite:///{tmp_path / 'bot.sqlite3'}", Seal(Fernet.generate_key(), b"pseudonyms"))
    yield queue
    queue.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def note(kind: Kind = "day", after: timedelta = DAY) -> CheckIn:
    """A check-in that may be sent for a day."""
    return CheckIn(kind, NOW + after, NOW + after + DAY)


async def test_it_reaches_the_open_page_in_the_persons_language(queue: CheckInQueue, clock: Clock) -> None:
    page = Page()
    sender = CheckInSender(queue, [page.channel], clock)
    queue.replace(ANA, [note()])
    async with page.opened("ana") as seen:
        assert await sender.send_due() == 0
        clock.now = NOW + DAY
        assert await sender.send_due() == 1
        assert await sender.send_due() == 0
    [event] = seen
    assert event.data["text"] == translate(responses()["utter_check_in_day"]["text"], "zh_Hant")
    assert event.data["language"] == "zh-Hant"


async def test_it_waits_until_the_page_is_open(queue: CheckInQueue, clock: Clock) -> None:
    page = Page()
    sender = CheckInSender(queue, [page.channel], clock)
    queue.replace(ANA, [note()])
    clock.now = NOW + DAY
    assert await sender.send_due() == 0
    async with page.opened("bo"):
        assert await sender.send_due() == 0
    async with page.opened("ana") as seen:
        assert await sender.send_due() == 1
    assert len(seen) == 1


async def test_a_closed_page_gets_only_the_latest(queue: CheckInQueue, clock: Clock) -> None:
    page = Page()
    sender = CheckInSender(queue, [page.channel], clock)
    queue.replace(ANA, [note("day"), note("days", after=2 * DAY)])
    clock.now = NOW + DAY
    assert await sender.send_due() == 0
    clock.now = NOW + 2 * DAY
    async with page.opened("ana") as seen:
        assert await sender.send_due() == 1
    assert seen[0].data["text"] == translate(responses()["utter_check_in_days"]["text"], "zh_Hant")


async def test_it_outlives_a_restart(queue: CheckInQueue, clock: Clock) -> None:
    queue.replace(ANA, [note()])
    clock.now = NOW + DAY
    assert await CheckInSender(queue, [Page().channel], clock).send_due() == 0
    page = Page()
    async with page.opened("ana") as seen:
        assert await CheckInSender(queue, [page.channel], clock).send_due() == 1
    assert len(seen) == 1


async def test_of_two_senders_one_sends(queue: CheckInQueue, clock: Clock) -> None:
    page = Page()
    senders = [CheckInSender(queue, [page.channel], clock) for _ in range(2)]
    for name in ("ana", "bo", "chi"):
        queue.replace(Recipient(sender_id(name), "webchat", "en"), [note()])
    clock.now = NOW + DAY
    async with page.opened("ana") as ana, page.opened("bo") as bo, page.opened("chi") as chi:
        assert sum(await asyncio.gather(*(sender.send_due() for sender in senders))) == 3
    assert [len(seen) for seen in (ana, bo, chi)] == [1, 1, 1]


async def test_another_channels_waits(queue: CheckInQueue, clock: Clock) -> None:
    queue.replace(Recipient("telegram:7", "telegram", "en"), [note()])
    clock.now = NOW + DAY
    assert await CheckInSender(queue, [Page().channel], clock).send_due() == 0
    assert queue.waiting("telegram:7")


class Broken:
    """A channel that fails, with the person's address in its error."""

    @classmethod
    def name(cls) -> str:
        return "webchat"

    async def present(self, sender_id: str) -> bool:
        return True

    async def deliver(self, sender_id: str, said: Mapping[str, Any]) -> bool:
        raise ConnectionError(f"no way to {sender_id}: {said}")


async def test_a_failure_is_tried_again_later_and_logged_without_words(
    queue: CheckInQueue, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    queue.replace(ANA, [note()])
    queue.replace(Recipient(sender_id("bo"), "webchat", "en"), [note()])
    clock.now = NOW + DAY
    with caplog.at_level(logging.DEBUG):
        assert await CheckInSender(queue, [Broken()], clock).send_due() == 0
    assert caplog.text.count("a check-in could not be sent: ConnectionError") == 2
    assert "ana" not in caplog.text
    page = Page()
    async with page.opened("ana") as seen:
        assert await CheckInSender(queue, [page.channel], clock).send_due() == 0
        clock.now += LEASE
        assert await CheckInSender(queue, [page.channel], clock).send_due() == 1
    assert len(seen) == 1


async def test_a_task_sends_by_itself_and_survives_a_failing_store(
    queue: CheckInQueue, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.check_ins.PAUSE_SECONDS", 0.01)
    page, stop = Page(), asyncio.Event()
    queue.replace(ANA, [note()])
    clock.now = NOW + DAY
    failing = iter([OSError("disk")])

    def time() -> datetime:
        for error in failing:
            raise error
        return clock.now

    running = asyncio.create_task(CheckInSender(queue, [page.channel], time).run(stop))
    async with asyncio.timeout(30):
        event = await anext(page.mailbox.follow("ana", None, 30.0))
    stop.set()
    await running
    assert event is not None
    assert "check-ins could not be sent: OSError" in caplog.text


def test_the_web_chat_speaks_first() -> None:
    assert isinstance(Page().channel, SpeaksFirst)


@pytest.mark.parametrize("kind", get_args(Kind))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_locked_screen_gives_nobody_away(kind: Kind, language: str) -> None:
    text = translate(responses()[f"utter_check_in_{kind}"]["text"], language).casefold()
    assert not [word for word in BETRAYING if word in text]
    assert not any(char.isdigit() for char in text)
