"""From the inbox to the person and back to the case: in order, once, over restarts, and not into danger."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions.case.model import Case, Consent, Contact
from actions.intake.contract import CaseEvent
from actions.responses import responses
from actions.services import services
from bot.assistant import Assistant
from bot.case_news import CaseNews
from bot.catalogs import translate
from bot.channels.mailbox import Event, MemoryMailbox
from bot.channels.rest import Collected
from bot.channels.web_output import sender_id
from bot.channels.webchat import WebChat
from bot.languages import LANGUAGES
from bot.storage.inbox import LEASE
from tests.bot.channels.web_chat_server import KEY
from tests.bot.test_check_ins import BETRAYING

WORDS = "银行立案了吗？请把编号告诉我。"
FRAMES = [name for name in responses() if name.startswith("utter_caseworker_")] + ["utter_ask_reply"]


class Person:
    """Somebody who filed a case on the web page, and the bot's side of the page."""

    def __init__(self, assistant: Assistant, **case: Any) -> None:
        self.assistant = assistant
        self.session = uuid4().hex
        self.sender = sender_id(self.session)
        self.start: dict[str, Any] = {
            "reference": "7KQ4-M2XR",
            "language": "zh_Hans",
            "consent": Consent(version="1", given_at=datetime.now(UTC), purposes=["handover"]),
            "contact": Contact(kind="none"),
            "filed_at": datetime.now(UTC),
            "country": "US",
            "paid": False,
            **case,
        }
        self.id = uuid4()
        self.heard = 0
        self.now = datetime.now(UTC)
        self.restart()

    def restart(self) -> None:
        """The bot comes back with what is on disk alone."""
        self.mailbox = MemoryMailbox()
        channel = WebChat(KEY, [], _nothing, mailbox=self.mailbox)
        self.news = CaseNews(self.assistant, services().inbox, [channel], lambda: self.now)

    async def file(self) -> None:
        """Let the case be filed."""
        case = Case(id=self.id, **self.start)
        said = UserUttered("hi", {"name": "greet"}, input_channel="webchat")
        slots = {"case": case.model_dump(mode="json"), "filed": [str(self.id)], "language": case.language}
        events = [said, *(SlotSet(name, value) for name, value in slots.items())]
        domain = self.assistant.domain
        tracker = DialogueStateTracker.from_events(self.sender, events, slots=domain.slots, domain=domain)
        await self.assistant.tracker_store.save(tracker)

    def hear(self, text: str | None = WORDS, status: str = "in_progress", **changes: Any) -> CaseEvent:
        """Let the service tell something."""
        self.heard += 1
        event = CaseEvent(
            **{
                "event_id": uuid4(),
                "case_id": self.id,
                "sequence": self.heard,
                "kind": "status_changed" if text is None else "message",
                "status": status,
                "text": text,
                "occurred_at": self.now + timedelta(seconds=self.heard),
                **changes,
            }
        )
        services().inbox.take_in(event, self.now)
        return event

    async def tell(self) -> None:
        """Let the bot tell all it can."""
        while await self.news.tell_waiting():
            pass

    @asynccontextmanager
    async def page(self, after: int | None = None) -> AsyncIterator[list[Event]]:
        """The open page: what it has received so far."""
        seen: list[Event] = []

        async def follow() -> None:
            async for event in self.mailbox.follow(self.session, after, 0.01):
                if event is not None:
                    seen.append(event)

        task = asyncio.create_task(follow())
        await asyncio.sleep(0.05)
        yield seen
        await asyncio.sleep(0.05)
        task.cancel()

    async def say(self, text: str) -> str:
        """Write to the bot; its answer."""
        output = Collected()
        message = UserMessage(text, output, self.sender, input_channel="webchat", metadata={})
        await self.assistant.handle_message(message)
        return "\n".join(said["text"] for said in output.messages)

    async def case(self) -> Case:
        """The case as it is kept."""
        tracker = await self.assistant.tracker_store.retrieve(self.sender)
        assert tracker is not None
        return Case.model_validate(tracker.get_slot("case"))


async def _nothing(session: str, language: str) -> None:
    """Greet nobody."""


def texts(seen: list[Event]) -> list[str]:
    return [event.data["text"] for event in seen]


def sent_for(case_id: UUID) -> list[str]:
    """What went out for a case since this was asked last."""
    later, outbox, texts = datetime.now(UTC) + timedelta(days=3650), services().outbox, []
    while mine := [item for item in outbox.due(later, 1000) if item.message and item.case_id == case_id]:
        texts += [item.message.text for item in mine if item.message]
        for item in mine:
            outbox.delivered(item.id)
    return texts


