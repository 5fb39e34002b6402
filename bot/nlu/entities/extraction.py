"""Runs the extractors over a message in an order in which each sees only what is left for it."""

from collections.abc import Iterable
from datetime import datetime

from bot.nlu.entities import (
    date,
    done,
    email,
    handle,
    iban,
    introduced,
    method,
    money,
    names,
    payment_state,
    phone,
    secret,
    tx_hash,
    url,
    wallet,
)
from bot.nlu.entities.entity import Entity
from bot.nlu.entities.text import Text

MAX_CHARACTERS = 10_000
"""What follows is not looked at."""


def extract(text: str, now: datetime) -> list[Entity]:
    """The facts a message states: amounts, dates, places, ways of paying, names, handles, addresses, secrets.

    Reads English, Chinese in both scripts, and any mixture. Never raises; the cost grows with the length of
    the message, of which the first `MAX_CHARACTERS` are read.

    Args:
        text: The message as typed.
        now: The person's local time, with a time zone.

    Returns:
        The entities by their start; those of one kind do not overlap. A ``secret`` has an empty text.
    """
    whole = Text.of(text[:MAX_CHARACTERS])
    coded = _coded(whole)
    handles = list(handle.find(whole.without(_spans(entity for entity in coded if entity.kind != url.KIND))))
    left = whole.without(_spans([*coded, *handles]))
    dates = date.find(left, now)
    phones = phone.find(left.without(_spans(dates)))
    left = left.without(_spans(phones))
    amounts = money.find(left.without(_spans(dates)))
    rest = left.without(_spans(amounts))
    named = names.find(rest)
    named += introduced.find(rest.without(_spans([*dates, *named])))
    entities = [
        *coded,
        *handles,
        *phone.settle(phones, [entity.value for entity in named if entity.kind == names.COUNTRY]),
        *dates,
        *amounts,
        *method.find(left, amounts),
        *named,
        *done.find(left),
        *payment_state.find(left.without(_spans(amounts), payment_state.MONEY_FILLER)),
    ]
    return sorted(entities, key=lambda entity: (entity.start, entity.end, entity.kind))


def _coded(text: Text) -> list[Entity]:
    """What is written in the alphabet of some code; an address may stand inside a link."""
    numbers = iban.find(text)
    secrets = secret.find(text.without(_spans(numbers)))
    text = text.without(_spans([*numbers, *secrets]))
    emails = email.find(text)
    links = url.find(text.without(_spans(emails)))
    return [*numbers, *secrets, *emails, *links, *wallet.find(text), *tx_hash.find(text)]


def _spans(entities: Iterable[Entity]) -> list[tuple[int, int]]:
    return [(entity.start, entity.end) for entity in entities]
