"""Nothing calls home, and logs never hold what anyone wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bot.quiet import place

ROOT = Path(__file__).parents[2]
SECRET = "they took my 40,000 and I told no one"

AFTER_IMPORT = """
import json, os, sys, bot
before = os.environ["RASA_TELEMETRY_ENABLED"], "rasa" in sys.modules
import rasa.telemetry, sentry_sdk
rasa.telemetry.initialize_telemetry()
rasa.telemetry.initialize_error_reporting()
client = sentry_sdk.Hub.current.client
print(json.dumps([*before, rasa.telemetry.is_telemetry_enabled(), client is not None and bool(client.dsn)]))
"""

AT_DEBUG = f"""
import bot, logging
from bot.quiet import be_quiet
be_quiet()
import structlog
from rasa.shared.core.events import UserUttered
structlog.get_logger("rasa.core.processor").debug("processor.message", text={SECRET!r})
logging.getLogger("rasa.core.channels.rest").info({SECRET!r})
logging.getLogger("telegram.ext").error({SECRET!r})
logging.getLogger("httpx").info({SECRET!r})
logging.getLogger("httpcore.http11").debug({SECRET!r})
logging.getLogger("bot.anything").info("ours is heard")
"""


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `code` in an interpreter of its own."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_telemetry_and_crash_reports_are_off_before_rasa_is_imported(tmp_path: Path) -> None:
    result = python(AFTER_IMPORT, RASA_TELEMETRY_ENABLED="true", HOME=str(tmp_path))
    assert result.stdout, result.stderr
    assert json.loads(result.stdout.splitlines()[-1]) == ["false", False, False, False]


def test_libraries_keep_what_people_write_and_tokens_to_themselves() -> None:
    result = python(AT_DEBUG)
    assert "ours is heard" in result.stderr
    assert SECRET not in result.stdout + result.stderr


def test_the_place_of_an_error_is_told_without_its_words() -> None:
    try:
        json.loads(SECRET)
    except ValueError as error:
        told = place(error)
    assert told.startswith("JSONDecodeError at decoder.py:")
    assert SECRET not in told


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert place(ValueError(SECRET)) == "ValueError at ?"
