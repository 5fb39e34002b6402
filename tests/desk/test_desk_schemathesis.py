"""The OpenAPI document against the desk: whatever schemathesis derives from it gets a documented answer.

No 5xx, no answer that the document does not name, none that breaks its schema, no way in without the token, and nothing
that can be read after it was erased.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.specs.openapi.schemas import OpenApiSchema

from tests.desk.desk_bot import TOKEN, Bot

EXAMPLES, TALKS, STEPS = 20, 15, 6
PHASES = [Phase.explicit, Phase.generate]
METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}


@pytest.fixture(scope="module")
def desk(contract: dict[str, Any], data_dir: Path) -> OpenApiSchema:
    """The document, and the desk's own WSGI application to hold it against."""
    from django.core.wsgi import get_wsgi_application

    config = schemathesis.Config.from_dict(
        {
            "base-url": "http://localhost",
            "headers": {"Authorization": f"Bearer {TOKEN}"},
            # What is sent shall not depend on what was answered: the same calls on every run.
            "phases": {
                "fuzzing": {"error-feedback": {"enabled": False}, "extra-data-sources": {"responses": False}},
                "stateful": {"link-calibration": False},
            },
        }
    )
    schema = schemathesis.openapi.from_dict(contract, config=config)
    schema.app = get_wsgi_application()
    return schema


@pytest.fixture(autouse=True)
def _empty(empty_desk: Path) -> None:
    """Begin and end without cases."""


document = schemathesis.pytest.from_fixture("desk")


@document.parametrize()
@settings(max_examples=EXAMPLES, derandomize=True, suppress_health_check=list(HealthCheck), phases=PHASES)
def test_every_answer_is_documented(case: Case) -> None:
    case.call_and_validate()


def test_every_way_through_the_calls_is_documented(desk: OpenApiSchema) -> None:
    """Cases are filed, replaced, read, written to and erased in any order, by the ids the desk answered with."""
    from helpdesk.models import Ticket

    from desk.intake.models import ErasedCase

    class Talk(desk.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            Ticket.objects.all().delete()
            ErasedCase.objects.all().delete()

    Talk.run(
        settings=settings(
            max_examples=TALKS,
            stateful_step_count=STEPS,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=PHASES,
        )
    )


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
def test_no_call_without_the_token(
    bot: Bot, case_file: dict[str, Any], contract: dict[str, Any], authorization: str | None
) -> None:
    """Every call of the document, with a body it would take, is refused, and changes nothing."""
    bot.put(case_file)
    before, said = bot.get().json(), bot.ticket.followup_set.count()
    headers = {} if authorization is None else {"Authorization": authorization}
    for path, method, example in calls(contract):
        body = json.dumps({**example, "reference": "2222-2222"})
        at = path.replace("{case_id}", str(bot.case_id))
        answer = bot.client.generic(method, at, body, "application/json", headers=headers)
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json"), (
            method,
            path,
        )
        assert answer["WWW-Authenticate"] == "Bearer"
    assert (bot.get().json(), bot.ticket.followup_set.count()) == (before, said)


def calls(contract: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and example body of every call of the document."""
    for path, item in contract["paths"].items():
        for method in sorted(METHODS & item.keys()):
            content = item[method].get("requestBody", {}).get("content", {})
            examples = content.get("application/json", {}).get("examples", {})
            names = [example["$ref"].rpartition("/")[2] for example in examples.values()]
            bodies = [contract["components"]["examples"][name]["value"] for name in names]
            yield path, method.upper(), bodies[0] if bodies else {}
