"""Small words around facts, in three languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import words
from bot.languages import ENGLISH, LANGUAGES, SIMPLIFIED, TRADITIONAL
from bot.nlu.script import HAN

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        ("50000", "USD", ENGLISH, "$50,000"),
        ("1234.5", "USD", ENGLISH, "$1,234.50"),
        ("0.00012", "BTC", ENGLISH, "0.00012 BTC"),
        ("35000", "USDT", ENGLISH, "35,000 USDT"),
        ("35000", None, ENGLISH, "35,000"),
        ("3000", "CNY", SIMPLIFIED, "¥3,000"),
        ("50000", "HKD", SIMPLIFIED, "HK$50,000"),
        ("50000", "TWD", TRADITIONAL, "$50,000"),
        ("50000", "USD", TRADITIONAL, "US$50,000"),
        ("1E+5", "USD", ENGLISH, "$100,000"),
    ],
)
def test_money_is_written_as_people_write_it(
    amount: str, currency: str | None, language: str, text: str
) -> None:
    assert words.money(Decimal(amount), currency, language) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_amount_that_is_not_known_is_said_so(language: str) -> None:
    said = words.money(None, "USD", language)
    assert said
    assert not any(char.isdigit() for char in said)
    assert bool(HAN.search(said)) == (language != ENGLISH)


@given(
    st.decimals(0, 10**12, allow_nan=False, allow_infinity=False, places=2),
    st.sampled_from([None, "USD", "CNY", "USDT", "ETH", "XYZ"]),
    st.sampled_from(LANGUAGES),
)
def test_no_digit_of_an_amount_is_lost(amount: Decimal, currency: str | None, language: str) -> None:
    said = words.money(amount, currency, language)
    digits = "".join(char for char in said if char.isdigit() or char == ".")
    assert Decimal(digits.strip(".")) == amount


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (ENGLISH, "Nov 20, 2026, 3:05 PM"),
        (SIMPLIFIED, "2026年11月20日 15:05"),
        (TRADITIONAL, "2026年11月20日 下午3:05"),
    ],
)
def test_a_moment_has_its_time_in_the_person_s_zone(language: str, text: str) -> None:
    when = datetime(2026, 11, 20, 7, 5, tzinfo=UTC)
    assert words.moment(when, ZoneInfo("Asia/Shanghai"), language) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_midnight_means_that_only_the_day_is_known(language: str) -> None:
    said = words.moment(datetime(2026, 11, 20, tzinfo=UTC), ZoneInfo("America/New_York"), language)
    assert "2026" in said
    assert "20" in said.replace("2026", "")
    assert ":" not in said


@pytest.mark.parametrize(
    ("language", "time", "country"),
    [
        (ENGLISH, "time not known yet", "country not known yet"),
        (SIMPLIFIED, "时间", "国"),
        (TRADITIONAL, "時間", "國"),
    ],
)
def test_what_is_not_known_is_said_so(language: str, time: str, country: str) -> None:
    assert time in words.moment(None, UTC, language)
    assert country in words.country(None, language)


@pytest.mark.parametrize(
    ("left", "window", "numbers"),
    [
        (41 * HOUR, 72 * HOUR, ["41", "72"]),
        (40.6 * HOUR, 72 * HOUR, ["41", "72"]),
        (0.2 * HOUR, 72 * HOUR, ["1", "72"]),
        (72 * HOUR, 72 * HOUR, ["72", "72"]),
        (20 * timedelta(minutes=1), 0.5 * HOUR, ["20", "30"]),
        (timedelta(seconds=5), 0.5 * HOUR, ["1", "30"]),
        (1 * HOUR, 1 * HOUR, ["60", "60"]),
        (timedelta(days=59, hours=20), timedelta(days=60), ["60", "60"]),
        (timedelta(hours=3), timedelta(days=60), ["1", "60"]),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_time_left_is_said_in_fitting_units(
    left: timedelta, window: timedelta, numbers: list[str], language: str
) -> None:
    said = words.hours_left(left, window, language)
    found = "".join(char if char.isdigit() else " " for char in said).split()
    assert sorted(found) == sorted(numbers)
    assert bool(HAN.search(said)) == (language != ENGLISH)


def test_the_unit_is_named() -> None:
    assert words.hours_left(41 * HOUR, 72 * HOUR, ENGLISH) == "about 41 of the 72 hours are left"
    assert "小时" in words.hours_left(41 * HOUR, 72 * HOUR, SIMPLIFIED)
    assert "小時" in words.hours_left(41 * HOUR, 72 * HOUR, TRADITIONAL)
    assert "minutes" in words.hours_left(timedelta(minutes=20), 0.5 * HOUR, ENGLISH)
    assert "days" in words.hours_left(timedelta(days=9), timedelta(days=60), ENGLISH)


@given(st.floats(0.001, 1), st.floats(0.5, 10_000), st.sampled_from(LANGUAGES))
def test_while_time_is_left_it_is_never_said_to_be_none(share: float, hours: float, language: str) -> None:
    said = words.hours_left(share * hours * HOUR, hours * HOUR, language)
    numbers = "".join(char if char.isdigit() else " " for char in said).split()
    assert len(numbers) == 2
    assert all(int(number) >= 1 for number in numbers)


@pytest.mark.parametrize(
    ("language", "name"), [(ENGLISH, "Hong Kong"), (SIMPLIFIED, "香港"), (TRADITIONAL, "香港")]
)
def test_countries_have_their_names(language: str, name: str) -> None:
    assert words.country("HK", language) == name
    assert words.country("ZZZ", language) == "ZZZ"


@pytest.mark.parametrize(
    ("phone", "text"),
    [
        ("110", "110"),
        ("#7726", "#7726"),
        ("+85223456789", "+852 2345 6789"),
        ("+14155550123", "+1 415-555-0123"),
    ],
)
def test_numbers_are_grouped_as_people_read_them(phone: str, text: str) -> None:
    assert words.dialable(phone) == text


@given(st.integers(2 * 10**9, 9 * 10**9))
def test_grouping_loses_no_digit(number: int) -> None:
    said = words.dialable(f"+1{number}")
    assert "".join(char for char in said if char.isdigit()) == f"1{number}"


def test_lists() -> None:
    assert words.numbered(["a", "b"]) == "1. a\n2. b"
    assert words.numbered(["c"], start=3) == "3. c"
    assert words.bulleted(["a", "b"]) == "• a\n• b"
    assert words.joined(["a", "b"], ENGLISH) == "a, b"
    assert words.joined(["甲", "乙"], TRADITIONAL) == "甲、乙"


def test_a_value_of_a_phrase_is_never_a_template() -> None:
    assert words.phrase("lives in: {country}", ENGLISH, country="{country}") == "lives in: {country}"
