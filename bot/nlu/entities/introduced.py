"""Platforms no list knows, by the words that introduce them: "an app called GoldenMax", 平台叫鼎盛国际."""

import re
from collections.abc import Iterator

from bot.nlu.entities.entity import Entity
from bot.nlu.entities.text import Text

KIND = "platform"

_QUOTE = "[\"'“”「」『』《》]?"
_LATIN_NAME = r"[A-Z0-9][\w.&+-]*\w(?: [A-Z][\w&+-]*\w){0,2}"
_TYPED_SMALL = r"(?!(?:it|that|this|the|a|an|me|my|us|them|him|her|something|to)\b)[a-z0-9][\w.&+-]*\w"
_HAN_NAME = (
    r"(?![我你您他她它佢人咱再先又继停做咩乜什啥甚大老客会不交付转充买下去一])"
    r"[\u4e00-\u9fff]{2,6}?"
    r"(?=[\s\"'“”「」『』《》(),.;:!?，。！？；：、（）]|$|的|上|里|[,，]|那|这)"
)
_ENGLISH_THING = (
    r"(?:apps?|platforms?|sites?|websites?|exchanges?|brokers?|brokerage|marketplace|programs?|programme"
    r"|software)"
)
_CHINESE_THING = r"(?:[aA][pP][pP]|软件|软体|平台|交易所|网站|网址|系统|应用|小程序|程式|券商|钱包)"
_PATTERNS = (
    re.compile(
        rf"\b(?i:{_ENGLISH_THING})(?i:,? (?:that is|that's|which is|is|was|it's))? (?i:called|named|known as) "
        rf"{_QUOTE}(?P<name>{_LATIN_NAME}|{_TYPED_SMALL})",
        re.ASCII,
    ),
    re.compile(
        rf"(?<![A-Za-z0-9.@/-])(?P<name>[A-Z][a-z0-9]+[A-Z]\w*) (?i:{_ENGLISH_THING})\b",
        re.ASCII,
    ),
    re.compile(
        rf"{_CHINESE_THING}(?:的?名[字称]?)?(?:是叫|系叫|叫做?|叫作|名为|名叫|[:：]) ?{_QUOTE}"
        rf"(?P<name>{_LATIN_NAME}|{_TYPED_SMALL}|{_HAN_NAME})",
        re.ASCII,
    ),
    re.compile(
        rf"(?:叫做?|叫作|名为|名叫) ?{_QUOTE}(?P<name>(?:[A-Za-z0-9][\w.&+ -]{{0,20}}\w|{_HAN_NAME})){_QUOTE}"
        rf" ?(?:的|嘅)(?:[\u4e00-\u9fff]{{0,4}})?{_CHINESE_THING}",
        re.ASCII,
    ),
    re.compile(
        r"(?:下载|安装|装|注册|登录|登入)了?(?:一?个)? ?[\"“「『《](?P<name>[^\s\"”」』》]{2,12})[\"”」』》]"
    ),
    re.compile(
        r"(?:[去上在用喺装]|下载|注册|加入)了? ?(?P<name>[A-Z][\w.-]*\w) ?"
        r"(?:[玩炒做](?:外汇|期货|股票|合约|黄金|盘|[币单])|投资|买卖|平台|开户|开仓|入金|充值)",
        re.ASCII,
    ),
)

_NO_NAMES = frozenset({"DeFi", "iOS", "MacBook", "McDonald"})


def find(text: Text) -> Iterator[Entity]:
    """The names that are introduced as those of an app, platform, site, exchange or broker.

    Args:
        text: The message without what is found otherwise.

    Returns:
        Entities whose ``value`` is the name as typed.
    """
    end_of_last = 0
    spans = sorted(match.span("name") for pattern in _PATTERNS for match in pattern.finditer(text.folded))
    for start, end in spans:
        if start >= end_of_last and text.folded[start:end] not in _NO_NAMES:
            end_of_last = end
            yield Entity(KIND, start, end, text.raw[start:end], text.raw[start:end])
