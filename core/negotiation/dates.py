"""When a first payment falls due if nobody named a day: soon after payday, else a working day two weeks off."""

from datetime import date, timedelta

from core.calendar import (
    Frequency,
    add_months,
    due_dates,
    next_business_day,
    next_payday,
    on_day,
    previous_business_day,
)
from core.negotiation.types import CaseFacts, Payday
from core.policy import Limits

DAYS_AFTER_PAYDAY = 2
"""An instalment falls due one to three days after income arrives (CALC-PAYDAY, product default)."""

USUAL_WAIT = 14
_MOST_DATES = 1200


def most_days_to_first(limits: Limits) -> int:
    """How many days ahead the first payment of a plan may be."""
    return min(limits.max_days_to_first_payment, limits.max_term_days)


def most_days_to_one(limits: Limits, *, whole: bool) -> int:
    """How many days ahead a single payment may be: of the whole sum, or of a settlement."""
    days = limits.max_extension_days if whole else limits.max_days_to_first_payment
    return min(days, limits.max_term_days)


def usual_date(case: CaseFacts, most_days: int, payday: Payday | None = None) -> date:
    """The first date for a plan when none was named: after the payday if one is known, else about two weeks off.

    Never before today, never more than `most_days` ahead.
    """
    latest = case.today + timedelta(days=max(most_days, 0))
    known = payday or case.finances.payday
    if known is not None:
        return min(after_payday(known, case.today + timedelta(days=1)), latest)
    day = next_business_day(case.market, case.today + timedelta(days=USUAL_WAIT))
    if day.day > 28:
        day = next_business_day(case.market, on_day(day.year, day.month + 1, 1))
    if day <= latest:
        return day
    return max(previous_business_day(case.market, latest), case.today)


def after_payday(payday: Payday, on_or_after: date) -> date:
    """The first date on or after `on_or_after` that is one to three days after the payday.

    Paid at the month's end, the first of the month; paid on a Friday or at the weekend, the Monday.
    """
    if payday.weekday is not None:
        due = 0 if payday.weekday >= 4 else payday.weekday + 1
        return on_or_after + timedelta(days=(due - on_or_after.weekday()) % 7)
    day = payday.day or 1
    if day == -1 or day >= 29:
        return next_payday(1, on_or_after)
    return next_payday(day, on_or_after, DAYS_AFTER_PAYDAY)


def is_after_payday(payday: Payday, day: date) -> bool:
    """Whether the day is one to three days after income arrives (CALC-PAYDAY)."""
    usual = after_payday(payday, day - timedelta(days=1))
    return abs((usual - day).days) <= 1


def next_same_day(day: date, today: date) -> date:
    """The day itself, or the same day of the first month in which it is not past."""
    months = max((today.year - day.year) * 12 + today.month - day.month, 0)
    this_month = add_months(day, months)
    return this_month if this_month >= today else add_months(day, months + 1)


def capacity(first_due: date, frequency: Frequency, anchor_day: int | None, limits: Limits, today: date) -> int:
    """How many instalments from `first_due` fit into the longest term and the largest number; 0 when none does."""
    last = today + timedelta(days=limits.max_term_days)
    most = min(limits.max_instalments, _MOST_DATES)
    if most < 1 or first_due > last:
        return 0
    return sum(1 for due in due_dates(first_due, frequency, most, anchor_day) if due <= last)


_SIXTEEN_MONTHS = 487
"""Days in sixteen average months: 30.4375 each."""


def periods_in(days: int, frequency: Frequency) -> int:
    """How many instalments a span of days holds: years of 365, months of 30 days, weeks of 7; at least one."""
    if frequency in (Frequency.MONTH, Frequency.QUARTER, Frequency.SEMI_MONTH):
        nearest = (2 * days * 16 + _SIXTEEN_MONTHS) // (2 * _SIXTEEN_MONTHS)
        months = nearest if days % 30 or not days % 365 else days // 30
        counts = {Frequency.MONTH: months, Frequency.QUARTER: months // 3, Frequency.SEMI_MONTH: months * 2}
        return max(1, counts[frequency])
    return max(1, days // {Frequency.WEEK: 7, Frequency.FORTNIGHT: 14, Frequency.FOUR_WEEKS: 28}[frequency])
