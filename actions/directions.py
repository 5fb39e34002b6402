"""Channels in words: whom to call or write, in the person's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from actions import words
from actions.case.ends import End
from actions.case.model import Case
from actions.registry import INTERNATIONAL, Channel, Registry

_NOT_STATED = "-"


def in_short(channels: Iterable[Channel], case: Case, registry: Registry) -> str:
    """Name and number, and the country where the person's is not known."""
    return words.bulleted(
        " · ".join([*_where(channel, case, registry), *_called(channel, case.language)])
        for channel in channels
    )


def in_full(channels: Iterable[Channel], case: Case, registry: Registry) -> str:
    """Name, number, address, what for, when, in which languages, and whether the number works from afar."""
    return words.bulleted(_described(channel, case, registry) for channel in channels)


def at_ends(found: Sequence[tuple[End, tuple[Channel, ...]]], case: Case, registry: Registry) -> str:
    """Channels in full, by the end they are for where there are several."""
    if len(found) == 1:
        return in_full(found[0][1], case, registry)
    return "\n".join(
        f"{_heading(end, case.language)}\n{in_full(channels, case, registry)}" for end, channels in found
    )


def _heading(end: End, language: str) -> str:
    if end.country is None:
        return words.phrase("Wherever you live:", language)
    country = words.country(end.country, language)
    if end.why == "home":
        return words.phrase("Where you live ({country}):", language, country=country)
    if end.why == "paid_from":
        return words.phrase("Where the money left ({country}):", language, country=country)
    if end.why == "paid_to":
        return words.phrase("Where the money went ({country}):", language, country=country)
    return words.phrase("Your own country's help abroad ({country}):", language, country=country)


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


def _described(channel: Channel, case: Case, registry: Registry) -> str:
    language = case.language
    spoken = words.joined((spoken.in_(language) for spoken in channel.languages), language)
    hours = channel.hours.in_(language)
    details = words.phrase("{hours}; {languages}", language, hours=hours, languages=spoken)
    known = details if hours != _NOT_STATED else spoken
    lines = [" · ".join(_called(channel, language)), channel.what_for.in_(language), known]
    if there := _works_only_in(channel, case, registry):
        country = words.country(there, language)
        lines.append(
            words.phrase(
                "The number works inside {country} only: ask someone you trust there to call.",
                language,
                country=country,
            )
        )
    return "\n  ".join(lines)


def _works_only_in(channel: Channel, case: Case, registry: Registry) -> str | None:
    """The country a channel's numbers must be dialled in, for somebody who is not there."""
    jurisdiction = registry.jurisdiction_of(channel)
    far = case.country is not None and jurisdiction not in {INTERNATIONAL, case.country}
    short = bool(channel.phone) and not any(number.startswith("+") for number in channel.phone)
    return jurisdiction if far and short else None
