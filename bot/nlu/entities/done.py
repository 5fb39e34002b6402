"""Steps a person says they have taken: the bank was called, the police told, a password changed."""

import re
from collections.abc import Iterator
from functools import cache

from bot.nlu.entities.entity import Entity
from bot.nlu.entities.lexicon import read_terms
from bot.nlu.entities.text import Text

KIND = "done"

BANK, POLICE, SECURED, EVIDENCE, BLOCKED = "bank", "police", "secured", "evidence", "blocked"

_WHO = r"(?:i|we|he|she|they|my \w+|me and my \w+)"
_HAVE = r"(?:'ve| have|'s| has|'d| had)?(?: already| just| now| finally| then| also){0,2}"
_DID = (
    rf"(?:(?<!if )(?<!when )(?<!once )\b{_WHO}{_HAVE} |\band (?:then |also )?|我(?:已经)? ?"
    r"|^(?:already |just |ok,? |okay,? |yes,? |then |have )*)"
)
_THE = r"(?:the |my |our |his |her |their |both |all )?"
_OFFICE = r"(?:\w+(?:'s)? ){0,2}?"
_NAMED_BANKS = "|".join(
    re.escape(name.form.lower())
    for name in read_terms("banks.yml", names_are_terms=True)
    if name.name and name.form.isascii() and len(name.form) > 2
)
_BANK_NAME = (
    rf"(?:{_NAMED_BANKS}|banks?|fraud (?:line|team|department|dept|hotline)|card (?:company|issuer)|exchange"
    r"|coinbase|binance|kraken|citi|paypal|zelle|western union|moneygram|alipay|wechat pay)\b"
)
_POLICE_NAME = (
    r"(?:police(?: station)?|cops|fbi|ic3|action fraud|report fraud|reportcyber"
    r"|anti-?scam (?:line|centre|center)|[0-9]{3,5})\b"
)
_REACHED = (
    r"(?:called|phoned|rang|rung|contacted|told|notified|informed|alerted|emailed|visited|reached|saw"
    r"|(?:spoke|spoken|talked) (?:to|with)|got (?:hold of|through to)|went (?:to|into)|been (?:to|on to|in touch with)"
    r"|reported (?:it |this |everything )?to)"
)
_ENGLISH = (
    (BANK, rf"{_DID}{_REACHED} {_THE}{_OFFICE}{_BANK_NAME}"),
    (POLICE, rf"{_DID}{_REACHED} {_THE}{_OFFICE}{_POLICE_NAME}"),
    (POLICE, rf"{_DID}(?:filed|made|submitted|lodged) {_THE}(?:an? )?(?:\w+ ){{0,2}}(?:report|complaint)\b"),
    (
        POLICE,
        rf"{_DID}reported (?:it|this|everything)(?: already| online| today| yesterday)?(?=\s*(?:$|[.,!;]))",
    ),
    (
        SECURED,
        rf"{_DID}(?:changed|reset) {_THE}(?:\w+ ){{0,2}}?(?:passwords?|pins?|logins?)\b"
        rf"|{_DID}(?:froze|frozen|locked|blocked|cancelled|canceled) {_THE}(?:\w+ )?(?:cards?|accounts?|credit)\b",
    ),
    (
        EVIDENCE,
        rf"{_DID}(?:saved|kept|backed up|took|taken|made|exported) {_THE}(?:\w+ ){{0,2}}?"
        r"(?:screenshots?|chats?|messages|receipts|evidence|conversation)\b",
    ),
    (
        BLOCKED,
        rf"{_DID}(?:blocked|deleted and blocked|unfriended|reported) (?:him|her|them|the (?:scammer|number|account))\b",
    ),
)

