"""The policy above the rules: what protects a person comes first, on every turn.

A crisis, a person who is watched, trapped or threatened, an offer of paid recovery, and every way out of the
talk win over any rule, whatever question is open. The policy reads the last message alone; it learns nothing
and its decision is the same tomorrow.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.policies.needs import SAFETY_NEEDS

ABOVE_RULES = 100


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class SafetyPolicy(Policy):
    """Predicts the action of `SAFETY_NEEDS` for a need of `SAFETY_NEEDS`, with certainty; otherwise stays silent."""

    @staticmethod
    def supported_data() -> SupportedData:
        """It needs neither stories nor rules."""
        return SupportedData.ML_AND_RULE_DATA

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa breaks ties of confidence by priority; the rule policy has 6."""
        return {"priority": ABOVE_RULES}

    def train(
        self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any
    ) -> Resource:
        """Nothing to learn."""
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SafetyPolicy:
        """Nothing was stored."""
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Name the safety action right after a message that needs one, then hand back to the person."""
        probabilities = [0.0] * domain.num_actions
        action = _next_action(tracker)
        if action is not None:
            probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities)


def _next_action(tracker: DialogueStateTracker) -> str | None:
    need = tracker.latest_message.intent.get("name") if tracker.latest_message else None
    action = SAFETY_NEEDS.get(need or "")
    if action is None:
        return None
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return action
        if isinstance(event, ActionExecuted) and event.action_name == action:
            return ACTION_LISTEN_NAME
    return None
