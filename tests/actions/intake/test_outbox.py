"""The outbox on real databases."""

import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from actions.intake.contract import CaseFile, Consent, Contact, Message, Safety, Summary
from actions.intake.database import OutboxError
from actions.intake.outbox import (
    FINAL_ERRORS,
    LEASE,
    LONGEST_PAUSE,
    SHORTEST_PAUSE,
    CaseErased,
    Delivery,
    ErrorKind,
    Outbox,
    backoff,
)

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
A, B, C = (UUID(int=number) for number in (1, 2, 3))

CaseOf = Callable[..., CaseFile]


def test_a_case_is_filed_claimed_and_settled(outbox: Outbox, case_of: CaseOf) -> None:
    case = case_of()
    outbox.put(A, "case", case, False, NOW)
    assert (outbox.depth(), outbox.waits(A)) == (1, True)
    [delivery] = outbox.due(NOW, 10)
    assert (delivery.case_id, delivery.kind, delivery.case) == (A, "case", case)
    assert outbox.delivered(delivery.id)
    assert (outbox.depth(), outbox.waits(A)) == (0, False)
    assert outbox.due(LATER, 10) == []


def test_what_was_delivered_long_ago_is_forgotten_and_nothing_else(outbox: Outbox, case_of: CaseOf) -> None:
    for case_id in (A, B):
        outbox.put(case_id, "case", case_of(), False, NOW)
    [delivery] = outbox.due(NOW, 1)
    outbox.delivered(delivery.id)
    assert outbox.forget_delivered(NOW) == 0
    assert outbox.forget_delivered(LATER) == 1
    assert outbox.forget_delivered(LATER) == 0
    assert not outbox.waits(delivery.case_id)
    assert outbox.depth() == 1


def test_what_was_never_filed_does_not_wait(outbox: Outbox) -> None:
    assert not outbox.waits(A)
    assert outbox.oldest_age(NOW) is None
    assert outbox.next_due() is None
    assert outbox.due(NOW, 10) == []


def test_the_latest_body_takes_the_place_of_an_undelivered_one(outbox: Outbox, case_of: CaseOf) -> None:
    outbox.put(A, "case", case_of("first"), False, NOW)
    outbox.put(B, "case", case_of("other"), False, NOW + timedelta(seconds=1))
    latest = case_of("second")
    outbox.put(A, "case", latest, False, NOW + timedelta(seconds=2))
    deliveries = outbox.due(LATER, 10)
    assert [delivery.case_id for delivery in deliveries] == [A, B]
    assert deliveries[0].case == latest


def test_an_erasure_takes_the_place_of_the_case(outbox: Outbox, case_of: CaseOf) -> None:
    outbox.put(A, "case", case_of(), True, NOW)
    outbox.put(A, "erase", None, False, NOW)
    [delivery] = outbox.due(NOW, 10)
    assert (delivery.kind, delivery.case) == ("erase", None)
    with pytest.raises(CaseErased):
        outbox.put(A, "case", case_of(), False, NOW)
    assert outbox.delivered(delivery.id)
    with pytest.raises(CaseErased):
        outbox.put(A, "case", case_of(), False, NOW)
    outbox.put(A, "erase", None, False, NOW)
    assert outbox.due(NOW, 10)[0].kind == "erase"


def test_a_delivered_case_can_be_filed_anew(outbox: Outbox, case_of: CaseOf) -> None:
    outbox.put(A, "case", case_of("first"), False, NOW)
    outbox.delivered(outbox.due(NOW, 1)[0].id)
    outbox.put(A, "case", case_of("second"), False, LATER)
    assert outbox.waits(A)
    assert outbox.oldest_age(LATER) == timedelta()
    assert outbox.due(LATER, 1)[0].case is not None


def test_urgent_goes_first_then_the_oldest(outbox: Outbox, case_of: CaseOf) -> None:
    filed = [(3, False, 0), (4, True, 3), (1, False, 1), (2, True, 2)]
    for number, urgent, second in filed:
        outbox.put(UUID(int=number), "case", case_of(), urgent, NOW + timedelta(seconds=second))
    first = outbox.due(LATER, 3)
    rest = outbox.due(LATER, 3)
    assert [delivery.case_id.int for delivery in first + rest] == [2, 4, 3, 1]


