"""What expressions of time mean."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.entities import date
from bot.nlu.entities.text import Text

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=ZoneInfo("America/New_York"))
"""A Friday."""


def moments(text: str, now: datetime = NOW) -> list[tuple[str, str]]:
    values = [entity.value for entity in date.find(Text.of(text), now)]
    return [(value["at"], value["precision"]) for value in values]


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("yesterday", "2026-11-19T00:00", "day"),
        ("last Tuesday", "2026-11-17T00:00", "day"),
        ("friday", "2026-11-13T00:00", "day"),
        ("the day before yesterday around 9", "2026-11-18T09:00", "hour"),
        ("3 hours ago", "2026-11-20T12:30", "hour"),
        ("20 mins ago", "2026-11-20T15:10", "minute"),
        ("an hour and a half ago", "2026-11-20T14:00", "minute"),
        ("two weeks ago", "2026-11-06T00:00", "week"),
        ("a few days ago", "2026-11-18T00:00", "week"),
        ("this morning", "2026-11-20T06:00", "part_of_day"),
        ("last night at 2", "2026-11-20T02:00", "hour"),
        ("last night around 11pm", "2026-11-19T23:00", "hour"),
        ("on March 3rd", "2026-03-03T00:00", "day"),
        ("Dec 25", "2025-12-25T00:00", "day"),
        ("3 March 2024", "2024-03-03T00:00", "day"),
        ("in March", "2026-03-01T00:00", "month"),
        ("Feb 29", "2024-02-29T00:00", "day"),
        ("last week", "2026-11-09T00:00", "week"),
        ("at 5pm", "2026-11-19T17:00", "hour"),
        ("tomorrow", "2026-11-21T00:00", "day"),
        ("on 11/3", "2026-11-03T00:00", "day"),
        ("15/11/2025", "2025-11-15T00:00", "day"),
        ("2026-11-03", "2026-11-03T00:00", "day"),
        ("2026-11-03T14:30", "2026-11-03T14:30", "minute"),
        ("昨天下午三点", "2026-11-19T15:00", "hour"),
        ("昨天下午三點半", "2026-11-19T15:30", "minute"),
        ("前天", "2026-11-18T00:00", "day"),
        ("上周三下午", "2026-11-11T12:00", "part_of_day"),
        ("上禮拜三", "2026-11-11T00:00", "day"),
        ("三天前", "2026-11-17T00:00", "day"),
        ("半小时前", "2026-11-20T15:00", "minute"),
        ("两个半小时前", "2026-11-20T13:00", "minute"),
        ("刚刚", "2026-11-20T15:30", "minute"),
        ("剛才", "2026-11-20T15:30", "minute"),
        ("啱啱", "2026-11-20T15:30", "minute"),
        ("今早", "2026-11-20T06:00", "part_of_day"),
        ("昨晚", "2026-11-19T18:00", "part_of_day"),
        ("昨晚十二点", "2026-11-20T00:00", "hour"),
        ("尋日", "2026-11-19T00:00", "day"),
        ("琴日", "2026-11-19T00:00", "day"),
        ("3月5号", "2026-03-05T00:00", "day"),
        ("去年12月", "2025-12-01T00:00", "month"),
        ("民國113年3月5日", "2024-03-05T00:00", "day"),
        ("二〇二六年三月五日", "2026-03-05T00:00", "day"),
        ("上个月23號", "2026-10-23T00:00", "day"),
        ("明天", "2026-11-21T00:00", "day"),
        ("下周一", "2026-11-23T00:00", "day"),
        ("2:15pm today", "2026-11-20T14:15", "minute"),
        ("11 pm yesterday", "2026-11-19T23:00", "hour"),
        ("3pm on March 4", "2026-03-04T15:00", "hour"),
        ("at 9:40 pm on Monday", "2026-11-16T21:40", "minute"),
        ("2026-11-17 21:40, ref", "2026-11-17T21:40", "minute"),
        ("Thursday last week", "2026-11-12T00:00", "day"),
        ("last week on Thursday", "2026-11-12T00:00", "day"),
        ("this Saturday", "2026-11-21T00:00", "day"),
        ("due by Monday", "2026-11-23T00:00", "day"),
        ("closing is December 4", "2026-12-04T00:00", "day"),
        ("要我周三前交", "2026-11-25T00:00", "day"),
        ("最迟12月4号", "2026-12-04T00:00", "day"),
        ("二月十四那天", "2026-02-14T00:00", "day"),
        ("3月5我转的", "2026-03-05T00:00", "day"),
        ("on Christmas Eve", "2025-12-24T00:00", "day"),
        ("since Easter", "2026-04-05T00:00", "day"),
        ("Black Friday", "2025-11-28T00:00", "day"),
        ("Chinese New Year's Eve", "2026-02-16T00:00", "day"),
        ("除夕夜", "2026-02-16T00:00", "day"),
        ("年初三", "2026-02-19T00:00", "day"),
        ("去年中秋節", "2025-10-06T00:00", "day"),
        ("元旦", "2026-01-01T00:00", "day"),
        ("雙十一", "2026-11-11T00:00", "day"),
        ("清明节", "2026-04-05T00:00", "day"),
        ("婦女節那天", "2026-03-08T00:00", "day"),
    ],
)
def test_reads(text: str, at: str, precision: str) -> None:
    found = moments(text)
    assert [(moment[:16], exact) for moment, exact in found] == [(at, precision)]
    assert datetime.fromisoformat(found[0][0]).tzinfo is not None


@pytest.mark.parametrize(
    "text",
    [
        "24/7",
        "1/2 of it",
        "I may",
        "the sun",
        "一周三次",
        "每周三",
        "三个月",
        "12/27/",
        "3 people",
        "以后天天",
        "Christmas is in three weeks",
        "happy Thanksgiving",
        "祝中秋快乐",
        "这几天只睡了",
    ],
)
def test_leaves_other_words(text: str) -> None:
    assert moments(text) == []


def test_a_weekday_gives_way_to_an_amount() -> None:
    assert moments("上周三万块") == [("2026-11-09T00:00:00-05:00", "week")]


def test_offset_follows_the_summer_time_of_that_day() -> None:
    assert moments("on July 4") == [("2026-07-04T00:00:00-04:00", "day")]


def test_hours_ago_are_counted_across_a_clock_change() -> None:
    after_change = datetime(2026, 11, 1, 3, 0, tzinfo=ZoneInfo("America/New_York"))
    assert moments("3 hours ago", after_change) == [("2026-11-01T01:00:00-04:00", "hour")]


@given(
    now=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()),  # noqa: DTZ001
    text=st.sampled_from(
        [
            "March 3rd",
            "on 11/3",
            "3月5号",
            "friday",
            "周三",
            "at 5pm",
            "下午三点",
            "in June",
            "12月",
            "5号转的",
            "this morning",
        ]
    ),
)
def test_an_ambiguous_expression_is_past(now: datetime, text: str) -> None:
    assert all(datetime.fromisoformat(at) <= now for at, _ in moments(text, now))
