"""Rates from cash flows: the one place of the calculator where floating point is let in, and no money comes out of it.

A flow is (time, amount): what the creditor hands over is negative, what comes back positive; time counts in periods, or
years. Sources: 12 CFR 1026 Appendix J(b)(8) (US actuarial), Directive 2008/48/EC Annex I and FCA CONC App 1.2 (APRC),
XIRR with exponent (d - d0)/365.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import inf, isfinite

from core.errors import InvalidInput

Number = int | Fraction
Flow = tuple[Fraction, Number]
UnitFlow = tuple[int, Fraction, Number]
"""Whole unit periods, the fraction of one that is left over, and the amount."""

_CEILING = 1e15


def _ratio(number: Number) -> float:
    return number.numerator / number.denominator


def _decimal(rate: float) -> Decimal:
    return Decimal(repr(rate))


def solve(value_at: Callable[[float], float]) -> float:
    """A rate above -1 at which `value_at` is nothing: bracketed outwards from 0, then found by Brent's method.

    InvalidInput when there is none.
    """
    at_zero = value_at(0.0)
    if at_zero == 0.0:
        return 0.0
    high = 0.01
    while high < _CEILING:
        if _opposed(at_zero, value_at(high)):
            return _brent(value_at, 0.0, high)
        high *= 4.0
    return _solve_below(value_at, at_zero)


def _solve_below(value_at: Callable[[float], float], at_zero: float) -> float:
    """The rate between -1 and 0: the factor 1 + rate shrinks step by step, by less where the value overflows."""
    reached, step = 1.0, 0.25
    while reached > 1e-6 and step < 1.0 - 1e-12:
        try:
            value = value_at(reached * step - 1.0)
        except OverflowError:
            value = inf
        if not isfinite(value):
            step = (1.0 + step) / 2.0
            continue
        if _opposed(at_zero, value):
            return _brent(value_at, reached * step - 1.0, reached - 1.0)
        reached *= step
    raise InvalidInput("These payments have no rate.")


def _opposed(left: float, right: float) -> bool:
    return (left > 0.0) != (right > 0.0)


def _brent(value_at: Callable[[float], float], low: float, high: float) -> float:
    """Brent, R. P., Algorithms for Minimization Without Derivatives (1973), chapter 4."""
    a, b = low, high
    fa, fb = value_at(a), value_at(b)
    c, fc = a, fa
    step = last_step = b - a
    while True:
        if not _opposed(fb, fc):
            c, fc = a, fa
            step = last_step = b - a
        if abs(fc) < abs(fb):
            a, b, c = b, c, b
            fa, fb, fc = fb, fc, fb
        tolerance = 4e-16 * abs(b) + 1e-17
        middle = 0.5 * (c - b)
        if abs(middle) <= tolerance or fb == 0.0:
            return b
        last_step, step = _brent_step((a, fa), (b, fb), (c, fc), step=step, last_step=last_step, tolerance=tolerance)
        a, fa = b, fb
        b += step if abs(step) > tolerance else (tolerance if middle > 0.0 else -tolerance)
        fb = value_at(b)


def _brent_step(
    a: tuple[float, float],
    b: tuple[float, float],
    c: tuple[float, float],
    *,
    step: float,
    last_step: float,
    tolerance: float,
) -> tuple[float, float]:
    middle = 0.5 * (c[0] - b[0])
    if abs(last_step) < tolerance or abs(a[1]) <= abs(b[1]):
        return middle, middle
    s = b[1] / a[1]
    if a[0] == c[0]:
        p, q = 2.0 * middle * s, 1.0 - s
    else:
        q, r = a[1] / c[1], b[1] / c[1]
        p = s * (2.0 * middle * q * (q - r) - (b[0] - a[0]) * (r - 1.0))
        q = (q - 1.0) * (r - 1.0) * (s - 1.0)
    if p > 0.0:
        q = -q
    p = abs(p)
    if 2.0 * p < min(3.0 * middle * q - abs(tolerance * q), abs(last_step * q)):
        return step, p / q
    return middle, middle


def _both_ways(amounts: Sequence[Number]) -> None:
    if not (any(amount > 0 for amount in amounts) and any(amount < 0 for amount in amounts)):
        raise InvalidInput("A rate needs money going both ways.")


def effective_rate(flows: Sequence[Flow]) -> Decimal:
    """The rate X per unit of time with sum amount·(1+X)^-t = 0, as a ratio: APRC and APR (UK) with time in years."""
    _both_ways([amount for _, amount in flows])
    terms = [(-_ratio(time), _ratio(amount)) for time, amount in flows]
    return _decimal(solve(lambda x: sum(amount * (1.0 + x) ** power for power, amount in terms)))


def irr(amounts: Sequence[Number]) -> Decimal:
    """The internal rate of return per period of evenly spaced flows, the first at time 0, as a ratio."""
    return effective_rate([(Fraction(period), amount) for period, amount in enumerate(amounts)])


def xirr(flows: Sequence[tuple[date, Number]]) -> Decimal:
    """The effective annual rate of dated flows, as a ratio; years are days from the first date over 365."""
    start = min((day for day, _ in flows), default=date.min)
    return effective_rate([(Fraction((day - start).days, 365), amount) for day, amount in flows])


def nominal_annual(per_period: Decimal, periods: int = 12) -> Decimal:
    """The nominal annual rate: the period's rate times the periods of a year."""
    return per_period * periods


def effective_annual(per_period: Decimal, periods: int = 12) -> Decimal:
    """The effective annual rate (EAR): the period's rate compounded over a year."""
    return (1 + per_period) ** periods - 1


def us_actuarial(flows: Sequence[UnitFlow], periods_per_year: Number) -> Decimal:
    """The US APR, as a ratio: periods a year times the i with sum amount/((1+f·i)(1+i)^t) = 0 (Appendix J(b)(8))."""
    _both_ways([amount for _, _, amount in flows])
    terms = [(-whole, _ratio(part), _ratio(amount)) for whole, part, amount in flows]

    def value_at(i: float) -> float:
        return sum(amount * (1.0 + i) ** power / (1.0 + part * i) for power, part, amount in terms)

    return _decimal(solve(value_at) * _ratio(periods_per_year))
