"""What counts for which figure."""

from __future__ import annotations

import pytest

from bot.evaluation import Share
from bot.evaluation.figures import by_need, confusions, macro_f1, measure
from tests.bot.evaluation.examples import example


def test_a_fair_second_reading_counts_apart() -> None:
    examples = [example(), example(read="thank", also=("thank",)), example(read="deny", also=("thank",))]
    figures = measure(examples)
    assert figures["intent, strict, all"] == Share(1, 3)
    assert figures["intent, fair, all"] == Share(2, 3)
    assert confusions(examples) == {("greet", "deny"): 1}


def test_each_script_has_its_own_figures_and_so_has_a_further_set_of_it() -> None:
    examples = [
        example(),
        example(source="en_2", script="en", read="deny"),
        example(source="zh-Hant", language="zh_Hant", read="deny"),
    ]
    figures = measure(examples)
    assert figures["intent, strict, en"] == Share(1, 2)
    assert figures["intent, strict, en_2"] == Share(0, 1)
    assert figures["intent, strict, zh-Hant"] == Share(0, 1)
    assert figures["intent, strict, all"] == Share(1, 3)
    assert "intent, strict, mixed" not in figures


@pytest.mark.parametrize("source", ["crisis", "crisis_hard_negatives", "out_of_scope"])
def test_a_set_about_one_thing_is_no_measure_of_all_needs(source: str) -> None:
    examples = [example(), example(source=source, script="en", read="deny", language="zh_Hans")]
    figures = measure(examples)
    assert figures["intent, strict, all"] == Share(1, 1)
    assert figures["intent, strict, en"] == Share(1, 1)
    assert figures["language and script"] == Share(1, 1)
    assert by_need(examples)["all"]["greet"].labelled == 1
    assert not confusions(examples)


def test_crisis_recall_counts_what_was_seen_in_every_set() -> None:
    seen = example(intent="crisis", read="crisis", crisis=True)
    missed = example(intent="crisis", read="crisis")
    figures = measure([seen, missed, example(source="crisis", script="zh-Hant", intent="crisis")])
    assert figures["crisis, recall"] == Share(1, 3)
    assert figures["crisis, recall, en"] == Share(1, 2)
    assert figures["crisis, recall, zh-Hant"] == Share(0, 1)
    assert figures["crisis, false alarms, ordinary"] == Share(0, 0)


def test_false_alarms_are_counted_on_messages_that_are_no_crisis() -> None:
    hard = "crisis_hard_negatives"
    examples = [
        example(crisis=True),
        example(),
        example(crisis=True, also=("crisis",)),
        example(source=hard, crisis=True),
        example(source=hard),
        example(source=hard, intent="crisis", crisis=True),
        example(source="out_of_scope", intent="out_of_scope", crisis=True),
    ]
    figures = measure(examples)
    assert figures["crisis, false alarms, ordinary"] == Share(2, 3)
    assert figures["crisis, false alarms, hard negatives"] == Share(1, 2)


def test_out_of_scope_may_be_read_as_not_understood() -> None:
    figures = measure(
        [example(intent="out_of_scope", read=read) for read in ("out_of_scope", "nlu_fallback", "greet")]
    )
    assert figures["out of scope, falsely accepted"] == Share(1, 3)
    assert not [name for name in figures if name.endswith(("near", "far"))]


def test_far_and_near_are_told_apart_where_the_set_does() -> None:
    asked = {"source": "out_of_scope", "intent": "out_of_scope"}
    figures = measure(
        [
            example(**asked, distance="far", read="out_of_scope"),
            example(**asked, distance="near", read="inform"),
            example(intent="out_of_scope", read="inform"),
        ]
    )
    assert figures["out of scope, falsely accepted, far"] == Share(0, 1)
    assert figures["out of scope, falsely accepted, near"] == Share(1, 1)
    assert figures["out of scope, falsely accepted"] == Share(2, 3)


def test_the_language_is_that_of_the_script() -> None:
    examples = [
        example(),
        example(source="zh-Hant", language="zh_Hant"),
        example(source="zh-Hant", language="zh_Hans"),
        example(source="mixed", language="en"),
    ]
    assert measure(examples)["language and script"] == Share(2, 3)


def test_a_need_has_precision_and_recall_in_each_script() -> None:
    examples = [
        example(),
        example(),
        example(read="deny", also=("deny",)),
        example(intent="deny", read="greet"),
        example(source="zh-Hans", intent="deny", read="deny"),
    ]
    needs = by_need(examples)
    assert set(needs) == {"all", "en", "zh-Hans"}
    greet = needs["en"]["greet"]
    assert greet.precision == Share(2, 3)
    assert greet.recall == Share(2, 3)
    assert greet.f1 == pytest.approx(2 / 3)
    assert needs["en"]["deny"].f1 == 0
    assert needs["zh-Hans"]["deny"].f1 == 1
    assert needs["all"]["deny"].recall == Share(1, 2)
    assert needs["all"]["deny"].as_dict()["messages"] == 2


def test_what_is_only_read_has_no_part_in_the_mean() -> None:
    needs = by_need([example(), example(intent="deny", read="nlu_fallback")])["all"]
    assert needs["nlu_fallback"].precision == Share(0, 1)
    assert macro_f1(needs) == pytest.approx(1 / 2)
    assert macro_f1({}) == 0
