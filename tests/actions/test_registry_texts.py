"""The texts of the registry are found wherever they stand, and only those that may be shown."""

from __future__ import annotations

from actions.registry import load_registry
from actions.registry_texts import localised_texts


def test_texts_of_every_kind_of_entry_are_found() -> None:
    registry = load_registry()
    found = {(entry, where): text for entry, where, text in localised_texts(registry)}
    zelle, romance = registry.situations["zelle"], registry.scam_types["romance"]
    (channel,) = [channel for channel in registry.channels["US"] if channel.id == "us-911"]
    assert found["zelle", "steps 2"] == zelle.steps[1]
    assert found["zelle", "recoverability.text"] == zelle.recoverability.text
    assert found["romance", "questions 1.why"] == romance.questions[0].why
    assert found["us-911", "languages 2"] == channel.languages[1]


def test_entries_that_are_never_shown_are_left_out() -> None:
    registry = load_registry()
    hidden = {c.id for channels in registry.channels.values() for c in channels if not c.recommend}
    assert hidden
    assert hidden.isdisjoint(entry for entry, _, _ in localised_texts(registry))
