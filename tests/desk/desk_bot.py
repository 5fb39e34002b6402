"""The bot's side of the intake contract, over Django's test client."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

TOKEN = "a-token-of-the-tests-only"
STAFF, PASSWORD = "mei", "correct horse battery staple"


class Bot:
    """The bot's side of the contract."""

    def __init__(self, case_id: UUID | None = None) -> None:
        from django.test import Client

        self.case_id = case_id or uuid4()
        self.client = Client(SERVER_NAME="localhost", raise_request_exception=False)

    def call(self, method: str, body: object = None, *, below: str = "", token: str | None = TOKEN) -> Any:
        """Make one call; `body` is sent as JSON, bytes as they are."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        path = f"/intake/v1/cases/{self.case_id}{below}"
        return self.client.generic(method, path, data, "application/json", headers=headers)

    def put(self, case_file: object) -> Any:
        """Hand over the case."""
        return self.call("PUT", case_file)

    def get(self) -> Any:
        """Ask where the case stands."""
        return self.call("GET")

    def delete(self) -> Any:
        """Have the case erased."""
        return self.call("DELETE")

    def say(self, text: str, message_id: UUID | None = None) -> Any:
        """Add a message."""
        message = {
            "message_id": str(message_id or uuid4()),
            "text": text,
            "sent_at": "2026-05-04T12:00:00Z",
        }
        return self.call("POST", message, below="/messages")

    def reply(self, browser: Any, **changed: str) -> Any:
        """Send the reply form of the ticket's page, as a caseworker does in `browser`."""
        ticket = self.ticket
        form = {
            "title": ticket.title,
            "queue": str(ticket.queue.pk),
            "priority": str(ticket.priority),
            "due_date": "",
            "owner": str(ticket.assigned_to_id or 0),
            "new_status": str(ticket.status),
        }
        return browser.post(f"/tickets/{ticket.pk}/update/", form | changed)

    @property
    def ticket(self) -> Any:
        """The ticket of the case, fresh from the database."""
        from helpdesk.models import Ticket

        return Ticket.objects.get(intake_case__case_id=self.case_id)

    @property
    def files(self) -> dict[str, bytes]:
        """The files of the ticket by the names they were handed over with."""
        from helpdesk.models import FollowUpAttachment

        stored = FollowUpAttachment.objects.filter(followup__ticket=self.ticket)
        return {attachment.filename: attachment.file.read() for attachment in stored}
