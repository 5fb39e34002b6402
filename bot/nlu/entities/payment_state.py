"""Whether money was sent, is about to be, or was not."""

import re
from collections.abc import Iterator
from functools import cache

from bot.nlu.entities.entity import Entity
from bot.nlu.entities.text import Text

KIND = "payment_state"

SENT, PRESSED, NOT_SENT = "sent", "pressed", "not_sent"

MONEY_FILLER = "\ue000"
"""Stands for the characters of an amount in the text this module reads."""

_M = f"(?<!{MONEY_FILLER}){MONEY_FILLER}++"

_PAY = (
    r"(?:pay|paying|transfer|transferring|wire|wiring|deposit|depositing|remit|invest|top[ -]?up|zelle|venmo)"
)
_SEND = r"(?:send|sending|give|giving|put|putting|buy|buying|mail|hand|add|load|withdraw|borrow|bring|ship)"
_PAID = (
    r"(?:paid|wired|transferred|transfered|deposited|remitted|invested|zelled|venmoed|zelle'd"
    r"|venmo'd|topped up)"
)
_GAVE = (
    r"(?:sent|gave|given|put|bought|purchased|handed|mailed|shipped|lost|loaded|wasted|stole|stolen"
    r"|took|taken|drained)"
)
_WORTH = (
    rf"(?:{_M}|\b(?:money|cash|savings?|funds?|usdt|usdc|btc|bitcoins?|crypto|eth|gift ?cards?|steam cards?|"
    r"apple cards?|google play|deposit|fees?|tax(?:es)?|payments?|everything|it all|all of it|401k|pension|"
    r"dollars|bail|bond|gold|wire|zelle|venmo|paypal|bank transfer|western union|moneygram|paynow|fps"
    r"|cash ?app)\b)"
)
_TO_WORTH = rf"(?=[^.!?;\n]{{0,40}}?{_WORTH})"
_BREAK = (
    r"(?=\s*(?:$|[.,!?;，。！？；\n]|yet\b|it\b|anything\b|any\b|them (?:anything|any|it)\b"
    r"|so far\b|to (?:him|her|them)\b))"
)
_TO_PAY = rf"(?:{_PAY}\b|{_SEND}\b(?:{_TO_WORTH}|(?=\s*(?:$|[.,!?;]))))"
_NOT_TO_ME = (
    r"(?![ ](?:me|us|back|off|it off|up|my|tasks?|promotions?|jobs?|work|the call|my call|to "
    r"(?:a |an |the )?(?:police|officer|detective|agent|department|another))\b)"
)
_WHOM = r"(?:me|us|him|her|them|my \w+|our \w+)"

