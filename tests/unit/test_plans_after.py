from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import Frequency
from core.errors import InvalidInput
from core.money import Money, sum_money
from core.plans import (
    Balance,
    Debt,
    Schedule,
    Status,
    Terms,
    allocate,
    allocate_debts,
    apply_payment,
    build_schedule,
    card_order,
    left,
    move_instalment,
    next_unpaid,
    overdue,
    payoff,
    progress,
    re_age,
)
from core.plans.allocation import COSTS_INTEREST_PRINCIPAL, INTEREST_FEES_PRINCIPAL, PRINCIPAL_FIRST
from core.plans.apr import plan_apr_us, plan_aprc, plan_xirr, unit_periods, years_between
from core.plans.rates import effective_rate, irr, us_actuarial, xirr

ZERO = Money.zero("USD")


def usd(text: str) -> Money:
    return Money.of(text, "USD")


def schedule_of(total: str, count: int, rate: str = "0", down: str = "0") -> Schedule:
    due = date(2024, 1, 15) if down != "0" else None
    terms = Terms(usd(total), usd(down), due, Frequency.MONTH, count, date(2024, 2, 1), annual_rate=Decimal(rate))
    return build_schedule(terms)


def balance(principal: str, interest: str, fees: str) -> Balance:
    return Balance(usd(principal), usd(interest), usd(fees))


def test_a_balance_is_the_sum_of_its_components_and_none_is_negative() -> None:
    assert balance("5", "3", "2").total == usd("10")
    assert Balance.of_principal(usd("5")).total == usd("5")
    assert balance("5", "3", "2").currency == "USD"
    with pytest.raises(InvalidInput):
        balance("5", "-3", "2")


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (COSTS_INTEREST_PRINCIPAL, ("0", "280", "120")),
        (INTEREST_FEES_PRINCIPAL, ("0", "300", "100")),
        (PRINCIPAL_FIRST, ("400", "0", "0")),
        (None, ("369.00", "22.14", "8.86")),
    ],
)
def test_a_payment_goes_to_components_in_the_order_of_its_rule(order: object, expected: tuple[str, str, str]) -> None:
    allocation = allocate(usd("400"), balance("5000", "300", "120"), order)  # type: ignore[arg-type]
    assert allocation.applied == balance(*expected)
    assert allocation.left.total == usd("5020")
    assert allocation.surplus == ZERO


def test_card_payments_turn_to_principal_first_on_day_ninety_one() -> None:
    assert card_order(90) == INTEREST_FEES_PRINCIPAL
    assert card_order(91) == PRINCIPAL_FIRST


def debt(key: str, rate: str = "0.1", due: str = "2025-01-10", security: str = "0", owed: str = "1000") -> Debt:
    return Debt(key, usd(owed), date.fromisoformat(due), Decimal(rate), Decimal(security))


@pytest.mark.parametrize(
    ("debts", "first"),
    [
        ([debt("A", due="2026-01-01", rate="0.3"), debt("B")], "B"),
        ([debt("A", security="1", rate="0.3"), debt("B")], "B"),
        ([debt("A", "0.12"), debt("B", "0.18", "2025-03-10")], "B"),
        ([debt("A", due="2025-02-10"), debt("B")], "B"),
    ],
)
def test_several_debts_are_paid_in_the_statutory_order(debts: list[Debt], first: str) -> None:
    parts = allocate_debts(usd("1200"), debts, date(2025, 6, 1))
    assert parts[first] == usd("1000")
    assert sum_money(parts.values(), "USD") == usd("1200")


def test_equal_debts_share_and_the_debtors_choice_goes_before_all() -> None:
    equals = [debt("A"), debt("B", owed="3000")]
    assert allocate_debts(usd("400"), equals, date(2025, 6, 1)) == {"A": usd("100"), "B": usd("300")}
    assert allocate_debts(usd("400"), equals, date(2025, 6, 1), ["B"]) == {"A": ZERO, "B": usd("400")}
    with pytest.raises(InvalidInput):
        allocate_debts(usd("400"), equals, date(2025, 6, 1), ["C"])


amounts = st.integers(0, 10**7).map(lambda minor: Money(minor, "USD"))


@given(amounts, amounts, amounts, amounts, st.sampled_from([COSTS_INTEREST_PRINCIPAL, PRINCIPAL_FIRST, None]))
def test_allocation_never_exceeds_a_component_and_loses_nothing(
    payment: Money, principal: Money, interest: Money, fees: Money, order: object
) -> None:
    owed = Balance(principal, interest, fees)
    allocation = allocate(payment, owed, order)  # type: ignore[arg-type]
    assert allocation.applied.total + allocation.surplus == payment
    assert allocation.applied.total + allocation.left.total == owed.total
    assert allocation.surplus == max(payment - owed.total, ZERO)


def test_payments_settle_the_oldest_instalment_first() -> None:
    schedule = schedule_of("300", 2, down="100")
    lines = progress(schedule, usd("150"))
    assert [line.paid.to_text() for line in lines] == ["100.00", "50.00", "0.00"]
    assert [line.status(date(2024, 1, 20)) for line in lines] == [Status.PAID, Status.PART_PAID, Status.UPCOMING]
    assert lines[1].status(date(2024, 2, 1)) is Status.DUE
    assert lines[1].status(date(2024, 2, 2)) is Status.OVERDUE
    assert overdue(schedule, usd("150"), date(2024, 2, 2)) == usd("50")
    assert left(schedule, usd("150")) == usd("150")
    unpaid = next_unpaid(schedule, usd("150"))
    assert unpaid is not None
    assert unpaid.instalment.number == 1
    assert next_unpaid(schedule, usd("300")) is None


