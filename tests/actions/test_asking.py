"""Which response asks the open question."""

from __future__ import annotations

import pytest

from actions.asking import asked_by
from actions.case.model import Case, Contact
from actions.conversation import MENU
from actions.responses import responses


@pytest.mark.parametrize(
    ("question", "response"),
    [
        ("method:0", "utter_ask_method"), ("sign:romance_1", "utter_ask_sign"), (MENU, "utter_not_understood_menu"),
        ("confirm_delete", "utter_ask_delete"), ("confirm_restart", "utter_ask_restart"),
        ("which_language", "utter_which_language"), ("contact_value", "utter_ask_contact_value_email"),
    ],
)  # fmt: skip
def test_the_open_question_knows_who_asked(question: str, response: str) -> None:
    assert asked_by(Case(open=question, contact=Contact(kind="email"))) == response
    assert response in responses()


@pytest.mark.parametrize("question", ["alone", "citizenship"])
def test_who_is_held_is_asked_in_other_words(question: str) -> None:
    assert asked_by(Case(open=question, role="trapped")) == f"utter_ask_{question}_held"
    assert asked_by(Case(open=question, role="relative_trapped")) == f"utter_ask_{question}"
