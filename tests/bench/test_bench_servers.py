"""Real processes: started, waited for, weighed, stopped."""

import sys
from pathlib import Path

import httpx
import psutil
import pytest

from bench.servers import Bot, Server, ServerFailed


def web_server(directory: Path) -> Bot:
    return Bot("a file server", [sys.executable, "-m", "http.server", "--bind", "127.0.0.1"], directory)


def test_a_server_is_ready_when_entered_and_gone_when_left(tmp_path: Path) -> None:
    with Server(web_server(tmp_path)) as server:
        assert server.seconds_to_ready > 0
        assert server.resident_megabytes() > 1
        assert httpx.get(server.url).status_code == 404
        (process,) = [
            child for child in psutil.Process().children() if "http.server" in " ".join(child.cmdline())
        ]
    assert not process.is_running()
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)


def test_a_server_that_ends_early_is_reported_with_its_log(tmp_path: Path) -> None:
    broken = Bot("a broken bot", [sys.executable, "-c", "print('no model'); raise SystemExit(3)"], tmp_path)
    with pytest.raises(ServerFailed, match=r"a broken bot .*server\.log"), Server(broken):
        pass
    assert "no model" in (tmp_path / "server.log").read_text(encoding="utf-8")


def test_the_operators_own_settings_do_not_reach_a_measured_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTAID_DATABASE_URL", "postgresql://production")
    environment = Bot.environment({"FIRSTAID_DEMO": "1"})
    assert "FIRSTAID_DATABASE_URL" not in environment
    assert environment["FIRSTAID_DEMO"] == "1"
    assert "PATH" in environment
