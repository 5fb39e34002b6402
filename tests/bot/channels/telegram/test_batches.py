"""What waits of a chat, put together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.batches import batches, is_sent_in_pieces
from bot.channels.telegram.incoming import Incoming, Kind
from bot.gate import LONGEST_MESSAGE


def incoming(number: int, kind: Kind, text: str = "", message_id: int = 0) -> Incoming:
    """An update."""
    return Incoming(number, kind, 7, message_id or number, text=text)


def summary(waiting: list[Incoming]) -> list[tuple[Kind, str, tuple[int, ...]]]:
    """Kind, words and updates of each batch."""
    return [(batch.incoming.kind, batch.incoming.text, batch.updates) for batch in batches(waiting)]


def test_runs_of_one_kind_are_one() -> None:
    waiting = [
        incoming(1, Kind.TEXT, "a"),
        incoming(2, Kind.TEXT, "b"),
        incoming(3, Kind.FORWARD, "c"),
        incoming(4, Kind.FORWARD, "d"),
        incoming(5, Kind.PICTURE),
        incoming(6, Kind.PICTURE, "caption"),
        incoming(7, Kind.TEXT, "e"),
    ]
    assert summary(waiting) == [
        (Kind.TEXT, "a\nb", (1, 2)),
        (Kind.FORWARD, "c\nd", (3, 4)),
        (Kind.PICTURE, "caption", (5, 6)),
        (Kind.TEXT, "e", (7,)),
    ]


def test_presses_and_commands_stand_alone() -> None:
    waiting = [incoming(1, Kind.PRESS, "Yes"), incoming(2, Kind.PRESS, "No"), incoming(3, Kind.COMMAND)]
    assert [updates for _, _, updates in summary(waiting)] == [(1,), (2,), (3,)]
    assert not is_sent_in_pieces(waiting)


def test_an_edit_changes_the_text_that_waits_with_it_and_no_other() -> None:
    waiting = [
        incoming(1, Kind.TEXT, "5000", message_id=11),
        incoming(2, Kind.TEXT, "yesterday", message_id=12),
        incoming(3, Kind.EDIT, "50000", message_id=11),
        incoming(4, Kind.EDIT, "Canada", message_id=3),
    ]
    assert summary(waiting) == [
        (Kind.TEXT, "50000\nyesterday", (1, 3, 2)),
        (Kind.EDIT, "Canada", (4,)),
    ]


def test_own_words_too_long_for_one_message_are_several() -> None:
    waiting = [incoming(number, Kind.TEXT, "x" * 1500) for number in range(1, 6)]
    texts = [batch.incoming.text for batch in batches(waiting)]
    assert len(texts) == 3
    assert all(len(text) <= LONGEST_MESSAGE for text in texts)


@given(st.lists(st.sampled_from(list(Kind)), max_size=20), st.randoms())
def test_every_update_is_answered_exactly_once_in_order(kinds: list[Kind], chance: object) -> None:
    waiting = [incoming(number, kind, f"{number}") for number, kind in enumerate(kinds, 1)]
    shuffled = list(waiting)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    answered = [number for batch in batches(shuffled) for number in batch.updates]
    assert answered == [incoming.update_id for incoming in waiting]
