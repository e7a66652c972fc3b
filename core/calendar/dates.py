"""Due dates: what falls a month, a fortnight or a quarter later, and how a day that a month lacks is clamped."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from core.errors import InvalidInput

LAST_DAY = -1


class Frequency(StrEnum):
    """How often an instalment falls due."""

    WEEK = "week"
    FORTNIGHT = "fortnight"
    FOUR_WEEKS = "four_weeks"
    SEMI_MONTH = "semi_month"
    MONTH = "month"
    QUARTER = "quarter"


_STEP_DAYS = {Frequency.WEEK: 7, Frequency.FORTNIGHT: 14, Frequency.FOUR_WEEKS: 28}
_STEP_MONTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3}


def is_last_of_month(day: date) -> bool:
    """Whether this is the last day of its month."""
    return day.day == monthrange(day.year, day.month)[1]


def on_day(year: int, month: int, day: int) -> date:
    """That day of the month, clamped to its end; `LAST_DAY` is the last one. `month` may run past 12 or below 1."""
    carry, index = divmod(month - 1, 12)
    year += carry
    month = index + 1
    last = monthrange(year, month)[1]
    return date(year, month, last if day == LAST_DAY else min(day, last))


def add_months(anchor: date, months: int) -> date:
    """The anchor's day `months` later (or earlier, when negative), clamped to month end: 31 Jan, 28 or 29 Feb, 31 Mar.

    Always step from the anchor, never from the date before, or the day drifts to the 28th.
    """
    return on_day(anchor.year, anchor.month + months, anchor.day)


def due_dates(first: date, frequency: Frequency, count: int, anchor_day: int | None = None) -> tuple[date, ...]:
    """`count` strictly increasing dates, the first being `first` as given.

    Months and quarters fall on `anchor_day` (1 to 31, or -1 for the last day; `first`'s own day when None), clamped to
    month end. Twice a month pairs that day with the one 15 days from it (1/16, 5/20), or the 15th with the last day.
    Weeks count 7, 14 or 28 days and take no anchor. InvalidInput for a count below 1 or an anchor that is no day.
    """
    if count < 1:
        raise InvalidInput("Ask for at least one date.", count=count)
    if anchor_day is not None and anchor_day != LAST_DAY and not 1 <= anchor_day <= 31:
        raise InvalidInput("The anchor is a day of the month, 1 to 31, or -1 for the last.", anchor_day=anchor_day)
    days = _STEP_DAYS.get(frequency)
    if days is not None:
        return tuple(first + timedelta(days=days * step) for step in range(count))
    anchor = first.day if anchor_day is None else anchor_day
    if frequency is Frequency.SEMI_MONTH:
        return _twice_a_month(first, count, anchor)
    months = _STEP_MONTHS[frequency]
    later = (on_day(first.year, first.month + months * step, anchor) for step in range(1, count))
    return (first, *later)


def _twice_a_month(first: date, count: int, anchor: int) -> tuple[date, ...]:
    if anchor in (LAST_DAY, 31):
        pair = (15, LAST_DAY)
    elif anchor <= 15:
        pair = (anchor, anchor + 15)
    else:
        pair = (anchor - 15, anchor)
    dates = [first]
    month = first.month
    while len(dates) < count:
        dates += [day for day in (on_day(first.year, month, half) for half in pair) if day > first]
        month += 1
    return tuple(dates[:count])


def next_payday(payday: int, on_or_after: date, days_after: int = 0) -> date:
    """The first date on or after `on_or_after` that is `days_after` days after a monthly payday.

    `payday` is a day of the month, clamped to month end, or -1 for the last day.
    """
    if payday != LAST_DAY and not 1 <= payday <= 31:
        raise InvalidInput("A payday is a day of the month, 1 to 31, or -1 for the last.", payday=payday)
    if days_after < 0:
        raise InvalidInput("Count days after the payday, not before it.", days_after=days_after)
    earliest = on_or_after - timedelta(days=days_after)
    this_month = on_day(earliest.year, earliest.month, payday)
    paid = this_month if this_month >= earliest else on_day(earliest.year, earliest.month + 1, payday)
    return paid + timedelta(days=days_after)
