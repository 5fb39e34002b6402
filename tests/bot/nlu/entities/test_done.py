"""Steps already taken are heard; intentions, questions and refusals are not taken for them."""

import pytest

from bot.nlu.entities.done import BANK, BLOCKED, EVIDENCE, POLICE, SECURED, find
from bot.nlu.entities.text import Text


def steps(text: str) -> set[str]:
    """What was done, by the words of `text`."""
    return {entity.value for entity in find(Text.of(text))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I called the bank", {BANK}),
        ("打了，银行说登记了", {BANK}),
        ("i just called my bank and they opened a case", {BANK}),
        ("I've already spoken to Chase", {BANK}),
        ("ok, called the fraud line", {BANK}),
        ("I called Wells Fargo about the wire", {BANK}),
        ("we already contacted Commonwealth Bank", {BANK}),
        ("My husband rang HSBC this morning", {BANK}),
        ("We reported it to the police yesterday", {POLICE}),
        ("I filed a police report", {POLICE}),
        ("Filed a report with IC3", {POLICE}),
        ("I went to the police station", {POLICE}),
        ("I called the bank and went to the police", {BANK, POLICE}),
        ("I changed all my passwords", {SECURED}),
        ("I froze my card", {SECURED}),
        ("I saved the screenshots", {EVIDENCE}),
        ("i blocked him", {BLOCKED}),
        ("我已经打电话给银行了", {BANK}),
        ("我昨天已经打给 DBS 了", {BANK}),
        ("联系了银行，他们说会试", {BANK}),
        ("银行那边打过了", {BANK}),
        ("已经报警了", {POLICE}),
        ("报了警，有回执", {POLICE}),
        ("昨天去派出所报案", {POLICE}),
        ("密码都改了", {SECURED}),
        ("卡已经挂失了", {SECURED}),
        ("截图都保存了", {EVIDENCE}),
        ("我把他拉黑了", {BLOCKED}),
        ("我已經打電話給銀行了", {BANK}),
        ("打咗俾銀行", {BANK}),
        ("報咗警", {POLICE}),
        ("打了165", {POLICE}),
        ("我打給銀行了", {BANK}),
        ("打咗，銀行話幫我追", {BANK}),
        ("信用卡公司我打了", {BANK}),
        ("我把帳戶凍結了", {SECURED}),
        ("我鎖了帳戶", {SECURED}),
        ("我 called the bank 了", {BANK}),
    ],
)
def test_what_was_done_is_heard(text: str, expected: set[str]) -> None:
    assert steps(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Should I call the bank?",
        "I haven't called the bank",
        "I will call the police tomorrow",
        "the police called me",
        "He told me not to tell the bank",
        "someone from the bank called me",
        "if I called the bank, what do I say",
        "I never went to the police",
        "I want to change my password",
        "he blocked me",
        "还没报警",
        "要不要报警",
        "报警了吗",
        "我没有打给银行",
        "怎么联系银行",
        "银行打电话给我",
        "想报案",
        "未報警",
        "他把我拉黑了",
        "应该打了银行电话再说吗？",
        "平台冻结了我的账户",
        "個投資平台凍結咗我戶口",
        "我的帳戶凍結了",
    ],
)
def test_what_was_not_done_is_not(text: str) -> None:
    assert steps(text) == set()
