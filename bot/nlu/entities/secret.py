"""What must be masked and never be stored: seed phrases, keys, card numbers, passwords and codes."""

import re
from collections.abc import Iterator
from functools import cache

from mnemonic import Mnemonic
from stdnum import luhn

from bot.nlu.entities import addresses
from bot.nlu.entities.entity import Entity
from bot.nlu.entities.text import Text, lower

KIND = "secret"

Span = tuple[int, int, bool | None]

_SEED_LANGUAGES = ("english", "chinese_simplified", "chinese_traditional")
_SEED_LENGTHS = frozenset({12, 15, 18, 21, 24})
_SEED_MIN = 12
_SHORTEST_SEED_WORD = 3
_SEED_WORD = re.compile(r"[a-z]+|[\u3400-\u9fff]")
_SEED_GAP = re.compile(r"[\s,，、;|/_.\-:\d()#]{1,8}")
_SEED_CUE = re.compile(
    r"seed|mnemonic|sync phrase|phrase was|12 words|24 words|twelve words|recovery phrase|recovery words"
    r"|secret phrase|backup phrase|助[记憶忆]词|恢复词|种子"
    r"|私钥短语"
)

_PRIVATE_KEY = re.compile(r"(?<![A-Za-z0-9])(?:0[xX])?[0-9a-fA-F]{64}(?![A-Za-z0-9])")
_SOLANA_KEY = re.compile(r"(?<![A-Za-z0-9])[1-9A-HJ-NP-Za-km-z]{86,88}(?![A-Za-z0-9])")
_WIF = re.compile(r"(?<![A-Za-z0-9])[5KL][1-9A-HJ-NP-Za-km-z]{50,51}(?![A-Za-z0-9])")
_EXTENDED_KEY = re.compile(r"(?<![A-Za-z0-9])[xyzt]prv[1-9A-HJ-NP-Za-km-z]{100,112}(?![A-Za-z0-9])")
_KEY_CUE = re.compile(r"\bkeys?\b|\bpriv(?:ate)?\b|私[钥匙锁]|密钥|秘钥|密匙|金钥", re.ASCII)
_KEY_LOOKBACK = 48

_CARD = re.compile(r"(?<![\da-z.])[2-6](?:[ -]?\d){12,18}(?!\d|[ -]\d)")

_SAID = (
    r"\s*(?:\bis\b|\bwas\b|\bare\b|[:=是为系係]|就是|应该是|设的是?|设成了?|设为|改成了?)+\s*[:\"'“「]?\s*"
)
_PASSWORD = re.compile(
    rf"(?:\b(?:pass ?word|passcode|pass ?phrase|pwd|pw|login)\b|密码){_SAID}"
    r"(?P<secret>[!-~]{4,200}?)(?=[,，。;；]?(?:[^!-~]|$))"
    r"|(?:\b(?:pass ?word|pwd|pw)\b|密码)[ ]?(?P<secret2>(?=[!-~]{0,63}\d)[!-~]{6,64})",
    re.ASCII,
)
_NOT_A_PASSWORD = frozenset({
    "also", "been", "being", "changed", "compromised", "correct", "different", "exposed", "fine",
    "gone", "hacked", "invalid", "just", "known", "leaked", "lost", "now", "same", "safe", "secure",
    "still", "stolen", "strong", "taken", "that", "the", "there", "this", "unknown", "unsafe", "used",
    "very", "weak", "with", "wrong", "asked", "required", "needed", "protected", "reset", "saved",
    "stored", "shared", "something", "what", "when", "where", "which", "going",
})  # fmt: skip
_CODE = re.compile(
    r"(?:(?<!zip )(?<!post )(?<!postal )(?<!area )(?<!sort )(?<!swift )(?<!country )(?<!bank )"
    r"(?<!branch )(?<!invite )"
    r"(?<!invitation )(?<!referral )(?<!promo )(?<!case )(?<!qr )\b(?:pass)?code\b|\botp\b|\btac\b|\bpin\b"
    r"(?: number| code)?|"
    r"\bone[- ]time (?:password|code|pin)\b|验证码|校验码|动态[密]?码|短信码|认证码|确认码|一次性密码"
    r"|安全码|\bcv[vc]2?\b|密码)"
    r"(?:[ ]?(?:i got|i gave(?: them| him| her)?|they sent(?: me)?|sent to me|was sent|给了他们?"
    r"|发给我的|收到的))?"
    r"\s*(?:\bis\b|\bwas\b|[:=是为系係]|就是)*\s*[\"'“「]?\s*"
    r"(?P<secret>\d{3}[ -]\d{3}(?!\d)|\d(?: \d){3,7}|(?:[a-z]{1,2}-)?\d{3,8})(?![\d-]|[ ]?[万千百块元])",
    re.ASCII,
)
_CODE_SPOKEN_OF = re.compile(
    r"(?<!zip )(?<!post )(?<!postal )(?<!area )(?<!sort )(?<!swift )(?<!qr )(?<!country )(?<!discount )(?<!invite )"
    r"(?<!promo )(?<!case )(?:\b(?:pass)?codes?\b|\botps?\b|\b2fa\b)"
    r"|otp|验证码|校验码|动态[密]?码|短信码|认证码|确认码|安全码",
    re.ASCII,
)
_GIVEN_CODE = re.compile(
    r"(?:\b(?:sent|gave|read|typed|entered|said|told|texted|forwarded|reply|replied|was|is|got)\b|[念报给发输填讲话俾回][了过咗]?|是|系)"
    r"[^\d.!?。！？$£€¥]{0,24}?(?P<secret>(?<![\d.,:/$£€¥#-])\d{3}[ -]?\d{3}(?:\d{2})?)"
    r"(?![\d%]|[.,:-]\d| ?(?:[万千百块元刀镑蚊]|k\b|usd|dollars|bucks|pounds|euros?|quid|rmb|people))",
    re.ASCII,
)
_CODE_REACH = 60
_ROUND = 1000


