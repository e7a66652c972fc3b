"""Due dates: what falls a month, a fortnight or a quarter later, and how a day that a month lacks is clamped."""

from calendar import isleap
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


_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_STEP_DAYS = {Frequency.WEEK: 7, Frequency.FORTNIGHT: 14, Frequency.FOUR_WEEKS: 28}
_STEP_MONTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3}


def last_of_month(year: int, month: int) -> int:
    """How many days the month (1 to 12) has."""
    return 29 if month == 2 and isleap(year) else _MONTH_DAYS[month - 1]


def is_last_of_month(day: date) -> bool:
    """Whether this is the last day of its month."""
    return day.day == last_of_month(day.year, day.month)


def on_day(year: int, month: int, day: int) -> date:
    """That day of the month, clamped to its end; `LAST_DAY` is the last one. `month` may run past 12 or below 1."""
    if not 1 <= month <= 12:
        carry, index = divmod(month - 1, 12)
        year, month = year + carry, index + 1
    if 0 < day <= 28:
        return date(year, month, day)
    last = last_of_month(year, month)
    return date(year, month, last if day == LAST_DAY or day > last else day)


def add_months(anchor: date, months: int) -> date:
    """The anchor's day `months` later (or earlier, when negative), clamped to month end: 31 Jan, 28 or 29 Feb, 31 Mar.

    Always step from the anchor, never from the date before, or the day drifts to the 28th.
    """
    return on_day(anchor.year, anchor.month + months, anchor.day)


def due_dates(
    first: date, frequency: Frequency, count: int, anchor_day: int | None = None, days_after: int = 0
) -> tuple[date, ...]:
    """`count` strictly increasing dates, the first being `first` as given.

    Months and quarters fall on `anchor_day` (1 to 31, or -1 for the last day; `first`'s own day when None), clamped to
    month end. Twice a month pairs that day with the one 15 days from it (1/16, 5/20), or the 15th with the last day.
    Weeks count 7, 14 or 28 days and take no anchor. With `days_after` the anchor is a payday, and every date lies that
    many days after it: two days after a payday on the 30th is 2 March, and 1 May. InvalidInput for a count below 1,
    an anchor that is no day, or days before the payday.
    """
    if count < 1:
        raise InvalidInput("Ask for at least one date.", count=count)
    if anchor_day is not None and anchor_day != LAST_DAY and not 1 <= anchor_day <= 31:
        raise InvalidInput("The anchor is a day of the month, 1 to 31, or -1 for the last.", anchor_day=anchor_day)
    if days_after:
        _not_before(days_after)
        later = timedelta(days=days_after)
        return tuple(payday + later for payday in due_dates(first - later, frequency, count, anchor_day))
    days = _STEP_DAYS.get(frequency)
    if days is not None:
        start = first.toordinal()
        return tuple(map(date.fromordinal, range(start, start + days * count, days)))
    anchor = first.day if anchor_day is None else anchor_day
    if frequency is Frequency.SEMI_MONTH:
        return _twice_a_month(first, count, anchor)
    return (first, *_monthly(first, _STEP_MONTHS[frequency], count, anchor))


def _monthly(first: date, months: int, count: int, anchor: int) -> list[date]:
    """The dates after `first`, every so many months, counted from year 0 to keep one addition a date."""
    start = 12 * first.year + first.month - 1
    steps = range(start + months, start + months * count, months)
    if 0 < anchor <= 28:
        return [date(at // 12, at % 12 + 1, anchor) for at in steps]
    wanted = 31 if anchor == LAST_DAY else anchor
    return [date(at // 12, at % 12 + 1, min(wanted, last_of_month(at // 12, at % 12 + 1))) for at in steps]


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
    _not_before(days_after)
    earliest = on_or_after - timedelta(days=days_after)
    this_month = on_day(earliest.year, earliest.month, payday)
    paid = this_month if this_month >= earliest else on_day(earliest.year, earliest.month + 1, payday)
    return paid + timedelta(days=days_after)


def next_in_series(known: date, frequency: Frequency, on_or_after: date, days_after: int = 0) -> date:
    """The first date on or after `on_or_after` that is `days_after` days after a payday of the series.

    `known` is any one payday of a wage paid every one, two or four weeks, every month or every quarter: "I was paid on
    the 6th, every fortnight". Half months have no such series: give a payday. InvalidInput for half months and for days
    before the payday.
    """
    _not_before(days_after)
    earliest = on_or_after - timedelta(days=days_after)
    if frequency in _STEP_DAYS:
        behind = (earliest - known).days % _STEP_DAYS[frequency]
        return on_or_after + timedelta(days=-behind % _STEP_DAYS[frequency])
    if frequency is Frequency.SEMI_MONTH:
        raise InvalidInput("Give the payday of a wage that is paid twice a month.", frequency=frequency.value)
    step = _STEP_MONTHS[frequency]
    months = 12 * (earliest.year - known.year) + earliest.month - known.month
    months -= months % step
    paid = add_months(known, months)
    return (paid if paid >= earliest else add_months(known, months + step)) + timedelta(days=days_after)


def deferred(first: date, frequency: Frequency, periods: int, anchor_day: int | None = None) -> date:
    """The first due date after `periods` are let pass without a payment; `first` itself when none is."""
    return due_dates(first, frequency, periods + 1, anchor_day)[-1]


def _not_before(days_after: int) -> None:
    if days_after < 0:
        raise InvalidInput("Count days after the payday, not before it.", days_after=days_after)
