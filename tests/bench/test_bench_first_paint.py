"""What a visitor loads, and the table of the slow visits."""

from __future__ import annotations

from bench.first_paint import LIMIT_BYTES, loaded_bytes, table


def test_what_a_visitor_loads_is_within_the_limit() -> None:
    assert LIMIT_BYTES / 2 < loaded_bytes() <= LIMIT_BYTES


def test_the_table_shows_medians() -> None:
    visits = [{"first": n, "painted": n + 1, "greeted": n + 2} for n in (700.0, 100.0, 5000.0)]
    lines = table(visits, 12345).splitlines()
    assert lines[2:] == [
        "| first contentful paint, ms | 700 |",
        "| the opened chat painted, ms | 701 |",
        "| the bot's greeting read, ms | 702 |",
        "| loaded for it, compressed, bytes | 12,345 |",
    ]
