"""Due dates, day counts and rates at their edges."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from core.calendar import (
    Frequency,
    add_business_days,
    deferred,
    due_dates,
    next_in_series,
    next_payday,
    previous_business_day,
)
from core.errors import InvalidInput
from core.money import Money
from core.plans import (
    DayCount,
    Instalment,
    Schedule,
    days_between,
)
from core.plans.apr import plan_irr, unit_periods, years_between
from core.plans.daycount import year_fraction
from core.plans.rates import effective_annual, effective_rate, irr, nominal_annual, solve, us_actuarial, xirr

TINY = Decimal("1e-12")


def usd(text: str) -> Money:
    return Money.of(text, "USD")


def test_half_months_pair_with_the_day_fifteen_days_away() -> None:
    assert due_dates(date(2025, 1, 16), Frequency.SEMI_MONTH, 3) == (
        date(2025, 1, 16), date(2025, 2, 1), date(2025, 2, 16),
    )  # fmt: skip
    assert due_dates(date(2025, 1, 15), Frequency.SEMI_MONTH, 3) == (
        date(2025, 1, 15), date(2025, 1, 30), date(2025, 2, 15),
    )  # fmt: skip


def test_a_payday_may_be_the_first_and_the_day_itself() -> None:
    assert next_payday(1, date(2025, 2, 1)) == date(2025, 2, 1)
    assert next_in_series(date(2025, 1, 15), Frequency.MONTH, date(2025, 3, 15)) == date(2025, 3, 15)
    assert next_in_series(date(2025, 1, 6), Frequency.WEEK, date(2025, 1, 13)) == date(2025, 1, 13)


def test_a_deferral_keeps_the_anchor() -> None:
    assert deferred(date(2025, 2, 28), Frequency.MONTH, 1, 31) == date(2025, 3, 31)


def test_working_days_are_those_of_the_market() -> None:
    assert previous_business_day("us", date(2026, 7, 3)) == date(2026, 7, 2)
    assert add_business_days("us", date(2026, 7, 2), 1) == date(2026, 7, 6)
    assert add_business_days("cn", date(2026, 2, 13), 1) == date(2026, 2, 14)


@pytest.mark.parametrize(
    ("start", "end", "basis", "days"),
    [
        ("2025-01-01", "2025-03-01", DayCount.ACT_365, 59),
        ("2025-01-01", "2025-03-01", DayCount.ACT_360, 59),
        ("2025-01-31", "2025-02-28", DayCount.D30E_360, 28),
        ("2024-02-28", "2024-03-31", DayCount.D30_360, 33),
        ("2025-02-28", "2026-02-15", DayCount.D30_360, 345),
        ("2025-02-28", "2026-02-28", DayCount.D30_360, 360),
        ("2025-03-28", "2025-03-31", DayCount.D30_360, 3),
        ("2025-03-31", "2025-03-01", DayCount.ACT_365, -30),
    ],
)
def test_days_are_counted_as_the_basis_says(start: str, end: str, basis: DayCount, days: int) -> None:
    assert days_between(date.fromisoformat(start), date.fromisoformat(end), basis) == days


def test_a_part_of_a_year_is_that_of_its_basis() -> None:
    half = (date(2024, 1, 15), date(2024, 7, 15))
    assert year_fraction(*half, DayCount.D30_360) == Fraction(1, 2)
    assert year_fraction(*half) == Fraction(182, 365)


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        ("2026-01-01", "2026-02-02", Fraction(1, 12) + Fraction(1, 365)),
        ("2025-01-01", "2025-02-02", Fraction(1, 12) + Fraction(1, 366)),
        ("2012-01-15", "2015-03-20", Fraction(38, 12) + Fraction(5, 365)),
        ("2025-01-01", "2026-01-01", Fraction(1)),
    ],
)
def test_years_are_months_and_days_counted_back(start: str, end: str, years: Fraction) -> None:
    assert years_between(date.fromisoformat(start), date.fromisoformat(end)) == years


@pytest.mark.parametrize(
    ("start", "end", "frequency", "whole", "part"),
    [
        ("1978-06-23", "1978-12-01", Frequency.QUARTER, 1, Fraction(68, 90)),
        ("1978-01-10", "1978-04-01", Frequency.SEMI_MONTH, 5, Fraction(7, 15)),
        ("1978-01-10", "1978-01-25", Frequency.SEMI_MONTH, 1, Fraction(0)),
    ],
)
def test_what_is_left_of_a_unit_period_is_counted_in_its_own_days(
    start: str, end: str, frequency: Frequency, whole: int, part: Fraction
) -> None:
    assert unit_periods(date.fromisoformat(start), date.fromisoformat(end), frequency) == (whole, part)


def test_the_rate_of_one_payment_is_what_it_costs() -> None:
    once = Schedule((Instalment(1, date(2025, 2, 1), usd("110"), usd("10")),), None, "USD")
    assert abs(plan_irr(once, usd("100")) - Decimal("0.1")) < TINY
    assert abs(xirr([(date(2025, 1, 1), -100), (date(2026, 1, 1), 110)]) - Decimal("0.1")) < TINY
    assert nominal_annual(Decimal("0.01")) == Decimal("0.12")
    assert effective_annual(Decimal(1)) == 4095


PUBLISHED: list[tuple[str, int, list[tuple[int, int, str, str]]]] = [
    ("10.34", 24, [(219_17, 24, "0", "6/15")]),
    ("12.22", 26, [(9_50, 19, "0", "8/14"), (30_00, 1, "19", "8/14")]),
    ("9.15", 4, [(385_00, 40, "1", "8/90")]),
]


@pytest.mark.parametrize(("apr", "periods", "payments"), PUBLISHED)
def test_the_published_american_rates_are_found(
    apr: str, periods: int, payments: list[tuple[int, int, str, str]]
) -> None:
    """12 CFR 1026 Appendix J(c)(1)(iii), (3)(ii), and the first with an odd period of a quarter."""
    advanced = {"10.34": 5000_00, "12.22": 200_00, "9.15": 10_000_00}[apr]
    flows = [(0, Fraction(0), -advanced)]
    for amount, count, first, part in payments:
        flows += [(int(first) + index, Fraction(part), amount) for index in range(count)]
    assert round(100 * us_actuarial(flows, periods), 2) == Decimal(apr)


@pytest.mark.parametrize("amounts", [[-100, 0], [100, 0], [Fraction(1, 2), 5], [Fraction(-1, 2), -5], [0, 0]])
def test_nothing_is_no_money_going_back(amounts: list[Any]) -> None:
    with pytest.raises(InvalidInput, match="going both ways"):
        irr(amounts)


def test_a_rate_is_found_in_about_a_dozen_looks_and_exactly() -> None:
    """What Brent's method is for: a manager's table holds hundreds of rates."""
    looks = 0
    for count in (1, 2, 6, 12, 24, 60, 240):
        for per_cent in (-40, -5, 1, 10, 24, 36, 120, 900):
            rate = per_cent / 100 / 12

            def value_at(x: float, count: int = count, rate: float = rate) -> float:
                nonlocal looks
                looks += 1
                worth = sum((1.0 + rate) ** -k for k in range(1, count + 1))
                return sum((1.0 + x) ** -k for k in range(1, count + 1)) - worth

            assert solve(value_at) == pytest.approx(rate, rel=1e-9, abs=1e-12)
    assert looks <= LOOKS


LOOKS = 1055
"""For 56 rates, the steps to bracket each included."""


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        ([(Fraction(0), -100), (Fraction(1), 100)], "0"),
        ([(Fraction(0), -100), (Fraction(1), 1)], "-0.99"),
        ([(Fraction(0), -100), (Fraction(1), 100_000_000)], "999999"),
        ([(Fraction(0), -100), (Fraction(500), 1)], "-0.009168"),
        ([(Fraction(0), 100), (Fraction(1), -121), (Fraction(2), 1)], "0.201679"),
    ],
)
def test_rates_far_from_usual_are_found_too(flows: list[tuple[Fraction, int]], rate: str) -> None:
    assert abs(effective_rate(flows) - Decimal(rate)) < Decimal("0.000001")


def test_a_rate_beyond_all_measure_is_none() -> None:
    with pytest.raises(InvalidInput, match="no rate"):
        effective_rate([(Fraction(0), -1), (Fraction(1, 365), 2)])
