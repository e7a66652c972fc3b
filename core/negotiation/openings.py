"""The first offers: two or three that differ in kind, in round sums, never above what the person can pay."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from core.errors import InvalidInput
from core.money import Money
from core.negotiation.ability import able_to_pay, per_period, whole_up
from core.negotiation.candidates import discounted_wishes, plan_wishes, step_wishes
from core.negotiation.dates import most_days_to_one, usual_date
from core.negotiation.preference import Chosen, Weighed, prefer
from core.negotiation.reasons import because_of, weights_counted
from core.negotiation.types import Ask, CaseFacts, Offer
from core.negotiation.wish import Wish, build, check_offer
from core.negotiation.worth import worth_of
from core.policy import Grant, least_settlement

LUMP_MONTHS = 2
"""One payment is not recommended above so many months of what the person can pay (judgement)."""


def opening(case: CaseFacts, grant: Grant, ids: Iterator[str], *, instalments_only: bool = False) -> tuple[Offer, ...]:
    """A payment at once (with the discount that the limits allow), the plan that is worth most, and a gentler one.

    Worth is expected present value (`core.negotiation.worth`), among plans that leave the health floor. Where the
    person's income is yet to recover, a plan that starts low stands in place of the level one. Where they told what
    they can pay, no instalment is above it, and no payment at once above two months of it. Where no plan of all that
    is owed keeps to that, plans with the discount that the limits allow in instalments stand in its place. Shown from
    the fewest payments to the most. `instalments_only` is for someone who said that they cannot pay at once. Empty when
    nothing allowed fits: a person must talk with them.
    """
    if not case.balance.total:
        return ()
    lumps = [] if instalments_only else _weighed(_lump(case, grant), case, grant)
    plans = _affordable(_weighed(plan_wishes(case, grant), case, grant), case, grant)
    steps = _affordable(_weighed(step_wishes(case, grant), case, grant), case, grant)
    known = able_to_pay(case, grant) is not None
    if known and not plans and not steps:
        plans = _affordable(_weighed(discounted_wishes(case, grant), case, grant), case, grant)
    return tuple(
        replace(chosen.offer, id=next(ids), because=_because(chosen, case, grant))
        for chosen in prefer(lumps, plans, steps, grant.limits.health_floor, known=known)
    )


def _because(chosen: Chosen, case: CaseFacts, grant: Grant) -> tuple[str, ...]:
    told = because_of(Ask(), chosen.offer, case, grant)
    return (f"chosen:{chosen.role}", *chosen.worth.lines, *chosen.lines, *told, weights_counted(grant))


def _weighed(wishes: Iterable[Wish], case: CaseFacts, grant: Grant) -> list[Weighed]:
    """The wishes that are plans inside the limits, with what they are worth."""
    found = []
    for wish in dict.fromkeys(wishes):
        try:
            offer = build(wish, case, grant)
        except InvalidInput:
            continue
        if not check_offer(offer, grant, case.today):
            found.append(Weighed(offer, worth_of(offer, case, grant)))
    return found


def _affordable(plans: list[Weighed], case: CaseFacts, grant: Grant) -> list[Weighed]:
    """Without those whose last instalment, which takes what is left over, is above what the person can pay until their
    income is back."""
    able, back = able_to_pay(case, grant), case.finances.recovers_on
    if able is None:
        return plans
    return [plan for plan in plans if _heaviest(plan.offer, back) <= per_period(able, plan.offer.terms.frequency)]


def _heaviest(offer: Offer, until: date | None) -> Money:
    due = (line.amount for line in offer.schedule.instalments if until is None or line.due < until)
    return max(due, default=Money.zero(offer.terms.total.currency))


def _lump(case: CaseFacts, grant: Grant) -> list[Wish]:
    owed, limits, able = case.balance.total, grant.limits, able_to_pay(case, grant)
    total: Money = min(whole_up(least_settlement(limits, owed)), owed)
    if able is not None and total > able * LUMP_MONTHS:
        return []
    days = most_days_to_one(limits, whole=total >= owed)
    return [Wish(total=total, first_due=usual_date(case, days), single=True)]
