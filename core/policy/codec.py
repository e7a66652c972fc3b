"""Limits and versions as plain JSON, and what changed between two versions. Shares and sums are decimal strings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, cast, get_args

from core.calendar import Frequency
from core.errors import InvalidInput
from core.policy.limits import FIELDS, STRICTEST, Limits, Market, Pace, PolicyVersion, Rule
from core.policy.selectors import ASKERS, BUCKETS, SEGMENTS, Band, RuleFacts, Segment

SHARE_FIELDS = (
    "min_settlement_share",
    "min_settlement_share_instalments",
    "min_first_payment_share",
    "max_fee_waiver_share",
    "max_interest_waiver_share",
    "max_penalty_waiver_share",
    "promise_min_share",
    "plan_interest",
    "affordable_share",
    "health_floor",
    "discount_rate",
    "keep_first",
    "keep_each",
)
SUM_FIELDS = (
    "min_instalment",
    "min_settlement_amount",
    "min_first_payment_amount",
    "person_decides_above",
    "protected_minimum",
)
WEIGHT_FIELDS = (
    "affordable_share",
    "protected_minimum",
    "health_floor",
    "discount_rate",
    "keep_first",
    "keep_each",
)
"""Fields that weigh what the assistant recommends; no plan is outside the limits because of one."""
COUNT_FIELDS = (
    "max_instalments",
    "max_term_days",
    "max_days_to_first_payment",
    "max_extension_days",
    "promise_max_days",
    "max_broken_promises",
    "max_extensions",
    "max_concessions",
)
LIST_FIELDS = ("frequencies",)
CHOICE_FIELDS: Mapping[str, tuple[str, ...]] = {"concession_pace": get_args(Pace)}
OPTIONAL_FIELDS = (
    "plan_interest",
    "concession_pace",
    "min_settlement_amount",
    "min_first_payment_amount",
    "max_broken_promises",
    "max_penalty_waiver_share",
    "max_extensions",
    "max_concessions",
    "person_decides_above",
    *WEIGHT_FIELDS,
)
"""Fields that earlier versions did not have; left out, they keep their default."""
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

    Those of `OPTIONAL_FIELDS` may be left out.
    """
    missing = [name for name in FIELDS if name not in data and name not in OPTIONAL_FIELDS]
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
        "rules": [rule_to_json(rule) for rule in version.rules],
    }


def version_from_json(data: Mapping[str, Any]) -> PolicyVersion:
    """Reads `version_to_json`'s form; InvalidInput for an unknown market or two rules for the same case."""
    rules = tuple(rule_from_json(rule) for rule in data["rules"])
    names = [rule.id for rule in rules]
    if len(set(names)) != len(names):
        raise InvalidInput("One rule for the same cases.", rules=names)
    return PolicyVersion(number=int(data["number"]), rules=rules)


def rule_to_json(rule: Rule) -> dict[str, Any]:
    """A rule with the selectors that it names; `partial` marks one that gives only some limits."""
    named = {name: getattr(rule, name) for name in ("creditor", "bucket", "segment", "role")}
    band = rule.band and {"from": format(rule.band.least, "f"), "below": _number_or_none(rule.band.below)}
    return {
        "market": rule.market,
        "product": rule.product,
        **{name: value for name, value in named.items() if value is not None},
        **({"band": band} if band else {}),
        **({} if rule.is_full else {"partial": True}),
        "limits": given_to_json(rule),
    }


def given_to_json(rule: Rule) -> dict[str, Any]:
    """The limits that the rule gives itself, in the order of `Limits`."""
    return {name: _to_json(value) for name, value in rule.given.items()}


def rule_from_json(data: Mapping[str, Any]) -> Rule:
    """Reads `rule_to_json`'s form; InvalidInput for a selector that is unknown or no value."""
    unknown = [name for name in data if name not in _RULE_KEYS]
    if unknown:
        raise InvalidInput("A rule has no such part.", unknown=unknown, known=list(_RULE_KEYS))
    creditor = data.get("creditor")
    if creditor is not None and (not isinstance(creditor, str) or not creditor.strip()):
        raise InvalidInput("Give a creditor by name.", field="creditor", value=str(creditor))
    partial = data.get("partial") is True
    rule = Rule(
        cast(Market, _known("market", data["market"], MARKETS)),
        data.get("product"),
        STRICTEST if partial else limits_from_json(data["limits"]),
        creditor=creditor,
        bucket=_named("bucket", data, BUCKETS),
        band=_band(data.get("band")),
        segment=_named("segment", data, SEGMENTS),
        role=_named("role", data, ASKERS),
    )
    return rule.giving(_read(data.get("limits", {}))) if partial else rule


