"""What is wrong with limits that a manager wants to publish."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.policy.ceilings import CEILINGS, Ceiling, legal_ceilings
from core.policy.codec import COUNT_FIELDS, SHARE_FIELDS
from core.policy.limits import Limits


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
    if limits.min_instalment < 0:
        yield Problem("min_instalment", "limits.too_small", {"least": "0"})
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
