"""One turn: a message read into the case, what is said about it, and what comes next."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actions import directions, words
from actions.case.message import Message
from actions.case.model import Case, Payment
from actions.guide import RegistryGuide
from actions.registry import Channel
from actions.responses import responses
from actions.services import Services
from bot.catalogs import translate


@dataclass(frozen=True)
class Said:
    """One response of the domain with its values; `buttons` are responses whose texts become titles."""

    response: str
    values: dict[str, Any] = field(default_factory=dict)
    buttons: tuple[str, ...] = ()


@dataclass
class Turn:
    """What a need's handler works with.

    Attributes:
        sender_id, channel: whose conversation it is and where, as Rasa names them.
        resumed: digest of the resume code with which the case was brought here in this turn.
    """

    case: Case
    message: Message
    guide: RegistryGuide
    now: datetime
    services: Services
    sender_id: str
    channel: str
    answered: str | None = None
    erase: bool = False
    resumed: str | None = None
    said: list[Said] = field(default_factory=list)
    ends_here: bool = False

    @property
    def language(self) -> str:
        """The language of the talk."""
        return self.case.language

    def say(self, response: str, buttons: Iterable[str] = (), **values: Any) -> None:
        """Say a response of the domain, with buttons beyond its own."""
        self.said.append(Said(response, values, tuple(buttons)))

    def end(self, open_question: str | None = None) -> None:
        """Say nothing more this turn; `open_question` stays open."""
        self.ends_here = True
        self.case.open = open_question

    def response_text(self, response: str) -> str:
        """The text of a response without placeholders, to be said inside another."""
        return translate(responses()[response]["text"], self.language)

    def payment(self, payment: Payment) -> str:
        """How a payment is called: its amount and way."""
        situation = self.guide.situation_of(self.case, payment)
        amount = words.money(payment.amount, payment.currency, self.language) if payment.amount else None
        name = situation.name.in_(self.language) if situation else words.phrase("the payment", self.language)
        if amount and situation is None:
            return amount
        return f"{amount} · {name}" if amount else name

    def channels(self, channels: Iterable[Channel]) -> str:
        """Channels in full; see `actions.directions`."""
        return directions.in_full(channels, self.case, self.guide.registry)

    def report_at(self) -> str:
        """Where to report at every end of the case, in full."""
        return directions.at_ends(self.guide.reporting_ends(self.case), self.case, self.guide.registry)

    def lines(self, channels: Iterable[Channel]) -> str:
        """Channels in short."""
        return directions.in_short(channels, self.case, self.guide.registry)


Handler = Callable[[Turn], Awaitable[None] | None]
