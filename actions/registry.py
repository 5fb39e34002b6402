"""The dated facts of ``data/registry``: channels, ways of paying, red flags. Validated on load.

Every phone number, address, deadline and step that a person is shown comes from here. An entry that is not
recommended stays in the files for reference and is never handed out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    ValidationError,
    model_validator,
)

from bot.languages import LANGUAGES
from bot.paths import REGISTRY

Confidence = Literal["high", "medium", "low"]
Mandarin = Literal["yes", "interpreter", "no", "unknown"]
Kind = Literal[
    "bank_stop_payment", "consular", "consumer_regulator", "crypto_report", "cybercrime_report", "emergency",
    "emotional_support", "fraud_hotline", "human_trafficking", "immigrant_language_help", "legal_help",
    "police_report", "securities_regulator", "suicide_crisis",
]  # fmt: skip
EntryId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Dialable = Annotated[str, StringConstraints(pattern=r"^[+#]?[0-9]{2,15}$")]
Jurisdiction = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}|INT)$")]
Checked = Annotated[str, StringConstraints(pattern=r"^(20\d\d(-\d\d){0,2}|unknown)$")]

INTERNATIONAL = "INT"


class RegistryError(Exception):
    """An entry of the registry is wrong; the message names the file and the entry."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Localised(_Entry):
    """One text in the three languages of the bot."""

    en: str = Field(min_length=1)
    zh_Hans: str = Field(min_length=1)
    zh_Hant: str = Field(min_length=1)

    def in_(self, language: str) -> str:
        """The text in `language`."""
        if language not in LANGUAGES:
            raise ValueError(f"not a language of this bot: {language}")
        text: str = getattr(self, language)
        return text


class Step(Localised):
    """One step, or words to say, that may hold in some countries only.

    Attributes:
        only_in: countries it holds in; empty for all.
        not_in: countries it does not hold in.
    """

    only_in: list[Jurisdiction] = []
    not_in: list[Jurisdiction] = []

    def holds_in(self, country: str | None) -> bool:
        """Whether it holds for someone in `country`; where that is unknown, only what holds anywhere."""
        return country not in self.not_in and (not self.only_in or country in self.only_in)


class Channel(_Entry):
    """An office, line or site that takes reports or helps.

    Attributes:
        phone: as dialled inside the jurisdiction, or in E.164.
        checked: year, month or day of the newest source seen; not of a live check.
        recommend: whether a person may be shown it.
    """

    id: EntryId
    kind: Kind
    name: Localised
    phone: list[Dialable]
    sms: Localised | None
    url: HttpUrl | None
    hours: Localised
    languages: list[Localised]
    mandarin: Mandarin
    what_for: Localised
    who: Localised
    checked: Checked
    confidence: Confidence
    recommend: bool
    sources: list[str] = Field(min_length=1)
    notes: str | None = None

    @model_validator(mode="after")
    def _doubtful_is_not_recommended(self) -> Self:
        if self.confidence == "low" and self.recommend:
            raise ValueError("an entry of low confidence must not be recommended")
        return self


class Jurisdictional(_Entry):
    """The channels of one jurisdiction: one file. `reviewed` is the day the whole file was last gone through."""

    jurisdiction: Jurisdiction
    reviewed: date
    channels: list[Channel]


class Window(_Entry):
    """How long a payment can still be stopped: `hours` where the sources give a number."""

    hours: float | None = Field(gt=0)
    text: Localised
    sources: list[str] = Field(min_length=1)


class Contact(_Entry):
    """Whom to contact about a payment."""

    name: Localised
    phone: str | None
    url: HttpUrl | None
    note: Localised | None


class Recoverability(_Entry):
    """What may come back, honestly."""

    level: str
    text: Localised


