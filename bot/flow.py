"""The picture of the flow, ``docs/flow.md``, drawn from the planner, the rules and the domain themselves.

``python -m bot.flow`` writes it. Each branch of the case is opened with a message, and the planner is walked through
every answer: what is drawn is what it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import yaml

from actions.case.absorb import absorb
from actions.case.answers import answer
from actions.case.branch import Branch, branch
from actions.case.message import Fact, Message
from actions.case.model import Case, Mark
from actions.case.planner import plan
from actions.dialogue import MOST_ADVICE_A_TURN
from actions.guide import RegistryGuide
from actions.registry import registry
from actions.responses import responses
from bot.catalogs import PLACEHOLDER
from bot.paths import ROOT, RULES
from bot.policies.needs import SAFETY_NEEDS

FLOW = ROOT / "docs" / "flow.md"
START, END = "start", "end"
ANSWERED = "told"
STORY = "story"
_TELL, _BRANCH = "tell ", "go on as "
# Values of buttons that may turn the talk; any other is one value among many.
_TURNING = frozenset(
    {"yes", "no", "unsure", "skip", "other", "refused", "none", "decline", "nobody", "platform"}
)
_NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
_HEADING = """\
# The flow

Written by `uv run python -m bot.flow` from the planner, the rules and the texts of the domain; a test fails when it is
stale. Do not edit it.
"""
_EVERY_MESSAGE = """\
## Every message

What protects a person, and every way out, stands above the rules, whatever question is open. Any need can come at any
time; what it tells goes into the case, and the open question comes back by itself. Every question can be answered "not
sure", except the way out of being watched.
"""
_BRANCHES = """\
## What comes next

