"""How often something may happen: a window that moves, counted for each key alone."""

from __future__ import annotations

from bot.rate_limit import MAX_KEYS, RateLimit


def test_a_rate_counts_a_moving_window() -> None:
    now = [0.0]
    limit = RateLimit(2, 60, clock=lambda: now[0])
    assert limit.wait("k") == 0
    now[0] = 30
    assert [limit.wait("k"), limit.wait("k"), limit.wait("other")] == [0, 30, 0]
    now[0] = 60
    assert [limit.wait("k"), limit.wait("k")] == [0, 30]


def test_to_ask_how_long_to_wait_counts_nothing() -> None:
    limit = RateLimit(1, 60, clock=lambda: 0.0)
    assert [limit.pause("k"), limit.pause("k")] == [0, 0]
    limit.count("k")
    assert [limit.pause("k"), limit.pause("other")] == [60, 0]


def test_of_endless_keys_the_latest_are_remembered() -> None:
    limit = RateLimit(1, 60, clock=lambda: 0.0)
    for key in range(MAX_KEYS + 1):
        limit.count(str(key))
    assert [limit.pause("0"), limit.pause(str(MAX_KEYS))] == [0, 60]
