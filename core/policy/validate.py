"""What is wrong with limits that a manager wants to publish."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from core.policy.ceilings import CEILINGS, Ceiling, legal_ceilings
from core.policy.choose import inherited
from core.policy.codec import COUNT_FIELDS, SHARE_FIELDS, SUM_FIELDS
from core.policy.limits import FIELDS, Limits, PolicyVersion, Rule


@dataclass(frozen=True, slots=True)
class Problem:
    """`field` cannot stay as it is; `message_key` and `data` are worded by the console."""

    field: str
    message_key: str
    data: Mapping[str, str]


def validate_limits(limits: Limits, market: str, ceilings: Iterable[Ceiling] = CEILINGS) -> tuple[Problem, ...]:
    """Everything that keeps these limits from being published for the market; empty when they may be."""
    return (
        *_out_of_range(limits),
        *_contradictions(limits),
        *_above_ceiling(limits, legal_ceilings(market, ceilings)),
    )


def validate_version(version: PolicyVersion, ceilings: Iterable[Ceiling] = CEILINGS) -> tuple[tuple[str, Problem], ...]:
    """Everything that keeps the version from being published, each problem with the id of its rule."""
    found = tuple(ceilings)
    return tuple((rule.id, problem) for rule in version.rules for problem in validate_rule(version, rule, found))


def validate_rule(version: PolicyVersion, rule: Rule, ceilings: Iterable[Ceiling] = CEILINGS) -> tuple[Problem, ...]:
    """What is wrong with a rule among the version's others: its selectors, and its limits with those it inherits."""
    problems = tuple(_misplaced(version, rule))
    given = inherited(version, rule)[0] | rule.given
    missing = [name for name in FIELDS if name not in given]
    if missing:
        return (*problems, Problem("rule", "limits.no_base", {"market": rule.market}))
    wrong = validate_limits(Limits(**given), rule.market, ceilings)
    return (*problems, *(problem for problem in wrong if _concerns(problem, rule)))


def _misplaced(version: PolicyVersion, rule: Rule) -> Iterator[Problem]:
    if not rule.given:
        yield Problem("rule", "limits.gives_nothing", {})
    band = rule.band
    if band is None:
        return
    if band.least < 0 or (band.below is not None and band.below <= band.least):
        yield Problem("band", "limits.band_empty", {})
        return
    for other in version.rules:
        if other.band is None or other.id == rule.id or replace(other, band=band).id != rule.id:
            continue
        if other.band.overlaps(band):
            yield Problem("band", "limits.bands_overlap", {"rule": other.id})


def _concerns(problem: Problem, rule: Rule) -> bool:
    """Whether this rule gives what is wrong, and not a wider rule that is told of it itself."""
    if problem.message_key == "limits.beyond_term":
        return problem.field in rule.given or "max_term_days" in rule.given
    return problem.field in rule.given


def _out_of_range(limits: Limits) -> Iterator[Problem]:
    for name in SHARE_FIELDS:
        if not Decimal(0) <= getattr(limits, name) <= Decimal(1):
            yield Problem(name, "limits.share_range", {"least": "0", "most": "1"})
    for name in COUNT_FIELDS:
        least = 1 if name in ("max_instalments", "max_term_days") else 0
        if getattr(limits, name) < least:
            yield Problem(name, "limits.too_small", {"least": str(least)})
    for name in ("min_settlement_share", "min_settlement_share_instalments"):
        if getattr(limits, name) == 0:
            yield Problem(name, "limits.forgives_all", {})
    for name in SUM_FIELDS:
        if getattr(limits, name) < 0:
            yield Problem(name, "limits.too_small", {"least": "0"})
    if not limits.frequencies:
        yield Problem("frequencies", "limits.empty", {})
    elif len(set(limits.frequencies)) != len(limits.frequencies):
        yield Problem("frequencies", "limits.repeated", {})


def _contradictions(limits: Limits) -> Iterator[Problem]:
    for name in ("max_days_to_first_payment", "max_extension_days"):
        if getattr(limits, name) > limits.max_term_days:
            yield Problem(name, "limits.beyond_term", {"most": str(limits.max_term_days)})


def _above_ceiling(limits: Limits, ceilings: Mapping[str, Ceiling]) -> Iterator[Problem]:
    for name, ceiling in ceilings.items():
        if getattr(limits, name) > ceiling.at_most:
            yield Problem(name, "limits.legal_ceiling", {"most": str(ceiling.at_most), "rule": ceiling.rule})
