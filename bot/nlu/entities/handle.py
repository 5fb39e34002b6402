"""The names people go by on chat and social platforms: @name, 微信号, LINE ID, t.me links."""

import re
from collections.abc import Iterator

from bot.nlu.entities.entity import Entity
from bot.nlu.entities.text import Text

KIND = "handle"

_PLATFORMS = {
    "telegram": "Telegram", "tg": "Telegram", "t.me": "Telegram", "telegram.me": "Telegram", "电报": "Telegram",
    "飞机": "Telegram", "纸飞机": "Telegram",
    "whatsapp": "WhatsApp",
    "line": "LINE",
    "wechat": "WeChat", "weixin": "WeChat", "wx": "WeChat", "vx": "WeChat", "微信": "WeChat",
    "qq": "QQ",
    "instagram": "Instagram", "insta": "Instagram", "ig": "Instagram", "instagram.com": "Instagram",
    "snapchat": "Snapchat", "snap": "Snapchat",
    "discord": "Discord",
    "facebook": "Facebook", "fb": "Facebook", "facebook.com": "Facebook", "脸书": "Facebook",
    "twitter": "Twitter", "推特": "Twitter",
    "tiktok": "TikTok", "tiktok.com": "TikTok", "抖音": "Douyin", "小红书": "小红书",
    "kakao": "KakaoTalk", "kakaotalk": "KakaoTalk",
    "skype": "Skype",
}  # fmt: skip
_SITE = r"(?:t\.me|telegram\.me|instagram\.com|facebook\.com|tiktok\.com)"
_NAMED = "|".join(sorted((re.escape(name) for name in _PLATFORMS if ".com" not in name and ".me" not in name), key=len,
                         reverse=True))  # fmt: skip
_NAME = r"[a-z0-9_][\w.-]{2,30}\w"
_TOLD_APART = rf"(?=[\w.-]*[\d_]){_NAME}"
"""A name no word is mistaken for."""

_ID = r"[ ]?(?:id|handle|username|user ?name|user|account|号码?|账号|帐号|用户名)"
_IS = r"[ ]?(?:is|was|[:=]|是|系|係|为|叫)?[ ]?[\"'“「]?"
_PATTERNS = (
    re.compile(
        rf"(?<![a-z0-9.])(?:www\.)?(?P<on>{_SITE})/@?(?P<name>[a-z_][\w.]{{2,31}})(?![\w/])", re.ASCII
    ),
    re.compile(
        rf"(?<![a-z0-9])(?P<on>{_NAMED})(?:"
        rf"{_ID}[ ]?[:=][ ]?@?(?P<after_id>{_NAME})"
        rf"|(?:{_ID}{_IS}|[ ]?[:=][ ]?)@?(?P<after_cue>{_TOLD_APART})"
        rf"|[ ]?[:=]?[ ]?@(?P<after_at>[a-z_][\w.]{{1,30}}\w)"
        rf"|[ ]?(?P<bare>(?=[\w.-]*[a-z]){_TOLD_APART}))(?![\w@])",
        re.ASCII,
    ),
    re.compile(r"(?<![\w.@/-])@(?P<name>[a-z_]\w{2,31})(?![\w@-]|\.[a-z]{2})", re.ASCII),
)
_NO_NAMES = frozenset(
    {"here", "gmail", "hotmail", "outlook", "yahoo", "name", "number", "wallet", "transfer"}
)
_PLATFORM_BEFORE = re.compile(rf"(?<![a-z0-9])({_NAMED})[^.!?。！？,，]{{0,10}}$", re.ASCII)
_LOOKBACK = 24


def find(text: Text) -> Iterator[Entity]:
    """The handles in a message.

    Returns:
        Entities with the value ``{"name": without its @, "platform": canonical name or None when not told}``.
    """
    end_of_last = 0
    for match in sorted(
        (match for pattern in _PATTERNS for match in pattern.finditer(text.lower)), key=_span
    ):
        start, end = _span(match)
        if start < end_of_last or text.lower[start:end] in _NO_NAMES:
            continue
        end_of_last = end
        value = {"name": text.folded[start:end], "platform": _platform(text, match)}
        start -= text.lower[start - 1 : start] == "@"
        yield Entity(KIND, start, end, text.raw[start:end], value)


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Where the name stands, whichever group it is in; a platform's own group is never the last one to match."""
    return match.span(match.lastgroup or 0)


def _platform(text: Text, match: re.Match[str]) -> str | None:
    written = match.groupdict().get("on")
    if written is None:
        before = _PLATFORM_BEFORE.search(text.lower[max(0, match.start() - _LOOKBACK) : match.start()])
        written = before[1] if before else None
    return _PLATFORMS[written] if written else None
