"""What an approver weighs: the exception beside the nearest plan inside the agent's limits, with what each is worth."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import repeat
from typing import cast

from console.queries.approvals import ApprovalRow
from console.show import zone
from core.errors import ParleyError
from core.money import Money
from core.negotiation import Ask, CaseFacts, Nearest, Offer, answer
from core.negotiation.ability import able_to_pay
from core.negotiation.worth import monthly, worth_of
from core.policy import Grant, Market, PolicyVersion, choose


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to go. `value` is the expected present value, `chance` that all of it is paid, `a_month` the most that
    falls due in a month, None for one payment; `left` the share of a month's surplus left free, None where unknown."""

    offer: Offer
    value: Money
    chance: float
    a_month: Money | None
    left: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """`grant` is what the agent may offer by themselves; `able` what the person can pay a month, as far as told."""

    grant: Grant
    able: Money | None
    asked: Alternative
    nearest: Alternative | None


def figures(row: ApprovalRow, versions: Mapping[int, PolicyVersion], now: datetime) -> Figures | None:
    """The figures of a request; None for one from before its limits could be told again."""
    version, facts = versions.get(row.policy_version), row.offer.rule_facts
    if version is None or facts is None:
        return None
    case = CaseFacts(
        market=cast(Market, facts.market),
        product=row.product,
        balance=row.balance,
        days_past_due=row.days_past_due,
        today=now.astimezone(zone(row.time_zone)).date(),
        finances=row.finances,
        broken_promises=row.broken_promises,
        extensions=row.offer.extensions,
    )
    grant = choose(version, facts)
    if grant is None:
        return None
    try:
        nearest = _nearest(row.offer, case, grant)
        beside = None if nearest is None else _weigh(nearest, case, grant)
        return Figures(grant, able_to_pay(case, grant), _weigh(row.offer, case, grant), beside)
    except ParleyError:
        return None


def _nearest(offer: Offer, case: CaseFacts, grant: Grant) -> Offer | None:
    """The plan inside the limits that comes nearest to the exception; None where none is, or it is the same."""
    found = answer(_ask(offer), case, grant, repeat(""))
    return found.offer if isinstance(found, Nearest) else None


def _ask(offer: Offer) -> Ask:
    """The exception as somebody would ask for it."""
    terms = offer.terms
    waiving = Ask(
        total=terms.total if offer.discount > offer.waived.total else None,
        waived_fees=offer.waived_fees,
        waived_interest=offer.waived_interest,
        waived_penalty=offer.waived_penalty,
    )
    if len(offer.schedule.lines) == 1:
        return replace(waiving, until=offer.schedule.first_due, count=1)
    ask = replace(waiving, count=terms.count, frequency=terms.frequency, first_due=terms.first_due, steps=terms.steps)
    return replace(ask, down_payment=terms.down_payment) if terms.down_payment else ask


def _weigh(offer: Offer, case: CaseFacts, grant: Grant) -> Alternative:
    worth = worth_of(offer, case, grant)
    a_month = monthly(offer) if offer.kind == "instalments" else None
    left = None if worth.health is None else float(worth.health)
    return Alternative(offer, worth.value, float(worth.chance), a_month, left)
