"""The assistant: Rasa's agent with our gate, our store and one turn at a time for each person."""

from __future__ import annotations

import gc
import logging
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from actions.failure import answer_after_failure
from bot.catalogs import translations
from bot.custom_actions import LocalActions, SteadyProcessor
from bot.gate import LONGEST_MESSAGE, admit
from bot.languages import LANGUAGES, OWN_NAMES, SIMPLIFIED, negotiate
from bot.nlg import CatalogGenerator, speak
from bot.quiet import be_quiet, place
from bot.settings import Settings
from bot.storage.tracker_store import EncryptedTrackerStore
from bot.turn_locks import LocalTurnLocks, SharedTurnLocks, TurnLocks

logger = logging.getLogger(__name__)


class Assistant(Agent):
    """Rasa's agent, with three differences.

    Messages pass `bot.gate`. A person's turns are ordered here: Rasa's lock makes a waiting turn poll once a second.
    The tracker store is not wrapped in Rasa's fail-safe, which loses data in silence; when it fails, the person is
    told.
    """

    def __init__(self, turn_locks: TurnLocks | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._turns = turn_locks or LocalTurnLocks()

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain) -> TrackerStore:
        if store is None:
            raise ValueError("the assistant needs a tracker store")
        store.domain = domain
        return store

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a model as Rasa's agent does, with our processor."""
        self.processor = SteadyProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
        )
        self.domain = self.tracker_store.domain = self.processor.domain
        self.nlg.responses = self.domain.responses
        self._set_fingerprint(fingerprint)

    async def handle_message(self, message: UserMessage) -> list[dict[str, Any]] | None:
        """Answer one message; an error is told to the person and logged without their words."""
        too_long = len(message.text or "") > LONGEST_MESSAGE
        message.text = admit(message.text or "")
        try:
            async with self.between_turns(message.sender_id):
                if too_long:
                    await self._say(message, "utter_too_long")
                return await super().handle_message(message)
        except Exception as error:
            logger.error("a message could not be answered: %s", place(error))
            response, values = answer_after_failure(message.text, _language(message))
            await self._say(message, response, **values)
            return None

    def between_turns(self, sender_id: str) -> AbstractAsyncContextManager[Any]:
        """Hold this to be between the turns of a conversation."""
        return self._turns.hold(sender_id)

    async def forget(self, sender_id: str) -> None:
        """Erase a conversation between its turns."""
        async with self.between_turns(sender_id):
            self.tracker_store.erase(sender_id)

    async def _say(self, message: UserMessage, response: str, **values: Any) -> None:
        """Say a fixed response outside a turn, in the language the channel knows."""
        said = speak(self.domain.responses[response][0], _language(message), values)
        await message.output_channel.send_response(message.sender_id, said)


def _language(message: UserMessage) -> str:
    return negotiate((message.metadata or {}).get("language"))


def load_assistant(model: Path, settings: Settings) -> Assistant:
    """Load the trained model and connect it to the database and the actions.

    Raises:
        StoreUnavailable: the database cannot be used.
        SettingsError: a secret is missing.
    """
    be_quiet()
    store = EncryptedTrackerStore(
        settings.database,
        settings.fernet_key(),
        settings.derived_key("pseudonyms"),
        Domain.empty(),
    )
    remote = settings.action_server_url
    redis = settings.redis()
    assistant = Assistant(
        turn_locks=SharedTurnLocks(redis, settings.derived_key("pseudonyms")) if redis else None,
        domain=Domain.empty(),
        generator=CatalogGenerator({}),
        tracker_store=store,
        action_endpoint=EndpointConfig(url=remote, enable_selective_domain=True)
        if remote
        else LocalActions(),
    )
    assistant.load_model(str(model))
    return assistant


async def warm_up(assistant: Assistant) -> None:
    """Read one message, so that no person waits for what is loaded on first use."""
    for language in LANGUAGES:
        translations(language)
    await assistant.parse_message(OWN_NAMES[SIMPLIFIED])
    # What is loaded by now stays: the collector need not look through it at every turn.
    gc.collect()
    gc.freeze()
