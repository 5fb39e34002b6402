"""The crisis guard: what it must catch, what it must leave alone, and how its lexicon is checked."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.crisis import Crisis, Lexicon, LexiconError, assess, load, normalise
from bot.paths import LEXICON as LEXICON_DIRECTORY

SPOKEN_OF_SELF = [
    # open
    "I want to die",
    "i want to kill myself",
    "I feel suicidal since the scam",
    "thinking of ending my life because of debts",
    "wish i was dead tbh",
    "I'd rather not be alive",
    "我想自杀",
    "想死",
    "我不想 live 了",
    "feel like ending 一切",
    "活着 what for",
    "爸妈就当没生过我",
    "遗嘱写好了",
    "I put my papers on the kitchen table so nobody will have to look for them",
    "想 end 一切",
    "我不想活了",
    "不想活了",
    "想輕生",
    "唔想做人",
    "我唔想再生存",
    "我 just want to end my life",
    # between the lines
    "I don't see the point of going on",
    "everyone would be better off without me",
    "take care of my cat when I'm gone",
    "who will look after my dog when im not here anymore",
    "there is only one way out for me now",
    "I hope I fall asleep and never wake up",
    "By the time anyone reads this it won't matter",
    "they'd get the life insurance at least",
    "please tell my children I loved them",
    "If I wasn't such a coward I'd have done it already",
    "活着没意思",
    "活著沒意義",
    "一了百了",
    "撑不下去了想消失",
    "帮我照顾好孩子，我走了",
    "我拖累了全家",
    "没有我他们会过得更好",
    "人死债消对吧",
    "如果明天沒有醒來就好了",
    "老天爺趕快把我收走",
    "下辈子再做你们的女儿",
    "my papers are all in order now",
    "I wrote the note already",
    "better me dead than my family hungry",
    "No reason left.",
    "i keep thinking about going to sleep and that being it",
    "It won't be a problem much longer",
    "I want to be with my late husband again",
    "had my last supper tonight",
    "you are the last person I will talk to",
    "who will look after my cat when I'm gone",
    "主意已定",
    "怎么走才不疼",
    "保险够他们生活了，我走了也好",
    "今晚之後就沒有我了",
    "媽媽等唔到你大學畢業喇",
    "拜託照顧我家狗狗，我不會回來了",
    "你是最後一個跟我講話的",
    "好想去陪过世的老伴",
    "冇咗我佢哋會好啲",
    # means, places, attempts
    "standing on the bridge rn",
    "I'm on the roof",
    "i keep looking at the pills",
    "I tried to hang myself last month",
    "im going to jump in front of a train tomorrow",
    "我站在天台上",
    "就想着跳下去算了",
    "烧炭",
    "安眠药都准备好了",
    "割腕是不是很疼",
    "how many panadol would it take to not wake up",
    "how high is the bridge near the river",
    "look at the drug cupboard and think how easy",
    "月台黃線前面 想踏出去",
    "药我都存起来了",
    "天台的门锁不锁",
    "there are fresh cuts on my arms",
    "去年自杀过一次没成功",
    # disguised
    "kms",
    "s u i c i d e",
    "k*ll myself",
    "i want to d.i.e",
    "想4",
    "自sha",
    "想噶了",
    "unalive myself fr",
    "4 sui",
    "i sucide",
    "k!ll myself",
    "kiiiill myseeelf",
    "I want to d\u200bi\u200be",
    "Ｉ ｗａｎｔ ｔｏ ｄｉｅ",
    "I don’t want to live",
    "自 杀",
    "自.杀",
    "zisha",
    "好想亖",
    # beside an idiom or a denial
    "累死了，不想活了",
    "I'm not suicidal but I wouldn't mind not waking up",
    "I said I wouldn't but I want to",
    "I'm not going to kill myself tonight",
    "我没有自杀的勇气，但真的不想活",
    "this is killing me, I just want to die",
]

SPOKEN_OF_ANOTHER = [
    "my mother says she wants to die",
    "my dad tried to kill himself after losing his pension",
    "I'm afraid my mom will hurt herself",
    "my husband sits in the garage with the car keys and says we would manage better without him",
    "he says he'll jump if they post the pictures",
    "我妈说不想活了",
    "我怕我爸想不開",
    "my brother called just to tell me he loved me and where the keys are",
    "my husband has hidden a rope in the garage",
    "她把首饰都交给我保管，说以后帮我寄回家",
    "我哥今天突然挨个给亲戚打电话说保重",
    "我担心我爸做傻事",
    "佢話要跳樓",
    "我老公站在阳台上不下来",
    "室友昨晚吞了半瓶药，洗胃才救回来",
]

NO_CRISIS = [
    "累死了",
    "想死的心都有了哈哈，这菜单怎么点",
    "losing the will to live with these menus lol",
    "when I die will my kids have to pay this loan",
    "this is a dead account",
    "it was a funeral plan scam",
    "grandson with a broken nose",
    "so sure of himself",
    "收到一张我的遗照，P的",
    "保险赔不赔这个",
    "the price jumped from 80 to 2600",
    "不给就让我社死",
    "笑死我了",
    "急死我了",
    "气死我了",
    "打死我也不信",
    "手机死机了",
    "我有一笔死期账户",
    "想死你了",
    "骗子怎么不去死",
    "催收威胁要弄死我全家",
    "他说没有我他活不下去",
    "他说我不转钱他就自杀",
    "她说会为我去死",
    "我没有想自杀",
    "放心，我不会想不开的",
    "不想死",
    "想跳过这个问题",
    "我住在顶楼",
    "我妈执迷不醒",
    "每天要吃安眠药才能睡",
    "下辈子都还不清",
    "平台一夜之间消失了",
    "再见",
    "我先走了，谢谢",
    "嬲死我",
    "佢話會殺死我",
    "dying to know if it's real",
    "this is killing me",
    "kill the account please",
    "I'm dead serious",
    "the deadline is tomorrow",
    "my phone died",
    "I'm not suicidal",
    "I would never kill myself",
    "they will kill me",
    "he said he will kill my family",
    "He says he would die for me",
    "he said he'd kill himself if I don't send the money",
    "I'm drowning in debt",
    "They took my life savings",
    "he jumped on a call with me",
    "I live 20 kms from the bank",
    "I bought 400 SUI tokens",
    "I know I'm better off without him",
    "goodbye for now, I'll be back",
    "end this conversation",
    "what is the point of reporting",
    "there's no way out of this compound",
    "I feel hopeless and so alone",
    "",
    "😭😭😭",
]

FAMILIES = [
    # death wished for or not avoided, tries, pills laid by, who is left behind
    # and cries that a denial or a figure of speech must not swallow
    "I don't want to live",
    "there is not much to live for",
    "I dont have anything to live for",
    "I keep starving myself, I hope I drink myself to death",
    "they don't let me breathe and it makes me want to die",
    "I'll die if my dad finds out, I mean it, I have the pills here",
    "scammer told me to go kill myself and maybe he is right",
    "I tried twice already and nobody knows",
    "god please take me home",
    "I stopped taking my insulin, no point",
    "cutting again since march",
    "I hid my late husband's pills in a drawer and count them",
    "Since I decided I sleep fine",
    "I pray my heart stops tonight",
    "I hope I get hit by a bus",
    "I don't want my kids to find me hanging",
    "求菩萨早点带我走",
    "求菩薩早啲帶我走",
    "老天爺快點把我帶走吧",
    "我每天都想到死",
    "他们逼我,让我想死",
    "生无可恋，不是开玩笑",
    "没钱死了算了",
    "没人知道我想轻生",
    "给家里留点钱就一了百了",
    "与其被笑话不如死在这边",
    "攒了三个月的安眠药",
    "我試過兩次，都被救返",
    "好羨慕一覺睡過去的人",
    "死活對我來說沒區別",
    "掐自己掐到流血",
    "白头人送黑头人对不起爸妈",
    "自鲨",
    "紫砂了算了",
    "来世再报答你们",
    "想 unalive 自己",
    "insulin 我停了 no point",
    "我唔敢行近個窗",
    "車撞埋嚟我都懶得避",
    "妈死了以后你要听外婆的话",
]

FAMILIES_OF_ANOTHER = [
    "阿媽成日求觀音收咗佢",
    "爸爸喝了農藥正在洗胃",
    "她说死给他看",
    "他每晚說希望明天不要醒來",
    "she keeps saying she will consume poison",
    "grandma keeps saying she'd consume poison",
]

OTHER_MEANINGS = [
    # denials, corrections, hyperbole, curses, threats by others, deaths in a scam, things that die
    "To be clear I'm not a danger to myself",
    'When I wrote "end it" I meant the contract',
    'not "end my life", it\'s "end my lease"',
    "I'd die if anyone knew lol",
    "老公知道我 sure die",
    "I'm tired to death of this form",
    "this bot makes me want to jump out of my skin",
    "I hope they drop dead",
    "the screen went black and my phone is dead",
    "it was not like someone put a gun to my head",
    "I could slap myself for being so dumb",
    "let's end it here for today",
    "can you shoot me an email",
    "my mother's funeral costs were stolen",
    "my dad's death certificate is asked for",
    "they said my daughter tried to kill herself because of me and I must pay",
    '"rehoming my dog because I\'m dying", asks for a deposit',
    "a bot that says she broke her nose",
    "is it ok to keep pictures of myself",
    "I'm not suicidal",
    "我不会想不开",
    "我沒有想不開啦",
    '不是"想死"，是"想试"',
    "唔係「想死」，係「想試」",
    "我說想死是誇飾",
    "打错了，不是自杀，是自查",
    "对方威胁说不付钱就让我消失",
    "不配合就是死路一條，他們說的",
    "等死我了，有结果没",
    "今次死火喇",
    "店撐不下去了，薪水發不出",
    "說那女生因為我自殘，要我賠二十萬",
    "把我爸的丧葬费转给骗子了",
    "轉帳那天是我媽告別式",
    "假的灵骨塔投资",
    "我 phone 快死了",
    "佢話想死我喇，跟住叫我入錢",
    "付完保證金就一了百了，客服說的",
    "后悔得想撞墙",
    "催收骂我怎么还不去死",
    "叫我拿命來還",
    "他拿命担保平台是真的",
    "老公发现会打死我",
    "收數佬叫我去死",
    "我先走了，88",
    "退出群聊",
    "唔該，我走先",
    "希望骗子不得好死",
    "队友说我拖累他们",
]


@pytest.mark.parametrize("text", SPOKEN_OF_SELF)
def test_finds_the_writer_in_crisis(text: str) -> None:
    crisis = assess(text)
    assert crisis is not None
    assert crisis.who == "self"


@pytest.mark.parametrize("text", SPOKEN_OF_ANOTHER)
def test_finds_someone_near_in_crisis(text: str) -> None:
    crisis = assess(text)
    assert crisis is not None
    assert crisis.who == "other"


@pytest.mark.parametrize("text", NO_CRISIS)
def test_leaves_idioms_denials_and_threats_alone(text: str) -> None:
    assert assess(text) is None


@pytest.mark.parametrize("text", FAMILIES + FAMILIES_OF_ANOTHER)
def test_finds_whole_families_of_wording(text: str) -> None:
    assert assess(text) is not None


@pytest.mark.parametrize("text", FAMILIES_OF_ANOTHER)
def test_names_the_other_person_of_a_family(text: str) -> None:
    crisis = assess(text)
    assert crisis is not None
    assert crisis.who == "other"


@pytest.mark.parametrize("text", OTHER_MEANINGS)
def test_leaves_other_meanings_alone(text: str) -> None:
    assert assess(text) is None


def test_both_scripts_give_one_answer() -> None:
    assert assess("活著沒有意義，拖累了孩子") == assess("活着没有意义，拖累了孩子")


def test_cue_names_the_entry_and_never_the_message() -> None:
    assert assess("我想自殺") == Crisis("self", "zh_suicide")


def test_found_at_the_end_of_a_very_long_message() -> None:
    assert assess("I sent money to the platform. " * 330 + "I want to die") is not None


@given(st.text(max_size=300))
def test_never_raises(text: str) -> None:
    assess(text)


@given(
    st.sampled_from(["\ud800", "\u0000", "a\u0301", "死", "don't ", "\u202e", "𠮷", "我", "ﷺ", "want to "]),
    st.booleans(),
)
def test_never_raises_on_ten_thousand_odd_characters(piece: str, doubled: bool) -> None:
    assess((piece * (2 if doubled else 1) * 10_000)[:10_000])


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load(LEXICON_DIRECTORY / "crisis.yml")


@pytest.mark.parametrize("text", SPOKEN_OF_SELF + SPOKEN_OF_ANOTHER + NO_CRISIS + FAMILIES + OTHER_MEANINGS)
def test_no_pattern_that_matches_is_passed_over(lexicon: Lexicon, text: str) -> None:
    message = normalise(text)
    for sieve in (lexicon.cued, *lexicon.blanked.values()):
        matching = {number for number, pattern in enumerate(sieve.patterns) if pattern.search(message)}
        assert matching <= set(sieve.possible(message))


LEXICON = r"""
terms:
  self: [myself, himself]
