"""The command line: its exit codes, and that a fault is one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import check, training, training_data
from bot.cli import FAILED, SETTING_FAULT, main
from bot.training import TrainingFailed

ROOT = Path(__file__).parents[2]
COMMANDS = ("run", "serve", "train", "parse", "chat", "evaluate", "check", "desk", "courier", "outbox")


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`main` writes its options into the environment: put back what was there."""
    monkeypatch.setenv("FIRSTAID_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FIRSTAID_PORT", "8080")


def one_line(text: str) -> str:
    """The only line of `text`."""
    (line,) = text.splitlines()
    return line


@pytest.mark.parametrize("command", COMMANDS)
def test_a_bad_setting_ends_every_command_with_one_line(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FIRSTAID_DEMO", "perhaps")
    assert main([command]) == SETTING_FAULT == 2
    printed = capsys.readouterr()
    assert one_line(printed.err).startswith("firstaid: FIRSTAID_DEMO: ")
    assert printed.out == ""


def test_an_option_is_a_setting(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "70000"]) == SETTING_FAULT
    assert one_line(capsys.readouterr().err).startswith("firstaid: FIRSTAID_PORT: ")


def started(command: str, data_dir: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own with no settings but these."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTAID_")}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot.cli", command, "--data-dir", str(data_dir)],
        cwd=data_dir,
        env={**environment, "PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("command", ["serve", "run", "courier", "outbox"])
def test_a_missing_secret_ends_with_one_line_and_no_trace(command: str, tmp_path: Path) -> None:
    result = started(command, tmp_path, FIRSTAID_DEMO="0")
    assert result.returncode == SETTING_FAULT, result.stderr
    assert "is not set (only demo mode makes its own)" in one_line(result.stderr)
    assert result.stdout == ""


@pytest.mark.parametrize(
    "database",
    ["sqlite:////no/such/directory/bot.sqlite3", "nonsense", "postgresql://bot:password@127.0.0.1:1/bot"],
)
def test_a_database_that_cannot_be_opened_ends_with_one_line_and_no_trace(
    database: str, tmp_path: Path
) -> None:
    result = started("serve", tmp_path, FIRSTAID_DEMO="1", FIRSTAID_DATABASE_URL=database)
    assert result.returncode == SETTING_FAULT, result.stderr
    line = one_line(result.stderr)
    assert line.startswith("firstaid: FIRSTAID_DATABASE_URL: the bot's database cannot be opened: ")
    assert "password" not in line


def test_check_counts_and_names_problems(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "problems", lambda: iter(["domain: one", "domain: two"]))
    monkeypatch.setattr(training_data, "data_problems", lambda: iter(["data: three"]))
    assert main(["check"]) == FAILED == 1
    printed = capsys.readouterr()
    assert printed.err.splitlines() == ["domain: one", "domain: two", "data: three"]
    assert printed.out == "3 problems found\n"
    monkeypatch.setattr(check, "problems", lambda: iter(()))
    monkeypatch.setattr(training_data, "data_problems", lambda: iter(()))
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "all checks passed\n"


def test_messages_to_prune_are_listed_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "problems", lambda: pytest.fail("looked for other problems"))
    monkeypatch.setattr(training_data, "prune_list", lambda: iter(["a.yml:5\thello"]))
    assert main(["check", "--data"]) == FAILED
    assert capsys.readouterr().out == "a.yml:5\thello\n"
    monkeypatch.setattr(training_data, "prune_list", lambda: iter(()))
    assert main(["check", "--data"]) == 0
    assert capsys.readouterr().out == ""


def test_an_evaluation_that_cannot_be_compared_ends_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--against", str(tmp_path / "none.json")]) == SETTING_FAULT
    assert one_line(capsys.readouterr().err).startswith("firstaid: --against: ")


def test_nothing_is_trained_from_faulty_data(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(check, "problems", lambda: iter(["domain: one"]))
    assert main(["train"]) == FAILED
    assert one_line(capsys.readouterr().err) == "domain: one"
    assert list(tmp_path.iterdir()) == []


def test_training_that_fails_ends_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(directory: Path) -> Path:
        raise TrainingFailed("training ended with code 1")

    monkeypatch.setattr(check, "problems", lambda: iter(()))
    monkeypatch.setattr(training, "train", fails)
    assert main(["train"]) == FAILED
    assert one_line(capsys.readouterr().err) == "training ended with code 1"


@pytest.mark.parametrize("arguments", [[], ["sing"], ["serve", "--port", "many"], ["chat", "--port", "1"]])
def test_wrong_arguments_are_explained(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: firstaid" in capsys.readouterr().err


def test_interrupting_a_command_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "problems", interrupted)
    assert main(["check"]) == 0


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert all(f"    {command} " in shown for command in COMMANDS)
