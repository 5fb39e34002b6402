"""A desk on a data directory of its own, reached through Django's test client."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.desk.desk_bot import PASSWORD, STAFF, TOKEN, Bot

CONTRACT = Path(__file__).parents[2] / "actions" / "intake" / "openapi.yaml"


@pytest.fixture(scope="session")
def contract() -> dict[str, Any]:
    """The OpenAPI document of the intake contract."""
    document: dict[str, Any] = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    return document


@pytest.fixture
def case_file(contract: dict[str, Any]) -> dict[str, Any]:
    """The example case of the contract: a Chinese speaker, one wire, one attachment."""
    example: dict[str, Any] = contract["components"]["examples"]["CaseFile"]["value"]
    return copy.deepcopy(example)


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data directory of a desk that is set up; Django is loaded with its settings, once, from this environment."""
    directory = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)
        patch.setenv("DJANGO_SETTINGS_MODULE", "desk.settings")
        patch.setenv("FIRSTAID_DATA_DIR", str(directory))
        patch.setenv("FIRSTAID_DESK_SECRET_KEY", "a-secret-key-of-the-tests-only-and-of-nothing-else-at-all")
        patch.setenv("FIRSTAID_INTAKE_TOKEN", TOKEN)
        for name in ("FIRSTAID_DEMO", "FIRSTAID_DESK_DATABASE_URL", "FIRSTAID_DESK_HOSTS"):
            patch.delenv(name, raising=False)
        from desk.environment import environment
        from desk.server import make_staff, prepare, set_up

        environment.cache_clear()
        set_up()
        prepare()
        make_staff(STAFF, PASSWORD, administrator=True)
    yield directory
    from django.db import connection

    connection.close()


@pytest.fixture
def empty_desk(data_dir: Path) -> Iterator[Path]:
    """A desk without cases, before and after the test."""
    yield data_dir
    from django.contrib.admin.models import LogEntry
    from helpdesk.models import Ticket

    from desk.intake.models import ErasedCase

    Ticket.objects.all().delete()
    ErasedCase.objects.all().delete()
    LogEntry.objects.all().delete()


@pytest.fixture
def bot(empty_desk: Path) -> Bot:
    """A bot with one case to hand over."""
    return Bot()


@pytest.fixture
def staff(empty_desk: Path) -> Any:
    """A browser in which a caseworker is logged in."""
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username=STAFF))
    return client
