"""What the Telegram channel keeps: chats, updates that came in, and messages that wait to go out.

Three tables, each row encrypted (Fernet) and under a keyed hash of the sender:

- ``telegram_chats``: the chat's number, needed to write back; and of the talk what the channel must know: its language,
  which message has buttons, which message of the person was heard last.
- ``telegram_inbox``: an update from its arrival until its answer is in the outbox. Then its content is deleted; the
  update's number stays for two days, longer than Telegram repeats one.
- ``telegram_outbox``: a message from the moment it is said until Telegram has it.

An update's answers and its end in the inbox are one transaction: over a crash an answer is neither lost nor queued
twice. A message is *claimed* for the length of a lease before it is sent and deleted after; the messages of a chat go
out one by one, in order.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from actions.intake.database import Database
from bot.storage.database import Seal, StoreUnavailable, metadata
from bot.storage.database import telegram_chats as CHATS
from bot.storage.database import telegram_inbox as INBOX
from bot.storage.database import telegram_outbox as OUTBOX

LEASE: Final = timedelta(seconds=30)
REMEMBERED: Final = timedelta(days=2)

_chat, _in, _out = CHATS.c, INBOX.c, OUTBOX.c


@dataclass(frozen=True)
class Chat:
    """A private chat.

    Attributes:
        language: of the talk; None before its first answer.
        menu: the language of the commands that Telegram shows in this chat alone.
        buttons_at: the message whose buttons may be pressed.
        heard: the person's message that was answered last, when it was words.
        asks_number: whether the person was asked for their phone number.
    """

    chat_id: int = field(repr=False)
    language: str | None = None
    menu: str | None = None
    buttons_at: int | None = None
    heard: int | None = None
    asks_number: bool = False


@dataclass(frozen=True)
class Claim:
    """A message that may be sent now, to be ended with `sent`, `put_off` or `drop`."""

    id: str
    attempts: int
    body: bytes = field(repr=False)


class TelegramStore:
    """The three tables at a database.

    All methods block for the time of one small transaction and raise `OutboxError` when the store fails. `sender` is
    Rasa's sender id, `address` the keyed hash under which its rows lie.

    Args:
        url: SQLAlchemy URL of a SQLite file or a PostgreSQL database.
        seal: as the tracker store has it.
    """

    def __init__(self, url: str, seal: Seal) -> None:
        self._seal = seal
        self._database = Database(url, metadata, keep_open=True)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def address(self, sender: str) -> str:
        """The keyed hash of a sender."""
        return self._seal.pseudonym(sender)

    # Chats

    def meet(self, sender: str, chat_id: int, now: datetime) -> Chat:
        """The chat of a sender who just wrote, made when it is not known."""
        address, seen = self.address(sender), now.timestamp()
        body = self._seal.close_bytes(str(chat_id).encode())
        statement = self._database.insert(CHATS).values(sender=address, body=body, seen_at=seen)
        statement = statement.on_conflict_do_update(index_elements=[_chat.sender], set_={"seen_at": seen})
        with self._database.transaction() as connection:
            connection.execute(statement)
            row = connection.execute(sa.select(CHATS).where(_chat.sender == address)).one()
        return _read_chat(chat_id, row)

    def chat(self, sender: str) -> Chat | None:
        """The chat of a sender; None when it is not known (any more)."""
        with self._database.transaction() as connection:
            row = connection.execute(sa.select(CHATS).where(_chat.sender == self.address(sender))).first()
        if row is None:
            return None
        try:
            chat_id = int(self._seal.open_bytes(bytes(row.body)))
        except StoreUnavailable:
            return None
        return _read_chat(chat_id, row)

    def forget(self, address: str) -> None:
        """Forget a chat that cannot be written to, and what waits to be sent there."""
        with self._database.transaction() as connection:
            connection.execute(sa.delete(OUTBOX).where(_out.sender == address))
            connection.execute(sa.delete(CHATS).where(_chat.sender == address))

    def clean(self, now: datetime, keep: timedelta) -> None:
        """Delete numbers of answered updates that cannot come again, and chats silent for `keep`."""
        repeated, silent = (now - REMEMBERED).timestamp(), (now - keep).timestamp()
        with self._database.transaction() as connection:
            connection.execute(sa.delete(INBOX).where(_in.body.is_(None), _in.arrived_at < repeated))
            connection.execute(sa.delete(CHATS).where(_chat.seen_at < silent))

    # Inbox

    def take_in(self, update_id: int, sender: str, body: bytes, now: datetime) -> bool:
        """Keep an update until it is answered; False when it came before."""
        statement = self._database.insert(INBOX).values(
            update_id=update_id,
            sender=self.address(sender),
            body=self._seal.close_bytes(body),
            arrived_at=now.timestamp(),
        )
        with self._database.transaction() as connection:
            return bool(connection.execute(statement.on_conflict_do_nothing()).rowcount)

    def waiting(self, sender: str | None = None) -> list[bytes]:
        """Updates that are not answered, of one sender or of all, in the order in which they were sent.

        One that cannot be read with this key is passed over.
        """
        statement = sa.select(_in.body).where(_in.body.is_not(None)).order_by(_in.update_id)
        if sender is not None:
            statement = statement.where(_in.sender == self.address(sender))
        with self._database.transaction() as connection:
            bodies = [bytes(row.body) for row in connection.execute(statement)]
        return [content for body in bodies if (content := self._open(body)) is not None]

    def answered(
        self,
        sender: str,
        updates: Iterable[int],
        outgoing: Iterable[bytes],
        noted: Mapping[str, Any] | None = None,
    ) -> None:
        """End updates with what is to be sent for them, and note what changed about the chat.

        A chat that was erased meanwhile stays so.

        Args:
            sender: whose they are.
            updates: their numbers.
            outgoing: what is to be sent.
            noted: new values of `Chat` by name.
        """
        address = self.address(sender)
        ended = sa.update(INBOX).where(_in.update_id.in_(list(updates))).values(body=None, sender=None)
        with self._database.transaction() as connection:
            connection.execute(ended)
            self._queue(connection, address, outgoing)
            if noted:
                connection.execute(sa.update(CHATS).where(_chat.sender == address).values(**noted))

    # Outbox

    def say(self, sender: str, outgoing: Iterable[bytes]) -> None:
        """Queue messages that answer nothing."""
        with self._database.transaction() as connection:
            self._queue(connection, self.address(sender), outgoing)

    def addresses(self) -> list[str]:
        """Where something waits to be sent."""
        with self._database.transaction() as connection:
            return [row.sender for row in connection.execute(sa.select(_out.sender).distinct())]

    def claim(self, address: str, now: datetime) -> Claim | timedelta | None:
        """The next message of a chat; how long to wait for it; or None when there is none.

        One that cannot be read with this key is deleted.
        """
        with self._database.transaction() as connection:
            return self._claim(connection, address, now)

    def sent(
        self, claim: Claim, address: str, now: datetime, buttons_at: int | None = None
    ) -> tuple[int | None, Claim | timedelta | None]:
        """Telegram has the message, with buttons at `buttons_at`.

        Returns:
            The message whose buttons these replace, and what comes next as `claim` gives it.
        """
        before = None
        with self._database.transaction() as connection:
            connection.execute(sa.delete(OUTBOX).where(_out.claim == claim.id))
            if buttons_at is not None:
                own = _chat.sender == address
                before = connection.execute(sa.select(_chat.buttons_at).where(own)).scalar()
                connection.execute(sa.update(CHATS).where(own).values(buttons_at=buttons_at))
            return before, self._claim(connection, address, now)

    def put_off(self, claim: Claim, until: datetime) -> None:
        """The message was not sent and is tried again."""
        later = {"claim": None, "attempts": claim.attempts + 1, "next_at": until.timestamp()}
        with self._database.transaction() as connection:
            connection.execute(sa.update(OUTBOX).where(_out.claim == claim.id).values(**later))

    def _claim(
        self, connection: sa.engine.Connection, address: str, now: datetime
    ) -> Claim | timedelta | None:
        first = sa.select(OUTBOX).where(_out.sender == address).order_by(_out.id).limit(1).with_for_update()
        while (row := connection.execute(first).first()) is not None:
            if row.next_at > now.timestamp():
                return timedelta(seconds=row.next_at - now.timestamp())
            this = _out.id == row.id
            body = self._open(bytes(row.body))
            if body is None:
                connection.execute(sa.delete(OUTBOX).where(this))
                continue
            claim = secrets.token_hex(16)
            until = (now + LEASE).timestamp()
            connection.execute(sa.update(OUTBOX).where(this).values(claim=claim, next_at=until))
            return Claim(claim, row.attempts, body)
        return None

    def _queue(self, connection: sa.engine.Connection, address: str, outgoing: Iterable[bytes]) -> None:
        for body in outgoing:
            connection.execute(sa.insert(OUTBOX).values(sender=address, body=self._seal.close_bytes(body)))

    def _open(self, body: bytes) -> bytes | None:
        try:
            return self._seal.open_bytes(body)
        except StoreUnavailable:
            return None


def _read_chat(chat_id: int, row: sa.engine.Row) -> Chat:
    return Chat(chat_id, row.language, row.menu, row.buttons_at, row.heard, bool(row.asks_number))
