"""Privacy: deleting is asked for once, done at once, and true."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from actions.case.model import Case, Contact, Payment
from actions.privacy import CONFIRM_DELETE
from tests.actions.talk import GUIDE, NOW, Talk
from tests.actions.test_handover import break_store, ready

TOLD = Case(country="US", payments=[Payment(amount=Decimal(5))], told=["welcome"])


async def test_what_is_kept_is_said(talk: Talk) -> None:
    assert "utter_privacy" in await talk.say("who can read this?", "ask_privacy")


async def test_deleting_is_asked_for_once_and_done(talk: Talk) -> None:
    talk.case = TOLD.model_copy(update={"language": "zh_Hant"})
    assert await talk.say("刪除我的資料", "delete_data") == ["utter_ask_delete"]
    assert talk.case.payments
    assert await talk.say("是的，刪除", "affirm") == ["utter_deleted"]
    assert talk.turn is not None
    assert talk.turn.erase
    assert talk.case == Case(id=talk.case.id, language="zh_Hant")
    assert talk.case.id != TOLD.id


async def test_asking_twice_is_an_answer(talk: Talk) -> None:
    await talk.say("delete everything", "delete_data")
    assert await talk.say("delete!", "delete_data") == ["utter_deleted"]


@pytest.mark.parametrize(
    ("text", "need"), [("No, keep it", "deny"), ("not sure", "unsure"), ("不要", "deny")]
)
async def test_anything_short_of_yes_keeps_everything(talk: Talk, text: str, need: str) -> None:
    talk.case = TOLD.model_copy(deep=True)
    await talk.say("delete everything", "delete_data")
    assert "utter_kept" in await talk.say(text, need)
    assert talk.case.payments == TOLD.payments
    assert talk.turn is not None
    assert not talk.turn.erase


@pytest.mark.parametrize(
    ("text", "need"),
    [("what does the police do", "ask_where_report"), ("对不起", "nlu_fallback"), ("好多钱", "nlu_fallback")],
)
async def test_a_yes_later_is_not_a_yes_to_deleting(talk: Talk, text: str, need: str) -> None:
    talk.case = TOLD.model_copy(deep=True)
    await talk.say("delete everything", "delete_data")
    await talk.say(text, need)
    assert talk.case.open != CONFIRM_DELETE
    await talk.say("yes", "affirm")
    assert talk.case.payments


async def test_nor_when_there_is_nothing_left_to_ask(talk: Talk) -> None:
    screened = dict.fromkeys(GUIDE.registry.screening, "no")
    talk.case = Case(country="US", paid=False, role="self", answers=screened, skipped=["consent"])
    await talk.say("delete everything", "delete_data")
    assert "utter_thank" in await talk.say("thanks", "thank")
    assert talk.case.open is None


async def test_a_crisis_is_heard_before_the_question(talk: Talk) -> None:
    talk.case = TOLD.model_copy(deep=True)
    await talk.say("delete everything", "delete_data")
    assert "utter_crisis" in await talk.say("yes delete it all, I want to die", "crisis", crisis="self")
    assert talk.case.payments


async def test_the_erasure_of_a_filed_case_goes_out(talk: Talk) -> None:
    talk.case = ready()
    await talk.say("Yes, send it", "affirm")
    filed = talk.case.id
    await talk.say("delete everything", "delete_data")
    await talk.say("Yes, delete it", "affirm")
    (delivery,) = talk.services.outbox.due(NOW, 10)
    assert (delivery.case_id, delivery.kind, delivery.case) == (filed, "erase", None)


async def test_a_case_filed_before_starting_over_is_erased_as_well(talk: Talk) -> None:
    talk.case = ready()
    await talk.say("Yes, send it", "affirm")
    first = talk.case.id
    await talk.say("start over", "restart")
    await talk.say("Yes, start over", "affirm")
    talk.case = ready(earlier=talk.case.earlier)
    await talk.say("Yes, send it", "affirm")
    second = talk.case.id
    await talk.say("delete everything", "delete_data")
    await talk.say("Yes, delete it", "affirm")
    erased = {delivery.case_id for delivery in talk.services.outbox.due(NOW, 10) if delivery.kind == "erase"}
    assert erased == {first, second}


async def test_an_erasure_that_cannot_be_stored_is_not_said_to_be_done(talk: Talk, tmp_path: Path) -> None:
    talk.case = ready()
    await talk.say("Yes, send it", "affirm")
    await talk.say("delete everything", "delete_data")
    break_store(talk.services, tmp_path)
    assert await talk.say("Yes, delete it", "affirm") == ["utter_error"]
    assert talk.case.reference
    assert talk.case.open == CONFIRM_DELETE
    assert talk.turn is not None
    assert not talk.turn.erase


async def test_who_filed_a_case_gets_a_receipt(talk: Talk) -> None:
    talk.case = ready()
    await talk.say("Yes, send it", "affirm")
    reference = talk.case.reference
    await talk.say("delete everything", "delete_data")
    assert await talk.say("Yes, delete it", "affirm") == ["utter_deleted", "utter_deleted_receipt"]
    assert reference
    assert reference in talk.answer


WITHDRAWN = ["utter_consent_withdrawn", "utter_consent_withdrawn_receipt"]


@pytest.mark.parametrize(
    "text", ["I take back my consent", "撤回同意。", "我想收返同意", "不要再转给工作人员了"]
)
async def test_a_consent_is_taken_back_and_the_talk_goes_on(talk: Talk, text: str) -> None:
    talk.case = ready(contact=Contact(kind="email", value="a@example.org"))
    await talk.say("Yes, send it", "affirm")
    filed, reference = talk.case.id, talk.case.reference
    assert (await talk.say(text, "nlu_fallback"))[:2] == WITHDRAWN
    assert reference
    assert reference in talk.answer
    (delivery,) = talk.services.outbox.due(NOW, 10)
    assert (delivery.case_id, delivery.kind, delivery.case) == (filed, "erase", None)
    case = talk.case
    assert case.payments
    assert (case.consent, case.contact, case.filed, case.filed_at, case.standing) == (
        None,
        None,
        [],
        None,
        None,
    )
    assert case.open not in {"consent", "contact", "summary_ok"}
    assert talk.turn is not None
    assert not talk.turn.erase
    assert "utter_status_none" in await talk.say("what about my case", "ask_case_status")


async def test_all_cases_of_the_person_are_withdrawn(talk: Talk) -> None:
    talk.case = ready()
    await talk.say("Yes, send it", "affirm")
    first = talk.case.id
    await talk.say("start over", "restart")
    await talk.say("Yes, start over", "affirm")
    talk.case = ready(earlier=talk.case.earlier)
    await talk.say("Yes, send it", "affirm")
    second = talk.case.id
    await talk.say("withdraw my consent")
    assert {d.case_id for d in talk.services.outbox.due(NOW, 10) if d.kind == "erase"} == {first, second}


async def test_what_was_agreed_and_not_sent_yet_is_never_sent(talk: Talk) -> None:
    talk.case = ready()
    agreed = talk.case.id
    assert (await talk.say("take back my consent"))[0] == "utter_consent_withdrawn_unsent"
    assert talk.case.consent is None
    assert [d.kind for d in talk.services.outbox.due(NOW, 10) if d.case_id == agreed] == ["erase"]


async def test_who_agreed_to_nothing_is_told_so(talk: Talk) -> None:
    talk.case = TOLD.model_copy(deep=True)
    assert (await talk.say("I take back my consent"))[0] == "utter_consent_none"
    assert talk.services.outbox.depth() == 0
    assert talk.case.settled("consent")


async def test_who_changes_their_mind_again_files_a_new_case(talk: Talk) -> None:
    talk.case = ready()
    await talk.say("Yes, send it", "affirm")
    first = talk.case.model_copy()
    await talk.say("withdraw my consent")
    assert "utter_ask_consent" in await talk.say("I want a person after all", "ask_human")
    await talk.say("Yes, pass it on", "affirm")
    await talk.say("A reference is enough", "inform")
    assert "utter_filed_urgent" in await talk.say("Yes, send it", "affirm")
    assert talk.case.id != first.id
    assert talk.case.reference != first.reference
    assert {(d.case_id, d.kind) for d in talk.services.outbox.due(NOW, 10)} == {
        (first.id, "erase"),
        (talk.case.id, "case"),
    }


async def test_a_consent_can_be_taken_back_in_a_crisis(talk: Talk) -> None:
    talk.case = ready(marks=["crisis"], safe_now="no")
    await talk.say("Yes, send it", "affirm")
    assert (await talk.say("撤回同意"))[:2] == WITHDRAWN
    assert talk.case.in_crisis


async def test_a_withdrawal_that_cannot_be_stored_is_not_said_to_be_done(talk: Talk, tmp_path: Path) -> None:
    talk.case = ready()
    await talk.say("Yes, send it", "affirm")
    break_store(talk.services, tmp_path)
    assert await talk.say("withdraw my consent") == ["utter_error"]
    assert talk.case.consent
    assert talk.case.reference
