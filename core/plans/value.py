"""What a plan is worth today when it may not be kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

_CONTEXT = Context(prec=40)


@dataclass(frozen=True, slots=True)
class ExpectedPayment:
    """An amount of money (major units), in how many years, and the chance that it comes."""

    amount: Decimal
    years: Fraction
    chance: Decimal


def expected_present_value(payments: Sequence[ExpectedPayment], annual_rate: Decimal) -> Decimal:
    """The sum of chance·amount/(1+r)^years, unrounded; `annual_rate` is an effective rate, as a ratio."""
    total = Decimal(0)
    for payment in payments:
        power = _CONTEXT.divide(Decimal(payment.years.numerator), Decimal(payment.years.denominator))
        discount = _CONTEXT.power(1 + annual_rate, power)
        total += _CONTEXT.divide(payment.chance * payment.amount, discount)
    return total


def kept_monthly(amount: Decimal, count: int, start_chance: Decimal, survival: Decimal) -> tuple[ExpectedPayment, ...]:
    """`count` monthly payments, the first in a month: that one comes with `start_chance`, each next with `survival` of
    the chance before it."""
    return tuple(
        ExpectedPayment(amount, Fraction(month, 12), start_chance * survival ** (month - 1))
        for month in range(1, count + 1)
    )
