"""The shape of a plan before it is an offer: what was asked, worked out or fitted, and how it is checked and built."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from core.calendar import Frequency, due_dates
from core.errors import InvalidInput
from core.money import Money, currency_exponent, sum_money
from core.negotiation.types import CaseFacts, Offer, OfferKind
from core.plans import Balance, Schedule, Step, Terms, build_schedule
from core.plans.apr import plan_apr_us, plan_aprc
from core.plans.interest import period_rates
from core.plans.schedule import period_before
from core.policy import Breach, Grant, Payment, Proposal, check


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A plan for `total`: one payment on `first_due` when `single`, else `count` instalments after the down payment.

    `level` is the instalment that the person named, the last one carrying the remainder; None splits equally, after
    the `steps`, which are instalments of another sum that come first, inside `count`.
    `total` may be nothing or too much, and `count` more than any plan has: a wish is not yet checked.
    """

    total: Money
    first_due: date
    single: bool = False
    frequency: Frequency = Frequency.MONTH
    level: Money | None = None
    count: int = 1
    at_most: bool = False
    down: Money | None = None
    down_due: date | None = None
    anchor_day: int | None = None
    extension: bool = False
    waived_fees: Money | None = None
    waived_interest: Money | None = None
    waived_penalty: Money | None = None
    steps: tuple[Step, ...] = ()

    @property
    def stepped(self) -> int:
        """How many instalments the steps are."""
        return sum(step.count for step in self.steps)

    @property
    def after_steps(self) -> Money:
        """What the instalments after the steps settle, before any interest."""
        steps = (step.amount * step.count for step in self.steps)
        return self.rest - sum_money(steps, self.total.currency)

    @property
    def waives(self) -> bool:
        """Whether anything is waived by name."""
        return bool(self.waived_fees or self.waived_interest or self.waived_penalty)

    @property
    def named(self) -> Money:
        """All that is waived by name."""
        parts = (self.waived_fees, self.waived_interest, self.waived_penalty)
        return sum_money((part for part in parts if part is not None), self.total.currency)

    @property
    def rest(self) -> Money:
        """What the instalments settle."""
        return self.total if self.down is None else self.total - self.down


def trimmed(wish: Wish) -> Wish:
    """The wish without what would come after all is paid: steps that settle it leave none, the last being the level."""
    while wish.steps and wish.after_steps.minor <= 0:
        *before, last = wish.steps
        wish = replace(wish, steps=tuple(before), level=last.amount)
    return wish


def at_most_owed(wish: Wish, most: Balance) -> Wish:
    """The wish waiving by name no more than these components, and settling what is left of the wish's total."""
    fees, interest, penalty = (
        None if asked is None or asked.minor <= 0 else min(asked, component)
        for asked, component in (
            (wish.waived_fees, most.fees),
            (wish.waived_interest, most.interest),
            (wish.waived_penalty, most.penalty),
        )
    )
    waived = sum_money((part for part in (fees, interest, penalty) if part is not None), wish.total.currency)
    return replace(wish, total=wish.total - waived, waived_fees=fees, waived_interest=interest, waived_penalty=penalty)


def terms_of(wish: Wish, case: CaseFacts, grant: Grant) -> Terms:
    """The wish as plan terms; InvalidInput where no plan has such terms."""
    nothing = Money.zero(wish.total.currency)
    if wish.single:
        return Terms(
            total=wish.total,
            down_payment=nothing,
            down_payment_due=None,
            frequency=Frequency.MONTH,
            count=1,
            first_due=wish.first_due,
        )
    rate = grant.limits.plan_interest
    starts = case.today if rate and wish.down is None and case.today < wish.first_due else None
    return Terms(
        total=wish.total,
        count=wish.count,
        frequency=wish.frequency,
        first_due=wish.first_due,
        down_payment=wish.down or nothing,
        down_payment_due=wish.down_due if wish.down else None,
        anchor_day=wish.anchor_day,
        annual_rate=rate,
        instalment=wish.level if wish.count > 1 else None,
        starts=starts,
        steps=wish.steps,
    )


def build(wish: Wish, case: CaseFacts, grant: Grant) -> Offer:
    """The offer that the wish comes to, inside the limits or not, its id and its reasons yet to be given.

    InvalidInput where no plan has such terms.
    """
    terms = terms_of(wish, case, grant)
    schedule = build_schedule(terms)
    return Offer(
        id="",
        kind=_kind(wish, case.balance.total),
        terms=terms,
        schedule=schedule,
        balance=case.balance,
        discount=case.balance.total - terms.total,
        apr=apr_of(schedule, terms, case.market, case.today),
        rule=grant.rule,
        policy_version=grant.version,
        waived_fees=wish.waived_fees or None,
        waived_interest=wish.waived_interest or None,
        rule_facts=grant.facts,
        waived_penalty=wish.waived_penalty or None,
        extensions=case.extensions,
    )


