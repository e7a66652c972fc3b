"""One rule of the limits as people choose and edit it: which cases it is for, what it gives, what it inherits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any, get_args
from urllib.parse import urlencode

from starlette.datastructures import FormData, QueryParams

from console.forms import limits_form, read_given, read_limits
from core.errors import NotFound
from core.policy import (
    ASKERS,
    BUCKETS,
    FIELDS,
    SEGMENTS,
    Band,
    Limits,
    Market,
    PolicyVersion,
    Problem,
    Rule,
    by_precedence,
    inherited,
    merge,
    validate_rule,
    with_rule,
)
from core.policy.limits import STRICTEST

SELECTOR_FIELDS = ("market", "product", "creditor", "bucket", "least", "below", "segment", "role")
"""The names of the fields that say which cases a rule is for; `least` and `below` are the bounds of its band."""


@dataclass(frozen=True, slots=True)
class ChosenRule:
    """The rule that the selectors name, or what a new one starts from; `rule` is None where they cannot be."""

    rule: Rule | None
    is_new: bool = False
    problems: tuple[Problem, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)


def typed_selectors(data: FormData | QueryParams) -> dict[str, str]:
    """The selectors as typed; empty where one is left open."""
    values = {name: data.get(name, "") for name in SELECTOR_FIELDS}
    return {name: value.strip()[:200] if isinstance(value, str) else "" for name, value in values.items()}


def chosen_rule(version: PolicyVersion, typed: Mapping[str, str]) -> ChosenRule:
    """The rule for exactly these cases. NotFound for a market, product or choice that is not known.

    A new rule for a whole product starts from the market's own limits; a finer one gives nothing yet.
    """
    base = _base(version, typed["market"])
    product = typed["product"] or None
    if product is not None and not product.isidentifier():
        raise NotFound("There is no such rule.", market=base.market, product=product)
    band, problems = _band(typed)
    if problems:
        return ChosenRule(None, False, problems, typed)
    wanted = Rule(
        base.market,
        product,
        base.limits,
        creditor=typed["creditor"] or None,
        bucket=_one_of("bucket", typed, BUCKETS),
        band=band,
        segment=_one_of("segment", typed, SEGMENTS),
        role=_one_of("role", typed, ASKERS),
    )
    own = next((rule for rule in version.rules if rule.id == wanted.id), None)
    if own is not None:
        return ChosenRule(own, False, (), typed)
    if wanted.is_finer:
        wanted = wanted.giving({})
    found = validate_rule(with_rule(version, wanted), wanted)
    return ChosenRule(wanted, True, tuple(problem for problem in found if problem.field == "band"), typed)


def selectors_of(rule: Rule) -> dict[str, str]:
    """The rule's selectors as their fields hold them."""
    band = rule.band
    values = {
        "market": rule.market,
        "product": rule.product,
        "creditor": rule.creditor,
        "bucket": rule.bucket,
        "least": format(band.least, "f") if band else None,
        "below": format(band.below, "f") if band and band.below is not None else None,
        "segment": rule.segment,
        "role": rule.role,
    }
    return {name: value or "" for name, value in values.items()}


def address_of(rule: Rule) -> str:
    """Where the rule is edited."""
    named = {name: value for name, value in selectors_of(rule).items() if value or name == "market"}
    return f"/limits/edit?{urlencode(named)}"


def may_leave_out(rule: Rule) -> bool:
    """Whether fields of the rule may be left empty, and are then inherited."""
    return rule.is_finer or not rule.is_full


def may_be_removed(rule: Rule) -> bool:
    """Every rule but the market's own, which the others rest on."""
    return rule.product is not None or rule.is_finer


def rule_form(rule: Rule) -> dict[str, Any]:
    """The rule's limits as their form shows them; empty where one is inherited."""
    shown = limits_form(rule.limits)
    empty = {name: [] if isinstance(value, list) else "" for name, value in shown.items()}
    return {name: (empty if name in rule.left_out else shown)[name] for name in FIELDS}


def read_rule(
    form: FormData, version: PolicyVersion, rule: Rule
) -> tuple[Rule | None, tuple[Problem, ...], dict[str, Any]]:
    """The rule as the form describes it, what is wrong with it among the version's others, and what was typed."""
    if not may_leave_out(rule):
        limits, problems, typed = read_limits(form, rule.limits)
        wanted = None if limits is None else replace(rule, limits=limits)
    else:
        given, problems, typed = read_given(form, optional=True)
        wanted = None if problems else rule.giving(_as_written(merge(STRICTEST, given), given, rule))
    if wanted is None:
        return None, problems, typed
    return wanted, validate_rule(with_rule(version, wanted), wanted), typed


def _as_written(limits: Limits, given: Mapping[str, Any], rule: Rule) -> dict[str, Any]:
    """The limits given, with the rule's way of writing a number (0.90, 0.9) wherever it is the same number."""
    before = rule.given
    read = {name: getattr(limits, name) for name in given}
    return {name: before[name] if name in before and before[name] == value else value for name, value in read.items()}


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a field has when the rule leaves it out, as the form would show it, and from which rule."""

    value: Any
    typed: Any
    rule: str


def inherited_by(version: PolicyVersion, rule: Rule) -> dict[str, Inherited]:
    """By field, what the rule's cases are given by wider rules; nothing where the rule must give everything."""
    if not may_leave_out(rule):
        return {}
    values, sources = inherited(version, rule)
    written = limits_form(Limits(**values)) if len(values) == len(FIELDS) else {}
    return {name: Inherited(values[name], typed, sources[name]) for name, typed in written.items()}


def finer_rules(version: PolicyVersion, market: str) -> list[tuple[Rule, str]]:
    """The market's finer rules, the most specific first, each with where it is edited."""
    rules = by_precedence(rule for rule in version.rules if rule.market == market and may_leave_out(rule))
    return [(rule, address_of(rule)) for rule in rules]


def plain_rules(version: PolicyVersion, market: str) -> list[Rule]:
    """The rules of the market and of its whole products that give every limit, the market's own first."""
    rules = (rule for rule in version.rules if rule.market == market and not may_leave_out(rule))
    return sorted(rules, key=lambda rule: rule.product or "")


def _base(version: PolicyVersion, market: str) -> Rule:
    if market not in get_args(Market):
        raise NotFound("There is no such market.", market=market)
    own = (rule for rule in version.rules if rule.market == market and not may_be_removed(rule) and rule.is_full)
    found = next(own, None)
    if found is None:
        raise NotFound("There is no such rule.", market=market)
    return found


def _one_of(name: str, typed: Mapping[str, str], known: tuple[str, ...]) -> Any:
    value = typed[name]
    if value and value not in known:
        raise NotFound("There is no such choice.", name=name, value=value)
    return value or None


def _band(typed: Mapping[str, str]) -> tuple[Band | None, tuple[Problem, ...]]:
    if not typed["least"] and not typed["below"]:
        return None, ()
    least, below = _bound(typed["least"] or "0"), _bound(typed["below"]) if typed["below"] else None
    if least is None or (typed["below"] and below is None):
        return None, (Problem("band", "limits.not_a_number", {}),)
    if least < 0 or (below is not None and below <= least):
        return None, (Problem("band", "limits.band_empty", {}),)
    return (Band(least, below) if least or below is not None else None), ()


def _bound(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**12 else None
