"""Which calendar day a way of speaking means. Weeks run Monday to Sunday; every date is the debtor's local one."""

import calendar
import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial

from nlu.entities.spans import Context, Scene

Found = tuple[date | None, str] | None
"""A day and its grain."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def safe_date(year: int, month: int, day: int) -> date | None:
    """That day, or None where the calendar has none."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def shift_month(today: date, months: int) -> date | None:
    """The first day of the month that many months on."""
    index = today.year * 12 + today.month - 1 + months
    return safe_date(index // 12, index % 12 + 1, 1)


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def in_month(first: date | None, day: int) -> date | None:
    """That day of the month beginning at `first`; -1 is its last."""
    if first is None:
        return None
    return month_end(first) if day == -1 else safe_date(first.year, first.month, day)


def next_month_day(today: date, day: int, *, past: bool = False) -> date | None:
    """The nearest such day of a month after today (before or on today when `past`)."""
    for months in range(14):
        candidate = in_month(shift_month(today, -months if past else months), day)
        if candidate and (candidate <= today if past else candidate > today):
            return candidate
    return None


def nearest_end(today: date, day: int, *, past: bool = False) -> date | None:
    """A part of the month named without one (月底, "mid month"): today counts as not yet past."""
    first = shift_month(today, 0)
    here = in_month(first, day)
    if here and (here <= today if past else here >= today):
        return here
    return next_month_day(today, day, past=past)


def year_day(today: date, month: int, day: int, *, past: bool = False) -> date | None:
    """The nearest such day of a year from today on (up to today when `past`)."""
    for years in range(9):
        candidate = safe_date(today.year + (-years if past else years), month, day)
        if candidate and (candidate <= today if past else candidate >= today):
            return candidate
    return None


def named_month(today: date, month: int, *, past: bool = False) -> date | None:
    """The first day of the nearest such month, the current one included."""
    year = today.year
    if past:
        year -= month > today.month
    else:
        year += month < today.month
    return safe_date(year, month, 1)


def week_start(today: date, weeks: int = 0) -> date | None:
    return shift_days(today, -today.weekday() + 7 * weeks)


def shift_days(today: date, days: int) -> date | None:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


def weekday_of_week(today: date, weekday: int, weeks: int) -> date | None:
    """That weekday in the week so many weeks on."""
    return shift_days(today, -today.weekday() + 7 * weeks + weekday)


def nearest_weekday(today: date, weekday: int, *, past: bool = False, include_today: bool = False) -> date | None:
    """The nearest such weekday after today, or before it when `past`."""
    ahead = (weekday - today.weekday()) % 7
    if ahead == 0:
        return today if include_today else shift_days(today, -7 if past else 7)
    return shift_days(today, ahead - 7 if past else ahead)


def shift_by(today: date, count: int, unit: str) -> date | None:
    """So many days, weeks, months or years on (back when negative); a month end is clipped, not overrun."""
    if abs(count) > 10_000:
        return None
    if unit in ("day", "week"):
        return shift_days(today, count * (7 if unit == "week" else 1))
    first = shift_month(today, count * (12 if unit == "year" else 1))
    return in_month(first, min(today.day, month_end(first).day)) if first else None


def full_year(text: str, today: date, *, birth: bool = False) -> int:
    """The year that two or four digits mean; two digits of a birth year lie in the past."""
    year = int(text)
    if year >= 100:
        return year
    year += 2000
    return year - 100 if (year > today.year - 10 if birth else year > today.year + 30) else year


def numeric_date(
    a: str, b: str, year: str | None, *, month_first: bool, today: date, past: bool = False
) -> date | None:
    """Two or three numbers with a separator, in the market's order; the other order where that one is no date."""
    first, second = int(a), int(b)
    for month, day in ((first, second), (second, first)) if month_first else ((second, first), (first, second)):
        if year is not None:
            found = safe_date(full_year(year, today), month, day)
        else:
            found = year_day(today, month, day, past=past)
        if found:
            return found
    return None


def in_tense(read: Callable[[bool], Found], timeless: Callable[[], bool], *, past: bool, today: date) -> Found:
    """What `read` finds, past or to come; a day that no tense settles lies behind when the next is far off."""
    ahead = read(past)
    if past or not (ahead and ahead[0] and (ahead[0] - today).days > 270 and timeless()):
        return ahead
    behind = read(True)
    return behind if behind and behind[0] and 0 <= (today - behind[0]).days <= 100 else ahead


def take_dates(
    scene: Scene,
    rules: Iterable[tuple[re.Pattern[str], Callable[[re.Match[str], Context, bool], Found]]],
    is_past: Callable[[str, int, int], bool],
    is_timeless: Callable[[str, int, int], bool],
) -> None:
    """Take what each rule finds, in the tense of the words around it; rules that come first take first."""
    for pattern, read in rules:
        for match in pattern.finditer(scene.view):
            span, today = match.span(), scene.context.today
            timeless = partial(is_timeless, scene.view, *span)
            past = is_past(scene.view, *span)
            result = in_tense(partial(read, match, scene.context), timeless, past=past, today=today)
            if result and result[0]:
                scene.take("date", {"value": result[0].isoformat(), "grain": result[1]}, *span)
