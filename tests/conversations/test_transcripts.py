"""The transcripts in the docs are what the bot says."""

from __future__ import annotations

from bot.assistant import Assistant
from tests.conversations.transcripts import PAGE, page


async def test_the_page_is_up_to_date(assistant: Assistant) -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == await page(assistant), "run `uv run python -m tests.conversations.transcripts`"
