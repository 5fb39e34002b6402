"""Command line of the desk: ``python -m desk serve``, ``createstaff`` and ``check``."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from desk.environment import SettingsError

USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code, 2 when a setting is missing or broken."""
    options = _parser().parse_args(arguments)
    # What the desk makes is for its own user's eyes.
    os.umask(0o077)
    if options.data_dir is not None:
        os.environ["FIRSTAID_DATA_DIR"] = str(options.data_dir)
    try:
        return _COMMANDS[options.command](options)
    except SettingsError as error:
        print(f"desk: {error}", file=sys.stderr)
        return USAGE_ERROR


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="desk", description="The embedded intake desk.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the desk")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8081, help="0 takes a free one")
    staff = commands.add_parser("createstaff", help="make a staff login or change its password")
    staff.add_argument("name")
    staff.add_argument("--administrator", action="store_true", help="may also manage logins and queues")
    check = commands.add_parser("check", help="Django's checks for a deployment")
    for command in (serve, staff, check):
        command.add_argument("--data-dir", type=Path, help="in place of FIRSTAID_DATA_DIR")
    return parser


def _serve(options: argparse.Namespace) -> int:
    from desk.server import serve

    try:
        serve(options.host, options.port)
    except OSError as error:
        print(f"desk: {options.host}:{options.port}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def _create_staff(options: argparse.Namespace) -> int:
    from desk.server import make_staff, prepare, set_up

    set_up()
    prepare()
    from django.core.exceptions import ValidationError

    asked = getpass.getpass if sys.stdin.isatty() else lambda _prompt: sys.stdin.readline()
    password = asked(f"Password for {options.name}: ")
    try:
        make_staff(options.name, password.rstrip("\n"), options.administrator)
    except ValidationError as error:
        print("desk: " + " ".join(error.messages), file=sys.stderr)
        return 1
    return 0


def _check(options: argparse.Namespace) -> int:
    from desk.server import check, set_up

    set_up()
    from django.core.management.base import SystemCheckError

    try:
        check()
    except SystemCheckError as error:
        print(f"desk: {error}", file=sys.stderr)
        return 1
    return 0


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "serve": _serve,
    "createstaff": _create_staff,
    "check": _check,
}

if __name__ == "__main__":
    sys.exit(main())