async def test_an_answer_comes_to_the_open_page_in_the_persons_language(assistant: Assistant) -> None:
    person = Person(assistant)
    await person.file()
    person.hear(None)
    person.hear()
    await person.tell()
    assert len(person.mailbox) == 0
    async with person.page() as seen:
        await person.tell()
        await person.tell()
    works, writes = texts(seen)
    assert works == translate(responses()["utter_caseworker_works"]["text"], "zh_Hans")
    assert WORDS in writes
    assert seen[1].data["buttons"] == [{"title": "现在不用"}]
    case = await person.case()
    assert (case.open, case.reply_to) == ("reply", person.id)
    assert case.standing is not None
    assert case.standing.status == "in_progress"


async def test_the_next_message_goes_to_the_case_and_the_one_after_does_not(assistant: Assistant) -> None:
    person = Person(assistant)
    await person.file()
    person.hear()
    async with person.page():
        await person.tell()
    assert "转给工作人员" in await person.say("立案了，编号是 4471。")
    await person.say("谢谢")
    assert sent_for(person.id) == ["立案了，编号是 4471。"]
    assert "转给工作人员" in await person.say("转告工作人员：我还有一张收据")
    assert sent_for(person.id) == ["我还有一张收据"]


async def test_not_now_sends_nothing(assistant: Assistant) -> None:
    person = Person(assistant)
    await person.file()
    person.hear()
    async with person.page():
        await person.tell()
    assert "什么都不会转" in await person.say("现在不用")
    assert sent_for(person.id) == []
    assert (await person.case()).reply_to is None


@pytest.mark.parametrize(
    "said",
    [
        "I want to kill myself",
        "delete everything",
        "我的助记词是 abandon ability able about above absent absorb abstract absurd abuse access accident",
    ],
)
async def test_what_is_not_for_the_caseworker_stays_here(assistant: Assistant, said: str) -> None:
    person = Person(assistant)
    await person.file()
    person.hear()
    async with person.page():
        await person.tell()
    await person.say(said)
    assert sent_for(person.id) == []


async def test_a_restart_loses_nothing_and_doubles_nothing(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between saying and noting that it was said: the page that comes back knows it already."""
    person = Person(assistant)
    await person.file()
    person.hear("one")
    inbox = services().inbox

    def die(event: CaseEvent) -> None:
        raise OSError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "told", die)
        async with person.page() as before:
            await person.tell()
    assert len(before) == 1
    person.restart()
    person.now += LEASE
    person.hear("two")
    async with person.page(before[-1].id) as after:
        await person.tell()
    assert [("one" in text, "two" in text) for text in texts(after)] == [(False, True)]
    person.restart()
    async with person.page(after[-1].id) as again:
        await person.tell()
    assert again == []


@pytest.mark.parametrize("danger", [{"marks": ["watched"]}, {"role": "trapped", "marks": ["trapped"]}])
async def test_nothing_is_said_unasked_where_others_may_read_along(
    assistant: Assistant, danger: dict[str, Any]
) -> None:
    person = Person(assistant, **danger)
    await person.file()
    person.hear()
    async with person.page() as seen:
        await person.tell()
        assert seen == []
    assert (
        len([item for item in services().inbox.waiting(person.now) if item.event.case_id == person.id]) == 1
    )


async def test_a_crisis_comes_first_and_the_answer_is_still_shown(assistant: Assistant) -> None:
    person = Person(assistant, marks=["crisis"], open="safe_now")
    await person.file()
    person.hear()
    async with person.page() as seen:
        await person.tell()
    assert WORDS in texts(seen)[0]
    assert seen[0].data["buttons"] == []
    assert (await person.case()).open == "safe_now"


async def test_late_and_silent_changes_say_nothing(assistant: Assistant) -> None:
    person = Person(assistant)
    await person.file()
    person.hear(None, "closed")
    person.hear(None, "in_progress", occurred_at=person.now - timedelta(days=1))
    person.hear(None, "closed")
    async with person.page() as seen:
        await person.tell()
    assert len(seen) == 1
    case = await person.case()
    assert case.standing is not None
    assert case.standing.status == "closed"
    assert services().inbox.waiting(person.now + LEASE) == [] or all(
        item.event.case_id != person.id for item in services().inbox.waiting(person.now + LEASE)
    )
    assert "结束" in await person.say("转告工作人员：还有一笔")
    assert sent_for(person.id) == []


async def test_a_broken_channel_is_tried_again_and_logged_without_words(
    assistant: Assistant, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(assistant)
    await person.file()
    person.hear()

    async def fail(self: WebChat, sender: str, said: Mapping[str, Any]) -> bool:
        raise ConnectionError(f"{sender} {said}")

    async with person.page() as seen:
        with monkeypatch.context() as patch:
            patch.setattr(WebChat, "deliver", fail)
            await person.tell()
        assert "news of a case could not be told: ConnectionError" in caplog.text
        assert WORDS not in caplog.text
        assert person.session not in caplog.text
        person.now += LEASE
        await person.tell()
    assert len(seen) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("response", FRAMES)
def test_what_is_said_around_the_words_gives_nobody_away(response: str, language: str) -> None:
    text = translate(responses()[response]["text"], language).casefold()
    assert not [word for word in BETRAYING if word in text]
