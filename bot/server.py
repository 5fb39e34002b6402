"""The bot as a web server: channels, pages, health, and what goes on beside: outbox, inbox, check-ins, forgetting."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

import rasa.core.channels.channel
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.intake.database import OutboxError
from actions.intake.outbox import Outbox
from actions.services import Services
from bot.assistant import Assistant, warm_up
from bot.background import repeat
from bot.case_news import CaseNews
from bot.catalogs import translations
from bot.channels.intake_events import intake_events
from bot.channels.pages import pages
from bot.channels.redis_mailbox import RedisMailbox
from bot.channels.rest import Rest, is_local
from bot.channels.telegram.access import door, make_bot
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.ids import Senders
from bot.channels.web_http import Problem
from bot.channels.web_output import sender_id
from bot.channels.webchat import WebChat
from bot.check_ins import CheckInSender, SpeaksFirst
from bot.delivery import METRICS_TYPE, deliver, outbox_metrics
from bot.paths import WEB
from bot.quiet import place
from bot.settings import Settings
from bot.storage.database import Seal
from bot.storage.telegram import TelegramStore

logger = logging.getLogger(__name__)

FORGETTING_PAUSE_SECONDS = 3600
LARGEST_REQUEST_BYTES = 256 * 1024


def create_app(assistant: Assistant, settings: Settings, services: Services) -> Sanic:
    """Build the server around a loaded assistant."""
    app = Sanic("scam-first-aid", configure_logging=False)
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST_BYTES
    app.config.MOTD = False
    if settings.proxies:
        app.config.PROXIES_COUNT = settings.proxies
    app.ctx.agent = assistant
    channels = _channels(assistant, settings)
    rasa.core.channels.channel.register(channels, app, route="/webhooks/")
    app.blueprint(
        pages(
            WEB,
            settings.organisation,
            settings.exit_url,
            settings.web_origins,
            _strings,
            settings.data_dir / "widget",
        )
    )
    _add_health(app, assistant)
    _add_metrics(app, services.outbox)
    _add_warm_up(app, assistant)
    _add_task(app, "courier", partial(deliver, services))
    speaking_first = [channel for channel in channels if isinstance(channel, SpeaksFirst)]
    _add_task(app, "check_ins", CheckInSender(services.check_ins, speaking_first).run)
    if secret := settings.event_secret():
        app.blueprint(intake_events(secret, services.inbox))
        _add_task(app, "case_news", CaseNews(assistant, services.inbox, speaking_first).run)
    forget = _forget_regularly(assistant, services.outbox, timedelta(days=settings.keep_days))
    _add_task(app, "forgetting", forget)
    return app


def _channels(assistant: Assistant, settings: Settings) -> list[InputChannel]:
    """The web chat; Telegram with its token; REST where its door can be kept: with a token, or in demo mode."""
    token = settings.rest_token.get_secret_value()
    webchat = _webchat(assistant, settings)
    channels: list[InputChannel] = [webchat]
    if token or settings.demo:
        channels.append(Rest(token))
    if settings.telegram_token.get_secret_value():
        channels.append(_telegram(settings))
    return channels


def _telegram(settings: Settings) -> Telegram:
    """Telegram, by webhook where the bot has a public address, by polling otherwise."""
    seal = Seal(settings.fernet_key(), settings.derived_key("pseudonyms"))
    store = TelegramStore(settings.database, seal)
    return Telegram(
        make_bot(settings),
        store,
        Senders(settings.derived_key("telegram senders")),
        door(settings) if settings.public_url else None,
        timedelta(days=settings.keep_days),
    )


def _webchat(assistant: Assistant, settings: Settings) -> WebChat:
    async def begin(session: str, language: str) -> None:
        output = webchat.get_output_channel()
        metadata = {"language": language, "begin": True}
        opening = UserMessage("", output, sender_id(session), input_channel=WebChat.name(), metadata=metadata)
        await assistant.handle_message(opening)

    async def forget(session: str) -> None:
        await assistant.forget(sender_id(session))

    key = settings.derived_key("web sessions").hex()
    redis = settings.redis()
    mailbox = RedisMailbox(redis, settings.fernet_key()) if redis else None
    webchat = WebChat(key, settings.web_origins, begin, mailbox=mailbox, forget=forget)
    return webchat


def _strings(language: str) -> Mapping[str, str]:
    return translations(language)


def _add_health(app: Sanic, assistant: Assistant) -> None:
    @app.get("/health")
    async def health(request: Request) -> HTTPResponse:
        return response.json({"status": "alive"})

    @app.get("/ready")
    async def ready(request: Request) -> HTTPResponse:
        is_ready = assistant.is_ready() and assistant.tracker_store.answers()
        return response.json(
            {"status": "ready" if is_ready else "not ready"}, status=200 if is_ready else 503
        )

    @app.exception(Exception)
    async def refused(request: Request, error: Exception) -> HTTPResponse:
        status = error.status_code if isinstance(error, SanicException) else 500
        if status >= 500:
            logger.error("a request failed: %s", place(error))
        return response.json(
            {"type": "about:blank", "status": status, "title": "The request could not be served."},
            status=status,
            content_type="application/problem+json",
        )


def _add_metrics(app: Sanic, outbox: Outbox) -> None:
    @app.get("/metrics")
    async def metrics(request: Request) -> HTTPResponse:
        if not is_local(request):
            return Problem(HTTPStatus.FORBIDDEN, "The metrics are open to this machine alone.").response()
        try:
            text = await asyncio.to_thread(outbox_metrics, outbox)
        except OutboxError as error:
            logger.error("the outbox cannot be measured: %s", place(error))
            return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "The database does not answer.").response()
        return response.text(text, content_type=METRICS_TYPE)


def _add_warm_up(app: Sanic, assistant: Assistant) -> None:
    @app.before_server_start
    async def start(app: Sanic, *_: Any) -> None:
        await warm_up(assistant)


def _add_task(app: Sanic, name: str, run: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Let `run` go on as long as the server does."""
    ending = asyncio.Event()
    running: list[asyncio.Task[None]] = []

    @app.after_server_start
    async def start(app: Sanic, *_: Any) -> None:
        running.append(asyncio.create_task(run(ending), name=name))

    @app.before_server_stop
    async def stop(app: Sanic, *_: Any) -> None:
        ending.set()
        await asyncio.gather(*running)


def _forget_regularly(
    assistant: Assistant, outbox: Outbox, age: timedelta
) -> Callable[[asyncio.Event], Coroutine[Any, Any, None]]:
    """Erase what nobody came back to, from the start on and once an hour."""

    async def forget() -> None:
        assistant.tracker_store.erase_older_than(age)
        await asyncio.to_thread(outbox.forget_delivered, datetime.now(UTC) - age)

    failed = "old conversations could not be erased"
    return partial(repeat, forget, pause=FORGETTING_PAUSE_SECONDS, failed=failed)
