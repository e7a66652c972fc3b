"""Terms in, schedule out; and both ways to solve: the number of instalments for an amount, the amount for a number."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from core.calendar import DayRule, Frequency, add_months, adjust_all, due_dates
from core.errors import InvalidInput
from core.money import Money, currency_exponent
from core.plans.interest import Line, Method, annuity_lines, equal_principal_lines, flat_fee_lines, period_rates
from core.plans.terms import Instalment, Schedule, Terms

PERIODS_PER_YEAR = {
    Frequency.WEEK: 52,
    Frequency.FORTNIGHT: 26,
    Frequency.FOUR_WEEKS: 13,
    Frequency.SEMI_MONTH: 24,
    Frequency.MONTH: 12,
    Frequency.QUARTER: 4,
}


def build_schedule(terms: Terms) -> Schedule:
    """The schedule these terms come to.

    Instalments sum to `total` less the down payment to the minor unit, plus the interest during the plan where there is
    any; dates strictly increase. InvalidInput where no such schedule exists.
    """
    dates = _dates(terms)
    down = None
    if terms.down_payment_due is not None and terms.down_payment:
        down = Instalment(0, terms.down_payment_due, terms.down_payment)
        if dates and dates[0] <= down.due:
            raise InvalidInput("The first instalment falls due after the down payment.", first=dates[0].isoformat())
    if not terms.annual_rate:
        amounts = _amounts(terms)
        lines = tuple(map(Instalment, range(1, len(amounts) + 1), dates, amounts))
        return Schedule(lines, down, terms.total.currency)
    starts = terms.starts or (down.due if down else period_before(dates[0], terms.frequency))
    numbered = enumerate(zip(dates, _interest_lines(terms, starts, dates), strict=True), 1)
    instalments = tuple(Instalment(number, due, amount, interest) for number, (due, (amount, interest)) in numbered)
    return Schedule(instalments, down, terms.total.currency, starts)


def period_before(due: date, frequency: Frequency) -> date:
    """The date one period before `due`; half a month is 15 days."""
    if frequency in (Frequency.MONTH, Frequency.QUARTER):
        return add_months(due, -12 // PERIODS_PER_YEAR[frequency])
    days = {Frequency.WEEK: 7, Frequency.FORTNIGHT: 14, Frequency.FOUR_WEEKS: 28, Frequency.SEMI_MONTH: 15}[frequency]
    return date.fromordinal(due.toordinal() - days)


def _dates(terms: Terms) -> tuple[date, ...]:
    if terms.count == 0:
        return ()
    dates = due_dates(terms.first_due, terms.frequency, terms.count, terms.anchor_day)
    return dates if terms.rule is DayRule.NONE else adjust_all(dates, terms.rule, terms.market)


def _amounts(terms: Terms) -> tuple[Money, ...]:
    if terms.count == 0:
        return ()
    if terms.instalment is not None:
        return level_split(terms.rest, terms.instalment, terms.count)
    return terms.rest.split(terms.count, _unit(terms.rest, terms.whole_units))


def _interest_lines(terms: Terms, starts: date, dates: Sequence[date]) -> tuple[Line, ...]:
    if not dates:
        return ()
    if terms.method is Method.FLAT_FEE:
        return flat_fee_lines(terms.rest, Fraction(terms.annual_rate) / PERIODS_PER_YEAR[terms.frequency], terms.count)
    if starts >= dates[0]:
        raise InvalidInput("Interest starts before the first instalment.", starts=starts.isoformat())
    rates = period_rates(terms.annual_rate, starts, dates, terms.day_count)
    if terms.method is Method.EQUAL_PRINCIPAL:
        return equal_principal_lines(terms.rest, rates)
    return annuity_lines(terms.rest, rates, terms.instalment)


def _unit(money: Money, whole_units: bool) -> int:
    return 10 ** currency_exponent(money.currency) if whole_units else 1


def level_split(total: Money, level: Money, count: int) -> tuple[Money, ...]:
    """`count - 1` payments of `level` and a last one with the remainder.

    InvalidInput unless the last one is more than nothing and less than two levels: `count_for_amount` finds a count.
    """
    last = total - level * (count - 1)
    if level <= Money.zero(total.currency) or not Money.zero(total.currency) < last < level * 2:
        raise InvalidInput(
            "This level amount and number do not come to the total.", level=str(level), count=count, total=str(total)
        )
    return (level,) * (count - 1) + (last,)


def count_for_amount(total: Money, level: Money, min_last: Money | None = None) -> int:
    """How many instalments of `level` settle `total`, the last one being the remainder.

    800 on 16,600 is 20 of 800 and a last of 600: 21. A remainder below `min_last` (one major unit when None, never more
    than the level) is merged into the payment before it.
    """
    zero = Money.zero(total.currency)
    if level <= zero or total <= zero:
        raise InvalidInput("Give amounts above nothing.", total=str(total), level=str(level))
    least = min(level, Money(_unit(total, True), total.currency) if min_last is None else min_last)
    full, rest = divmod(total.minor, level.minor)
    return full + (1 if full == 0 or (rest and rest >= least.minor) else 0)


def amount_for_count(total: Money, count: int, whole_units: bool = False) -> Money:
    """The level instalment when `total` is settled in `count`; the last one differs by the remainder."""
    return total.split(count, _unit(total, whole_units))[0]
