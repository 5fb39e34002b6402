"""What every test stands on: a data directory of its own, no network beyond this machine, one trained model.

The environment is set here, before anything of the bot is imported.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings
from pytest_socket import socket_allow_hosts

if TYPE_CHECKING:
    from bot.assistant import Assistant

LOOPBACK = ["127.0.0.1", "::1"]
WHOLE_PROGRAMS = {"e2e", "faults", "intake_service"}
MODELS = Path(__file__).parents[1] / "var" / "test-models"

for name in [name for name in os.environ if name.startswith("FIRSTAID_")]:
    del os.environ[name]
_scratch = tempfile.TemporaryDirectory(prefix="firstaid-tests-", ignore_cleanup_errors=True)
os.environ["FIRSTAID_DEMO"] = "1"
os.environ["FIRSTAID_DATA_DIR"] = _scratch.name

from bot.settings import Settings  # noqa: E402

# A developer's own .env is not the tests' business.
Settings.model_config["env_file"] = None

# How fast an example runs says nothing on a shared machine.
hypothesis_settings.register_profile("shared machine", deadline=None)
hypothesis_settings.load_profile("shared machine")


def pytest_runtest_setup() -> None:
    """Let tests connect to this machine only."""
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the files that need the model last, but for one: it is trained beside the files that need none.

    Of those, the ones that run whole programs come before the rest: they are the longest, and wait the most.
    """
    needing = {item.path for item in items if "model" in getattr(item, "fixturenames", ())}
    first = min(needing, default=None)
    whole = {path for path in needing if not WHOLE_PROGRAMS.isdisjoint(path.parts)}
    items.sort(key=lambda item: (item.path != first, item.path in needing, item.path not in whole))


@pytest.fixture(scope="session")
def data_directory() -> Path:
    """Where the bot of this session writes."""
    return Path(os.environ["FIRSTAID_DATA_DIR"])


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model of the present data and code; kept between sessions until one of them changes."""
    from bot.training import trained_model

    return trained_model(MODELS)


@pytest.fixture(scope="session")
def assistant(model: Path, data_directory: Path) -> Assistant:
    """The whole bot in this process: model, actions, database, outbox."""
    from bot.assistant import load_assistant
    from bot.settings import settings

    return load_assistant(model, settings())
