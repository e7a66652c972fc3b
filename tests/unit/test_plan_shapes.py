"""Steps, balloons, remainders, whole units, moved days, paydays, and both ways to solve with interest."""

import json
from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.calendar import DayRule, Frequency, deferred, due_dates, next_in_series, next_payday
from core.errors import InvalidInput
from core.money import Money, sum_money
from core.negotiation.codec import terms_from_json, terms_to_json
from core.plans import (
    DayCount,
    Method,
    Remainder,
    Schedule,
    Step,
    Terms,
    Treatment,
    build_schedule,
    count_for_amount,
    plan_rate,
    solve_amount,
    solve_count,
)


def usd(text: str) -> Money:
    return Money.of(text, "USD")


def terms(total: str, count: int, currency: Any = "USD", **more: object) -> Terms:
    given_terms: dict[str, object] = {
        "down_payment": Money.zero(currency),
        "down_payment_due": None,
        "frequency": Frequency.MONTH,
        "first_due": date(2024, 2, 1),
        **more,
    }
    return Terms(total=Money.of(total, currency), count=count, **given_terms)  # type: ignore[arg-type]


def texts(schedule: Schedule) -> list[str]:
    return [line.amount.to_text() for line in schedule.instalments]


def closing(schedule: Schedule, principal: Money) -> list[Money]:
    balances = []
    for line in schedule.instalments:
        principal = principal - line.amount + (line.interest or Money.zero(principal.currency))
        balances.append(principal)
    return balances


NEWER = {"steps", "balloon", "remainder", "rounding", "level_rounding", "days_after", "interest_on_moved_days"}
STEPS = (Step(3, usd("50")), Step(2, usd("80")))


def test_the_lower_first_months_come_first_and_the_rest_is_level() -> None:
    assert texts(build_schedule(terms("1000", 9, steps=STEPS))) == ["50.00"] * 3 + ["80.00"] * 2 + ["172.50"] * 4
    own = build_schedule(terms("1000", 9, steps=STEPS, instalment=usd("172")))
    assert texts(own)[-1] == "174.00"


def test_steps_with_interest_pay_it_first_and_the_level_clears_what_is_left() -> None:
    schedule = build_schedule(terms("1000", 9, steps=STEPS, annual_rate=Decimal("0.12"), day_count=DayCount.D30_360))
    assert texts(schedule)[:5] == ["50.00"] * 3 + ["80.00"] * 2
    assert [line.interest for line in schedule.instalments[:2]] == [usd("10.00"), usd("9.60")]
    assert len(set(texts(schedule)[5:8])) == 1
    assert closing(schedule, usd("1000"))[-1] == usd("0")
    with pytest.raises(InvalidInput):
        build_schedule(terms("1000", 9, steps=(Step(1, usd("9.99")),), annual_rate=Decimal("0.1199")))


def test_a_balloon_is_paid_with_the_last_instalment() -> None:
    assert texts(build_schedule(terms("1000", 3, balloon=usd("400")))) == ["200.00", "200.00", "600.00"]
    first = build_schedule(terms("1000", 3, balloon=usd("399"), remainder=Remainder.FIRST))
    assert texts(first) == ["200.34", "200.33", "599.33"]


def test_the_balloon_of_a_published_loan_is_its_balance_after_the_half() -> None:
    """EC/DG FISMA (2015), example 7: 200,000 at 6 % over 360 months stands at 142,097.69 after 180."""
    schedule = build_schedule(
        terms(
            "200000", 180, annual_rate=Decimal("0.06"), day_count=DayCount.D30_360, balloon=usd("142097.69"),
        )
    )  # fmt: skip
    assert texts(schedule)[0] == "1199.10"
    assert abs(schedule.instalments[-1].amount - usd("143296.79")) < usd("1")


def test_interest_only_ends_in_a_balloon_of_the_whole() -> None:
    whole = terms("1000", 3, balloon=usd("1000"), annual_rate=Decimal("0.12"), day_count=DayCount.D30_360)
    assert texts(build_schedule(whole)) == ["10.00", "10.00", "1010.00"]
    with pytest.raises(InvalidInput):
        build_schedule(terms("1000", 3, balloon=usd("1000")))
    with pytest.raises(InvalidInput):
        build_schedule(terms("1000", 3, instalment=usd("9"), balloon=usd("900"), annual_rate=Decimal("0.12")))


