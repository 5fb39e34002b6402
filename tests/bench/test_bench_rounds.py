"""A whole run over two tiny real bots: what is done, in which order, and what comes out of it."""

import sys
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.load import Talks
from bench.rounds import Plan, measure
from bench.servers import Bot

TINY_BOT = Path(__file__).with_name("tiny_bot.py")
PLAN = Plan(starts=2, rounds=2, passes=3, people=2, turns_each=4, long_talk_turns=20)
TALKS = Talks(whole=(("hello", "help"), ("yes",)), long=("on", "and"))


def tiny(directory: Path) -> Bot:
    directory.mkdir()
    return Bot(directory.name, [sys.executable, str(TINY_BOT)], directory)


def test_both_bots_are_started_talked_to_and_weighed_alike_with_turns_about(tmp_path: Path) -> None:
    said: list[str] = []
    measured = measure({name: tiny(tmp_path / name) for name in ("a", "b")}, TALKS, PLAN, said.append)
    assert [line for line in said if line.startswith("round")] == [
        "round 1 of 2: a",
        "round 1 of 2: b",
        "round 2 of 2: b",
        "round 2 of 2: a",
    ]
    for each in measured.values():
        assert len(each.starts) == PLAN.starts
        assert each.memory > 1
        assert [len(done.turns) for done in each.rounds] == [3 * PLAN.passes] * 2
        assert [len(done.crowd.turns) for done in each.rounds] == [PLAN.people * PLAN.turns_each] * 2
        assert [len(done.long_talk) for done in each.rounds] == [PLAN.long_talk_turns] * 2


@pytest.mark.parametrize("option", ["--rounds", "--epochs"])
@pytest.mark.parametrize("value", ["0", "-1", "many"])
def test_numbers_that_make_no_sense_are_refused(
    option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([option, value])
    assert option in capsys.readouterr().err