_ENGLISH = (
    (
        NOT_SENT,
        r"\b(?:haven'?t|have not|hasn'?t|has not|hadn'?t|had not|didn'?t|did not|never|not|won'?t|will not|"
        r"refused? to|don'?t want to|do not want to|not going to|couldn'?t)[ ](?:(?:yet|actually|even"
        r"|really|going|"
        rf"want|to|been|be|made|made any|make|make any|make the|make a)[ ]){{0,2}}"
        rf"(?:(?:{_PAID}|{_PAY}|payments?|transfers?)\b{_NOT_TO_ME}"
        rf"|(?:{_GAVE}|{_SEND})\b{_NOT_TO_ME}(?:{_TO_WORTH}|{_BREAK}))",
    ),
    (
        NOT_SENT,
        r"\b(?:(?:no (?:money|payments?|funds?|cash)|nothing|none)(?: has| have| was| were|'s)?"
        r"(?: yet)?(?: been)? "
        r"(?:sent|paid|transferred|lost|taken)|no (?:money|funds?) (?:has |have )?(?:left|gone))\b",
    ),
    (
        SENT,
        rf"\b(?:had|made|got|tricked|convinced|persuaded|talked|conned|scammed|manipulated|fooled|deceived|duped)"
        rf"[ ]{_WHOM}[ ](?:into[ ]|to[ ])?(?:\w+[ ])?(?:{_PAY}|{_SEND})\b",
    ),
    (
        SENT,
        rf"\b(?:tricked|conned|scammed|fooled|talked|pressured|manipulated|deceived|duped)[ ]into[ ]"
        rf"(?:{_PAY}|{_SEND})\b",
    ),
    (
        PRESSED,
        r"\b(?:want|ask|tell|told|need|requir|demand|pressur|push|forc|insist|beg|urg|expect|convincing|threaten|order|"
        rf"instruct|try)[a-z]*[ ](?:that[ ]|on[ ])?(?:{_WHOM}|i|we)[ ](?:\w+[ ]){{0,3}}?{_TO_PAY}",
    ),
    (
        PRESSED,
        r"\b(?:about|going|ready|supposed|plan|planning|preparing|have|has|had|got|need|needs|want|wants|trying|"
        rf"required|asked|told)[ ]to[ ](?:\w+[ ])?{_TO_PAY}",
    ),
    (PRESSED, rf"\b(?:gonna|must|gotta|i'll|i will|let me)[ ](?:\w+[ ])?{_TO_PAY}"),
    (
        PRESSED,
        r"\b(?:should|shall|can|could|do|must|may)[ ](?:i|we|he|she|my \w+)[ ]"
        rf"(?:(?:just|still|have|need|really|even|also|go|ahead|and|to)[ ]){{0,4}}{_TO_PAY}",
    ),
    (
        PRESSED,
        rf"\b(?:if|before|once|unless|until|when)[ ](?:i|we)[ ](?:don'?t[ ]|do not[ ]|just[ ])?{_TO_PAY}",
    ),
    (
        PRESSED,
        r"\b(?:ask|demand|request|want|requir|need)(?:s|ed|ing|e|es)?[ ](?:(?:me|us)[ ])?(?:for[ ])?"
        rf"(?:(?:a|an|another|more|the|extra|my)[ ])?(?:[\w%]+[ ]){{0,2}}?(?:{_M}|(?:fees?|deposit|tax"
        rf"(?:es)?|payments?|bail|bond)\b)",
    ),
    (
        SENT,
        r"(?<!they )(?<!get )(?<!gets )(?<!got )(?<!be )(?<!being )(?<!getting )(?<!was )(?<!were )"
        r"(?<!am )(?<!is )(?<!are )(?<!house )"
        rf"\b{_PAID}\b{_NOT_TO_ME}",
    ),
    (
        SENT,
        r"(?<!should )(?<!do )(?<!can )(?<!if )(?<!before )(?<!unless )(?<!must )(?<!until )(?<!when )"
        r"(?<!could )"
        rf"\bi (?:all )?(?:transfer|wire|deposit|pay)\b{_TO_WORTH}",
    ),
    (
        SENT,
        rf"\b(?:money|funds?|it|savings|payment)[ ](?:was|were|has been|had been|got|is|already)[ ]"
        rf"(?:{_PAID}|sent|gone|stolen)\b",
    ),
    (SENT, rf"{_M}[ ](?:was|were|has been|got|is|are|already)[ ](?:{_PAID}|sent|gone|stolen|taken)\b"),
    (SENT, rf"\b{_GAVE}\b(?![ ](?:me|us)\b){_TO_WORTH}"),
    (
        SENT,
        r"\b(?:i|we|she|he|my \w+)(?:'ve|'d)?[ ](?:(?:have|had|already|just|also|even|then|stupidly)[ ]){0,3}"
        r"(?:sent it|sent them it|sent to|already sent|gave it to)\b",
    ),
    (
        SENT,
        rf"\b(?:scammed|conned|cheated|defrauded|swindled|robbed|scam|out)(?:[ ]{_WHOM})?(?:[ ]out)?[ ]"
        rf"(?:of|for)?[ ]?[^.!?;\n\ue000]{{0,16}}{_M}",
    ),
    (
        SENT,
        r"\b(?:wire|transfer|send|sent|pay|paid|zelle|venmo|deposit|wired|transferred)[ ]?(?:了|咗|佐|过去)",
    ),
)

