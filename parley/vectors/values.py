"""Numbers and dates of worked examples: read exactly, written as JSON numbers."""

from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

from core.errors import InvalidInput
from core.money import Money

CURRENCY = "USD"
_WIDE = Context(prec=60)


def exact(value: Any) -> Fraction:
    """A number of the file as it is written: 12, 0.6, "6/15"; InvalidInput for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise InvalidInput("Give a number, or a fraction such as 6/15.", value=repr(value))
    return Fraction(str(value))


def number(value: Fraction | Decimal | int) -> float | int:
    """The nearest number that JSON can hold; whole numbers stay whole only where they were counted."""
    if isinstance(value, int):
        return value
    return Fraction(value).numerator / Fraction(value).denominator


def as_date(value: Any) -> date:
    """A date of the file, quoted or not."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def money(value: Any, row: dict[str, Any]) -> Money:
    """An amount of the file in the row's currency (one of two decimals when it names none)."""
    return money_from(exact(value), str(row.get("currency", CURRENCY)))


def money_from(value: Fraction, currency: str = CURRENCY) -> Money:
    """An exact amount of major units, rounded half-up to the currency's minor unit."""
    decimal = _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    return Money.of(decimal, currency, rounding=ROUND_HALF_UP)


def amount(value: Money) -> float | int:
    """Money as a JSON number of major units."""
    return number(value.decimal)