def test_a_claim_holds_for_the_lease_and_no_longer(outbox: Outbox, case_of: CaseOf) -> None:
    outbox.put(A, "case", case_of(), False, NOW)
    [lost] = outbox.due(NOW, 10)
    assert outbox.due(NOW + LEASE - timedelta(seconds=1), 10) == []
    assert outbox.next_due() == NOW + LEASE
    [again] = outbox.due(NOW + LEASE, 10)
    assert again.case == lost.case
    assert not outbox.delivered(lost.id)
    outbox.failed(lost.id, LATER, ErrorKind.REJECTED)
    assert outbox.set_aside() == []
    assert outbox.delivered(again.id)


@pytest.mark.parametrize("ended", ["delivered", "failed", "rejected", "killed"])
def test_content_that_came_during_an_attempt_goes_out_after_it(
    outbox: Outbox, case_of: CaseOf, ended: str
) -> None:
    newer = case_of("newer")
    outbox.put(A, "case", case_of("older"), False, NOW)
    [attempt] = outbox.due(NOW, 1)
    outbox.put(A, "case", newer, False, NOW)
    assert outbox.due(NOW, 1) == []
    match ended:
        case "delivered":
            assert not outbox.delivered(attempt.id)
        case "failed":
            outbox.failed(attempt.id, NOW, ErrorKind.UNAVAILABLE)
        case "rejected":
            outbox.failed(attempt.id, NOW, ErrorKind.REJECTED)
    assert outbox.waits(A)
    [next_attempt] = outbox.due(NOW + LEASE if ended == "killed" else NOW, 1)
    assert next_attempt.case == newer
    assert outbox.delivered(next_attempt.id)


def test_unavailability_is_never_given_up(outbox: Outbox, case_of: CaseOf) -> None:
    outbox.put(A, "case", case_of(), False, NOW)
    now = NOW
    for kind in [ErrorKind.UNAVAILABLE, ErrorKind.UNAUTHORISED, ErrorKind.INTERNAL] * 20:
        [attempt] = outbox.due(now, 1)
        outbox.failed(attempt.id, now, kind)
        due_at = outbox.next_due()
        assert due_at is not None
        assert now + SHORTEST_PAUSE <= due_at <= now + LONGEST_PAUSE
        now = due_at + timedelta(milliseconds=1)
    assert outbox.oldest_age(now) == now - NOW
    assert outbox.depth() == 1


def test_the_pause_grows_with_jitter_up_to_the_longest() -> None:
    for attempts, bound in [(1, 2), (2, 4), (5, 32), (11, 2048), (12, 3600), (10_000, 3600)]:
        pauses = {backoff(attempts).total_seconds() for _ in range(200)}
        assert min(pauses) >= 1
        assert bound / 2 < max(pauses) <= bound
        assert len(pauses) > 100


@pytest.mark.parametrize(
    ("asked", "granted"), [(timedelta(minutes=5), timedelta(minutes=5)), (timedelta(days=9), LONGEST_PAUSE)]
)
def test_the_pause_the_service_asked_for_is_granted(
    outbox: Outbox, case_of: CaseOf, asked: timedelta, granted: timedelta
) -> None:
    outbox.put(A, "case", case_of(), False, NOW)
    outbox.failed(outbox.due(NOW, 1)[0].id, NOW, ErrorKind.UNAVAILABLE, asked)
    assert outbox.next_due() == NOW + granted


@pytest.mark.parametrize("kind", sorted(FINAL_ERRORS))
def test_what_repeating_will_not_help_is_set_aside_until_released(
    outbox: Outbox, case_of: CaseOf, kind: ErrorKind
) -> None:
    case = case_of()
    outbox.put(A, "case", case, False, NOW)
    outbox.failed(outbox.due(NOW, 1)[0].id, NOW, kind)
    assert (outbox.due(LATER, 1), outbox.depth(), outbox.waits(A)) == ([], 0, True)
    [aside] = outbox.set_aside()
    assert (aside.case_id, aside.kind, aside.error_kind, aside.queued_at) == (A, "case", kind, NOW)
    assert not outbox.release(B, LATER)
    assert outbox.release(A, LATER)
    assert outbox.due(LATER, 1)[0].case == case


def test_new_content_revives_what_was_set_aside(outbox: Outbox, case_of: CaseOf) -> None:
    outbox.put(A, "case", case_of(), False, NOW)
    outbox.failed(outbox.due(NOW, 1)[0].id, NOW, ErrorKind.REJECTED)
    outbox.put(A, "erase", None, False, LATER)
    assert outbox.set_aside() == []
    assert outbox.due(LATER, 1)[0].kind == "erase"


def _stored_body(folder: Path) -> bytes | None:
    with closing(sqlite3.connect(folder / "outbox.sqlite")) as connection:
        body: bytes | None = connection.execute("SELECT body FROM intake_outbox").fetchone()[0]
    return body


