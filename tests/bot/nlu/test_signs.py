"""Signs of a scam, in the words people use."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bot.nlu.signs import HAN_WIDTH, LONGEST_QUOTE, Sign, SignLexiconError, find_signs, lexicon
from bot.paths import REGISTRY

TOLD = [
    ("brushing_task_1", "the job on Telegram wants me to top up before I can do the next set of orders"),
    ("brushing_task_1", "做任务要先充值三千"),
    ("brushing_task_1", "做任務要先墊五千"),
    ("brushing_task_2", "and then a combination task popped up, triple the price"),
    ("brushing_task_2", "系统给我派了个四连单"),
    ("brushing_task_3", "my balance says 9,000 but I can't withdraw a cent"),
    ("brushing_task_3", "帳戶有錢，可是提不出來"),
    ("brushing_task_4", "they had me withdraw the cash and hand it to a courier"),
    ("brushing_task_4", "让我取现金以后交给一个陌生人"),
    ("brushing_task_5", "a recruiter texted me on WhatsApp about a part-time job"),
    ("brushing_task_5", "群里有人介绍我做兼职"),
    ("brushing_task_6", "I get paid to like TikTok videos"),
    ("brushing_task_6", "就是给餐厅刷好评"),
    ("brushing_task_7", "everyone in the group posts screenshots of their profits"),
    ("brushing_task_7", "群里人人都晒收益"),
    ("crypto_atm_gov_impersonation_1", "he kept me on the phone the whole way to the bank"),
    ("crypto_atm_gov_impersonation_1", "他叫我别挂电话，直接去银行"),
    ("crypto_atm_gov_impersonation_2", "the sheriff told me to pay my bail at a Bitcoin ATM"),
    ("crypto_atm_gov_impersonation_2", "说法院的保释要用比特币ATM交"),
    ("crypto_atm_gov_impersonation_3", "then he texted me a QR code for the machine"),
    ("crypto_atm_gov_impersonation_3", "对方发了个二维码给我"),
    ("crypto_atm_gov_impersonation_4", "if the teller asks I should say it is for a car"),
    ("crypto_atm_gov_impersonation_4", "柜员问就说给亲戚买房"),
    ("crypto_atm_gov_impersonation_5", "he gave me his badge number"),
    ("crypto_atm_gov_impersonation_6", "I must pay before the bank closes, he said, or I lose everything"),
    ("customer_service_impersonation_1", "she had me install AnyDesk on my laptop"),
    ("customer_service_impersonation_1", "客服让我共享屏幕"),
    ("customer_service_impersonation_1", "客服要我開螢幕分享"),
    ("customer_service_impersonation_2", "to get the refund I should open my bank app"),
    ("customer_service_impersonation_2", "叫我打开支付宝备用金收退款"),
    (
        "customer_service_impersonation_3",
        "they will charge me 800 every month if I do not cancel the insurance",
    ),
    ("customer_service_impersonation_3", "说我开了百万保障，不取消就扣钱"),
    ("customer_service_impersonation_4", "then she asked for the verification code"),
    ("customer_service_impersonation_4", "我把验证码告诉他了"),
    ("customer_service_impersonation_4", "我讀咗個OTP俾佢聽"),
    ("customer_service_impersonation_5", "they knew my last transactions"),
    ("customer_service_impersonation_5", "他知道我的订单号"),
    ("customer_service_impersonation_6", "customer service only talked to me on WhatsApp"),
    ("customer_service_impersonation_6", "让我加理赔专员的QQ"),
    ("customer_service_impersonation_7", "he keeps pressuring me"),
    ("customer_service_impersonation_7", "一直催我转"),
    (
        "fake_investment_platform_1",
        "the trading app was not in the App Store, I had to install it through a link",
    ),
    ("fake_investment_platform_1", "要装描述文件才能用"),
    ("fake_investment_platform_2", "I couldn't find them on the FCA register"),
    ("fake_investment_platform_2", "证监会官网查不到这家"),
    ("fake_investment_platform_3", "the account is frozen until I deposit another 5k"),
    ("fake_investment_platform_3", "说再交两万才能解冻账户"),
    ("fake_investment_platform_4", "each time a different account, and always to a personal account"),
    ("fake_investment_platform_4", "每次打款的账户都不一样"),
    ("fake_investment_platform_5", "guaranteed returns, zero risk"),
    ("fake_investment_platform_5", "保本高收益"),
    ("fake_investment_platform_6", "I saw Elon Musk recommending it"),
    ("fake_investment_platform_6", "看了明星推荐的广告"),
    ("fake_investment_platform_7", "their website has no phone number"),
    ("fake_investment_platform_7", "只有在线客服"),
    ("fake_job_trafficking_1", "data entry job in Cambodia, free flight, 3000 a month"),
    ("fake_job_trafficking_1", "去泰國做客服，月薪三萬，包機票"),
    ("fake_job_trafficking_2", "now the driver says we go to Mae Sot"),
    ("fake_job_trafficking_2", "工作地點變成妙瓦底"),
    ("fake_job_trafficking_3", "the boss took our passports"),
    ("fake_job_trafficking_3", "一到就把护照收走了"),
    ("fake_job_trafficking_4", "enter on a tourist visa and work, he says"),
    ("fake_job_trafficking_4", "用旅游签进去上班"),
    ("fake_job_trafficking_5", "they won't tell me the company name"),
    ("fake_job_trafficking_5", "招聘的人不肯说公司，只说到了再讲"),
    ("fake_job_trafficking_6", "an old schoolmate found me a job in Laos"),
    ("fake_job_trafficking_6", "老乡介绍我去缅甸"),
    ("fake_job_trafficking_7", "I get the contract when I arrive"),
    ("fake_job_trafficking_7", "合同到了再签"),
    ("fake_job_trafficking_8", "the recruiter told me not to tell my family"),
    ("family_emergency_ai_voice_1", "I can't reach my son"),
    ("family_emergency_ai_voice_1", "我女儿电话打不通"),
    ("family_emergency_ai_voice_2", "a courier will pick up the cash"),
    ("family_emergency_ai_voice_2", "等会有人上门来取钱"),
    ("family_emergency_ai_voice_3", "he begged me not to tell his parents"),
    ("family_emergency_ai_voice_3", "他說不要告訴他爸媽"),
    ("family_emergency_ai_voice_4", "a lawyer said my grandson needs 9,000 cash for bail"),
    ("family_emergency_ai_voice_4", "律師說要交保釋金"),
    ("family_emergency_ai_voice_5", "the voice sounded exactly like my daughter"),
    ("family_emergency_ai_voice_5", "電話裡的聲音一模一樣"),
    ("family_emergency_ai_voice_6", "Hi mum, this is my new number"),
    ("family_emergency_ai_voice_6", "儿子说他换了手机号"),
    ("family_emergency_ai_voice_7", "he didn't know our code word"),
    ("family_emergency_ai_voice_7", "暗号他说不出来"),
    ("gambling_platform_1", "he sells fixed matches"),
    ("gambling_platform_1", "她说有内幕，能预测开奖号码，买彩票必中"),
    ("gambling_platform_2", "I have to reach the turnover before I can cash out"),
    ("gambling_platform_2", "提款要先打够流水"),
    ("gambling_platform_3", "用我的银行卡帮他跑流水"),
    ("gambling_platform_4", "a girl I met on Telegram got me into a casino site"),
    ("gambling_platform_4", "网友带我赌球"),
    ("gambling_platform_5", "it is an unlicensed casino"),
    ("gambling_platform_5", "那个娱乐城没有牌照"),
    ("gambling_platform_6", "I'm afraid to report to police because of the gambling"),
    ("gambling_platform_6", "因为赌博违法不敢报警"),
    ("law_enforcement_impersonation_1", "the detective wants me to transfer my savings"),
    ("law_enforcement_impersonation_1", "公安让我把存款转过去"),
    ("law_enforcement_impersonation_1", "檢察官叫我匯款"),
    ("law_enforcement_impersonation_2", "the officer said I must not talk to my family about it"),
    ("law_enforcement_impersonation_2", "警官叫我不要告诉家人"),
    ("law_enforcement_impersonation_2", "佢叫我唔好同屋企人講"),
    ("law_enforcement_impersonation_3", "I must keep my camera on all day"),
    ("law_enforcement_impersonation_3", "每两小时要汇报一次"),
    ("law_enforcement_impersonation_4", "they sent me an arrest warrant"),
    ("law_enforcement_impersonation_4", "發了一張通緝令給我"),
    ("law_enforcement_impersonation_5", "move everything to a safe account"),
    ("law_enforcement_impersonation_5", "要转到安全账户"),
    ("law_enforcement_impersonation_6", "the caller ID was the real embassy"),
    ("law_enforcement_impersonation_6", "来电显示跟官网一样"),
    ("law_enforcement_impersonation_7", "the police took my statement over Skype"),
    ("law_enforcement_impersonation_7", "警官加我QQ做笔录"),
    ("loan_credit_scam_1", "the lender wants an insurance fee before the loan comes"),
    ("loan_credit_scam_1", "贷款要先交手续费"),
    ("loan_credit_scam_1", "借貸公司要我先匯保證金"),
    ("loan_credit_scam_2", "注销校园贷，不然影响征信"),
    ("loan_credit_scam_2", "they say my campus loan has to be cancelled"),
    ("loan_credit_scam_3", "they say I typed the wrong account number so the loan is frozen"),
    ("loan_credit_scam_3", "说我卡号填错了"),
    ("loan_credit_scam_4", "I gave him my bank card"),
    ("loan_credit_scam_4", "让我把银行卡寄过去"),
    ("loan_credit_scam_5", "it was a no credit check loan"),
    ("loan_credit_scam_5", "无抵押秒批"),
    ("loan_credit_scam_6", "I had to download the app through a link"),
    ("parcel_virtual_kidnapping_students_1", "they made me move into a hotel alone"),
    ("parcel_virtual_kidnapping_students_1", "让我一个人住酒店"),
    ("parcel_virtual_kidnapping_students_2", "they told me to lie to my parents"),
    ("parcel_virtual_kidnapping_students_2", "让我骗爸妈说要交学费"),
    ("parcel_virtual_kidnapping_students_3", "we got a photo of our daughter tied up"),
    ("parcel_virtual_kidnapping_students_3", "收到一張女兒被綁著的照片"),
    ("parcel_virtual_kidnapping_students_4", "the embassy police demand a guarantee deposit"),
    ("parcel_virtual_kidnapping_students_4", "公安要我交保证金证明清白"),
    ("parcel_virtual_kidnapping_students_5", "the consulate transferred me to the Shanghai police"),
    ("parcel_virtual_kidnapping_students_5", "大使馆打来，然后转接到公安"),
    ("parcel_virtual_kidnapping_students_6", "he told me not to tell my roommate"),
    ("parcel_virtual_kidnapping_students_7", "it was the same script as in the news"),
    ("parcel_virtual_kidnapping_students_7", "说辞和网上的一样"),
    ("pig_butchering_1", "a man I met on Hinge taught me how to invest"),
    ("pig_butchering_1", "a guy I met on Bumble told me to send the deposit from my bank to an exchange"),
    ("pig_butchering_1", "网上认识的男人带我投资黄金"),
    ("pig_butchering_1", "在陌陌上认识的姐姐让我把钱转到一个交易所"),
    ("pig_butchering_1", "交友軟體認識的女生教我炒幣"),
    ("pig_butchering_1", "我喺Tinder識咗個人，佢教我買USDT"),
    ("pig_butchering_2", "she sent me a link to a trading site"),
    ("pig_butchering_2", "他发了个链接让我开户"),
    ("pig_butchering_3", "20% tax before I can withdraw"),
    ("pig_butchering_3", "I have to pay a fee to unfreeze my account and withdraw"),
    ("pig_butchering_3", "要先交税才能提现"),
    ("pig_butchering_3", "他們要解凍費"),
    ("pig_butchering_3", "要交保证金才能取出来"),
    ("pig_butchering_3", "要我先付 20% tax 才能 withdraw"),
    ("pig_butchering_4", "I bought USDT on Coinbase and sent it to the wallet he gave me"),
    ("pig_butchering_4", "在币安买了U转到她给的地址"),
    ("pig_butchering_5", "he never video calls"),
    ("pig_butchering_5", "她一直不肯视频"),
    ("pig_butchering_6", "she told me not to tell my bank"),
    ("pig_butchering_7", "it pays 3 percent a day"),
    ("pig_butchering_7", "稳赚不赔"),
    ("pig_butchering_8", "he told me to borrow money from friends"),
    ("pig_butchering_8", "她劝我去贷款"),
    ("recovery_scam_1", "a recovery agent contacted me"),
    ("recovery_scam_1", "有个律师主动联系我"),
    ("recovery_scam_2", "the hacker asks for an upfront fee to trace my coins"),
    ("recovery_scam_2", "追回来要先付三千"),
    ("recovery_scam_3", "I had a call from Interpol about my money"),
    ("recovery_scam_3", "自称国际刑警的人说能退钱"),
    ("recovery_scam_4", "he wants my seed phrase"),
    ("recovery_scam_4", "要我給助記詞"),
    ("recovery_scam_5", "I should open an overseas account"),
    ("recovery_scam_5", "要开一个境外账户"),
    ("recovery_scam_6", "they guarantee I get my money back"),
    ("recovery_scam_6", "保证追回"),
    ("recovery_scam_7", "the lawyer is not on the bar register"),
    ("recovery_scam_7", "那个律师在官网查不到"),
    ("romance_1", "I sent money to a man I've never met"),
    ("romance_1", "没见过面就要我转账"),
    ("romance_2", "every time we plan to meet there is a new emergency"),
    ("romance_2", "一到见面就说住院要钱"),
    ("romance_3", "he sent a gift and it is stuck at customs"),
    ("romance_3", "他寄礼物给我，海关要收税"),
    ("romance_4", "she will post my nudes"),
    ("romance_4", "他威脅要公開我的私密照"),
    ("romance_5", "his photos belong to a model"),
    ("romance_5", "照片是网红的，盗图"),
    ("romance_6", "his camera is broken"),
    ("romance_6", "每次都說鏡頭壞了"),
    ("romance_7", "he proposed within two weeks"),
    ("romance_7", "才认识几天就叫我老婆"),
    ("tech_support_remote_access_1", "he took control of my computer"),
    ("tech_support_remote_access_1", "他远程控制了我的电脑"),
    ("tech_support_remote_access_2", "move my savings to keep them safe"),
    ("tech_support_remote_access_2", "转去保护账户"),
    ("tech_support_remote_access_3", "they told me to buy Apple gift cards"),
    ("tech_support_remote_access_3", "叫我去買點數卡"),
    ("tech_support_remote_access_4", "there was a pop-up with a phone number"),
    ("tech_support_remote_access_4", "弹窗上有个电话"),
    ("tech_support_remote_access_5", "he told me not to tell the bank"),
    ("tech_support_remote_access_6", "they made me install another program"),
    ("tech_support_remote_access_6", "又让我下载别的软件"),
]

ORDINARY = [
    "tax office hours?",
    "How do I pay my income tax online?",
    "What tax do I pay when I sell my house?",
    "My bank charges a fee of 3 dollars for each transfer.",
    "the interest rate is 3% per year",
    "I paid a deposit for my flat and moved in last week",
    "How do I share my screen on Zoom?",
    "I met my husband on Tinder, we live in Leeds now.",
    "I like YouTube videos",
    "I work in customer service in Dubai",
    "I need help right now",
    "please don't tell my wife about this chat",
    "will you keep this confidential?",
    "I am ashamed and can't tell my family",
    "The police gave me a case number, where do I send it?",
    "Should I report to the FBI or IC3?",
    "I did not receive the verification code to log in",
    "my daughter sent me this link",
    "which lottery has the best odds?",
    "where should I keep my seed phrase?",
    "is it free or do you charge a fee?",
    "税务局几点开门",
    "补缴个人所得税要带什么",
    "怎么提取公积金，要交税吗",
    "怎么共享屏幕",
    "你们会保密吗",
    "不要告诉我老公",
    "我没脸跟爸妈说",
    "贷款每个月要还多少",
    "信用卡逾期影响征信吗",
    "收不到验证码怎么办",
    "警察让我把转账记录打印出来",
    "公司让我用腾讯会议开会",
    "医院要交押金才能住院",
    "租房要交押金",
    "健身房會員怎麼取消",
    "我和男朋友是在探探认识的，快结婚了",
    "ATM不能提现",
]

DENIED = [
    "nobody asked me to pay a fee to withdraw",
    "no one told me to keep it secret",
    "I was not told to transfer any money to a safe account",
    "he did not ask me for a code",
    "nobody asked me to share my screen",
    "there was no fee to withdraw",
    "she never asked me to buy gift cards",
    "I could withdraw and they never asked me to pay any tax",
    "没有让我交税",
    "没有人让我交钱才能提现",
    "他没有叫我保密",
    "他从来没要我买礼品卡",
    "平台没有要求我先交保证金才能出金",
    "没人要我共享屏幕",
    "冇人叫我俾保證金先可以攞錢",
    "没有解冻费",
    "提现不用交税",
]


def ids(text: str) -> set[str]:
    return {sign.id for sign in find_signs(text)}


def width(quote: str) -> float:
    return sum(HAN_WIDTH if "\u4e00" <= character <= "\u9fff" else 1 for character in quote)


def whole_words(text: str, sign: Sign) -> bool:
    seams = (text[max(0, at - 1) : at + 1] for at in (sign.start, sign.end))
    return not any(len(seam) == 2 and seam.isascii() and seam.isalnum() for seam in seams)


def questions() -> dict[str, str]:
    files = sorted((REGISTRY / "red_flags").glob("*.yml"))
    scams = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    return {question["id"]: question["weight"] for scam in scams for question in scam["questions"]}


@pytest.mark.parametrize(("sign", "text"), TOLD)
def test_finds_the_sign_that_is_told(sign: str, text: str) -> None:
    assert sign in ids(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_talk_has_no_sign(text: str) -> None:
    assert find_signs(text) == []


@pytest.mark.parametrize("text", DENIED)
def test_what_is_denied_is_no_sign(text: str) -> None:
    assert find_signs(text) == []


def test_a_denial_elsewhere_does_not_hide_a_sign() -> None:
    assert "pig_butchering_3" in ids("I never met her, and I have to pay 20% tax before I can withdraw")
    assert "pig_butchering_3" in ids("我没见过他，平台要先交税才能提现")


def test_every_sign_is_a_question_of_the_registry() -> None:
    unknown = {sign for cue in lexicon() for sign in cue.signs} - set(questions())
    assert unknown == set()


def test_every_question_has_an_example_here() -> None:
    assert {sign for sign, _ in TOLD} == set(questions())


def test_every_question_can_be_told_in_english_and_chinese() -> None:
    told = {(sign, cue.needs_han) for cue in lexicon() for sign in cue.signs}
    assert {(sign, han) for sign in questions() for han in (False, True)} - told == set()


def test_one_cue_tells_of_the_signs_of_several_scams() -> None:
    assert {"pig_butchering_3", "gambling_platform_2"} <= ids("要先交税才能提现")


def test_each_sign_is_told_once_and_in_order() -> None:
    found = find_signs("要先交税才能提现。她一直不肯视频。又说要先交税才能提现")
    assert [sign.id for sign in found].count("pig_butchering_3") == 1
    assert [sign.start for sign in found] == sorted(sign.start for sign in found)


def test_quote_is_the_clause_in_the_script_of_the_person() -> None:
    text = "我很擔心，平台說要先繳稅才能提現，怎麼辦"
    sign = next(sign for sign in find_signs(text) if sign.id == "pig_butchering_3")
    assert sign == Sign("pig_butchering_3", "平台說要先繳稅才能提現", 5, 16)


def test_quote_ends_at_a_conjunction() -> None:
    quotes = [s.quote for s in find_signs("They called but he never video calls and I wonder why")]
    assert set(quotes) == {"he never video calls"}


def test_long_clause_is_cut_at_whole_words() -> None:
    text = "The trading platform that I joined says I owe 20% capital gains tax before they release anything to me"
    quote = next(sign.quote for sign in find_signs(text) if sign.id == "pig_butchering_3")
    assert "tax before they release" in quote
    assert len(quote) <= LONGEST_QUOTE
    assert whole_words(text, Sign("", quote, text.index(quote), text.index(quote) + len(quote)))


def test_traditional_and_fullwidth_and_capitals_read_alike() -> None:
    assert ids("要先交２０％ＴＡＸ才能提現") == ids("要先交20%tax才能提现") != set()
    assert ids("HE NEVER VIDEO CALLS") == ids("he never video calls") != set()


FRAGMENTS = [text for _, text in TOLD] + [
    "pay to ",
    "withdraw before ",
    "not ",
    "没有",
    "让我",
    "交",
    "，",
    ". ",
    "\n",
]
WILD = st.text(max_size=200) | st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=12), max_size=12).map(
    "".join
)


@given(WILD)
@example("\ud800要先交税才能提现\udfff")
@example("İİİ要先交税才能提现")
@example("\x00 20% tax before I can withdraw")
def test_any_text_gives_true_and_short_quotes(text: str) -> None:
    for sign in find_signs(text):
        assert sign.quote == text[sign.start : sign.end]
        assert sign.quote.strip()
        assert width(sign.quote) <= LONGEST_QUOTE
        assert whole_words(text, sign)


@pytest.mark.parametrize(
    "unit",
    [
        "pay to ",
        "withdraw before fee ",
        "a",
        "invest",
        "not ",
        "交",
        "先交税才",
        "没有让",
        "（",
        "😀",
        "\ud800",
    ],
)
def test_ten_thousand_characters_are_read(unit: str) -> None:
    find_signs((unit * 10_000)[:10_000])


def load(folder: Path, content: str) -> None:
    path = folder / "broken.yml"
    path.write_text(content, encoding="utf-8")
    lexicon(path)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("signs: [", "broken.yml"),
        ("- sign: a", "terms and signs"),
        ("terms: []\nsigns: []", "terms is not a mapping"),
        ("terms: {a: 1}\nsigns: []", "term a"),
        ("terms: {}\nsigns: {}", "signs is not a list"),
        ("terms: {}\nsigns: [{sign: x_1}]", "entry 1"),
        ("terms: {}\nsigns: [{sign: x_1, cues: []}]", r"entry 1 \(x_1\)"),
        ("terms: {}\nsigns: [{sign: x_1, cues: [12]}]", r"entry 1 \(x_1\): cue 12"),
        ("terms: {}\nsigns: [{sign: x_1, cues: ['{pay} now']}]", r"x_1: cue .*unknown term \{pay\}"),
        ("terms: {}\nsigns: [{sign: x_1, cues: ['pay.*tax']}]", "x_1: cue 'pay.*tax': unbounded"),
        ("terms: {}\nsigns: [{sign: x_1, cues: ['pay a{2,}']}]", "unbounded"),
        ("terms: {}\nsigns: [{sign: x_1, cues: ['Pay tax']}]", "lower case"),
        ("terms: {}\nsigns: [{sign: x_1, cues: ['繳稅']}]", "Simplified"),
        ("terms: {}\nsigns: [{sign: x_1, cues: ['(pay']}]", r"x_1: cue '\(pay'"),
        ("terms: {}\nsigns: [{sign: x_1, cues: ['(?:pay)?']}]", "matches nothing"),
    ],
)
def test_broken_lexicon_is_refused_by_name(tmp_path: Path, content: str, named: str) -> None:
    with pytest.raises(SignLexiconError, match=named):
        load(tmp_path, content)
