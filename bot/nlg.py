"""Says a response in the person's language, from the catalogs.

Rasa's generator picks a variation and fills placeholders with code that drops a text on an odd value; this one
translates first and fills with its own few lines, so that a value is only ever a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker

from bot.catalogs import PLACEHOLDER, translate
from bot.languages import ENGLISH, LANGUAGES

LANGUAGE_SLOT = "language"
# Values that go along with a text, for channels that can show more than text: see `speak`.
ALONG = ("until", "checklist")


class MissingValue(Exception):
    """A text needs a value that the action did not give."""


def fill(text: str, values: Mapping[str, Any]) -> str:
    """Replace each ``{name}`` of `text` by its value, which is never read as a template itself.

    Raises:
        MissingValue: a placeholder has no value; the message names it.
    """

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in values:
            raise MissingValue(f"no value for {{{name}}}")
        return str(values[name])

    return PLACEHOLDER.sub(value, text)


def speak(texts: Mapping[str, Any], language: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Translate and fill one response of the domain: its text and its buttons' titles.

    A button's payload is its title as shown: pressing and typing it are the same. Two values go along for channels that
    can show them: ``until``, the end of the time a text names, and ``checklist``, the steps in it that can be ticked
    (`actions.checklist`).
    """
    text = fill(translate(texts["text"], language), values)
    metadata = {"language": language, **{name: values[name] for name in ALONG if values.get(name)}}
    said: dict[str, Any] = {"text": text, "metadata": metadata}
    titles = [fill(translate(button["title"], language), values) for button in texts.get("buttons", ())]
    if titles:
        said["buttons"] = [{"title": title, "payload": title} for title in titles]
    return said


class CatalogGenerator(TemplatedNaturalLanguageGenerator):
    """Rasa's seam around `speak`: the language comes with the response or from the tracker."""

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **values: Any
    ) -> dict[str, Any] | None:
        """Say `utter_action`; None when the domain does not know it."""
        variations = self.responses.get(utter_action)
        if not variations:
            return None
        language = values.pop("language", None) or tracker.get_slot(LANGUAGE_SLOT)
        return speak(variations[0], language if language in LANGUAGES else ENGLISH, values)
