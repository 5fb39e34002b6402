"""The time zone a person's dates and hours are in."""

from __future__ import annotations

from datetime import UTC, tzinfo

from actions.case.model import Case
from bot.time_zones import zone, zone_of_country


def zone_of(case: Case) -> tzinfo:
    """What the person's device says, else where most people of their country live, else UTC."""
    return zone(case.time_zone) or zone_of_country(case.country) or UTC