def test_content_is_unreadable_on_disk_and_gone_once_delivered(
    sqlite_url: str, tmp_path: Path, key: str, case_of: CaseOf
) -> None:
    told = "my account is 12345"
    with closing(Outbox(sqlite_url, key)) as outbox:
        outbox.put(A, "case", case_of(told), False, NOW)
        files = list(tmp_path.iterdir())
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
        before = b"".join(file.read_bytes() for file in files)
        assert told.encode() not in before
        sealed = _stored_body(tmp_path)
        assert sealed is not None
        assert sealed[:20] in before
        outbox.delivered(outbox.due(NOW, 1)[0].id)
        assert _stored_body(tmp_path) is None
        after = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert sealed[:20] not in after


def test_with_another_key_the_case_is_set_aside_not_lost(sqlite_url: str, key: str, case_of: CaseOf) -> None:
    case = case_of()
    with closing(Outbox(sqlite_url, key)) as outbox:
        outbox.put(A, "case", case, False, NOW)
        outbox.put(B, "erase", None, False, NOW)
    with closing(Outbox(sqlite_url, Fernet.generate_key())) as outbox:
        assert [delivery.case_id for delivery in outbox.due(NOW, 10)] == [B]
        assert [aside.error_kind for aside in outbox.set_aside()] == [ErrorKind.UNREADABLE]
    with closing(Outbox(sqlite_url, key)) as outbox:
        outbox.release(A, NOW)
        assert outbox.due(NOW, 10)[0].case == case


def test_two_workers_never_hold_the_same_row(outbox_url: str, key: str, case_of: CaseOf) -> None:
    workers, rows = 4, 40
    start = Barrier(workers)

    def work() -> list[UUID]:
        claimed: list[UUID] = []
        start.wait()
        with closing(Outbox(outbox_url, key)) as outbox:
            while batch := outbox.due(NOW, 3):
                claimed += [delivery.case_id for delivery in batch]
        return claimed

    filed = [uuid4() for _ in range(rows)]
    with closing(Outbox(outbox_url, key)) as outbox:
        for case_id in filed:
            outbox.put(case_id, "case", case_of(), False, NOW)
    with ThreadPoolExecutor(workers) as pool:
        claims = [
            claim for future in [pool.submit(work) for _ in range(workers)] for claim in future.result()
        ]
    # SKIP LOCKED may leave a row that was locked at the moment to a later look.
    with closing(Outbox(outbox_url, key)) as outbox:
        claims += [delivery.case_id for delivery in outbox.due(NOW, rows)]
    assert sorted(claims) == sorted(filed)


def test_a_new_file_may_be_opened_by_many_at_once(tmp_path: Path, key: str) -> None:
    workers = 6
    start = Barrier(workers)

    def open_new(url: str) -> None:
        start.wait()
        Outbox(url, key).close()

    with ThreadPoolExecutor(workers) as pool:
        for number in range(20):
            url = f"sqlite:///{tmp_path / str(number)}"
            for future in [pool.submit(open_new, url) for _ in range(workers)]:
                future.result()


def test_several_workers_may_open_a_new_store_and_file_at_once(
    outbox_url: str, key: str, case_of: CaseOf
) -> None:
    start = Barrier(4)

    def file(text: str) -> None:
        start.wait()
        with closing(Outbox(outbox_url, key)) as outbox:
            outbox.put(A, "case", case_of(text), False, NOW)

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(file, str(number)) for number in range(4)]:
            future.result()
    with closing(Outbox(outbox_url, key)) as outbox:
        [delivery] = outbox.due(NOW, 10)
        assert delivery.case is not None
        assert delivery.case.summary.en in {"0", "1", "2", "3"}


_FILL_UP = """
import sys
from datetime import UTC, datetime
from uuid import uuid4
from actions.intake.contract import CaseFile
from actions.intake.database import OutboxError
from actions.intake.outbox import Outbox
outbox = Outbox(sys.argv[1], sys.argv[2])
case = CaseFile.model_validate_json(sys.stdin.read())
try:
    while True:
        case_id = uuid4()
        outbox.put(case_id, "case", case, False, datetime.now(UTC))
        print(case_id, flush=True)
except OutboxError:
    print("full", flush=True)
"""


