"""Stock Rasa's side: our domain, rules, messages and actions on Rasa's own default pipeline, trained once and kept.

Our components do not run there, so it finds no facts and guards nothing. Our actions run as Rasa has it by default:
in an action server beside it, out of our own environment.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from bench.environments import STOCK_REQUIREMENTS
from bench.report import STOCK
from bench.servers import LOOPBACK, Bot
from bot.paths import DOMAIN, NLU, ROOT, RULES
from bot.policies.needs import SAFETY_NEEDS

Yaml = dict[str, Any]

FORMAT_VERSION = "3.1"
READY_PATH = "/"
ACTIONS_READY_PATH = "/health"
ACTIONS_PATH = "/webhook"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}
ANSWERED_BY_RASA = frozenset({"restart"})  # RulePolicy's own default action; it takes no rule for it
_DEFAULT_CONFIG = "rasa/engine/recipes/config_files/default_config.yml"


class TrainingFailed(Exception):
    """Stock Rasa made no model; the message names its log."""


def safety_rules() -> Yaml:
    """What our safety policy routes, as plain rules: the policy itself is a component of ours."""
    rules = [
        {"rule": intent, "steps": [{"intent": intent}, {"action": action}]}
        for intent, action in SAFETY_NEEDS.items()
        if intent not in ANSWERED_BY_RASA
    ]
    return {"version": FORMAT_VERSION, "rules": rules}


def stock_config(default: Mapping[str, Any], epochs: int) -> Yaml:
    """Rasa's default configuration as shipped; only its epochs and the assistant's name are set."""
    config = {**default, "assistant_id": "stock"}
    for part in ("pipeline", "policies"):
        config[part] = [
            {**component, "epochs": epochs} if "epochs" in component else component
            for component in default[part]
        ]
    return config


def action_server(python: Path, home: Path) -> Bot:
    """Our actions as `rasa_sdk` serves them, by the interpreter of our own environment."""
    command = [str(python), "-m", "rasa_sdk", "--actions", "actions.rasa_actions", "--port"]
    settings = {"FIRSTAID_DEMO": "1", "FIRSTAID_DATA_DIR": str(home), "PYTHONPATH": str(ROOT)}
    return Bot("the action server", command, home, settings, ACTIONS_READY_PATH)


class StockRasa:
    """A stock Rasa project in `home`, run by the interpreter `python` of its environment."""

    def __init__(self, home: Path, python: Path, epochs: int) -> None:
        self._home = home
        self._python = python
        self._epochs = epochs

    def trained(self) -> Path:
        """The model of the present data, domain and epochs: trained now unless it is there.

        Raises:
            TrainingFailed: it made no model.
        """
        self._write_project()
        name = f"stock-{self._fingerprint()}"
        model = self._home / "models" / f"{name}.tar.gz"
        if not model.exists():
            self._train(name)
        return model

    def bot(self, model: Path, actions: str) -> Bot:
        """How the trained model is served, its actions running at the address `actions`."""
        self._write("endpoints.yml", {"action_endpoint": {"url": actions + ACTIONS_PATH}})
        where = ["--credentials", "credentials.yml", "--endpoints", "endpoints.yml", "--interface", LOOPBACK]
        command = [str(self._python), "-m", "rasa", "run", "--model", str(model), *where, "--port"]
        return Bot(STOCK, command, self._home, QUIET, READY_PATH)

    def _write_project(self) -> None:
        default = next((self._python.parents[1] / "lib").glob(f"python*/site-packages/{_DEFAULT_CONFIG}"))
        as_shipped = yaml.safe_load(default.read_text(encoding="utf-8"))
        self._write("config.yml", stock_config(as_shipped, self._epochs))
        self._write("safety_rules.yml", safety_rules())
        self._write("credentials.yml", {"rest": None})

    def _write(self, name: str, content: Yaml) -> None:
        (self._home / name).write_text(
            yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8"
        )

    def _fingerprint(self) -> str:
        digest = hashlib.sha256()
        for path in self._ingredients():
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()[:16]

    def _ingredients(self) -> Iterator[Path]:
        yield STOCK_REQUIREMENTS
        yield from (self._home / name for name in ("config.yml", "safety_rules.yml"))
        for directory in (DOMAIN, RULES, NLU):
            yield from sorted(directory.rglob("*.yml"))

    def _train(self, name: str) -> None:
        data = ["--data", str(NLU), str(RULES), "safety_rules.yml"]
        outcome = ["--out", "models", "--fixed-model-name", name, "--skip-validation"]
        project = ["--config", "config.yml", "--domain", str(DOMAIN), *data, *outcome]
        command = [str(self._python), "-m", "rasa", "train", *project]
        (self._home / "models").mkdir(exist_ok=True)
        environment = Bot.environment(QUIET)
        with (self._home / "models" / "train.log").open("wb") as log:
            ended = subprocess.run(command, cwd=self._home, env=environment, stdout=log, stderr=log)
        if ended.returncode != 0:
            raise TrainingFailed(f"stock Rasa could not be trained; see {log.name}")
