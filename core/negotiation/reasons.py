"""Why an offer is what it is, in short machine-readable lines: what was asked, which limits of which rule counted."""

from collections.abc import Iterable
from dataclasses import fields, replace
from decimal import Decimal

from core.calendar import Frequency
from core.money import Money
from core.negotiation.ability import able_to_pay, per_period
from core.negotiation.types import Ask, CaseFacts, DatedStep, Offer, Payday
from core.plans import Step
from core.policy import Breach, Grant
from core.policy.codec import WEIGHT_FIELDS

_COUNTED = {
    "full": ("max_extension_days",),
    "extension": ("max_extension_days",),
    "settlement": ("min_settlement_share", "max_days_to_first_payment"),
    "instalments": ("max_instalments", "max_term_days", "min_instalment"),
}


def because_of(
    ask: Ask, offer: Offer, case: CaseFacts, grant: Grant, breaches: tuple[Breach, ...] = ()
) -> tuple[str, ...]:
    """What was asked, what of it was outside, what was known of the person, and the limits that the offer obeys."""
    return (
        *asked(ask),
        *outside(breaches),
        *known(case, grant),
        *_too_much(offer, case, grant),
        *limits_counted(offer, grant),
    )


def outside(breaches: Iterable[Breach]) -> tuple[str, ...]:
    """Each limit that the ask went beyond, with both figures."""
    return tuple(f"outside:{each.field} asked={each.asked} allowed={each.allowed}" for each in breaches)


def _too_much(offer: Offer, case: CaseFacts, grant: Grant) -> tuple[str, ...]:
    able = able_to_pay(case, grant)
    if able is None or offer.kind != "instalments":
        return ()
    until = case.finances.recovers_on
    known = [line.amount for line in offer.schedule.instalments if until is None or line.due < until]
    too_much = any(amount > per_period(able, offer.terms.frequency) for amount in known)
    return ("above affordability",) if too_much else ()


def asked(ask: Ask) -> tuple[str, ...]:
    """Each thing that was asked for; a down payment of nothing only takes one off the table."""
    empty = Ask()
    if ask.down_payment is not None and ask.down_payment.minor == 0:
        ask = replace(ask, down_payment=None)
    told = [(field.name, getattr(ask, field.name)) for field in fields(Ask)]
    return tuple(f"ask:{name}={_text(value)}" for name, value in told if value != getattr(empty, name))


def known(case: CaseFacts, grant: Grant) -> tuple[str, ...]:
    """What was known of the person's money."""
    able, payday = able_to_pay(case, grant), case.finances.payday
    lines = [] if able is None else [f"affordability={able.to_text()} a month"]
    back = case.finances.recovers_on
    lines += [] if back is None else [f"income back on={_text(back)}"]
    lines += [f"broken promises={case.broken_promises}"] if case.broken_promises else []
    return (*lines, *([] if payday is None else [f"payday={_text(payday)}"]))


def weights_counted(grant: Grant) -> str:
    """What the figures of an offer were worked out with, with the version."""
    told = " ".join(f"{name}={_text(getattr(grant.limits, name))}" for name in WEIGHT_FIELDS)
    return f"weights:{told} v{grant.version}"


def limits_counted(offer: Offer, grant: Grant) -> tuple[str, ...]:
    """The limits that bound an offer of this kind, with their rule and version."""
    names = list(_COUNTED[offer.kind])
    if offer.kind == "instalments" and offer.discount and not _waives(offer):
        names.append("min_settlement_share_instalments")
    names += ["min_settlement_amount"] if offer.kind == "settlement" and grant.limits.min_settlement_amount else []
    names += ["min_first_payment_amount"] if _bounds_first(offer, grant) else []
    names += ["max_fee_waiver_share"] if offer.waived_fees else []
    names += ["max_interest_waiver_share"] if offer.waived_interest else []
    names += ["max_penalty_waiver_share"] if offer.waived_penalty else []
    return tuple(
        f"limit:{name}={_text(getattr(grant.limits, name))} rule:{grant.source(name)} v{grant.version}"
        for name in names
    )


def _waives(offer: Offer) -> bool:
    return bool(offer.waived_fees or offer.waived_interest or offer.waived_penalty)


def _bounds_first(offer: Offer, grant: Grant) -> bool:
    return offer.kind == "instalments" and bool(grant.limits.min_first_payment_amount)


def _text(value: object) -> str:
    if isinstance(value, Money):
        return value.to_text()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Frequency):
        return value.value
    if isinstance(value, tuple):
        return ", ".join(_step(step) for step in value)
    if isinstance(value, Payday):
        return f"weekday:{value.weekday}" if value.weekday is not None else f"day:{value.day}"
    return str(value)


def _step(step: Step | DatedStep) -> str:
    if isinstance(step, Step):
        return f"{step.count} x {step.amount.to_text()}"
    until = "first" if step.before is None else f"before {step.before.isoformat()}"
    return f"{until} x {step.amount.to_text()}"
