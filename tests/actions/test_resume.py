"""Coming back: the code that is given, and the case that goes on where it is typed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet

from actions.case.model import Case, Consent, Contact, Payment
from actions.resume_code import shown, typed_code
from actions.services import Services
from bot.storage.resume_codes import WRONG_CODES_OF_ONE
from bot.storage.tracker_store import EncryptedTrackerStore
from tests.actions.conftest import settings_in
from tests.actions.talk import NOW, Talk

SLOT = {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
DOMAIN = Domain.from_dict({"slots": {name: dict(SLOT) for name in ("case", "erased", "resumed")}})
PAID = {"paid": True, "country": "US", "payments": [Payment(method="zelle", amount=900)]}  # type: ignore[arg-type]
WRONG = "7KQ-M2X-R4T-9BD-FGH-2JK"


class Device:
    """A conversation as Rasa keeps it: what the store has, one turn, what the store keeps."""

    def __init__(self, services: Services, store: EncryptedTrackerStore, name: str) -> None:
        self.store = store
        self.talk = Talk(services, sender_id=name)

    @property
    def case(self) -> Case:
        """The case after the last turn."""
        return self.talk.case

    async def say(self, text: str, need: str | None = "inform", **given: Any) -> list[str]:
        """Say `text`; returns the responses of the answer."""
        tracker = await self.store.get_or_create_tracker(self.talk.sender_id)
        kept = tracker.get_slot("case")
        self.talk.case = Case.model_validate(kept) if kept else Case(language=self.case.language)
        said = await self.talk.say(text, need, **given)
        turn = self.talk.turn
        assert turn is not None
        slots = {
            "case": self.case.model_dump(mode="json"),
            "erased": turn.erase or None,
            "resumed": turn.resumed,
        }
        for name, value in slots.items():
            tracker.update(SlotSet(name, value))
        await self.store.save(tracker)
        return said

    async def has(self, **known: Any) -> Device:
        """Let the conversation have a case with what is known."""
        tracker = await self.store.get_or_create_tracker(self.talk.sender_id)
        self.talk.case = Case(**{"language": self.case.language, **known})
        tracker.update(SlotSet("case", self.case.model_dump(mode="json")))
        await self.store.save(tracker)
        return self

    async def code(self) -> str:
        """Ask for the code."""
        said = await self.say("我的代碼" if self.case.language == "zh_Hant" else "my code", "shared_details")
        assert said[0] in {"utter_code", "utter_code_held"}
        return str(self.talk.values(said[0])["code"])

    async def is_forgotten(self) -> bool:
        """Whether nothing is kept of the conversation."""
        return await self.store.retrieve(self.talk.sender_id) is None


@pytest.fixture
def store(services: Services, tmp_path: Any) -> EncryptedTrackerStore:
    """The conversations, in the database of the services."""
    kept = settings_in(tmp_path)
    return EncryptedTrackerStore(kept.database, kept.fernet_key(), kept.derived_key("pseudonyms"), DOMAIN)


@pytest.fixture
def laptop(services: Services, store: EncryptedTrackerStore) -> Device:
    """Where the talk began."""
    return Device(services, store, "web:laptop")


@pytest.fixture
def phone(services: Services, store: EncryptedTrackerStore) -> Device:
    """Where it goes on."""
    return Device(services, store, "rest:phone")


async def test_there_is_no_code_while_there_is_nothing_to_come_back_to(laptop: Device) -> None:
    assert (await laptop.say("my code", "shared_details"))[0] == "utter_code_none"
    assert laptop.case.resume_code is None
    assert not laptop.case.shared_details


async def test_the_code_stays_the_same_and_the_open_question_too(laptop: Device) -> None:
    await laptop.has(**PAID, open="when:0")
    first = await laptop.code()
    assert laptop.case.open == "when:0"
    assert await laptop.code() == first
    assert laptop.case.resume_code == typed_code(first)


@pytest.mark.parametrize(
    "need", ["inform", "nlu_fallback", "out_of_scope", "stop", "delete_data", "tell_loan_scam", None]
)
async def test_whatever_the_model_reads_a_code_is_a_code(
    laptop: Device, phone: Device, need: str | None
) -> None:
    code = await (await laptop.has(**PAID, language="zh_Hant")).code()
    before = laptop.case
    said = await phone.say(f"（{code.lower().replace('-', ' ')}）", need)
    assert said[:2] == ["utter_welcome_back", "utter_plan"]
    assert phone.case.id == before.id
    assert phone.case.payments == before.payments
    assert phone.case.scam_type is None
    assert phone.case.language == "zh_Hant"
    assert await laptop.is_forgotten()


async def test_to_delete_with_a_code_deletes_what_it_opens(laptop: Device, phone: Device) -> None:
    code = await (await laptop.has(**PAID)).code()
    assert "utter_ask_delete" in await phone.say(f"delete everything, my code is {code}", "delete_data")
    assert "utter_deleted" in await phone.say("Yes, delete it", "affirm")
    assert await laptop.is_forgotten()
    assert await phone.is_forgotten()
    assert (await phone.say(code))[0] == "utter_code_unknown"


async def test_the_language_of_the_message_with_the_code_is_spoken(laptop: Device, phone: Device) -> None:
    code = await (await laptop.has(**PAID)).code()
    await phone.say(f"我的代码是 {code}")
    assert phone.case.language == "zh_Hans"


async def test_the_own_code_shows_the_plan(laptop: Device) -> None:
    await laptop.has(**PAID, open="when:0")
    code = await laptop.code()
    said = await laptop.say(code, "nlu_fallback")
    assert said[0] == "utter_plan"
    assert "utter_welcome_back" not in said
    assert laptop.case.open == "when:0"


async def test_a_wrong_code_changes_nothing_and_the_question_comes_back(laptop: Device) -> None:
    await laptop.has(**PAID, open="when:0")
    before = laptop.case.model_copy(deep=True)
    said = await laptop.say(WRONG, "already_paid")
    assert (said[0], said[-1]) == ("utter_code_unknown", "utter_ask_when")
    assert laptop.case.payments == before.payments
    assert "2JK" not in laptop.talk.answer


async def test_wrong_deleted_and_moved_codes_get_the_same_answer(laptop: Device, phone: Device) -> None:
    code = await (await laptop.has(**PAID)).code()
    await laptop.say("start over", "restart")
    await laptop.say("Yes, start over", "affirm")
    answers = []
    for tried in (code, WRONG, code[:-1] + ("2" if code[-1] != "2" else "3")):
        assert (await phone.say(tried))[0] == "utter_code_unknown"
        answers.append(phone.talk.answer)
    assert len(set(answers)) == 1


async def test_after_too_many_wrong_codes_even_the_right_one_waits(laptop: Device, phone: Device) -> None:
    code = await (await laptop.has(**PAID)).code()
    for _ in range(WRONG_CODES_OF_ONE):
        assert (await phone.say(WRONG))[0] == "utter_code_unknown"
    said = await phone.say(code)
    assert said[0] == "utter_code_wait"
    assert phone.talk.values("utter_code_wait") == {"minutes": 10}
    assert "utter_ask_story" in said
    assert not await laptop.is_forgotten()


async def test_a_case_with_facts_is_replaced_only_after_a_yes(laptop: Device, phone: Device) -> None:
    code = await (await laptop.has(**PAID)).code()
    await phone.has(country="CA", marks=["threatened"])
    assert await phone.say(code) == ["utter_ask_replace_case"]
    await phone.say("No, stay here", "deny")
    assert phone.case.country == "CA"
    await phone.say(code)
    assert "utter_welcome_back" in await phone.say("Yes, open it", "affirm")
    assert (phone.case.country, phone.case.marks) == ("US", ["threatened"])
    assert await laptop.is_forgotten()


async def test_what_was_filed_in_the_replaced_talk_can_still_be_deleted(
    laptop: Device, phone: Device
) -> None:
    code = await (await laptop.has(**PAID)).code()
    replaced = (await phone.has(reference="7KQ4-M2XR", filed_at=NOW)).case.id
    await phone.say(code)
    await phone.say("Yes, open it", "affirm")
    assert [filed.id for filed in phone.case.filed] == [replaced]


async def test_a_case_filed_before_and_after_it_moved_is_one_case(
    services: Services, laptop: Device, phone: Device
) -> None:
    consent = Consent(version="1", given_at=NOW, purposes=["handover"])
    await laptop.has(**PAID, consent=consent, contact=Contact(kind="none"), open="summary_ok")
    assert "utter_filed" in await laptop.say("Yes, send it", "affirm")
    (reference, code) = (laptop.case.reference, await laptop.code())
    await phone.say(code)
    await phone.say("actually it was 700, not 900", "inform")
    await phone.talk.say("Yes, send it", "affirm")
    filed = services.outbox.due(NOW, 10)
    assert [(delivery.case_id, delivery.case and delivery.case.reference) for delivery in filed] == [
        (UUID(str(laptop.case.id)), reference)
    ]


@pytest.mark.parametrize(("text", "need"), [("bye", "goodbye"), ("stop asking", "stop")])
async def test_the_code_is_offered_once_to_who_told_something(laptop: Device, text: str, need: str) -> None:
    assert "utter_code_offer" not in await laptop.say(text, need)
    await laptop.has(**PAID)
    assert "utter_code_offer" in await laptop.say(text, need)
    assert "utter_code_offer" not in await laptop.say(text, need)


@pytest.mark.parametrize(
    "known",
    [
        {"role": "trapped", "marks": ["trapped"]},
        {**PAID, "marks": ["crisis"], "safe_now": "no", "skipped": ["safe_now"]},
        {**PAID, "resume_code": typed_code(WRONG)},
    ],
)
@pytest.mark.parametrize("need", ["goodbye", "stop"])
async def test_the_code_is_not_offered_where_it_could_harm_or_is_known(
    laptop: Device, known: dict[str, Any], need: str
) -> None:
    await laptop.has(**known)
    assert "utter_code_offer" not in await laptop.say("bye", need)


async def test_somebody_held_gets_a_code_for_the_head(laptop: Device) -> None:
    await laptop.has(role="trapped", marks=["trapped"])
    assert "utter_code_held" in await laptop.say("my code", "nlu_fallback")


@pytest.mark.parametrize("text", ["my code", "我的代码", "I have a code", "{code}"])
async def test_nothing_about_a_code_is_seen_while_watched(laptop: Device, phone: Device, text: str) -> None:
    code = await (await laptop.has(**PAID)).code()
    await phone.has(marks=["watched"], open="alone")
    assert await phone.say(text.format(code=code), "nlu_fallback") == ["utter_ask_alone"]
    assert not await laptop.is_forgotten()


async def test_a_watched_case_stays_watched_where_it_is_opened(laptop: Device, phone: Device) -> None:
    code = await (await laptop.has(**PAID)).code()
    await laptop.say("someone reads along", "being_watched")
    assert await phone.say(code) == ["utter_watched", "utter_ask_alone"]
    assert phone.case.payments


@pytest.mark.parametrize("need", ["crisis", "being_watched"])
async def test_what_protects_comes_before_a_code(laptop: Device, phone: Device, need: str) -> None:
    code = await (await laptop.has(**PAID)).code()
    said = await phone.say(f"help me, {code}", need, crisis="self" if need == "crisis" else None)
    assert said[0] == ("utter_crisis" if need == "crisis" else "utter_watched")
    assert not phone.case.payments


async def test_a_crisis_goes_along_and_is_asked_about(laptop: Device, phone: Device) -> None:
    code = await (await laptop.has(**PAID)).code()
    await phone.say("I want to die", "crisis", crisis="self")
    await phone.say(code)
    said = await phone.say("Yes, open it", "affirm")
    assert (said[0], said[-1]) == ("utter_welcome_back", "utter_ask_safe_now")
    assert phone.case.marked("crisis")


async def test_a_pause_ends_with_coming_back(laptop: Device, phone: Device) -> None:
    await laptop.has(**PAID)
    await laptop.say("stop asking", "stop")
    code = await laptop.code()
    assert laptop.case.paused
    assert (await phone.say(code))[-1].startswith("utter_ask_")
    assert not phone.case.paused


async def test_a_code_is_known_in_a_language_the_bot_does_not_speak(laptop: Device, phone: Device) -> None:
    code = await (await laptop.has(**PAID)).code()
    assert "utter_welcome_back" in await phone.say(f"Мой код {code}", "nlu_fallback")
    assert phone.case.language == "en"


def test_what_is_shown_is_what_is_kept() -> None:
    assert shown(typed_code(WRONG) or "") == WRONG
