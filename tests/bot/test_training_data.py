"""Every kind of repetition is found and named by its place, and what is only alike is left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import training_data
from bot.paths import ROOT
from bot.training_data import (
    LONGEST_SERIES,
    MINIMUM,
    Finding,
    Message,
    Place,
    data_problems,
    findings,
    normal_form,
    prune_list,
    read_evaluated,
    read_training,
    shortfalls,
)


def messages(*texts: str, need: str = "greet", language: str = "en") -> list[Message]:
    """Messages of one need, one a line in a file named for both."""
    path = Path(f"data/nlu/{language}/{need}.yml")
    return [
        Message(Place(path, number + 10, need, number), language, text)
        for number, text in enumerate(texts, 1)
    ]


def evaluated(*texts: str) -> list[Message]:
    """Evaluation messages."""
    path = Path("data/evaluation/en.jsonl")
    return [Message(Place(path, n, "greet", n), "en", text) for n, text in enumerate(texts, 1)]


def repeated(found: list[Finding]) -> list[str]:
    """The texts that should go."""
    return [finding.message.text for finding in found]


@pytest.mark.parametrize(
    "text",
    [
        "hello, is anyone there?!",
        "HELLO IS ANYONE THERE",
        "ｈｅｌｌｏ is anyone there 👋",
        "Hello... isanyone there",
    ],
)
def test_case_width_marks_and_spaces_make_no_other_text(text: str) -> None:
    (found,) = findings(messages("Hello, is anyone there", "good evening to all of you", text))
    assert (
        str(found) == "data/nlu/en/greet.yml:13: greet 3: the same text as data/nlu/en/greet.yml:11: greet 1"
    )


def test_marks_alone_are_a_text_of_their_own() -> None:
    assert repeated(findings(messages("🙏🙏", "👍", "???", "🙏 🙏"))) == ["🙏 🙏"]


def test_a_text_counts_once_in_whatever_language_it_stands() -> None:
    found = findings([*messages("status", "88"), *messages("88！", language="zh-Hans")])
    assert repeated(found) == ["88！"]


def test_both_scripts_may_say_the_same() -> None:
    assert not findings([*messages("谢谢您", language="zh-Hans"), *messages("謝謝您", language="zh-Hant")])


@pytest.mark.parametrize("text", ["Is it gone", "谢谢您", "謝謝您"])
def test_no_text_has_two_needs_in_either_script(text: str) -> None:
    given = [*messages("is it gone?", "谢谢您"), *messages(text, need="thank")]
    (found,) = findings(given)
    assert found.message.need == "thank"
    assert found.other.need == "greet"
    assert found.why == "the same text under another need:"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Is a photo of the screen good enough, or do they want it", "is a photo of the screen good enough or not"),
        ("help me get out of here please", "please help me get out of here"),
        ("派出所说这是经济纠纷让我去法院", "派出所说是经济纠纷让我去法院"),
        ("money's gone, all of it, to his account", "moneys gone, all of it, to her account 😭"),
    ],
)  # fmt: skip
def test_nearly_the_same_text(one: str, other: str) -> None:
    (found,) = findings(messages(one, other))
    assert re.fullmatch(r"nearly the text \((0\.[89]\d|1\.00)\) of", found.why)
    assert (found.message.text, found.other.text) == (other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I sent him five thousand on Friday", "on Friday my bank told me that five thousand had gone"),
        ("can I get my money back", "is my money lost for good"),
        ("logging out now. bye", "logging out now, all the best"),
        ("take me back to the first screen", "take me back to the beginning"),
        ("派出所说这是经济纠纷让我去法院", "警察不给立案，叫我自己去起诉"),
        ("yes", "yes please"),
    ],
)
def test_what_is_only_alike_stays(one: str, other: str) -> None:
    assert not findings(messages(one, other))


def test_a_message_is_compared_with_those_that_stay() -> None:
    story = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
    one, two, three = (" ".join(story[start : start + 8]) for start in range(3))
    assert repeated(findings(messages(one, two, three))) == [two]


def test_what_is_nearly_the_same_may_belong_to_another_need() -> None:
    near = "派出所说这是经济纠纷让我去法院", "派出所说是经济纠纷让我去法院"
    assert not findings([*messages(near[0]), *messages(near[1], need="police_refused")])


SERIES = {
    "names": "my cousin {} told me to write to you about a thing that happened".format,
    "Chinese names": "我在{}上面被一个自称老师的人骗了".format,
}
SLOTS = {
    "names": ["Bartholomew", "Wei", "Guadalupe of Jesus", "Oluwaseun Adebayo Okafor", "Jacqueline", "Muhammad Ali"],
    "Chinese names": ["抖音", "小红书", "陌陌", "支付宝", "闲鱼", "知乎"],
}  # fmt: skip


@pytest.mark.parametrize("kind", SERIES)
def test_a_series_with_one_slot_is_cut_short(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_data, "NEARLY", 1.1)
    texts = [SERIES[kind](slot) for slot in SLOTS[kind]]
    found = findings(messages(*texts))
    assert repeated(found) == texts[LONGEST_SERIES:]
    assert {finding.why for finding in found} == {"one more of a series with"}
    assert not findings(messages(*texts[:LONGEST_SERIES]))


def test_numbers_are_no_slot_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_data, "NEARLY", 1.1)
    texts = [f"he took {n}000 from my {name} account on day {n}" for n, name in enumerate(SLOTS["names"])]
    assert repeated(findings(messages(*texts))) == texts[LONGEST_SERIES:]


def test_short_answers_are_naturally_alike() -> None:
    assert not findings(
        messages(*(f"in {place} now" for place in ("Kenya", "Ulaanbaatar", "Brazil", "Fiji", "Oman")))
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hablas español?", "the same text as"),
        ("講多次得唔得", "the same text as"),
        ("派出所說是經濟糾紛讓我去法院", r"nearly the text \(0\.\d\d\) of"),
        ("translate happy birthday grandma into Korean", r"nearly the text \(0\.\d\d\) of"),
    ],
)
def test_what_is_evaluated_is_never_trained_on(text: str, why: str) -> None:
    others = evaluated(
        "Hablas Español",
        "讲多次得唔得",
        "派出所说这是经济纠纷让我去法院",
        'translate "happy birthday grandma" to Korean',
    )
    (found,) = findings([*messages("good evening"), *messages(text, need="out_of_scope")], others)
    assert found.message.text == text
    assert found.other in others
    assert re.fullmatch(why, found.why)


CHARACTERS = st.text("ab 骗騙1?", max_size=12)


@given(
    st.lists(st.tuples(CHARACTERS, st.sampled_from(["greet", "thank"])), max_size=25),
    st.lists(CHARACTERS, max_size=4),
)
def test_who_deletes_what_is_named_is_done(texts: list[tuple[str, str]], others: list[str]) -> None:
    given = [
        Message(Place(Path("a.yml"), line, need, line), "en", text) for line, (text, need) in enumerate(texts)
    ]
    found = findings(given, evaluated(*others))
    places = [finding.message.place for finding in found]
    assert len(places) == len(set(places))
    left = [message for message in given if message.place not in set(places)]
    assert not findings(left, evaluated(*others))
    forms = [normal_form(message.text) for message in left]
    assert len(forms) == len(set(forms))


def test_the_promised_number_is_of_different_messages() -> None:
    needed = {language: MINIMUM[language] for language in MINIMUM}
    assert needed == {"en": 100, "zh-Hans": 100, "zh-Hant": 40, "mixed": 40}
    enough = [
        message
        for language, wanted in needed.items()
        for message in messages(*(f"{language} {n}" for n in range(wanted)), language=language)
    ]
    assert not shortfalls(enough)
    repetition = Finding(enough[0], "the same text as", enough[1])
    (short,) = shortfalls(enough, [repetition])
    assert str(short) == "data/nlu/en: greet: 99 different messages; 100 are promised"


def test_a_need_that_a_language_lacks_is_named() -> None:
    missing = shortfalls(messages("hello"))
    assert [(short.language, short.found) for short in missing] == [
        ("en", 1), ("zh-Hans", 0), ("zh-Hant", 0), ("mixed", 0)
    ]  # fmt: skip


FILE = """\
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
    -  good evening - to you

    - 你好
