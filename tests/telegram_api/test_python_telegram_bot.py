"""A plain python-telegram-bot application works against the server, by webhook and by polling."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, Update
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from tests.telegram_api import BotApi
from tests.telegram_api.faults import Trouble

Context = ContextTypes.DEFAULT_TYPE


async def start(update: Update, context: Context) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("是 👍", callback_data="yes")]])
    text = f"<b>Hi</b> {' '.join(context.args or [])}"
    await update.effective_message.reply_text(text, parse_mode=ParseMode.HTML, reply_markup=keyboard)


async def pressed(update: Update, context: Context) -> None:
    await update.callback_query.answer()
    await update.callback_query.edit_message_text(f"pressed {update.callback_query.data}")


async def echo(update: Update, context: Context) -> None:
    message = update.effective_message
    await message.reply_chat_action("typing")
    if message.document:
        file = await message.document.get_file()
        content = bytes(await file.download_as_bytearray())
        await message.reply_document(InputFile(content[::-1], filename="返.txt"), caption="returned")
    elif update.edited_message:
        await message.reply_text(f"corrected: {message.text}")
    else:
        await message.reply_text(message.text)


def application(api: BotApi) -> Application:
    builder = Application.builder().token(api.token).base_url(api.base_url).base_file_url(api.base_file_url)
    built = builder.build()
    built.add_handler(CommandHandler("start", start))
    built.add_handler(CallbackQueryHandler(pressed))
    built.add_handler(MessageHandler(filters.ALL & ~filters.StatusUpdate.ALL, echo))
    return built


@asynccontextmanager
async def polling(api: BotApi) -> AsyncIterator[Application]:
    async with application(api) as running:
        await running.start()
        await running.updater.start_polling(
            poll_interval=0, bootstrap_retries=0, allowed_updates=Update.ALL_TYPES
        )
        yield running
        await running.updater.stop()
        await running.stop()


@asynccontextmanager
async def webhook(api: BotApi) -> AsyncIterator[Application]:
    """The application behind a web server of one's own, as in the channel."""
    async with application(api) as running:
        await running.start()

        async def take(request: web.Request) -> web.Response:
            if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != "s3cret":
                return web.Response(status=403)
            await running.update_queue.put(Update.de_json(await request.json(), running.bot))
            return web.Response()

        app = web.Application()
        app.router.add_post("/hook", take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await running.bot.set_webhook(url, secret_token="s3cret", allowed_updates=Update.ALL_TYPES)
        yield running
        await running.bot.delete_webhook()
        await running.stop()
        await runner.cleanup()


@pytest.mark.parametrize("way", [polling, webhook])
async def test_a_talk(api: BotApi, way: object) -> None:
    mei = api.user("Mei", language_code="zh-hans")
    async with way(api):
        await mei.starts("centre-42")
        (welcome,) = await mei.reads()
        assert welcome.text == "Hi centre-42"
        assert welcome.entities == [{"type": "bold", "offset": 0, "length": 2}]
        assert welcome.buttons == ["是 👍"]

        press = await mei.presses("是 👍")
        await api.until(lambda: welcome.text == "pressed yes")
        assert welcome.buttons == []
        assert press.answer is not None

        said = await mei.says("我被骗了 & <b>")
        assert (await mei.hears("骗")).text == "我被骗了 & <b>"
        await mei.edits(said, "我没被骗")
        assert (await mei.hears("corrected")).text == "corrected: 我没被骗"

        await mei.sends("document", b"abc", name="a.txt", mime_type="text/plain")
        (returned,) = await mei.reads()
        assert (returned.document, returned.file_name, returned.text) == (b"cba", "返.txt", "returned")
    assert api.called("sendChatAction")
    assert api.unanswered() == []


async def test_the_library_sees_its_own_errors(api: BotApi) -> None:
    mei = api.user("Mei")
    group = api.group("Family", mei)
    await group.adds_the_bot(mei)
    await mei.starts()
    async with application(api) as idle:
        bot = idle.bot
        api.floods(retry_after=2)
        with pytest.raises(RetryAfter):
            await bot.send_message(mei.id, "a")
        api.fails("sendMessage", Trouble.BAD_GATEWAY)
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(mei.id, "a")
        api.fails("sendMessage", Trouble.RESET)
        with pytest.raises(NetworkError):
            await bot.send_message(mei.id, "a")
        api.fails("sendMessage", Trouble.SILENCE)
        with pytest.raises(TimedOut):
            await bot.send_message(mei.id, "a", read_timeout=0.2)
        old = group.id
        await group.becomes_a_supergroup(mei)
        with pytest.raises(ChatMigrated) as migrated:
            await bot.send_message(old, "a")
        assert migrated.value.new_chat_id == group.id
        await mei.blocks_the_bot()
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(mei.id, "a")
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query("1")
        await bot.set_webhook(f"http://127.0.0.1:{api.port}/nowhere")
        with pytest.raises(Conflict):
            await bot.get_updates()
    with pytest.raises(InvalidToken):
        await Application.builder().token("1:wrong").base_url(api.base_url).build().bot.get_me()
    assert api.forgive() == ["getMe: Unauthorized"]


async def test_what_people_see_of_the_bot(api: BotApi) -> None:
    async with application(api) as idle:
        bot = idle.bot
        assert bot.username == "test_helper_bot"
        await bot.set_my_commands([BotCommand("start", "Begin")])
        await bot.set_my_commands([BotCommand("start", "开始")], language_code="zh")
        assert (await bot.get_my_commands(language_code="zh"))[0].description == "开始"
        await bot.set_my_description("Help for scam victims")
        await bot.set_my_description("帮助受骗者", language_code="zh")
        await bot.set_my_short_description("Help")
        assert (await bot.get_my_description("zh")).description == "帮助受骗者"
        assert (await bot.get_my_description("de")).description == "Help for scam victims"
        assert (await bot.get_my_short_description()).short_description == "Help"
        assert (await bot.get_my_name()).name == "Test bot"
        await bot.set_chat_menu_button()
        mei = api.user("Mei", username="mei")
        assert (await bot.get_chat(mei.id)).username == "mei"


async def test_many_chats_at_once_keep_their_order(api: BotApi) -> None:
    people = [api.user(f"User {number}") for number in range(60)]
    async with webhook(api):
        for text in "abc":
            for person in people:
                await person.says(text)
        await api.delivered()
        for person in people:
            assert [sent.text for sent in await person.reads(3)] == list("abc")