_STRONG = (
    r"(?:转[账帐钱款币]|转(?![发达述换告身学机介接行型折基走])(?![返回成为到]?(?:[繁简]体|[中英]文|粤语|广东话|普通话|国语))"
    r"|汇[款钱]|汇(?![率报总丰入]|出[文档成对聊资])|打[款钱币]|(?<![不到赔])付[款钱费]?|缴[费钱款税]|缴|充值|"
    r"过到?数|过账|过钱|入到?数|入金|找数|存款|存钱|投资(?!的)|投钱|交[钱费款税]|[给俾畀比][钱]|买[币u]|(?:pay|send|transfer|wire|deposit|zelle)(?![a-z])"
    rf"|(?<![超通经不路度透])过(?={_M}))"
)
_WEAK = r"[打给俾畀交充存投买寄刷还借垫]"
# A bank card that is sent away is no payment; a gift card is.
_WORTH_ZH = (
    rf"(?:{_M}|[钱费税币]|(?<![寄交给]提)款|(?<![寄交给]提款)(?<![寄交给]银行)(?<![寄交给]信用)卡"
    r"|押金|保证金|积蓄|存款|点数|黄金|金条|usdt|[0-9]u)"
)
_CLAUSE = r"[^，。,.!?！？;；、\n]"
_TO_PAY_ZH = rf"(?:{_STRONG}|{_WEAK}(?!了){_CLAUSE}{{0,9}}?{_WORTH_ZH})"
_DONE = r"(?:了|咗|佐|左(?!右)|过去了?|出去了?|出咗|完了?)"
_NOT_DONE = r"(?!(?:过去|出去|[给俾畀到]\w{1,3})?[ ]?[了咗佐])"
_THEM = r"(?:他们?|她们?|佢哋?|它们?|对方|骗子|人家|客服|你们?|那[个边]人?)"
_ME = (
    r"(?:我们|我哋|我(?:妈妈?|爸爸?|老公|老婆|父母|太太|先生|朋友|家人|儿子|女儿|奶奶|爷爷)?|佢"
    r"|[他她]|妈妈|爸爸|老人家?|阿嬷)"
)
_OF_OTHERS = r"[走去了咗过]?(?:别人|他人|人家|客户|[很好不][多少]人)"
_TIMES = r"(?:[一两二三四五六七八九十几好多0-9]{1,2}次)?"
_NEARLY = r"(?:大概|大约|约|差不多|快|将近|接近|总共|一共|共|整整|近)?"

