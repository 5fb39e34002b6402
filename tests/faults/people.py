"""People who have a case filed over the bot's REST channel, and say it again when no answer comes."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import Any

import httpx

from actions.intake.contract import REFERENCE_ALPHABET
from actions.responses import responses
from bot.languages import LANGUAGES
from bot.nlg import speak
from tests.faults.house import SECRETS

OPENINGS = (
    ("I want to talk to a person", "What about my case?"),
    ("我要找真人", "我的案件怎么样了？"),
    ("我想找真人幫忙", "我的案件怎麼樣了？"),
)
ANSWER_SECONDS = 60.0
MOST_TURNS = 100
_REFERENCE = re.compile(rf"(?<!\w)[{REFERENCE_ALPHABET}]{{4}}-[{REFERENCE_ALPHABET}]{{4}}(?!\w)", re.ASCII)
# The question by its buttons, and which of them is pressed; None: the address is typed.
_PRESSED = {
    "utter_ask_consent": 0,
    "utter_ask_consent_again": 0,
    "utter_ask_contact": 1,
    "utter_ask_contact_value_email": None,
    "utter_ask_summary_ok": 0,
}


@dataclass
class Promises:
    """What people were told, gathered from all their threads."""

    made: dict[str, str] = field(default_factory=dict)
    """The address each person left, and the reference they were given."""
    broken: list[str] = field(default_factory=list)
    """What no person should have seen."""
    lost_answers: int = 0
    told_it_failed: int = 0
    waiting: int = 0
    """How many wait for an answer at this moment."""
    lock: threading.Lock = field(default_factory=threading.Lock)


class Person:
    """One person, who leaves an e-mail address that nobody else has."""

    def __init__(self, name: str, bots: Sequence[str], promises: Promises, rng: Random) -> None:
        self._name, self._bots, self._promises, self._rng = name, bots, promises, rng
        self._opening, self._question = rng.choice(OPENINGS)
        self._bot = rng.choice(bots)

    def have_a_case_filed(self) -> None:
        """Talk until the case is promised; some ask about it afterwards."""
        text = self._opening
        for _ in range(MOST_TURNS):
            said = self.say(text)
            if reference := _promised(said):
                self._promised(reference)
                return
            text = self._answer(said)
            time.sleep(self._rng.uniform(0.0, 0.5))
        raise TimeoutError(f"{self._name} was promised nothing")

    def _promised(self, reference: str) -> None:
        with self._promises.lock:
            self._promises.made[self._address] = reference
        if self._rng.random() < 0.3:
            told = _promised(self.say(self._question))
            if told not in (None, reference):
                with self._promises.lock:
                    self._promises.broken.append(f"{self._name} was given two references")

    @property
    def _address(self) -> str:
        return f"{self._name}@example.org"

    def _answer(self, said: list[dict[str, Any]]) -> str:
        """What a person who wants their case filed says to that; whoever hears no such question asks for a person."""
        offered = tuple(button["title"] for message in said[-1:] for button in message.get("buttons", ()))
        if offered not in _answers():
            return self._opening
        pressed = _answers()[offered]
        return self._address if pressed is None else offered[pressed]

    def say(self, text: str) -> list[dict[str, Any]]:
        """Send a message until there is an answer, to whichever bot is there."""
        end = time.monotonic() + ANSWER_SECONDS
        while True:
            with self._promises.lock:
                self._promises.waiting += 1
            try:
                said = self._post(text)
            except httpx.HTTPError:
                if time.monotonic() > end:
                    raise
                said = None
            with self._promises.lock:
                self._promises.waiting -= 1
                self._promises.lost_answers += said is None
                self._promises.told_it_failed += any(one.get("text") in _failures() for one in said or ())
            if said is not None:
                return said
            time.sleep(self._rng.uniform(0.2, 0.8))
            self._bot = self._rng.choice(self._bots)

    def _post(self, text: str) -> list[dict[str, Any]]:
        answer = _client().post(
            f"{self._bot}/webhooks/rest/webhook",
            json={"sender": self._name, "message": text},
            headers={"Authorization": f"Bearer {SECRETS['FIRSTAID_REST_TOKEN']}"},
        )
        answer.raise_for_status()
        said: list[dict[str, Any]] = answer.json()
        return said


class Crowd:
    """So many people at once, one after another, until told that nobody else comes."""

    def __init__(self, size: int, bots: Sequence[str], promises: Promises, seed: int) -> None:
        self._bots, self._promises, self._seed = bots, promises, seed
        self._closing = threading.Event()
        self._threads = [threading.Thread(target=self._come, args=(place,)) for place in range(size)]

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Let those who talk finish."""
        self._closing.set()
        for thread in self._threads:
            thread.join()

    def _come(self, place: int) -> None:
        rng = Random(f"{self._seed} {place}")
        number = 0
        while not self._closing.is_set():
            number += 1
            try:
                person = Person(f"person-{place}-{number}", self._bots, self._promises, rng)
                person.have_a_case_filed()
            except Exception as error:
                with self._promises.lock:
                    self._promises.broken.append(f"person {place}-{number}: {type(error).__name__}: {error}")


def _promised(said: list[dict[str, Any]]) -> str | None:
    """The reference in an answer that promises a case."""
    texts = [message.get("text", "") for message in said if not message.get("buttons")]
    found = [reference for text in texts for reference in _REFERENCE.findall(text)]
    return found[0] if found else None


@lru_cache
def _client() -> httpx.Client:
    return httpx.Client(timeout=ANSWER_SECONDS, trust_env=False)


@lru_cache
def _answers() -> dict[tuple[str, ...], int | None]:
    return {
        tuple(
            button["title"] for button in speak(responses()[name], language, {"summary": ""})["buttons"]
        ): pressed
        for name, pressed in _PRESSED.items()
        for language in LANGUAGES
    }


@lru_cache
def _failures() -> set[str]:
    return {speak(responses()["utter_filing_failed"], language, {})["text"] for language in LANGUAGES}
