"""Limits and versions as plain JSON, and what changed between two versions. Shares and sums are decimal strings."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from core.calendar import Frequency
from core.errors import InvalidInput
from core.policy.limits import Limits, Market, PolicyVersion, Rule

SHARE_FIELDS = (
    "min_settlement_share",
    "min_settlement_share_instalments",
    "min_first_payment_share",
    "max_fee_waiver_share",
    "max_interest_waiver_share",
    "promise_min_share",
    "plan_interest",
)
SUM_FIELDS = ("min_instalment",)
COUNT_FIELDS = (
    "max_instalments",
    "max_term_days",
    "max_days_to_first_payment",
    "max_extension_days",
    "promise_max_days",
)
LIST_FIELDS = ("frequencies",)
FIELDS = tuple(field.name for field in fields(Limits))
MARKETS: tuple[Market, ...] = ("cn", "us", "uk")


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one rule that differs; `old` or `new` is None where the rule is new, or gone."""

    rule: str
    field: str
    old: str | None
    new: str | None


def limits_to_json(limits: Limits) -> dict[str, Any]:
    """Every field, in the order of `Limits`."""
    return {name: _to_json(getattr(limits, name)) for name in FIELDS}


def limits_from_json(data: Mapping[str, Any]) -> Limits:
    """Reads `limits_to_json`'s form; InvalidInput names the field that is missing, unknown or no value.

    `plan_interest` alone may be left out, and is then 0.
    """
    missing = [name for name in FIELDS if name not in data and name != "plan_interest"]
    if missing:
        raise InvalidInput("Give every limit.", missing=missing)
    return Limits(**_read(data))


def merge(limits: Limits, partial: Mapping[str, Any]) -> Limits:
    """The limits with the fields of `partial` put in; InvalidInput for a field that is unknown or no value."""
    return replace(limits, **_read(partial))


def version_to_json(version: PolicyVersion) -> dict[str, Any]:
    """The whole version; `version_from_json` reads it back exactly."""
    return {
        "number": version.number,
        "rules": [
            {"market": rule.market, "product": rule.product, "limits": limits_to_json(rule.limits)}
            for rule in version.rules
        ],
    }


def version_from_json(data: Mapping[str, Any]) -> PolicyVersion:
    """Reads `version_to_json`'s form; InvalidInput for an unknown market or two rules for the same case."""
    rules = tuple(_rule(rule) for rule in data["rules"])
    names = [rule.id for rule in rules]
    if len(set(names)) != len(names):
        raise InvalidInput("One rule for each market and product.", rules=names)
    return PolicyVersion(number=int(data["number"]), rules=rules)


def diff(old: PolicyVersion, new: PolicyVersion) -> tuple[Change, ...]:
    """What differs, rule by rule in `new`'s order, then the rules that are gone."""
    before = {rule.id: limits_to_json(rule.limits) for rule in old.rules}
    after = {rule.id: limits_to_json(rule.limits) for rule in new.rules}
    changes = []
    for name in [*after, *(name for name in before if name not in after)]:
        was, becomes = before.get(name, {}), after.get(name, {})
        changes += [
            Change(name, field, _plain(was.get(field)), _plain(becomes.get(field)))
            for field in FIELDS
            if was.get(field) != becomes.get(field)
        ]
    return tuple(changes)


def _rule(data: Mapping[str, Any]) -> Rule:
    if data["market"] not in MARKETS:
        raise InvalidInput("Give a market that is known.", market=data["market"], known=list(MARKETS))
    return Rule(cast(Market, data["market"]), data.get("product"), limits_from_json(data["limits"]))


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    return ", ".join(value) if isinstance(value, list) else str(value)


def _to_json(value: object) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, tuple):
        return [frequency.value for frequency in value]
    return value


def _read(data: Mapping[str, Any]) -> dict[str, Any]:
    unknown = [name for name in data if name not in FIELDS]
    if unknown:
        raise InvalidInput("There is no such limit.", unknown=unknown, known=list(FIELDS))
    return {name: _value(name, value) for name, value in data.items()}


def _value(name: str, value: Any) -> Any:
    if name in LIST_FIELDS:
        return _frequencies(name, value)
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise InvalidInput("A limit is a plain number.", field=name, value=str(value)) from None
    if isinstance(value, bool) or not number.is_finite():
        raise InvalidInput("A limit is a plain number.", field=name, value=str(value))
    if name not in COUNT_FIELDS:
        return number
    if number != number.to_integral_value():
        raise InvalidInput("This limit is a whole number.", field=name, value=str(value))
    return int(number)


def _frequencies(name: str, value: Any) -> tuple[Frequency, ...]:
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        raise InvalidInput("Give a list of frequencies.", field=name, value=str(value))
    known = {frequency.value for frequency in Frequency}
    wrong = [str(item) for item in value if item not in known]
    if wrong:
        raise InvalidInput("There is no such frequency.", field=name, unknown=wrong, known=sorted(known))
    return tuple(Frequency(item) for item in value)
