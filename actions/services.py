"""What actions reach outside the case: outbox, inbox, the intake service, resume codes and check-ins."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from actions.intake.client import IntakeClient
from actions.intake.contract import reference_of
from actions.intake.outbox import Outbox
from bot.settings import Settings, settings
from bot.storage.check_ins import CheckInQueue
from bot.storage.database import Seal
from bot.storage.inbox import Inbox
from bot.storage.resume_codes import ResumeCodes

STATUS_TIMEOUT_SECONDS = 4.0


class Services:
    """Made once a process from its settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.outbox = Outbox(settings.database, settings.fernet_key())
        seal = Seal(settings.fernet_key(), settings.derived_key("pseudonyms"))
        self.resume_codes = ResumeCodes(settings.database, seal, settings.derived_key("resume codes"))
        self.check_ins = CheckInQueue(settings.database, seal)
        self._reference_key = settings.derived_key("references")
        self.inbox = Inbox(settings.database, seal)

    def reference_of(self, case_id: UUID) -> str:
        """What the person is given to name their case by."""
        return reference_of(case_id, self._reference_key)

    def intake_client(self, timeout: float = STATUS_TIMEOUT_SECONDS) -> IntakeClient:
        """A client of the intake service; use it as a context manager."""
        return IntakeClient(self._settings.intake_base_url, self._settings.secret("intake_token"), timeout)


@lru_cache(maxsize=1)
def services() -> Services:
    """The services of this process."""
    return Services(settings())
