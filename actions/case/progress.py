"""What is done and what is open in a case, in the order in which it helps most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast, get_args

from actions.case.branch import branch
from actions.case.model import Case, Step

Item = Literal["hold", "bank", "secured", "police", "evidence", "blocked", "caseworker"]

_NO_REPORT = frozenset({"trapped", "doubting", "watched"})


@dataclass(frozen=True)
class Progress:
    """One step of the plan.

    Attributes:
        item: what is to be done.
        done: whether it is.
        position: of the payment it is about, among those of the case.
    """

    item: Item
    done: bool
    position: int | None = None

    @property
    def name(self) -> str:
        """By which it is known among the steps of its case."""
        return self.item if self.position is None else f"{self.item}:{self.position}"


def progress(case: Case) -> list[Progress]:
    """The steps of a case; done ones stay in the list, so that the person sees how far they came."""
    return list(_steps(case))


def tick(case: Case, name: str, *, done: bool) -> Progress | None:
    """Note that the step `name` was taken, or that it was not after all.

    Returns:
        The step as it stood before; None when the plan has no such step, or none that the person can tick.
    """
    step = next((step for step in _steps(case) if step.name == name), None)
    if step is None or step.item not in get_args(Step):
        return None
    if step.done == done:
        return step
    if step.position is not None:
        case.payments[step.position].state = "recalled" if done else "sent"
        case.reopen(f"reached_bank:{step.position}")
    elif done:
        case.note_done(cast(Step, step.item))
    else:
        case.done = [other for other in case.done if other != step.item]
    return step


def _steps(case: Case) -> Iterator[Progress]:
    kind = branch(case)
    held = kind in {"trapped", "relative_trapped"}
    for position, payment in enumerate(case.payments):
        if not payment.left and not held:
            yield Progress("hold", False, position)
    for position, payment in case.sent_payments if kind != "trapped" else ():
        yield Progress("bank", payment.state in {"recalled", "refused"}, position)
    if case.shared_details or case.remote_access or "secured" in case.done:
        yield Progress("secured", "secured" in case.done)
    if kind not in _NO_REPORT:
        yield Progress("police", "police" in case.done)
    if not held and (case.sent_payments or case.marked("threatened") or "evidence" in case.done):
        yield Progress("evidence", "evidence" in case.done)
    if "blocked" in case.done:
        yield Progress("blocked", True)
    yield Progress("caseworker", case.reference is not None)
