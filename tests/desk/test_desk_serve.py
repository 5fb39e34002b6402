"""The desk as a process: settings, start, concurrency, and what a crash leaves."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.desk.desk_bot import TOKEN

ROOT = Path(__file__).parents[2]
SECRETS = {
    "FIRSTAID_DESK_SECRET_KEY": "a-secret-key-of-the-tests-only-and-of-nothing-else-at-all",
    "FIRSTAID_INTAKE_TOKEN": TOKEN,
}


def command(directory: Path, *arguments: str, **settings: str) -> dict[str, Any]:
    """How to start the desk with these settings and no other."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTAID_")}
    inherited.pop("DJANGO_SETTINGS_MODULE", None)
    path = os.pathsep.join(filter(None, (str(ROOT), inherited.get("PYTHONPATH"))))
    return {
        "args": [sys.executable, "-m", "desk", *arguments, "--data-dir", str(directory / "data")],
        "env": inherited | {"PYTHONPATH": path} | settings,
        "cwd": directory,
        "text": True,
    }


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "FIRSTAID_DESK_SECRET_KEY"),
        ({"FIRSTAID_DESK_SECRET_KEY": SECRETS["FIRSTAID_DESK_SECRET_KEY"]}, "FIRSTAID_INTAKE_TOKEN"),
        (SECRETS | {"FIRSTAID_INTAKE_TOKEN": "short"}, "FIRSTAID_INTAKE_TOKEN"),
        (SECRETS | {"FIRSTAID_DESK_SECRET_KEY": "k" * 49}, "FIRSTAID_DESK_SECRET_KEY"),
        (SECRETS | {"FIRSTAID_DESK_DATABASE_URL": "mysql://a@b/c"}, "FIRSTAID_DESK_DATABASE_URL"),
        (SECRETS | {"FIRSTAID_DESK_DATABASE_URL": "nonsense"}, "FIRSTAID_DESK_DATABASE_URL"),
        (SECRETS | {"FIRSTAID_DEMO": "perhaps"}, "FIRSTAID_DEMO"),
    ],
)
def test_a_setting_at_fault_is_named_in_one_line(
    tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    done = subprocess.run(
        **command(tmp_path, "serve", "--port", "0", **settings), capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert named in done.stderr


Started = tuple[subprocess.Popen[str], str, list[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Started]]:
    """Start desks that end with the test."""
    running: list[subprocess.Popen[str]] = []

    def _start(**settings: str) -> Started:
        process = subprocess.Popen(
            **command(tmp_path, "serve", "--port", "0", **settings), stdout=subprocess.PIPE
        )
        running.append(process)
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.strip())
            if match := re.search(r"ready on (http://127\.0\.0\.1:\d+)/", line):
                return process, match[1], lines
        raise AssertionError(lines)

    yield _start
    for process in running:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def test_demo_makes_and_keeps_its_own_secrets(start: Callable[..., Started], tmp_path: Path) -> None:
    process, address, lines = start(FIRSTAID_DEMO="1")
    secrets = list((tmp_path / "data" / "secrets").iterdir())
    assert {path.name for path in secrets} == {"desk_secret_key", "intake_token", "desk_staff_password"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}
    password = (tmp_path / "data" / "secrets" / "desk_staff_password").read_text()
    assert lines[0].endswith(f"caseworker / {password}")
    with httpx.Client(base_url=address) as browser:
        form = browser.get("/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.text)
        assert token is not None
        fields = {"username": "caseworker", "password": password, "csrfmiddlewaretoken": token[1]}
        assert browser.post("/login/", data=fields).headers["Location"] == "/dashboard/"
        assert browser.get("/dashboard/").status_code == 200
        styles = re.findall(r'<link href=["\'](/static/[^"\']+\.css)', form.text)
        assert len(styles) >= 4
        assert {browser.get(style).headers["Content-Type"].split(";")[0] for style in styles} == {"text/css"}
    process.kill()
    process.wait()
    assert start(FIRSTAID_DEMO="1")[2][0] == lines[0]
    written = {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (tmp_path / "data").rglob("*")}
    assert written == {0}
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_many_at_once_make_one_case_and_kill_loses_nothing(
    start: Callable[..., Started], tmp_path: Path, case_file: dict[str, Any]
) -> None:
    process, address, _ = start(**SECRETS)
    assert httpx.get(f"{address}/health").json() == {"status": "ok"}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    case = f"{address}/intake/v1/cases/{uuid4()}"
    message = {"message_id": str(uuid4()), "text": "一次", "sent_at": "2026-05-04T12:00:00Z"}
    with ThreadPoolExecutor(8) as pool:
        puts = list(
            pool.map(lambda _: httpx.put(case, json=case_file, headers=headers, timeout=60), range(8))
        )
        posts = list(
            pool.map(
                lambda _: httpx.post(f"{case}/messages", json=message, headers=headers, timeout=60), range(8)
            )
        )
    assert sorted(answer.status_code for answer in puts) == [200] * 7 + [201]
    assert {answer.status_code for answer in posts} == {202}
    before = httpx.get(case, headers=headers).json()
    process.kill()
    process.wait()
    _, again, _ = start(**SECRETS)
    assert httpx.get(case.replace(address, again), headers=headers).json() == before
    import sqlite3

    with sqlite3.connect(tmp_path / "data" / "desk.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM helpdesk_ticket").fetchone() == (1,)
        assert database.execute("SELECT count(*) FROM helpdesk_followup").fetchone() == (2,)


def test_createstaff(tmp_path: Path) -> None:
    def create(password: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            **command(tmp_path, "createstaff", "mei", **SECRETS),
            input=f"{password}\n",
            capture_output=True,
            timeout=120,
            check=False,
        )

    weak = create("12345")
    assert (weak.returncode, weak.stderr.count("\n")) == (1, 1)
    assert create("correct horse battery").returncode == 0


@pytest.mark.parametrize("hosts", ["", "desk.group.example"])
def test_the_checks_for_a_deployment_find_nothing(tmp_path: Path, hosts: str) -> None:
    settings = SECRETS | {"FIRSTAID_DESK_HOSTS": hosts}
    done = subprocess.run(
        **command(tmp_path, "check", **settings), capture_output=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_they_do_find_a_weak_key(tmp_path: Path) -> None:
    weak = SECRETS | {"FIRSTAID_DESK_SECRET_KEY": "k" * 60}
    done = subprocess.run(**command(tmp_path, "check", **weak), capture_output=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "security.W009" in done.stderr


def test_over_the_network_only_https_is_spoken(
    start: Callable[..., Started], case_file: dict[str, Any]
) -> None:
    """The proxy says how the browser came; the bot on the same machine is let in as it is."""
    _, address, _ = start(**SECRETS, FIRSTAID_DESK_HOSTS="desk.group.example")
    with httpx.Client(base_url=address, headers={"Host": "desk.group.example"}) as browser:
        plain = browser.get("/login/")
        assert (plain.status_code, plain.headers["Location"]) == (301, "https://desk.group.example/login/")
        secure = browser.get("/login/", headers={"X-Forwarded-Proto": "https"})
        assert secure.status_code == 200
        assert secure.headers["Strict-Transport-Security"].startswith("max-age=")
        assert "Secure" in secure.headers["Set-Cookie"]
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    filed = httpx.put(f"{address}/intake/v1/cases/{uuid4()}", json=case_file, headers=bearer, timeout=60)
    assert filed.status_code == 201
    assert httpx.get(f"{address}/health").status_code == 200


def test_outside_demo_nobody_can_log_in_before_an_account_was_made(
    start: Callable[..., Started], tmp_path: Path
) -> None:
    """Neither on a fresh desk, nor with the login that an earlier demo left."""
    process, _, _ = start(FIRSTAID_DEMO="1")
    process.kill()
    process.wait()
    import sqlite3

    query = "SELECT username FROM auth_user WHERE is_active"
    with sqlite3.connect(tmp_path / "data" / "desk.sqlite3") as database:
        assert database.execute(query).fetchall() == [("caseworker",)]
    _, _, lines = start(**SECRETS)
    assert not [line for line in lines if "login" in line]
    with sqlite3.connect(tmp_path / "data" / "desk.sqlite3") as database:
        assert database.execute(query).fetchall() == []
