"""Interest during a plan: what each instalment is, and how much of it is interest.

Sources: annuity and equal principal as in EC/DG FISMA, "Examples for the calculation of the APR" (2015), examples 1 and
13, with interest rounded half-up per line and the remainder on the last instalment.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from core.errors import InvalidInput
from core.money import Money
from core.plans.daycount import DayCount, year_fraction

Line = tuple[Money, Money]
"""The amount to pay and the interest (or fee) in it."""


class Method(StrEnum):
    """How interest during a plan is spread over its instalments."""

    ANNUITY = "annuity"
    EQUAL_PRINCIPAL = "equal_principal"
    FLAT_FEE = "flat_fee"


def annuity_level(principal: Fraction, rates: Sequence[Fraction]) -> Fraction:
    """The exact level payment that clears `principal` over periods with these interest rates (等额本息).

    With one rate i throughout it is P·i/(1-(1+i)^-n), and P/n at rate zero.
    """
    discount, annuity = Fraction(1), Fraction(0)
    for rate in rates:
        discount /= 1 + rate
        annuity += discount
    return principal / annuity


def period_rates(annual_rate: Decimal, starts: date, dates: Sequence[date], basis: DayCount) -> tuple[Fraction, ...]:
    """The simple interest rate of each period that ends on one of `dates`, the first beginning at `starts`."""
    edges = (starts, *dates)
    rate = Fraction(annual_rate)
    return tuple(rate * year_fraction(a, b, basis) for a, b in pairwise(edges))


def annuity_lines(
    principal: Money, rates: Sequence[Fraction], level: Money | None = None, rounding: str = ROUND_HALF_UP
) -> tuple[Line, ...]:
    """Level payments (the annuity's, rounded half-up, unless `level` is given), the last one clearing the balance.

    InvalidInput when the level does not cover the interest, or clears the balance before the last payment.
    """
    if level is None:
        exact = annuity_level(Fraction(principal.minor), rates)
        level = Money(1, principal.currency).share(exact)
    balance = principal
    lines: list[Line] = []
    for rate in rates[:-1]:
        interest = balance.share(rate, rounding)
        balance = balance + interest - level
        lines.append((level, interest))
        if level <= interest or balance <= Money.zero(principal.currency):
            raise InvalidInput("This level amount does not fit the number of instalments.", level=str(level))
    interest = balance.share(rates[-1], rounding)
    return (*lines, (balance + interest, interest))


def equal_principal_lines(
    principal: Money, rates: Sequence[Fraction], rounding: str = ROUND_HALF_UP
) -> tuple[Line, ...]:
    """Equal parts of principal, each with the interest on what was still owed (等额本金)."""
    balance = principal
    lines: list[Line] = []
    for rate, part in zip(rates, principal.split(len(rates)), strict=True):
        interest = balance.share(rate, rounding)
        balance = balance - part
        lines.append((part + interest, interest))
    return tuple(lines)


def flat_fee_lines(principal: Money, fee_rate: Fraction, count: int) -> tuple[Line, ...]:
    """Equal parts of principal, each with the same fee, a ratio of the principal at the start (分期手续费)."""
    fee = principal.share(fee_rate)
    return tuple((part + fee, fee) for part in principal.split(count))
