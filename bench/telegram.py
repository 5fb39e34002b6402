"""``python -m bench.telegram``: many chats at once through the webhook, beside the REST channel in the same run."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from bench.load import Talks, all_at_once, read_talks, whole_turns
from bench.report import MILLISECONDS, machine
from bench.servers import Bot, Server
from bot.channels.telegram.access import make_bot
from bot.channels.telegram.setup import set_webhook
from bot.paths import ROOT
from bot.settings import Settings, read_settings
from bot.training import trained_model
from tests.telegram_api import BotApi
from tests.telegram_api.people import User

CHATS = 200
MESSAGES = 10
PATIENCE_SECONDS = 600.0
GLANCE_SECONDS = 0.05


@dataclass(frozen=True)
class Seen:
    """What the people of one channel saw: the seconds until each answer, and all together."""

    answers: Sequence[float]
    seconds: float

    def line(self, name: str) -> str:
        """A row of the table."""
        cuts = quantiles(self.answers, n=100)
        rate = len(self.answers) / self.seconds
        return f"| {name} | {cuts[49] * MILLISECONDS:,.0f} | {cuts[98] * MILLISECONDS:,.0f} | {rate:.1f} |"


def main() -> int:
    """Run it and print a table; 1 when a chat lost an answer or got another one's."""
    home = read_settings().data_dir
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory)
        (data / "models").mkdir()
        model = trained_model(home / "models")
        (data / "models" / model.name).symlink_to(model)
        rest, telegram, faults = asyncio.run(_run(data, read_talks()))
    print(f"{machine()}; {CHATS} people at once, {MESSAGES} messages each.\n")
    print("| channel | p50, ms | p99, ms | answers a second |\n|---|---|---|---|")
    print(rest.line("REST"))
    print(telegram.line("Telegram, by webhook"))
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


async def _run(data: Path, talks: Talks) -> tuple[Seen, Seen, list[str]]:
    async with BotApi() as api:
        settings = {
            "FIRSTAID_DEMO": "1",
            "FIRSTAID_DATA_DIR": str(data),
            "FIRSTAID_TELEGRAM_TOKEN": api.token,
            "FIRSTAID_TELEGRAM_API_URL": api.base_url.removesuffix("/bot"),
            "PYTHONPATH": str(ROOT),
        }
        bot = Bot(
            "telegram", [sys.executable, "-m", "bench.telegram_server"], data, settings, ready_path="/ready"
        )
        server = Server(bot)
        await asyncio.to_thread(server.__enter__)
        try:
            crowd = await all_at_once(server.url, talks.whole, CHATS, MESSAGES)
            rest = Seen([turn.seconds for turn in crowd.turns], crowd.seconds)
            await _point(api, settings, server.address)
            telegram, faults = await _crowd(api, talks)
        finally:
            await asyncio.to_thread(server.__exit__, None, None, None)
    return rest, telegram, faults


async def _point(api: BotApi, environment: dict[str, str], address: str) -> None:
    os.environ.update({name: value for name, value in environment.items() if name.startswith("FIRSTAID_")})
    settings: Settings = read_settings().model_copy(update={"public_url": address})
    async with make_bot(settings) as bot:
        await set_webhook(bot, settings)


async def _crowd(api: BotApi, talks: Talks) -> tuple[Seen, list[str]]:
    began = time.perf_counter()
    held = await asyncio.gather(*(_hold(api, talks, place) for place in range(CHATS)))
    seconds = time.perf_counter() - began
    faults = [fault for _, faults in held for fault in faults]
    return Seen([answer for answers, _ in held for answer in answers], seconds), faults


async def _hold(api: BotApi, talks: Talks, place: int) -> tuple[list[float], list[str]]:
    user: User = api.user(f"Person {place}")
    start = place % len(talks.whole)
    turns = whole_turns([*talks.whole[start:], *talks.whole[:start]], MESSAGES)
    answers, faults = [], []
    for message in (message for talk in turns for message in talk):
        before = len(api.sent(user))
        began = time.perf_counter()
        await user.says(message)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(api.sent(user)) == before:  # noqa: ASYNC110 - waking all 200 at each message costs more
                await asyncio.sleep(GLANCE_SECONDS)
        answers.append(time.perf_counter() - began)
        await _rest_of_it(api, user)
    order = [sent.id for sent in api.sent(user)]
    if order != sorted(order):
        faults.append(f"chat {place}: answers out of order")
    return answers, faults


async def _rest_of_it(api: BotApi, user: User) -> None:
    """Let the other messages of the same answer come, as somebody who reads would."""
    said = -1
    while said != len(api.sent(user)):
        said = len(api.sent(user))
        await asyncio.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
