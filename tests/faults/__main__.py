"""``python -m tests.faults --kills 200 --database sqlite|postgres``: hold a campaign and print its table."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from bot.paths import ROOT
from tests.faults.campaign import hold
from tests.faults.nursery import Nursery
from tests.faults.table import table

MODELS = ROOT / "var" / "test-models"


def main() -> int:
    """Hold a campaign; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--home", type=Path, help="an empty directory for data and logs, which stay")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    home = options.home or Path(tempfile.mkdtemp(prefix="firstaid-faults-"))
    (home / "house").mkdir(parents=True)
    print(f"data and logs: {home}; seed {options.seed}", file=sys.stderr)
    with Nursery(MODELS.resolve(), home / "nursery") as nursery:
        outcome = hold(options.database, options.kills, options.seed, nursery, home / "house", _progress)
    print(table(outcome))
    for line in outcome.wrong:
        print(line, file=sys.stderr)
    return 1 if outcome.wrong else 0


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
