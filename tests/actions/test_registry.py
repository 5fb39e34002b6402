"""The registry: the real facts load whole, and a broken file is refused by name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, get_args

import phonenumbers
import pytest
import yaml

from actions.case.absorb import CODE_SIGNS, REMOTE_SIGNS, SCAM_TYPES
from actions.registry import Channel, Kind, Localised, Registry, RegistryError, load_registry, registry
from bot.languages import LANGUAGES
from bot.paths import REGISTRY

Change = Callable[[Any], Any]
SITUATIONS_NAMED_IN_CODE = ("identity_documents_shared", "bank_card_or_account_lent")
CHANNELS_NAMED_IN_CODE = ("int-gaso", "int-shamrock", "mm-12308")


@pytest.fixture(scope="module")
def facts() -> Registry:
    """The real registry."""
    return load_registry()


def every_channel(facts: Registry) -> list[tuple[str, Channel]]:
    """All channels with their jurisdiction, shown or not."""
    return [(place, channel) for place, channels in facts.channels.items() for channel in channels]


def test_the_whole_reference_is_in_the_registry(facts: Registry) -> None:
    assert len(every_channel(facts)) == 104
    assert len(facts.situations) == 30
    assert "bank_transfer_elsewhere" in facts.situations
    assert len(facts.scam_types) == 14
    assert all(len(scam.questions) >= 5 for scam in facts.scam_types.values())


def test_it_is_read_once_a_process() -> None:
    assert registry() is registry()


def test_what_is_not_recommended_is_never_handed_out(facts: Registry) -> None:
    hidden = {channel.id for _, channel in every_channel(facts) if not channel.recommend}
    assert hidden
    for place in facts.channels:
        assert not hidden & {channel.id for channel in facts.recommended(place)}
        for kind in get_args(Kind):
            assert not hidden & {channel.id for channel in facts.recommended(place, kind)}
    everything = [channel.id for _, channel in every_channel(facts)]
    assert {channel.id for channel in facts.shown(everything)} == set(everything) - hidden


def test_what_reporting_names_is_shown(facts: Registry) -> None:
    """A name in reporting.yml that may not be shown would leave a gap nobody sees."""
    named = list(facts.reporting.named())
    assert [channel.id for channel in facts.shown(named)] == named


def test_shown_keeps_the_order_asked_for(facts: Registry) -> None:
    ids = facts.reporting.report["US"]
    assert [channel.id for channel in facts.shown(reversed(ids))] == ids[::-1]


def test_recommended_keeps_the_order_of_kinds(facts: Registry) -> None:
    kinds: tuple[Kind, ...] = ("suicide_crisis", "emergency")
    found = [channel.kind for channel in facts.recommended("US", *kinds)]
    assert set(found) == set(kinds)
    assert found == sorted(found, key=kinds.index)
    assert [c.kind for c in facts.recommended("US", *kinds[::-1])] == found[::-1]


def test_nothing_is_recommended_where_nothing_is_known(facts: Registry) -> None:
    assert facts.recommended("ZZ") == ()


def test_a_channel_knows_its_jurisdiction(facts: Registry) -> None:
    for place, channel in every_channel(facts):
        assert facts.jurisdiction_of(channel) == place


def test_every_number_can_be_dialled(facts: Registry) -> None:
    for _, channel in every_channel(facts):
        for phone in channel.phone:
            if phone.startswith("+"):
                assert phonenumbers.is_possible_number(phonenumbers.parse(phone)), channel.id
            else:
                assert phone.lstrip("#").isdigit(), channel.id


def test_all_channels_but_four_have_a_number_or_an_address(facts: Registry) -> None:
    """Two apps without a verified link, the police round the corner, and one reached through others."""
    shown = [channel for _, channel in every_channel(facts) if channel.recommend]
    unreachable = {channel.id for channel in shown if not (channel.phone or channel.sms or channel.url)}
    assert unreachable == {"cn-fanzha-app", "hk-scameter", "us-local-police", "int-ijm"}


def test_every_situation_can_be_told(facts: Registry) -> None:
    for situation in facts.situations.values():
        assert situation.say, situation.id
        assert len(situation.steps) >= 2, situation.id


def test_every_flag_belongs_to_one_pattern(facts: Registry) -> None:
    for flag in facts.red_flags:
        assert flag in {question.id for question in facts.scam_type_of(flag).questions}
    for scam in facts.scam_types.values():
        assert any(flag.weight == "strong" for flag in scam.questions), scam.id


def test_what_the_code_names_is_there(facts: Registry) -> None:
    assert set(SITUATIONS_NAMED_IN_CODE) <= facts.situations.keys()
    assert len(facts.shown(CHANNELS_NAMED_IN_CODE)) == len(CHANNELS_NAMED_IN_CODE)
    assert set(SCAM_TYPES.values()) <= facts.scam_types.keys()
    assert facts.red_flags.keys() >= REMOTE_SIGNS | CODE_SIGNS


@pytest.mark.parametrize(
    ("method", "country", "to_country", "situation"),
    [
        ("bank_wire", "US", None, "bank_wire_us"),
        ("bank_wire", "US", "US", "bank_wire_us"),
        ("bank_wire", "US", "HK", "bank_wire_international"),
        ("bank_wire", None, "HK", "bank_transfer_elsewhere"),
        ("bank_transfer", "CN", None, "china_bank_transfer"),
        ("bank_transfer", "FR", None, "bank_transfer_elsewhere"),
        ("zelle", "US", "HK", "zelle"),
    ],
)
def test_a_way_of_paying_leads_to_its_situation(
    facts: Registry, method: str, country: str | None, to_country: str | None, situation: str
) -> None:
    assert facts.situation_of(method, country, to_country).id == situation


def test_an_unknown_way_of_paying_is_an_error(facts: Registry) -> None:
    with pytest.raises(KeyError):
        facts.situation_of("barter", "US")


def test_a_text_is_there_in_three_languages_and_no_other() -> None:
    text = Localised(en="a", zh_Hans="b", zh_Hant="c")
    assert [text.in_(language) for language in LANGUAGES] == ["a", "b", "c"]
    with pytest.raises(ValueError, match="fr"):
        text.in_("fr")


def with_entry(**changes: Any) -> Change:
    """Change the first channel of a file."""

    def change(content: Any) -> Any:
        content["channels"][0].update(changes)
        return content

    return change


def without(key: str) -> Change:
    """Leave out a key of a file."""
    return lambda content: {name: value for name, value in content.items() if name != key}


def setting(key: str, value: Any) -> Change:
    """Set a key of a file."""
    return lambda content: {**content, key: value}


def twice(key: str) -> Change:
    """Repeat the first entry of a list of a file."""
    return lambda content: {**content, key: [*content[key], content[key][0]]}


BROKEN: list[tuple[str, Change, tuple[str, ...]]] = [
    ("channels/mo.yml", with_entry(phone=["call us"]), ("channels/mo.yml", "mo-pj-antifraud", "phone")),
    ("channels/mo.yml", with_entry(kind="pizza"), ("channels/mo.yml", "mo-pj-antifraud", "kind")),
    ("channels/mo.yml", with_entry(url="ask google"), ("channels/mo.yml", "mo-pj-antifraud", "url")),
    (
        "channels/mo.yml",
        with_entry(confidence="low"),
        ("channels/mo.yml", "mo-pj-antifraud", "low confidence"),
    ),
    ("channels/mo.yml", with_entry(checked="last week"), ("channels/mo.yml", "mo-pj-antifraud", "checked")),
    ("channels/mo.yml", with_entry(hours={"en": "24/7"}), ("channels/mo.yml", "mo-pj-antifraud", "hours")),
    ("channels/mo.yml", with_entry(sources=[]), ("channels/mo.yml", "mo-pj-antifraud", "sources")),
    ("channels/mo.yml", with_entry(rating=5), ("channels/mo.yml", "mo-pj-antifraud", "rating")),
    ("channels/mo.yml", without("reviewed"), ("channels/mo.yml", "reviewed")),
    ("channels/mo.yml", setting("jurisdiction", "Macau"), ("channels/mo.yml", "jurisdiction")),
    ("channels/mo.yml", setting("jurisdiction", "HK"), ("channels", "'HK'")),
    ("channels/mo.yml", twice("channels"), ("channels", "'mo-pj-antifraud'")),
    ("channels/mo.yml", lambda _: "just text", ("channels/mo.yml",)),
    ("payments/zelle.yml", setting("steps", []), ("payments/zelle.yml", "steps")),
    ("payments/zelle.yml", without("recoverability"), ("payments/zelle.yml", "recoverability")),
    ("payments/zelle.yml", setting("id", "venmo"), ("payments", "'venmo'")),
    ("payments/zelle.yml", setting("id", "zelle2"), ("methods.yml", "zelle")),
    ("red_flags/romance.yml", setting("questions", []), ("red_flags/romance.yml", "questions")),
    ("red_flags/romance.yml", setting("id", "pig_butchering"), ("red_flags", "'pig_butchering'")),
    ("red_flags/romance.yml", twice("questions"), ("red_flags", "'romance_1'")),
    ("methods.yml", setting("zelle", {"default": "barter"}), ("methods.yml", "zelle", "barter")),
    ("methods.yml", setting("zelle", {"otherwise": "zelle"}), ("methods.yml", "zelle", "default")),
    (
        "methods.yml",
        setting("zelle", {"default": "zelle", "across_borders": "x"}),
        ("methods.yml", "zelle", "'x'"),
    ),
    ("methods.yml", lambda _: None, ("methods.yml",)),
    ("screening.yml", setting("questions", ["are_you_sure"]), ("screening.yml", "are_you_sure")),
    ("screening.yml", setting("questions", []), ("screening.yml", "questions")),
    ("reporting.yml", setting("elsewhere", ["nobody"]), ("reporting.yml", "nobody")),
    ("reporting.yml", setting("report", {"USA": ["us-ic3"]}), ("reporting.yml", "report")),
    ("reporting.yml", setting("held", {"KH": ["nobody"]}), ("reporting.yml", "nobody")),
    ("reporting.yml", setting("money_went_to", {"KH": "nobody"}), ("reporting.yml", "nobody")),
    (
        "reporting.yml",
        setting("crisis_by_language", {"en": ["us-988"]}),
        ("reporting.yml", "crisis_by_language"),
    ),
]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the registry; each test puts back what it broke."""
    directory = tmp_path_factory.mktemp("registry") / "registry"
    shutil.copytree(REGISTRY, directory)
    return directory