def find(text: Text) -> list[Entity]:
    """The secrets in a message.

    Returns:
        Entities with an empty text and no value. ``valid`` is true where a checksum holds, false for a seed
        phrase whose words do not fit together, else ``None``.
    """
    spans = [*_seed_phrases(text), *_keys(text), *_cards(text), *_passwords(text), *_codes(text)]
    return [Entity(KIND, start, end, "", None, valid) for start, end, valid in _disjoint(spans)]


def _disjoint(spans: list[Span]) -> list[Span]:
    """Overlapping spans become one, so that nothing of either stays."""
    merged: list[Span] = []
    for start, end, valid in sorted(spans, key=lambda span: span[:2]):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), merged[-1][2])
        else:
            merged.append((start, end, valid))
    return merged


@cache
def _lists() -> tuple[tuple[Mnemonic, frozenset[str]], ...]:
    lists = [Mnemonic(language) for language in _SEED_LANGUAGES]
    return tuple((one, frozenset(one.wordlist)) for one in lists)


def _seed_phrases(text: Text) -> Iterator[Span]:
    """Runs of at least 12 words of one BIP-39 list; where a seed phrase is spoken of, one may be misspelt."""
    slips = 1 if _SEED_CUE.search(text.lower) else 0
    low = lower(text.raw)
    matches = list(_SEED_WORD.finditer(low))
    if len(matches) < _SEED_MIN:
        return
    for mnemonic, words in _lists():
        for run in _runs(low, matches, words, slips):
            if len(run) >= _SEED_MIN:
                yield run[0].start(), run[-1].end(), _fits(mnemonic, [match[0] for match in run])


def _runs(
    low: str, matches: list[re.Match[str]], words: frozenset[str], slips: int
) -> Iterator[list[re.Match[str]]]:
    """Neighbouring words of a list, with up to ``slips`` others between them."""
    run: list[re.Match[str]] = []
    unknown: list[re.Match[str]] = []
    for match in matches:
        neighbour = not run or _SEED_GAP.fullmatch(low, (unknown or run)[-1].end(), match.start())
        if neighbour and match[0] in words:
            run += [*unknown, match]
            unknown = []
        elif neighbour and run and slips and not unknown and len(match[0]) >= _SHORTEST_SEED_WORD:
            unknown = [match]
        else:
            yield run
            run, unknown = ([match] if match[0] in words else []), []
    yield run


def _fits(mnemonic: Mnemonic, phrase: list[str]) -> bool:
    """Whether the run, or its end after words such as "seed phrase", has a right checksum."""
    return any(
        length <= len(phrase) and mnemonic.check(" ".join(phrase[-length:])) for length in _SEED_LENGTHS
    )


def _keys(text: Text) -> Iterator[Span]:
    for pattern in (_PRIVATE_KEY, _SOLANA_KEY):
        for match in pattern.finditer(text.folded):
            if _KEY_CUE.search(text.lower, max(0, match.start() - _KEY_LOOKBACK), match.start()):
                yield *match.span(), None
    for match in _WIF.finditer(text.folded):
        if addresses.is_wif(match[0]):
            yield *match.span(), True
    for match in _EXTENDED_KEY.finditer(text.folded):
        yield *match.span(), addresses.decode_base58check(match[0]) is not None


def _cards(text: Text) -> Iterator[Span]:
    for match in _CARD.finditer(text.lower):
        if luhn.is_valid(re.sub(r"\D", "", match[0])):
            yield *match.span(), True


def _passwords(text: Text) -> Iterator[Span]:
    for match in _PASSWORD.finditer(text.lower):
        group = "secret" if match["secret"] else "secret2"
        if match[group].strip(".,;:!?\"'") not in _NOT_A_PASSWORD:
            yield *match.span(group), None


def _codes(text: Text) -> Iterator[Span]:
    for match in _CODE.finditer(text.lower):
        yield *match.span("secret"), None
    for cue in _CODE_SPOKEN_OF.finditer(text.lower):
        given = _GIVEN_CODE.search(text.lower, cue.end(), cue.end() + _CODE_REACH)
        if given and int(re.sub(r"\D", "", given["secret"])) % _ROUND:
            yield *given.span("secret"), None
