"""What the case has been told, and which question may therefore never be asked again."""

from __future__ import annotations

from collections.abc import Iterator

from actions import commands
from actions.case.model import Case
from actions.case.planner import CHECK_IN, SIGN
from tests.conversations.random_talker.stage import Exchange

# Questions about what to do with a message or a case, not about facts: each is put whenever it is called for.
_OF_THE_MOMENT = frozenset({"ask_delete", "ask_restart", "ask_replace_case", "ask_alone", "ask_alone_held"})


def asked(exchange: Exchange) -> str | None:
    """The question of the plan that this answer asks, as the case names it."""
    kinds = [
        part.response.removeprefix("utter_")
        for part in exchange.parts
        if part.response.startswith("utter_ask_")
        and part.response.removeprefix("utter_") not in _OF_THE_MOMENT
    ]
    return exchange.after.open if kinds else None


class Ledger:
    """The questions that are settled.

    A question is settled when the case has its answer, whoever asked, or when the person declined it. It is opened
    again only by what is named in `_opened_again`.
    """

    def __init__(self) -> None:
        self._settled: set[str] = set()

    def asked_again(self, exchange: Exchange) -> str | None:
        """The question that was asked though it was settled, before this message or by it."""
        if exchange.erased or exchange.after.id != exchange.before.id:
            self._settled.clear()
        self._settled -= set(_opened_again(exchange))
        self._settled |= set(_settled(exchange.after))
        question = asked(exchange)
        if question == CHECK_IN and commands.command(exchange.said) == commands.REMIND:
            return None  # who asks to be written to is asked, whatever they said before
        return question if question in self._settled else None


def _opened_again(exchange: Exchange) -> Iterator[str]:
    before, after, message = exchange.before, exchange.after, exchange.message
    if message.need == "crisis":  # whoever was safe then may not be safe now
        yield "safe_now"
    if "ask_human" in message.needs:  # a no may become a yes
        yield from ("consent", "summary_ok")
    if before.handed_over != after.handed_over:  # the caseworker would be told something else
        yield "summary_ok"
    if message.need == "correct_answer":  # what followed from the wrong fact is wrong too
        yield "summary_ok"
        yield from set(_settled(before)) - set(_settled(after))


def _settled(case: Case) -> Iterator[str]:
    yield from (question for question in case.skipped)
    yield from (f"{SIGN}{flag}" for flag in case.answers)
    facts = {
        "paid": case.paid is not None or case.payments,
        "country": case.country,
        "place": case.place,
        "citizenship": case.citizenship,
        "frozen_by": case.frozen_by,
        "safe_now": case.safe_now,
        "consent": case.consent,
        "contact": case.contact,
        "contact_value": case.contact and case.contact.value,
        "summary_ok": case.filing_agreed,
        CHECK_IN: case.check_ins,
    }
    yield from (question for question, known in facts.items() if known)
    for position, payment in enumerate(case.payments):
        told = {
            "method": payment.method,
            "when": payment.paid_at,
            "amount": payment.amount is not None,
            "reached_bank": payment.state in {"recalled", "refused"},
        }
        yield from (f"{question}:{position}" for question, known in told.items() if known)
