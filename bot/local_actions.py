"""Custom actions inside the Rasa process, for Rasa has no such mode of its own.

Rasa calls an action server through its endpoint's ``request``. This endpoint answers the call itself with the
SDK's executor, so that one process is enough; a deployment sets ``FIRSTAID_ACTION_SERVER_URL`` instead.
"""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from actions.rasa_actions import ACTIONS


class LocalActions(EndpointConfig):
    """An action endpoint without a network."""

    def __init__(self) -> None:
        super().__init__(url="local", enable_selective_domain=True)
        self._executor = ActionExecutor()
        for action in ACTIONS:
            self._executor.register_action(action)

    async def request(self, method: str = "post", *args: Any, **kwargs: Any) -> Any:
        """Run the action named in the call; see `EndpointConfig.request`."""
        return await self._executor.run(kwargs["json"])


class LocalAction(RemoteAction):
    """An action whose answer comes from this process and is not checked against a JSON schema.

    Rasa checks every answer, and the schema itself each time anew: that alone costs more than the whole turn.
    """

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        return True


class LocalProcessor(MessageProcessor):
    """Rasa's processor, running custom actions as `LocalAction` where the endpoint is local."""

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """Predict the next action; see `MessageProcessor`."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        if isinstance(action, RemoteAction) and isinstance(self.action_endpoint, LocalActions):
            action = LocalAction(action.name(), self.action_endpoint)
        return action, prediction
