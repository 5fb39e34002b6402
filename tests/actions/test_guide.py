"""What the planner learns from the registry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.case.model import Case, Payment
from actions.guide import _CURRENCY_HOME, MOST_SIGNS
from bot.languages import LANGUAGES
from tests.actions.talk import GUIDE

FACTS = GUIDE.registry
PLACES = sorted(FACTS.channels)
MOST_CRISIS_LINES = 3


@pytest.mark.parametrize(
    ("payment", "country", "situation"),
    [
        (Payment(method="bank_wire"), "US", "bank_wire_us"),
        (Payment(method="bank_wire", from_country="HK"), "US", "hk_fps"),
        (Payment(method="bank_wire", currency="CNY"), None, "china_bank_transfer"),
        (Payment(method="bank_wire", currency="CNY"), "US", "bank_wire_us"),
        (Payment(method="bank_wire", to_country="HK"), "US", "bank_wire_international"),
        (Payment(method="bank_wire", currency="USD", to_country="HK"), None, "bank_wire_international"),
        (Payment(method="bank_transfer"), None, "bank_transfer_elsewhere"),
        (Payment(method="bank_transfer", currency="EUR"), None, "bank_transfer_elsewhere"),
        (Payment(method="zelle", to_country="HK"), "US", "zelle"),
        (Payment(), "US", None),
        (Payment(method="barter"), "US", None),
    ],
)
def test_the_situation_of_a_payment(payment: Payment, country: str | None, situation: str | None) -> None:
    case = Case(country=country)
    assert GUIDE.situation(case, payment) == situation
    found = GUIDE.situation_of(case, payment)
    assert (found.id if found else None) == situation


def test_every_way_of_paying_leads_somewhere_from_everywhere() -> None:
    for method in FACTS.methods:
        for country in [None, *PLACES, "FR"]:
            for to_country in (None, "HK", "US"):
                situation = GUIDE.situation(
                    Case(country=country), Payment(method=method, to_country=to_country)
                )
                assert situation in FACTS.situations


def test_every_currency_home_is_a_known_jurisdiction() -> None:
    assert set(_CURRENCY_HOME.values()) <= set(PLACES)


def test_a_window_has_hours_where_the_sources_give_a_number() -> None:
    assert GUIDE.window_hours("bank_wire_us") == 72
    assert GUIDE.window_hours("zelle") is None
    assert GUIDE.window_hours(None) is None


def test_the_checklist_is_of_the_known_pattern_or_the_general_screening() -> None:
    assert list(GUIDE.checklist(Case())) == FACTS.screening
    for scam in FACTS.scam_types:
        flags = GUIDE.checklist(Case(scam_type=scam))
        assert flags
        assert all(GUIDE.is_strong(flag) and FACTS.scam_type_of(flag).id == scam for flag in flags)


def test_telling_signs_are_few_and_of_the_likely_pattern_first() -> None:
    weak = next(flag.id for flag in FACTS.red_flags.values() if flag.weight == "weak")
    own, strong = FACTS.scam_types["romance"].questions[0].id, "pig_butchering_1"
    case = Case(scam_type="romance", signs={weak: "w", strong: "s", own: None, "brushing_task_1": "b"})
    signs = GUIDE.telling_signs(case)
    assert signs[0] == (own, None)
    assert len(signs) == MOST_SIGNS
    assert (weak, "w") not in signs


def test_the_same_words_are_quoted_once() -> None:
    case = Case(signs={"pig_butchering_1": "we met online", "romance_1": "we met online"})
    assert len(GUIDE.telling_signs(case)) == 1


@given(st.dictionaries(st.sampled_from(sorted(FACTS.red_flags)), st.none() | st.sampled_from("abc")))
def test_every_telling_sign_was_seen(signs: dict[str, str | None]) -> None:
    case = Case(signs=signs)
    told = GUIDE.telling_signs(case)
    assert set(told) <= set(signs.items())
    assert len(told) <= MOST_SIGNS
    assert bool(told) == bool(signs)


@pytest.mark.parametrize("country", [*sorted(FACTS.reporting.report), None, "FR", "KH", "INT"])
def test_there_is_somewhere_to_report_from_everywhere(country: str | None) -> None:
    ids = [channel.id for channel in GUIDE.reporting_channels(Case(country=country))]
    assert ids
    assert ids == list(FACTS.reporting.report.get(country or "", FACTS.reporting.elsewhere))


def test_both_ends_of_a_cross_border_case_are_named_home_first() -> None:
    case = Case(
        country="US", payments=[Payment(to_country="HK"), Payment(to_country="HK"), Payment(to_country="SG")]
    )
    ids = [channel.id for channel in GUIDE.reporting_channels(case)]
    assert ids == [*FACTS.reporting.report["US"], "hk-adcc-18222", "sg-1799"]


def test_the_far_end_is_not_named_twice_nor_for_money_that_did_not_leave() -> None:
    home = FACTS.reporting.report["HK"]
    payments = [Payment(to_country="HK"), Payment(to_country="US", state="pressed")]
    assert [c.id for c in GUIDE.reporting_channels(Case(country="HK", payments=payments))] == home


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", [None, "FR", *PLACES])
def test_there_is_always_a_crisis_line(country: str | None, language: str) -> None:
    lines = GUIDE.crisis_channels(Case(country=country, language=language))
    assert 1 <= len(lines) <= MOST_CRISIS_LINES
    assert all(line.recommend and (line.phone or line.sms or line.url) for line in lines)
    at_home = FACTS.recommended(country or "", "suicide_crisis", "emotional_support")
    if at_home:
        assert {FACTS.jurisdiction_of(line) for line in lines} == {country}
        assert lines[0] == at_home[0]
    else:
        assert [line.id for line in lines] == FACTS.reporting.crisis_by_language[language]


def test_a_line_for_suicide_comes_before_one_for_a_heavy_heart() -> None:
    for place in PLACES:
        kinds = [line.kind for line in GUIDE.crisis_channels(Case(country=place))]
        if FACTS.recommended(place, "suicide_crisis"):
            assert kinds[0] == "suicide_crisis"


@pytest.mark.parametrize("place", [place for place in PLACES if place != "INT"])
def test_the_emergency_number_is_one_and_of_that_country(place: str) -> None:
    found = GUIDE.emergency_channels(Case(country="US"), place)
    assert len(found) <= 1
    for channel in found:
        assert FACTS.jurisdiction_of(channel) == place
    assert found == GUIDE.emergency_channels(Case(country=place), None)


def test_an_unknown_country_has_no_emergency_number() -> None:
    assert GUIDE.emergency_channels(Case(), None) == ()


@pytest.mark.parametrize("place", [*sorted(FACTS.reporting.held), None, "FR"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_help_for_people_who_are_held(place: str | None, language: str) -> None:
    found = GUIDE.held_channels(Case(place=place, language=language))
    assert found
    ids = [channel.id for channel in found]
    assert len(ids) == len(set(ids))
    if language == "zh_Hans":
        assert {"cn-12308", "mm-12308"} & set(ids)
