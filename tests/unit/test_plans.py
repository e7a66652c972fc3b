from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import DayRule, Frequency
from core.errors import InvalidInput
from core.money import Money, sum_money
from core.plans import (
    DayCount,
    Instalment,
    Method,
    Schedule,
    Terms,
    amount_for_count,
    build_schedule,
    count_for_amount,
    days_between,
    interest_for,
    level_split,
)
from core.plans.interest import period_rates

ZERO = Money.zero("USD")


def usd(text: str) -> Money:
    return Money.of(text, "USD")


def terms(total: str, count: int, **more: object) -> Terms:
    given_terms: dict[str, object] = {
        "down_payment": ZERO,
        "down_payment_due": None,
        "frequency": Frequency.MONTH,
        "first_due": date(2024, 2, 1),
        **more,
    }
    return Terms(total=usd(total), count=count, **given_terms)  # type: ignore[arg-type]


def texts(schedule: Schedule) -> list[str]:
    return [line.amount.to_text() for line in schedule.instalments]


def test_a_thousand_into_three_leaves_the_odd_cent_for_the_last() -> None:
    assert texts(build_schedule(terms("1000", 3))) == ["333.33", "333.33", "333.34"]
    assert texts(build_schedule(terms("875", 3))) == ["291.67", "291.67", "291.66"]


def test_interest_by_actual_days_is_rounded_line_by_line_and_the_last_clears_the_rest() -> None:
    schedule = build_schedule(terms("100", 6, annual_rate=Decimal("0.15678"), starts=date(2024, 1, 1)))
    assert texts(schedule) == ["17.43"] * 5 + ["17.47"]
    assert [str(line.interest) for line in schedule.instalments] == [
        f"{text} USD" for text in ("1.33", "1.05", "0.90", "0.66", "0.46", "0.22")
    ]
    assert schedule.total == usd("100") + schedule.interest == usd("104.62")


def test_interest_by_thirty_days_a_month_gives_the_known_balances() -> None:
    schedule = build_schedule(terms("100", 6, annual_rate=Decimal("0.094822"), day_count=DayCount.D30_360))
    assert texts(schedule) == ["17.13"] * 6
    balances, balance = [], usd("100")
    for line in schedule.instalments:
        assert line.interest is not None
        balance = balance + line.interest - line.amount
        balances.append(balance.to_text())
    assert balances == ["83.66", "67.19", "50.59", "33.86", "17.00", "0.00"]


def test_equal_principal_and_flat_fee_are_spread_as_they_say() -> None:
    equal = build_schedule(
        terms("1200", 3, annual_rate=Decimal("0.12"), day_count=DayCount.D30_360, method=Method.EQUAL_PRINCIPAL)
    )
    assert texts(equal) == ["412.00", "408.00", "404.00"]
    flat = build_schedule(terms("12000", 12, annual_rate=Decimal("0.072"), method=Method.FLAT_FEE))
    assert texts(flat) == ["1072.00"] * 12
    assert flat.interest == usd("864")


def test_a_level_of_the_persons_own_leaves_the_remainder_for_the_last() -> None:
    count = count_for_amount(usd("16600"), usd("800"))
    schedule = build_schedule(terms("16600", count, instalment=usd("800")))
    assert texts(schedule) == ["800.00"] * 20 + ["600.00"]


def test_a_small_remainder_is_merged_into_the_payment_before_it() -> None:
    assert count_for_amount(usd("100.50"), usd("50")) == 2
    assert count_for_amount(usd("130"), usd("50"), min_last=usd("40")) == 2
    assert count_for_amount(usd("130"), usd("50"), min_last=usd("30")) == 3
    assert count_for_amount(usd("0.30"), usd("50")) == 1
    assert level_split(usd("130"), usd("50"), 2) == (usd("50"), usd("80"))


@pytest.mark.parametrize(("level", "count"), [("50", 1), ("50", 4), ("0", 2)])
def test_a_level_that_does_not_come_to_the_total_is_refused(level: str, count: int) -> None:
    with pytest.raises(InvalidInput):
        level_split(usd("130"), usd(level), count)


@pytest.mark.parametrize(("total", "level"), [("0", "5"), ("5", "0")])
def test_no_count_settles_nothing_or_by_nothing(total: str, level: str) -> None:
    with pytest.raises(InvalidInput):
        count_for_amount(usd(total), usd(level))


def test_a_down_payment_comes_first_and_counts_towards_the_total() -> None:
    schedule = build_schedule(terms("1000", 2, down_payment=usd("200"), down_payment_due=date(2024, 1, 15)))
    assert schedule.down_payment == Instalment(0, date(2024, 1, 15), usd("200"))
    assert texts(schedule) == ["400.00", "400.00"]
    assert schedule.total == usd("1000")
    assert (schedule.first_due, schedule.last_due) == (date(2024, 1, 15), date(2024, 3, 1))


def test_one_payment_of_all_is_a_schedule_too() -> None:
    schedule = build_schedule(terms("1000", 0, down_payment=usd("1000"), down_payment_due=date(2024, 1, 15)))
    assert schedule.instalments == ()
    assert schedule.total == usd("1000")
    rated = terms("1000", 0, down_payment=usd("1000"), down_payment_due=date(2024, 1, 15), annual_rate=Decimal("0.1"))
    assert build_schedule(rated).total == usd("1000")


