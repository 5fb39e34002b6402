"""What holds for every answer, whatever was said before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from actions import words
from actions.commands import command
from actions.registry import registry
from actions.responses import responses
from bot.catalogs import translate
from bot.languages import CHINESE
from bot.nlu.han import HAN
from tests.conversations.random_talker.facts_shown import (
    addresses_of_nobody,
    in_another_language,
    numbers_of_nobody,
)
from tests.conversations.random_talker.ledger import asked
from tests.conversations.random_talker.stage import Exchange, Part

_PLACEHOLDER = re.compile(r"\{[a-z_]+\}|\butter_[a-z]|\bNone\b")
_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|「[^」\n]*」")
_QUESTION_MARK = re.compile(r"[?？]|\{question\}")
_LETTERS = re.compile(r"[A-Za-z]{3}")
# They name languages, or speak to somebody whose language the bot does not have.
_OF_SEVERAL_LANGUAGES = frozenset({"utter_which_language", "utter_unsupported_language"})
_CRISIS_RESPONSES = frozenset(
    {"utter_crisis", "utter_crisis_other", "utter_stay_near", "utter_stay_near_other"}
)

Rule = Callable[[Exchange, Sequence[str]], Iterator[str]]


def broken(exchange: Exchange, said: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with one answer; `said` is all that the person said so far."""
    for rule in _RULES:
        yield from (f"{rule.__name__.strip('_')}: {fault}" for fault in rule(exchange, said))


def _goes_through(exchange: Exchange, said: Sequence[str]) -> Iterator[str]:
    yield from exchange.errors
    if "utter_error" in exchange.responses:
        yield "utter_error"


def _says_something(exchange: Exchange, said: Sequence[str]) -> Iterator[str]:
    if not exchange.parts:
        yield "no answer"
    yield from (part.response for part in exchange.parts if not part.text.strip())


def _is_filled_in(exchange: Exchange, said: Sequence[str]) -> Iterator[str]:
    own = " ".join(said)
    yield from (found for found in _PLACEHOLDER.findall(exchange.answer) if found not in own)


def _asks_one_question(exchange: Exchange, said: Sequence[str]) -> Iterator[str]:
    asking = [part.response for part in exchange.parts if _asks(part, exchange.language)]
    if len(asking) > 1:
        yield ", ".join(asking)
    question = asked(exchange)
    kind = (question or "").partition(":")[0]
    if question and not any(name.startswith(f"utter_ask_{kind}") for name in exchange.responses):
        yield f"asks one question and waits for the answer to {question}"


def _asks(part: Part, language: str) -> bool:
    template = translate(responses()[part.response]["text"], language)
    return _QUESTION_MARK.search(_QUOTED.sub("", template)) is not None


def _shows_facts_of_the_registry(exchange: Exchange, said: Sequence[str]) -> Iterator[str]:
    known = exchange.before if exchange.erased else exchange.after
    yield from numbers_of_nobody(exchange.answer, said, known)
    yield from addresses_of_nobody(exchange.answer, said)


def _speaks_one_language(exchange: Exchange, said: Sequence[str]) -> Iterator[str]:
    for part in exchange.parts:
        if part.response in _OF_SEVERAL_LANGUAGES:
            continue
        if foreign := in_another_language(part.text, exchange.after, exchange.language):
            yield f"{part.response}: {foreign}"
        if exchange.language in CHINESE and _LETTERS.search(part.text) and not HAN.search(part.text):
            yield part.response


def _answers_a_crisis_at_once(exchange: Exchange, said: Sequence[str]) -> Iterator[str]:
    """A button or a command is in the bot's own words: outside a crisis it is no cry for help."""
    commanded = command(exchange.said) is not None and not exchange.before.in_crisis
    if exchange.message.crisis_of is None or exchange.message.chosen or commanded:
        return
    first = next(iter(exchange.parts), None)
    if first is None or first.response not in _CRISIS_RESPONSES:
        yield f"begins with {first.response if first else 'nothing'}"
    elif not any(number in first.text for number in _crisis_numbers()):
        yield "names no crisis line"
    if exchange.after.open != "safe_now":
        yield "does not ask whether they are safe"


def _crisis_numbers() -> list[str]:
    channels = [
        channel
        for place in registry().channels
        for channel in registry().recommended(place, "suicide_crisis", "emotional_support")
    ]
    return [words.dialable(phone) for channel in channels for phone in channel.phone]


_RULES: tuple[Rule, ...] = (
    _goes_through,
    _says_something,
    _is_filled_in,
    _asks_one_question,
    _shows_facts_of_the_registry,
    _speaks_one_language,
    _answers_a_crisis_at_once,
)