def test_a_full_disk_is_told_and_what_was_filed_before_is_there(
    sqlite_url: str, key: str, case_of: CaseOf
) -> None:
    def small_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    run = subprocess.run(
        [sys.executable, "-c", _FILL_UP, sqlite_url, key],
        input=case_of("x" * 5000).model_dump_json(),
        capture_output=True,
        text=True,
        preexec_fn=small_disk,
        check=True,
    )
    *filed, last = run.stdout.split()
    assert last == "full"
    assert filed
    with closing(Outbox(sqlite_url, key)) as outbox:
        there = {str(delivery.case_id) for delivery in outbox.due(LATER + timedelta(days=36500), 1000)}
        assert there == set(filed)


def test_a_store_that_cannot_be_opened_is_told(tmp_path: Path, key: str) -> None:
    with pytest.raises(OutboxError):
        Outbox(f"sqlite:///{tmp_path / 'missing' / 'outbox.sqlite'}", key)
    (tmp_path / "other").write_text("this is no database " * 100)
    with pytest.raises(OutboxError):
        Outbox(f"sqlite:///{tmp_path / 'other'}", key)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/outbox"])
def test_a_store_that_does_not_last_is_refused(url: str, key: str) -> None:
    with pytest.raises(ValueError, match="SQLite file"):
        Outbox(url, key)


def test_what_is_no_key_is_refused(sqlite_url: str) -> None:
    with pytest.raises(ValueError, match="Fernet"):
        Outbox(sqlite_url, "password")


def test_a_body_belongs_to_a_case_and_only_to_it(outbox: Outbox, case_of: CaseOf) -> None:
    with pytest.raises(ValueError, match="body"):
        outbox.put(A, "case", None, False, NOW)
    with pytest.raises(ValueError, match="body"):
        outbox.put(A, "erase", case_of(), False, NOW)
    assert outbox.depth() == 0


def _case(text: str) -> CaseFile:
    return CaseFile(
        reference="7KQ4-M2XR",
        language="en",
        role="self",
        safety=Safety(urgency="normal"),
        consent=Consent(version="1", given_at=NOW, purposes=("handover",)),
        contact=Contact(kind="none"),
        summary=Summary(en=text, own=text, own_language="en"),
    )


class OutboxMachine(RuleBasedStateMachine):
    """Whatever workers and persons do in whatever order: the latest is delivered or there, and held once."""

    case_ids = st.sampled_from([A, B, C])

    @initialize()
    def open(self) -> None:
        """An empty store; `latest` is what a person filed last, `settled` what a worker said is delivered."""
        self.folder = tempfile.TemporaryDirectory()
        self.outbox = Outbox(f"sqlite:///{self.folder.name}/outbox.sqlite", Fernet.generate_key())
        self.now = NOW
        self.latest: dict[UUID, str] = {}
        self.settled: dict[UUID, str] = {}
        self.held: list[tuple[Delivery, datetime]] = []
        self.count = 0

    @rule(case_id=case_ids, urgent=st.booleans())
    def file(self, case_id: UUID, urgent: bool) -> None:
        self.count += 1
        text = f"version {self.count}"
        if self.latest.get(case_id) == "erase":
            with pytest.raises(CaseErased):
                self.outbox.put(case_id, "case", _case(text), urgent, self.now)
            return
        self.outbox.put(case_id, "case", _case(text), urgent, self.now)
        self.latest[case_id] = text
        self.settled.pop(case_id, None)

    @rule(case_id=case_ids)
    def erase(self, case_id: UUID) -> None:
        self.outbox.put(case_id, "erase", None, False, self.now)
        self.latest[case_id] = "erase"
        self.settled.pop(case_id, None)

    @rule(limit=st.integers(1, 3))
    def claim(self, limit: int) -> None:
        for delivery in self.outbox.due(self.now, limit):
            text = "erase" if delivery.case is None else delivery.case.summary.en
            assert text == self.latest[delivery.case_id]
            self.held.append((delivery, self.now + LEASE))

    @rule(which=st.integers(0, 5))
    def deliver(self, which: int) -> None:
        if which < len(self.held):
            delivery, _ = self.held.pop(which)
            if self.outbox.delivered(delivery.id):
                self.settled[delivery.case_id] = (
                    "erase" if delivery.case is None else delivery.case.summary.en
                )

    @rule(which=st.integers(0, 5), kind=st.sampled_from(list(ErrorKind)))
    def fail(self, which: int, kind: ErrorKind) -> None:
        if which < len(self.held):
            self.outbox.failed(self.held.pop(which)[0].id, self.now, kind)

    @rule(which=st.integers(0, 5))
    def forget(self, which: int) -> None:
        """The worker is killed; its claim stays."""
        if which < len(self.held):
            self.held.pop(which)

    @rule(case_id=case_ids)
    def release(self, case_id: UUID) -> None:
        self.outbox.release(case_id, self.now)

    @rule(pause=st.sampled_from([timedelta(seconds=1), LEASE, LONGEST_PAUSE]))
    def wait(self, pause: timedelta) -> None:
        self.now += pause

    @invariant()
    def nothing_is_held_twice(self) -> None:
        valid = [delivery.case_id for delivery, until in self.held if until > self.now]
        assert len(valid) == len(set(valid))

    @invariant()
    def the_latest_is_delivered_or_there(self) -> None:
        for case_id, text in self.latest.items():
            assert self.outbox.waits(case_id) == (self.settled.get(case_id) != text)
        there = self.outbox.depth() + len(self.outbox.set_aside())
        assert there == len(self.latest) - len(self.settled)

    def teardown(self) -> None:
        """In the end everything that is not delivered can be."""
        for aside in self.outbox.set_aside():
            self.outbox.release(aside.case_id, self.now)
        self.now += LEASE + LONGEST_PAUSE
        self.held.clear()
        self.claim(3)
        for delivery, _ in self.held:
            assert self.outbox.delivered(delivery.id)
        assert not any(self.outbox.waits(case_id) for case_id in self.latest)
        self.outbox.close()
        self.folder.cleanup()


