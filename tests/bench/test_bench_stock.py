"""What stock Rasa is given in place of our actions and components."""

import yaml

from bench.stock import CHARACTERS_OF_AN_ANSWER, stock_config, stock_domain, stock_rules
from bot.paths import DOMAIN, NLU

PHASE = {
    "version": "3.1",
    "session_config": {"session_expiration_time": 0},
    "intents": ["stop_it", "report_it", "ask_it"],
    "actions": ["action_payments"],
    "responses": {"utter_one": [{"text": "Call {line}."}], "utter_two": [{"text": "Wait."}]},
}


def test_each_intent_is_answered_at_our_length_by_texts_of_its_phase_without_placeholders() -> None:
    domain = stock_domain([PHASE])
    answers = [domain["responses"][f"utter_{intent}"][0]["text"] for intent in PHASE["intents"]]
    assert all(answer.startswith(("Call line.\n", "Wait.\n")) for answer in answers)
    assert all(len(answer) in (CHARACTERS_OF_AN_ANSWER - 1, CHARACTERS_OF_AN_ANSWER) for answer in answers)


def test_the_stock_domain_keeps_the_sessions_and_has_no_actions() -> None:
    domain = stock_domain([PHASE])
    assert domain["session_config"] == PHASE["session_config"]
    assert "actions" not in domain


def test_every_intent_has_one_rule_that_says_its_response() -> None:
    domain = stock_domain([PHASE])
    rules = stock_rules(domain["intents"])["rules"]
    assert [rule["steps"][0]["intent"] for rule in rules] == PHASE["intents"]
    assert all(rule["steps"][1]["action"] in domain["responses"] for rule in rules)


def test_an_intent_that_rasa_answers_by_itself_has_no_rule() -> None:
    assert [rule["rule"] for rule in stock_rules(["greet", "restart"])["rules"]] == ["greet"]


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


def test_stock_rasa_answers_every_intent_of_our_training_data_with_something() -> None:
    domain = stock_domain([yaml.safe_load(path.read_text(encoding="utf-8")) for path in DOMAIN.glob("*.yml")])
    trained = {
        entry["intent"]
        for path in NLU.rglob("*.yml")
        for entry in yaml.safe_load(path.read_text("utf-8"))["nlu"]
    }
    assert trained <= set(domain["intents"])
    assert all(domain["responses"][f"utter_{intent}"][0]["text"] for intent in domain["intents"])
