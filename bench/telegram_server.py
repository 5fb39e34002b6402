"""The bot as the Telegram bench serves it: ``python -m bench.telegram_server PORT``, settings from the environment.

The REST and the Telegram channel of one process, the latter without the two things that wait on purpose: the half
second in which more of a message may follow, and Telegram's limit of thirty messages a second.
"""

from __future__ import annotations

import sys
from datetime import timedelta

import rasa.core.channels.channel
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.assistant import load_assistant, warm_up
from bot.channels.rest import Rest
from bot.channels.telegram.access import door, make_bot
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.ids import Senders
from bot.settings import read_settings
from bot.storage.database import Seal
from bot.storage.telegram import TelegramStore
from bot.training import trained_model


def main() -> None:
    """Serve until terminated."""
    settings = read_settings()
    assistant = load_assistant(trained_model(settings.model_dir), settings)
    app = Sanic("telegram-bench", configure_logging=False)
    app.ctx.agent = assistant
    key = settings.derived_key("pseudonyms")
    telegram = Telegram(
        make_bot(settings, limited=False),
        TelegramStore(settings.database, Seal(settings.fernet_key(), key)),
        Senders(key),
        door(settings),
        timedelta(days=1),
        quiet=0.0,
    )
    rasa.core.channels.channel.register([telegram, Rest("")], app, route="/webhooks/")

    async def ready(request: Request) -> HTTPResponse:
        return response.empty(200 if telegram.is_up else 503)

    async def start(*_: object) -> None:
        await warm_up(assistant)

    app.add_route(ready, "/ready")
    app.register_listener(start, "before_server_start")
    app.run(host="127.0.0.1", port=int(sys.argv[1]), access_log=False, debug=False, motd=False)


if __name__ == "__main__":
    main()
