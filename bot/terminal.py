"""``firstaid chat``: the same bot in the terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from prompt_toolkit import PromptSession
from rasa.core.channels.channel import UserMessage

from bot.assistant import Assistant, load_assistant
from bot.catalogs import translate
from bot.channels.rest import Collected
from bot.languages import negotiate
from bot.settings import Settings
from bot.training import trained_model


def _(message: str) -> str:
    """Mark `message` for the catalogs; it is translated where it is used."""
    return message


HOW_TO = _("Write and press Enter. A number chooses a button. An empty line or Ctrl+D leaves.")


def chat(settings: Settings, language: str) -> int:
    """Talk until an empty line or the end of input; the talk is kept like any other and can be deleted in it."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    asyncio.run(_talk(load_assistant(trained_model(settings.model_dir), settings), negotiate(language)))
    return 0


async def _talk(assistant: Assistant, language: str) -> None:
    sender = f"terminal:{uuid4()}"
    prompt: PromptSession[str] = PromptSession()
    print(translate(HOW_TO, language), end="\n\n")
    titles = await _turn(assistant, sender, "", {"language": language, "begin": True})
    while text := await _read(prompt):
        titles = await _turn(assistant, sender, pressed(text, titles), {"language": language})


async def _read(prompt: PromptSession[str]) -> str:
    try:
        return (await prompt.prompt_async("> ")).strip()
    except (EOFError, KeyboardInterrupt):
        return ""


def pressed(text: str, titles: Sequence[str]) -> str:
    """The title of the button that a number chooses; any other text is itself."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(titles):
        return titles[int(text) - 1]
    return text


async def _turn(assistant: Assistant, sender: str, text: str, metadata: dict[str, Any]) -> list[str]:
    output = Collected()
    await assistant.handle_message(
        UserMessage(text, output, sender, input_channel="terminal", metadata=metadata)
    )
    titles: list[str] = []
    for said in output.messages:
        print(said["text"])
        titles = [button["title"] for button in said.get("buttons", ())]
    for number, title in enumerate(titles, 1):
        print(f"  [{number}] {title}")
    print()
    return titles
