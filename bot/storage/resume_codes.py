"""Resume codes: which conversation a code opens, and how often a wrong one may be tried.

Kept is a keyed hash of the code beside the conversation's pseudonym, one code a conversation. A code is erased with its
conversation and moves with its case; see `bot.storage.tracker_store`.
"""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import delete, insert, select, update

from bot.rate_limit import RateLimit
from bot.storage.database import Seal, conversations, digest, open_database, resume_codes, try_again

WRONG_CODES_WINDOW_SECONDS = 600.0
WRONG_CODES_OF_ONE = 5
WRONG_CODES_OF_ALL = 600
_EVERYBODY = ""


class TooManyWrongCodes(Exception):
    """No further code is looked at for now.

    Attributes:
        seconds: how long to wait.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


class ResumeCodes:
    """The codes of a database.

    Args:
        database: SQLAlchemy URL of the bot's database.
        seal: as the tracker store has it.
        key: keys the hash that stands for a code.
        of_one: how many wrong codes a conversation may try; `of_all`, how many all conversations of this process may.

    Raises:
        StoreUnavailable: the database cannot be used.
    """

    def __init__(
        self,
        database: str,
        seal: Seal,
        key: bytes,
        *,
        of_one: RateLimit | None = None,
        of_all: RateLimit | None = None,
    ) -> None:
        self._engine = open_database(database)
        self._seal, self._key = seal, key
        self._of_one = of_one or RateLimit(WRONG_CODES_OF_ONE, WRONG_CODES_WINDOW_SECONDS)
        self._of_all = of_all or RateLimit(WRONG_CODES_OF_ALL, WRONG_CODES_WINDOW_SECONDS)

    def digest(self, code: str) -> str:
        """What stands for a code here and in the slot ``resumed``."""
        return digest(self._key, code)

    @try_again
    def keep(self, code: str, sender_id: str) -> None:
        """Let `code`, and no other, open the conversation of `sender_id`."""
        sender = self._seal.pseudonym(sender_id)
        row = {"sender": sender, "digest": self.digest(code), "made_at": time.time()}
        with self._engine.begin() as connection:
            own = resume_codes.c.sender == sender
            if not connection.execute(update(resume_codes).where(own).values(**row)).rowcount:
                connection.execute(insert(resume_codes).values(**row))

    @try_again
    def erase(self, sender_id: str) -> None:
        """Let no code open the conversation of `sender_id`."""
        own = resume_codes.c.sender == self._seal.pseudonym(sender_id)
        with self._engine.begin() as connection:
            connection.execute(delete(resume_codes).where(own))

    def slots(self, code: str, asked_by: str) -> dict[str, Any] | None:
        """The slots of the conversation that `code` opens; None where it opens none, which counts as a try.

        Raises:
            TooManyWrongCodes: `asked_by`, or everybody together, tried too many.
            StoreUnavailable: the conversation was written with another key.
        """
        asking = self._seal.pseudonym(asked_by)
        pause = max(self._of_one.pause(asking), self._of_all.pause(_EVERYBODY))
        if pause:
            raise TooManyWrongCodes(pause)
        body = self._body(self.digest(code))
        if body is None:
            self._of_one.count(asking)
            self._of_all.count(_EVERYBODY)
            return None
        slots: dict[str, Any] = self._seal.open(body)["slots"]
        return slots

    @try_again
    def _body(self, code: str) -> bytes | None:
        both = conversations.join(resume_codes, conversations.c.sender == resume_codes.c.sender)
        query = select(conversations.c.body).select_from(both).where(resume_codes.c.digest == code)
        with self._engine.connect() as connection:
            found: bytes | None = connection.execute(query).scalar_one_or_none()
        return found
