"""Live cases and comparisons as JSON, to be handed to the process that simulates them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.lab.portfolio import Comparison, LiveCase
from core.money import Money
from core.plans import Balance
from core.plans.balance import Component
from core.policy import facts_from_json, facts_to_json, version_from_json, version_to_json


def case_to_json(case: LiveCase) -> dict[str, Any]:
    """Every field; what is owed in minor units by component."""
    return {
        "key": case.key,
        "facts": facts_to_json(case.facts),
        "currency": case.balance.currency,
        "owed": {part.value: owed.minor for part, owed in case.balance.by_component().items() if owed},
        "today": case.today.isoformat(),
        "broken_promises": case.broken_promises,
        "language": case.language,
        "age": case.age,
    }


def case_from_json(data: Mapping[str, Any]) -> LiveCase:
    """Reads `case_to_json`'s form back exactly."""
    currency = data["currency"]
    parts = {Component(part): Money(minor, currency) for part, minor in data["owed"].items()}
    return LiveCase(
        key=data["key"],
        facts=facts_from_json(data["facts"]),
        balance=Balance.of(parts, currency),
        today=date.fromisoformat(data["today"]),
        broken_promises=data["broken_promises"],
        language=data["language"],
        age=data["age"],
    )


def comparison_to_json(comparison: Comparison) -> dict[str, Any]:
    """Everything but the parameters of people, which are those that Parley ships with."""
    return {
        "before": version_to_json(comparison.before),
        "after": version_to_json(comparison.after),
        "seed": comparison.seed,
        "draws": comparison.draws,
        "rate": comparison.rate,
    }


def comparison_from_json(data: Mapping[str, Any]) -> Comparison:
    """Reads `comparison_to_json`'s form back."""
    return Comparison(
        before=version_from_json(data["before"]),
        after=version_from_json(data["after"]),
        seed=data["seed"],
        draws=data["draws"],
        rate=data["rate"],
    )
