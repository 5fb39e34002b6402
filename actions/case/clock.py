"""How much time is left to stop a payment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.case.model import Payment


@dataclass(frozen=True)
class TimeLeft:
    """The time left of a payment's window.

    Attributes:
        window: the whole window.
        left: what remains of it; zero when it has run out.
    """

    window: timedelta
    left: timedelta

    @property
    def over(self) -> bool:
        """Whether the window has run out."""
        return self.left <= timedelta(0)


def deadline(payment: Payment, window_hours: float | None) -> datetime | None:
    """When the window of a payment ends; None when the payment's time or the window is unknown."""
    if payment.paid_at is None or window_hours is None:
        return None
    return payment.paid_at + timedelta(hours=window_hours)


def time_left(payment: Payment, window_hours: float | None, now: datetime) -> TimeLeft | None:
    """The time left at `now`; None when it cannot be computed.

    A payment dated in the future (a slip, or one that is scheduled) has its whole window left.
    """
    end = deadline(payment, window_hours)
    if end is None or window_hours is None:
        return None
    window = timedelta(hours=window_hours)
    return TimeLeft(window, min(max(end - now, timedelta(0)), window))


def ranked(payments: Iterable[tuple[int, Payment, float | None]], now: datetime) -> list[int]:
    """Order payments by what can still be saved.

    Takes (position, payment, window in hours); returns positions: running windows first, the shortest time left
    first, then those whose time is unknown, then those that are over, the latest first.
    """

    def urgency(item: tuple[int, Payment, float | None]) -> tuple[int, timedelta]:
        left = time_left(item[1], item[2], now)
        if left is None:
            return (1, timedelta(0))
        if left.over and item[1].paid_at is not None:
            return (2, now - item[1].paid_at)
        return (0, left.left)

    return [position for position, *_ in sorted(payments, key=urgency)]
