"""What a release is told against the last."""

from __future__ import annotations

from typing import Any

from bot.evaluation import Share
from bot.evaluation.comparison import MOST_CHANGED_NEEDS, compare


def written(**changes: Any) -> dict[str, Any]:
    """An evaluation as it is written to JSON."""
    return {
        "model": "one",
        "sets": {"en": {"messages": 100, "sha256": "a"}},
        "figures": {"intent": Share(90, 100).as_dict()},
        "numbers": {"CPU": 5.0},
        "needs": {"all": {"greet": {"f1": 0.9}, "deny": {"f1": 0.8}}},
        "entities": {"kinds": {"money": {name: Share(9, 10).as_dict() for name in ("precision", "recall")}}},
        **changes,
    }


def line(text: str, beginning: str) -> list[str]:
    """The words of the one line that begins so, behind the beginning."""
    (found,) = (line for line in text.splitlines() if line.startswith(beginning))
    return found.removeprefix(beginning).split()


def test_an_evaluation_has_not_changed_since_itself() -> None:
    told = compare(written(), written())
    assert line(told, "intent") == ["90.0%", "->", "90.0%", "+0.0", "overlap"]
    assert line(told, "entities, money, recall")[-2:] == ["+0.0", "overlap"]
    assert line(told, "CPU") == ["5.000", "->", "5.000", "+0.000"]
    assert "other messages" not in told
    assert "needs whose" not in told


def test_intervals_that_do_not_overlap_are_told() -> None:
    better = {"intent": Share(99, 100).as_dict()}
    assert line(compare(written(), written(figures=better)), "intent")[-2:] == ["+9.0", "APART"]
    assert line(compare(written(figures=better), written()), "intent")[-2:] == ["-9.0", "APART"]
    slightly = {"intent": Share(93, 100).as_dict()}
    assert line(compare(written(), written(figures=slightly)), "intent")[-2:] == ["+3.0", "overlap"]


def test_other_messages_are_no_fair_comparison() -> None:
    sets = {"en": {"messages": 100, "sha256": "b"}, "mixed": {"messages": 1, "sha256": "c"}}
    assert "measured on other messages than before: en, mixed\n" in compare(written(), written(sets=sets))


def test_a_figure_that_is_new_or_gone() -> None:
    told = compare(written(), written(figures={"new": Share(1, 2).as_dict()}, numbers={"zero": 0.0}))
    assert line(told, "intent") == ["90.0%", "->", "none"]
    assert line(told, "new") == ["none", "->", "50.0%"]
    assert line(told, "zero") == ["none", "->", "0.000"]


def test_the_needs_that_changed_most_come_first() -> None:
    before = {f"need{i:02}": {"f1": 0.5} for i in range(20)}
    after = {name: {"f1": 0.5 + 0.01 * i * (-1) ** i} for i, name in enumerate(before)}
    told = compare(written(needs={"all": before}), written(needs={"all": after})).splitlines()
    needs = told[told.index("needs whose F1 changed most") + 1 :]
    assert len(needs) == MOST_CHANGED_NEEDS
    assert needs[0].split() == ["need19", "0.500", "->", "0.310", "-0.190"]
    assert needs[1].split()[0] == "need18"


def test_figures_of_an_earlier_version_are_compared_as_far_as_they_go() -> None:
    earlier = {"figures": {"intent": Share(80, 100).as_dict()}, "needs": {"greet": Share(1, 2).as_dict()}}
    told = compare(earlier, written())
    assert told.startswith("change since an earlier model\n")
    assert line(told, "intent")[-2:] == ["+10.0", "overlap"]
