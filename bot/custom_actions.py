"""Custom actions: inside the Rasa process by default, and steady wherever they run.

Rasa calls an action server through its endpoint's ``request``. `LocalActions` answers the call itself with the
SDK's executor, so that one process is enough; a deployment sets ``FIRSTAID_ACTION_SERVER_URL`` instead.
"""

from __future__ import annotations

import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.core.actions.action import Action, RemoteAction, create_bot_utterance
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from actions.case.model import Case
from actions.failure import answer_after_failure
from actions.rasa_actions import ACTIONS
from actions.zone import zone_of
from bot.graph_runner import OrderedGraphRunner
from bot.languages import negotiate
from bot.nlu.facts import READ_IN
from bot.quiet import place
from bot.time_zones import zone

logger = logging.getLogger(__name__)

TURNS = frozenset(action().name() for action in ACTIONS)


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


class SteadyAction(RemoteAction):
    """A custom action that always answers.

    Rasa swallows an action's error and says nothing. It also checks every answer against a JSON schema, and the schema
    itself each time anew: for an answer of this process that would cost more than the whole turn.
    """

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Run the action; an error is told to the person and logged without their words."""
        try:
            return [
                *await super().run(output_channel, nlg, tracker, domain),
                ActionExecuted(ACTION_LISTEN_NAME),
            ]
        except Exception as error:
            logger.error("an action failed: %s", place(error))
        latest = tracker.latest_message
        language = tracker.get_slot("language") or negotiate((latest.metadata or {}).get("language"))
        response, values = answer_after_failure(latest.text or "", language)
        draft = await nlg.generate(response, tracker, output_channel.name(), language=language, **values)
        return [create_bot_utterance(draft), ActionExecuted(ACTION_LISTEN_NAME)]

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        return isinstance(self.action_endpoint, LocalActions) or super()._validate_action_result(result)


class SteadyProcessor(MessageProcessor):
    """Rasa's processor, running custom actions as `SteadyAction`.

    A custom action is a whole turn: the bot listens after it, without asking the policies once more.
    """

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        with TemporaryDirectory() as directory:
            metadata, runner = loader.load_predict_graph_runner(
                Path(directory), Path(model_path), LocalModelStorage, OrderedGraphRunner
            )
        return Path(model_path).name, metadata, runner

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """Parse a message; its dates are read in the time zone of the device or of the case."""
        metadata = message.metadata or {}
        kept = tracker.get_slot("case") if tracker is not None else None
        case = Case.model_validate(kept) if kept is not None else Case()
        read_in = zone(metadata.get("time_zone")) or zone_of(case)
        message.metadata = {**metadata, READ_IN: str(read_in)}
        parsed: dict[str, Any] = await super().parse_message(message, tracker, only_output_properties)
        return parsed

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """No warning: `firstaid check` holds the data against the domain, and Rasa's way makes a new domain a turn."""

    @staticmethod
    def should_predict_another_action(action_name: str) -> bool:
        """Whether the policies are asked again after this action; see `MessageProcessor`."""
        return action_name not in TURNS and MessageProcessor.should_predict_another_action(action_name)

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """Predict the next action; see `MessageProcessor`."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        if isinstance(action, RemoteAction):
            action = SteadyAction(action.name(), self.action_endpoint)
        return action, prediction
