"""The rules are found as Rasa finds them, only sooner."""

from __future__ import annotations

from typing import cast

import pytest
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.shared.core.domain import State

from bot.assistant import Assistant
from bot.policies.rules import NeedRulePolicy

LISTEN = {"prev_action": {"action_name": "action_listen"}}


@pytest.fixture(scope="module")
def policy(assistant: Assistant) -> NeedRulePolicy:
    """The policy of the trained model."""
    nodes = assistant.processor.graph_runner._instantiated_nodes.values()  # type: ignore[union-attr]
    return next(node._component for node in nodes if isinstance(node._component, NeedRulePolicy))


def states_of_a_talk(need: str) -> list[list[State]]:
    """The person speaks first, after an action, and is answered."""
    user = {"user": {"intent": need}}
    answered = {**user, "prev_action": {"action_name": "action_payments"}}
    talks = [
        [{}, {**LISTEN, **user}],
        [{}, {**LISTEN, "user": {"intent": "greet"}}, answered],
        [{}, LISTEN],
        [],
    ]
    return cast(list[list[State]], talks)


def test_the_rules_that_hold_are_those_of_rasa_for_every_need(
    policy: NeedRulePolicy, assistant: Assistant
) -> None:
    rules = policy.lookup[RULES]
    found = 0
    for need in [*assistant.domain.intents, "never_heard_of"]:
        for states in states_of_a_talk(need):
            expected = RulePolicy._get_possible_keys(policy, rules, states)
            assert policy._get_possible_keys(rules, states) == expected
            found += len(expected)
    assert found >= len(assistant.domain.intents) // 2


def test_a_rule_without_a_need_is_kept(policy: NeedRulePolicy) -> None:
    anything = '[{"prev_action": {"action_name": "action_listen"}}]'
    lookup = {anything: "action_conversation", '[{"user": {"intent": "deny"}}]': "action_safety"}
    states = cast(list[State], [{**LISTEN, "user": {"intent": "greet"}}])
    assert policy._get_possible_keys(lookup, states) == {anything}
