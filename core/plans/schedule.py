"""Terms in, schedule out; and both ways to solve: the number of instalments for an amount, the amount for a number.

Sources: annuity and equal principal as in core.plans.interest; the remainder on the last line and the merged small last
instalment as consumer lenders do it (tests of FSharp.Finance.Personal, PaymentSchedule).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from core.calendar import DayRule, Frequency, add_months, adjust_all, due_dates
from core.errors import InvalidInput
from core.money import Money, currency_exponent, round_ratio
from core.plans.interest import Method, MinorLine, amortise, annuity_factors, principal_lines, rate_numerators
from core.plans.terms import Instalment, Remainder, Schedule, Terms

PERIODS_PER_YEAR = {
    Frequency.WEEK: 52,
    Frequency.FORTNIGHT: 26,
    Frequency.FOUR_WEEKS: 13,
    Frequency.SEMI_MONTH: 24,
    Frequency.MONTH: 12,
    Frequency.QUARTER: 4,
}
MOST_INSTALMENTS = 1200
"""As far as a number is looked for when an amount is given and interest runs: a hundred years of months."""
_USUAL_INSTALMENTS = 60


def build_schedule(terms: Terms) -> Schedule:
    """The schedule these terms come to.

    Instalments sum to `total` less the down payment to the minor unit, plus the interest during the plan where there is
    any; dates strictly increase. InvalidInput where no such schedule exists.
    """
    planned = _planned_dates(terms)
    dates = planned if terms.rule is DayRule.NONE else adjust_all(planned, terms.rule, terms.market)
    currency = terms.total.currency
    down = None
    if terms.down_payment_due is not None and terms.down_payment:
        down = Instalment(0, terms.down_payment_due, terms.down_payment)
        if dates and dates[0] <= down.due:
            raise InvalidInput("The first instalment falls due after the down payment.", first=dates[0].isoformat())
    if not terms.annual_rate:
        plain = _parts(terms) if dates else ()
        lines = tuple(map(Instalment, range(1, len(plain) + 1), dates, _as_money(plain, currency)))
        return Schedule(lines, down, currency)
    starts = interest_starts(terms)
    if not dates:
        return Schedule((), down, currency, starts)
    rated = _interest_lines(terms, starts, dates if terms.interest_on_moved_days else planned)
    amounts = _as_money([amount for amount, _ in rated], currency)
    interest = [Money(part, currency) for _, part in rated]
    return Schedule(tuple(map(Instalment, range(1, len(rated) + 1), dates, amounts, interest)), down, currency, starts)


def _as_money(amounts: Sequence[int], currency: str) -> list[Money]:
    """The same money for the same amount: most of a plan's instalments are equal."""
    known = {amount: Money(amount, currency) for amount in set(amounts)}
    return [known[amount] for amount in amounts]


def interest_starts(terms: Terms) -> date:
    """From when interest runs: as the terms say, or from the down payment, or one period before the first due date."""
    if terms.starts is None and terms.down_payment and terms.down_payment_due is not None:
        return terms.down_payment_due
    return terms.starts or period_before(terms.first_due, terms.frequency)


