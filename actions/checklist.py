"""The plan as a list that can be ticked.

A channel that shows boxes gets the steps beside the text of the plan. A tick is a message like any other, in words the
person could have typed, with the name of the step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actions import words
from actions.case.model import Case
from actions.case.progress import Item, Progress, progress
from actions.summary import step_line, step_title

_DID: dict[Item, Callable[[str], str]] = {
    "bank": lambda language: words.phrase("I contacted the bank or company", language),
    "secured": lambda language: words.phrase("I secured my accounts and passwords", language),
    "police": lambda language: words.phrase("I reported it", language),
    "evidence": lambda language: words.phrase("I saved the chats, receipts and screenshots", language),
    "blocked": lambda language: words.phrase("I blocked them", language),
}


def checklist(case: Case, language: str) -> list[dict[str, Any]]:
    """The steps of the plan that can be ticked.

    Returns:
        For each its ``name``, its ``line`` in the text of the plan, its ``title``, whether it is ``done``, and what a
        tick (``tick``) and taking it back (``untick``) say.
    """
    return [_shown(case, step, language) for step in progress(case) if step.item in _DID]


def _shown(case: Case, step: Progress, language: str) -> dict[str, Any]:
    title = step_title(case, step, language)
    did = _DID[step.item](language)
    if step.position is not None and len(case.sent_payments) > 1:
        payment = case.payments[step.position]
        did = f"{did} ({words.money(payment.amount, payment.currency, language)})"
    return {
        "name": step.name,
        "line": step_line(case, step, language),
        "title": title,
        "done": step.done,
        "tick": did,
        "untick": words.phrase("not done yet: {step}", language, step=title),
    }