@pytest.mark.parametrize(
    "more",
    [
        {"steps": (Step(0, usd("5")),)},
        {"steps": (Step(1, usd("0")),)},
        {"steps": (Step(3, usd("5")),)},
        {"steps": (Step(2, usd("50.01")),)},
        {"balloon": usd("-1")},
        {"balloon": usd("100.01")},
    ],
)
def test_steps_and_balloons_that_do_not_fit_are_refused(more: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        terms("100", 3, **more)


def test_the_remainder_is_left_to_the_first_where_the_terms_say_so() -> None:
    assert texts(build_schedule(terms("1000", 3, remainder=Remainder.FIRST))) == ["333.34", "333.33", "333.33"]
    equal = terms("1000", 3, remainder=Remainder.FIRST, method=Method.EQUAL_PRINCIPAL, annual_rate=Decimal("0.12"))
    assert build_schedule(equal).total == usd("1000") + build_schedule(equal).interest


def test_an_annuity_may_leave_its_remainder_to_the_first() -> None:
    rated = terms("100", 6, annual_rate=Decimal("0.15678"), starts=date(2024, 1, 1), remainder=Remainder.FIRST)
    assert texts(build_schedule(rated)) == ["17.46"] + ["17.43"] * 5
    assert texts(build_schedule(replace(rated, count=1, instalment=None))) == ["101.33"]
    even = terms("100", 6, annual_rate=Decimal("0.094822"), day_count=DayCount.D30_360, remainder=Remainder.FIRST)
    assert texts(build_schedule(even)) == ["17.13"] * 6


def test_whole_units_hold_with_interest_too() -> None:
    schedule = build_schedule(terms("10000", 12, annual_rate=Decimal("0.18"), whole_units=True))
    assert set(texts(schedule)[:-1]) == {"917.00"}
    assert closing(schedule, usd("10000"))[-1] == usd("0")


def test_the_level_and_the_interest_round_as_the_terms_say() -> None:
    base = terms("100", 6, annual_rate=Decimal("0.15678"), starts=date(2024, 1, 1))
    up, down = (build_schedule(replace(base, level_rounding=mode)) for mode in (ROUND_CEILING, ROUND_DOWN))
    assert texts(up)[0] == "17.44"
    assert up.instalments[-1].amount < up.instalments[0].amount
    assert texts(down)[0] == "17.43"
    lower = build_schedule(replace(base, rounding=ROUND_DOWN))
    assert lower.interest < build_schedule(base).interest
    assert build_schedule(replace(base, rounding=ROUND_HALF_EVEN)).interest == build_schedule(base).interest
    with pytest.raises(InvalidInput):
        build_schedule(replace(base, rounding="UPWARDS"))


def test_a_level_that_leaves_most_for_the_last_is_refused_with_interest_as_without() -> None:
    with pytest.raises(InvalidInput):
        build_schedule(terms("100", 3, annual_rate=Decimal("0.1"), instalment=usd("20")))


@pytest.mark.parametrize(
    ("currency", "total", "expected"),
    [
        ("JPY", "100000", ["8885", "8885", "8885"]),
        ("KWD", "100", ["8.885", "8.885", "8.885"]),
        ("USD", "1000", ["88.85", "88.85", "88.85"]),
    ],
)
def test_each_currency_rounds_to_its_own_minor_unit(currency: str, total: str, expected: list[str]) -> None:
    schedule = build_schedule(terms(total, 12, currency, annual_rate=Decimal("0.12"), day_count=DayCount.D30_360))
    assert texts(schedule)[:3] == expected
    assert closing(schedule, Money.of(total, currency))[-1] == Money.zero(currency)


def test_a_date_that_a_holiday_moves_costs_no_interest_unless_said() -> None:
    saturday = terms("1000", 1, first_due=date(2025, 10, 4), starts=date(2025, 9, 4), annual_rate=Decimal("0.365"))
    moved = replace(saturday, rule=DayRule.FOLLOWING, market="cn")
    assert build_schedule(moved).instalments[0].due == date(2025, 10, 9)
    assert build_schedule(moved).interest == build_schedule(saturday).interest == usd("30")
    assert build_schedule(replace(moved, interest_on_moved_days=True)).interest == usd("35")


def test_dates_follow_the_payday_month_by_month() -> None:
    first = next_payday(31, date(2025, 1, 10), 2)
    assert due_dates(first, Frequency.MONTH, 4, 31, 2) == (
        date(2025, 2, 2), date(2025, 3, 2), date(2025, 4, 2), date(2025, 5, 2),
    )  # fmt: skip
    assert [line.due for line in build_schedule(terms("100", 2, first_due=date(2025, 1, 31), anchor_day=28,
                                                      days_after=3)).instalments] == [
        date(2025, 1, 31), date(2025, 3, 3),
    ]  # fmt: skip
    with pytest.raises(InvalidInput):
        due_dates(first, Frequency.MONTH, 2, 31, -1)


@pytest.mark.parametrize(
    ("known", "frequency", "on_or_after", "days_after", "expected"),
    [
        ("2025-06-06", Frequency.FORTNIGHT, "2025-06-07", 1, "2025-06-07"),
        ("2025-06-06", Frequency.FORTNIGHT, "2025-06-08", 1, "2025-06-21"),
        ("2025-06-06", Frequency.WEEK, "2025-05-01", 0, "2025-05-02"),
        ("2025-06-06", Frequency.FOUR_WEEKS, "2025-06-06", 0, "2025-06-06"),
        ("2025-01-31", Frequency.MONTH, "2025-02-10", 2, "2025-03-02"),
        ("2025-01-31", Frequency.MONTH, "2025-03-03", 2, "2025-04-02"),
        ("2025-01-15", Frequency.QUARTER, "2025-02-01", 0, "2025-04-15"),
        ("2025-01-15", Frequency.QUARTER, "2024-10-16", 0, "2025-01-15"),
    ],
)
def test_the_next_payday_of_a_regular_wage_is_found(
    known: str, frequency: Frequency, on_or_after: str, days_after: int, expected: str
) -> None:
    found = next_in_series(date.fromisoformat(known), frequency, date.fromisoformat(on_or_after), days_after)
    assert found == date.fromisoformat(expected)


def test_a_wage_twice_a_month_or_days_before_it_are_refused() -> None:
    with pytest.raises(InvalidInput):
        next_in_series(date(2025, 1, 1), Frequency.SEMI_MONTH, date(2025, 1, 2))
    with pytest.raises(InvalidInput):
        next_in_series(date(2025, 1, 1), Frequency.WEEK, date(2025, 1, 2), -1)


def test_a_deferral_lets_periods_pass() -> None:
    assert deferred(date(2025, 1, 31), Frequency.MONTH, 1) == date(2025, 2, 28)
    assert deferred(date(2025, 1, 31), Frequency.MONTH, 2) == date(2025, 3, 31)
    assert deferred(date(2025, 1, 31), Frequency.FORTNIGHT, 0) == date(2025, 1, 31)


def test_interest_stops_is_reduced_or_goes_on() -> None:
    contract = Decimal("0.18")
    assert plan_rate(Treatment.STOPPED, contract) == 0
    assert plan_rate(Treatment.CONTINUING, contract) == contract
    assert plan_rate(Treatment.REDUCED, contract, Decimal("0.06")) == Decimal("0.06")
    for reduced in (None, Decimal("-0.01"), Decimal("0.19")):
        with pytest.raises(InvalidInput):
            plan_rate(Treatment.REDUCED, contract, reduced)


def test_the_number_for_an_amount_is_found_with_interest() -> None:
    solved = solve_count(terms("10000", 1, annual_rate=Decimal("0.18")), usd("917"))
    assert (solved.count, solved.instalment) == (12, usd("917"))
    assert build_schedule(solved).instalments[-1].amount <= usd("917")
    assert solve_count(terms("100", 1), usd("30")).count == 4
    assert solve_count(terms("100", 1, annual_rate=Decimal("0.1")), usd("500")).instalment is None
    down = terms("100", 1, down_payment=usd("10"), down_payment_due=date(2024, 1, 1), annual_rate=Decimal("0.1"))
    assert solve_count(down, usd("30")).count == 4
    assert solve_count(down, usd("30"), min_last=usd("2")).count == 3


@pytest.mark.parametrize(
    ("more", "level"),
    [
        ({"annual_rate": Decimal("0.5")}, "4"),
        ({"annual_rate": Decimal("0.5"), "method": Method.FLAT_FEE}, "40"),
        ({"steps": (Step(1, usd("1")),)}, "40"),
        ({"balloon": usd("1")}, "40"),
        ({"annual_rate": Decimal("0.0001")}, "0.05"),
    ],
)
def test_an_amount_that_has_no_number_is_refused(more: dict[str, object], level: str) -> None:
    with pytest.raises(InvalidInput):
        solve_count(terms("100", 2, **more), usd(level))


def test_the_amount_for_a_number_is_the_level_one() -> None:
    assert solve_amount(terms("1000", 9, steps=STEPS)) == usd("172.50")
    assert solve_amount(terms("1000", 3, remainder=Remainder.FIRST)) == usd("333.33")
    assert solve_amount(terms("1000", 1, remainder=Remainder.FIRST)) == usd("1000")
    with pytest.raises(InvalidInput):
        solve_amount(terms("1000", 0, down_payment=usd("1000"), down_payment_due=date(2024, 1, 1)))


rates = st.decimals("0.0001", "0.36", places=4)
currencies = st.sampled_from(["USD", "CNY", "JPY", "KWD"])


@given(
    st.integers(10**5, 10**8), st.integers(1, 60), currencies, rates | st.just(Decimal(0)), st.sampled_from(DayCount)
)
def test_solving_for_the_amount_and_then_for_the_number_agrees(
    minor: int, count: int, currency: str, rate: Decimal, basis: DayCount
) -> None:
    total = Money(minor, currency)
    base = terms(total.to_text(), count, currency, annual_rate=rate, day_count=basis)
    level = solve_amount(base)
    assume(level.minor > 1000)
    assert solve_count(base, level).count == count


@given(st.integers(1, 10**8), st.integers(1, 400))
def test_a_level_rounded_half_up_always_comes_back_to_its_number(minor: int, count: int) -> None:
    assume(minor >= count * count)
    total = Money(minor, "JPY")
    assert count_for_amount(total, total.split(count)[0]) == count


@given(
    st.integers(10**5, 10**8), st.integers(4, 40), rates | st.just(Decimal(0)), st.sampled_from(Method),
    st.sampled_from(Remainder), st.integers(0, 50), st.booleans(), st.sampled_from(Frequency),
)  # fmt: skip
def test_every_shape_sums_to_the_total_and_never_goes_below_nothing(  # noqa: PLR0917
    minor: int, count: int, rate: Decimal, method: Method, remainder: Remainder, balloon: int, whole: bool,
    frequency: Frequency,
) -> None:  # fmt: skip
    total = Money(minor, "CNY")
    shape = terms(
        total.to_text(), count, "CNY", annual_rate=rate, method=method, remainder=remainder, frequency=frequency,
        balloon=total.share(Fraction(balloon, 100)) if balloon else None, whole_units=whole,
        steps=(Step(2, total.share(Fraction(1, count))),) if whole else (), rule=DayRule.FOLLOWING, market="cn",
    )  # fmt: skip
    try:
        schedule = build_schedule(shape)
    except InvalidInput:
        assert rate > Decimal("0.3") or whole
        return
    assert schedule.total == total + schedule.interest
    balances = closing(schedule, total)
    assert balances[-1] == Money.zero("CNY")
    assert all(balance >= Money.zero("CNY") for balance in balances)
    assert all(line.amount > Money.zero("CNY") for line in schedule.lines)
    assert all(a.due < b.due for a, b in pairwise(schedule.lines))
    assert sum_money((line.amount for line in schedule.lines), "CNY") == schedule.total


@given(st.integers(10**4, 10**8), st.integers(2, 60), rates)
def test_a_remainder_left_to_the_first_makes_all_the_others_level(minor: int, count: int, rate: Decimal) -> None:
    money = Money(minor, "USD").to_text()
    lines = build_schedule(terms(money, count, annual_rate=rate, remainder=Remainder.FIRST)).instalments
    level = lines[1].amount
    assert all(line.amount == level for line in lines[1:-1])
    assert abs(lines[-1].amount - level).minor <= 1 + count // 2


def test_terms_of_every_shape_are_stored_and_read_back_exactly() -> None:
    shaped = terms(
        "1000", 9, steps=STEPS, balloon=usd("10"), remainder=Remainder.FIRST, rounding=ROUND_DOWN, days_after=2,
        level_rounding=ROUND_CEILING, interest_on_moved_days=True, annual_rate=Decimal("0.12"), anchor_day=30,
    )  # fmt: skip
    stored = terms_to_json(shaped)
    assert terms_from_json(json.loads(json.dumps(stored))) == shaped
    old = {name: value for name, value in terms_to_json(terms("1000", 9)).items() if name not in NEWER}
    assert terms_from_json(old) == terms("1000", 9)
