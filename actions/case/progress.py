"""What is done and what is open in a case, in the order in which it helps most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from actions.case.branch import branch
from actions.case.model import Case, Payment

Item = Literal["hold", "bank", "secured", "police", "evidence", "blocked", "caseworker"]

_NO_REPORT = frozenset({"trapped", "doubting", "watched"})


@dataclass(frozen=True)
class Progress:
    """One step of the plan.

    Attributes:
        item: what is to be done.
        done: whether it is.
        payment: the payment it is about.
    """

    item: Item
    done: bool
    payment: Payment | None = None


def progress(case: Case) -> list[Progress]:
    """The steps of a case; done ones stay in the list, so that the person sees how far they came."""
    return list(_steps(case))


def _steps(case: Case) -> Iterator[Progress]:
    kind = branch(case)
    held = kind in {"trapped", "relative_trapped"}
    for payment in case.payments:
        if not payment.left and not held:
            yield Progress("hold", False, payment)
    for _, payment in case.sent_payments if kind != "trapped" else ():
        yield Progress("bank", payment.state in {"recalled", "refused"}, payment)
    if case.shared_details or case.remote_access or "secured" in case.done:
        yield Progress("secured", "secured" in case.done)
    if kind not in _NO_REPORT:
        yield Progress("police", "police" in case.done)
    if not held and (case.sent_payments or case.marked("threatened") or "evidence" in case.done):
        yield Progress("evidence", "evidence" in case.done)
    if "blocked" in case.done:
        yield Progress("blocked", True)
    yield Progress("caseworker", case.reference is not None)
