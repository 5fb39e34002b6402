"""What `tests/conftest.py` promises every test."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

from bot.paths import ROOT
from bot.settings import read_settings


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_no_test_reaches_another_machine(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as stranger, pytest.raises(SocketConnectBlockedError):
        stranger.connect((address, 443))


def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())


def test_nothing_is_written_into_the_project(data_directory: Path) -> None:
    settings = read_settings()
    assert settings.demo
    assert settings.data_dir == data_directory.resolve()
    assert not settings.data_dir.is_relative_to(ROOT)
