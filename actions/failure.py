"""What is said when a turn fails: a cry for help is answered all the same."""

from __future__ import annotations

from typing import Any

from actions import directions
from actions.case.model import Case
from actions.guide import RegistryGuide
from actions.registry import registry
from bot.nlu import crisis


def answer_after_failure(text: str, language: str) -> tuple[str, dict[str, Any]]:
    """The response to say and its values: the crisis lines where `text` needs them, an apology otherwise.

    Needs neither database nor model: the lexicon reads the text, the lines are the registry's for the language.
    """
    if crisis.assess(text) is None:
        return "utter_error", {}
    case, guide = Case(language=language), RegistryGuide(registry())
    return "utter_crisis", {"lines": directions.in_short(guide.crisis_channels(case), case, guide.registry)}
