"""Interest during a plan: what each instalment is, and how much of it is interest.

Sources: annuity and equal principal as in EC/DG FISMA, "Examples for the calculation of the APR" (2015), examples 1 and
13, a balance after k payments (balloon) as in example 7. Interest is rounded line by line (half-up unless told), and
the last payment clears the balance to the minor unit.

The interest of period k is a ratio n_k/d with one denominator d for all of them, so that everything is counted in whole
numbers.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import lcm

from core.errors import InvalidInput
from core.money import Money, round_ratio
from core.plans.daycount import DayCount, days_between, days_of_year

Line = tuple[Money, Money]
"""The amount to pay and the interest (or fee) in it."""
MinorLine = tuple[int, int]
"""The same in minor units."""


class Method(StrEnum):
    """How interest during a plan is spread over its instalments."""

    ANNUITY = "annuity"
    EQUAL_PRINCIPAL = "equal_principal"
    FLAT_FEE = "flat_fee"


class Treatment(StrEnum):
    """What becomes of the contract's interest during a plan (信用卡业务监督管理办法 70, its third mandatory item)."""

    STOPPED = "stopped"
    REDUCED = "reduced"
    CONTINUING = "continuing"


def plan_rate(treatment: Treatment, contract_rate: Decimal, reduced_rate: Decimal | None = None) -> Decimal:
    """The annual rate during a plan, a ratio: nothing, the reduced one (never above the contract's), or the contract's.

    InvalidInput when a reduced rate is missing, negative or above the contract's.
    """
    if treatment is Treatment.STOPPED:
        return Decimal(0)
    if treatment is Treatment.CONTINUING:
        return contract_rate
    if reduced_rate is None or not 0 <= reduced_rate <= contract_rate:
        raise InvalidInput("A reduced rate lies between nothing and the contract's.", reduced_rate=str(reduced_rate))
    return reduced_rate


def annuity_level(principal: Fraction, rates: Sequence[Fraction]) -> Fraction:
    """The exact level payment that clears `principal` over periods with these interest rates (等额本息).

    With one rate i throughout it is P·i/(1-(1+i)^-n), and P/n at rate zero. InvalidInput for no principal, no period or
    a negative rate.
    """
    if principal <= 0 or not rates or min(rates) < 0:
        raise InvalidInput(
            "An annuity pays off more than nothing, in one period or more, at no negative rate.",
            principal=str(principal),
            periods=len(rates),
        )
    numerators, denominator = common(rates)
    growth, annuity, _ = annuity_factors(numerators, denominator)
    return principal * growth / annuity


def annuity_factors(numerators: Sequence[int], denominator: int) -> tuple[int, int, int]:
    """(g, a, s): after all periods a principal P less level payments L stands at (P·g - L·a)/s, in whole numbers.

    It is B_k = B_(k-1)·(1+r_k) - L written out, so L = (P·g - B·s)/a leaves a balloon B.
    """
    growth, annuity, scale = 1, 0, 1
    for numerator in numerators:
        factor = denominator + numerator
        growth *= factor
        scale *= denominator
        annuity = annuity * factor + scale
    return growth, annuity, scale


def common(rates: Sequence[Fraction]) -> tuple[list[int], int]:
    """The rates as numerators over their common denominator."""
    denominator = lcm(*(rate.denominator for rate in rates))
    return [rate.numerator * (denominator // rate.denominator) for rate in rates], denominator


def rate_numerators(annual_rate: Decimal, edges: Sequence[date], basis: DayCount) -> tuple[list[int], int]:
    """The simple interest rate of each period between neighbouring dates, as numerators over one denominator."""
    numerator, denominator = annual_rate.as_integer_ratio()
    if basis in (DayCount.ACT_365, DayCount.ACT_360):
        ordinals = [edge.toordinal() for edge in edges]
        days = [b - a for a, b in pairwise(ordinals)]
    else:
        days = [days_between(a, b, basis) for a, b in pairwise(edges)]
    return [numerator * count for count in days], denominator * days_of_year(basis)


def period_rates(annual_rate: Decimal, starts: date, dates: Sequence[date], basis: DayCount) -> tuple[Fraction, ...]:
    """The simple interest rate of each period that ends on one of `dates`, the first beginning at `starts`."""
    numerators, denominator = rate_numerators(annual_rate, (starts, *dates), basis)
    return tuple(Fraction(numerator, denominator) for numerator in numerators)


def amortise(
    principal: int,
    numerators: Sequence[int],
    denominator: int,
    payments: Sequence[int],
    *,
    interest_only: bool = False,
    rounding: str = ROUND_HALF_UP,
) -> list[MinorLine]:
    """Pay `payments` (all but the last) on a balance that bears interest, and clear it with the last.

    InvalidInput when a payment does not cover its interest and, unless `interest_only`, something of the balance; or
    when the balance is cleared before the last.
    """
    lines: list[MinorLine] = []
    balance, half, whole = principal, denominator // 2, 0 if interest_only else 1
    plain = rounding == ROUND_HALF_UP
    for numerator, payment in zip(numerators, payments, strict=False):
        exact = balance * numerator
        interest = (exact + half) // denominator if plain else round_ratio(exact, denominator, rounding)
        balance += interest - payment
        if payment <= 0 or payment - interest < whole or balance <= 0:
            raise InvalidInput("This level amount does not fit the number of instalments.", level=payment)
        lines.append((payment, interest))
    interest = round_ratio(balance * numerators[-1], denominator, rounding)
    lines.append((balance + interest, interest))
    return lines


def annuity_lines(
    principal: Money, rates: Sequence[Fraction], level: Money | None = None, rounding: str = ROUND_HALF_UP
) -> tuple[Line, ...]:
    """Level payments (the annuity's, rounded half-up, unless `level` is given), the last one clearing the balance.

    InvalidInput when the level does not cover the interest, or clears the balance before the last payment.
    """
    numerators, denominator = common(rates)
    if level is None:
        growth, annuity, _ = annuity_factors(numerators, denominator)
        each = round_ratio(principal.minor * growth, annuity)
    else:
        each = level.minor
    lines = amortise(principal.minor, numerators, denominator, [each] * (len(rates) - 1), rounding=rounding)
    return as_money(lines, principal.currency)


def principal_lines(
    principal: int, parts: Sequence[int], numerators: Sequence[int], denominator: int, rounding: str = ROUND_HALF_UP
) -> list[MinorLine]:
    """Each part of the principal with the interest on what was still owed before it."""
    lines: list[MinorLine] = []
    balance = principal
    for numerator, part in zip(numerators, parts, strict=True):
        interest = round_ratio(balance * numerator, denominator, rounding)
        balance -= part
        lines.append((part + interest, interest))
    return lines


def equal_principal_lines(
    principal: Money, rates: Sequence[Fraction], rounding: str = ROUND_HALF_UP
) -> tuple[Line, ...]:
    """Equal parts of principal, each with the interest on what was still owed (等额本金)."""
    parts = [part.minor for part in principal.split(len(rates))]
    return as_money(principal_lines(principal.minor, parts, *common(rates), rounding), principal.currency)


def flat_fee_lines(principal: Money, fee_rate: Fraction, count: int) -> tuple[Line, ...]:
    """Equal parts of principal, each with the same fee, a ratio of the principal at the start (分期手续费)."""
    fee = principal.share(fee_rate)
    return tuple((part + fee, fee) for part in principal.split(count))


def as_money(lines: Sequence[MinorLine], currency: str) -> tuple[Line, ...]:
    """Lines in minor units as money."""
    return tuple((Money(amount, currency), Money(interest, currency)) for amount, interest in lines)
