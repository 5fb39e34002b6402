"""What a message leaves in the case, from facts as they are found in real sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.case.absorb import SCAM_TYPES, absorb
from actions.case.model import Case, Contact, Payment
from tests.actions.talk import said

YESTERDAY = datetime(2026, 11, 19, tzinfo=UTC)
WALLET = "0x52908400098527886E0F7030069857D2E4169EE7"


def told(*sentences: tuple[str, str], case: Case | None = None) -> Case:
    """A case after (text, need) were said."""
    case = case or Case()
    for text, need in sentences:
        absorb(case, said(text, need, case))
    return case


def paid(text: str, need: str = "already_paid", case: Case | None = None) -> Payment:
    """The only payment of a case after `text`."""
    (payment,) = told((text, need), case=case).payments
    return payment


@pytest.mark.parametrize(
    ("text", "amount", "currency", "method"),
    [
        ("I wired $50,000 yesterday", 50000, "USD", "bank_wire"),
        ("昨天我电汇了5万美元", 50000, "USD", "bank_wire"),
        ("昨天我用微信轉了三千塊人民幣", 3000, "CNY", "wechat_pay"),
        ("I bought gift cards for 400 dollars yesterday and sent the codes", 400, "USD", "gift_card"),
    ],
)
def test_a_payment_is_taken_from_one_sentence(text: str, amount: int, currency: str, method: str) -> None:
    payment = paid(text)
    assert (payment.amount, payment.currency, payment.method) == (Decimal(amount), currency, method)
    assert payment.paid_at == YESTERDAY or "微信" in text
    assert payment.state == "sent"


def test_two_payments_in_one_message_stay_two() -> None:
    case = told(("I sent $5,000 by Zelle yesterday and $2,000 in gift cards today", "already_paid"))
    first, second = case.payments
    assert (first.amount, first.method, first.paid_at) == (Decimal(5000), "zelle", YESTERDAY)
    assert (second.amount, second.method) == (Decimal(2000), "gift_card")
    assert second.paid_at == datetime(2026, 11, 20, tzinfo=UTC)
    assert case.paid is True


def test_two_amounts_by_one_way_are_one_payment() -> None:
    """A balance shown on a platform is no second payment."""
    assert len(told(("I wired $5,000 and now the app shows $90,000", "already_paid")).payments) == 1


def test_later_facts_complete_the_payment() -> None:
    case = told(
        ("I sent money by wire", "already_paid"),
        ("it was $50,000", "inform"),
        ("yesterday, from Chase", "inform"),
    )
    (payment,) = case.payments
    assert (payment.method, payment.amount, payment.currency) == ("bank_wire", Decimal(50000), "USD")
    assert (payment.paid_at, payment.institution) == (YESTERDAY, "Chase")


FACTS = (("it was $50,000", "inform"), ("it went by wire", "inform"), ("I live in Canada", "inform"))


@pytest.mark.parametrize("order", list(permutations(FACTS)))
def test_the_order_of_facts_does_not_matter(order: tuple[tuple[str, str], ...]) -> None:
    case = told(("I sent them money", "already_paid"), *order)
    (payment,) = case.payments
    assert (payment.amount, payment.currency, payment.method) == (Decimal(50000), "USD", "bank_wire")
    assert case.country == "CA"


def test_telling_a_payment_again_is_not_another_payment() -> None:
    case = told(("I wired $50,000 yesterday", "already_paid"), ("I wired $50,000 yesterday", "already_paid"))
    assert len(case.payments) == 1


def test_another_amount_is_another_payment() -> None:
    case = told(("I wired $50,000 yesterday", "already_paid"), ("I also wired $2,000 today", "already_paid"))
    assert [payment.amount for payment in case.payments] == [Decimal(50000), Decimal(2000)]


def test_what_is_demanded_has_not_left() -> None:
    case = told(("they want me to pay a deposit of $3000", "about_to_pay"))
    (payment,) = case.payments
    assert (payment.state, payment.amount, payment.paid_at) == ("pressed", Decimal(3000), None)
    assert case.paid is None


def test_a_demand_that_was_paid_is_sent() -> None:
    case = told(("they want me to pay $3000", "about_to_pay"), ("I sent the $3000 by Zelle", "already_paid"))
    (payment,) = case.payments
    assert (payment.state, payment.method) == ("sent", "zelle")


def test_a_demand_beside_a_payment_stays_apart() -> None:
    case = told(("I wired $50,000", "already_paid"), ("now they want me to pay a $3000 tax", "about_to_pay"))
    assert [(p.amount, p.state) for p in case.payments] == [(50000, "sent"), (3000, "pressed")]


@pytest.mark.parametrize("text", ["I haven't sent anything", "我还没转钱", "我未過數"])
def test_nothing_sent_is_noted_and_makes_no_payment(text: str) -> None:
    case = told((text, "inform"))
    assert case.payments == []
    assert case.paid is False


def test_nothing_more_sent_does_not_undo_a_payment() -> None:
    case = told(("I wired $50,000", "already_paid"), ("I haven't sent anything else", "inform"))
    assert case.paid is True
    assert len(case.payments) == 1


def test_the_recipient_is_kept_as_typed() -> None:
    payment = paid(f"I sent 2000 USDT to {WALLET}")
    assert payment.recipient == [WALLET]
    assert payment.currency == "USDT"


def test_a_recipient_is_noted_once() -> None:
    case = told((f"I sent 2000 USDT to {WALLET}", "already_paid"), (f"the address is {WALLET}", "inform"))
    assert case.payments[0].recipient == [WALLET]


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("I wired $50,000 to Hong Kong", "HK"),
        ("I wired $50,000 to a bank in Hong Kong", "HK"),
        ("我转了五万到香港", "HK"),
        ("钱汇到了马来西亚", "MY"),
        ("I live in Canada and wired $50,000", None),
    ],
)
def test_the_destination_is_where_money_went_to(text: str, country: str | None) -> None:
    assert paid(text).to_country == country


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("I live in Canada", "CA"),
        ("I'm in the United States", "US"),
        ("im in canada", "CA"),
        ("we've been living in Malaysia for years and we lost it all", "MY"),
        ("here in Australia nobody helps me", "AU"),
        ("living in Singapore, lost everything", "SG"),
        ("我在美国，钱被骗了", "US"),
        ("我现在人在加拿大读书", "CA"),
        ("我住在新加坡好多年了", "SG"),
        ("我而家喺香港，好驚", "HK"),
        ("人在台灣，該去哪裡報案", "TW"),
    ],
)
def test_where_someone_lives_is_said_in_the_first_person(text: str, country: str) -> None:
    assert told((text, "already_paid")).country == country


@pytest.mark.parametrize(
    "text",
    [
        "my mother lives in China and they called her every day",
        "my son is in Cambodia and I cannot reach him any more",
        "she is living in Malaysia with those people I believe",
        "I wired all of my savings to a bank account in Hong Kong",
        "我妈住在中国，被人骗了好多钱，怎么办",
        "我朋友在缅甸被关起来了，联系不上他",
        "他说他在新加坡做金融，让我跟着他投资",
        "是美国打来的电话，说我涉嫌洗钱犯罪",
    ],
)
def test_where_somebody_else_is_says_nothing_of_the_person(text: str) -> None:
    assert told((text, "already_paid")).country is None


@pytest.mark.parametrize("text", ["Canada", "加拿大", "in Canada"])
def test_a_country_alone_is_an_answer(text: str) -> None:
    assert told((text, "inform")).country == "CA"


def test_a_country_that_answered_another_question_is_not_where_they_live() -> None:
    case = Case(role="relative_trapped")
    absorb(case, said("Cambodia", "inform", case), asked="place", answered=True)
    assert case.country is None


def test_where_they_live_is_not_changed_in_passing() -> None:
    case = told(("I live in Canada", "inform"), ("I'm in China at the moment", "inform"))
    assert case.country == "CA"


def test_facts_beside_a_bare_answer_are_kept_with_the_payment_asked_about() -> None:
    case = Case(payments=[Payment(), Payment(method="zelle", amount=Decimal(5))])
    absorb(case, said("by wire, $50,000, yesterday", "inform", case), asked="method:0", answered=True)
    first, second = case.payments
    assert (first.amount, first.paid_at) == (Decimal(50000), YESTERDAY)
    assert (second.amount, second.paid_at) == (Decimal(5), None)


def test_facts_that_do_not_answer_are_kept_with_the_payment_asked_about() -> None:
    case = Case(payments=[Payment(), Payment()])
    absorb(case, said("it was $50,000", "inform", case), asked="when:0")
    assert [payment.amount for payment in case.payments] == [Decimal(50000), None]


@pytest.mark.parametrize("asked", ["country", "place", "contact_value", "consent", "sign:romance_1"])
def test_an_answer_to_something_else_leaves_payments_alone(asked: str) -> None:
    case = Case(payments=[Payment()])
    absorb(case, said("yes, since yesterday, $500", "affirm", case), asked=asked, answered=True)
    assert case.payments == [Payment()]


@pytest.mark.parametrize(
    "text",
    [
        "it was 30,000, not 50,000",
        "not 50,000 but 30,000",
        "不是5万，是3万",
        "說錯了，是3萬",
        "I meant 30,000",
    ],
)
def test_a_correction_replaces_the_amount_that_is_known(text: str) -> None:
    case = told(("I wired $50,000 yesterday", "already_paid"), (text, "inform"))
    (payment,) = case.payments
    assert (payment.amount, payment.currency) == (Decimal(30000), "USD")
    assert (payment.method, payment.paid_at) == ("bank_wire", YESTERDAY)


def test_a_correction_changes_the_payment_it_names() -> None:
    case = Case(
        payments=[
            Payment(amount=Decimal(50000), currency="USD", method="bank_wire"),
            Payment(amount=Decimal(20000), currency="USD", method="zelle"),
        ]
    )
    told(("it was 30,000, not 50,000", "correct_answer"), case=case)
    assert [payment.amount for payment in case.payments] == [Decimal(30000), Decimal(20000)]


def test_a_correction_by_currency_changes_the_payment_in_it() -> None:
    case = Case(
        payments=[
            Payment(amount=Decimal(50000), currency="CNY"),
            Payment(amount=Decimal(20000), currency="USD"),
        ]
    )
    told(("actually it was 60000 yuan", "correct_answer"), case=case)
    assert [payment.amount for payment in case.payments] == [Decimal(60000), Decimal(20000)]


def test_a_correction_replaces_the_way_that_is_known() -> None:
    case = Case(payments=[Payment(method="bank_wire", amount=Decimal(5))])
    told(("not a wire, it was Zelle", "correct_answer"), case=case)
    assert case.payments == [Payment(method="zelle", amount=Decimal(5))]


@pytest.mark.parametrize("text", ["not the US, I live in Canada", "我不是在美国，是在加拿大", "Canada"])
def test_a_correction_replaces_the_country_that_is_known(text: str) -> None:
    assert told((text, "correct_answer"), case=Case(country="US")).country == "CA"


def test_a_corrected_destination_is_not_where_they_live() -> None:
    case = Case(country="US", payments=[Payment(to_country="CN")])
    told(("actually I sent it to Hong Kong", "correct_answer"), case=case)
    assert case.country == "US"
    assert case.payments[0].to_country == "HK"


def test_a_corrected_number_is_the_one_to_call() -> None:
    case = Case(contact=Contact(kind="phone", value="+14155550000"))
    told(("my number is +1 415 555 0123", "correct_answer"), case=case)
    assert case.contact == Contact(kind="phone", value="+14155550123")


def test_no_contact_is_taken_from_a_correction_when_none_was_wished() -> None:
    assert told(("my number is +1 415 555 0123", "correct_answer")).contact is None


@pytest.mark.parametrize(("need", "scam_type"), SCAM_TYPES.items())
def test_a_story_names_its_pattern(need: str, scam_type: str) -> None:
    case = told(("they did this to me", need))
    assert case.scam_type == scam_type
    assert case.role != "unknown"


def test_a_blocked_withdrawal_gives_way_to_the_story_that_led_there() -> None:
    case = told(("I can't withdraw", "tell_cannot_withdraw"), ("we met online", "tell_romance_investment"))
    assert case.scam_type == "pig_butchering"
    told(("I can't withdraw", "tell_cannot_withdraw"), case=case)
    assert case.scam_type == "pig_butchering"


@pytest.mark.parametrize(
    "text",
    [
        "I met him on Hinge, he taught me to trade crypto and now they want a tax before I can withdraw",
        "網上認識的男人帶我投資，現在要先繳稅才能提領",
    ],
)
def test_a_blocked_withdrawal_has_the_name_of_what_led_there(text: str) -> None:
    assert told((text, "tell_cannot_withdraw")).scam_type == "pig_butchering"


def test_who_they_are_in_this_is_taken_once() -> None:
    case = told(
        ("my mum is being scammed", "relative_scammed"), ("they asked her for tasks", "tell_task_scam")
    )
    assert case.role == "relative"


def test_signs_are_kept_in_their_own_words() -> None:
    case = told(("做任务要先充值三千", "tell_task_scam"))
    assert case.signs
    assert all(quote in "做任务要先充值三千" for quote in case.signs.values() if quote)


def test_details_that_were_given_away_are_noted() -> None:
    assert told(("I gave them my passport", "shared_details")).shared_details
    assert not told(("I wired $50,000", "already_paid")).shared_details


NEEDS = st.sampled_from(
    [*SCAM_TYPES, "already_paid", "about_to_pay", "inform", "correct_answer", "deny", None]
)
WORDS = st.sampled_from(
    [
        "I wired",
        "$50,000",
        "不是",
        "3万",
        "to Hong Kong",
        "我在",
        "美国",
        "yesterday",
        WALLET,
        "Zelle",
        "not sent",
        "🙏",
        "{x}",
    ]
)
SENTENCES = st.lists(WORDS, max_size=6).map(" ".join) | st.text(max_size=30)


@given(
    st.lists(st.tuples(SENTENCES, NEEDS), max_size=4), st.sampled_from([None, "paid", "country", "consent"])
)
def test_nothing_said_breaks_the_case_and_no_payment_is_lost(
    sentences: list[tuple[str, str]], asked: str | None
) -> None:
    case = Case()
    before = 0
    for text, need in sentences:
        absorb(case, said(text, need, case), asked=asked)
        assert len(case.payments) >= before
        before = len(case.payments)
    assert Case.model_validate(case.model_dump(mode="json")) == case


def test_a_further_payment_told_without_a_verb_is_kept() -> None:
    case = told(
        ("I sent 5000 by western union on September 3rd", "already_paid"),
        ("then last week 8000 by zelle", "inform"),
    )
    assert [payment.amount for payment in case.payments] == [Decimal(5000), Decimal(8000)]
    assert case.payments[1].method == "zelle"


def test_the_bank_that_was_called_is_that_of_the_payment_whose_way_is_named() -> None:
    case = told(
        ("I sent $450 by zelle on Monday", "already_paid"),
        ("I sent $150 by paypal on Saturday", "already_paid"),
        ("I called paypal today", "inform"),
    )
    assert [payment.state for payment in case.payments] == ["sent", "recalled"]


def test_another_date_makes_the_first_steps_due_again() -> None:
    case = told(("I wired $2,000 yesterday", "already_paid"))
    case.told = ["stop:0:bank_wire_us:timed", "hold"]
    told(("it was last friday, not yesterday", "correct_answer"), case=case)
    assert case.told == ["hold"]


def test_a_student_in_a_city_lives_there() -> None:
    assert told(("I paid 12000 pounds, I'm a student in Leeds", "already_paid")).country == "GB"


def test_what_went_through_a_lent_account_is_no_payment_of_theirs() -> None:
    case = told(("我帮人跑分，用自己的卡收钱再转出去三万", "lent_account"))
    assert (case.role, case.payments) == ("mule", [])


def test_a_card_one_locked_oneself_is_not_frozen_by_others() -> None:
    assert not told(("我马上去挂失了 银行卡也锁了", "account_frozen")).frozen
    assert told(("我的银行卡被冻结了", "account_frozen")).frozen


def test_the_country_of_ones_own_account_is_where_the_money_left() -> None:
    assert paid("上周一从香港汇丰电汇了4万美金到迪拜").from_country == "HK"


@pytest.mark.parametrize("text", ["我在湖南", "人在郑州", "骗了七万，人在西安", "我住在青岛"])
def test_provinces_and_cities_of_the_mainland_are_known(text: str) -> None:
    assert told((text, "inform")).country == "CN"


def test_what_is_demanded_before_something_is_done_has_not_left() -> None:
    assert paid("有个公司说交3000就能把视频删了", "tell_recovery_offer").state == "pressed"


def test_a_passport_that_was_taken_is_no_citizenship() -> None:
    assert told(("我被騙來柬埔寨 護照被他們拿走", "trapped")).citizenship is None
    assert told(("我拿台灣護照", "inform")).citizenship == "TW"


def test_who_froze_it_is_heard_from_the_bank() -> None:
    assert told(("戶頭變警示帳戶，銀行說是警察通報的", "account_frozen")).frozen_by == "police"


@pytest.mark.parametrize(("likely", "role"), [(0.28, "mule"), (0.05, "unknown")])
def test_an_account_that_was_likely_lent_and_is_frozen_makes_a_mule(likely: float, role: str) -> None:
    case = Case()
    message = said("寄了提款卡，現在是警示帳戶", "account_frozen", case)
    absorb(case, replace(message, ranking=[("account_frozen", 0.6), ("lent_account", likely)]))
    assert case.role == role


def test_one_call_settles_one_payment() -> None:
    case = Case(payments=[Payment(amount="1"), Payment(amount="2")], open="reached_bank:0")
    case.payments[0].state = "recalled"
    absorb(case, said("我打給銀行了", "inform", case), asked="reached_bank:0", answered=True)
    assert case.payments[1].state == "sent"


def test_a_payment_told_beside_an_answer_is_kept() -> None:
    case = Case(open="country")
    message = said("I live in Hong Kong, I sent 5000 by FPS", "inform", case)
    absorb(case, message, asked="country", answered=True)
    assert [payment.amount for payment in case.payments] == [Decimal(5000)]
