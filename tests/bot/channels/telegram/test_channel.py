"""The channel over real HTTP against a strict Bot API, with a dialogue that says what it heard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage

from tests.bot.channels.telegram.running_channel import channel, settled
from tests.telegram_api import BotApi


class Dialogue:
    """Says what it heard, and asks a question for ``ask``."""

    def __init__(self) -> None:
        self.heard: list[UserMessage] = []

    async def __call__(self, message: UserMessage) -> None:
        """Take a turn."""
        self.heard.append(message)
        said: dict[str, Any] = {"text": f"heard {message.text}", "metadata": {"language": "en"}}
        if message.text.startswith("ask"):
            said["buttons"] = [{"title": "Yes, money was sent"}, {"title": "No, nothing yet"}]
        await message.output_channel.send_response(message.sender_id, said)

    @property
    def texts(self) -> list[str]:
        """What it heard."""
        return [message.text for message in self.heard]


async def test_a_message_is_answered(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei", language_code="zh-hans")
        await mei.says("hello")
        (answer,) = await mei.reads()
        assert answer.text == "heard hello"
        await settled(api)
        assert api.called("sendChatAction")
    assert dialogue.heard[0].sender_id.startswith("tg:")
    assert str(mei.id) not in dialogue.heard[0].sender_id
    assert dialogue.heard[0].metadata["language"] == "zh-hans"
