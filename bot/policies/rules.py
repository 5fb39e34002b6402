"""Rasa's rules, found by the need they are about."""

from __future__ import annotations

import json

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT

_NO_RULE = (None, None, False)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class NeedRulePolicy(RulePolicy):
    """Rasa's `RulePolicy`, whose rules are about needs and never about a text.

    Rasa's own tries every rule on every turn, once for the text and once for the need.
    """

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input:
            return _NO_RULE
        found: tuple[str | None, str | None, bool] = super()._find_action_from_rules(tracker, domain, False)
        return found

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        need = states[-1].get(USER, {}).get(INTENT) if states else None
        return set(super()._get_possible_keys(_about(need, lookup) if need else lookup, states))


def _about(need: str, lookup: dict[str, str]) -> dict[str, str]:
    """The rules of `lookup` that could hold for `need`; a key is the JSON of the states a rule asks for."""
    named, any_need = json.dumps({INTENT: need})[1:-1], json.dumps(INTENT)
    return {key: action for key, action in lookup.items() if named in key or any_need not in key}
