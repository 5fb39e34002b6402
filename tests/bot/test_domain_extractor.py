"""What of the domain becomes a msgid."""

from __future__ import annotations

from io import BytesIO

import yaml
from babel.messages.extract import extract

from bot.domain_extractor import extract_domain
from bot.paths import DOMAIN

CONTENT = b"""
version: "3.1"
intents: [greet]
responses:
  utter_safe:
    - text: "Are you safe?"
      buttons:
        - {title: "Yes", payload: "yes"}
        - {title: "No", payload: "no"}
  utter_bye:
    - text: "Take care."
"""


def test_texts_and_titles_are_extracted_with_where_they_are_said() -> None:
    assert list(extract_domain(BytesIO(CONTENT), {}, (), {})) == [
        (0, "", "Are you safe?", ["utter_safe"]),
        (0, "", "Yes", ["utter_safe, button"]),
        (0, "", "No", ["utter_safe, button"]),
        (0, "", "Take care.", ["utter_bye"]),
    ]


def test_a_domain_file_without_responses_has_no_texts() -> None:
    assert list(extract_domain(BytesIO(b"actions: [action_x]"), {}, (), {})) == []


def test_babel_runs_it_by_its_name() -> None:
    found = list(extract("bot.domain_extractor:extract_domain", BytesIO(CONTENT)))
    assert [message for _, message, _, _ in found] == ["Are you safe?", "Yes", "No", "Take care."]


def test_every_text_of_the_real_domain_is_extracted() -> None:
    for path in sorted(DOMAIN.glob("*.yml")):
        written = path.read_bytes()
        extracted = {message for _, _, message, _ in extract_domain(BytesIO(written), {}, (), {})}
        for variations in yaml.safe_load(written).get("responses", {}).values():
            for variation in variations:
                titles = [button["title"] for button in variation.get("buttons", ())]
                assert {variation["text"], *titles} <= extracted
