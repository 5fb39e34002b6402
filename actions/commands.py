"""Phrases that ask for one thing in so many words, whatever the model makes of them.

A command is its phrases: one text of the catalogs each, in which ``|`` parts the ways to say it, as many as a language
has. A message is a command when it says one of them and nothing else, in any language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from bot.catalogs import translate
from bot.languages import LANGUAGES
from bot.nlu.han import to_simplified

PLAN = "plan"
CODE = "code"
HAS_CODE = "has_code"
REMIND = "remind"
WHY = "why"
WITHDRAW = "withdraw"
_AROUND = " \t\n.。!！?？,，~～\"'“”「」"
_LONGEST_PHRASE = 60
_LONGEST_OPENING = 12


def _(phrases: str) -> str:
    """Mark the phrases of a command for the catalogs."""
    return phrases


# NOTE: phrases people type before what is for their caseworker; | parts them, the first is the one the bot names
_TELL = _(
    "tell my caseworker | tell the caseworker | write to my caseworker | write my caseworker"
    " | message for my caseworker | message to my caseworker | reply to my caseworker | answer my caseworker"
    " | a message for my caseworker | tell my case worker | pass this on to my caseworker"
)
_PHRASES = {
    # NOTE: phrases people type to see their plan; | parts them, the first is the one the bot names
    PLAN: _(
        "my plan | my plan so far | show my plan | show me my plan | what is my plan | what is my plan so far "
        "| what's my plan | see my plan | what do you have so far"
    ),
    # NOTE: phrases people type to get the code that opens their talk elsewhere; | parts them, the first is named
    CODE: _(
        "my code | my code please | show my code | show me my code | give me my code | give me a code | what is my code"
        " | what's my code | can i have my code | can i have a code | i want my code | i want a code | my resume code"
    ),
    # NOTE: phrases people type when they have a code from an earlier talk; | parts them
    HAS_CODE: _(
        "i have a code | i have my code | i've got a code | i got a code from you | i have a code from you"
        " | use my code | enter my code | continue with my code | continue my case | open my case"
    ),
    # NOTE: phrases people type to be written to later; | parts them, the first is the one the bot names
    REMIND: _(
        "remind me | please remind me | can you remind me | write to me later | check in with me | check on me"
    ),
    # NOTE: phrases people type to take back their consent; | parts them, the first is the one the bot names
    WITHDRAW: _(
        "i take back my consent | take back my consent | i want to take back my consent | i withdraw my consent"
        " | withdraw my consent | withdraw consent | i want to withdraw my consent | i revoke my consent"
        " | revoke my consent | take my case back | take back my case | i want my case back | withdraw my case"
        " | i no longer agree | i don't agree any more | i take back my yes"
    ),
    # NOTE: phrases people type to learn why a question is asked; | parts them
    WHY: _(
        "why | why do you ask | why are you asking | why do you ask that | why are you asking that"
        " | why do you ask me that | why are you asking me this | why do you need to know"
        " | why do you need that | why do you want to know"
        " | what do you need that for | what is that for | what's that for | why does that matter"
    ),
}


def command(text: str) -> str | None:
    """The command that `text` is, in any language, or None; a short word such as a greeting may stand before it."""
    if len(text) > _LONGEST_PHRASE:
        return None
    opening, _mark, rest = _folded(text).partition(",")
    said = rest if rest and len(opening) <= _LONGEST_OPENING else text
    return _commands().get(_folded(said)) or _commands().get(_folded(text))


def words_for_caseworker(text: str) -> str | None:
    """What follows "tell my caseworker" in `text`, in any language.

    Empty when nothing follows, None when it is not said.
    """
    found = _tell().match(text)
    return found["words"].strip() if found else None


@cache
def _tell() -> re.Pattern[str]:
    phrases = [phrase.strip() for language in LANGUAGES for phrase in translate(_TELL, language).split("|")]
    longest_first = sorted({re.escape(phrase) for phrase in phrases}, key=len, reverse=True)
    begins = "|".join(longest_first).replace(r"\ ", r"\s+")
    return re.compile(
        rf"\s*(?:please\s+|请|請)?(?:{begins})(?![a-z])(?:\s+that\b)?[\s:：,，。.—–-]*(?P<words>.*)",
        re.IGNORECASE | re.DOTALL,
    )


@cache
def _commands() -> Mapping[str, str]:
    return {
        _folded(phrase): name
        for name, phrases in _PHRASES.items()
        for language in LANGUAGES
        for phrase in translate(phrases, language).split("|")
    }


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").strip(_AROUND)
    return to_simplified(re.sub(r"\s+", " ", plain))
