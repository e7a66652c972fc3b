"""Day counts and simple interest over a period."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from core.calendar import is_last_of_month
from core.money import Money


class DayCount(StrEnum):
    """How days between two dates are counted, and how many make a year."""

    ACT_365 = "act/365"
    ACT_360 = "act/360"
    D30_360 = "30/360"
    D30E_360 = "30e/360"


_ACTUAL = (DayCount.ACT_365, DayCount.ACT_360)
_EUROBOND = DayCount.D30E_360


def days_between(start: date, end: date, basis: DayCount = DayCount.ACT_365) -> int:
    """Days from `start` to `end` on the basis, negative when `end` comes first.

    Sources: ISDA 2006 Definitions 4.16(d) Actual/365 (Fixed), (e) Actual/360, (g) 30E/360 Eurobond (the 31st counts as
    the 30th on either side); 30/360 is the US rule with its end-of-February cases (SIFMA Standard Securities
    Calculation Methods).
    """
    if basis in _ACTUAL:
        return (end - start).days
    first, last = start.day, end.day
    if basis is _EUROBOND:
        first, last = min(first, 30), min(last, 30)
    elif first >= 28:
        if start.month == 2 and is_last_of_month(start):
            first = 30
            if end.month == 2 and is_last_of_month(end):
                last = 30
        if first >= 30:
            first, last = 30, min(last, 30)
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def days_of_year(basis: DayCount) -> int:
    """How many days the basis takes for a year: 365 or 360, leap year or not."""
    return 365 if basis is DayCount.ACT_365 else 360


def year_fraction(start: date, end: date, basis: DayCount = DayCount.ACT_365) -> Fraction:
    """The exact part of a year between the dates: days on the basis over 365 or 360."""
    return Fraction(days_between(start, end, basis), days_of_year(basis))


def interest_for(
    balance: Money,
    annual_rate: Decimal,
    start: date,
    end: date,
    basis: DayCount = DayCount.ACT_365,
    *,
    rounding: str = ROUND_HALF_UP,
) -> Money:
    """Simple interest on `balance` from `start` to `end`; `annual_rate` is a ratio (0.18 for 18 %), rounded once."""
    return balance.share(Fraction(annual_rate) * year_fraction(start, end, basis), rounding)
