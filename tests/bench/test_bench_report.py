"""Figures, ratios and the table, from turns whose times are given."""

import json

import pytest

from bench.load import Crowd, Turn
from bench.report import OURS, STOCK, Figures, Round, figures, growth, percentile, ratios, table, write_json


def turns(*milliseconds: float, characters: int = 10) -> list[Turn]:
    return [Turn(each / 1000, characters) for each in milliseconds]


def a_round(*milliseconds: float, crowd_seconds: float = 1.0) -> Round:
    said = turns(*milliseconds)
    return Round(said, Crowd(tuple(said), crowd_seconds), turns(*[10.0] * 190, *[12.0] * 10))


def some_figures(**changed: float) -> Figures:
    return Figures(**{**dict.fromkeys(Figures.__dataclass_fields__, 2.0), **changed})


def test_percentiles_are_of_the_turns_in_milliseconds() -> None:
    hundred_and_one = turns(*range(101))
    assert percentile(hundred_and_one, 50) == pytest.approx(50)
    assert percentile(hundred_and_one, 99) == pytest.approx(99)


def test_growth_compares_the_last_ten_turns_with_the_first_ten() -> None:
    assert growth(turns(*[10.0] * 10, *[500.0] * 180, *[13.0] * 10)) == pytest.approx(1.3)


def test_one_slow_turn_at_either_end_is_not_growth() -> None:
    assert growth(turns(900.0, *[10.0] * 198, 900.0)) == pytest.approx(1.0)


def test_figures_are_medians_over_starts_and_rounds() -> None:
    rounds = [
        a_round(1, 2, 3, crowd_seconds=1),
        a_round(10, 20, 30, crowd_seconds=3),
        a_round(4, 5, 6, crowd_seconds=2),
    ]
    summed = figures([9.0, 7.0, 100.0], 350.0, 600.0, 8.0, rounds)
    assert summed.start_seconds == 9.0
    assert summed.memory_megabytes == 350.0
    assert summed.installed_megabytes == 600.0
    assert summed.reading_milliseconds == 8.0
    assert summed.turn_p50_milliseconds == pytest.approx(5)
    assert summed.turns_per_second == pytest.approx(1.5)
    assert summed.long_talk_growth == pytest.approx(1.2)


def test_turns_without_an_answer_are_counted() -> None:
    silent = [*turns(1, 2, 3), *turns(4, characters=0)]
    each = Round(silent, Crowd(tuple(silent), 1.0), turns(*[1.0] * 20))
    assert figures([1.0], 1.0, 1.0, 1.0, [each]).turns_without_an_answer == 0.25


def test_a_ratio_is_ours_over_stock_and_none_over_nothing() -> None:
    divided = ratios(
        some_figures(start_seconds=3.0), some_figures(start_seconds=12.0, turns_without_an_answer=0.0)
    )
    assert divided["start_seconds"] == 0.25
    assert divided["turns_without_an_answer"] is None


def test_the_table_has_a_row_a_figure_and_a_ratio_only_beside_stock() -> None:
    both = table({OURS: some_figures(), STOCK: some_figures(memory_megabytes=8.0)}, "two cores")
    assert "| memory after the talks, MB | 2.00 | 8.00 | 0.25 |" in both
    assert both.endswith("two cores")
    alone = table({OURS: some_figures()}, "")
    assert alone.splitlines()[0] == f"| what | {OURS} |"
    assert len(alone.strip().splitlines()) == 2 + len(Figures.__dataclass_fields__)


def test_the_json_holds_figures_ratios_and_conditions(tmp_path) -> None:
    path = tmp_path / "result.json"
    write_json(path, {OURS: some_figures(), STOCK: some_figures(start_seconds=4.0)}, {"rounds": 3})
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["rounds"] == 3
    assert content["figures"][STOCK]["start_seconds"] == 4.0
    assert content["ratios"]["start_seconds"] == 0.5
