"""The queue of check-ins on real databases: encrypted, claimed once, cancelled and expired for good."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from cryptography.fernet import Fernet

from actions.case.check_ins import CheckIn, Kind
from actions.intake.database import OutboxError
from bot.storage.check_ins import LEASE, CheckInQueue, Recipient
from bot.storage.database import Seal
from tests.databases import ENGINES, database

KEY, PSEUDONYM_KEY = Fernet.generate_key(), b"a key for pseudonyms"
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANA, BO = Recipient("web:ana", "webchat", "en"), Recipient("web:bo", "webchat", "zh_Hant")


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Each engine in turn."""
    with database(request.param, f"sqlite:///{tmp_path / 'bot.sqlite3'}") as url:
        yield url


@pytest.fixture
def queue(url: str) -> Iterator[CheckInQueue]:
    """An empty queue."""
    queue = opened(url)
    yield queue
    queue.close()


def opened(url: str, key: bytes = KEY) -> CheckInQueue:
    """The queue at `url`, as a process that starts sees it."""
    return CheckInQueue(url, Seal(key, PSEUDONYM_KEY))


def check_in(after: timedelta, kind: Kind = "day", lasts: timedelta = DAY) -> CheckIn:
    """One that is due `after` now."""
    return CheckIn(kind, NOW + after, NOW + after + lasts)


def kinds(queue: CheckInQueue, now: datetime) -> list[str]:
    return [due.kind for due in queue.due(now)]


def test_what_is_due_comes_with_its_recipient(queue: CheckInQueue) -> None:
    queue.replace(ANA, [check_in(DAY, "day"), check_in(3 * DAY, "days")])
    queue.replace(BO, [check_in(HOUR, "deadline")])
    assert queue.due(NOW) == []
    found = queue.due(NOW + DAY)
    assert [(due.recipient, due.kind) for due in found] == [(BO, "deadline"), (ANA, "day")]


def test_what_was_sent_is_gone_and_the_rest_waits(queue: CheckInQueue) -> None:
    queue.replace(ANA, [check_in(DAY, "day"), check_in(3 * DAY, "days")])
    [due] = queue.due(NOW + DAY)
    assert queue.claim(due.id, NOW + DAY)
    queue.sent(due.id)
    assert queue.due(NOW + DAY) == []
    assert kinds(queue, NOW + 3 * DAY) == ["days"]


def test_what_is_claimed_is_nobody_elses_until_the_lease_runs_out(queue: CheckInQueue) -> None:
    queue.replace(ANA, [check_in(HOUR)])
    [due] = queue.due(NOW + HOUR)
    assert queue.claim(due.id, NOW + HOUR)
    assert not queue.claim(due.id, NOW + HOUR)
    assert queue.due(NOW + HOUR) == []
    assert kinds(queue, NOW + HOUR + LEASE) == ["day"]
    assert queue.claim(due.id, NOW + HOUR + LEASE)


def test_what_could_not_be_sent_in_time_is_never_sent(queue: CheckInQueue) -> None:
    queue.replace(ANA, [check_in(HOUR, "day", lasts=2 * HOUR), check_in(3 * HOUR, "days")])
    assert kinds(queue, NOW + 3 * HOUR) == ["days"]
    assert queue.waiting(ANA.sender_id) == [NOW + 3 * HOUR]


def test_a_new_plan_replaces_the_old_and_none_cancels(queue: CheckInQueue) -> None:
    queue.replace(ANA, [check_in(HOUR, "day"), check_in(DAY, "days")])
    queue.replace(BO, [check_in(DAY)])
    queue.replace(ANA, [check_in(2 * HOUR, "deadline")])
    assert kinds(queue, NOW + 2 * HOUR) == ["deadline"]
    queue.replace(ANA, [])
    assert queue.waiting(ANA.sender_id) == []
    assert queue.waiting(BO.sender_id) == [NOW + DAY]


def test_what_was_cancelled_meanwhile_cannot_be_claimed(queue: CheckInQueue) -> None:
    queue.replace(ANA, [check_in(HOUR)])
    [due] = queue.due(NOW + HOUR)
    queue.replace(ANA, [])
    assert not queue.claim(due.id, NOW + HOUR)
    queue.sent(due.id)


def test_it_outlives_the_process(url: str) -> None:
    before = opened(url)
    before.replace(ANA, [check_in(HOUR)])
    before.close()
    after = opened(url)
    assert kinds(after, NOW + HOUR) == ["day"]
    after.close()


def test_with_another_key_nothing_is_read_and_it_expires(url: str, queue: CheckInQueue) -> None:
    queue.replace(ANA, [check_in(HOUR)])
    other = opened(url, Fernet.generate_key())
    assert other.due(NOW + HOUR) == []
    assert other.due(NOW + 2 * DAY) == []
    assert queue.waiting(ANA.sender_id) == []
    other.close()


def test_of_two_workers_one_sends(url: str) -> None:
    """Forty rows and two workers that see the same ones at the same time: each row is claimed once."""
    workers = [opened(url), opened(url)]
    recipients = [Recipient(f"web:{number}", "webchat", "en") for number in range(40)]
    for recipient in recipients:
        workers[0].replace(recipient, [check_in(HOUR)])
    together = Barrier(len(workers))

    def work(queue: CheckInQueue) -> list[str]:
        found = queue.due(NOW + HOUR)
        together.wait()
        claimed = [due for due in found if queue.claim(due.id, NOW + HOUR)]
        return [due.recipient.sender_id for due in claimed]

    with ThreadPoolExecutor(len(workers)) as pool:
        sent = [sender for senders in pool.map(work, workers) for sender in senders]
    assert sorted(sent) == sorted(recipient.sender_id for recipient in recipients)
    for queue in workers:
        queue.close()


def test_a_worker_killed_between_claim_and_sending_loses_nothing(url: str, queue: CheckInQueue) -> None:
    queue.replace(ANA, [check_in(HOUR)])
    program = (
        "import os, signal, sys\n"
        "from datetime import datetime\n"
        "from bot.storage.check_ins import CheckInQueue\n"
        "from bot.storage.database import Seal\n"
        "url, key, pseudonym_key, now = sys.argv[1:]\n"
        "queue = CheckInQueue(url, Seal(key, pseudonym_key.encode()))\n"
        "[due] = queue.due(datetime.fromisoformat(now))\n"
        "assert queue.claim(due.id, datetime.fromisoformat(now))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    moment = NOW + HOUR
    command = [sys.executable, "-c", program, url, KEY.decode(), PSEUDONYM_KEY.decode(), moment.isoformat()]
    killed = subprocess.run(command, timeout=120, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert queue.due(moment) == []
    assert kinds(queue, moment + LEASE) == ["day"]


def test_nothing_of_the_person_is_on_disk_in_clear(tmp_path: Path) -> None:
    queue = opened(f"sqlite:///{tmp_path / 'bot.sqlite3'}")
    queue.replace(Recipient("telegram:4815162342", "telegram", "en"), [check_in(HOUR, "deadline")])
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert written
    for word in (b"4815162342", b"deadline"):
        assert word not in written
    assert "4815162342" not in repr(queue.due(NOW + HOUR))
    queue.close()


def test_a_failing_store_is_told(tmp_path: Path) -> None:
    queue = opened(f"sqlite:///{tmp_path / 'bot.sqlite3'}")
    for file in tmp_path.iterdir():
        file.write_bytes(b"ruin")
    with pytest.raises(OutboxError):
        queue.replace(ANA, [check_in(HOUR)])
    queue.close()
