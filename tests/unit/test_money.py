from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.money import CurrencyMismatch, Money, sum_money


def usd(text: str) -> Money:
    return Money.of(text, "USD")


def test_an_amount_is_read_exactly_and_written_back_the_same() -> None:
    assert usd("12.34") == Money(1234, "USD")
    assert usd("12.3").to_text() == "12.30"
    assert Money.of(12, "JPY").to_text() == "12"
    assert Money.of(Decimal("-0.05"), "CNY").to_text() == "-0.05"
    assert str(usd("1000000")) == "1000000.00 USD"
    assert usd("12.34").decimal == Decimal("12.34")


@pytest.mark.parametrize(
    "amount", [12.5, True, None, "", "1,000", "1e3", "NaN", "١٢", " 1", "12.345", Decimal("Infinity")]
)
def test_what_is_no_plain_exact_amount_is_refused(amount: Any) -> None:
    with pytest.raises(InvalidInput):
        Money.of(amount, "USD")


@pytest.mark.parametrize("currency", ["usd", "XYZ", "", "US"])
def test_what_is_no_iso_currency_is_refused(currency: str) -> None:
    with pytest.raises(InvalidInput):
        Money(1, currency)


def test_minor_units_are_whole() -> None:
    with pytest.raises(InvalidInput):
        Money(1.0, "USD")  # type: ignore[arg-type]


def test_more_decimals_are_taken_only_with_a_rounding_said() -> None:
    assert Money.of("12.345", "USD", rounding=ROUND_HALF_UP) == usd("12.35")
    assert Money.of("12.345", "USD", rounding=ROUND_DOWN) == usd("12.34")
    with pytest.raises(InvalidInput):
        Money.of("0.5", "JPY")


def test_two_currencies_never_mix() -> None:
    with pytest.raises(CurrencyMismatch):
        usd("1") + Money.of("1", "CNY")
    with pytest.raises(CurrencyMismatch):
        usd("1") < Money.of("2", "CNY")  # noqa: B015
    with pytest.raises(CurrencyMismatch):
        sum_money([usd("1")], "CNY")
    assert usd("1") != Money.of("1", "CNY")


def test_money_adds_compares_and_scales() -> None:
    assert usd("1") + usd("2") - usd("0.50") == usd("2.50")
    assert -usd("1") == usd("-1")
    assert abs(usd("-1")) == usd("1")
    assert 3 * usd("1.10") == usd("1.10") * 3 == usd("3.30")
    assert usd("1") < usd("2") <= usd("2") < usd("3") > usd("2") >= usd("2")
    assert usd("0.01")
    assert not Money.zero("USD")
    assert sum_money([], "USD") == Money.zero("USD")


@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__", "__mul__"])
def test_money_does_not_mix_with_bare_numbers(operation: str) -> None:
    assert getattr(usd("1"), operation)(1.5) is NotImplemented


def test_a_share_is_rounded_once_half_away_from_zero() -> None:
    assert usd("0.05").share(Decimal("0.5")) == usd("0.03")
    assert usd("-0.05").share(Decimal("0.5")) == usd("-0.03")
    assert usd("1.50").share(Fraction(1, 300)) == usd("0.01")
    assert usd("1.00").share(Fraction(2, 3), ROUND_DOWN) == usd("0.66")
    with pytest.raises(InvalidInput):
        usd("1").share(Decimal("NaN"))


def test_a_share_of_a_whole_is_a_ratio() -> None:
    assert usd("1").share_of(usd("8")) == Decimal("0.125")
    with pytest.raises(InvalidInput):
        usd("1").share_of(Money.zero("USD"))


@pytest.mark.parametrize(
    ("amount", "parts", "expected"),
    [
        ("1000.00", 3, ["333.33", "333.33", "333.34"]),
        ("875", 3, ["291.67", "291.67", "291.66"]),
        ("-875", 3, ["-291.67", "-291.67", "-291.66"]),
        ("0.03", 2, ["0.02", "0.01"]),
        ("0.05", 4, ["0.01", "0.01", "0.01", "0.02"]),
        ("0.01", 1, ["0.01"]),
        ("0", 2, ["0.00", "0.00"]),
    ],
)
def test_a_split_rounds_each_part_and_leaves_the_rest_for_the_last(
    amount: str, parts: int, expected: list[str]
) -> None:
    assert [part.to_text() for part in usd(amount).split(parts)] == expected


def test_a_split_into_whole_units_leaves_the_cents_for_the_last() -> None:
    assert [part.to_text() for part in usd("100.50").split(3, 100)] == ["34.00", "34.00", "32.50"]


@pytest.mark.parametrize(("amount", "parts"), [("0.02", 3), ("1", 0), ("1", -1)])
def test_a_split_that_cannot_be_is_refused(amount: str, parts: int) -> None:
    with pytest.raises(InvalidInput):
        usd(amount).split(parts)


@given(st.integers(-(10**12), 10**12), st.integers(1, 400), st.sampled_from([1, 100]))
def test_parts_always_sum_to_the_whole_and_none_is_nothing(minor: int, parts: int, unit: int) -> None:
    whole = Money(minor, "USD")
    try:
        cut = whole.split(parts, unit)
    except InvalidInput:
        assert abs(minor) < parts * unit
        return
    assert sum_money(cut, "USD") == whole
    assert len(cut) == parts
    assert len(set(cut[:-1])) <= 1
    assert not minor or all(part and (part.minor > 0) == (minor > 0) for part in cut)


@given(st.integers(-(10**15), 10**15), st.sampled_from(["USD", "CNY", "JPY", "KWD"]))
def test_text_is_read_back_as_the_same_money(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.of(money.to_text(), currency) == money
