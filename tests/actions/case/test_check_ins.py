"""When to write again: in day time, in order, apart from each other, never after a time limit, never into danger."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.case.check_ins import (
    APART,
    MOST_REMINDERS,
    NOTES,
    QUIET_BEFORE_NOTE,
    QUIET_BEFORE_REMINDER,
    CheckIn,
    Closing,
    into_day_time,
    planned,
    schedule,
)
from actions.case.model import Case, Mark, Payment
from tests.actions.case.cases import CASES, SmallGuide, hours_ago
from tests.actions.talk import NOW

GUIDE = SmallGuide()
MORNING, EVENING = time(10), time(20)
ZONES = st.sampled_from(
    ["UTC", "Asia/Shanghai", "Asia/Taipei", "America/Los_Angeles", "America/St_Johns", "Australia/Lord_Howe"]
).map(ZoneInfo)
NEW_YORK = ZoneInfo("America/New_York")
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=730)).map(
    lambda after: datetime(2026, 1, 1, tzinfo=UTC) + after
)
WINDOWS = st.sampled_from([0.5, 2, 6, 24, 48, 72, 24 * 60, 24 * 120]).map(
    lambda hours: timedelta(hours=hours)
)


@st.composite
def plans(draw: st.DrawFn) -> tuple[datetime, datetime, ZoneInfo, list[Closing]]:
    """Arguments of `schedule`: some windows have closed, some close while nobody is awake."""
    since = draw(MOMENTS)
    heard = since + draw(st.timedeltas(timedelta(0), timedelta(days=10)))
    closings = []
    for window in draw(st.lists(WINDOWS, max_size=6)):
        paid_at = since - draw(st.timedeltas(timedelta(days=-2), window + timedelta(hours=3)))
        closings.append(Closing(paid_at + window, window))
    return since, heard, draw(ZONES), closings


def local(moment: datetime, zone: ZoneInfo) -> time:
    return moment.astimezone(zone).time()


@given(plans())
def test_notes_come_in_day_time(given_plan: tuple[datetime, datetime, ZoneInfo, list[Closing]]) -> None:
    since, heard, zone, closings = given_plan
    for item in schedule(since, heard, zone, closings):
        if item.kind != "deadline":
            assert MORNING <= local(item.due_at, zone) < EVENING


@given(plans())
def test_a_reminder_comes_at_night_only_when_no_day_is_left(
    given_plan: tuple[datetime, datetime, ZoneInfo, list[Closing]],
) -> None:
    since, heard, zone, closings = given_plan
    for item in schedule(since, heard, zone, closings):
        if item.kind == "deadline" and not MORNING <= local(item.due_at, zone) < EVENING:
            next_day = into_day_time(since + QUIET_BEFORE_REMINDER, zone)
            assert any(next_day > closing.end - timedelta(hours=1) for closing in closings)


@given(plans())
def test_they_are_few_ordered_and_apart(
    given_plan: tuple[datetime, datetime, ZoneInfo, list[Closing]],
) -> None:
    found = schedule(*given_plan)
    assert len(found) <= len(NOTES) + MOST_REMINDERS
    assert all(later.due_at - earlier.due_at >= APART for earlier, later in pairwise(found))
    assert all(earlier.expires_at <= later.due_at for earlier, later in pairwise(found))
    assert all(item.due_at < item.expires_at for item in found)


@given(plans())
def test_a_reminder_never_outlives_its_time_limit(
    given_plan: tuple[datetime, datetime, ZoneInfo, list[Closing]],
) -> None:
    since, heard, zone, closings = given_plan
    ends = [closing.end for closing in closings]
    for item in schedule(since, heard, zone, closings):
        if item.kind == "deadline":
            assert any(item.due_at < item.expires_at <= end for end in ends)


@given(plans())
def test_nothing_follows_what_the_person_wrote_too_soon(
    given_plan: tuple[datetime, datetime, ZoneInfo, list[Closing]],
) -> None:
    since, heard, zone, closings = given_plan
    for item in schedule(since, heard, zone, closings):
        quiet = QUIET_BEFORE_REMINDER if item.kind == "deadline" else QUIET_BEFORE_NOTE
        assert item.due_at - heard >= quiet


@given(plans(), st.timedeltas(timedelta(0), timedelta(days=10)))
def test_writing_only_takes_away(
    given_plan: tuple[datetime, datetime, ZoneInfo, list[Closing]], later: timedelta
) -> None:
    """Whatever is said later, nothing is scheduled that was not: so nothing is sent twice."""
    since, heard, zone, closings = given_plan
    closings = closings[:MOST_REMINDERS]
    before = {item.due_at for item in schedule(since, heard, zone, closings)}
    assert {item.due_at for item in schedule(since, heard + later, zone, closings)} <= before


@given(MOMENTS, ZONES)
def test_day_time_is_the_next_there_is(moment: datetime, zone: ZoneInfo) -> None:
    moved = into_day_time(moment, zone)
    assert MORNING <= local(moved, zone) < EVENING
    assert timedelta(0) <= moved - moment <= timedelta(hours=15)
    if moved != moment:
        assert local(moved, zone) == MORNING


def at(day: int, hour: int, minute: int = 0, zone: ZoneInfo = NEW_YORK) -> datetime:
    """A moment in November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=zone)


