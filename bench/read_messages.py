"""Read messages with one bot's understanding and print the processor time of each, in milliseconds, as a JSON list.

Run by the interpreter of either environment: ``python read_messages.py ours|stock MODEL < texts``, a text a line.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

WARM_UP = 20


def reader(side: str, model: str) -> Callable[[str], object]:
    """A function that reads one text."""
    if side == "ours":
        from bot.parsing import Parser

        return Parser(Path(model)).read
    from rasa.core.agent import Agent

    agent, loop = Agent.load(model), asyncio.new_event_loop()
    return lambda text: loop.run_until_complete(agent.parse_message(text))


def main() -> None:
    """Read them all; the first are not counted."""
    read = reader(sys.argv[1], sys.argv[2])
    times = []
    for line in sys.stdin:
        began = time.process_time()
        read(line.rstrip("\n"))
        times.append((time.process_time() - began) * 1000)
    print(json.dumps(times[WARM_UP:]))


if __name__ == "__main__":
    main()
