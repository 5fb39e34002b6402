"""Time zones by name and by country."""

from zoneinfo import ZoneInfo

import pytest
import yaml
from babel.core import get_global
from hypothesis import given
from hypothesis import strategies as st

from bot.paths import LEXICON
from bot.time_zones import zone, zone_of_country

COUNTRIES = [code for code in get_global("territory_zones") if code != "ZZ"]


def test_a_browser_s_name_is_a_zone() -> None:
    assert zone("Asia/Taipei") == ZoneInfo("Asia/Taipei")


@given(
    st.one_of(st.none(), st.integers(), st.text(), st.sampled_from(["../../etc/passwd", "/etc/passwd", ""]))
)
def test_anything_else_is_none(name: object) -> None:
    assert zone(name) is None


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("CN", "Asia/Shanghai"),
        ("HK", "Asia/Hong_Kong"),
        ("US", "America/New_York"),
        ("KH", "Asia/Phnom_Penh"),
    ],
)
def test_a_country_has_the_zone_most_people_live_in(country: str, expected: str) -> None:
    assert zone_of_country(country) == ZoneInfo(expected)


@pytest.mark.parametrize("code", [None, "", "XX", "usa"])
def test_no_country_has_none(code: str | None) -> None:
    assert zone_of_country(code) is None


def test_every_inhabited_country_has_one() -> None:
    assert [code for code in COUNTRIES if zone_of_country(code) is None] == []


def test_the_lexicon_names_zones_that_exist_for_countries_that_do() -> None:
    named = yaml.safe_load((LEXICON / "time_zones.yml").read_text(encoding="utf-8"))
    assert set(named) <= set(COUNTRIES)
    assert [name for name in named.values() if zone(name) is None] == []
