"""``python -m bench``: this bot beside stock Rasa, in one run. ``docs/bench.md`` says how."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx

from bench.environments import installed_megabytes, make_own, make_stock
from bench.load import read_talks
from bench.own import OwnBot
from bench.reading import milliseconds
from bench.report import OURS, STOCK, Figures, figures, machine, table, write_json
from bench.rounds import Plan, measure
from bench.servers import Bot, Server, ServerFailed
from bench.stock import StockRasa, TrainingFailed, action_server
from bot.settings import read_settings
from bot.training import fingerprint, model_path

EPOCHS = 3
FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; 1 when a side could not be built or served, or when the sources changed meanwhile."""
    options = _parser().parse_args(arguments)
    home = options.data_dir.resolve() / "bench"
    sources = fingerprint()
    try:
        measured, conditions = _measure(home, options)
    except (subprocess.CalledProcessError, TrainingFailed, ServerFailed, httpx.HTTPError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return FAILED
    if fingerprint() != sources:
        print(
            "bench: the sources changed during the run, so it measured two bots; run it again",
            file=sys.stderr,
        )
        return FAILED
    if not options.ours_only:
        write_json(home / "result.json", measured, conditions)
    print(table(measured, _sentence(conditions)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="This bot beside stock Rasa.")
    parser.add_argument("--ours-only", action="store_true", help="leave stock Rasa out, for a quick look")
    parser.add_argument(
        "--rounds", type=_positive, default=Plan.rounds, help="rounds of talks (default %(default)s)"
    )
    parser.add_argument(
        "--epochs",
        type=_positive,
        default=EPOCHS,
        help="training epochs of stock Rasa (default %(default)s); they change what it understands, not its speed",
    )
    parser.add_argument(
        "--data-dir", type=Path, default=read_settings().data_dir, help="where everything is kept"
    )
    return parser


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError
    return number


def _measure(home: Path, options: argparse.Namespace) -> tuple[dict[str, Figures], dict[str, object]]:
    plan = Plan(rounds=options.rounds)
    conditions: dict[str, object] = {"machine": machine(), "rounds": plan.rounds}
    with ExitStack() as stack:
        data = stack.enter_context(tempfile.TemporaryDirectory(dir=_made(home / "ours")))
        sides = {OURS: _own_side(home / "ours", Path(data))}
        if not options.ours_only:
            conditions["stock_epochs"] = options.epochs
            actions = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=_made(home / "actions"))))
            server = stack.enter_context(Server(action_server(sides[OURS].python, actions)))
            sides[STOCK] = _stock_side(_made(home / "stock"), options.epochs, server.address)
        seen = measure({name: side.bot for name, side in sides.items()}, read_talks(), plan, _progress)
    measured = {
        name: figures(
            each.starts,
            each.memory,
            installed_megabytes(sides[name].python),
            sides[name].reading(),
            each.rounds,
        )
        for name, each in seen.items()
    }
    return measured, conditions


@dataclass(frozen=True)
class Side:
    """A bot, the interpreter of its environment, and the model it reads with."""

    bot: Bot
    python: Path
    model: Path
    reader: Literal["ours", "stock"]

    def reading(self) -> float:
        """Processor time to read a message, in milliseconds."""
        _progress(f"reading messages: {self.bot.name}")
        return milliseconds(self.python, self.reader, self.model, self.bot.settings)


def _own_side(home: Path, data: Path) -> Side:
    _progress("bringing up this bot's environment and model")
    python = make_own(home)
    own = OwnBot(home, python)
    own.train_if_changed()
    return Side(own.bot(data), python, model_path(home / "models"), "ours")


def _stock_side(home: Path, epochs: int, actions: str) -> Side:
    _progress("bringing up stock Rasa's environment and model; the first time this takes long")
    python = make_stock(home)
    stock = StockRasa(home, python, epochs)
    model = stock.trained()
    return Side(stock.bot(model, actions), python, model, "stock")


def _made(directory: Path) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def _progress(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


def _sentence(conditions: dict[str, object]) -> str:
    trained = (
        f"; stock Rasa trained for {conditions['stock_epochs']} epochs"
        if "stock_epochs" in conditions
        else ""
    )
    return f"{conditions['machine']}; medians of {conditions['rounds']} rounds{trained}."


if __name__ == "__main__":
    sys.exit(main())