The planner, branch by branch: rounded boxes are questions, boxes are advice, at most {advice} pieces in one message;
what is left comes with the next. A question whose answer is known already is passed over. Boxes with double
sides: the case turned out to be another. `{end}`: nothing is left to ask, and the talk stays open.
"""


@dataclass(frozen=True)
class Opening:
    """How a branch begins: the need of a message, the facts in it, and a mark where safety set one."""

    need: str
    facts: tuple[tuple[str, Any], ...] = ()
    marks: tuple[Mark, ...] = ()


_SENT = ("payment_state", "sent")
_PRESSED = ("payment_state", "pressed")
OPENINGS: Mapping[Branch, Opening] = {
    "paid": Opening("already_paid", (_SENT,)),
    "about_to_pay": Opening("about_to_pay", (_PRESSED,)),
    "doubting": Opening("ask_if_scam"),
    "relative": Opening("relative_scammed"),
    "watched": Opening("being_watched", marks=("watched",)),
    "trapped": Opening("trapped", marks=("trapped",)),
    "relative_trapped": Opening("relative_trapped", marks=("trapped",)),
    "mule": Opening("lent_account"),
    "frozen": Opening("account_frozen"),
    "job_offer": Opening("job_offer"),
    "recovery": Opening("tell_recovery_offer"),
}
# What answers a question that has no buttons for it.
_TYPED: Mapping[str, Fact] = {
    "amount": Fact("money", {"amount": "5000", "currency": "USD"}, 0, 5, "$5,000"),
    "contact_value": Fact("phone", "+16195550100", 0, 5, "phone"),
}
_WORDS: Mapping[str, str] = {"alone": "1"}


@dataclass(frozen=True, order=True)
class Edge:
    """From one box to the next, with the answer that leads there; "" for any."""

    start: str
    end: str
    answer: str = ""


def opened(kind: Branch) -> Case:
    """The case after the first message of a branch."""
    opening, case = OPENINGS[kind], Case(reachable=True)
    facts = tuple(Fact(name, value, 0, 0, "") for name, value in opening.facts)
    absorb(case, Message("…", opening.need, facts=facts))
    for mark in opening.marks:
        case.mark(mark)
    return case


@cache
def edges(kind: Branch) -> frozenset[Edge]:
    """Every step the planner takes in a branch, whatever is answered."""
    walk = _Walk(kind)
    walk.go_on(opened(kind), START)
    return frozenset(walk.found)


class _Walk:
    """A walk through one branch, up to where the case turns into another."""

    def __init__(self, kind: Branch) -> None:
        self.found: set[Edge] = set()
        self._kind = kind
        self._seen: set[str] = set()
        self._guide = RegistryGuide(registry())

    def go_on(self, case: Case, start: str, given: str = "") -> None:
        """Follow the plan of `case` from the box `start`, left by the answer `given`."""
        if branch(case) != self._kind:
            self.found.add(Edge(start, f"{_BRANCH}{branch(case)}", given))
            return
        due = plan(case, self._guide, _NOW)
        for tell in due.tells[:MOST_ADVICE_A_TURN]:
            case.tell(tell.key)
            self.found.add(Edge(start, f"{_TELL}{tell.what}", given))
            start, given = f"{_TELL}{tell.what}", ""
        kind = (due.ask or END).partition(":")[0]
        self.found.add(Edge(start, kind, given))
        case.open = due.ask
        state = case.model_dump_json(exclude={"id"})
        if state in self._seen:
            return
        self._seen.add(state)
        if due.ask is not None:
            self._answer(case, due.ask)
        elif len(due.tells) > MOST_ADVICE_A_TURN:
            self.go_on(case, END)

    def _answer(self, case: Case, question: str) -> None:
        kind = question.partition(":")[0]
        for label, message in _answers(kind):
            after = case.model_copy(deep=True)
            answered = answer(after, message, _NOW)
            absorb(after, message, asked=question, answered=answered)
            after.filed_at = _NOW if after.filing_agreed else None
            if answered or kind == STORY:
                self.go_on(after, kind, label)


def _answers(kind: str) -> Iterator[tuple[str, Message]]:
    """The answers that may lead to different places: buttons that are no mere value, and one that stands for them."""
    if kind == STORY:
        yield "a scam shows", Message("…", "tell_romance_investment")
        yield "nothing shows", Message("…", "inform")
    if kind in _WORDS:
        yield _WORDS[kind], Message(_WORDS[kind], "inform")
    if kind in _TYPED:
        yield ANSWERED, Message("…", "inform", facts=(_TYPED[kind],))
    values = [button for button in _buttons(kind) if button["payload"] not in _TURNING]
    if values:
        yield ANSWERED, Message("…", "inform", chosen=values[0]["payload"])
    for button in _buttons(kind):
        if button["payload"] in _TURNING:
            yield button["title"], Message("…", "inform", chosen=button["payload"])


def _buttons(kind: str) -> list[Mapping[str, str]]:
    name = "utter_ask_contact_value_phone" if kind == "contact_value" else f"utter_ask_{kind}"
    return list(responses()[name].get("buttons", ()))


def _label(box: str) -> str:
    """What stands in a box: the kind of advice, or the question as it is put."""
    if box.startswith(_TELL):
        return f'["{box.removeprefix(_TELL).replace("_", " ")}"]'
    if box.startswith(_BRANCH):
        return f'[["{box.replace("_", " ")}"]]'
    if box == END:
        return '(("end"))'
    name = "utter_ask_contact_value_phone" if box == "contact_value" else f"utter_ask_{box}"
    text = responses()[name]["text"] if box != "sign" else "One question for each sign of the likely scam"
    return f'(["{_first_question(text)}"])'


def _first_question(text: str) -> str:
    sentences = re.split(r"(?<=[.?])\s|\n", PLACEHOLDER.sub("…", text))
    put = next((sentence for sentence in sentences if sentence.endswith("?")), sentences[0])
    return put.replace('"', "'")


def mermaid(drawn: Set[Edge]) -> str:
    """A flow chart in Mermaid."""
    ends: dict[str, set[str]] = {}
    labels: dict[tuple[str, str], set[str]] = {}
    for edge in drawn:
        ends.setdefault(edge.start, set()).add(edge.end)
        labels.setdefault((edge.start, edge.end), set()).add(edge.answer)
    boxes = sorted({box for pair in labels for box in pair} - {START})
    lines = [
        "flowchart TD",
        f'  {START}(["their first message"])',
        *(f"  {_id(box)}{_label(box)}" for box in boxes),
    ]
    for (start, end), given in sorted(labels.items()):
        forks = len(ends[start]) > 1 and given != {""}
        arrow = f'-->|"{" / ".join(sorted(given - {""}))}"|' if forks else "-->"
        lines.append(f"  {_id(start)} {arrow} {_id(end)}")
    return "\n".join(lines)


def _id(box: str) -> str:
    return "finish" if box == END else box.replace(" ", "_")


def document() -> str:
    """The whole page."""
    parts = [_HEADING, _EVERY_MESSAGE, _needs(), _BRANCHES.format(advice=MOST_ADVICE_A_TURN, end=END)]
    for kind in OPENINGS:
        parts.append(
            f"### {kind.replace('_', ' ').capitalize()}\n\n```mermaid\n{mermaid(edges(kind))}\n```\n"
        )
    return "\n".join(parts)


def _needs() -> str:
    """The needs that are heard, by the phase that answers them."""
    by_action: dict[str, list[str]] = {}
    for path in sorted(RULES.glob("*.yml")):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            by_action.setdefault(rule["steps"][1]["action"], []).append(rule["steps"][0]["intent"])
    safety = [f"| **first of all** | {', '.join(SAFETY_NEEDS)} |"]
    rows = [
        f"| {action.removeprefix('action_')} | {', '.join(sorted(needs))} |"
        for action, needs in sorted(by_action.items())
    ]
    return "\n".join(["| answered by | needs |", "|---|---|", *safety, *rows, ""])


def main() -> None:
    """Write the page."""
    FLOW.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
