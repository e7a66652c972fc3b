"""How the bot gives way on what a debt costs: by steps that managers choose, never past the limits, never back again.

Only discounts and waivers are held back. Time is not bargained with: a plan inside the limits that someone can afford
is agreed when it is asked for.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from core.policy.limits import Grant, Pace

STEPS: Mapping[Pace, tuple[Decimal, ...]] = {
    "early": (Decimal(1),),
    "balanced": (Decimal("0.5"), Decimal("0.75"), Decimal(1)),
    "patient": (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"), Decimal(1)),
}
"""Share of the discount or waiver allowed that is on offer at each step (product default). The first is never nothing:
whoever asks whether something can come off is told the truth."""

LEAST_SHARES = ("min_settlement_share", "min_settlement_share_instalments")
MOST_SHARES = ("max_fee_waiver_share", "max_interest_waiver_share", "max_penalty_waiver_share")
_GRAIN = Decimal("0.0001")


def held_back(grant: Grant, conceded: int) -> Grant:
    """The grant as it stands after so many concessions: `held` names the fields that have more to give.

    After `max_concessions` nothing more is given in this conversation, whatever the limits would allow.
    """
    limits = grant.limits
    steps = STEPS[limits.concession_pace]
    part = steps[min(conceded, limits.max_concessions, len(steps) - 1)]
    if part == 1:
        return grant
    shares: dict[str, Any] = {name: _least(getattr(limits, name), part) for name in LEAST_SHARES}
    shares |= {name: (getattr(limits, name) * part).quantize(_GRAIN, ROUND_FLOOR) for name in MOST_SHARES}
    held = {name: share for name, share in shares.items() if share != getattr(limits, name)}
    more = frozenset(held) if conceded < limits.max_concessions else frozenset()
    return replace(grant, limits=replace(limits, **held), held=more)


def _least(share: Decimal, part: Decimal) -> Decimal:
    """The least share taken when only a part of the room below the whole is given."""
    return (1 - (1 - share) * part).quantize(_GRAIN, ROUND_CEILING)