_CHINESE = (
    (
        NOT_SENT,
        r"(?:还没有?|还未|尚未|仲未|未曾|未有|(?<!有)没有|(?<!有)没(?!有)|冇|未|不会|唔会|不想|唔想|不敢|唔敢|没敢|拒绝|不肯|唔肯)"
        rf"(?:真的|再|敢|去|听[^，。]{{0,3}})?(?:[把将给同向俾畀帮])?(?:{_THEM})?(?:任何)?(?:把?钱)?[ ]?"
        rf"(?:{_STRONG}|[给俾畀交](?:{_THEM})?[ ]?(?=[，。！？,.!?]|$)"
        rf"|[给俾畀交]{_CLAUSE}{{0,4}}?{_WORTH_ZH}|打(?:过去|{_CLAUSE}{{0,3}}{_WORTH_ZH}))",
    ),
    (
        PRESSED,
        rf"(?:让|叫|(?<!不)要|催|逼|要求|喊|迫|劝|求|诱导|引导|命令|威胁|想|希望|等){_ME}{_CLAUSE}{{0,8}}?{_TO_PAY_ZH}{_NOT_DONE}",
    ),
    (
        PRESSED,
        r"(?:准备|打算|即将|必须|需要|(?<!不)(?<!需)(?<!唔)要|应该|该不该|要不要|能不能|可以|可不可以|使唔使|洗唔洗|要唔要|应唔应该|"
        r"须|(?<!记)得|正想|想|该|如果|假如|要是|should|怕)[ ]?(?:我|再|先|去|继续|不|唔|马上|立刻|即刻"
        r"|直接|多|我再|我不){0,2}"
        rf"[把将给向帮俾畀]?(?:{_THEM}|钱){{0,2}}(?:再|先)?[ ]?{_TO_PAY_ZH}{_NOT_DONE}",
    ),
    (
        PRESSED,
        rf"(?:让|叫|(?<!不)要|催|逼|要求|喊|迫|命令){_ME}{_CLAUSE}{{0,16}}?[把将]{_CLAUSE}{{0,16}}?{_TO_PAY_ZH}{_NOT_DONE}",
    ),
    (PRESSED, rf"(?<![不需还只想主重])(?:索要|勒索|要)(?:我们?)?{_NEARLY}{_M}"),
    (PRESSED, rf"[转汇付交打给充]值?{_NEARLY}{_M}{_CLAUSE}{{0,4}}?(?:[就才](?:能|可以|会|给|帮)|即可)"),
    (PRESSED, r"([转汇付交打投])(?:还是)?不\1"),
    (PRESSED, rf"(?<![我们哋佢他她])先{_STRONG}{_NEARLY}{_M}"),
    (SENT, rf"{_STRONG}(?:[给俾畀到](?:{_THEM}|\w{{1,4}}?)|{_THEM})?[ ]?{_DONE}"),
    (SENT, rf"[过入找][咗佐左]{_TIMES}数"),
    (SENT, rf"放[了咗佐]{_NEARLY}{_M}[^，。]{{0,4}}?[进入]去?"),
    (
        SENT,
        rf"{_WEAK}(?:给?{_THEM})?(?:[了咗佐](?!我){_CLAUSE}{{0,5}}?{_WORTH_ZH}|过去了?|出去了?|[了咗]{_M})",
    ),
    (
        SENT,
        rf"(?:已经|已|刚刚?|刚才|啱啱|昨天|早就|琴日|寻日|今早|昨晚)(?:把钱|将钱|都|又|就|有|先"
        rf"|给{_THEM})?[ ]?{_STRONG}",
    ),
    (SENT, rf"被(?!骗子){_CLAUSE}{{0,6}}?[骗呃坑诈盗刷转](?:[走去了咗佐]|子)*{_CLAUSE}{{0,6}}?{_M}"),
    (SENT, rf"[骗呃坑](?!{_OF_OTHERS})(?:[走去了咗佐])*{_ME}?{_CLAUSE}{{0,4}}?(?:{_M}|积蓄|的钱|嘅钱)"),
    (SENT, rf"[骗呃]{_ME}{_CLAUSE}{{0,6}}?{_TO_PAY_ZH}"),
    (
        SENT,
        rf"(?:损失|亏|赔|冇|没|少|投入|不见|花|累计|输)[了咗掉]{_CLAUSE}{{0,5}}?{_M}|(?:损失|投入){_NEARLY}{_M}",
    ),
    (SENT, rf"{_M}(?:都|就|全)?(?:没了|冇咗|不见了|被?转走|被骗|汇过去|转过去|打过去)"),
    (
        SENT,
        rf"(?:(?<![不到赔超通])(?:[转汇付打交充投存寄]|[过入]数?)(?:[给俾畀到去入进过]{{0,2}})?[了咗佐]?(?:{_THEM})?|"
        rf"[给俾畀](?:[了咗佐](?:{_THEM})?|{_THEM}))[ ]?{_NEARLY}[ ]?{_M}",
    ),
    (
        SENT,
        rf"(?:把|将)?(?:钱|{_M}|积蓄)(?:都|全部?|已经|已|就|也)*(?:转|汇|打|付|交|投)(?:[给到俾]\w{{1,4}}|过去|出去|走|了|咗)",
    ),
)
_PRIORITY = (NOT_SENT, PRESSED, SENT)


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rules = [(state, re.compile(pattern)) for state, pattern in (*_ENGLISH, *_CHINESE)]
    return tuple(sorted(rules, key=lambda rule: _PRIORITY.index(rule[0])))


def find(text: Text) -> list[Entity]:
    """What a message says about payments.

    Args:
        text: The message with every amount written over by `MONEY_FILLER`.

    Returns:
        Entities with the value ``sent``, ``pressed`` (asked for, or about to be made) or ``not_sent``.
        Where readings overlap, a negation wins over pressure, and pressure over a payment made.
    """
    entities = [
        Entity(KIND, start, end, text.raw[start:end], state)
        for state, start, end in _disjoint(_matches(text.lower))
    ]
    return sorted(entities, key=lambda entity: entity.start)


def _matches(low: str) -> Iterator[tuple[str, int, int]]:
    for state, pattern in _rules():
        for match in pattern.finditer(low):
            yield state, *match.span()


def _disjoint(matches: Iterator[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    taken: set[int] = set()
    for state, start, end in matches:
        span = range(start, end)
        if taken.isdisjoint(span):
            taken.update(span)
            yield state, start, end
