"""The planner, over random cases: it asks little, never twice, ends, and puts safety first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.case.answers import answer
from actions.case.message import Message
from actions.case.model import Case, Consent, Contact, Payment
from actions.case.planner import MOST_SCREENING_QUESTIONS, WANTS_VERDICT, Tell, next_question, plan, verdict
from tests.actions.case.cases import CASES, FLAGS, PAYMENTS, SmallGuide, hours_ago
from tests.actions.talk import NOW

GUIDE = SmallGuide()
MOST_QUESTIONS_A_PAYMENT = 4
MOST_OTHER_QUESTIONS = 17
ANSWERS = {
    "paid": ("yes", "no", "unsure"),
    "method": ("wire", "skip", "other"),
    "when": ("hours", "longer", "skip"),
    "amount": ("skip",),
    "reached_bank": ("yes", "no", "refused"),
    "country": ("US", "skip"),
    "place": ("KH", "skip", "nobody"),
    "citizenship": ("CN", "skip"),
    "frozen_by": ("bank", "platform", "unknown"),
    "sign": ("yes", "no", "unsure"),
    "safe_now": ("yes", "no", "unsure"),
    "consent": ("yes", "no"),
    "contact": ("phone", "email", "none"),
    "contact_value": ("skip",),
    "summary_ok": ("yes", "skip"),
    "story": ("skip",),
    "check_in": ("yes", "no"),
}


def knows(case: Case, question: str) -> bool:
    """Whether the case has the answer to `question` already."""
    kind, _, subject = question.partition(":")
    payment = case.payments[int(subject)] if subject.isdigit() else Payment()
    known = {
        "story": case.scam_type is not None or bool(case.payments),
        "paid": case.paid is not None or bool(case.payments),
        "method": payment.method is not None,
        "when": payment.paid_at is not None,
        "amount": payment.amount is not None,
        "reached_bank": payment.state in {"recalled", "refused"},
        "country": case.country is not None,
        "place": case.place is not None,
        "citizenship": case.citizenship is not None,
        "frozen_by": case.frozen_by is not None,
        "sign": subject in case.answers,
        "safe_now": case.safe_now is not None,
        "alone": not case.marked("watched"),
        "consent": case.consent is not None,
        "contact": case.contact is not None,
        "contact_value": case.contact is not None and case.contact.value is not None,
        "summary_ok": case.filing_agreed,
        "check_in": case.check_ins is not None,
    }
    return known[kind]


@given(CASES)
def test_it_never_asks_what_it_knows(case: Case) -> None:
    question = plan(case, GUIDE, NOW).ask
    assert question is None or not knows(case, question)


@given(CASES)
def test_it_never_asks_what_was_declined(case: Case) -> None:
    question = plan(case, GUIDE, NOW).ask
    assert question is None or question == "alone" or not case.settled(question)


@given(CASES)
def test_planning_changes_nothing_and_is_the_same_again(case: Case) -> None:
    before = case.model_copy(deep=True)
    assert plan(case, GUIDE, NOW) == plan(case, GUIDE, NOW)
    assert case == before


@settings(max_examples=150)
@given(CASES, st.data())
def test_it_always_ends(case: Case, data: st.DataObject) -> None:
    """Whatever is answered, and "not sure" too, there comes a turn without a question."""
    bound = MOST_OTHER_QUESTIONS + MOST_QUESTIONS_A_PAYMENT * (len(case.payments) + 1)
    asked: list[str] = []
    while (question := plan(case, GUIDE, NOW).ask) is not None:
        assert question not in asked
        asked.append(question)
        assert len(asked) <= bound
        case.open = question
        answer(case, _some_answer(question, data), NOW)
        if case.filing_agreed:
            case.filed_at = NOW
    assert plan(case, GUIDE, NOW).ask is None


def _some_answer(question: str, data: st.DataObject) -> Message:
    if question == "alone":
        return Message("1", "nlu_fallback")
    if data.draw(st.booleans()):
        return Message("not sure", "unsure")
    return Message("…", "inform", chosen=data.draw(st.sampled_from(ANSWERS[question.partition(":")[0]])))


@given(CASES)
def test_somebody_who_is_watched_gets_no_advice_and_no_other_question(case: Case) -> None:
    case.mark("watched")
    case.unmark("crisis")
    due = plan(case, GUIDE, NOW)
    assert due.tells == ()
    assert due.ask == "alone"


@given(CASES)
def test_in_a_crisis_safety_comes_before_money(case: Case) -> None:
    case.mark("crisis")
    case.safe_now = None
    case.reopen("safe_now")
    due = plan(case, GUIDE, NOW)
    assert due.tells == ()
    assert due.ask == "safe_now"


@given(CASES)
def test_after_the_crisis_question_the_help_goes_on(case: Case) -> None:
    case.marks = ["crisis"]
    case.safe_now = "yes"
    calm = case.model_copy(update={"marks": []})
    assert plan(case, GUIDE, NOW) == plan(calm, GUIDE, NOW)


@given(CASES)
def test_who_asked_for_no_more_questions_gets_none(case: Case) -> None:
    case.paused, case.marks = True, []
    assert plan(case, GUIDE, NOW).ask is None


@given(CASES)
def test_advice_has_a_key_of_its_own_and_is_given_once(case: Case) -> None:
    tells = plan(case, GUIDE, NOW).tells
    keys = [tell.key for tell in tells]
    assert len(keys) == len(set(keys))
    assert not set(keys) & set(case.told)
    for key in keys:
        case.tell(key)
    assert plan(case, GUIDE, NOW).tells == ()


@given(CASES, st.randoms())
def test_the_order_in_which_payments_were_told_does_not_matter(case: Case, chance: object) -> None:
    case.told = []
    shuffled = case.model_copy(deep=True)
    order = list(range(len(case.payments)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    shuffled.payments = [case.payments[i] for i in order]
    assert _contents(case, plan(case, GUIDE, NOW).tells) == _contents(
        shuffled, plan(shuffled, GUIDE, NOW).tells
    )


def _contents(case: Case, tells: Sequence[Tell]) -> list[tuple[str, str]]:
    about = ("" if t.payment is None else case.payments[t.payment].model_dump_json() for t in tells)
    return sorted((tell.what, payment) for tell, payment in zip(tells, about, strict=True))


@given(st.lists(PAYMENTS, min_size=1, max_size=4))
def test_a_payment_that_left_gets_its_first_step_at_once(payments: list[Payment]) -> None:
    case = Case(payments=payments)
    tells = plan(case, GUIDE, NOW).tells
    helped = {tell.payment for tell in tells if tell.what in {"stop", "first_step"}}
    assert helped == {position for position, _ in case.sent_payments}


def test_the_most_urgent_payment_comes_first_in_advice_and_questions() -> None:
    calm = Payment(method="card", paid_at=hours_ago(1))
    urgent = Payment(method="bank", paid_at=hours_ago(0.2))
    case = Case(country="US", payments=[calm, urgent])
    due = plan(case, GUIDE, NOW)
    assert [tell.payment for tell in due.tells if tell.what == "stop"] == [1, 0]
    assert due.ask == "amount:1"


@pytest.mark.parametrize(("paid_at", "times"), [(None, "untimed"), (NOW, "timed")])
def test_advice_is_given_again_with_the_time_once_it_is_known(paid_at: datetime | None, times: str) -> None:
    case = Case(payments=[Payment(method="wire", paid_at=paid_at)])
    assert plan(case, GUIDE, NOW).tells[0].key == f"stop:0:wire:{times}"


def test_without_a_window_the_time_changes_nothing() -> None:
    case = Case(payments=[Payment(method="cash", paid_at=NOW)], told=["stop:0:cash:untimed"])
    assert "stop" not in {tell.what for tell in plan(case, GUIDE, NOW).tells}


@given(CASES)
def test_somebody_who_is_held_is_not_asked_about_payments_first(case: Case) -> None:
    case.role, case.marks, case.place = "trapped", ["trapped"], None
    case.consent, case.paused = None, False
    case.reopen("place")
    assert plan(case, GUIDE, NOW).ask == "place"


def test_the_screening_stops_early_when_it_is_clear() -> None:
    case = Case(told=[WANTS_VERDICT])
    assert next_question(case, GUIDE, NOW) == f"sign:{FLAGS[0]}"
    case.answers, case.signs = {FLAGS[0]: "yes"}, {FLAGS[0]: None}
    assert not (next_question(case, GUIDE, NOW) or "").startswith("sign:")


def test_the_screening_asks_at_most_five_questions() -> None:
    case = Case(told=[WANTS_VERDICT])
    asked = 0
    while (question := next_question(case, GUIDE, NOW) or "").startswith("sign:"):
        case.answers = {**case.answers, question.partition(":")[2]: "unsure"}
        asked += 1
    assert asked == MOST_SCREENING_QUESTIONS


@pytest.mark.parametrize(
    ("signs", "grade"), [([], "unclear"), ([FLAGS[1], FLAGS[2]], "some"), ([FLAGS[1], FLAGS[0]], "strong")]
)
def test_the_verdict_has_three_grades(signs: list[str], grade: str) -> None:
    assert verdict(Case(signs=dict.fromkeys(signs)), GUIDE) == grade


def test_handing_over_asks_in_order_and_ends_with_the_filing() -> None:
    case = Case(paid=False, country="US", role="self")
    for flag in FLAGS:
        case.answers = {**case.answers, flag: "no"}
    assert next_question(case, GUIDE, NOW) == "consent"
    case.consent = Consent(version="1", given_at=NOW, purposes=["handover"])
    assert next_question(case, GUIDE, NOW) == "contact"
    case.contact = Contact(kind="phone")
    assert next_question(case, GUIDE, NOW) == "contact_value"
    case.contact = Contact(kind="phone", value="+14155550123")
    assert next_question(case, GUIDE, NOW) == "summary_ok"
    case.filing_agreed, case.filed_at = True, NOW
    assert next_question(case, GUIDE, NOW) is None
    assert [tell.what for tell in plan(case, GUIDE, NOW).tells] == ["aftercare", "recovery_guard"]


@given(CASES)
def test_writing_again_is_offered_last_and_never_into_danger(case: Case) -> None:
    due = plan(case, GUIDE, NOW)
    if due.ask != "check_in":
        return
    assert next_question(case, GUIDE, NOW) is None
    assert case.filed_at or case.settled("consent")
    assert {tell.what for tell in due.tells} <= {"aftercare", "recovery_guard"}
    assert case.reachable
    assert case.check_ins is None
    assert case.role != "trapped"
    assert not case.marked("watched")
    assert not case.paused
    assert not case.marked("crisis") or case.safe_now == "yes"


def ended(**changes: object) -> Case:
    """A case that was handed over, in a channel where the bot can speak first."""
    told = {"role": "self", "paid": False, "country": "US", "filed_at": NOW, "reachable": True}
    return Case.model_validate({**told, "answers": dict.fromkeys(FLAGS, "no"), **changes})


def test_writing_again_is_offered_with_the_last_words() -> None:
    due = plan(ended(), GUIDE, NOW)
    assert [tell.what for tell in due.tells] == ["aftercare", "recovery_guard"]
    assert due.ask == "check_in"
    assert plan(ended(filed_at=None, skipped=["consent"]), GUIDE, NOW).ask == "check_in"


@pytest.mark.parametrize(
    "changes",
    [
        {"reachable": False},
        {"check_ins": "no"},
        {"check_ins": "yes"},
        {"skipped": ["check_in"]},
        {"paused": True},
        {"role": "trapped", "place": "KH", "citizenship": "CN"},
        {"marks": ["crisis"], "safe_now": "no"},
        {"marks": ["crisis"], "safe_now": "unsure"},
    ],
    ids=str,
)
def test_writing_again_is_not_offered(changes: dict[str, object]) -> None:
    assert plan(ended(**changes), GUIDE, NOW).ask is None


@given(case=CASES)
def test_someone_held_is_not_sent_to_a_bank(case: Case) -> None:
    """A call could provoke the captors: no step and no question is about a payment."""
    case.role = "trapped"
    due = plan(case, GUIDE, NOW)
    assert not {tell.what for tell in due.tells} & {"first_step", "stop", "further_steps"}
    assert (due.ask or "").partition(":")[0] not in {"method", "when", "amount", "reached_bank"}


def test_an_account_frozen_by_an_office_is_not_screened_for_a_scam() -> None:
    case = Case(frozen=True, frozen_by="police", paid=False)
    assert next_question(case, GUIDE, NOW) == "country"


def test_who_only_has_a_frozen_account_is_not_asked_for_signs_of_a_scam() -> None:
    case = Case(frozen=True, frozen_by="police", paid=False, country="CN")
    assert (next_question(case, GUIDE, NOW) or "").partition(":")[0] == "consent"