@pytest.mark.parametrize(
    ("file", "change", "named"), BROKEN, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_broken_file_is_refused_by_name(
    copied: Path, monkeypatch: pytest.MonkeyPatch, file: str, change: Change, named: tuple[str, ...]
) -> None:
    path = copied / file
    good = path.read_text(encoding="utf-8")
    path.write_text(yaml.safe_dump(change(yaml.safe_load(good)), allow_unicode=True), encoding="utf-8")
    monkeypatch.setattr(yaml, "safe_load", _quickly)
    try:
        with pytest.raises(RegistryError) as error:
            load_registry(copied)
    finally:
        path.write_text(good, encoding="utf-8")
    for name in named:
        assert name in str(error.value)


@cache
def _quickly(text: str) -> Any:
    return yaml.load(text, Loader=yaml.CSafeLoader)


@pytest.mark.parametrize("file", ["screening.yml", "reporting.yml", "methods.yml", "channels/mo.yml"])
def test_a_file_that_is_no_yaml_is_refused_by_name(
    copied: Path, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copied / file
    good = path.read_text(encoding="utf-8")
    path.write_text("questions: [\n  - : {", encoding="utf-8")
    monkeypatch.setattr(yaml, "safe_load", _quickly)
    try:
        with pytest.raises(RegistryError, match=path.name):
            load_registry(copied)
    finally:
        path.write_text(good, encoding="utf-8")


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"methods\.yml"):
        load_registry(tmp_path)


def test_a_step_for_one_country_is_told_there_only() -> None:
    """A Canadian is not sent to an American office, nor is someone whose country is not known."""
    situation = load_registry().situations["crypto_exchange_withdrawal"]
    assert any("IC3" in step for step in situation.steps_in("US", "en"))
    for country in ("CA", "CN", None):
        steps = situation.steps_in(country, "en")
        assert not any("IC3" in step for step in steps)
        assert any("Report to the police" in step for step in steps)


@pytest.mark.parametrize("country", ["US", "CN", "GB", None])
def test_every_situation_has_a_first_step_and_words_everywhere(country: str | None) -> None:
    for situation in load_registry().situations.values():
        assert situation.steps_in(country, "zh_Hant"), situation.id
        assert situation.words_in(country, "en"), situation.id
