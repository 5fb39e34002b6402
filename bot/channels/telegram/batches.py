"""Puts together what waits of a chat, so that twenty messages in a second are answered once.

Messages of the same kind that follow one another are one: a story typed in pieces, a long text that Telegram cut, a
chat forwarded message by message, an album. Every press and every command stands alone. A text that was edited while it
waited is read as it is now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from bot.channels.telegram.incoming import Incoming, Kind
from bot.gate import LONGEST_MESSAGE

_ALONE: Final = frozenset({Kind.PRESS, Kind.COMMAND, Kind.FILE, Kind.GROUP, Kind.EDIT})


@dataclass(frozen=True)
class Batch:
    """What is answered at once: the last update, with the words of all.

    Attributes:
        updates: the numbers of all.
    """

    incoming: Incoming
    updates: tuple[int, ...]


def batches(waiting: Iterable[Incoming]) -> list[Batch]:
    """What waits, in the order in which it was sent."""
    found: list[Batch] = []
    for _, run in groupby(_with_edits(waiting), key=_alike):
        for batch in _whole(list(run)):
            found.append(batch)
    return found


def is_sent_in_pieces(waiting: Iterable[Incoming]) -> bool:
    """Whether more that belongs to it may follow in a moment."""
    return all(incoming.kind not in _ALONE for incoming in waiting)


def _alike(batch: Batch) -> object:
    incoming = batch.incoming
    return incoming.update_id if incoming.kind in _ALONE else incoming.kind


def _with_edits(waiting: Iterable[Incoming]) -> list[Batch]:
    """One batch an update, with edits put into the texts that wait with them."""
    found: list[Batch] = []
    for incoming in sorted(waiting, key=lambda incoming: incoming.update_id):
        place = next((p for p, batch in enumerate(found) if _is_edit_of(incoming, batch.incoming)), None)
        if place is None:
            found.append(Batch(incoming, (incoming.update_id,)))
        else:
            edited = replace(found[place].incoming, text=incoming.text)
            found[place] = Batch(edited, (*found[place].updates, incoming.update_id))
    return found


def _is_edit_of(incoming: Incoming, earlier: Incoming) -> bool:
    is_edit = incoming.kind is Kind.EDIT and earlier.kind in {Kind.TEXT, Kind.EDIT}
    return is_edit and incoming.message_id == earlier.message_id


def _whole(run: list[Batch]) -> list[Batch]:
    """A run as one batch; own words as several where they would be too long for one message."""
    wholes = [run[0]]
    for batch in run[1:]:
        last = wholes[-1]
        text = "\n".join(filter(None, (last.incoming.text, batch.incoming.text)))
        if batch.incoming.kind is Kind.TEXT and len(text) > LONGEST_MESSAGE:
            wholes.append(batch)
        else:
            wholes[-1] = Batch(replace(batch.incoming, text=text), (*last.updates, *batch.updates))
    return wholes
