"""A bare answer, read in the light of the open question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from actions.case.answers import _READERS, answer
from actions.case.model import Case, Contact, Payment
from tests.actions.talk import NOW, said

UNRELATED = ("how does this work", "ask_help")


def ready(question: str) -> Case:
    """A case with one payment and `question` open."""
    contact = Contact(kind="phone") if question == "contact_value" else None
    return Case(open=question, payments=[Payment()], contact=contact)


def tell(
    question: str, text: str, need: str | None = "inform", case: Case | None = None
) -> tuple[bool, Case]:
    """Whether `text` answers `question`, and the case after it."""
    case = case or ready(question)
    case.open = question
    return answer(case, said(text, need, case), NOW), case


@pytest.mark.parametrize(
    "question",
    [f"{kind}:0" if kind in {"method", "when", "amount", "reached_bank"} else kind for kind in _READERS],
)
class TestEveryQuestion:
    """What holds of each kind of question."""

    def test_something_unrelated_leaves_it_open(self, question: str) -> None:
        question = "sign:romance_1" if question == "sign" else question
        answered, case = tell(question, *UNRELATED)
        assert not answered
        assert case.open == question

    @pytest.mark.parametrize(("text", "need"), [("not sure", "unsure"), ("我不知道", "nlu_fallback")])
    def test_not_sure_settles_it(self, question: str, text: str, need: str) -> None:
        question = "sign:romance_1" if question == "sign" else question
        case = ready(question)
        if question == "alone":
            case.mark("watched")
        answered, case = tell(question, text, need, case)
        assert answered
        assert case.open is None
        if question == "alone":
            assert case.marked("watched")


def test_without_a_question_there_is_no_answer() -> None:
    assert not answer(Case(), said("yes", "affirm"), NOW)


@pytest.mark.parametrize(
    ("text", "paid"), [("Yes, money was sent", True), ("没有，还没转", False), ("no", False)]
)
def test_paid(text: str, paid: bool) -> None:
    case = Case(open="paid")
    answered, case = tell("paid", text, "nlu_fallback", case)
    assert answered
    assert case.paid is paid
    assert len(case.payments) == paid


def test_paid_not_sure_is_not_asked_again() -> None:
    for text in ("Not sure", "不确定", "不確定"):
        answered, case = tell("paid", text, "nlu_fallback", Case())
        assert answered
        assert case.paid is None
        assert case.settled("paid")


def test_paid_makes_no_second_payment() -> None:
    _, case = tell("paid", "yes", "affirm", Case(payments=[Payment(method="zelle")]))
    assert [payment.method for payment in case.payments] == ["zelle"]


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("Gift cards", "gift_card"),
        ("by zelle I think", "zelle"),
        ("微信转的", "wechat_pay"),
        ("電匯", "bank_wire"),
    ],
)
def test_method(text: str, method: str) -> None:
    answered, case = tell("method:0", text, "nlu_fallback")
    assert answered
    assert case.payments[0].method == method


def test_the_way_of_another_payment_is_no_answer() -> None:
    case = Case(payments=[Payment(amount="29985")])
    answered, case = tell("method:0", "I also bought 20000 in gift cards", "already_paid", case)
    assert not answered
    assert case.payments[0].method is None


def test_another_way_settles_the_method() -> None:
    answered, case = tell("method:0", "Another way", "nlu_fallback")
    assert answered
    assert case.payments[0].method is None
    assert case.settled("method:0")


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("In the last few hours", 3),
        ("昨天", 24),
        ("Two or three days ago", 60),
        ("More than a week ago", 240),
    ],
)
def test_when_pressed(text: str, hours: int) -> None:
    answered, case = tell("when:0", text)
    assert answered
    assert case.payments[0].paid_at == NOW - timedelta(hours=hours)


def test_when_typed() -> None:
    answered, case = tell("when:0", "on November 12")
    assert answered
    assert case.payments[0].paid_at == datetime(2026, 11, 12, tzinfo=UTC)


def test_amount_typed_and_not_said() -> None:
    answered, case = tell("amount:0", "五万人民币")
    assert answered
    assert (case.payments[0].amount, case.payments[0].currency) == (Decimal(50000), "CNY")
    answered, case = tell("amount:0", "I'd rather not say", "deny")
    assert answered
    assert case.settled("amount:0")


def test_an_amount_without_a_currency_keeps_the_known_one() -> None:
    _, case = tell("amount:0", "30,000", case=Case(payments=[Payment(currency="HKD")]))
    assert (case.payments[0].amount, case.payments[0].currency) == (Decimal(30000), "HKD")


@pytest.mark.parametrize("kind", ["country", "place"])
@pytest.mark.parametrize(("text", "code"), [("Thailand", "TH"), ("泰国", "TH"), ("in the Philippines", "PH")])
def test_countries(kind: str, text: str, code: str) -> None:
    answered, case = tell(kind, text)
    assert answered
    assert getattr(case, kind) == code


def test_a_country_pressed() -> None:
    assert tell("country", "中國大陸", "nlu_fallback")[1].country == "CN"


@pytest.mark.parametrize(
    ("text", "need", "state"),
    [
        ("Yes, I reached them", "affirm", "recalled"),
        ("yes, they opened a case", "inform", "recalled"),
        ("They refused", "nlu_fallback", "refused"),
        ("the bank refused, they say I sent it myself", "nlu_fallback", "refused"),
        ("銀行話係我自己過嘅，唔肯停", "nlu_fallback", "refused"),
        ("打咗，銀行話幫我追", "inform", "recalled"),
        ("Not yet", "deny", "sent"),
    ],
)
def test_reached_bank(text: str, need: str, state: str) -> None:
    answered, case = tell("reached_bank:0", text, need)
    assert answered
    assert case.payments[0].state == state
    assert case.settled("reached_bank:0") == (state == "sent")


@pytest.mark.parametrize(
    ("text", "said_yes"), [("Yes", True), ("是", True), ("没有", False), ("Not sure", False)]
)
def test_sign(text: str, said_yes: bool) -> None:
    answered, case = tell("sign:romance_1", text, "nlu_fallback")
    assert answered
    assert set(case.answers) == {"romance_1"}
    assert ("romance_1" in case.signs) == said_yes


@pytest.mark.parametrize(
    ("text", "need", "safe"),
    [
        ("Yes, I am safe", "affirm", "yes"), ("I'm okay now", "inform", "yes"), ("我没事", "inform", "yes"),
        ("我现在安全", "nlu_fallback", "yes"), ("No, not safe", "deny", "no"), ("i am not safe", "inform", "no"),
        ("不安全", "nlu_fallback", "no"), ("I'm not sure", "unsure", "unsure"),
    ],
)  # fmt: skip
def test_safe_now(text: str, need: str, safe: str) -> None:
    answered, case = tell("safe_now", text, need)
    assert answered
    assert case.safe_now == safe


def test_another_cry_for_help_is_not_read_as_safe() -> None:
    _, case = tell("safe_now", "I don't feel safe with myself, I want to die", "crisis")
    assert case.safe_now != "yes"


@pytest.mark.parametrize("text", ["1", "１", "1."])
def test_alone_ends_discreet_mode(text: str) -> None:
    case = Case(marks=["watched", "crisis"])
    answered, case = tell("alone", text, "nlu_fallback", case)
    assert answered
    assert case.marks == ["crisis"]


@pytest.mark.parametrize("text", ["yes", "ok", "好", "11", "what?"])
def test_what_may_be_typed_under_eyes_does_not_end_it(text: str) -> None:
    answered, case = tell("alone", text, "affirm", Case(marks=["watched"]))
    assert not answered
    assert case.marked("watched")


def test_consent_is_dated_and_versioned() -> None:
    answered, case = tell("consent", "Yes, pass it on", "nlu_fallback")
    assert answered
    assert case.consent is not None
    assert (case.consent.given_at, case.consent.purposes) == (NOW, ["handover"])
    assert case.consent.version


@pytest.mark.parametrize("text", ["No, thank you", "不用了", "Not sure", "唔好"])
def test_anything_short_of_yes_is_no_consent(text: str) -> None:
    answered, case = tell("consent", text, "nlu_fallback")
    assert answered
    assert case.consent is None
    assert case.settled("consent")


def test_a_yes_that_asks_for_a_person_is_consent() -> None:
    assert tell("consent", "好，我想要有真人幫我", "ask_human")[1].consent is not None
    assert tell("consent", "我想要有真人", "ask_human")[1].consent is None


@pytest.mark.parametrize("text", ["对不起", "有什么会被发出去", "好多人会看吗"])
def test_words_that_only_look_like_yes_are_no_consent(text: str) -> None:
    assert tell("consent", text, "nlu_fallback")[1].consent is None


@pytest.mark.parametrize(
    ("text", "need", "contact"),
    [
        ("By phone", "inform", Contact(kind="phone")),
        ("电邮", "nlu_fallback", Contact(kind="email")),
        ("A reference is enough", "deny", Contact(kind="none")),
        ("no", "deny", Contact(kind="none")),
        ("+1 415 555 0123", "inform", Contact(kind="phone", value="+14155550123")),
        ("write to me at someone@example.org", "inform", Contact(kind="email", value="someone@example.org")),
    ],
)
def test_contact(text: str, need: str, contact: Contact) -> None:
    answered, case = tell("contact", text, need)
    assert answered
    assert case.contact == contact


@pytest.mark.parametrize(
    ("text", "need", "contact"),
    [
        ("+852 2345 6789", "inform", Contact(kind="phone", value="+85223456789")),
        ("someone@example.org", "inform", Contact(kind="email", value="someone@example.org")),
        ("I'd rather not say", "nlu_fallback", Contact(kind="none")),
        ("no", "deny", Contact(kind="none")),
    ],
)
def test_contact_value(text: str, need: str, contact: Contact) -> None:
    answered, case = tell("contact_value", text, need)
    assert answered
    assert case.contact == contact


def test_a_number_that_is_none_is_asked_for_again() -> None:
    answered, case = tell("contact_value", "call me at home", "inform")
    assert not answered
    assert case.open == "contact_value"


def test_the_summary_is_agreed_with_yes_alone() -> None:
    assert tell("summary_ok", "Yes, send it", "nlu_fallback")[1].filing_agreed
    for text, need in (("no", "deny"), ("Something is wrong", "nlu_fallback"), ("not sure", "unsure")):
        assert not tell("summary_ok", text, need)[1].filing_agreed


def test_a_story_settles_its_question_and_is_still_a_message() -> None:
    answered, case = tell("story", "they told me to invest", "tell_romance_investment", Case())
    assert not answered
    assert case.settled("story")


def test_where_the_money_went_is_not_where_one_lives() -> None:
    answered, case = tell("country", "and yesterday i wired 20k from wells fargo to a bank in hong kong")
    assert (answered, case.country) == (False, None)


@pytest.mark.parametrize(("text", "country"), [("uk", "GB"), ("sg", "SG"), ("us.", "US"), ("no", None)])
def test_a_country_by_its_two_letters(text: str, country: str | None) -> None:
    assert tell("country", text, "nlu_fallback")[1].country == country


@pytest.mark.parametrize(
    "text", ["yes send it", "yes, please send it", "对，发", "好，转给真人吧", "可以 send"]
)
def test_a_yes_in_so_many_words_counts_whatever_the_model_makes_of_it(text: str) -> None:
    answered, case = tell("summary_ok", text, "ask_human")
    assert answered
    assert case.filing_agreed


def test_where_the_family_lives_is_not_where_somebody_is_held() -> None:
    case = Case(role="relative_trapped", open="place")
    assert tell("place", "I am in Kenya, he is a Chinese citizen", case=case)[1].place is None
    assert tell("place", "I am in Kenya, he is in Laos", case=case)[1].place == "LA"


def test_a_cry_for_help_answers_no_other_question() -> None:
    answered, case = tell("when:0", "I want to jump off the bridge tonight", "crisis")
    assert not answered
    assert case.payments[0].paid_at is None


def test_a_correction_that_begins_with_a_no_is_no_answer() -> None:
    payment = Payment(amount=Decimal(25000), currency="MYR", method="bank_transfer")
    case = Case(payments=[payment], country="MY")
    answered, case = tell("reached_bank:0", "不对，是 RM 15000 不是 25000", "deny", case)
    assert not answered
    assert not case.settled("reached_bank:0")


@pytest.mark.parametrize(
    ("question", "text"), [("reached_bank:0", "不是微信 是支付宝"), ("consent", "不对 是前天转的")]
)
def test_a_fact_put_right_is_no_answer_of_no(question: str, text: str) -> None:
    assert not tell(question, text, "correct_answer")[0]


@pytest.mark.parametrize("text", ["支付宝那边拒绝了", "they rejected it", "銀行拒絕受理"])
def test_a_bank_that_refused_is_heard_in_typed_words(text: str) -> None:
    answered, case = tell("reached_bank:0", text)
    assert answered
    assert case.payments[0].state == "refused"


def test_where_somebody_is_held_is_not_where_the_writer_lives() -> None:
    answered, case = tell("country", "不是柬埔寨 搞错了 在缅甸", "trapped", Case(role="relative_trapped"))
    assert not answered
    assert case.country is None


@pytest.mark.parametrize("text", ["还没联系", "還沒打"])
def test_not_yet_is_a_no(text: str) -> None:
    answered, case = tell("reached_bank:0", text, "nlu_fallback")
    assert answered
    assert case.payments[0].state == "sent"
