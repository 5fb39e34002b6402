"""``firstaid parse``: JSON lines in, the same objects out with what was understood."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot import parsing
from bot.gate import LONGEST_MESSAGE
from bot.parsing import Parser, parse_lines


@pytest.fixture(scope="module")
def parser(model: Path) -> Parser:
    """The trained understanding."""
    return Parser(model)


@pytest.fixture
def parse(parser: Parser, model: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Parse lines with the model loaded once; gives the exit code and the objects written."""
    monkeypatch.setattr(parsing, "Parser", lambda path: parser)

    def run(*lines: str) -> tuple[int, list[dict[str, Any]]]:
        output = io.StringIO()
        code = parse_lines(model, lines, output)
        return code, [json.loads(line) for line in output.getvalue().splitlines()]

    return run


def test_a_message_is_read_whole(parser: Parser) -> None:
    read = parser.read("I wired $12,500 to them this morning")
    assert read.keys() == {"intent", "confidence", "crisis", "language", "entities"}
    assert read["crisis"] is False
    assert read["language"] == "en"
    assert 0 < read["confidence"] <= 1
    (amount,) = [entity for entity in read["entities"] if entity["entity"] == "money"]
    assert "12,500" in amount["text"]
    assert amount.keys() == {"entity", "value", "start", "end", "text", "valid"}


@pytest.mark.parametrize(
    ("text", "intent", "language"),
    [
        ("hello", "greet", "en"),
        ("你好", "greet", "zh_Hans"),
        ("I want to talk to a real person", "ask_human", "en"),
        ("請問這是不是詐騙？", "ask_if_scam", "zh_Hant"),
    ],
)
def test_plain_messages_are_understood(parser: Parser, text: str, intent: str, language: str) -> None:
    read = parser.read(text)
    assert (read["intent"], read["language"]) == (intent, language)


@pytest.mark.parametrize("text", ["I want to kill myself", "我不想活了", "我想自殺"])
def test_a_crisis_is_read_before_everything_else(parser: Parser, text: str) -> None:
    read = parser.read(text)
    assert read["crisis"] is True
    assert (read["intent"], read["confidence"]) == ("crisis", 1.0)


@pytest.mark.parametrize("text", ["", " ", "/", "\u200b", "\ud800", "?", "🙂", "\x00", "/greet", "0["])
def test_no_text_breaks_it(parser: Parser, text: str) -> None:
    read = parser.read(text)
    assert read["crisis"] is False
    json.dumps(read)


def test_a_very_long_text_is_read_in_part(parser: Parser) -> None:
    assert parser.read("they took my money " * 5_000) == parser.read(
        ("they took my money " * 5_000)[:LONGEST_MESSAGE]
    )


def test_a_typed_command_is_only_text(parser: Parser) -> None:
    assert parser.read("/restart") == parser.read("restart")
    assert parser.read("/greet")["confidence"] < 1


def test_each_object_comes_back_with_its_reading(parse: Any) -> None:
    code, rows = parse('{"text": "hello", "id": 7}', '{"text": "我转了5万", "intent": "mine"}')
    assert code == 0
    assert (rows[0]["id"], rows[0]["text"], rows[0]["intent"]) == (7, "hello", "greet")
    assert rows[1]["text"] == "我转了5万"
    assert rows[1]["language"] == "zh_Hans"


@pytest.mark.parametrize(
    "line", ["", "hello", "[1]", "3", "null", "{}", '{"text": 3}', '{"text": null}', '"text"']
)
def test_a_line_that_is_no_message_is_answered_by_an_error(parse: Any, line: str) -> None:
    code, rows = parse(line, '{"text": "hello"}')
    assert code == 1
    assert list(rows[0]) == ["error"]
    assert rows[1]["intent"] == "greet"


def test_nothing_in_nothing_out(parse: Any) -> None:
    assert parse() == (0, [])
