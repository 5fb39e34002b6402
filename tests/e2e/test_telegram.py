"""Whole talks on Telegram: the bot as it is served, beside a strict Bot API, from /start to a filed case."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.case.model import Case
from actions.services import Services, services
from bot.assistant import Assistant, load_assistant
from bot.channels.telegram.ids import Senders
from bot.channels.telegram.setup import describe
from bot.server import create_app
from bot.settings import Settings
from tests.bot.channels.telegram.running_channel import (
    at_rest,
    make_bot,
    point,
    serving,
    settings_for,
    settled,
)
from tests.telegram_api import BotApi
from tests.telegram_api.people import Sent, User

ROOT = Path(__file__).parents[2]
REFERENCE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")


@asynccontextmanager
async def bot(api: BotApi, model: Path, directory: Path, *, webhook: bool) -> AsyncIterator[Assistant]:
    """The whole bot, as `firstaid serve` builds it, on a database of its own."""
    assistant = load_assistant(model, settings_for(api, directory))

    def make(address: str) -> Any:
        settings = settings_for(api, directory, address if webhook else "")
        return create_app(assistant, settings, Services(settings))

    async with serving(make) as address:
        await point(api, directory, address if webhook else "")
        yield assistant


async def case_of(assistant: Assistant, settings: Settings, user: User) -> Case | None:
    """What the bot knows of a person."""
    sender = Senders(settings.derived_key("telegram senders")).id(user.id)
    tracker = await assistant.tracker_store.retrieve(sender)
    kept = tracker.get_slot("case") if tracker else None
    return Case.model_validate(kept) if kept else None


async def presses(api: BotApi, user: User, place: int) -> str:
    """Press the button at `place` under the newest question; gives all that was said then."""
    await settled(api)
    question = next(sent for sent in reversed(api.sent(user)) if sent.buttons)
    user.unread()
    await user.presses(question.buttons[place], under=question)
    return await answer(api, user)


async def says(api: BotApi, user: User, text: str) -> str:
    """Say a text; gives all that was said then."""
    user.unread()
    await user.says(text)
    return await answer(api, user)


async def answer(api: BotApi, user: User) -> str:
    """All that the bot says now."""
    said: list[Sent] = await user.reads()
    await settled(api)
    return "\n".join(sent.text for sent in [*said, *user.unread()])


STORIES = {
    "en": (
        "en",
        "A man I met on Hinge had me wire $50,000 to an exchange yesterday and now they want 20% tax",
        "72 hours",
    ),
    "zh_Hans": (
        "zh-hans",
        "在 Hinge 上认识的男人昨天让我电汇了五万美元到一个交易所，现在说要先交20%的税",
        "72 小时",
    ),
    "zh_Hant": (
        "zh-hant",
        "在 Hinge 上認識的男人昨天叫我電匯了五萬美元到一個交易所，現在說要先繳20%的稅",
        "72 小時",
    ),
}
UNITED_STATES, NOT_YET, PASS_IT_ON, NO_CONTACT, SEND_IT, YES = 0, 1, 0, 2, 0, 0


@pytest.mark.parametrize(
    ("story", "webhook"),
    [("en", True), ("zh_Hans", False), ("zh_Hant", True)],
    ids=["en-webhook", "zh_Hans-polling", "zh_Hant-webhook"],
)
async def test_from_start_to_a_filed_case_and_its_deletion(
    story: str, webhook: bool, model: Path, tmp_path: Path
) -> None:
    code, told, clock = STORIES[story]
    async with BotApi() as api, bot(api, model, tmp_path, webhook=webhook) as assistant:
        settings = settings_for(api, tmp_path)
        mei = api.user("Mei", language_code=code)
        await mei.starts("centre-42")
        await answer(api, mei)
        assert clock in await says(api, mei, told)
        assert "ic3.gov" in await presses(api, mei, UNITED_STATES)
        for place in (NOT_YET, PASS_IT_ON, NO_CONTACT):
            await presses(api, mei, place)
        reference = REFERENCE.search(await presses(api, mei, SEND_IT))
        assert reference
        case = await case_of(assistant, settings, mei)
        assert case is not None
        assert (case.language, case.referred_by, case.reference) == (story, "centre-42", reference[0])
        later = datetime.now(UTC) + timedelta(days=1)
        filed = {delivery.case_id: delivery.case for delivery in services().outbox.due(later, 1000)}[case.id]
        assert filed is not None
        assert (filed.reference, filed.payments[0].currency) == (reference[0], "USD")
        await says(api, mei, "/delete")
        assert await presses(api, mei, YES)
        assert await case_of(assistant, settings, mei) is None
        assert api.unanswered() == []
        assert not any(sent.buttons for sent in api.sent(mei)[:-1])
    assert str(mei.id).encode() not in at_rest(tmp_path)


async def test_a_forwarded_scam_message_gets_its_verdict(model: Path, tmp_path: Path) -> None:
    """Its payment and its farewell are not the person's own."""
    async with BotApi() as api, bot(api, model, tmp_path, webhook=True) as assistant:
        mei = api.user("Mei", language_code="en")
        await mei.forwards(
            "我是公安局的王警官，你的银行卡涉嫌洗钱，请把钱转到安全账户，不要告诉任何人", of="王警官"
        )
        said = await answer(api, mei)
        assert "something they wrote" in said
        assert "signs that this is a scam" in said
        case = await case_of(assistant, settings_for(api, tmp_path), mei)
        assert case is not None
        assert (case.language, case.payments, case.signs != {}) == ("en", [], True)


