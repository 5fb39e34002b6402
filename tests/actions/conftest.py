"""What the tests of the actions share: services on a database of their own, and a talk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from actions.services import Services
from bot.settings import Settings
from tests.actions.talk import Talk


def settings_in(directory: Path, **changes: Any) -> Settings:
    """Settings with a fixed secret, from which the key is derived once for all tests."""
    fixed = {"secret_key": "secret-of-these-tests", "intake_url": "http://127.0.0.1:9"}
    return Settings(data_dir=directory, demo=True, **{**fixed, **changes})


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """A real outbox on SQLite, and an intake service that is not there."""
    made = Services(settings_in(tmp_path))
    yield made
    made.outbox.close()
    made.check_ins.close()


@pytest.fixture
def talk(services: Services) -> Talk:
    """A talk that begins."""
    return Talk(services)
