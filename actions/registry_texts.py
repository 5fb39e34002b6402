"""Every text of the registry that a person may be shown, with where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from actions.registry import Channel, Localised, Registry, ScamType, Situation


def localised_texts(registry: Registry) -> Iterator[tuple[str, str, Localised]]:
    """Yield the id of an entry, the place in it (``steps 2``) and the text; entries never shown are left out."""
    entries: list[Channel | Situation | ScamType] = [
        channel for channels in registry.channels.values() for channel in channels if channel.recommend
    ]
    for entry in (*entries, *registry.situations.values(), *registry.scam_types.values()):
        for where, text in _texts_in(entry):
            yield entry.id, where, text


def _texts_in(value: object, where: str = "") -> Iterator[tuple[str, Localised]]:
    if isinstance(value, Localised):
        yield where, value
    elif isinstance(value, BaseModel):
        for name, part in value:
            yield from _texts_in(part, f"{where}.{name}".lstrip("."))
    elif isinstance(value, list):
        for number, part in enumerate(value, 1):
            yield from _texts_in(part, f"{where} {number}")
