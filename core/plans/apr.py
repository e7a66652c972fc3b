"""The rate of a plan: what the person pays beyond the sum advanced or forgone, as APR (US), APRC (EU, UK) or IRR."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from core.calendar import Frequency, add_months, is_last_of_month
from core.money import Money
from core.plans.rates import Flow, UnitFlow, effective_rate, irr, us_actuarial, xirr
from core.plans.schedule import PERIODS_PER_YEAR
from core.plans.terms import Schedule

_UNIT_DAYS = {Frequency.WEEK: 7, Frequency.FORTNIGHT: 14, Frequency.FOUR_WEEKS: 28}


def _flows(schedule: Schedule, advanced: Money, on: date) -> list[tuple[date, int]]:
    return [(on, -advanced.minor), *((line.due, line.amount.minor) for line in schedule.lines)]


def plan_xirr(schedule: Schedule, advanced: Money, on: date) -> Decimal:
    """The effective annual rate (days over 365) of paying this schedule for `advanced` on `on`; a ratio."""
    return xirr(_flows(schedule, advanced, on))


def plan_aprc(schedule: Schedule, advanced: Money, on: date) -> Decimal:
    """The APRC (EU) or APR (UK) of paying this schedule for `advanced` on `on`; a ratio; to show to one decimal."""
    flows: list[Flow] = [(years_between(on, day), amount) for day, amount in _flows(schedule, advanced, on)]
    return effective_rate(flows)


def plan_apr_us(schedule: Schedule, advanced: Money, on: date, frequency: Frequency) -> Decimal:
    """The APR (US actuarial) of paying this schedule for `advanced` on `on`; a ratio; to show to two decimals."""
    flows: list[UnitFlow] = [
        (*unit_periods(on, day, frequency), amount) for day, amount in _flows(schedule, advanced, on)
    ]
    return us_actuarial(flows, PERIODS_PER_YEAR[frequency])


def plan_irr(schedule: Schedule, advanced: Money) -> Decimal:
    """The internal rate of return per period, a ratio, as if every instalment came a whole period after the one before;
    a down payment counts as paid at once (年化利率 by the IRR: nominal and effective are made from this one)."""
    down = 0 if schedule.down_payment is None else schedule.down_payment.amount.minor
    return irr([down - advanced.minor, *(line.amount.minor for line in schedule.instalments)])


def years_between(start: date, end: date) -> Fraction:
    """Years as the EU and UK equations count them: whole months back from `end`, each a twelfth, and the days left over
    365, or 366 where the year counted back from the regular date has a 29 February (EC examples 2 and 18)."""
    months, regular = _whole_months_back(start, end)
    if (regular - start).days == 0:
        return Fraction(months, 12)
    year = (regular - add_months(regular, -12)).days
    return Fraction(months, 12) + Fraction((regular - start).days, year)


def unit_periods(start: date, end: date, frequency: Frequency) -> tuple[int, Fraction]:
    """Whole unit periods counted back from `end`, and the fraction left (Appendix J(b)(3) to (5)): days over 30 for a
    month, 15 for half a month, 7, 14 or 28 for weeks, 90 for a quarter, whose whole left-over months count 30 days."""
    if frequency in _UNIT_DAYS:
        whole, days = divmod((end - start).days, _UNIT_DAYS[frequency])
        return whole, Fraction(days, _UNIT_DAYS[frequency])
    months, regular = _whole_months_back(start, end)
    days = (regular - start).days
    if frequency is Frequency.MONTH:
        return months, Fraction(days, 30)
    if frequency is Frequency.QUARTER:
        return months // 3, Fraction(30 * (months % 3) + days, 90)
    half, days = divmod(days, 15)
    return 2 * months + half, Fraction(days, 15)


def _whole_months_back(start: date, end: date) -> tuple[int, date]:
    """How many whole months fit counting back from `end`, and the date they lead to; a last day stays a last day."""

    def back(months: int) -> date:
        day = add_months(end, -months)
        if is_last_of_month(end):
            return add_months(day.replace(day=1), 1) - timedelta(days=1)
        return day

    months = 12 * (end.year - start.year) + end.month - start.month
    if back(months) < start:
        months -= 1
    return months, back(months)
