"""When something happened, in English and Chinese."""

from datetime import datetime

from bot.nlu.entities import date_chinese, date_english, date_holidays
from bot.nlu.entities.entity import Entity
from bot.nlu.entities.moments import Found
from bot.nlu.entities.text import Text

KIND = "date"


def find(text: Text, now: datetime) -> list[Entity]:
    """The expressions of time in a message, the longest where several overlap.

    An expression that could be past or future is read as past, since a payment is; "tomorrow" and "by March 24" stay
    future.
    What names a year only is left out.

    Args:
        text: The message.
        now: The person's local time, with a time zone.

    Returns:
        Entities with the value ``{"at": ISO 8601 with offset, "precision": one of minute, hour, part_of_day,
        day, week, month}``; ``at`` is the beginning of that minute, hour, part, day, week or month.
    """
    found = [
        *date_english.find(text.lower, now),
        *date_chinese.find(text.lower, now),
        *date_holidays.find(text.lower, now),
    ]
    return [
        Entity(
            KIND,
            item.start,
            item.end,
            text.raw[item.start : item.end],
            {"at": item.moment.at.isoformat(), "precision": item.moment.precision},
        )
        for item in _longest(found)
    ]


def _longest(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        if kept and item.start < kept[-1].end:
            if item.end - item.start > kept[-1].end - kept[-1].start:
                kept[-1] = item
        else:
            kept.append(item)
    return kept