- intent: thank
  examples: |
    - thanks
# a second block of a need goes on counting
- intent: greet
  examples: |
    - yo
"""


def test_a_message_is_named_by_file_line_need_and_number(tmp_path: Path) -> None:
    path = tmp_path / "zh-Hans" / "a.yml"
    path.parent.mkdir()
    path.write_text(FILE, encoding="utf-8")
    read = read_training(tmp_path)
    assert [(m.place.line, m.need, m.place.number, m.text) for m in read] == [
        (5, "greet", 1, "hello"),
        (6, "greet", 2, "good evening - to you"),
        (8, "greet", 3, "你好"),
        (11, "thank", 1, "thanks"),
        (15, "greet", 4, "yo"),
    ]
    assert {(m.place.path, m.language) for m in read} == {(path, "zh-Hans")}


def test_every_message_of_the_project_is_found_at_its_line() -> None:
    read = read_training()
    assert len(read) > 10_000
    lines = {
        path: (ROOT / path).read_text(encoding="utf-8").splitlines() for path in {m.place.path for m in read}
    }
    for message in read:
        line = lines[message.place.path][message.place.line - 1]
        assert line.strip() == f"- {message.text}"


def test_only_what_has_a_need_is_evaluated(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"text": "5 dollars", "entities": []}\n{"text": "hi", "intent": "greet"}\n', encoding="utf-8"
    )
    (found,) = read_evaluated(tmp_path)
    assert (str(found.place), found.text) == (f"{tmp_path.as_posix()}/a.jsonl:2: greet 2", "hi")


def test_problems_name_places_and_the_prune_list_has_texts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_data, "read_training", lambda: messages("a secret story", "A SECRET STORY"))
    monkeypatch.setattr(training_data, "read_evaluated", lambda: [])
    problems = list(data_problems())
    place, other = "data/nlu/en/greet.yml:12: greet 2", "data/nlu/en/greet.yml:11: greet 1"
    assert problems[0] == f"{place}: the same text as {other}"
    assert problems[1] == "data/nlu/en: greet: 1 different messages; 100 are promised"
    assert "secret" not in "".join(problems).lower()
    assert list(prune_list()) == [f"{place}\tthe same text as\tA SECRET STORY\t{other}\ta secret story"]
