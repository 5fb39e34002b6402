"""Recognising: the likely pattern, the signs in the person's own words, one test for those who doubt."""

from __future__ import annotations

from actions import words
from actions.case.planner import MOST_SCREENING_QUESTIONS, WANTS_VERDICT, Tell, verdict
from actions.turn import Handler, Turn

HEARD = "heard"
"""Under which the case remembers that the person was told once how sorry we are."""
_TESTS = {
    "law_enforcement_impersonation": "utter_test_call_back",
    "parcel_virtual_kidnapping_students": "utter_test_call_back",
    "customer_service_impersonation": "utter_test_call_back",
    "family_emergency_ai_voice": "utter_test_call_back",
    "recovery_scam": "utter_test_no_fee",
    "romance": "utter_test_meet",
    "fake_job_trafficking": "utter_test_company",
}
_ROMANCE_INVESTMENT = "pig_butchering"


def tell_pattern(turn: Turn) -> None:
    """Name the pattern of a story and the signs that point to it."""
    case = turn.case
    if case.scam_type is None:
        return
    scam = turn.guide.registry.scam_types[case.scam_type]
    told = f"pattern:{case.scam_type}:{','.join(sorted(case.signs))}"
    if told in case.told:
        return
    case.tell(told)
    case.tell(HEARD)
    grade = verdict(case, turn.guide)
    turn.say(f"utter_pattern_{grade}", scam=scam.name.in_(turn.language), signs=_signs(turn))


def name_pattern(turn: Turn) -> None:
    """When money is the point, a story or the signs in the same message still name the pattern."""
    if turn.message.story or any(turn.guide.is_strong(flag) for flag in turn.message.signs):
        tell_pattern(turn)


def ask_if_scam(turn: Turn) -> None:
    """Either the verdict on what is known, or the questions that lead to it."""
    if turn.message.evidence:
        turn.say("utter_evidence_read")
    if turn.case.signs:
        tell_verdict(turn)
    else:
        turn.case.tell(WANTS_VERDICT)
        turn.say("utter_check_if_scam")


def tell_verdict(turn: Turn) -> None:
    """How clear it is, with why."""
    turn.say(f"utter_verdict_{verdict(turn.case, turn.guide)}", signs=_signs(turn))
    turn.case.tell("verdict")
    turn.case.tell("pattern")


def after_sign(turn: Turn) -> None:
    """After a red-flag answer: stop early when it is clear, and say so when the questions are through."""
    case, guide = turn.case, turn.guide
    through = all(flag in case.answers for flag in list(guide.checklist(case))[:MOST_SCREENING_QUESTIONS])
    if through or verdict(case, guide) == "strong":
        tell_verdict(turn)


def relative_scammed(turn: Turn) -> None:
    """For the one who worries about somebody."""
    turn.say("utter_relative_scammed")


def doubt(turn: Turn) -> None:
    """No argument and no question after it: one test they can do alone, and no test twice."""
    case = turn.case
    test = _TESTS.get(case.scam_type or "", "utter_test_withdraw")
    if case.scam_type == _ROMANCE_INVESTMENT and not case.sent_payments:
        test = "utter_test_meet"  # there is nothing yet to withdraw
    if test in case.told:
        turn.say("utter_aftercare_doubting")
    else:
        case.tell(test)
        turn.say("utter_doubt", test=turn.response_text(test))
    turn.end(turn.case.open)


def job_offer(turn: Turn) -> None:
    """An offer abroad that sounds too good."""
    turn.say("utter_job_offer")


def _signs(turn: Turn) -> str:
    return words.bulleted(_sign(turn, flag, quote) for flag, quote in turn.guide.telling_signs(turn.case))


def _sign(turn: Turn, flag: str, quote: str | None) -> str:
    red_flag = turn.guide.registry.red_flags[flag]
    why = red_flag.why.in_(turn.language)
    if quote:
        return words.phrase('"{quote}": {why}', turn.language, quote=quote, why=why)
    return why


def tell_pattern_now(turn: Turn, tell: Tell) -> None:
    """The pattern, when it showed in a story that was about something else."""
    tell_pattern(turn)


TELLS = {"pattern": tell_pattern_now}
HANDLERS: dict[str | None, Handler] = {
    "ask_if_scam": ask_if_scam,
    "tell_romance_investment": tell_pattern,
    "tell_cannot_withdraw": tell_pattern,
    "tell_task_scam": tell_pattern,
    "tell_authority_impersonation": tell_pattern,
    "tell_service_impersonation": tell_pattern,
    "tell_loan_scam": tell_pattern,
    "tell_gambling": tell_pattern,
    "tell_family_emergency": tell_pattern,
    "relative_scammed": relative_scammed,
    "doubt_scam": doubt,
    "job_offer": job_offer,
}
