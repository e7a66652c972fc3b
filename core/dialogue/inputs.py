"""All that a decision looked at, as plain JSON, so that it can be made again and compared."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.calendar import Frequency
from core.dialogue.memory import Memory
from core.dialogue.situation import (
    CaseDetails,
    CreditorFacts,
    DebtorFacts,
    Inbound,
    PlanFacts,
    PlanInstalment,
    Situation,
)
from core.dialogue.understanding import Understanding
from core.errors import InvalidInput
from core.money import Money
from core.negotiation.types import CaseFacts, Finances, Payday, Promise
from core.plans import Balance
from core.policy.limits import Grant, Limits
from core.policy.selectors import RuleFacts

_KINDS = {
    kind.__name__: kind
    for kind in (
        Balance,
        CaseDetails,
        CaseFacts,
        CreditorFacts,
        DebtorFacts,
        Finances,
        Grant,
        Inbound,
        Limits,
        Payday,
        PlanFacts,
        PlanInstalment,
        Promise,
        RuleFacts,
        Situation,
    )
}
_KIND = "_"


def inputs_to_json(situation: Situation, reading: Understanding) -> dict[str, Any]:
    """The situation and the reading of one message; `inputs_from_json` brings both back, `now` by its offset."""
    return {
        "situation": _plain(situation),
        "reading": {"body": reading.to_json(), "engine": reading.engine, "version": reading.version},
    }


def inputs_from_json(data: Mapping[str, Any]) -> tuple[Situation, Understanding]:
    """Reads `inputs_to_json`'s form; InvalidInput for what is no situation."""
    situation, reading = _value(data["situation"]), data["reading"]
    if not isinstance(situation, Situation):
        raise InvalidInput("This is no situation.", kind=type(situation).__name__)
    return situation, Understanding.from_json(reading["body"], engine=reading["engine"], version=reading["version"])


def _plain(value: Any) -> Any:
    match value:
        case Frequency():
            return {_KIND: "Frequency", "value": value.value}
        case None | bool() | int() | str():
            return value
        case Decimal():
            return {_KIND: "Decimal", "value": str(value)}
        case Money():
            return {_KIND: "Money", "minor": value.minor, "currency": value.currency}
        case datetime() | date():
            return {_KIND: type(value).__name__, "value": value.isoformat()}
        case Memory():
            return {_KIND: "Memory", "value": value.to_json()}
        case frozenset():
            return {_KIND: "set", "value": sorted(value)}
        case tuple():
            return [_plain(each) for each in value]
        case Mapping():
            return {_KIND: "map", "value": {name: _plain(each) for name, each in value.items()}}
    if not is_dataclass(value) or type(value).__name__ not in _KINDS:
        raise InvalidInput("This cannot be stored.", kind=type(value).__name__)
    return {_KIND: type(value).__name__} | {
        field.name: _plain(getattr(value, field.name)) for field in fields(value) if field.init
    }


def _value(data: Any) -> Any:
    if isinstance(data, list):
        return tuple(_value(each) for each in data)
    if not isinstance(data, Mapping):
        return data
    kind = data[_KIND]
    if kind in _KINDS:
        return _KINDS[kind](**{name: _value(each) for name, each in data.items() if name != _KIND})
    match kind:
        case "Money":
            return Money(int(data["minor"]), str(data["currency"]))
        case "Memory":
            return Memory.from_json(data["value"])
        case "Frequency":
            return Frequency(data["value"])
        case "Decimal":
            return Decimal(data["value"])
        case "datetime":
            return datetime.fromisoformat(data["value"])
        case "date":
            return date.fromisoformat(data["value"])
        case "set":
            return frozenset(data["value"])
        case "map":
            return {name: _value(each) for name, each in data["value"].items()}
    raise InvalidInput("There is no such value.", kind=str(kind))
