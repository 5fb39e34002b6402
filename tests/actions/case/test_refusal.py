"""Who turned whom away."""

from __future__ import annotations

import pytest

from actions.case.refusal import bank_refused, declines_to_send, takes_the_case, turned_away


@pytest.mark.parametrize("text", ["the bank said no", "my bank won't help", "銀行拒絕受理", "银行不肯"])
def test_the_bank_refused(text: str) -> None:
    assert bank_refused(text)


@pytest.mark.parametrize("text", ["the police refused", "派出所不立案", "the bank helped me"])
def test_it_was_not_the_bank(text: str) -> None:
    assert not bank_refused(text)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("they rejected it", True),
        ("he can't stop it", True),
        ("他们没办法追", True),
        ("唔肯幫我", True),
        ("they will help", False),
        ("我还没问", False),
    ],
)
def test_turned_away(text: str, refused: bool) -> None:
    assert turned_away(text) is refused


@pytest.mark.parametrize(
    ("text", "declined"),
    [("don't send it", True), ("先不要发", True), ("ok send it", False), ("发吧", False)],
)
def test_declines_to_send(text: str, declined: bool) -> None:
    assert declines_to_send(text) is declined


@pytest.mark.parametrize(
    "text", ["the police said case opened already", "they took my report", "派出所立案了", "警察已经立案"]
)
def test_the_police_took_it(text: str) -> None:
    assert takes_the_case(text)


@pytest.mark.parametrize(
    "text", ["they would not open a case", "派出所不予立案", "还没立案了解情况", "no case number"]
)
def test_the_police_did_not(text: str) -> None:
    assert not takes_the_case(text)


@pytest.mark.parametrize("text", ["先别转了 我儿子知道会恨我的", "不要转给工作人员", "那先不转。", "別轉交"])
def test_not_to_be_passed_on(text: str) -> None:
    assert declines_to_send(text)
