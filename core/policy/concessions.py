"""How the bot gives way on what a debt costs: by steps that managers choose, never past the limits, never back again.

Only discounts and waivers are held back. Time is not bargained with: a plan inside the limits that someone can afford
is agreed when it is asked for.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from core.policy.limits import Grant, Limits, Pace

STEPS: Mapping[Pace, tuple[Decimal, ...]] = {
    "early": (Decimal(1),),
    "balanced": (Decimal("0.5"), Decimal("0.75"), Decimal(1)),
    "patient": (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"), Decimal(1)),
}
"""Share of the discount or waiver allowed that is on offer at each step (product default). The first is never nothing:
whoever asks whether something can come off is told the truth."""

LEAST_SHARES = ("min_settlement_share", "min_settlement_share_instalments")
MOST_SHARES = ("max_fee_waiver_share", "max_interest_waiver_share")
_GRAIN = Decimal("0.0001")


def held_back(grant: Grant, conceded: int) -> Grant:
    """The grant as it stands after so many concessions: `held` names the fields that have more to give."""
    steps = STEPS[grant.limits.concession_pace]
    part = steps[min(conceded, len(steps) - 1)]
    if part == 1:
        return grant
    limits = grant.limits
    shares = {name: _least(getattr(limits, name), part) for name in LEAST_SHARES}
    shares |= {name: (getattr(limits, name) * part).quantize(_GRAIN, ROUND_FLOOR) for name in MOST_SHARES}
    held = frozenset(name for name, share in shares.items() if share != getattr(limits, name))
    return replace(grant, limits=_with(limits, {name: shares[name] for name in held}), held=held)


def _least(share: Decimal, part: Decimal) -> Decimal:
    """The least share taken when only a part of the room below the whole is given."""
    return (1 - (1 - share) * part).quantize(_GRAIN, ROUND_CEILING)


def _with(limits: Limits, shares: Mapping[str, Decimal]) -> Limits:
    return replace(
        limits,
        min_settlement_share=shares.get("min_settlement_share", limits.min_settlement_share),
        min_settlement_share_instalments=shares.get(
            "min_settlement_share_instalments", limits.min_settlement_share_instalments
        ),
        max_fee_waiver_share=shares.get("max_fee_waiver_share", limits.max_fee_waiver_share),
        max_interest_waiver_share=shares.get("max_interest_waiver_share", limits.max_interest_waiver_share),
    )
