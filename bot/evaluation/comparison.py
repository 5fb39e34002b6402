"""Two evaluations side by side: what changed, and whether the intervals still overlap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.evaluation.figures import ALL

MOST_CHANGED_NEEDS = 10
_NAME = 44

Written = Mapping[str, Any]
"""What `bot.evaluation.report.Report.as_dict` wrote, of this version or an earlier one."""


def compare(before: Written, after: Written) -> str:
    """A line for each figure of either evaluation, and the needs whose F1 changed most.

    Intervals that don't overlap show a change; such that do may hide a small one.
    """
    lines = [f"change since {before.get('model', 'an earlier model')}", *_other_messages(before, after)]
    lines += _shares(_all_shares(before), _all_shares(after))
    lines += _numbers(before.get("numbers", {}), after.get("numbers", {}))
    lines += _needs(_f1(before), _f1(after))
    return "\n".join(lines)


def _other_messages(before: Written, after: Written) -> Iterator[str]:
    """A warning when the figures are of different messages."""
    old, new = before.get("sets", {}), after.get("sets", {})
    changed = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    if changed:
        yield f"measured on other messages than before: {', '.join(changed)}"


def _all_shares(written: Written) -> dict[str, Any]:
    """The shares by name, those of entities with the others."""
    entities = written.get("entities", {})
    found = {
        f"entities, {name}, {measure}": counts[measure]
        for group in ("kinds", "scripts")
        for name, counts in entities.get(group, {}).items()
        for measure in ("precision", "recall")
    }
    return {**written.get("figures", {}), **found}


def _shares(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield _one_sided(name, old and f"{old['value']:.1%}", new and f"{new['value']:.1%}")
        else:
            change = f"{(new['value'] - old['value']) * 100:+5.1f}"
            overlap = "overlap" if _overlap(old["interval"], new["interval"]) else "APART"
            yield f"{name:<{_NAME}} {old['value']:6.1%} -> {new['value']:6.1%}  {change}  {overlap}"


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _numbers(before: Mapping[str, float], after: Mapping[str, float]) -> Iterator[str]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield _one_sided(name, _number(old), _number(new))
        else:
            yield f"{name:<{_NAME}} {old:6.3f} -> {new:6.3f}  {new - old:+.3f}"


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:.3f}"


def _one_sided(name: str, old: str | None, new: str | None) -> str:
    return f"{name:<{_NAME}} {old or 'none':>6} -> {new or 'none':>6}"


def _f1(written: Written) -> dict[str, float]:
    return {name: need["f1"] for name, need in written.get("needs", {}).get(ALL, {}).items()}


def _needs(before: Mapping[str, float], after: Mapping[str, float]) -> Iterator[str]:
    changes = {name: after[name] - before[name] for name in after.keys() & before.keys()}
    most = sorted((name for name in changes if changes[name]), key=lambda name: (-abs(changes[name]), name))
    if most:
        yield "needs whose F1 changed most"
    for name in most[:MOST_CHANGED_NEEDS]:
        yield f"{name:<{_NAME}} {before[name]:6.3f} -> {after[name]:6.3f}  {changes[name]:+.3f}"
