"""Six talks as a stranger would read them, ``docs/talks.md``.

``uv run python -m tests.conversations.transcripts`` writes it from the scripts of ``talks/``. What changes from day to
day, dates, time left and codes, is written the same each time.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path
from uuid import uuid4

from rasa.core.channels.channel import UserMessage

from actions.intake.contract import REFERENCE_ALPHABET
from actions.resume_code import GROUP
from bot.assistant import Assistant, load_assistant
from bot.channels.rest import Collected
from bot.paths import ROOT
from bot.settings import settings
from bot.training import trained_model
from tests.conversations.script import read_talk

PAGE = ROOT / "docs" / "talks.md"
# None of these names a weekday or an hour: what they are told does not depend on the day of the run.
TALKS = {
    "en_wire_to_exchange": "A wire after a romance, the whole way to a caseworker",
    "en_trapped_myanmar": "Held in a compound, and everything deleted at the end",
    "hans_lent_card_frozen": "借出去的银行卡被冻结",
    "hans_mother_romance": "妈妈被网恋骗了钱",
    "hant_hk_son_held_and_crisis": "兒子被困緬甸，家長撐不住",
    "hant_tw_sextortion": "裸照勒索",
}
_HEADING = """\
# Six talks

Written by `uv run python -m tests.conversations.transcripts` from scripts of `tests/conversations/talks`; a test fails
when it is stale. Dates, time left and codes are written the same each time. Buttons are in [brackets].
"""
_CODE = re.compile(
    rf"(?<![\w-])(?:[{REFERENCE_ALPHABET}]{{4}}-[{REFERENCE_ALPHABET}]{{4}}"
    rf"|(?:[{REFERENCE_ALPHABET}]{{{GROUP}}}-){{5}}[{REFERENCE_ALPHABET}]{{{GROUP}}})(?![\w-])"
)
_USUAL = (
    (re.compile(r"\b[A-Z][a-z]{2} \d{1,2}, \d{4}(?:, \d{1,2}:\d\d:\d\d [AP]M)?"), "Nov 20, 2026"),
    (re.compile(r"\d{4}年\d{1,2}月\d{1,2}日(?: \d\d:\d\d:\d\d)?"), "2026年11月20日"),
    (re.compile(r"about \d+ of the"), "about 41 of the"),
    (re.compile(r"(大约还剩|大約還剩)( ?)\d+"), r"\1\g<2>41"),
)


async def page(assistant: Assistant) -> str:
    """The whole page."""
    parts = [_HEADING]
    for name, heading in TALKS.items():
        parts += [f"## {heading}\n", await _transcript(assistant, name)]
    return "\n".join(parts)


async def _transcript(assistant: Assistant, name: str) -> str:
    talk = read_talk(Path(__file__).parent / "talks" / f"{name}.talk")
    sender, lines = f"rest:{uuid4()}", []
    for exchange in talk.exchanges:
        output = Collected()
        message = UserMessage(
            exchange.said, output, sender, input_channel="rest", metadata={"language": talk.language}
        )
        await assistant.handle_message(message)
        lines.append(_quoted(exchange.said))
        for said in output.messages:
            buttons = " ".join(f"[{button['title']}]" for button in said.get("buttons", ()))
            lines.append(_indented(_as_always("\n".join(filter(None, (said["text"], buttons))))))
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return f"> **{text}**\n"


def _indented(text: str) -> str:
    """A message as Markdown: each of its lines stays one."""
    lines = (re.sub("^  ", "&emsp;", line) for line in text.split("\n"))
    return "  \n".join(lines) + "\n"


def _as_always(text: str) -> str:
    for pattern, usual in _USUAL:
        text = pattern.sub(usual, text)
    return _CODE.sub("K7QM-2XPD", text)


def main() -> None:
    """Write the page with a bot of its own."""
    with tempfile.TemporaryDirectory() as directory:
        os.environ |= {"FIRSTAID_DATA_DIR": directory, "FIRSTAID_DEMO": "1"}
        assistant = load_assistant(trained_model(ROOT / "var" / "test-models"), settings())
        PAGE.write_text(asyncio.run(page(assistant)), encoding="utf-8")


if __name__ == "__main__":
    main()
