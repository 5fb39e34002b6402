"""What the planner asks of the registry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from actions.case.ends import End, ends
from actions.case.model import Case, Payment
from actions.registry import Channel, Registry, Situation

MOST_SIGNS = 3
# Until somebody held has said whose citizen they are.
_LIKELY_CITIZENSHIP = {"zh_Hans": "CN"}
_CURRENCY_HOME = {
    "USD": "US",
    "CNY": "CN",
    "HKD": "HK",
    "TWD": "TW",
    "SGD": "SG",
    "MYR": "MY",
    "GBP": "GB",
    "AUD": "AU",
}


class RegistryGuide:
    """`actions.case.planner.Guide` over a registry."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def situation(self, case: Case, payment: Payment) -> str | None:
        """The situation of a payment, taking the currency's home for its country until that is known."""
        if payment.method is None or payment.method not in self.registry.methods:
            return None
        country = payment.from_country or case.country or _CURRENCY_HOME.get(payment.currency or "")
        return self.registry.situation_of(payment.method, country, payment.to_country).id

    def situation_of(self, case: Case, payment: Payment) -> Situation | None:
        """The situation itself."""
        name = self.situation(case, payment)
        return self.registry.situations[name] if name else None

    def window_hours(self, situation: str | None) -> float | None:
        """The window of a situation in hours."""
        return self.registry.situations[situation].window.hours if situation else None

    def checklist(self, case: Case) -> Sequence[str]:
        """The strong questions of the known scam type, or the general screening."""
        if case.scam_type is None:
            return self.registry.screening
        return [
            flag.id for flag in self.registry.scam_types[case.scam_type].questions if flag.weight == "strong"
        ]

    def is_strong(self, flag: str) -> bool:
        """Whether the red flag alone is reason enough to stop paying."""
        return self.registry.red_flags[flag].weight == "strong"

    def likely_type(self, case: Case) -> str | None:
        """The scam type that most of the strong signs point to; None when there is no strong sign, or a tie.

        Some signs belong to several types ("a safe account"): alone they name none of them.
        """
        strong = Counter(self.registry.scam_type_of(flag).id for flag in case.signs if self.is_strong(flag))
        first, second = (*strong.most_common(2), (None, 0), (None, 0))[:2]
        return first[0] if first[1] > second[1] else None

    def telling_signs(self, case: Case) -> list[tuple[str, str | None]]:
        """The most telling signs, each with the person's words: of the likely pattern and strong ones first."""

        def rank(item: tuple[str, str | None]) -> tuple[bool, bool, bool]:
            flag, quote = item
            return (
                self.registry.scam_type_of(flag).id != case.scam_type,
                not self.is_strong(flag),
                quote is None,
            )

        distinct: dict[str, tuple[str, str | None]] = {}
        for flag, quote in sorted(case.signs.items(), key=rank):
            distinct.setdefault(quote or flag, (flag, quote))
        return list(distinct.values())[:MOST_SIGNS]

    def reporting_ends(self, case: Case) -> list[tuple[End, tuple[Channel, ...]]]:
        """Where to report at each end of a case, in order; an end whose office is named already is left out."""
        found: list[tuple[End, tuple[Channel, ...]]] = []
        named: set[str] = set()
        for end in ends(case):
            channels = tuple(c for c in self._channels_at(end, case) if c.id not in named)
            if channels:
                found.append((end, channels))
                named |= {channel.id for channel in channels}
        return found

    def reporting_channels(self, case: Case) -> tuple[Channel, ...]:
        """Where to report, at all ends."""
        return tuple(channel for _, channels in self.reporting_ends(case) for channel in channels)

    def consular_channels(self, case: Case) -> tuple[Channel, ...]:
        """The consular line of somebody's own country, for those who are outside it."""
        return self.registry.shown(self.registry.reporting.citizens_abroad.get(case.citizenship or "", ()))

    def _channels_at(self, end: End, case: Case) -> tuple[Channel, ...]:
        reporting = self.registry.reporting
        if end.why == "home":
            return self.registry.shown(reporting.report.get(end.country or "", reporting.elsewhere))
        if end.why == "citizenship":
            return self.consular_channels(case)
        far = reporting.money_went_to.get(end.country or "")
        return self.registry.shown([far] if far else [])

    def crisis_channels(self, case: Case) -> tuple[Channel, ...]:
        """Lines for someone who may not want to live: at most three, the person's country first."""
        at_home = self.registry.recommended(case.country or "", "suicide_crisis", "emotional_support")
        if at_home:
            return at_home[:3]
        return self.registry.shown(self.registry.reporting.crisis_by_language[case.language])

    def emergency_channels(self, case: Case, country: str | None) -> tuple[Channel, ...]:
        """Emergency number of a country; in some the general police number stands for it."""
        home = country or case.country or ""
        return self.registry.recommended(home, "emergency", "police_report")[:1]

    def held_channels(self, case: Case) -> tuple[Channel, ...]:
        """Who helps people held in compounds, where they are held."""
        reporting = self.registry.reporting
        ids = list(reporting.held.get(case.place or "", reporting.held_elsewhere))
        own = reporting.citizens_abroad.get(
            case.citizenship or _LIKELY_CITIZENSHIP.get(case.language, ""), ()
        )
        there = self.registry.shown(ids)
        numbers = {number for channel in there for number in channel.phone}
        return (*(line for line in self.registry.shown(own) if numbers.isdisjoint(line.phone)), *there)
