"""Tokens of English, Chinese and both in one message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import TEXT, TEXT_TOKENS
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.tokenizer import MixedTokenizer

mixed = st.text(st.one_of(st.characters(), st.sampled_from("我被骗了 轉帳ab 1,'’._-\n\u3000🙂$€")))


@pytest.fixture(scope="module")
def tokenizer() -> MixedTokenizer:
    """The tokenizer as Rasa makes it."""
    return MixedTokenizer(MixedTokenizer.get_default_config())


def tokens(tokenizer: MixedTokenizer, text: str) -> list[Token]:
    """The tokens of `text`."""
    return tokenizer.tokenize(Message({TEXT: text}), TEXT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don't know", ["I", "don't", "know"]),
        ("I don’t know", ["I", "don’t", "know"]),
        ("我被骗了", ["我", "被", "骗", "了"]),
        ("我用Zelle转了5000", ["我", "用", "Zelle", "转", "了", "5000"]),
        ("pay $5!", ["pay", "$", "5", "!"]),
        ("a  b\n\tc", ["a", "b", "c"]),
        ("naïve café", ["naïve", "café"]),
        ("是的，谢谢。", ["是", "的", "，", "谢", "谢", "。"]),
        ("_ a_b", ["_", "a", "_", "b"]),
    ],
)
def test_words_characters_and_marks_are_tokens(
    tokenizer: MixedTokenizer, text: str, expected: list[str]
) -> None:
    assert [token.text for token in tokens(tokenizer, text)] == expected


@given(mixed)
def test_tokens_lie_where_they_say_and_none_is_blank(tokenizer: MixedTokenizer, text: str) -> None:
    found = tokens(tokenizer, text)
    assert found
    end = 0
    for token in found:
        assert text[token.start : token.end] == token.text
        assert token.start >= end
        end = token.end
    if text.strip():
        assert all(token.text.strip() == token.text != "" for token in found)


@given(mixed)
def test_nothing_but_space_is_left_out(tokenizer: MixedTokenizer, text: str) -> None:
    found = tokens(tokenizer, text)
    if text.strip():
        covered = {index for token in found for index in range(token.start, token.end)}
        assert all(index in covered or character.isspace() for index, character in enumerate(text))


def test_rasa_puts_them_on_the_message(tokenizer: MixedTokenizer) -> None:
    message = Message.build("hello 你好")
    tokenizer.process([message])
    assert [token.text for token in message.get(TEXT_TOKENS)] == ["hello", "你", "好"]
