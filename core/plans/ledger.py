"""A plan as it was really paid: interest by the day, a payoff quote for any date, reversals, and the rest planned anew.

Interest is simple and runs on the principal outstanding only: unpaid interest bears none (民间借贷规定 27 bounds
interest on interest, so none is the safe reading). An early payer owes interest for the days that passed (民法典
677). A payment goes to the interest accrued, then to the principal (民法典 561).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from core.calendar import DayRule, adjust_all, due_dates
from core.errors import InvalidInput
from core.money import Money, round_ratio
from core.plans.interest import Method, MinorLine, rate_numerators
from core.plans.schedule import MOST_INSTALMENTS, build_schedule, interest_starts
from core.plans.terms import Instalment, Schedule, Terms


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came in on a local date, or the whole of an earlier payment taken back (`reverses` names its key)."""

    key: str
    on: date
    amount: Money
    reverses: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A plan on a day: what is outstanding, the interest accrued and unpaid, what was paid, and what was too much."""

    on: date
    principal: Money
    interest: Money
    paid: Money
    paid_interest: Money
    surplus: Money

    @property
    def payoff(self) -> Money:
        """What settles the plan on this day."""
        return self.principal + self.interest


class Keep(StrEnum):
    """What stays when the rest is planned anew: the dates (instalments change), or the instalment (the end changes)."""

    DATES = "dates"
    INSTALMENT = "instalment"


def standing(payments: Sequence[Payment]) -> tuple[Payment, ...]:
    """The payments that no later one takes back, by date; InvalidInput for keys used twice and for a reversal of what
    is no payment, was taken back already, came later, or was another sum."""
    by_key = {payment.key: payment for payment in payments}
    reversals = [payment for payment in payments if payment.reverses is not None]
    reversed_keys = {payment.reverses for payment in reversals}
    if len(by_key) != len(payments) or len(reversed_keys) != len(reversals):
        raise InvalidInput("A payment is recorded once and taken back once.")
    for reversal in reversals:
        original = by_key.get(str(reversal.reverses))
        if original is None or original.reverses is not None:
            raise InvalidInput("A reversal names a payment.", reverses=reversal.reverses)
        if original.on > reversal.on or original.amount != reversal.amount:
            raise InvalidInput("A reversal takes back the whole of an earlier payment.", reverses=reversal.reverses)
    kept = (payment for payment in payments if payment.reverses is None and payment.key not in reversed_keys)
    return tuple(sorted(kept, key=lambda payment: payment.on))


def account(terms: Terms, payments: Sequence[Payment], on: date) -> Account:
    """The plan on a local date, after the payments up to and on it; later ones are not read.

    Interest runs by the terms' day count from where the plan starts, whatever the schedule said, and is rounded where
    a payment meets it. What was taken back counts as never paid. InvalidInput for a fee by the instalment, which does
    not accrue, and for payments of nothing or less.
    """
    if terms.annual_rate and terms.method is Method.FLAT_FEE:
        raise InvalidInput("A flat fee does not accrue by the day: ask the schedule for its payoff.")
    currency = terms.total.currency
    principal, interest, paid, paid_interest, surplus = terms.total.minor, 0, 0, 0, 0
    since = interest_starts(terms)
    for payment in standing([payment for payment in payments if payment.on <= on]):
        if payment.amount <= Money.zero(currency):
            raise InvalidInput("A payment is more than nothing.", payment=str(payment.amount))
        interest += _accrued(terms, principal, since, payment.on)
        since = max(since, payment.on)
        to_interest = min(payment.amount.minor, interest)
        to_principal = min(payment.amount.minor - to_interest, principal)
        interest, principal = interest - to_interest, principal - to_principal
        paid, paid_interest = paid + payment.amount.minor, paid_interest + to_interest
        surplus += payment.amount.minor - to_interest - to_principal
    interest += _accrued(terms, principal, since, on)
    sums = (Money(minor, currency) for minor in (principal, interest, paid, paid_interest, surplus))
    return Account(on, *sums)


def _accrued(terms: Terms, principal: int, since: date, until: date) -> int:
    if until <= since:
        return 0
    (numerator,), denominator = rate_numerators(terms.annual_rate, (since, until), terms.day_count)
    return round_ratio(principal * numerator, denominator, terms.rounding)


def re_amortise(
    terms: Terms, state: Account, keep: Keep = Keep.DATES, *, count: int | None = None, level: Money | None = None
) -> Schedule:
    """What is left, planned anew from `state.on`, after a missed, an extra or an early payment.

    The due dates still to come (as planned, before holidays moved them) stay as they were. With the dates kept, the
    rest is spread over those of them that the plan had left, or over `count`; interest unpaid so far is added in equal
    parts and bears none. With the instalment kept (`level`, or the terms' own), unpaid interest is paid first, and the
    plan ends sooner or later. A balloon stays as long as it is less than the principal. InvalidInput when nothing is
    left, no date is, or the instalment never settles it.
    """
    if not state.payoff:
        raise InvalidInput("Nothing is left to plan.", on=state.on.isoformat())
    done, coming = _coming(terms, state.on)
    if keep is Keep.INSTALMENT:
        return _same_instalment(terms, state, coming, level)
    left = terms.count - done if count is None else count
    if left < 1:
        raise InvalidInput("No due date is left: say how many there shall be.", count=left)
    if not state.principal:
        return build_schedule(_rest(terms, state.interest, state.on, coming[0], left, rated=False))
    rest = _rest(terms, state.principal, state.on, coming[0], left, rated=True)
    if terms.balloon is not None and terms.balloon < state.principal:
        rest = replace(rest, balloon=terms.balloon)
    return _with_carried(build_schedule(rest), state.interest)


def _coming(terms: Terms, on: date) -> tuple[int, tuple[date, ...]]:
    """How many planned dates have passed, and those to come: the plan's own, and as many after it as may be needed."""
    dates = due_dates(terms.first_due, terms.frequency, MOST_INSTALMENTS, terms.anchor_day, terms.days_after)
    done = sum(due <= on for due in dates)
    if done == len(dates):
        raise InvalidInput("The plan's dates have long passed.", on=on.isoformat())
    return done, dates[done:]


def _with_carried(schedule: Schedule, carried: Money) -> Schedule:
    """The schedule with interest that was unpaid before it, in equal parts; on the first line where it is little."""
    count = len(schedule.instalments)
    if not carried:
        return schedule
    zero = Money.zero(carried.currency)
    parts = carried.split(count) if carried.minor >= count else (carried, *[zero] * (count - 1))
    lines = (
        replace(line, amount=line.amount + part, interest=(line.interest or zero) + part)
        for line, part in zip(schedule.instalments, parts, strict=True)
    )
    return replace(schedule, instalments=tuple(lines))


def _same_instalment(terms: Terms, state: Account, coming: tuple[date, ...], level: Money | None) -> Schedule:
    if level is None:
        level = build_schedule(terms).instalments[-2 if terms.count > 1 else -1].amount
    if terms.balloon or (terms.annual_rate and terms.method is not Method.ANNUITY):
        raise InvalidInput("Only level instalments without a balloon can stay as they are.", method=terms.method.value)
    numerators, denominator = rate_numerators(terms.annual_rate, (state.on, *coming), terms.day_count)
    lines = _level_lines(state, level, numerators, denominator, terms.rounding)
    dates = coming[: len(lines)]
    if terms.rule is not DayRule.NONE:
        dates = adjust_all(dates, terms.rule, terms.market)
    currency = level.currency
    instalments = (
        Instalment(number, due, Money(amount, currency), Money(interest, currency))
        for number, (due, (amount, interest)) in enumerate(zip(dates, lines, strict=True), 1)
    )
    return Schedule(tuple(instalments), None, currency, state.on)


def _level_lines(
    state: Account, level: Money, numerators: Sequence[int], denominator: int, rounding: str
) -> list[MinorLine]:
    """Level payments, interest unpaid so far first, until nothing is left; the last one is the remainder."""
    lines: list[MinorLine] = []
    principal, interest, each = state.principal.minor, state.interest.minor, level.minor
    for numerator in numerators:
        accrued = round_ratio(principal * numerator, denominator, rounding)
        interest += accrued
        if principal + interest <= each:
            return [*lines, (principal + interest, interest)]
        if each <= accrued:
            break
        to_interest = min(each, interest)
        lines.append((each, to_interest))
        principal, interest = principal - (each - to_interest), interest - to_interest
    raise InvalidInput("This level amount never settles the total.", level=str(level), owed=str(state.payoff))


def _rest(terms: Terms, total: Money, on: date, first_due: date, count: int, *, rated: bool) -> Terms:
    anchor = terms.anchor_day
    if anchor is None:
        anchor = (terms.first_due - timedelta(days=terms.days_after)).day
    return replace(
        terms,
        total=total,
        down_payment=Money.zero(total.currency),
        down_payment_due=None,
        count=count,
        first_due=first_due,
        anchor_day=anchor,
        annual_rate=terms.annual_rate if rated else terms.annual_rate * 0,
        instalment=None,
        starts=on,
        steps=(),
        balloon=None,
    )
