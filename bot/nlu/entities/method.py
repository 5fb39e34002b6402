"""Ways of paying, by the words of ``data/lexicon/methods.yml``."""

from collections.abc import Iterable
from functools import cache

from bot.nlu.entities.currencies import COINS
from bot.nlu.entities.entity import Entity
from bot.nlu.entities.lexicon import Hit, Lexicon, read_terms
from bot.nlu.entities.text import Text

KIND = "method"

CRYPTO = "crypto_exchange_withdrawal"


@cache
def _lexicon() -> Lexicon:
    return Lexicon(read_terms("methods.yml"))


def find(text: Text, amounts: Iterable[Entity]) -> list[Entity]:
    """The ways of paying a message names; ``value`` is the id of one.

    Args:
        text: The message.
        amounts: Its ``money``; an amount of a coin ("3000U") says how it was paid.
    """
    found = [
        Entity(KIND, hit.start, hit.end, text.raw[hit.start : hit.end], hit.name)
        for hit in _joined(text, _lexicon().scan(text))
    ]
    covered = {index for entity in found for index in range(entity.start, entity.end)}
    for amount in amounts:
        if amount.value["currency"] in COINS and covered.isdisjoint(range(amount.start, amount.end)):
            found.append(Entity(KIND, amount.start, amount.end, amount.text, CRYPTO))
    return found


def _joined(text: Text, hits: Iterable[Hit]) -> list[Hit]:
    """Neighbours that name the same way of paying as one: Q币点卡, "Visa credit card"."""
    joined: list[Hit] = []
    for hit in hits:
        if joined and joined[-1].name == hit.name and not text.lower[joined[-1].end : hit.start].strip():
            joined[-1] = Hit(joined[-1].start, hit.end, hit.name)
        else:
            joined.append(hit)
    return joined