_NOT = r"(?<![没未不冇唔别想要去先点么])(?<!没有)(?<!还没)(?<!应该)(?<!需要)(?<!怎么)"
_DONE = r"[了过咗佐]"
_BANK_ZH = (
    rf" ?(?:{_NAMED_BANKS}|银行|网点|柜台|信用卡中心|支付宝|微信支付|交易所|反诈部门|信用卡公司|发卡公司"
    r"|[\u4e00-\u9fff]{1,3}银行|[\u4e00-\u9fff]行)"
)
_CARD_ZH = r"(?:我的?)?(?:银行|信用)?(?:卡|[账帐]户|户口)"
_CONTACT_ZH = r"(?:打|联系|联络|通知|告诉|找|问|去|搵)"
_CHINESE = (
    (BANK, rf"{_NOT}{_CONTACT_ZH}{_DONE}(?:电话)?(?:给|俾|畀)?我?的?{_BANK_ZH}"),
    (
        BANK,
        rf"(?:已经|已|刚刚?|刚才|啱啱|今早|今天|昨天|琴日){_CONTACT_ZH}(?:了|过|咗)?(?:电话)?(?:给|俾|畀|去|到)?我?的?{_BANK_ZH}(?!卡)",
    ),
    (BANK, rf"{_NOT}(?:打|给|俾|畀|跟|同|和|向)我?的?{_BANK_ZH}(?:那边|客服)?(?:打|通|说|讲|报){_DONE}"),
    (BANK, rf"{_NOT}(?:打|致)(?:电话?)?(?:给|俾|畀|去|到)我?的?{_BANK_ZH}(?:那边|客服)?{_DONE}"),
    (
        BANK,
        rf"{_BANK_ZH}(?:那边|客服|电话)?(?:我)?(?:已经|已|都)?(?:打{_DONE}|联系{_DONE}|打通了|[说话](?:会|已|帮|在帮|登记|受理|止付)|已经(?:受理|冻结|止付))",
    ),
    (
        POLICE,
        rf"{_NOT}报{_DONE}(?:警|案)|(?:已经|已|刚刚?|啱啱|昨天|今天|琴日)(?:去)?(?:派出所|警局|警署|差馆)?报{_DONE}?(?:警|案)",
    ),
    (POLICE, rf"(?<![没未])立{_DONE}?案(?:了|通知)|{_NOT}(?:打|拨){_DONE}[0-9]{{3,5}}(?![0-9])"),
    (POLICE, rf"{_NOT}(?:去|到){_DONE}(?:派出所|警局|警署|差馆|公安局)"),
    (
        SECURED,
        rf"{_NOT}(?:密码)?(?:改|换|重设|重置){_DONE}(?:所有|全部|银行|邮箱)?的?(?:密码)?(?:都)?(?=密码|$|[，。,. ])"
        rf"|密码(?:都|已经|全)?(?:改|换){_DONE}",
    ),
    (
        SECURED,
        rf"{_NOT}(?:锁|挂失|停){_DONE}{_CARD_ZH}|(?:卡|[账帐]户)(?:已经|都|也)?(?:锁|挂失|停){_DONE}",
    ),
    (
        SECURED,  # a bank, the police or a platform freezes accounts as well: only what the person did counts
        rf"(?:我|自己|帮我|(?:叫|请|让)(?:银行|客服))(?:已经|已|都|也)?冻结{_DONE}{_CARD_ZH}|[把将]{_CARD_ZH}(?:已经|都|也)?(?:锁|冻结|挂失|停){_DONE}",
    ),
    (
        EVIDENCE,
        rf"{_NOT}(?:截图|截屏|保存|存|备份|cap图){_DONE}|(?:截图|证据|聊天记录)(?:都|已经|全)?(?:存|保存|留|备份|截)(?:好|下来)?{_DONE}",
    ),
    (
        BLOCKED,
        rf"{_NOT}(?:拉黑|封锁|屏蔽|删除?|block){_DONE}(?:他|她|对方|骗子|佢|那个人)|(?:把|将)(?:他|她|对方|骗子|佢)(?:拉黑|封锁|屏蔽|删){_DONE}",
    ),
)
_ASKED = re.compile(r"\s*(?:吗|嘛|没有?|未|冇)?[?？]|吗|未呀|没有?$")


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((step, re.compile(pattern)) for step, pattern in (*_ENGLISH, *_CHINESE))


def find(text: Text) -> list[Entity]:
    """The steps a message says were taken; a question about one ("报警了吗") is none.

    Returns:
        Entities with the value ``bank``, ``police``, ``secured``, ``evidence`` or ``blocked``, the first of each.
    """
    return sorted(_first_of_each(text), key=lambda entity: entity.start)


def _first_of_each(text: Text) -> Iterator[Entity]:
    found: set[str] = set()
    for step, pattern in _rules():
        match = pattern.search(text.lower) if step not in found else None
        if match and not _ASKED.match(text.lower, match.end()):
            found.add(step)
            yield Entity(KIND, *match.span(), text.raw[match.start() : match.end()], step)