OutboxMachine.TestCase.settings = settings(
    max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestOutboxMachine = OutboxMachine.TestCase


def message(number: int, text: str = "The bank gave me a number.") -> Message:
    """A message of the person, the same for the same number."""
    return Message(message_id=UUID(int=1000 + number), text=text, sent_at=NOW)


def settle(outbox: Outbox, case_id: UUID, case: CaseFile) -> None:
    """Let the service have the case."""
    outbox.put(case_id, "case", case, False, NOW)
    outbox.delivered(outbox.due(NOW, 1)[0].id)


def test_messages_go_out_one_after_another_and_after_their_case(outbox: Outbox, case_of: CaseOf) -> None:
    outbox.put(A, "case", case_of(), False, NOW)
    for number in (1, 2):
        outbox.put_message(A, message(number), True, NOW + timedelta(seconds=number))
    [case] = outbox.due(LATER, 10)
    assert case.kind == "case"
    assert outbox.due(LATER, 10) == []
    assert outbox.delivered(case.id)
    for number in (1, 2):
        [delivery] = outbox.due(LATER, 10)
        assert (delivery.case_id, delivery.kind, delivery.message) == (A, "message", message(number))
        assert outbox.due(LATER, 10) == []
        assert outbox.delivered(delivery.id)
    assert (outbox.depth(), outbox.next_due()) == (0, None)


def test_a_message_that_is_set_aside_holds_up_none_behind_it(outbox: Outbox, case_of: CaseOf) -> None:
    settle(outbox, A, case_of())
    for number in (1, 2):
        outbox.put_message(A, message(number), False, NOW + timedelta(seconds=number))
    outbox.failed(outbox.due(LATER, 1)[0].id, LATER, ErrorKind.REJECTED)
    [delivery] = outbox.due(LATER, 10)
    assert delivery.message == message(2)
    assert [(item.case_id, item.kind) for item in outbox.set_aside()] == [(A, "message")]
    assert outbox.release(A, LATER)


def test_the_same_message_twice_is_one_and_the_first_stands(outbox: Outbox, case_of: CaseOf) -> None:
    settle(outbox, A, case_of())
    outbox.put_message(A, message(1), False, NOW)
    outbox.put_message(A, message(1, "another text"), False, NOW)
    [delivery] = outbox.due(LATER, 10)
    assert delivery.message == message(1)


def test_an_erasure_withdraws_messages_and_refuses_more(outbox: Outbox, case_of: CaseOf) -> None:
    settle(outbox, A, case_of())
    outbox.put_message(A, message(1), False, NOW)
    outbox.put(A, "erase", None, True, NOW)
    with pytest.raises(CaseErased):
        outbox.put_message(A, message(2), False, NOW)
    assert [delivery.kind for delivery in outbox.due(LATER, 10)] == ["erase"]


def test_a_message_is_not_on_disk_in_clear(sqlite_url: str, key: str, tmp_path: Path) -> None:
    outbox = Outbox(sqlite_url, key)
    outbox.put_message(A, message(1, "number 4815162342"), False, NOW)
    assert "4815162342" not in repr(outbox.due(NOW, 1))
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"4815162342" not in written
    outbox.close()
