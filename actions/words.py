"""Small words around facts, in the person's language: money, dates, time left, lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta, tzinfo
from decimal import Decimal

import phonenumbers
from babel import Locale
from babel.dates import format_date, format_time, get_datetime_format
from babel.numbers import format_currency, format_decimal

from bot.catalogs import translate
from bot.languages import CHINESE
from bot.nlg import fill

LONG_WINDOW = timedelta(days=14)


def phrase(text: str, language: str, **values: object) -> str:
    """Say `text` (an English msgid, collected by the extractor) in `language`, with its values."""
    return fill(translate(text, language), values)


def money(amount: Decimal | None, currency: str | None, language: str) -> str:
    """An amount as people write it: ``$50,000``, ``35,000 USDT``, ``35,000``."""
    if amount is None:
        return phrase("an amount not named yet", language)
    whole = amount == amount.to_integral_value()
    if currency is None or not _is_iso(currency, language):
        number = format_decimal(amount, locale=language, decimal_quantization=False)
        return f"{number} {currency}" if currency else number
    pattern = "¤#,##0" if whole else None
    return format_currency(amount, currency, format=pattern, locale=language, currency_digits=not whole)


def _is_iso(currency: str, language: str) -> bool:
    return currency in Locale.parse(language).currencies and len(currency) == len("USD")


def moment(when: datetime | None, zone: tzinfo, language: str) -> str:
    """A date, its time in `zone` where one is known, or that it is not known; midnight means that only the day is."""
    if when is None:
        return phrase("time not known yet", language)
    if when.time() == time.min:
        return format_date(when, "medium", locale=language)
    there = when.astimezone(zone)
    day, clock = format_date(there, "medium", locale=language), format_time(there, "short", locale=language)
    pattern = str(get_datetime_format("medium", locale=language))
    return pattern.format(clock, day).replace("\u202f", " ")


def hours_left(left: timedelta, window: timedelta, language: str) -> str:
    """The time left of a window: "about 41 of the 72 hours are left"; days for windows of weeks."""
    if window > LONG_WINDOW:
        return phrase(
            "about {left} of the {window} days are left",
            language,
            left=max(round(left / timedelta(days=1)), 1),
            window=window.days,
        )
    if window >= timedelta(hours=2):
        return phrase(
            "about {left} of the {window} hours are left",
            language,
            left=max(round(left / timedelta(hours=1)), 1),
            window=round(window / timedelta(hours=1)),
        )
    return phrase(
        "about {left} of the {window} minutes are left",
        language,
        left=max(round(left / timedelta(minutes=1)), 1),
        window=round(window / timedelta(minutes=1)),
    )


def country(code: str | None, language: str) -> str:
    """A country's or a place's name, as the people there say it."""
    if code is None:
        return phrase("country not known yet", language)
    if code == "HK":
        return phrase("Hong Kong", language)
    if code == "MO":
        return phrase("Macau", language)
    return str(Locale.parse(language).territories.get(code, code))


def numbered(lines: Iterable[str], start: int = 1) -> str:
    """A numbered list, one line an item."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start))


def bulleted(lines: Iterable[str]) -> str:
    """A list with bullets, one line an item."""
    return "\n".join(f"• {line}" for line in lines)


def joined(items: Iterable[str], language: str) -> str:
    """Items after one another."""
    return ("、" if language in CHINESE else ", ").join(items)


def dialable(phone: str) -> str:
    """A number as people read it: international ones in groups, short codes as they are."""
    if not phone.startswith("+"):
        return phone
    number = phonenumbers.parse(phone)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