entries:
  - id: en_kill
    language: en
    who: subject
    patterns: ['\bkill {self}\b']
negations: []
idioms:
  - id: en_laugh
    language: en
    patterns: ['\bkill myself laughing\b']
subjects:
  self: ['\bi\b']
  other: ['\bhe\b', '\bhimself\b']
"""


def _written(directory: Path, text: str) -> Path:
    path = directory / "crisis.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_lexicon_is_read_with_terms_idioms_and_subjects(tmp_path: Path) -> None:
    lexicon = load(_written(tmp_path, LEXICON))
    assert lexicon.assess("I will kill myself") == Crisis("self", "en_kill")
    assert lexicon.assess("he will kill himself") == Crisis("other", "en_kill")
    assert lexicon.assess("I could kill myself laughing") is None


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (r"\bkill {self}\b", "kill (", "en_kill"),
        (r"\bkill {self}\b", "kill .*", "en_kill: unbounded"),
        (r"\bkill {self}\b", "kill a{2,}", "en_kill: unbounded"),
        (r"\bkill {self}\b", "kill {nobody}", "en_kill: unknown term {nobody}"),
        (r"\bkill {self}\b", "cut(?:ting)", "en_kill: doubled letter"),
        ("who: subject", "who: nobody", "entries 'en_kill' who"),
        ("who: subject", "whose: self", "entries 'en_kill' who"),
        ("en_laugh", "en_kill", "'en_kill' twice"),
        ("[myself, himself]", "[myself, '{later}']", "terms 'self'"),
        ("subjects:", "objects:", "subjects"),
        ("terms:", "terms: [", "not YAML"),
    ],
)
def test_a_faulty_lexicon_is_refused_with_file_and_entry(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    path = _written(tmp_path, LEXICON.replace(old, new))
    with pytest.raises(LexiconError, match=r"^crisis\.yml: ") as raised:
        load(path)
    assert named in str(raised.value)
