"""The policy above the rules."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.paths import DOMAIN
from bot.policies.needs import SAFETY_ACTION, SAFETY_NEEDS
from bot.policies.safety import ABOVE_RULES, SafetyPolicy


@pytest.fixture(scope="module")
def domain() -> Domain:
    """The real domain."""
    return Domain.load(str(DOMAIN))


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> SafetyPolicy:
    """The policy as Rasa makes and loads it."""
    storage = LocalModelStorage(tmp_path_factory.mktemp("storage"))
    context = ExecutionContext(GraphSchema({}), node_name="safety")
    config = SafetyPolicy.get_default_config()
    made = SafetyPolicy.create(config, storage, Resource("safety"), context)
    resource = made.train([], Domain.empty())
    return SafetyPolicy.load(config, storage, resource, context)


def said(need: str | None) -> UserUttered:
    """A message that was read as `need`."""
    return UserUttered("words", intent={"name": need, "confidence": 0.5})


def predicted(policy: SafetyPolicy, domain: Domain, events: Sequence[Event]) -> str | None:
    """The action that the policy is certain of, None when it is silent."""
    tracker = DialogueStateTracker.from_events("x", list(events), slots=domain.slots)
    prediction = policy.predict_action_probabilities(tracker, domain)
    assert set(prediction.probabilities) <= {0.0, 1.0}
    if prediction.max_confidence == 0:
        return None
    return domain.action_names_or_texts[prediction.probabilities.index(1.0)]


LISTEN = ActionExecuted(ACTION_LISTEN_NAME)


@pytest.mark.parametrize(("need", "action"), SAFETY_NEEDS.items())
def test_a_safety_need_has_its_action_and_then_the_person_speaks(
    policy: SafetyPolicy, domain: Domain, need: str, action: str
) -> None:
    events: list[Event] = [LISTEN, said(need)]
    assert predicted(policy, domain, events) == action
    events += [SlotSet("case", {}), ActionExecuted(action), BotUttered("answer"), SlotSet("language", "en")]
    assert predicted(policy, domain, events) == ACTION_LISTEN_NAME


@pytest.mark.parametrize("need", ["greet", "inform", "nlu_fallback", "already_paid", "unknown", None])
def test_it_is_silent_on_every_other_need(policy: SafetyPolicy, domain: Domain, need: str | None) -> None:
    assert predicted(policy, domain, [LISTEN, said(need)]) is None


@pytest.mark.parametrize("before", ["greet", "crisis", "already_paid"])
def test_only_the_last_message_counts(policy: SafetyPolicy, domain: Domain, before: str) -> None:
    earlier = [LISTEN, said(before), ActionExecuted(SAFETY_ACTION), LISTEN]
    assert predicted(policy, domain, [*earlier, said("crisis")]) == SAFETY_ACTION
    assert predicted(policy, domain, [*earlier, said("greet")]) is None


def test_another_action_after_the_message_does_not_silence_it(policy: SafetyPolicy, domain: Domain) -> None:
    assert predicted(policy, domain, [said("crisis"), ActionExecuted("action_payments")]) == SAFETY_ACTION


def test_it_is_silent_before_anybody_spoke(policy: SafetyPolicy, domain: Domain) -> None:
    assert predicted(policy, domain, []) is None
    assert predicted(policy, domain, [ActionExecuted("action_session_start"), LISTEN]) is None


def test_it_stands_above_rasas_rules(policy: SafetyPolicy) -> None:
    from rasa.core.constants import RULE_POLICY_PRIORITY

    assert policy.priority == ABOVE_RULES > RULE_POLICY_PRIORITY
