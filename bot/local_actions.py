"""Custom actions inside the Rasa process, for Rasa has no such mode of its own.

Rasa calls an action server through its endpoint's ``request``. This endpoint answers the call itself with the
SDK's executor, so that one process is enough; a deployment sets ``FIRSTAID_ACTION_SERVER_URL`` instead.
"""

from __future__ import annotations

from typing import Any

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
