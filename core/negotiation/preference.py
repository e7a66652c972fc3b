"""Which offers to make of many: the one worth most that leaves enough to live on, and others that differ in kind.

Worth is expected present value. The health floor comes before it: a plan that leaves less of a surplus than the floor
is chosen only where none leaves more, and then it is the lightest one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.money import Money
from core.negotiation.types import Offer
from core.negotiation.worth import Worth, monthly

Role = Literal["at_once", "steps", "shorter", "gentler", "quicker"]
"""What an offer is there for. `quicker`: a shorter plan beside the lightest one that there is."""

LIGHTER = Decimal("0.75")
"""A plan is another kind of plan where its heaviest month is at most so much of the other's (judgement)."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """An offer inside the limits, and what it is worth."""

    offer: Offer
    worth: Worth

    @property
    def monthly(self) -> Money:
        return monthly(self.offer)

    @property
    def rank(self) -> tuple[int, int, int]:
        """The greater goes first: worth, then the lighter, then the shorter."""
        return self.worth.value.minor, -self.monthly.minor, -len(self.offer.schedule.lines)


@dataclass(frozen=True, slots=True)
class Chosen:
    """An offer to make, what for, and its place by worth among those made."""

    offer: Offer
    worth: Worth
    role: Role
    place: int
    of: int
    weighed: int

    @property
    def lines(self) -> tuple[str, ...]:
        """Its place among the offers made, and of how many plans inside the limits they were chosen."""
        return (f"rank:{self.place} of {self.of} by value, chosen from {self.weighed}",)


def prefer(
    lumps: Sequence[Weighed], plans: Sequence[Weighed], steps: Sequence[Weighed], floor: Decimal, *, known: bool
) -> tuple[Chosen, ...]:
    """At most three that differ in kind, from the fewest payments to the most. `known`: whether the person told what
    they can pay, so that nothing quicker than what leaves the floor is recommended."""
    picked = [*(("at_once", lump) for lump in lumps[:1]), *_plans(plans, steps, floor, known=known)]
    order = sorted((each for _, each in picked), key=lambda each: each.rank, reverse=True)
    weighed = len(lumps) + len(plans) + len(steps)
    return tuple(
        Chosen(each.offer, each.worth, role, order.index(each) + 1, len(order), weighed)
        for role, each in sorted(picked, key=lambda pick: len(pick[1].offer.schedule.lines))
    )


def _plans(
    plans: Sequence[Weighed], steps: Sequence[Weighed], floor: Decimal, *, known: bool
) -> Iterator[tuple[Role, Weighed]]:
    best = _best(steps, floor) or _best(plans, floor)
    if best is None:
        return
    yield "steps" if best.offer.terms.steps else "shorter", best
    lighter = [plan for plan in plans if plan.monthly.minor <= best.monthly.minor * LIGHTER]
    if lighter:
        yield "gentler", max(lighter, key=lambda each: each.rank)
        return
    quicker = [plan for plan in plans if best.monthly.minor <= plan.monthly.minor * LIGHTER]
    if quicker and not known:
        yield "quicker", min(quicker, key=lambda each: (each.monthly.minor, each.rank))


def _best(plans: Sequence[Weighed], floor: Decimal) -> Weighed | None:
    healthy = [plan for plan in plans if plan.worth.strain <= 1 - floor]
    if healthy:
        return max(healthy, key=lambda each: each.rank)
    return min(plans, key=lambda each: (each.worth.strain, each.monthly.minor, each.rank), default=None)
