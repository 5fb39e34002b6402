"""What stock Rasa is given beside our own domain, rules, messages and actions."""

import sys
from pathlib import Path

import httpx
import yaml

from bench.servers import Server
from bench.stock import ACTIONS_PATH, StockRasa, action_server, safety_rules, stock_config
from bot.paths import DOMAIN, NLU, RULES


def _all(directory: Path, key: str) -> list[dict[str, object]]:
    documents = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in directory.rglob("*.yml"))
    return [entry for document in documents for entry in document.get(key, ())]


def test_with_the_safety_rules_every_trained_need_leads_to_an_action_of_ours() -> None:
    rules = [*_all(RULES, "rules"), *safety_rules()["rules"]]
    routed = {step["intent"]: after["action"] for rule in rules for step, after in [rule["steps"]]}
    actions = set(_all(DOMAIN, "actions"))
    trained = {entry["intent"] for entry in _all(NLU, "nlu")}
    assert trained - {"restart"} <= set(routed)
    assert set(routed.values()) <= actions


def test_only_epochs_and_name_of_the_default_configuration_change() -> None:
    default = {
        "language": "en",
        "assistant_id": "placeholder_default",
        "pipeline": [{"name": "WhitespaceTokenizer"}, {"name": "DIETClassifier", "epochs": 100, "x": True}],
        "policies": [{"name": "RulePolicy"}, {"name": "TEDPolicy", "max_history": 5, "epochs": 100}],
    }
    assert stock_config(default, 7) == {
        "language": "en",
        "assistant_id": "stock",
        "pipeline": [{"name": "WhitespaceTokenizer"}, {"name": "DIETClassifier", "epochs": 7, "x": True}],
        "policies": [{"name": "RulePolicy"}, {"name": "TEDPolicy", "max_history": 5, "epochs": 7}],
    }


def test_stock_rasa_is_pointed_to_the_action_server(tmp_path: Path) -> None:
    StockRasa(tmp_path, Path(sys.executable), epochs=1).bot(tmp_path / "m.tar.gz", "http://127.0.0.1:5055")
    endpoints = yaml.safe_load((tmp_path / "endpoints.yml").read_text())
    assert endpoints == {"action_endpoint": {"url": "http://127.0.0.1:5055/webhook"}}


def test_the_action_server_answers_a_turn_with_our_words(tmp_path: Path) -> None:
    tracker = {
        "sender_id": "someone",
        "slots": {},
        "latest_message": {"text": "hello", "intent": {"name": "greet", "confidence": 1.0}, "entities": []},
        "events": [],
    }
    call = {"next_action": "action_conversation", "sender_id": "someone", "tracker": tracker, "domain": {}}
    with Server(action_server(Path(sys.executable), tmp_path)) as server:
        answer = httpx.post(server.address + ACTIONS_PATH, json=call, trust_env=False).json()
    assert answer["responses"][0]["response"].startswith("utter_")
