"""One message as the case sees it: what it asks for and the facts in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

BARE_NEEDS = frozenset({"affirm", "deny", "unsure", "inform", "nlu_fallback", "correct_answer", None})


@dataclass(frozen=True)
class Fact:
    """One entity: its kind, value and place in the text; see `bot.nlu.entities`."""

    kind: str
    value: Any
    start: int
    end: int
    text: str
    valid: bool | None = None


@dataclass(frozen=True)
class Message:
    """A read message.

    Attributes:
        need: the intent; None when there was nothing to read.
        second: another need, said in another clause of the same message.
        story: the need of the clause that tells the pattern, where the message as a whole is about a payment.
        ranking: the likeliest needs with their probability.
        signs: red flag to the person's own words.
        crisis_of: "self" or "other" when it speaks of a crisis.
        chosen: value of the button of the open question that was pressed or typed.
        wants_language: language the person asks the bot to speak.
        edited: whether it takes the place of the person's last message.
        evidence: whether these are the other side's words, shown by the person.
        tick: name of a step of the plan, and whether the person ticked it or took the tick back.
    """

    text: str
    need: str | None
    second: str | None = None
    story: str | None = None
    ranking: Sequence[tuple[str, float]] = ()
    facts: Sequence[Fact] = ()
    signs: Mapping[str, str] = field(default_factory=dict)
    crisis_of: str | None = None
    chosen: str | None = None
    wants_language: str | None = None
    edited: bool = False
    evidence: bool = False
    tick: tuple[str, bool] | None = None

    @property
    def needs(self) -> frozenset[str | None]:
        """Every need the message speaks of."""
        return frozenset({self.need, self.second})

    def all(self, kind: str) -> list[Fact]:
        """Facts of one kind, in the order of the text."""
        return [fact for fact in self.facts if fact.kind == kind]

    def first(self, kind: str) -> Fact | None:
        """The first fact of one kind."""
        return next(iter(self.all(kind)), None)

    def says(self, kind: str, value: str) -> bool:
        """Whether one of its facts is this."""
        return any(fact.value == value for fact in self.all(kind))

    def is_likely(self, share: float) -> bool:
        """Whether its need is at least so likely; a need without a ranking is certain."""
        return not self.ranking or self.ranking[0][1] >= share

    @property
    def is_bare(self) -> bool:
        """Whether the message is an answer rather than a need of its own."""
        return self.chosen is not None or self.need in BARE_NEEDS
