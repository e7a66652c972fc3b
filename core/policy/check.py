"""Is a proposal inside the limits? Every field of `Limits`, each with what was asked and what is allowed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_UP, Decimal
from functools import lru_cache

from core.calendar import Frequency
from core.money import Money
from core.policy.ceilings import legal_ceilings
from core.policy.choose import market_of
from core.policy.limits import Breach, Grant, Limits

_SHOWN = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Payment:
    """A sum due on a day (the debtor's local date)."""

    due: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What would be agreed, as far as limits look at it.

    `owed` is the whole balance, of which `interest`, `fees` and `penalty`; `total` is what settles it, before interest
    during the plan at the yearly `rate`. `waived_interest`, `waived_fees` and `waived_penalty` are waived by name;
    whatever else `total` is short of `owed` is a settlement discount. `payments` are in order of date; the first is a
    down payment when `down` is true. `extension` marks the whole sum put off to one later date, which it was
    `extensions` times before.
    """

    owed: Money
    interest: Money
    fees: Money
    total: Money
    payments: tuple[Payment, ...]
    frequency: Frequency | None = None
    down: bool = False
    extension: bool = False
    waived_interest: Money | None = None
    waived_fees: Money | None = None
    rate: Decimal = Decimal(0)
    penalty: Money | None = None
    waived_penalty: Money | None = None
    extensions: int = 0

    @property
    def instalments(self) -> tuple[Payment, ...]:
        """The payments without the down payment."""
        return self.payments[1:] if self.down else self.payments


def least_total(owed: Money, share: Decimal) -> Money:
    """The least sum, to the minor unit, that is this share of what is owed."""
    return owed.share(share, ROUND_CEILING)


def most_waived(component: Money, share: Decimal) -> Money:
    """The most of a component, to the minor unit, that may be waived under this share."""
    return component.share(share, ROUND_FLOOR)


def least_instalment(limits: Limits, currency: str) -> Money:
    """`min_instalment` as money, rounded up to the minor unit, and never nothing."""
    return max(at_least(limits.min_instalment, currency), Money(1, currency))


@lru_cache(maxsize=256)
def at_least(amount: Decimal, currency: str) -> Money:
    """A sum that limits name as money, rounded up to the minor unit."""
    return Money.of(amount, currency, ROUND_CEILING)


def least_settlement(limits: Limits, owed: Money) -> Money:
    """The least sum that settles a debt in one payment, by share and by amount; never more than is owed."""
    amount = at_least(limits.min_settlement_amount, owed.currency)
    return min(max(least_total(owed, limits.min_settlement_share), amount), owed)


def least_first_payment(limits: Limits, total: Money) -> Money:
    """The least first payment of a plan for this total, by share and by amount; above the total there is no plan."""
    amount = at_least(limits.min_first_payment_amount, total.currency)
    return max(least_total(total, limits.min_first_payment_share), amount)


def check(proposal: Proposal, grant: Grant, today: date) -> tuple[Breach, ...]:
    """Every way in which the proposal is outside the grant; empty when it is inside.

    The last instalment carries the remainder and may be below `min_instalment`. The whole sum in one payment may wait
    for `max_extension_days`; any other first payment for `max_days_to_first_payment`. One payment bears no interest.
    Of a balance from `person_decides_above` on the bot may take the whole sum today, and nothing else.
    """
    return tuple(
        _named(found, grant)
        for found in (
            *_money(proposal, grant.limits),
            *_dates(proposal, grant.limits, today),
            *_shape(proposal, grant.limits),
            *_for_a_person(proposal, grant, today),
        )
    )


def check_promise(due: date, amount: Money, owed: Money, grant: Grant, today: date) -> tuple[Breach, ...]:
    """Every way in which a promise to pay `amount` by `due` is outside the grant."""
    limits, found = grant.limits, []
    if due < today:
        found.append(_breach("promise_max_days", due.isoformat(), today.isoformat(), bound="earliest"))
    if (due - today).days > limits.promise_max_days:
        found.append(_breach("promise_max_days", str((due - today).days), str(limits.promise_max_days)))
    least = least_total(owed, limits.promise_min_share)
    if amount < least:
        found.append(_share_breach("promise_min_share", amount, owed, limits.promise_min_share, least))
    return tuple(_named(each, grant) for each in found)


def breach(grant: Grant, field: str, asked: str, allowed: str, **data: str) -> Breach:
    """A breach found elsewhere than here, with the rule, version and legal ceiling that `check` would name."""
    return _named(_breach(field, asked, allowed, **data), grant)


def _breach(field: str, asked: str, allowed: str, **data: str) -> Breach:
    return Breach(field=field, asked=asked, allowed=allowed, data=data)


def _share_breach(field: str, part: Money, whole: Money, allowed: Decimal, bound: Money) -> Breach:
    rounding = ROUND_DOWN if part < bound else ROUND_UP
    asked = part.share_of(whole).quantize(_SHOWN, rounding) if whole else Decimal(1)
    return _breach(
        field,
        format(asked, "f"),
        format(allowed, "f"),
        asked_sum=part.to_text(),
        allowed_sum=bound.to_text(),
        currency=whole.currency,
    )


def _named(found: Breach, grant: Grant) -> Breach:
    data = {**found.data, "rule": grant.source(found.field), "version": str(grant.version)}
    if found.field in grant.held:
        data["held"] = "yes"
    ceiling = legal_ceilings(market_of(grant)).get(found.field)
    if ceiling is not None:
        data |= {"ceiling": str(ceiling.at_most), "ceiling_rule": ceiling.rule}
    return Breach(field=found.field, asked=found.asked, allowed=found.allowed, data=data)


def _money(proposal: Proposal, limits: Limits) -> Iterator[Breach]:
    nothing = Money.zero(proposal.owed.currency)
    named = nothing
    for field, waived, component in (
        ("max_fee_waiver_share", proposal.waived_fees, proposal.fees),
        ("max_interest_waiver_share", proposal.waived_interest, proposal.interest),
        ("max_penalty_waiver_share", proposal.waived_penalty, proposal.penalty or nothing),
    ):
        share = getattr(limits, field)
        part, most = waived or nothing, most_waived(component, share)
        named += part
        if part > most:
            yield _share_breach(field, part, component, share, most)
    if proposal.total + named < proposal.owed:
        yield from _discount(proposal, limits)
    if len(proposal.payments) > 1 and proposal.rate != limits.plan_interest:
        yield _breach("plan_interest", format(proposal.rate, "f"), format(limits.plan_interest, "f"))


def _discount(proposal: Proposal, limits: Limits) -> Iterator[Breach]:
    total, owed = proposal.total, proposal.owed
    if len(proposal.payments) == 1:
        least = least_settlement(limits, owed)
        yield from _too_little("min_settlement", total, least, owed, limits.min_settlement_share)
        return
    share = limits.min_settlement_share_instalments
    least = least_total(owed, share)
    if total < least:
        yield _share_breach("min_settlement_share_instalments", total, owed, share, least)


def _too_little(kind: str, paid: Money, least: Money, whole: Money, share: Decimal) -> Iterator[Breach]:
    """Of a share and an amount that bound the same payment, the one that asks for more."""
    if paid >= least:
        return
    if least <= least_total(whole, share):
        yield _share_breach(f"{kind}_share", paid, whole, share, least)
        return
    sums = {"asked_sum": paid.to_text(), "allowed_sum": least.to_text(), "currency": least.currency}
    yield _breach(f"{kind}_amount", paid.to_text(), least.to_text(), **sums)


def _dates(proposal: Proposal, limits: Limits, today: date) -> Iterator[Breach]:
    first, last = proposal.payments[0].due, proposal.payments[-1].due
    whole = len(proposal.payments) == 1 and (proposal.extension or proposal.total >= proposal.owed)
    field = "max_extension_days" if whole else "max_days_to_first_payment"
    most = limits.max_extension_days if whole else limits.max_days_to_first_payment
    if first < today:
        yield _breach(field, first.isoformat(), today.isoformat(), bound="earliest")
    if (first - today).days > most:
        yield _breach(field, str((first - today).days), str(most))
    if (last - today).days > limits.max_term_days:
        yield _breach("max_term_days", str((last - today).days), str(limits.max_term_days))


def _shape(proposal: Proposal, limits: Limits) -> Iterator[Breach]:
    instalments = proposal.instalments
    if len(instalments) > limits.max_instalments:
        yield _breach("max_instalments", str(len(instalments)), str(limits.max_instalments))
    least = least_instalment(limits, proposal.owed.currency)
    smallest = min((payment.amount for payment in instalments[:-1]), key=lambda amount: amount.minor, default=least)
    if smallest < least:
        yield _breach("min_instalment", smallest.to_text(), least.to_text(), currency=least.currency)
    if len(proposal.payments) > 1:
        first, least = proposal.payments[0].amount, least_first_payment(limits, proposal.total)
        yield from _too_little("min_first_payment", first, least, proposal.total, limits.min_first_payment_share)
    if proposal.extension and proposal.extensions >= limits.max_extensions:
        yield _breach("max_extensions", str(proposal.extensions + 1), str(limits.max_extensions))
    if len(instalments) > 1 and proposal.frequency not in limits.frequencies:
        asked = proposal.frequency.value if proposal.frequency else ""
        yield _breach("frequencies", asked, ", ".join(frequency.value for frequency in limits.frequencies))


def _for_a_person(proposal: Proposal, grant: Grant, today: date) -> Iterator[Breach]:
    at_once = len(proposal.payments) == 1 and proposal.payments[0].due <= today and proposal.total >= proposal.owed
    if not at_once and decided_by_a_person(grant, proposal.owed):
        allowed = at_least(grant.limits.person_decides_above, proposal.owed.currency)
        sums = {"asked_sum": proposal.owed.to_text(), "allowed_sum": allowed.to_text()}
        yield _breach(
            "person_decides_above", proposal.owed.to_text(), allowed.to_text(), **sums, currency=allowed.currency
        )


def decided_by_a_person(grant: Grant, owed: Money) -> bool:
    """Whether the balance is so large that the bot may grant neither time nor a discount on it; a person may."""
    asks = grant.facts.role if grant.facts else None
    least = grant.limits.person_decides_above
    return asks == "bot" and least > 0 and owed.decimal >= least