async def test_an_edited_amount_is_corrected(model: Path, tmp_path: Path) -> None:
    async with BotApi() as api, bot(api, model, tmp_path, webhook=True) as assistant:
        mei = api.user("Mei")
        await says(api, mei, "They took my money, a wire yesterday from the US")
        message = await mei.says("I sent $5,000 by wire yesterday")
        await answer(api, mei)
        await mei.edits(message, "I sent $50,000 by wire yesterday")
        await answer(api, mei)
        case = await case_of(assistant, settings_for(api, tmp_path), mei)
        assert case is not None
        assert [int(payment.amount or 0) for payment in case.payments] == [50_000]


async def test_a_cry_for_help_is_answered_with_lines(model: Path, tmp_path: Path) -> None:
    async with BotApi() as api, bot(api, model, tmp_path, webhook=True):
        mei = api.user("Mei", language_code="zh-hans")
        assert "☎" in await says(api, mei, "钱都没了，我不想活了")


async def test_commands_and_descriptions_are_set_in_three_languages(tmp_path: Path) -> None:
    async with BotApi() as api:
        settings = settings_for(api, tmp_path)
        async with make_bot(settings) as client:
            await describe(client, settings)
        languages = [call.parameters.get("language_code", "") for call in api.called("setMyCommands")]
        assert languages == ["", "zh"]
        descriptions = [call.parameters["description"] for call in api.called("setMyDescription")]
        assert "詐騙" in descriptions[1]
        assert "诈骗" in descriptions[1]


@asynccontextmanager
async def served(api: BotApi, model: Path, directory: Path) -> AsyncIterator[subprocess.Popen[bytes]]:
    """``firstaid serve`` in a process of its own, without a public address; it is up when it asks who it is."""
    (directory / "models").mkdir(exist_ok=True)
    with contextlib.suppress(FileExistsError):
        (directory / "models" / model.name).symlink_to(model)
    environment = {
        **os.environ,
        "FIRSTAID_DEMO": "1",
        "FIRSTAID_DATA_DIR": str(directory),
        "FIRSTAID_PORT": str(settings_for(api, directory).desk_port),
        "FIRSTAID_TELEGRAM_TOKEN": api.token,
        "FIRSTAID_TELEGRAM_API_URL": api.base_url.removesuffix("/bot"),
    }
    asked = len(api.called("getMe"))
    with (directory / "log.txt").open("ab") as log:
        command = [sys.executable, "-W", "ignore", "-m", "bot.cli", "serve"]
        process = subprocess.Popen(  # noqa: ASYNC220 - it starts and is not waited for
            command, env=environment, cwd=ROOT, stdout=log, stderr=log
        )
    try:
        await api.until(lambda: len(api.called("getMe")) > asked, 240, "the bot to come up")
        yield process
    finally:
        process.kill()
        process.wait(timeout=30)


async def test_killed_in_mid_talk_it_goes_on_where_it_was(model: Path, tmp_path: Path) -> None:
    """One answer stuck in the outbox, one message not fetched yet: each is answered once by the next start."""
    async with BotApi() as api:
        mei = api.user("Mei", language_code="en")
        async with served(api, model, tmp_path):
            await mei.starts()
            await answer(api, mei)
            refused = len(api.called("sendMessage"))
            api.floods("sendMessage", retry_after=5, to=mei)
            await mei.says("I sent 5,000 dollars by wire yesterday")
            await api.until(lambda: len(api.called("sendMessage")) > refused)
        await mei.says("/plan")
        assert mei.unread() == []
        async with served(api, model, tmp_path):
            await mei.hears("Your plan so far", 60)
            await settled(api)
        # The question that is open stands under each answer.
        *said, question = (sent.text for sent in api.sent(mei))
        assert said.count(question) == 1
        assert len(said) == len(set(said))
        assert sum("$5,000" in text and "Your plan" in text for text in said) == 1
        assert sum("recall" in text for text in said) >= 1
        log = (tmp_path / "log.txt").read_text()
        for words in (api.token, "5,000", str(mei.id)):
            assert words not in log
