"""Which of the ten kinds of case this is: each has its own opening, steps, channels and aftercare."""

from __future__ import annotations

from typing import Literal

from actions.case.model import Case, Role

Branch = Literal[
    "trapped",
    "relative_trapped",
    "watched",
    "mule",
    "frozen",
    "recovery",
    "relative",
    "paid",
    "about_to_pay",
    "job_offer",
    "doubting",
]

_OF_ROLE: dict[Role, Branch] = {
    "trapped": "trapped",
    "relative_trapped": "relative_trapped",
    "mule": "mule",
    "relative": "relative",
}
_RECOVERY = "recovery_scam"


def branch(case: Case) -> Branch:
    """The branch of a case; who the person is in it comes before what happened to the money."""
    if case.role in {"trapped", "relative_trapped"}:
        return _OF_ROLE[case.role]
    if case.marked("watched"):
        return "watched"
    if case.role == "mule":
        return "mule"
    if case.scam_type == _RECOVERY and not case.sent_payments:
        return "recovery"
    if case.role == "relative":
        return "relative"
    if case.sent_payments or case.paid:
        return "paid"
    if case.frozen:
        return "frozen"
    if case.payments:
        return "about_to_pay"
    return "job_offer" if case.role == "job_seeker" else "doubting"
