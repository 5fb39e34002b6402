"""The command line: ``firstaid serve | courier | outbox | train | parse | chat | evaluate | check | desk | …``.

Commands that need Rasa import it themselves, late: the others answer at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from bot.settings import Settings, SettingsError, read_settings

SETTING_FAULT = 2
FAILED = 1
OWNER_ONLY = 0o077

Command = Callable[[argparse.Namespace, Settings], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 2 for a setting at fault, named in one line."""
    os.umask(OWNER_ONLY)
    options = _parser().parse_args(arguments)
    if options.data_dir is not None:
        os.environ["FIRSTAID_DATA_DIR"] = str(options.data_dir)
    if getattr(options, "port", None) is not None:
        os.environ["FIRSTAID_PORT"] = str(options.port)
    try:
        command: Command = options.command
        return command(options, read_settings())
    except SettingsError as error:
        print(f"firstaid: {error}", file=sys.stderr)
        return SETTING_FAULT
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="firstaid", description="Scam First Aid, a helper for scam victims."
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, command: Command, summary: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=summary, description=summary)
        sub.add_argument("--data-dir", type=Path, help="where everything is written")
        sub.set_defaults(command=command)
        return sub

    add("run", _run, "bot, desk and web page together").add_argument("--port", type=int)
    add("serve", _serve, "the bot alone").add_argument("--port", type=int)
    add("courier", _courier, "carry cases to the intake service, beside bots on the same database")
    outbox = add("outbox", _outbox, "what waits for the intake service, and what it refused")
    outbox.add_argument("--retry", metavar="CASE", type=UUID, help="try again what was set aside of a case")
    add("train", _train, "train when data, configuration or components changed")
    add("parse", _parse, "read JSON lines of messages, write them with what the bot understood")
    add("chat", _chat, "talk in the terminal").add_argument(
        "--language", default="", help="en, zh-Hans or zh-Hant"
    )
    evaluate = add("evaluate", _evaluate, "measure the understanding on the evaluation messages")
    evaluate.add_argument(
        "--output", type=Path, help="directory for the figures; the data directory by default"
    )
    evaluate.add_argument(
        "--against", type=Path, help="earlier evaluation.json to compare with; the last release's by default"
    )
    add("check", _check, "registry, catalogs, domain and data are sound").add_argument(
        "--data",
        action="store_true",
        help="list the training messages to prune, with their texts, and no more",
    )
    add("desk", _desk, "the desk alone").add_argument("--port", type=int)
    telegram = add("telegram", _telegram, "set up the bot at Telegram")
    telegram.add_argument(
        "what",
        choices=("set-webhook", "remove-webhook", "describe", "status"),
        help="let Telegram deliver to FIRSTAID_PUBLIC_URL; let it stop; set commands and descriptions; how it stands",
    )
    embed = add("embed", _embed, "print the line that puts the chat on a site")
    embed.add_argument("--url", default="", help="address of the bot as visitors reach it")
    embed.add_argument("--language", default="", help="en, zh-Hans or zh-Hant; the visitor's own by default")
    embed.add_argument("--color", default="", help="such as #0f5c5c")
    embed.add_argument("--position", default="", help="left or right")
    embed.add_argument("--greeting", default="", help="the words on the button")
    embed.add_argument(
        "--latest", action="store_true", help="follow updates by themselves instead of pinning this version"
    )
    return parser


def _run(options: argparse.Namespace, settings: Settings) -> int:
    from bot.run import run

    return run(settings)


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    from bot.run import serve

    return serve(settings)


def _courier(options: argparse.Namespace, settings: Settings) -> int:
    from bot.delivery import courier

    return courier(settings)


def _outbox(options: argparse.Namespace, settings: Settings) -> int:
    from bot.delivery import outbox

    return outbox(settings, options.retry)


def _train(options: argparse.Namespace, settings: Settings) -> int:
    from bot.check import problems
    from bot.training import TrainingFailed, model_path, train

    for problem in (faults := list(problems())):
        print(problem, file=sys.stderr)
    if faults:
        return FAILED
    path = model_path(settings.model_dir)
    if path.exists():
        print(f"nothing has changed: {path.name} is up to date")
        return 0
    try:
        print(f"trained {train(settings.model_dir).name}")
    except TrainingFailed as error:
        print(error, file=sys.stderr)
        return FAILED
    return 0


def _parse(options: argparse.Namespace, settings: Settings) -> int:
    from bot.parsing import parse_lines
    from bot.training import trained_model

    return parse_lines(trained_model(settings.model_dir), sys.stdin, sys.stdout)


def _chat(options: argparse.Namespace, settings: Settings) -> int:
    from bot.terminal import chat

    return chat(settings, options.language)


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
    from bot.evaluation.command import evaluate

    return evaluate(settings, options.output or settings.data_dir / "evaluation", options.against)


def _check(options: argparse.Namespace, settings: Settings) -> int:
    from bot.check import problems
    from bot.training_data import data_problems, prune_list

    if options.data:
        for line in (listed := list(prune_list())):
            print(line)
        return FAILED if listed else 0
    faults = [*problems(), *data_problems()]
    for problem in faults:
        print(problem, file=sys.stderr)
    print(f"{len(faults)} problems found" if faults else "all checks passed")
    return FAILED if faults else 0


def _desk(options: argparse.Namespace, settings: Settings) -> int:
    from bot.run import desk

    return desk(settings, options.port)


def _telegram(options: argparse.Namespace, settings: Settings) -> int:
    from bot.channels.telegram.setup import set_up

    return set_up(options.what, settings)


def _embed(options: argparse.Namespace, settings: Settings) -> int:
    from bot.channels.snippet import BadChoice, snippet
    from bot.channels.web_files import read_widget
    from bot.paths import WEB

    base = options.url or f"http://localhost:{settings.port}"
    try:
        print(snippet(base, read_widget(WEB), vars(options), pinned=not options.latest), end="")
    except BadChoice as fault:
        print(f"firstaid: {fault}", file=sys.stderr)
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