def test_without_a_time_limit_there_are_three() -> None:
    found = schedule(at(20, 22), at(20, 22), NEW_YORK)
    assert [(item.kind, item.due_at) for item in found] == [
        ("day", at(22, 10)),
        ("days", at(24, 10)),
        ("week", at(28, 10)),
    ]
    assert [item.expires_at for item in found] == [at(24, 10), at(28, 10), at(28, 10) + timedelta(days=7)]


@pytest.mark.parametrize(
    ("paid_at", "hours", "expected"),
    [
        pytest.param(at(19, 12), 72, at(21, 16), id="the night before counts as the afternoon before"),
        pytest.param(at(19, 23), 72, at(22, 14), id="in good time, in day time"),
        pytest.param(at(20, 11), 24, at(21, 10), id="a short window: the next morning"),
        pytest.param(at(20, 21), 10, at(21, 4), id="only the night is left"),
        pytest.param(at(20, 18), 6, None, id="told right now"),
        pytest.param(at(17, 12), 72, None, id="over"),
    ],
)
def test_a_reminder_comes_in_good_time(paid_at: datetime, hours: float, expected: datetime | None) -> None:
    end = paid_at + timedelta(hours=hours)
    found = schedule(at(20, 22), at(20, 22), NEW_YORK, [Closing(end, timedelta(hours=hours))])
    assert [item.due_at for item in found if item.kind == "deadline"] == ([expected] if expected else [])


def test_the_reminder_wins_over_a_note_close_to_it() -> None:
    closing = Closing(at(22, 22), timedelta(hours=72))
    found = schedule(at(21, 12), at(21, 12), NEW_YORK, [closing])
    assert [(item.kind, item.due_at) for item in found][:2] == [
        ("deadline", at(22, 13)),
        ("days", at(24, 12)),
    ]


def asking(**given_facts: object) -> Case:
    """Somebody in New York who asked to be written to and sent a wire."""
    facts = {
        "check_ins": "yes",
        "check_ins_since": NOW,
        "reachable": True,
        "payments": [Payment(method="wire", paid_at=hours_ago(12))],
    }
    return Case.model_validate({**facts, **given_facts})


def kinds(found: tuple[CheckIn, ...]) -> list[str]:
    return [item.kind for item in found]


def test_a_case_gives_notes_and_a_reminder() -> None:
    assert kinds(planned(asking(), GUIDE, NOW, NEW_YORK)) == ["day", "deadline", "days", "week"]


@pytest.mark.parametrize("state", ["recalled", "refused", "pressed"])
def test_there_is_no_reminder_once_the_bank_was_reached_or_nothing_left(state: str) -> None:
    payment = Payment.model_validate({"method": "wire", "paid_at": hours_ago(12), "state": state})
    assert kinds(planned(asking(payments=[payment]), GUIDE, NOW, NEW_YORK)) == ["day", "days", "week"]


def test_the_time_zone_is_the_persons() -> None:
    [first, *_] = planned(asking(payments=[]), GUIDE, NOW, ZoneInfo("Asia/Taipei"))
    assert local(first.due_at, ZoneInfo("Asia/Taipei")) == MORNING
    [first, *_] = planned(asking(payments=[]), GUIDE, NOW, UTC)
    assert first.due_at == NOW + timedelta(days=1)


@given(CASES, st.sampled_from([None, "yes", "no", "unsure"]), st.booleans())
def test_nobody_is_written_to_unasked_or_into_danger(
    case: Case, check_ins: str | None, reachable: bool
) -> None:
    case = Case.model_validate(
        {**case.model_dump(), "check_ins": check_ins, "check_ins_since": NOW, "reachable": reachable}
    )
    in_danger = case.marked("watched") or case.role == "trapped"
    if planned(case, GUIDE, NOW, NEW_YORK):
        assert check_ins == "yes"
        assert reachable
        assert not in_danger
    elif check_ins == "yes" and reachable:
        assert in_danger


@pytest.mark.parametrize("mark", ["crisis", "threatened"])
def test_other_danger_is_no_reason_to_fall_silent(mark: Mark) -> None:
    assert planned(asking(marks=[mark]), GUIDE, NOW, NEW_YORK)
