from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import (
    LAST_DAY,
    DayRule,
    Frequency,
    add_business_days,
    add_months,
    adjust,
    adjust_all,
    due_dates,
    is_business_day,
    is_estimate,
    next_payday,
)
from core.clock import FixedClock, SystemClock
from core.errors import InvalidInput


def days(*texts: str) -> tuple[date, ...]:
    return tuple(map(date.fromisoformat, texts))


def test_month_ends_do_not_drift() -> None:
    assert due_dates(date(2025, 1, 31), Frequency.MONTH, 3) == days("2025-01-31", "2025-02-28", "2025-03-31")
    assert due_dates(date(2024, 1, 31), Frequency.MONTH, 2)[1] == date(2024, 2, 29)
    assert add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)


def test_an_anchor_day_holds_though_the_first_date_was_clamped() -> None:
    assert due_dates(date(2025, 2, 28), Frequency.MONTH, 2, 31) == days("2025-02-28", "2025-03-31")
    assert due_dates(date(2025, 2, 28), Frequency.MONTH, 3, LAST_DAY) == days("2025-02-28", "2025-03-31", "2025-04-30")


@pytest.mark.parametrize(
    ("first", "frequency", "expected"),
    [
        ("2025-01-30", Frequency.WEEK, ("2025-01-30", "2025-02-06")),
        ("2025-01-30", Frequency.FORTNIGHT, ("2025-01-30", "2025-02-13")),
        ("2025-01-30", Frequency.FOUR_WEEKS, ("2025-01-30", "2025-02-27")),
        ("2024-11-30", Frequency.QUARTER, ("2024-11-30", "2025-02-28", "2025-05-30")),
        ("2025-01-01", Frequency.SEMI_MONTH, ("2025-01-01", "2025-01-16", "2025-02-01")),
        ("2025-01-20", Frequency.SEMI_MONTH, ("2025-01-20", "2025-02-05", "2025-02-20")),
        ("2025-01-31", Frequency.SEMI_MONTH, ("2025-01-31", "2025-02-15", "2025-02-28")),
    ],
)
def test_each_frequency_steps_as_it_says(first: str, frequency: Frequency, expected: tuple[str, ...]) -> None:
    assert due_dates(date.fromisoformat(first), frequency, len(expected)) == days(*expected)


@pytest.mark.parametrize(("count", "anchor"), [(0, None), (2, 0), (2, 32), (2, -2)])
def test_dates_that_cannot_be_are_refused(count: int, anchor: int | None) -> None:
    with pytest.raises(InvalidInput):
        due_dates(date(2025, 1, 1), Frequency.MONTH, count, anchor)


@given(
    st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    st.sampled_from(Frequency),
    st.integers(1, 60),
    st.none() | st.sampled_from([LAST_DAY, 1, 15, 28, 29, 30, 31]),
)
def test_due_dates_strictly_increase_from_the_first(
    first: date, frequency: Frequency, count: int, anchor: int | None
) -> None:
    dates = due_dates(first, frequency, count, anchor)
    assert dates[0] == first
    assert len(dates) == count
    assert all(a < b for a, b in pairwise(dates))


def test_china_works_its_make_up_days_and_rests_its_long_holidays() -> None:
    assert is_business_day("cn", date(2025, 1, 26))
    assert adjust(date(2025, 10, 4), DayRule.FOLLOWING, "cn") == date(2025, 10, 9)
    assert is_business_day("cn", date(2026, 2, 14))
    assert not is_estimate("cn", 2026)
    assert is_estimate("cn", 2040)
    assert not is_estimate("us", 2040)


def test_each_market_has_its_own_holidays() -> None:
    assert not is_business_day("us", date(2026, 7, 3))
    assert is_business_day("uk", date(2026, 7, 3))
    assert not is_business_day("uk", date(2026, 8, 31))
    assert is_business_day("uk-sct", date(2026, 8, 31))
    assert not is_business_day("uk-nir", date(2026, 3, 17))
    assert is_business_day(None, date(2026, 12, 25))


def test_a_market_that_is_not_known_is_refused_not_assumed() -> None:
    with pytest.raises(InvalidInput):
        is_business_day("atlantis", date(2026, 7, 3))
    with pytest.raises(InvalidInput):
        is_estimate("", 2026)


def test_the_rules_move_a_date_as_they_say() -> None:
    saturday = date(2025, 5, 31)
    assert adjust(saturday, DayRule.NONE) == saturday
    assert adjust(saturday, DayRule.FOLLOWING) == date(2025, 6, 2)
    assert adjust(saturday, DayRule.PRECEDING) == date(2025, 5, 30)
    assert adjust(saturday, DayRule.MODIFIED_FOLLOWING) == date(2025, 5, 30)
    assert adjust(date(2025, 3, 1), DayRule.MODIFIED_FOLLOWING) == date(2025, 3, 3)


def test_dates_that_fall_into_one_long_holiday_stay_apart() -> None:
    weekly = due_dates(date(2025, 10, 1), Frequency.WEEK, 3)
    assert adjust_all(weekly, DayRule.FOLLOWING, "cn") == days("2025-10-09", "2025-10-10", "2025-10-15")


def test_business_days_are_counted_over_weekends() -> None:
    assert add_business_days(None, date(2025, 5, 30), 1) == date(2025, 6, 2)
    assert add_business_days(None, date(2025, 5, 31), 0) == date(2025, 5, 31)


def test_a_date_follows_the_payday() -> None:
    assert next_payday(15, date(2025, 2, 17), 2) == date(2025, 2, 17)
    assert next_payday(15, date(2025, 2, 18), 2) == date(2025, 3, 17)
    assert next_payday(LAST_DAY, date(2025, 2, 1)) == date(2025, 2, 28)
    for payday, after in ((0, 0), (32, 0), (5, -1)):
        with pytest.raises(InvalidInput):
            next_payday(payday, date(2025, 2, 1), after)


def test_a_fixed_clock_moves_only_when_it_is_told_and_never_back() -> None:
    clock = FixedClock(datetime(2026, 1, 1, 12, tzinfo=UTC))
    assert clock.now() == clock.now()
    assert clock.advance(timedelta(hours=1)) == datetime(2026, 1, 1, 13, tzinfo=UTC)
    with pytest.raises(InvalidInput):
        clock.advance(timedelta(seconds=-1))
    with pytest.raises(InvalidInput):
        FixedClock(datetime(2026, 1, 1))  # noqa: DTZ001
    assert SystemClock().now().tzinfo is UTC
