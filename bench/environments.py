"""The two environments, each made once under the data directory and brought up to date on every run."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from bot.paths import ROOT

STOCK_PYTHON = "3.10"
STOCK_REQUIREMENTS = Path(__file__).with_name("stock-requirements.txt")
_VIRTUAL_ENVIRONMENT = "venv"


def uv() -> str:
    """The uv to call: the one that runs us, else the project's own, else the one on the path."""
    private = ROOT / ".uv" / "bin" / "uv"
    return os.environ.get("UV") or (str(private) if private.exists() else shutil.which("uv") or "uv")


def make_own(home: Path) -> Path:
    """Make this bot's environment as an operator gets it, without developers' tools; return its interpreter."""
    environment = home / _VIRTUAL_ENVIRONMENT
    _run(
        [uv(), "sync", "--frozen", "--no-dev", "--no-install-project", "--quiet"],
        ROOT,
        UV_PROJECT_ENVIRONMENT=str(environment),
    )
    return environment / "bin" / "python"


def make_stock(home: Path) -> Path:
    """Make stock Rasa's environment on the last Python it supports; return its interpreter."""
    # Under pyenv an interpreter is offered only where a `.python-version` asks for it.
    (home / ".python-version").write_text(f"{STOCK_PYTHON}\n", encoding="ascii")
    environment = home / _VIRTUAL_ENVIRONMENT
    python = environment / "bin" / "python"
    # Without --no-config, uv would apply this project's overrides to stock Rasa too.
    if not python.exists():
        _run([uv(), "venv", "--no-config", "--quiet", "--python", STOCK_PYTHON, str(environment)], home)
    install = [uv(), "pip", "sync", "--no-config", "--quiet", "--python", str(python)]
    _run([*install, str(STOCK_REQUIREMENTS)], home)
    return python


def installed_megabytes(python: Path) -> float:
    """Size of the environment of an interpreter in MB (10^6 bytes), without the bytecode Python adds as it runs."""
    files = (path for path in python.parents[1].rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files if path.parent.name != "__pycache__") / 1e6


def _run(command: list[str], directory: Path, **settings: str) -> None:
    subprocess.run(command, cwd=directory, env={**os.environ, **settings}, check=True)
