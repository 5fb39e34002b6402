"""Time zones: by the name a browser gives, or of the country somebody lives in."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import yaml
from babel.core import get_global

from bot.paths import LEXICON


def zone(name: object) -> ZoneInfo | None:
    """The zone of an IANA name such as ``Asia/Shanghai``; None for anything else, from wherever it came."""
    return ZoneInfo(name) if isinstance(name, str) and name in _names() else None


def zone_of_country(code: str | None) -> ZoneInfo | None:
    """The zone most people of a country (ISO 3166 alpha-2) live in; None for a country CLDR does not know."""
    return zone(
        _where_most_live().get(code or "") or next(iter(_territory_zones().get(code or "", ())), None)
    )


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _where_most_live() -> dict[str, str]:
    zones: dict[str, str] = yaml.safe_load((LEXICON / "time_zones.yml").read_text(encoding="utf-8"))
    return zones


def _territory_zones() -> dict[str, list[str]]:
    zones: dict[str, list[str]] = get_global("territory_zones")
    return zones