def test_what_is_paid_beyond_the_plan_is_a_surplus() -> None:
    applied = apply_payment(progress(schedule_of("300", 3), usd("250")), usd("60"))
    assert applied.surplus == usd("10")
    assert all(line.left == ZERO for line in applied.lines)
    assert left(schedule_of("300", 3), usd("310")) == ZERO
    with pytest.raises(InvalidInput):
        apply_payment(applied.lines, usd("-1"))


def test_an_instalment_moves_only_between_its_neighbours() -> None:
    schedule = schedule_of("300", 2, down="100")
    assert move_instalment(schedule, 1, date(2024, 2, 20)).instalments[0].due == date(2024, 2, 20)
    moved = move_instalment(schedule, 0, date(2024, 1, 20)).down_payment
    assert moved is not None
    assert moved.due == date(2024, 1, 20)
    assert move_instalment(schedule_of("300", 2), 2, date(2025, 1, 1)).last_due == date(2025, 1, 1)
    for number, due in ((1, date(2024, 3, 1)), (1, date(2024, 1, 15)), (7, date(2024, 2, 20))):
        with pytest.raises(InvalidInput):
            move_instalment(schedule, number, due)


def test_a_payoff_is_what_is_left_less_interest_not_yet_accrued() -> None:
    plain = schedule_of("300", 3)
    assert payoff(plain, usd("100"), date(2024, 1, 20)) == usd("200")
    rated = schedule_of("100", 6, "0.15678")
    assert payoff(rated, ZERO, date(2024, 1, 1)) == usd("100")
    assert usd("100") < payoff(rated, ZERO, date(2024, 1, 16)) < usd("101.33")
    assert payoff(rated, ZERO, date(2030, 1, 1)) == rated.total
    assert payoff(rated, rated.total, date(2024, 1, 1)) == ZERO


@given(st.integers(0, 20_000), st.dates(date(2023, 12, 1), date(2025, 1, 1)))
def test_a_payoff_is_never_negative_nor_more_than_what_is_left(paid: int, on: date) -> None:
    rated = schedule_of("100", 6, "0.15678")
    money = Money(paid, "USD")
    assert ZERO <= payoff(rated, money, on) <= left(rated, money)


def test_what_is_left_is_spread_anew() -> None:
    again = re_age(usd("1000"), 3, Frequency.MONTH, date(2025, 1, 31))
    assert [line.amount.to_text() for line in again.instalments] == ["333.33", "333.33", "333.34"]
    assert again.last_due == date(2025, 3, 31)


def test_a_plan_without_discount_or_interest_costs_nothing() -> None:
    schedule, on = schedule_of("1000", 3), date(2024, 1, 1)
    assert plan_apr_us(schedule, usd("1000"), on, Frequency.MONTH) == 0
    assert plan_aprc(schedule, usd("1000"), on) == 0
    assert plan_xirr(schedule, usd("1000"), on) == 0
    assert plan_xirr(schedule, usd("1100"), on) < 0


def test_the_rate_of_an_annuity_is_the_rate_it_was_made_with() -> None:
    schedule = schedule_of("10000", 12, "0.18")
    assert abs(plan_apr_us(schedule, usd("10000"), date(2024, 1, 1), Frequency.MONTH) - Decimal("0.18")) < Decimal(
        "0.001"
    )


@pytest.mark.parametrize(
    ("start", "end", "frequency", "whole", "part"),
    [
        ("1978-02-23", "1978-03-01", Frequency.SEMI_MONTH, 0, Fraction(6, 15)),
        ("1978-01-10", "1978-02-10", Frequency.MONTH, 1, Fraction(0)),
        ("1978-04-03", "1978-04-11", Frequency.FORTNIGHT, 0, Fraction(8, 14)),
        ("1978-06-23", "1978-10-01", Frequency.QUARTER, 1, Fraction(8, 90)),
        ("1978-03-03", "1978-09-15", Frequency.MONTH, 6, Fraction(12, 30)),
        ("2025-01-31", "2025-02-28", Frequency.MONTH, 1, Fraction(0)),
    ],
)
def test_unit_periods_are_counted_back_from_the_payment(
    start: str, end: str, frequency: Frequency, whole: int, part: Fraction
) -> None:
    assert unit_periods(date.fromisoformat(start), date.fromisoformat(end), frequency) == (whole, part)


def test_european_years_count_months_back_and_days_over_the_year_before() -> None:
    assert years_between(date(2012, 3, 12), date(2012, 5, 1)) == Fraction(1, 12) + Fraction(20, 366)
    assert years_between(date(2013, 3, 12), date(2013, 5, 1)) == Fraction(1, 12) + Fraction(20, 365)


def test_a_loss_over_a_very_long_time_still_has_its_rate() -> None:
    rate = effective_rate([(Fraction(0), -100), (Fraction(3000), 50)])
    assert abs(rate - (Decimal("0.5") ** (Decimal(1) / 3000) - 1)) < Decimal("1e-12")


def test_money_that_goes_one_way_has_no_rate() -> None:
    with pytest.raises(InvalidInput):
        irr([-100, -5])
    with pytest.raises(InvalidInput):
        us_actuarial([(0, Fraction(0), 5)], 12)
    with pytest.raises(InvalidInput):
        xirr([])
    with pytest.raises(InvalidInput):
        effective_rate([(Fraction(0), -100), (Fraction(0), 50)])


@given(st.integers(1, 50_000), st.integers(1, 60))
def test_a_rate_found_makes_the_flows_worth_nothing(level: int, count: int) -> None:
    rate = irr([-100_000, *[level] * count])
    if -0.9 < rate < 100:
        value = sum((level / (1 + rate) ** k for k in range(1, count + 1)), Decimal(-100_000))
        assert abs(value) < Decimal("0.01")