def period_before(due: date, frequency: Frequency) -> date:
    """The date one period before `due`; half a month is 15 days."""
    if frequency in (Frequency.MONTH, Frequency.QUARTER):
        return add_months(due, -12 // PERIODS_PER_YEAR[frequency])
    days = {Frequency.WEEK: 7, Frequency.FORTNIGHT: 14, Frequency.FOUR_WEEKS: 28, Frequency.SEMI_MONTH: 15}[frequency]
    return date.fromordinal(due.toordinal() - days)


def _planned_dates(terms: Terms, count: int | None = None) -> tuple[date, ...]:
    count = terms.count if count is None else count
    if count == 0:
        return ()
    return due_dates(terms.first_due, terms.frequency, count, terms.anchor_day, terms.days_after)


def _parts(terms: Terms) -> list[int]:
    """What each instalment settles, in minor units: the steps, then the level ones, and the balloon with the last."""
    steps = [step.amount.minor for step in terms.steps for _ in range(step.count)]
    balloon = 0 if terms.balloon is None else terms.balloon.minor
    rest = Money(terms.rest.minor - sum(steps) - balloon, terms.total.currency)
    count = terms.count - len(steps)
    if not rest:
        raise InvalidInput("Steps and balloon leave nothing for the level instalments.", total=str(terms.total))
    if terms.instalment is not None:
        level = [part.minor for part in level_split(rest, terms.instalment, count)]
    else:
        level = [part.minor for part in rest.split(count, _unit(rest, terms.whole_units))]
    if terms.remainder is Remainder.FIRST:
        level.reverse()
    parts = steps + level
    parts[-1] += balloon
    return parts


def _interest_lines(terms: Terms, starts: date, dates: Sequence[date]) -> list[MinorLine]:
    principal = terms.rest.minor
    numerator, denominator = terms.annual_rate.as_integer_ratio()
    if terms.method is Method.FLAT_FEE:
        fee = round_ratio(principal * numerator, denominator * PERIODS_PER_YEAR[terms.frequency], terms.rounding)
        return [(part + fee, fee) for part in _parts(terms)]
    if starts >= dates[0]:
        raise InvalidInput("Interest starts before the first instalment.", starts=starts.isoformat())
    numerators, denominator = rate_numerators(terms.annual_rate, (starts, *dates), terms.day_count)
    if terms.method is Method.EQUAL_PRINCIPAL:
        return principal_lines(principal, _parts(terms), numerators, denominator, terms.rounding)
    return _annuity(terms, principal, numerators, denominator)


def _annuity(terms: Terms, principal: int, numerators: list[int], denominator: int) -> list[MinorLine]:
    """Steps as they are, then level payments that clear the rest but for the balloon, which the last one clears."""
    steps = [step.amount.minor for step in terms.steps for _ in range(step.count)]
    balloon = 0 if terms.balloon is None else terms.balloon.minor
    done = len(steps)
    loose = bool(balloon)

    def run(payments: list[int]) -> list[MinorLine]:
        return amortise(principal, numerators, denominator, payments, interest_only=loose, rounding=terms.rounding)

    if terms.instalment is not None:
        level = terms.instalment.minor
    else:
        balance = principal
        if steps:
            balance -= sum(amount - interest for amount, interest in run(steps)[:done])
        growth, annuity, scale = annuity_factors(numerators[done:], denominator)
        unit = _unit(terms.total, terms.whole_units)
        level = unit * round_ratio(balance * growth - balloon * scale, annuity * unit, terms.level_rounding)
    payments = steps + [level] * (len(numerators) - done - 1)
    lines = run(payments)
    last = lines[-1][0] - balloon
    if terms.instalment is not None and last >= 2 * level:
        raise InvalidInput("This level amount does not fit the number of instalments.", level=str(terms.instalment))
    if terms.remainder is Remainder.LAST or len(payments) == done:
        return lines
    return _remainder_first(run, payments, done, balloon, (numerators, denominator))


def _remainder_first(
    run: Callable[[list[int]], list[MinorLine]],
    payments: list[int],
    first: int,
    balloon: int,
    rates: tuple[list[int], int],
) -> list[MinorLine]:
    """The first level payment carries the remainder: it moves by the last one's gap, discounted to its date.

    Where interest is rounded on every line between the two, the last one may stay some minor units off.
    """
    level = payments[first]
    growth, _, scale = annuity_factors(rates[0][first + 1 :], rates[1])
    lines = run(payments)
    for _ in range(3):
        gap = lines[-1][0] - balloon - level
        moved = round_ratio(gap * scale, growth)
        if not moved:
            break
        payments[first] += moved
        lines = run(payments)
    return lines


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
    """How many instalments of `level` settle `total` without interest, the last one being the remainder.

    800 on 16,600 is 20 of 800 and a last of 600: 21. A remainder below `min_last` (one major unit when None, or what
    rounding the level half-up leaves over; never more than the level) is merged into the payment before it.
    """
    zero = Money.zero(total.currency)
    if level <= zero or total <= zero:
        raise InvalidInput("Give amounts above nothing.", total=str(total), level=str(level))
    full, rest = divmod(total.minor, level.minor)
    least = _least_last(level, -(-full // 2), min_last)
    return full + (1 if full == 0 or (rest and rest >= least) else 0)


def _least_last(level: Money, residue: int, min_last: Money | None) -> int:
    least = max(_unit(level, True), residue) if min_last is None else min_last.minor
    return min(level.minor, least)


def amount_for_count(total: Money, count: int, whole_units: bool = False) -> Money:
    """The level instalment when `total` is settled in `count` without interest; the last differs by the remainder."""
    return total.split(count, _unit(total, whole_units))[0]


def solve_amount(terms: Terms) -> Money:
    """The level instalment that these terms come to, interest included; the last one differs by the remainder."""
    lines = build_schedule(replace(terms, instalment=None)).instalments
    level = lines[sum(step.count for step in terms.steps) :]
    if not level:
        raise InvalidInput("There are no instalments to solve the amount of.", count=terms.count)
    return level[0 if len(level) == 1 or terms.remainder is Remainder.LAST else 1].amount


def solve_count(terms: Terms, level: Money, min_last: Money | None = None) -> Terms:
    """These terms with `level` as the instalment and the number that it takes, interest included; `count` is not read.

    The last one is the remainder; below `min_last` (as for `count_for_amount`, but here rounding the level and each
    line's interest may leave over two minor units a line) it is merged into the one before it. InvalidInput
    when the level never settles it, or the terms have steps, a balloon or a fee by the instalment.
    """
    if terms.steps or terms.balloon or (terms.annual_rate and terms.method is not Method.ANNUITY):
        raise InvalidInput("A number is solved for level instalments only.", method=terms.method.value)
    if not terms.annual_rate:
        count = count_for_amount(terms.rest, level, min_last)
    else:
        count = _count_with_interest(terms, level, min_last)
    return replace(terms, count=count, instalment=level if count > 1 else None)


def _count_with_interest(terms: Terms, level: Money, min_last: Money | None) -> int:
    for most in (_USUAL_INSTALMENTS, MOST_INSTALMENTS):
        count = _count_within(terms, level, min_last, most)
        if count is not None:
            return count
    raise InvalidInput("This level amount never settles the total.", level=str(level), total=str(terms.total))


def _count_within(terms: Terms, level: Money, min_last: Money | None, most: int) -> int | None:
    dates = _planned_dates(terms, most)
    edges = (interest_starts(terms), *dates)
    numerators, denominator = rate_numerators(terms.annual_rate, edges, terms.day_count)
    balance = terms.rest.minor
    for count, numerator in enumerate(numerators):
        interest = round_ratio(balance * numerator, denominator, terms.rounding)
        if count and balance + interest < _least_last(level, 2 * count, min_last):
            return count
        if balance + interest <= level.minor:
            return count + 1
        if level.minor <= interest:
            return None
        balance += interest - level.minor
    return None
