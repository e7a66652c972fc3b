"""Contact rules of a house: never wider than what the market's rules allow, often narrower."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any

from core.compliance.parameters import IN_FORCE, MarketRules, RuleSet, Window

WINDOWS = ("window", "sunday")
CAPS = ("cap_day", "cap_week")
CONTACT_FIELDS = (*WINDOWS, *CAPS)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class ContactProblem:
    """What keeps contact rules from holding: the market, the name of the field, `code` and its data."""

    market: str
    name: str
    code: str
    data: Mapping[str, str] = field(default_factory=dict)


def contact_changes(rule_set: RuleSet = IN_FORCE) -> dict[str, str]:
    """The rules as they are written down: `us.window` as `08:00-21:00`, `us.cap_day` as `1`."""
    return {
        f"{market}.{name}": _written(getattr(rules, name))
        for market, rules in rule_set.markets.items()
        for name in CONTACT_FIELDS
    }


def with_contact(changes: Mapping[str, Any], name: str = "", rule_set: RuleSet = IN_FORCE) -> RuleSet:
    """The rule set with these fields narrowed. One that cannot be read, or is wider than the shipped, is left out."""
    markets = dict(rule_set.markets)
    for key, value in changes.items():
        market, _, field_name = key.partition(".")
        if market in markets and field_name in CONTACT_FIELDS and not list(_problems(key, str(value), rule_set)):
            markets[market] = _narrowed(markets[market], field_name, _read(field_name, str(value)))
    return replace(rule_set, name=f"{rule_set.name}+{name}" if name else rule_set.name, markets=markets)


def contact_problems(changes: Mapping[str, Any], rule_set: RuleSet = IN_FORCE) -> tuple[ContactProblem, ...]:
    """Everything that keeps these fields from holding; hours must lie inside the market's, caps at or below its."""
    return tuple(problem for key, value in changes.items() for problem in _problems(key, str(value), rule_set))


def _narrowed(rules: MarketRules, name: str, value: Window | int | None) -> MarketRules:
    if isinstance(value, Window):
        return replace(rules, window=value) if name == "window" else replace(rules, sunday=value)
    if isinstance(value, int):
        return replace(rules, cap_day=value) if name == "cap_day" else replace(rules, cap_week=value)
    return rules


def _problems(key: str, value: str, rule_set: RuleSet) -> Iterator[ContactProblem]:
    market, _, name = key.partition(".")
    rules = rule_set.markets.get(market)
    if rules is None or name not in CONTACT_FIELDS:
        yield ContactProblem(market, name, "contact.unknown")
        return
    read = _read(name, value)
    if read is None:
        yield ContactProblem(market, name, "contact.hours_unreadable" if name in WINDOWS else "contact.cap_unreadable")
    elif isinstance(read, Window):
        yield from _window(market, name, read, rules)
    elif read > getattr(rules, name):
        yield ContactProblem(market, name, "contact.cap_above", {"most": str(getattr(rules, name))})


def _window(market: str, name: str, read: Window, rules: MarketRules) -> Iterator[ContactProblem]:
    allowed: Window = getattr(rules, name)
    if read.opens >= read.closes:
        yield ContactProblem(market, name, "contact.hours_backwards")
    elif read.opens < allowed.opens or read.closes > allowed.closes:
        yield ContactProblem(market, name, "contact.hours_outside", {"allowed": _written(allowed)})


def _read(name: str, value: str) -> Window | int | None:
    if name in CAPS:
        return int(value) if value.strip().isdecimal() and len(value.strip()) <= 3 else None
    parts = [_CLOCK.fullmatch(part.strip()) for part in value.split("-")]
    clocks = [time(int(part[1]), int(part[2])) for part in parts if part is not None]
    return Window(clocks[0], clocks[1]) if len(parts) == len(clocks) == 2 else None


def _written(value: Window | int) -> str:
    return f"{value.opens:%H:%M}-{value.closes:%H:%M}" if isinstance(value, Window) else str(value)
