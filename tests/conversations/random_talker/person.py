"""A person who may say anything next: a message of the evaluation sets, a button, an answer, a command, nonsense."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from random import Random

from actions.case.model import Case
from actions.responses import responses
from actions.resume_code import shown
from bot.catalogs import translate
from bot.languages import ENGLISH, LANGUAGES, SIMPLIFIED, TRADITIONAL
from tests.conversations.random_talker.readings import evaluation_messages
from tests.conversations.random_talker.stage import Exchange

_SETS = {
    ENGLISH: ("en", "en_2"),
    SIMPLIFIED: ("zh-Hans", "zh-Hans_2"),
    TRADITIONAL: ("zh-Hant", "zh-Hant_2"),
}
_TYPED: Mapping[str, tuple[str, ...]] = {
    "story": (
        "they said my account is at risk and I must move it",
        "他们说我涉案了要配合调查",
        "他們說我中獎了",
    ),
    "paid": ("yes", "no not yet", "付了", "還沒有", "not sure"),
    "method": ("by wire", "USDT", "微信转的", "用信用卡刷的", "I don't know"),
    "when": ("yesterday", "three days ago", "昨天下午", "上禮拜", "2 hours ago", "记不清了"),
    "amount": ("$5,000", "三万块", "about 20k USDT", "NT$80,000", "skip", "不想说"),
    "country": ("Australia", "I live in Germany", "中国大陆", "我住台北", "not sure"),
    "place": ("Cambodia", "缅甸", "in Dubai", "不知道", "nobody is held"),
    "citizenship": ("Malaysian", "中国", "台灣護照", "no idea"),
    "frozen_by": ("the police", "银行冻的", "不知道是誰"),
    "reached_bank": ("yes I called them", "not yet", "他们说没办法", "打通了"),
    "sign": ("yes", "no", "not sure", "对", "沒有"),
    "safe_now": ("yes I'm safe", "no", "我没事", "我不知道", "what do you care"),
    "alone": ("I'm alone now", "1", "我现在一个人", "我一個人", "ok"),
    "consent": ("yes please", "no", "好的", "不要", "maybe later"),
    "contact": ("email me at jo.lin@example.org", "phone", "不用联系我", "寫信就好"),
    "contact_value": ("+61 491 570 156", "jo.lin@example.org", "rather not say", "算了"),
    "summary_ok": ("yes", "no that's wrong", "对，发吧", "金額不對", "don't send it"),
    "check_in": ("yes", "no thanks", "好", "不用了"),
    "what_is_wrong": ("it was 30,000 not 50,000", "是三万不是五万", "I live in Canada"),
    "confirm_delete": ("yes", "no", "是的，删除", "不要刪"),
    "confirm_restart": ("yes", "no", "好", "不要"),
    "": ("ok", "what now", "然后呢", "接下來呢"),
}
_COMMANDS = (
    "my plan", "我的计划", "my code", "我的代碼", "why do you ask", "为什么问这个", "remind me", "stop", "停",
    "start over", "重新开始", "delete everything", "中文", "English please", "繁體中文", "I want a person", "我要找人",
    "K7Q-M2X-R4T-9BD-FGH-2JK",
)  # fmt: skip
_NONSENSE = (
    "", "🙂", "😭", "???", "{amount}", "<script>alert(1)</script>", "'; DROP TABLE cases; --", "\u202eabc\u202c",
    "/restart", "asdf qwer", "１２３４５", "bonjour je suis perdue, aidez-moi", "助けてください", "ａｂｃ",
    "call me on +1 415 555 0132", "http://gold-fx.example/login", "0x52908400098527886E0F7030069857D2E4169EE8",
)  # fmt: skip
_HABITS = {"message": 55, "press": 18, "answer": 18, "command": 6, "nonsense": 3}
_OWN_LANGUAGE = 0.8


def everything_said() -> Iterator[str]:
    """All that a person may say but for a code that was given."""
    for texts in (*evaluation_messages().values(), *_TYPED.values(), _COMMANDS, _NONSENSE):
        yield from texts
    yield from _all_buttons()


def _all_buttons() -> Iterator[str]:
    for name, response in responses().items():
        titles = [button["title"] for button in response.get("buttons", ())]
        if name.startswith("utter_reading_"):
            titles.append(response["text"])
        yield from (translate(title, language) for title in titles for language in LANGUAGES)


class Person:
    """Decides what is said next; the same seed says the same to the same answers."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        self.language = self._chance.choice(LANGUAGES)
        self.channel = self._chance.choice(("webchat", "rest"))
        self.time_zone = self._chance.choice((None, "Asia/Shanghai", "Asia/Taipei", "America/New_York"))
        self.opens_the_page = self._chance.random() < 0.5
        self.deletes = self._chance.random() < 0.3
        sets = evaluation_messages()
        self._own = [text for name in _SETS[self.language] for text in sets[name]]
        self._any = [text for texts in sets.values() for text in texts]

    def next_message(self, case: Case, last: Exchange | None) -> str:
        """What is said now."""
        habit = self._chance.choices(list(_HABITS), weights=list(_HABITS.values()))[0]
        buttons = last.buttons if last else []
        if habit == "press" and buttons:
            return self._chance.choice(buttons)
        if habit == "answer":
            return self._chance.choice(_TYPED.get((case.open or "").partition(":")[0], _TYPED[""]))
        if habit == "command":
            own_code = [shown(case.resume_code)] if case.resume_code else []
            return self._chance.choice([*_COMMANDS, *own_code])
        if habit == "nonsense":
            return self._chance.choice(_NONSENSE)
        return self._chance.choice(self._own if self._chance.random() < _OWN_LANGUAGE else self._any)


def title(response: str, value: str, language: str) -> str:
    """The button of `response` that stands for `value`."""
    buttons: Iterable[Mapping[str, str]] = responses()[response]["buttons"]
    return translate(next(button["title"] for button in buttons if button["payload"] == value), language)
