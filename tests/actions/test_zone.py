"""Whose clock counts: the device's, then the country's."""

from datetime import UTC
from zoneinfo import ZoneInfo

from actions.case.model import Case
from actions.zone import zone_of


def test_the_device_knows_best() -> None:
    assert zone_of(Case(time_zone="America/Los_Angeles", country="US")) == ZoneInfo("America/Los_Angeles")


def test_without_a_device_it_is_the_country() -> None:
    assert zone_of(Case(country="TW")) == ZoneInfo("Asia/Taipei")


def test_of_nobody_nothing_is_assumed() -> None:
    assert zone_of(Case()) == UTC
