"""The picture of the flow is drawn from what the planner does."""

from __future__ import annotations

from typing import get_args

import pytest

from actions.case.branch import Branch, branch
from bot.flow import END, FLOW, OPENINGS, START, Edge, document, edges, opened


def test_the_page_is_up_to_date() -> None:
    assert FLOW.read_text(encoding="utf-8") == document(), "run `uv run python -m bot.flow`"


@pytest.mark.parametrize("kind", get_args(Branch))
def test_every_branch_is_opened(kind: Branch) -> None:
    assert branch(opened(kind)) == kind
    assert kind in OPENINGS


def test_what_was_paid_is_stopped_before_anything_is_asked() -> None:
    drawn = edges("paid")
    assert {edge.end for edge in drawn if edge.start == START} == {"tell first_step"}
    assert Edge("method", "tell stop", "told") in drawn


def test_the_watched_are_asked_one_thing_alone() -> None:
    assert edges("watched") == {Edge(START, "alone"), Edge("alone", "go on as doubting", "1")}


@pytest.mark.parametrize("kind", [kind for kind in get_args(Branch) if kind != "watched"])
def test_every_branch_comes_to_an_end(kind: Branch) -> None:
    drawn = edges(kind)
    leads = {END} | {edge.end for edge in drawn if edge.end.startswith("go on as")}
    while more := {edge.start for edge in drawn if edge.end in leads} - leads:
        leads |= more
    assert {edge.start for edge in drawn} <= leads
