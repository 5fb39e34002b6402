"""The time zone of a person's day."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from actions.case.model import Case

UNKNOWN = "UTC"


def zone_of(case: Case) -> ZoneInfo:
    """The person's time zone; UTC while it is not known."""
    return ZoneInfo(case.time_zone or UNKNOWN)
