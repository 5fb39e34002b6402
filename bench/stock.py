"""Stock Rasa's side: the same intents and messages on Rasa's own default pipeline, trained once and kept.

Our actions and components cannot run there. Each intent is answered by one fixed text out of our domain instead,
so that stock Rasa does less in a turn than this bot: no case, no plan, no registry, no entities.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import yaml

from bench.environments import STOCK_REQUIREMENTS
from bench.report import STOCK
from bench.servers import LOOPBACK, Bot
from bot.paths import DOMAIN, NLU

Yaml = dict[str, Any]

FORMAT_VERSION = "3.1"
READY_PATH = "/"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}
CHARACTERS_OF_AN_ANSWER = 250  # about what this bot says in a turn of the talks; the table shows both
ANSWERED_BY_RASA = frozenset({"restart", "back", "session_start"})  # RulePolicy's own default actions
_DEFAULT_CONFIG = "rasa/engine/recipes/config_files/default_config.yml"
_KEPT_OF_OUR_DOMAIN = ("version", "session_config", "slots")


class TrainingFailed(Exception):
    """Stock Rasa made no model; the message names its log."""


def stock_domain(phases: Sequence[Yaml]) -> Yaml:
    """Our domain without its actions: each intent gets an answer out of the texts of its phase, as long as ours."""
    domain: Yaml = {"intents": [], "responses": {}}
    for phase in phases:
        domain.update({key: phase[key] for key in _KEPT_OF_OUR_DOMAIN if key in phase})
        texts = cycle([variations[0]["text"] for variations in phase.get("responses", {}).values()])
        for intent in phase.get("intents", ()):
            domain["intents"].append(intent)
            domain["responses"][_response(intent)] = [{"text": _answer(texts)}]
    return domain


def stock_rules(intents: Sequence[str]) -> Yaml:
    """One rule an intent: its response. Rasa takes no rule for the intents it answers by itself."""
    rules = [
        {"rule": intent, "steps": [{"intent": intent}, {"action": _response(intent)}]}
        for intent in intents
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


def _response(intent: str) -> str:
    return f"utter_{intent}"


def _answer(texts: Iterator[str]) -> str:
    answer = ""
    while len(answer) < CHARACTERS_OF_AN_ANSWER:
        answer += next(texts).replace("{", "").replace("}", "") + "\n"
    return answer[:CHARACTERS_OF_AN_ANSWER].strip()


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

    def bot(self, model: Path) -> Bot:
        """How the trained model is served."""
        where = ["--credentials", "credentials.yml", "--interface", LOOPBACK, "--port"]
        command = [str(self._python), "-m", "rasa", "run", "--model", str(model), *where]
        return Bot(STOCK, command, self._home, QUIET, READY_PATH)

    def _write_project(self) -> None:
        phases = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(DOMAIN.glob("*.yml"))]
        domain = stock_domain(phases)
        default = next((self._python.parents[1] / "lib").glob(f"python*/site-packages/{_DEFAULT_CONFIG}"))
        self._write("domain.yml", domain)
        self._write("rules.yml", stock_rules(domain["intents"]))
        as_shipped = yaml.safe_load(default.read_text(encoding="utf-8"))
        self._write("config.yml", stock_config(as_shipped, self._epochs))
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
        yield from (self._home / name for name in ("domain.yml", "rules.yml", "config.yml"))
        yield from sorted(NLU.rglob("*.yml"))

    def _train(self, name: str) -> None:
        project = ["--config", "config.yml", "--domain", "domain.yml", "--data", str(NLU), "rules.yml"]
        outcome = ["--out", "models", "--fixed-model-name", name, "--skip-validation"]
        command = [str(self._python), "-m", "rasa", "train", *project, *outcome]
        (self._home / "models").mkdir(exist_ok=True)
        environment = Bot.environment(QUIET)
        with (self._home / "models" / "train.log").open("wb") as log:
            ended = subprocess.run(command, cwd=self._home, env=environment, stdout=log, stderr=log)
        if ended.returncode != 0:
            raise TrainingFailed(f"stock Rasa could not be trained; see {log.name}")