def apr_of(schedule: Schedule, terms: Terms, market: str, today: date) -> Decimal:
    """What the plan costs a year, in percent to two decimals: the UK's APR by its equation, elsewhere the actuarial
    rate. Nothing is charged by a plan without interest."""
    if not schedule.interest:
        return Decimal("0.00")
    starts = schedule.starts or today
    if market == "uk":
        rate = plan_aprc(schedule, terms.total, starts)
    else:
        rate = plan_apr_us(schedule, terms.total, starts, terms.frequency)
    return (rate * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _kind(wish: Wish, owed: Money) -> OfferKind:
    if not wish.single:
        return "instalments"
    if wish.total < owed:
        return "settlement"
    return "extension" if wish.extension else "full"


def check_offer(offer: Offer, grant: Grant, today: date) -> tuple[Breach, ...]:
    """Every way in which an offer is outside the limits on this local date; empty when it is inside."""
    return check(
        Proposal(
            owed=offer.balance.total,
            interest=offer.balance.interest,
            fees=offer.balance.fees,
            total=offer.total,
            payments=tuple(Payment(line.due, line.amount) for line in offer.schedule.lines),
            frequency=offer.terms.frequency,
            down=offer.schedule.down_payment is not None,
            extension=offer.kind == "extension",
            waived_interest=offer.waived_interest,
            waived_fees=offer.waived_fees,
            rate=offer.terms.annual_rate,
            penalty=offer.balance.penalty,
            waived_penalty=offer.waived_penalty,
            extensions=offer.extensions,
        ),
        grant,
        today,
    )


def as_wish(offer: Offer) -> Wish:
    """The shape of an offer, to change a part of it."""
    terms = offer.terms
    return Wish(
        total=terms.total,
        first_due=terms.first_due,
        single=offer.kind != "instalments",
        frequency=terms.frequency,
        level=terms.instalment,
        count=terms.count,
        down=terms.down_payment or None,
        down_due=terms.down_payment_due,
        anchor_day=terms.anchor_day,
        extension=offer.kind == "extension",
        waived_fees=offer.waived_fees,
        waived_interest=offer.waived_interest,
        waived_penalty=offer.waived_penalty,
        steps=terms.steps,
    )


def instalments_needed(wish: Wish, case: CaseFacts, grant: Grant, most: int) -> int:
    """How many instalments of the wish's level settle its rest, the last one carrying the remainder.

    A remainder of less than one major unit joins the payment before it (CALC-MIN); where the level is a ceiling, only
    the cents that an equal split leaves do. With interest during the plan the count is solved up to `most`; one more
    than that says that the level never settles it.
    """
    level = wish.level
    if level is None or level.minor <= 0:
        return most + 1
    whole = wish.stepped + _needed(wish.after_steps, level, at_most=wish.at_most)
    if not grant.limits.plan_interest or whole > most or wish.total.minor <= 0:
        return whole
    return _needed_with_interest(wish, level, case, grant, most)


def _needed(rest: Money, level: Money, *, at_most: bool) -> int:
    whole, remainder = divmod(rest.minor, level.minor)
    least = min(level.minor, whole if at_most else 10 ** currency_exponent(rest.currency))
    return whole if whole and remainder < least else whole + bool(remainder)


def _needed_with_interest(wish: Wish, level: Money, case: CaseFacts, grant: Grant, most: int) -> int:
    terms = terms_of(replace(wish, count=1, steps=()), case, grant)
    dates = due_dates(wish.first_due, wish.frequency, most, wish.anchor_day)
    starts = terms.starts or terms.down_payment_due or period_before(dates[0], wish.frequency)
    balance, steps = wish.rest, [step.amount for step in wish.steps for _ in range(step.count)]
    for count, rate in enumerate(period_rates(terms.annual_rate, starts, dates, terms.day_count), 1):
        interest = balance.share(rate)
        balance = balance + interest - (steps[count - 1] if count <= len(steps) else level)
        if balance.minor <= 0:
            return count
        if count > len(steps) and level <= interest:
            break
    return most + 1


def _annuity(wish: Wish, case: CaseFacts, grant: Grant, count: int) -> Money:
    """The largest of equal instalments; more than all of it where there is no such plan, as for a few cents."""
    equal = Wish(
        total=wish.total,
        first_due=wish.first_due,
        frequency=wish.frequency,
        count=count,
        down=wish.down,
        down_due=wish.down_due,
        anchor_day=wish.anchor_day,
        steps=wish.steps,
    )
    try:
        lines = build_schedule(terms_of(equal, case, grant)).instalments[wish.stepped :]
        return max(line.amount for line in lines)
    except InvalidInput:
        return wish.total * 2


def equal_level(wish: Wish, case: CaseFacts, grant: Grant, count: int) -> Money:
    """The largest instalment after the steps when the wish's rest is settled in `count` in all, interest included."""
    if grant.limits.plan_interest:
        return _annuity(wish, case, grant, count)
    return Money(-(-wish.after_steps.minor // (count - wish.stepped)), wish.rest.currency)