class Situation(_Entry):
    """What to do after paying in one way: steps in order, words to say, what never to do."""

    id: EntryId
    name: Localised
    window: Window
    who_to_contact: list[Contact]
    say: list[Step]
    steps: list[Step] = Field(min_length=1)
    never: list[Localised]
    legal_basis: list[str]
    recoverability: Recoverability
    checked: Checked
    confidence: Confidence
    sources: list[str] = Field(min_length=1)
    notes: str | None = None

    def steps_in(self, country: str | None, language: str) -> list[str]:
        """The steps that hold in `country`, in order."""
        return [step.in_(language) for step in self.steps if step.holds_in(country)]

    def words_in(self, country: str | None, language: str) -> list[str]:
        """What to say, in `country`."""
        return [words.in_(language) for words in self.say if words.holds_in(country)]


class RedFlag(_Entry):
    """One question of a checklist; YES is a warning sign."""

    id: EntryId
    weight: Literal["strong", "weak"]
    question: Localised
    why: Localised


class StreetNames(_Entry):
    """What people call a scam, by language."""

    en: list[str]
    zh_Hans: list[str]
    zh_Hant: list[str]


class ScamType(_Entry):
    """One kind of scam with its checklist."""

    id: EntryId
    name: Localised
    street_names: StreetNames
    stages: list[Localised]
    questions: list[RedFlag] = Field(min_length=1)
    checked: Checked
    confidence: Confidence
    sources: list[str] = Field(min_length=1)


class MethodMap(_Entry):
    """Which situation a way of paying is, by the country of the account it left."""

    default: EntryId
    by_country: dict[Jurisdiction, EntryId] = Field(default_factory=dict)
    across_borders: EntryId | None = None


class Screening(_Entry):
    """Red-flag questions asked when nothing is known yet, the most telling first."""

    questions: list[EntryId] = Field(min_length=1)


class Reporting(_Entry):
    """Who takes what, in order: lists of channel ids."""

    report: dict[Jurisdiction, list[EntryId]]
    elsewhere: list[EntryId]
    money_went_to: dict[Jurisdiction, EntryId]
    held: dict[Jurisdiction, list[EntryId]]
    held_elsewhere: list[EntryId]
    citizens_abroad: dict[Jurisdiction, list[EntryId]]
    crisis_by_language: dict[str, list[EntryId]]

    @model_validator(mode="after")
    def _every_language_has_a_crisis_line(self) -> Self:
        if set(self.crisis_by_language) != set(LANGUAGES):
            raise ValueError(f"crisis_by_language must name {', '.join(LANGUAGES)} and no other")
        return self

    def named(self) -> Iterator[str]:
        """Every channel id named here."""
        for ids in (*self.report.values(), *self.held.values(), *self.crisis_by_language.values()):
            yield from ids
        yield from (*self.elsewhere, *self.money_went_to.values(), *self.held_elsewhere)
        for own in self.citizens_abroad.values():
            yield from own


class Registry:
    """All facts, indexed. Lookups return recommended channels only."""

    def __init__(
        self,
        jurisdictions: Iterable[Jurisdictional],
        situations: Iterable[Situation],
        scam_types: Iterable[ScamType],
        methods: dict[str, MethodMap],
        screening: Screening,
        reporting: Reporting,
    ) -> None:
        places = list(jurisdictions)
        self.channels = {place.jurisdiction: tuple(place.channels) for place in places}
        self.reviewed = {place.jurisdiction: place.reviewed for place in places}
        self.situations = {situation.id: situation for situation in situations}
        self.scam_types = {scam.id: scam for scam in scam_types}
        self.red_flags = {flag.id: flag for scam in self.scam_types.values() for flag in scam.questions}
        self.methods = methods
        self.screening = screening.questions
        self.reporting = reporting
        self._by_id = {channel.id: channel for channels in self.channels.values() for channel in channels}
        self._check_references()

    def shown(self, ids: Iterable[str]) -> tuple[Channel, ...]:
        """The channels called `ids` that may be shown, in that order."""
        return tuple(self._by_id[name] for name in ids if self._by_id[name].recommend)

    def jurisdiction_of(self, channel: Channel) -> str:
        """Where a channel is: ISO 3166 alpha-2, or `INTERNATIONAL`."""
        return next(place for place, channels in self.channels.items() if channel in channels)

    def recommended(self, jurisdiction: str, *kinds: Kind) -> tuple[Channel, ...]:
        """Channels of a jurisdiction that may be shown, of `kinds` in their order, or of all kinds."""
        shown = [channel for channel in self.channels.get(jurisdiction, ()) if channel.recommend]
        if not kinds:
            return tuple(shown)
        return tuple(sorted((c for c in shown if c.kind in kinds), key=lambda c: kinds.index(c.kind)))

    def situation_of(self, method: str, country: str | None, to_country: str | None = None) -> Situation:
        """The situation of a payment by `method` from `country`.

        Raises:
            KeyError: the method is not in ``methods.yml``.
        """
        chosen = self.methods[method]
        crosses = country is not None and to_country is not None and country != to_country
        if crosses and chosen.across_borders:
            return self.situations[chosen.across_borders]
        return self.situations[chosen.by_country.get(country or "", chosen.default)]

    def scam_type_of(self, flag_id: str) -> ScamType:
        """The scam type whose checklist has the question `flag_id`."""
        return next(s for s in self.scam_types.values() if any(flag.id == flag_id for flag in s.questions))

    def _check_references(self) -> None:
        for method, chosen in self.methods.items():
            for target in (chosen.default, chosen.across_borders, *chosen.by_country.values()):
                if target is not None and target not in self.situations:
                    raise RegistryError(f"methods.yml: {method}: no situation '{target}'")
        for channel_id in self.reporting.named():
            if channel_id not in self._by_id:
                raise RegistryError(f"reporting.yml: no channel '{channel_id}'")
        for flag_id in self.screening:
            if flag_id not in self.red_flags:
                raise RegistryError(f"screening.yml: no red flag '{flag_id}'")