def facts_to_json(facts: RuleFacts) -> dict[str, Any]:
    """What rules were chosen by, as it is stored with an offer."""
    return {
        "market": facts.market,
        "product": facts.product,
        "creditor": facts.creditor,
        "days_past_due": facts.days_past_due,
        "balance": _number_or_none(facts.balance),
        "segments": sorted(facts.segments),
        "role": facts.role,
    }


def facts_from_json(data: Mapping[str, Any]) -> RuleFacts:
    """Reads `facts_to_json`'s form back exactly."""
    balance = data.get("balance")
    return RuleFacts(
        market=data["market"],
        product=data.get("product"),
        creditor=data.get("creditor"),
        days_past_due=data.get("days_past_due"),
        balance=None if balance is None else Decimal(balance),
        segments=frozenset(cast(Segment, _known("segment", each, SEGMENTS)) for each in data.get("segments", ())),
        role=_named("role", data, ASKERS),
    )


def diff(old: PolicyVersion, new: PolicyVersion) -> tuple[Change, ...]:
    """What differs, rule by rule in `new`'s order, then the rules that are gone."""
    before = {rule.id: given_to_json(rule) for rule in old.rules}
    after = {rule.id: given_to_json(rule) for rule in new.rules}
    changes = []
    for name in [*after, *(name for name in before if name not in after)]:
        was, becomes = before.get(name, {}), after.get(name, {})
        changes += [
            Change(name, field, _plain(was.get(field)), _plain(becomes.get(field)))
            for field in FIELDS
            if was.get(field) != becomes.get(field)
        ]
    return tuple(changes)


_RULE_KEYS = ("market", "product", "creditor", "bucket", "band", "segment", "role", "partial", "limits")


def _known(name: str, value: Any, known: tuple[str, ...]) -> Any:
    if value not in known:
        raise InvalidInput(f"Give a {name} that is known.", field=name, value=str(value), known=list(known))
    return value


def _named(name: str, data: Mapping[str, Any], known: tuple[str, ...]) -> Any:
    value = data.get(name)
    return None if value is None else _known(name, value, known)


def _band(data: Any) -> Band | None:
    if data is None:
        return None
    if not isinstance(data, Mapping) or not set(data) <= {"from", "below"}:
        raise InvalidInput("A band says from which balance, and below which.", field="band", value=str(data))
    below = data.get("below")
    return Band(_decimal("band", data.get("from", 0)), None if below is None else _decimal("band", below))


def _number_or_none(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")


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
    if name in CHOICE_FIELDS:
        if value not in CHOICE_FIELDS[name]:
            raise InvalidInput("Give one of the choices.", field=name, value=str(value), known=CHOICE_FIELDS[name])
        return value
    number = _decimal(name, value)
    if name not in COUNT_FIELDS:
        return number
    if number != number.to_integral_value():
        raise InvalidInput("This limit is a whole number.", field=name, value=str(value))
    return int(number)


def _decimal(name: str, value: Any) -> Decimal:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise InvalidInput("A limit is a plain number.", field=name, value=str(value)) from None
    if isinstance(value, bool) or not number.is_finite():
        raise InvalidInput("A limit is a plain number.", field=name, value=str(value))
    return number


def _frequencies(name: str, value: Any) -> tuple[Frequency, ...]:
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        raise InvalidInput("Give a list of frequencies.", field=name, value=str(value))
    known = {frequency.value for frequency in Frequency}
    wrong = [str(item) for item in value if item not in known]
    if wrong:
        raise InvalidInput("There is no such frequency.", field=name, unknown=wrong, known=sorted(known))
    return tuple(Frequency(item) for item in value)
