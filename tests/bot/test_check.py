"""Every kind of problem is found, on a small project of its own, and the real one has none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from actions.registry import Situation, load_registry
from bot import check
from bot.catalogs import catalog_path, read_catalog
from bot.languages import LANGUAGES
from bot.paths import REGISTRY
from bot.policies.needs import SAFETY_NEEDS

HELLO, SURE = "Hello {name}.", "Are you sure?"
SIMPLIFIED_TEXTS = {HELLO: "{name}，你好。", SURE: "你确定吗？", "Yes": "是"}
TRADITIONAL_TEXTS = {HELLO: "{name}，你好。", SURE: "你確定嗎？", "Yes": "是"}


@dataclass
class Project:
    """A project that has no problem until something in it is changed."""

    root: Path
    reviewed: dict[str, Any] = field(default_factory=lambda: {"US": datetime.now(UTC).date()})
    template: dict[str, str] = field(
        default_factory=lambda: {HELLO: "utter_hello", SURE: "utter_sure_now", "Yes": "b"}
    )
    catalogs: dict[str, dict[str, str]] = field(
        default_factory=lambda: {
            "en": dict.fromkeys(SIMPLIFIED_TEXTS, ""),
            "zh_Hans": dict(SIMPLIFIED_TEXTS),
            "zh_Hant": dict(TRADITIONAL_TEXTS),
        }
    )
    fuzzy: set[str] = field(default_factory=set)
    responses: dict[str, Any] = field(
        default_factory=lambda: {
            "utter_hello": [{"text": HELLO}],
            "utter_sure_now": [{"text": SURE, "buttons": [{"title": "Yes", "payload": "yes"}]}],
        }
    )
    intents: list[str] = field(default_factory=lambda: ["greet", *SAFETY_NEEDS, "nlu_fallback"])
    actions: list[str] = field(
        default_factory=lambda: ["action_hello", *dict.fromkeys(SAFETY_NEEDS.values())]
    )
    trained: list[str] = field(default_factory=lambda: ["greet", *SAFETY_NEEDS])
    rules: dict[str, str] = field(
        default_factory=lambda: {"greet": "action_hello", "nlu_fallback": "action_hello"}
    )
    situations: list[Situation] = field(default_factory=list)
    code: str = 'turn.say("utter_hello")\nturn.say(f"utter_sure_{when}")\n'

    def facts(self) -> Any:
        """Its registry."""
        return SimpleNamespace(
            reviewed=self.reviewed,
            channels={},
            situations={entry.id: entry for entry in self.situations},
            scam_types={},
        )

    def problems(self) -> list[str]:
        """Write it down and check it."""
        self._write("domain/a.yml", intents=self.intents, actions=self.actions, responses=self.responses)
        self._write("nlu/en/a.yml", nlu=[{"intent": name, "examples": "- a"} for name in self.trained])
        self._write("rules/a.yml", rules=[
            {"rule": intent, "steps": [{"intent": intent}, {"action": action}]} for intent, action in self.rules.items()
        ])  # fmt: skip
        (self.root / "actions").mkdir(exist_ok=True)
        (self.root / "actions" / "a.py").write_text(self.code, encoding="utf-8")
        self._catalog(self.root / "locale" / "messages.pot", "en", dict.fromkeys(self.template, ""))
        for language, messages in self.catalogs.items():
            self._catalog(catalog_path(language, self.root / "locale"), language, messages)
        check.source_texts.cache_clear()
        check._code.cache_clear()
        return list(check.problems())

    def _write(self, path: str, **content: Any) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")

    def _catalog(self, path: Path, language: str, messages: dict[str, str]) -> None:
        catalog = Catalog(locale=language)
        for text, translation in messages.items():
            flags = ("fuzzy",) if text in self.fuzzy else ()
            catalog.add(text, translation, auto_comments=[self.template.get(text, "")], flags=flags)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog)

    def say_english(self, text: str) -> None:
        """Let one more response say `text`, and translate it well."""
        self.template[text] = "utter_more"
        self.responses["utter_more"] = [{"text": text}]
        self.code += 'turn.say("utter_more")\n'
        for messages in self.catalogs.values():
            messages[text] = "好。"

    def say_chinese(self, translation: str, text: str = "More.") -> None:
        """Let one more response be translated as `translation` into Simplified."""
        self.say_english(text)
        self.catalogs["zh_Hans"][text] = translation


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """A sound project that `check.problems` looks at instead of the real one."""
    sound = Project(tmp_path)
    for name in ("domain", "locale", "nlu", "rules"):
        monkeypatch.setattr(check, name.upper(), tmp_path / name)
    monkeypatch.setattr(check, "ROOT", tmp_path)
    monkeypatch.setattr(check, "load_registry", lambda: sound.facts())
    monkeypatch.setattr(check, "read_catalog", partial(read_catalog, locale_dir=tmp_path / "locale"))
    yield sound
    check.source_texts.cache_clear()
    check._code.cache_clear()


def test_a_sound_project_has_no_problem(project: Project) -> None:
    assert project.problems() == []


def test_the_real_project_has_no_problem() -> None:
    assert list(check.problems()) == []


def test_a_broken_registry_is_one_line_that_names_the_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "registry"
    shutil.copytree(REGISTRY, copy)
    path = next((copy / "channels").glob("us.yml"))
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["channels"][0]["phone"] = ["call us"]
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    monkeypatch.setattr(check, "load_registry", partial(load_registry, copy))
    (problem,) = check.problems()
    assert problem.startswith("registry: channels/us.yml")
    assert content["channels"][0]["id"] in problem
    assert len(problem.splitlines()) == 1


def test_a_jurisdiction_nobody_went_through_for_long_is_stale(project: Project) -> None:
    today = datetime.now(UTC).date()
    project.reviewed = {"US": today - check.STALE_AFTER, "AU": today - 2 * check.STALE_AFTER}
    (problem,) = project.problems()
    assert problem.startswith("registry: AU: last reviewed on")


def test_a_text_of_the_domain_that_was_not_extracted(project: Project) -> None:
    project.responses["utter_hello"] = [{"text": "Good day."}]
    assert project.problems() == ["messages.pot: not extracted since utter_hello changed; run make messages"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_entry(project: Project, language: str) -> None:
    del project.catalogs[language]["Yes"]
    assert project.problems() == [f"{language}: no entry for 'Yes'"]


def test_an_empty_translation(project: Project) -> None:
    project.catalogs["zh_Hant"]["Yes"] = ""
    assert project.problems() == ["zh_Hant: not translated: 'Yes'"]


def test_a_fuzzy_translation(project: Project) -> None:
    project.fuzzy = {"Yes"}
    assert project.problems() == ["zh_Hans: fuzzy: 'Yes'", "zh_Hant: fuzzy: 'Yes'"]


@pytest.mark.parametrize(
    "translation", ["你好。", "{nome}，你好。", "{name}{name}，你好。", "｛name｝，你好。"]
)
def test_placeholders_that_differ(project: Project, translation: str) -> None:
    project.catalogs["zh_Hans"][HELLO] = translation
    assert project.problems() == [f"zh_Hans: placeholders differ: {HELLO!r}"]


TYPED_IN = [
    ("Call 1-800-555-0199 now.", "phone number"),
    ("Call +44 20 7946 0000.", "phone number"),
    ("See https://example.test/a.", "an address"),
    ("See www.example for more.", "an address"),
    ("Look at police.gov today.", "an address"),
]


@pytest.mark.parametrize(
    ("text", "kind"), [*TYPED_IN, ("Why did you pay them?", "not said here: 'Why did you")]
)
def test_what_no_english_text_may_say(project: Project, text: str, kind: str) -> None:
    project.say_english(text)
    (problem,) = project.problems()
    assert problem.startswith("en: utter_more: ")
    assert kind in problem


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *TYPED_IN,
        ("拨打 400 800 1234。", "phone number"),
        ("他们说你贪心。", "not said here: '贪心"),
        ("您可以休息。", "您 for 你: '您可以休息。'"),
    ],
)
def test_what_no_translation_may_say(project: Project, text: str, kind: str) -> None:
    project.say_chinese(text)
    (problem,) = project.problems()
    assert problem.startswith("zh_Hans: 'More.': ")
    assert kind in problem


@pytest.mark.parametrize(
    "text",
    ["Within 24 to 72 hours, about 50,000 people.", "Press 1, 2 or 3. Send {typed} to {contact}."],
)
def test_numbers_that_a_text_may_say(project: Project, text: str) -> None:
    project.say_english(text)
    for language in ("zh_Hans", "zh_Hant"):
        project.catalogs[language][text] = text
    assert project.problems() == []


@pytest.mark.parametrize("name", ["utter_more", "utter_reading_more"])
def test_what_is_pressed_is_checked_as_a_button(project: Project, name: str) -> None:
    text = "This is a title that no phone shows whole."
    project.say_english(text)
    project.template[text] = f"{name}, button" if name == "utter_more" else name
    (problem,) = project.problems()
    assert problem.startswith(f"en: {name}")
    assert "a button too wide" in problem


def test_what_people_type_need_not_be_said_well(project: Project) -> None:
    text = "Why did you! | what? | and who?"
    project.say_english(text)
    assert project.problems() != []
    project.template[text] = "NOTE: phrases people type to complain"
    assert project.problems() == []


def test_the_texts_of_the_registry_are_checked(project: Project) -> None:
    zelle = load_registry().situations["zelle"]
    loud = zelle.steps[0].model_copy(update={"zh_Hant": "馬上打電話！"})
    project.situations = [zelle.model_copy(update={"steps": [*zelle.steps, loud]})]
    (problem,) = project.problems()
    assert (
        problem
        == f"registry: zelle: steps {len(zelle.steps) + 1}: zh_Hant: an exclamation mark: '馬上打電話！'"
    )


def test_an_intent_without_training_messages(project: Project) -> None:
    project.trained.remove("stop")
    assert project.problems() == ["domain: intent 'stop' has no training messages"]


def test_training_messages_of_an_unknown_intent(project: Project) -> None:
    project.trained.append("sing")
    assert project.problems() == ["data/nlu: intent 'sing' is not in the domain"]


def test_an_intent_that_no_rule_answers(project: Project) -> None:
    del project.rules["greet"]
    assert project.problems() == ["data/rules: no rule answers intent 'greet'"]


def test_a_rule_that_leads_nowhere(project: Project) -> None:
    project.rules["greet"] = "action_sing"
    assert project.problems() == ["data/rules: intent 'greet' leads to an unknown action 'action_sing'"]


def test_a_safety_need_that_leads_nowhere(project: Project) -> None:
    project.actions.remove(SAFETY_NEEDS["stop"])
    assert "data/rules: intent 'stop' leads to an unknown action 'action_conversation'" in project.problems()


def test_a_response_that_is_never_said(project: Project) -> None:
    project.code = 'turn.say("utter_hello")\n'
    assert project.problems() == ["domain: response 'utter_sure_now' is never said"]


def test_a_response_that_is_said_but_unknown(project: Project) -> None:
    project.code += 'turn.say("utter_song")\n'
    assert project.problems() == ["actions: response 'utter_song' is not in the domain"]
