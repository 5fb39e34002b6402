"""The sets of ``data/evaluation``: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def labelled_rows(directory: Path) -> Iterator[tuple[Path, int, dict[str, Any]]]:
    """File, line number and content of every row that has a need, in the order of files and lines."""
    for path in sorted(directory.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            row = json.loads(line)
            if "intent" in row:
                yield path, number, row