def load_registry(directory: Path = REGISTRY) -> Registry:
    """Read and validate every file below `directory`.

    Raises:
        RegistryError: with the file and the entry at fault.
    """
    jurisdictions = list(_validated(Jurisdictional, directory / "channels"))
    situations = list(_validated(Situation, directory / "payments"))
    scam_types = list(_validated(ScamType, directory / "red_flags"))
    _refuse_duplicates("channels", [place.jurisdiction for place in jurisdictions])
    _refuse_duplicates("channels", [channel.id for place in jurisdictions for channel in place.channels])
    _refuse_duplicates("payments", [situation.id for situation in situations])
    _refuse_duplicates("red_flags", [scam.id for scam in scam_types])
    _refuse_duplicates("red_flags", [flag.id for scam in scam_types for flag in scam.questions])
    return Registry(
        jurisdictions,
        situations,
        scam_types,
        _methods(directory / "methods.yml"),
        _valid(Screening, _read(directory / "screening.yml"), "screening.yml"),
        _valid(Reporting, _read(directory / "reporting.yml"), "reporting.yml"),
    )


@cache
def registry() -> Registry:
    """The registry of this process, read once."""
    return load_registry()


def _methods(path: Path) -> dict[str, MethodMap]:
    content = _read(path)
    if not isinstance(content, dict):
        raise RegistryError(f"{path.name}: must name ways of paying")
    return {name: _valid(MethodMap, way, f"{path.name}: {name}") for name, way in content.items()}


def _validated[T: BaseModel](model: type[T], directory: Path) -> Iterator[T]:
    for path in sorted(directory.glob("*.yml")):
        yield _valid(model, _read(path), f"{directory.name}/{path.name}")


def _valid[T: BaseModel](model: type[T], content: Any, where: str) -> T:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        fault = error.errors()[0]
        raise RegistryError(f"{where}: {_entry_name(content, fault['loc'])}: {fault['msg']}") from None


def _entry_name(content: Any, location: tuple[int | str, ...]) -> str:
    """The path to the fault, with list positions replaced by the entries' ids where they have one."""
    names: list[str] = []
    for part in location:
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            content = None
        named = isinstance(part, int) and isinstance(content, dict) and "id" in content
        names.append(content["id"] if named and isinstance(content, dict) else str(part))
    return ".".join(names)


def _read(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        reason = re.sub(r"\s+", " ", str(error))
        raise RegistryError(f"{path.name}: cannot be read: {reason}") from None


def _refuse_duplicates(where: str, names: Sequence[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise RegistryError(f"{where}: {times} entries are called '{name}'")
