"""Channels in words: whom to call or write, in the person's language."""

from __future__ import annotations

from collections.abc import Iterable

from actions import words
from actions.case.model import Case
from actions.registry import INTERNATIONAL, Channel, Registry


def in_short(channels: Iterable[Channel], case: Case, registry: Registry) -> str:
    """Name and number, and the country where the person's is not known."""
    return words.bulleted(
        " · ".join([*_where(channel, case, registry), *_called(channel, case.language)])
        for channel in channels
    )


def in_full(channels: Iterable[Channel], case: Case) -> str:
    """Name, number, address, what for, when, and in which languages."""
    return words.bulleted(_described(channel, case.language) for channel in channels)


def _where(channel: Channel, case: Case, registry: Registry) -> list[str]:
    jurisdiction = registry.jurisdiction_of(channel)
    if case.country or jurisdiction == INTERNATIONAL:
        return []
    return [words.country(jurisdiction, case.language)]


def _called(channel: Channel, language: str) -> list[str]:
    reach = [f"☎ {words.dialable(phone)}" for phone in channel.phone]
    if channel.sms:
        reach.append(channel.sms.in_(language))
    if channel.url:
        reach.append(str(channel.url).rstrip("/"))
    return list(dict.fromkeys([channel.name.in_(language), *reach]))


def _described(channel: Channel, language: str) -> str:
    spoken = words.joined((spoken.in_(language) for spoken in channel.languages), language)
    details = words.phrase(
        "{hours}; {languages}", language, hours=channel.hours.in_(language), languages=spoken
    )
    return f"{' · '.join(_called(channel, language))}\n  {channel.what_for.in_(language)}\n  {details}"
