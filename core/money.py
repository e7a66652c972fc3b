"""Exact money: an integer count of minor units and an ISO 4217 currency. Never a float, never currencies mixed."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import (
    ROUND_05UP,
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    Inexact,
    InvalidOperation,
)
from fractions import Fraction
from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_precision

from core.errors import InvalidInput, ParleyError

_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,12})?", re.ASCII)
_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation])
_WIDE = Context(prec=60)
_CURRENCIES: set[str] = set()


_AWAY: dict[str, Callable[[int, int, bool], bool]] = {
    ROUND_UP: lambda whole, half, negative: True,
    ROUND_DOWN: lambda whole, half, negative: False,
    ROUND_CEILING: lambda whole, half, negative: not negative,
    ROUND_FLOOR: lambda whole, half, negative: negative,
    ROUND_HALF_UP: lambda whole, half, negative: half >= 0,
    ROUND_HALF_DOWN: lambda whole, half, negative: half > 0,
    ROUND_HALF_EVEN: lambda whole, half, negative: half > 0 or (half == 0 and whole % 2 == 1),
    ROUND_05UP: lambda whole, half, negative: whole % 5 == 0,
}
"""Whether a size that is not whole is rounded away from nothing: its whole part, the sign of its rest less a half, and
whether the number is negative (the rounding modes of the General Decimal Arithmetic Specification)."""


class CurrencyMismatch(ParleyError):
    """Two amounts of different currencies met in one sum or comparison; convert neither, mend the caller."""

    code = "currency_mismatch"


@cache
def currency_exponent(currency: str) -> int:
    """How many decimals the currency's major unit has (2 for CNY, 0 for JPY); InvalidInput for no ISO 4217 code."""
    if currency not in get_global("all_currencies"):
        raise InvalidInput("Give an ISO 4217 currency code such as CNY, USD or GBP.", currency=currency)
    return get_currency_precision(currency)


def round_ratio(numerator: int, denominator: int, rounding: str = ROUND_HALF_UP) -> int:
    """The whole number nearest to a ratio by a `decimal.ROUND_*` mode, exactly; the denominator is above nothing.

    InvalidInput for a mode that is none.
    """
    if rounding not in _AWAY:
        raise InvalidInput("Give a rounding mode of the decimal module.", rounding=repr(rounding))
    negative = numerator < 0
    whole, rest = divmod(-numerator if negative else numerator, denominator)
    if rest and _AWAY[rounding](whole, 2 * rest - denominator, negative):
        whole += 1
    return -whole if negative else whole


@dataclass(frozen=True, slots=True, order=False, init=False)
class Money:
    """`minor` minor units (fen, cents, pence) of `currency`; may be negative; the only form money is held in."""

    minor: int
    currency: str

    def __init__(self, minor: int, currency: str) -> None:
        if type(minor) is not int:
            raise InvalidInput("Minor units are a whole number.", minor=repr(minor))
        if currency not in _CURRENCIES:
            currency_exponent(currency)
            _CURRENCIES.add(currency)
        _SET_MINOR(self, minor)
        _SET_CURRENCY(self, currency)

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str, rounding: str | None = None) -> "Money":
        """Read an amount in major units, as plain text ("12.34"), an int or a Decimal.

        InvalidInput for a float, for anything that is not a plain number, and for more decimals than the currency has
        unless `rounding` (a `decimal.ROUND_*` constant) is given.
        """
        value = _plain_decimal(amount)
        exponent = currency_exponent(currency)
        context = _EXACT if rounding is None else _WIDE
        try:
            minor = value.scaleb(exponent, context=context).quantize(Decimal(1), rounding=rounding, context=context)
        except (Inexact, InvalidOperation):
            raise InvalidInput(
                "The amount has more decimals than its currency.", amount=str(amount), currency=currency
            ) from None
        return cls(int(minor), currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, in this currency."""
        return cls(0, currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exactly, with the currency's number of decimals."""
        return Decimal(self.minor).scaleb(-currency_exponent(self.currency), context=_WIDE)

    def to_text(self) -> str:
        """A plain decimal string in major units ("12.34"), no grouping and no symbol; `Money.of` reads it back."""
        return format(self.decimal, "f")

    def __str__(self) -> str:
        return f"{self.to_text()} {self.currency}"

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch("Amounts of two currencies do not mix.", left=self.currency, right=other.currency)

    def __add__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.minor), self.currency)

    def __mul__(self, times: int) -> "Money":
        if type(times) is not int:
            return NotImplemented
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        self._same(other)
        return self.minor <= other.minor

    def __gt__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return other < self

    def __ge__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return other <= self

    def __bool__(self) -> bool:
        return self.minor != 0

    def share(self, ratio: Decimal | Fraction, rounding: str = ROUND_HALF_UP) -> "Money":
        """This amount times an exact ratio, rounded once to the minor unit (half away from zero unless told)."""
        if isinstance(ratio, Decimal) and not ratio.is_finite():
            raise InvalidInput("A share is a finite Decimal or a Fraction.", ratio=repr(ratio))
        numerator, denominator = ratio.as_integer_ratio()
        return Money(round_ratio(self.minor * numerator, denominator, rounding), self.currency)

    def share_of(self, whole: "Money") -> Decimal:
        """What part of `whole` this amount is, to 28 digits; InvalidInput when `whole` is nothing."""
        self._same(whole)
        if not whole:
            raise InvalidInput("There is no share of nothing.", whole=str(whole))
        return Context(prec=28).divide(Decimal(self.minor), Decimal(whole.minor))

    def split(self, parts: int, unit: int = 1) -> tuple["Money", ...]:
        """Cut into `parts` that sum exactly to this amount: each rounded half-up to `unit` minor units, the rest last.

        The one function of the house that splits money. Where half-up would leave nothing for the last part, the parts
        are rounded down instead. InvalidInput when the amount is too small for every part to have one unit; nothing
        splits into nothings. A negative amount splits as its positive does.
        """
        if type(parts) is not int or parts < 1 or type(unit) is not int or unit < 1:
            raise InvalidInput("Split into at least one part of at least one minor unit.", parts=parts, unit=unit)
        sign = -1 if self.minor < 0 else 1
        size = abs(self.minor)
        level = (2 * size + parts * unit) // (2 * parts * unit) * unit
        if level * (parts - 1) >= size:
            level = size // (parts * unit) * unit
        if size and parts > 1 and level == 0:
            raise InvalidInput("The amount is too small for so many parts.", parts=parts, amount=str(self))
        each = Money(sign * level, self.currency)
        last = Money(sign * (size - level * (parts - 1)), self.currency)
        return (each,) * (parts - 1) + (last,)


_SET_MINOR, _SET_CURRENCY = (Money.__dict__[name].__set__ for name in ("minor", "currency"))
# Schedules are made of money by the thousand while a person waits: a slot's own setter takes half a frozen one's time.


def _plain_decimal(amount: object) -> Decimal:
    if type(amount) is int:
        return Decimal(amount)
    if isinstance(amount, Decimal) and amount.is_finite():
        return amount
    if isinstance(amount, str) and _PLAIN_NUMBER.fullmatch(amount):
        return Decimal(amount)
    raise InvalidInput("Give the amount as plain text such as 12.34, an int or a Decimal.", amount=repr(amount))


def sum_money(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, zero of `currency` for none; CurrencyMismatch when an amount is of another currency."""
    total = Money.zero(currency)
    for amount in amounts:
        total = total + amount
    return total