@pytest.mark.parametrize(
    ("total", "count", "more"),
    [
        ("0", 1, {}),
        ("100", 0, {}),
        ("100", -1, {}),
        ("100", 1, {"down_payment": usd("100"), "down_payment_due": date(2024, 1, 1)}),
        ("100", 1, {"down_payment": usd("101"), "down_payment_due": date(2024, 1, 1)}),
        ("100", 1, {"down_payment": usd("-1"), "down_payment_due": date(2024, 1, 1)}),
        ("100", 1, {"down_payment": usd("1")}),
        ("100", 1, {"annual_rate": Decimal("-0.1")}),
    ],
)
def test_terms_that_no_plan_can_have_are_refused(total: str, count: int, more: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        terms(total, count, **more)


@pytest.mark.parametrize(
    "bad",
    [
        terms("100", 2, down_payment=usd("10"), down_payment_due=date(2024, 2, 1)),
        terms("100", 2, annual_rate=Decimal("0.1"), starts=date(2024, 2, 1)),
        terms("100", 3, annual_rate=Decimal(12), instalment=usd("50")),
        terms("100", 3, annual_rate=Decimal("0.1"), instalment=usd("60")),
        terms("0.02", 3),
    ],
)
def test_terms_that_come_to_no_schedule_are_refused(bad: Terms) -> None:
    with pytest.raises(InvalidInput):
        build_schedule(bad)


def test_whole_units_leave_the_cents_for_the_last() -> None:
    assert texts(build_schedule(terms("100.50", 3, whole_units=True))) == ["34.00", "34.00", "32.50"]
    assert amount_for_count(usd("16600"), 12, whole_units=True) == usd("1383")


def test_due_dates_keep_off_holidays_where_the_terms_say_so() -> None:
    schedule = build_schedule(
        terms("300", 2, first_due=date(2025, 10, 4), rule=DayRule.FOLLOWING, market="cn", frequency=Frequency.WEEK)
    )
    assert [line.due for line in schedule.instalments] == [date(2025, 10, 9), date(2025, 10, 11)]


@pytest.mark.parametrize("frequency", list(Frequency))
def test_interest_starts_one_period_before_the_first_instalment_unless_told(frequency: Frequency) -> None:
    schedule = build_schedule(terms("100", 1, annual_rate=Decimal("0.1"), frequency=frequency))
    assert schedule.starts is not None
    assert schedule.starts < schedule.first_due


def test_day_counts_treat_month_ends_as_their_conventions_do() -> None:
    february = date(2025, 2, 28)
    assert days_between(february, date(2025, 3, 31), DayCount.D30_360) == 30
    assert days_between(february, date(2025, 3, 31), DayCount.D30E_360) == 32
    assert days_between(date(2024, 2, 29), february, DayCount.D30_360) == 360
    assert days_between(date(2025, 1, 29), date(2025, 1, 31), DayCount.D30_360) == 2
    assert days_between(date(2025, 1, 15), date(2025, 1, 31), DayCount.D30_360) == 16
    assert interest_for(usd("10000"), Decimal("0.1825"), date(2025, 3, 1), date(2025, 3, 31)) == usd("150")


def test_the_rate_of_each_period_is_that_of_its_days() -> None:
    edges = [date(2024, 3, 1), date(2024, 4, 1)]
    rates = period_rates(Decimal("0.365"), date(2024, 2, 1), edges, DayCount.ACT_365)
    assert rates == (Fraction(29, 1000), Fraction(31, 1000))


frequencies = st.sampled_from(Frequency)


@given(st.integers(100, 10**9), st.integers(1, 60), frequencies, st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_instalments_sum_to_the_total_and_dates_strictly_increase(
    minor: int, count: int, frequency: Frequency, first: date
) -> None:
    down = Money(minor // 10, "USD")
    due = date.fromordinal(first.toordinal() - 1)
    schedule = build_schedule(Terms(Money(minor, "USD"), down, due, frequency, count, first))
    assert schedule.total == Money(minor, "USD")
    assert sum_money((line.amount for line in schedule.instalments), "USD") == Money(minor, "USD") - down
    assert len(schedule.instalments) == count
    assert all(a.due < b.due for a, b in pairwise(schedule.lines))
    assert all(line.amount > ZERO for line in schedule.lines)


@given(st.integers(10_000, 10**8), st.integers(1, 60), st.decimals("0.001", "0.36", places=3), st.sampled_from(Method))
def test_with_interest_the_balance_is_cleared_exactly_and_never_negative(
    minor: int, count: int, rate: Decimal, method: Method
) -> None:
    schedule = build_schedule(terms(Money(minor, "USD").to_text(), count, annual_rate=rate, method=method))
    balance = Money(minor, "USD")
    for line in schedule.instalments:
        assert line.interest is not None
        balance = balance + line.interest - line.amount
        assert balance >= ZERO
    assert balance == ZERO
    assert schedule.total == Money(minor, "USD") + schedule.interest


@given(st.integers(100_00, 10**8), st.integers(1, 60))
def test_solving_for_the_amount_and_for_the_number_agree(minor: int, count: int) -> None:
    total = Money(minor, "USD")
    assert count_for_amount(total, amount_for_count(total, count)) == count


@given(st.integers(1, 10**8), st.integers(1, 10**6))
def test_any_level_gives_a_schedule_that_sums_to_the_total(minor: int, level: int) -> None:
    total, each = Money(minor, "USD"), Money(level, "USD")
    count = count_for_amount(total, each)
    if count < 1000:
        instalments = (each,) * (count - 1) + (total - each * (count - 1),)
        assert sum_money(instalments, "USD") == total
        assert instalments[-1] > ZERO
        assert count == 1 or level_split(total, each, count) == instalments
