"""The published formulas behind a plan: annuity, equal principal, flat fee, what a plan is worth when it may fail."""

from datetime import date
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from fractions import Fraction

import pytest

from core.errors import InvalidInput
from core.money import Money
from core.plans import DayCount, interest_for
from core.plans.interest import annuity_level, annuity_lines, equal_principal_lines, flat_fee_lines
from core.plans.value import ExpectedPayment, expected_present_value, kept_monthly


def usd(text: str) -> Money:
    return Money.of(text, "USD")


def texts(lines: tuple[tuple[Money, Money], ...]) -> list[tuple[str, str]]:
    return [(payment.to_text(), interest.to_text()) for payment, interest in lines]


HALF_A_PERCENT = Fraction(6, 1200)


@pytest.mark.parametrize(
    ("principal", "rate", "count", "level"),
    [
        (200_000, "6", 240, "1432.86"),
        (208_000, "6", 240, "1490.18"),
        (200_000, "5", 240, "1319.91"),
        (170_000, "6", 240, "1217.93"),
        (30_000, "7.5", 120, "356.11"),
        (12_000, "18", 12, "1100.16"),
        (12_000, "0", 12, "1000.00"),
    ],
)
def test_the_level_payments_that_were_published_are_found(principal: int, rate: str, count: int, level: str) -> None:
    """EC/DG FISMA, "Examples for the calculation of the APR" (2015), examples 1, 5, 23, 27 and 43."""
    exact = annuity_level(Fraction(principal), [Fraction(Decimal(rate)) / 1200] * count)
    assert Money(1, "USD").share(100 * exact) == usd(level)


def test_a_level_over_periods_of_different_rates_clears_the_balance_exactly() -> None:
    rates = [Fraction(1, 100), Fraction(0), Fraction(5, 100)]
    balance, level = Fraction(1000), annuity_level(Fraction(1000), rates)
    for rate in rates:
        balance = balance * (1 + rate) - level
    assert balance == 0


@pytest.mark.parametrize(
    ("principal", "rates"), [(0, [Fraction(0)]), (-5, [Fraction(0)]), (5, []), (5, [Fraction(1), Fraction(-1, 100)])]
)
def test_an_annuity_of_nothing_over_no_time_or_at_a_negative_rate_is_refused(
    principal: int, rates: list[Fraction]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        annuity_level(Fraction(principal), rates)
    assert str(refused.value) == "An annuity pays off more than nothing, in one period or more, at no negative rate."
    assert refused.value.data == {"principal": str(principal), "periods": len(rates)}


def test_annuity_lines_pay_the_level_and_clear_the_rest_with_the_last() -> None:
    rates = [Fraction(1, 100)] * 3
    assert texts(annuity_lines(usd("100"), rates)) == [("34.00", "1.00"), ("34.00", "0.67"), ("34.01", "0.34")]
    own = annuity_lines(usd("100"), rates, usd("40"))
    assert texts(own) == [("40.00", "1.00"), ("40.00", "0.61"), ("21.83", "0.22")]
    down, up = (annuity_lines(usd("100"), rates, usd("40"), rounding) for rounding in (ROUND_DOWN, ROUND_UP))
    assert [line[1].to_text() for line in down] == ["1.00", "0.61", "0.21"]
    assert [line[1].to_text() for line in up] == ["1.00", "0.61", "0.22"]


def test_a_payment_must_pay_its_interest_and_something_of_the_balance() -> None:
    rates = [Fraction(1, 100)] * 3
    assert annuity_lines(usd("100"), rates, usd("1.01"))[0] == (usd("1.01"), usd("1.00"))
    for level in ("1.00", "0.99", "60.00", "50.75", "0", "-1"):
        with pytest.raises(InvalidInput):
            annuity_lines(usd("100"), rates, usd(level))


def test_equal_parts_of_principal_bear_interest_on_what_is_still_owed() -> None:
    """EC/DG FISMA (2015), example 13: 1833.33 at first, 1829.17 next, 837.50 at last."""
    lines = equal_principal_lines(usd("200000"), [HALF_A_PERCENT] * 240)
    assert texts(lines[:2]) == [("1833.33", "1000.00"), ("1829.16", "995.83")]
    assert lines[-1][1] == usd("4.17")
    thirds = equal_principal_lines(usd("100"), [Fraction(1, 100)] * 3, ROUND_DOWN)
    assert texts(thirds) == [("34.33", "1.00"), ("33.99", "0.66"), ("33.67", "0.33")]


def test_a_fee_by_the_instalment_is_a_share_of_the_principal_at_the_start() -> None:
    assert texts(flat_fee_lines(usd("12000"), Fraction(6, 1000), 12)) == [("1072.00", "72.00")] * 12
    assert texts(flat_fee_lines(usd("100"), Fraction(1, 100), 3)) == [
        ("34.33", "1.00"), ("34.33", "1.00"), ("34.34", "1.00"),
    ]  # fmt: skip


def test_interest_over_a_period_is_rounded_once_as_told() -> None:
    """ISDA 2006 Definitions 4.16: 10,000 at 18.25 % from 1 to 31 March."""
    period = (usd("10000"), Decimal("0.1825"), date(2025, 3, 1), date(2025, 3, 31))
    assert interest_for(*period, DayCount.ACT_365) == usd("150.00")
    assert interest_for(*period, DayCount.ACT_360) == usd("152.08")
    assert interest_for(*period, DayCount.D30_360) == usd("152.08")
    assert interest_for(*period, DayCount.ACT_360, rounding=ROUND_UP) == usd("152.09")


def test_what_may_not_come_is_worth_its_chance_and_what_comes_later_less() -> None:
    rate = Decimal("0.21")
    assert expected_present_value((), rate) == 0
    now = ExpectedPayment(Decimal(100), Fraction(0), Decimal("0.5"))
    later = ExpectedPayment(Decimal(100), Fraction(1, 2), Decimal(1))
    assert expected_present_value([now], rate) == 50
    assert round(expected_present_value([now, later], rate), 20) == 50 + round(Decimal(1000) / 11, 20)
    assert expected_present_value([later], Decimal(0)) == 100


def test_a_plan_that_is_kept_month_by_month_is_less_and_less_likely() -> None:
    """24 of 300 at 12 % a year, begun nine times in ten and kept by 97 in 100 each month, is worth 4213.31 today."""
    payments = kept_monthly(Decimal(300), 24, Decimal("0.9"), Decimal("0.97"))
    assert len(payments) == 24
    assert payments[0] == ExpectedPayment(Decimal(300), Fraction(1, 12), Decimal("0.9"))
    assert payments[1] == ExpectedPayment(Decimal(300), Fraction(2, 12), Decimal("0.873"))
    assert round(expected_present_value(payments, Decimal("0.12")), 2) == Decimal("4213.31")
