"""Days of first payments, spans of time, and sums that are easy to say: each rule at its edges."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.calendar import Frequency
from core.money import Money
from core.negotiation import Finances, Payday
from core.negotiation.ability import per_period, protected, round_down, round_up, surplus_of, whole_up
from core.negotiation.dates import (
    after_payday,
    capacity,
    is_after_payday,
    most_days_to_first,
    most_days_to_one,
    next_same_day,
    periods_in,
    usual_date,
)
from tests.unit.negotiating import TODAY, cny, dana, granted, usd

FRIDAY, SATURDAY = date(2026, 11, 27), date(2026, 11, 28)


@pytest.mark.parametrize(
    ("today", "most", "first"),
    [
        pytest.param(TODAY, 45, date(2026, 12, 7), id="two weeks off"),
        pytest.param(TODAY, 14, date(2026, 12, 7), id="on the last day that is allowed"),
        pytest.param(TODAY, 13, date(2026, 12, 4), id="the working day before the Sunday that is the last"),
        pytest.param(TODAY, 0, TODAY, id="today where nothing else is allowed"),
        pytest.param(TODAY, -5, TODAY, id="never before today"),
        pytest.param(SATURDAY, 1, SATURDAY, id="a weekend without a working day"),
        pytest.param(date(2026, 12, 14), 45, date(2026, 12, 28), id="the twenty-eighth is in every month"),
        pytest.param(
            date(2026, 12, 15), 45, date(2027, 1, 4), id="the twenty-ninth is not: next month's first working day"
        ),
        pytest.param(date(2026, 11, 12), 45, date(2026, 11, 27), id="a working day after Thanksgiving"),
    ],
)
def test_a_first_day_without_a_payday(today: date, most: int, first: date) -> None:
    assert usual_date(dana(today=today), most) == first


@pytest.mark.parametrize(
    ("payday", "most", "first"),
    [
        pytest.param(Payday(day=25), 45, date(2026, 11, 27), id="two days after"),
        pytest.param(Payday(day=22), 45, date(2026, 11, 24), id="tomorrow at the soonest"),
        pytest.param(Payday(day=21), 45, date(2026, 12, 23), id="not today"),
        pytest.param(Payday(day=20), 10, date(2026, 12, 3), id="before it where the limits do not wait so long"),
        pytest.param(Payday(day=20), -1, TODAY, id="never before today"),
    ],
)
def test_a_first_day_after_a_payday(payday: Payday, most: int, first: date) -> None:
    assert usual_date(dana(finances=Finances(payday=payday)), most) == first
    other = dana(finances=Finances(payday=Payday(day=1)))
    assert usual_date(other, most, payday) == first


@pytest.mark.parametrize(
    ("payday", "due"),
    [
        (Payday(weekday=0), date(2026, 11, 24)),
        (Payday(weekday=3), date(2026, 11, 27)),
        (Payday(weekday=4), TODAY),
        (Payday(weekday=6), TODAY),
        (Payday(day=1), date(2026, 12, 3)),
        (Payday(day=21), TODAY),
        (Payday(day=28), date(2026, 11, 30)),
        (Payday(day=29), date(2026, 12, 1)),
        (Payday(day=-1), date(2026, 12, 1)),
        (Payday(), date(2026, 12, 3)),
    ],
)
def test_the_day_after_each_payday(payday: Payday, due: date) -> None:
    assert after_payday(payday, TODAY) == due


def test_paid_on_the_twenty_ninth_the_day_after_is_the_first_whatever_the_month() -> None:
    december_5 = date(2026, 12, 5)
    assert after_payday(Payday(day=28), december_5) == date(2026, 12, 30)
    assert after_payday(Payday(day=29), december_5) == date(2027, 1, 1)


def test_one_to_three_days_after_income_arrives_is_after_payday() -> None:
    december = [date(2026, 12, day) for day in range(9, 16)]
    assert [day.day for day in december if is_after_payday(Payday(day=10), day)] == [11, 12, 13]


@pytest.mark.parametrize(
    ("day", "today", "found"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 11, 5), date(2026, 11, 23), date(2026, 12, 5)),
        (date(2026, 11, 30), date(2026, 11, 23), date(2026, 11, 30)),
        (date(2027, 1, 5), date(2026, 11, 23), date(2027, 1, 5)),
        (date(2025, 11, 23), date(2026, 11, 23), date(2026, 11, 23)),
        (date(2025, 10, 5), date(2026, 11, 23), date(2026, 12, 5)),
        (date(2025, 12, 31), date(2026, 2, 10), date(2026, 2, 28)),
        (date(2026, 1, 31), date(2026, 3, 1), date(2026, 3, 31)),
    ],
)
def test_a_day_that_is_past_is_the_same_day_of_a_month_to_come(day: date, today: date, found: date) -> None:
    assert next_same_day(day, today) == found


def test_a_payment_waits_no_longer_than_its_own_limit_and_the_term() -> None:
    limits = granted(dana(), max_days_to_first_payment=45, max_extension_days=30, max_term_days=365).limits
    assert most_days_to_first(limits) == 45
    assert (most_days_to_one(limits, whole=True), most_days_to_one(limits, whole=False)) == (30, 45)
    short = replace(limits, max_term_days=20)
    assert most_days_to_first(short) == 20
    assert (most_days_to_one(short, whole=True), most_days_to_one(short, whole=False)) == (20, 20)


def test_as_many_instalments_fit_as_have_a_date_inside_the_term() -> None:
    limits = granted(dana(), max_instalments=12, max_term_days=59).limits
    last = TODAY + timedelta(days=59)
    assert last == date(2027, 1, 21)
    assert capacity(date(2026, 11, 21), Frequency.MONTH, None, limits, TODAY) == 3
    assert capacity(date(2026, 11, 22), Frequency.MONTH, None, limits, TODAY) == 2
    assert capacity(date(2026, 11, 30), Frequency.MONTH, 31, limits, TODAY) == 2
    assert capacity(last, Frequency.WEEK, None, limits, TODAY) == 1
    assert capacity(TODAY, Frequency.WEEK, None, replace(limits, max_instalments=4), TODAY) == 4
    assert capacity(TODAY, Frequency.WEEK, None, replace(limits, max_instalments=1), TODAY) == 1
    endless = replace(limits, max_instalments=5000, max_term_days=36500)
    assert capacity(TODAY, Frequency.WEEK, None, endless, TODAY) == 1200


@pytest.mark.parametrize(
    ("days", "months"),
    [
        (1, 1),
        (30, 1),
        (31, 1),
        (45, 1),
        (46, 2),
        (60, 2),
        (61, 2),
        (90, 3),
        (200, 7),
        (365, 12),
        (730, 24),
        (1080, 36),
        (1095, 36),
        (2190, 72),
        (7300, 240),
    ],
)
def test_a_span_is_so_many_months(days: int, months: int) -> None:
    """36 months are told as 1,080 days, and six years as 2,190, which would be 73 months of 30."""
    assert periods_in(days, Frequency.MONTH) == months


@pytest.mark.parametrize(
    ("days", "frequency", "count"),
    [
        (10, Frequency.WEEK, 1),
        (20, Frequency.WEEK, 2),
        (27, Frequency.FORTNIGHT, 1),
        (28, Frequency.FORTNIGHT, 2),
        (55, Frequency.FOUR_WEEKS, 1),
        (56, Frequency.FOUR_WEEKS, 2),
        (30, Frequency.SEMI_MONTH, 2),
        (90, Frequency.SEMI_MONTH, 6),
        (30, Frequency.QUARTER, 1),
        (120, Frequency.QUARTER, 1),
        (180, Frequency.QUARTER, 2),
    ],
)
def test_a_span_holds_only_whole_periods_and_at_least_one(days: int, frequency: Frequency, count: int) -> None:
    assert periods_in(days, frequency) == count


@pytest.mark.parametrize(
    ("sum_", "up", "down"),
    [
        ("0.01", "1", "0"),
        ("49.99", "50", "49"),
        ("50", "50", "50"),
        ("50.01", "55", "50"),
        ("199.99", "200", "195"),
        ("200", "200", "200"),
        ("200.01", "210", "200"),
        ("999.99", "1000", "990"),
        ("1000", "1000", "1000"),
        ("1000.01", "1050", "1000"),
        ("1049.99", "1050", "1000"),
    ],
)
def test_a_sum_that_is_easy_to_say(sum_: str, up: str, down: str) -> None:
    assert (round_up(usd(sum_)), round_down(usd(sum_))) == (usd(up), usd(down))


def test_whole_units_are_those_of_the_currency() -> None:
    assert whole_up(usd("10.01")) == usd("11")
    assert whole_up(usd("10")) == usd("10")
    assert whole_up(Money(1001, "JPY")) == Money(1001, "JPY")
    assert (round_up(Money(1001, "JPY")), round_down(Money(49, "JPY"))) == (Money(1050, "JPY"), Money(49, "JPY"))


@pytest.mark.parametrize(
    ("frequency", "sum_"),
    [
        (Frequency.WEEK, "23.07"),
        (Frequency.FORTNIGHT, "46.15"),
        (Frequency.FOUR_WEEKS, "92.30"),
        (Frequency.SEMI_MONTH, "50.00"),
        (Frequency.MONTH, "100.00"),
        (Frequency.QUARTER, "300.00"),
    ],
)
def test_a_months_sum_by_the_period_never_comes_to_more(frequency: Frequency, sum_: str) -> None:
    assert per_period(usd("100"), frequency) == usd(sum_)


@pytest.mark.parametrize(("dependants", "least"), [(None, "800"), (0, "800"), (1, "1200"), (2, "1600"), (3, "2000")])
def test_each_dependant_adds_half_to_the_protected_minimum(dependants: int | None, least: str) -> None:
    case = dana(finances=Finances(dependants=dependants))
    assert protected(case, granted(case)) == usd(least)
    assert protected(case, granted(case, protected_minimum=Decimal("0.333"))).currency == "USD"


def test_a_surplus_is_known_only_where_income_and_spending_are_told_in_the_debts_currency() -> None:
    income, spending = usd("3000"), usd("2600")

    def surplus(told: Finances) -> Money | None:
        return surplus_of(dana(finances=told), granted(dana()))

    assert surplus(Finances(income=income, spending=spending)) == usd("400")
    assert surplus(Finances(income=income)) is None
    assert surplus(Finances(spending=spending)) is None
    assert surplus(Finances(income=spending, spending=income)) == usd("0")
    assert surplus(Finances(income=income, spending=spending, affordable=cny("100"))) is None
