"""The edges of the calculator: the last day that still counts, the first that does not, and what is left unsaid."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from typing import Any

import pytest

from core.calendar import (
    DayRule,
    Frequency,
)
from core.errors import InvalidInput
from core.money import Money
from core.plans import (
    Account,
    Balance,
    Component,
    DayCount,
    Debt,
    Keep,
    Payment,
    Remainder,
    Schedule,
    Step,
    Terms,
    Treatment,
    account,
    allocate_debts,
    build_schedule,
    count_for_amount,
    detail,
    discount,
    level_split,
    plan_rate,
    re_age,
    re_amortise,
    settle_for,
    solve_amount,
    solve_count,
    standing,
    summarise,
    waive_shares,
)
from core.plans.allocation import PRINCIPAL_FIRST

START = date(2024, 1, 1)


def usd(text: str) -> Money:
    return Money.of(text, "USD")


def jpy(minor: int) -> Money:
    return Money(minor, "JPY")


ZERO = usd("0")


def plan(total: str = "1200", count: int = 12, rate: str = "0", **more: Any) -> Terms:
    terms: dict[str, Any] = {"frequency": Frequency.MONTH, "first_due": date(2024, 2, 1), **more}
    down, down_due = terms.pop("down_payment", ZERO), terms.pop("down_payment_due", None)
    return Terms(usd(total), down, down_due, count=count, annual_rate=Decimal(rate), **terms)


def state(on: date, principal: str = "1200", interest: str = "0") -> Account:
    return Account(on, usd(principal), usd(interest), ZERO, ZERO, ZERO)


def texts(schedule: Schedule) -> list[str]:
    return [line.amount.to_text() for line in schedule.instalments]


def interest(schedule: Schedule) -> list[str]:
    return [(line.interest or ZERO).to_text() for line in schedule.instalments]


def dues(schedule: Schedule) -> list[date]:
    return [line.due for line in schedule.instalments]


def test_each_line_of_a_plan_says_its_number_its_date_and_its_sum() -> None:
    schedule = build_schedule(plan("100", 2))
    lines = detail(schedule, Balance.of_principal(usd("100")))
    assert [(line.number, line.due, line.amount, line.interest) for line in lines] == [
        (1, date(2024, 2, 1), usd("50"), ZERO),
        (2, date(2024, 3, 1), usd("50"), ZERO),
    ]


def test_the_summary_counts_rates_from_where_interest_starts_and_by_the_period() -> None:
    weekly = plan("520", 52, "0.52", frequency=Frequency.WEEK, starts=date(2024, 1, 25), day_count=DayCount.ACT_365)
    schedule = build_schedule(weekly)
    told = summarise(schedule, usd("520"), date(2023, 6, 1), Frequency.WEEK)
    assert told.interest == schedule.interest > ZERO
    assert told.irr_nominal == told.irr * 52
    assert told.irr_effective == (1 + told.irr) ** 52 - 1
    assert abs(told.irr - Decimal("0.52") * 7 / 365) < Decimal("0.00002")
    assert abs(told.apr - Decimal("0.52")) < Decimal("0.002")
    assert summarise(build_schedule(plan()), usd("1200"), START, Frequency.MONTH).irr_effective == 0


@pytest.mark.parametrize(
    ("frequency", "starts"),
    [
        (Frequency.WEEK, date(2024, 1, 25)),
        (Frequency.FORTNIGHT, date(2024, 1, 18)),
        (Frequency.FOUR_WEEKS, date(2024, 1, 4)),
        (Frequency.SEMI_MONTH, date(2024, 1, 17)),
        (Frequency.MONTH, date(2024, 1, 1)),
        (Frequency.QUARTER, date(2023, 11, 1)),
    ],
)
def test_interest_left_unsaid_starts_a_period_before_the_first_date(frequency: Frequency, starts: date) -> None:
    assert build_schedule(plan(rate="0.1", frequency=frequency)).starts == starts
    with_down = plan(rate="0.1", frequency=frequency, down_payment_due=START)
    assert build_schedule(with_down).starts == starts


def test_interest_starts_with_the_down_payment_unless_said() -> None:
    down = plan("1100", 2, "0.365", down_payment=usd("100"), down_payment_due=date(2024, 1, 22))
    assert interest(build_schedule(down))[0] == "10.00"
    assert interest(build_schedule(replace(down, starts=date(2024, 1, 12))))[0] == "20.00"
    assert account(down, [], date(2024, 1, 25)).interest == usd("3.30")
    assert account(replace(down, starts=date(2024, 1, 15)), [], date(2024, 1, 25)).interest == usd("11")
    assert account(plan("1000", 2, "0.365"), [], date(2024, 1, 11)).interest == usd("10")


def test_a_step_may_be_one_payment_and_several_steps_add_up() -> None:
    stepped = plan(count=3, steps=(Step(1, usd("100")), Step(1, usd("200"))))
    assert texts(build_schedule(stepped)) == ["100.00", "200.00", "900.00"]
    with pytest.raises(InvalidInput):
        plan(steps=(Step(1, usd("700")), Step(1, usd("501"))))


@pytest.mark.parametrize(("total", "level", "count"), [("100", "50", 3), ("150", "50", 2), ("150", "0", 1)])
def test_a_last_payment_of_nothing_or_of_two_levels_is_none(total: str, level: str, count: int) -> None:
    with pytest.raises(InvalidInput):
        level_split(usd(total), usd(level), count)


def test_what_rounding_may_leave_over_is_merged_and_more_is_not() -> None:
    assert count_for_amount(jpy(1004), jpy(100)) == 10
    assert count_for_amount(jpy(1005), jpy(100)) == 11
    assert count_for_amount(usd("101"), usd("50")) == 3
    assert count_for_amount(usd("100.99"), usd("50")) == 2


def test_the_amount_is_solved_whatever_the_terms_said_it_was() -> None:
    assert solve_amount(plan("100", 3, instalment=usd("30"))) == usd("33.33")
    assert solve_amount(plan("100.01", 2, remainder=Remainder.FIRST)) == usd("50.01")


def test_a_number_of_two_keeps_the_persons_own_amount() -> None:
    solved = solve_count(plan("100", 1), usd("60"))
    assert (solved.count, solved.instalment) == (2, usd("60"))
    assert solve_count(plan("130", 1), usd("50"), usd("40")).count == 2
    assert solve_count(plan("130", 1), usd("50"), usd("30")).count == 3


def test_the_number_with_interest_counts_the_days_and_rounds_as_the_terms_say() -> None:
    on_basis = [
        solve_count(plan("1000", 1, "0.5", day_count=basis, starts=START), usd("527"), usd("0.01")).count
        for basis in (DayCount.ACT_365, DayCount.ACT_360)
    ]
    assert on_basis == [3, 3]
    exactly = plan("100", 1, "0.12", day_count=DayCount.D30_360, starts=START)
    assert solve_count(exactly, usd("101")).count == 1
    assert solve_count(exactly, usd("100.99"), usd("0.01")).count == 2


def test_a_first_payment_carries_the_remainder_discounted_to_its_date() -> None:
    rated = plan("10000", 12, "0.36", remainder=Remainder.FIRST, whole_units=True, day_count=DayCount.D30_360)
    lines = texts(build_schedule(rated))
    assert set(lines[1:-1]) == {"1005.00"}
    assert abs(Decimal(lines[-1]) - 1005) <= Decimal("0.02")
    last = build_schedule(replace(rated, remainder=Remainder.LAST)).instalments[-1].amount
    gap = (last - usd("1005")).decimal
    assert abs((Decimal(lines[0]) - 1005) * Decimal("1.03") ** 11 - gap) < Decimal("0.05")
    ballooned = build_schedule(replace(rated, balloon=usd("4000")))
    assert abs(ballooned.instalments[-1].amount - usd("4000") - ballooned.instalments[1].amount) <= usd("0.02")


def test_a_payment_may_be_taken_back_on_its_own_day() -> None:
    paid = Payment("p", date(2024, 2, 1), usd("5"))
    assert standing([paid, Payment("r", date(2024, 2, 1), usd("5"), "p")]) == ()


def test_unpaid_interest_and_surplus_add_up() -> None:
    terms = plan("1000", 12, "0.365", starts=START)
    late = [Payment("a", date(2024, 1, 11), usd("5")), Payment("b", date(2024, 1, 21), usd("5"))]
    found = account(terms, late, date(2024, 1, 31))
    assert (found.principal, found.interest, found.paid_interest) == (usd("1000"), usd("20"), usd("10"))
    over = [Payment("a", START, usd("1003")), Payment("b", START, usd("4"))]
    assert account(terms, over, START).surplus == usd("7")


def test_accrued_interest_rounds_as_the_terms_say() -> None:
    down, up = (
        account(plan("100", 12, "0.1", starts=START, rounding=mode), [], date(2024, 1, 2)).interest
        for mode in (ROUND_DOWN, ROUND_UP)
    )
    assert (down, up) == (usd("0.02"), usd("0.03"))


def test_what_is_left_may_be_planned_as_one_payment_or_two() -> None:
    on = date(2024, 4, 16)
    terms = plan("1200", 12, "0.365", starts=START)
    once = re_amortise(terms, state(on), count=1)
    assert (texts(once), dues(once), once.starts) == (["1218.00"], [date(2024, 5, 1)], on)
    assert len(texts(re_amortise(terms, state(on), count=2))) == 2


def test_a_balloon_as_large_as_the_principal_is_spread_like_the_rest() -> None:
    ballooned = plan("1200", 12, "0.12", balloon=usd("600"), starts=START)
    assert re_amortise(ballooned, state(date(2024, 4, 1), "600")).instalments[-1].amount < usd("100")
    assert re_amortise(ballooned, state(date(2024, 4, 1), "650")).instalments[-1].amount > usd("600")


def test_carried_interest_is_spread_evenly_where_there_is_a_cent_for_each() -> None:
    terms = plan("1200", 12, starts=START)
    on = date(2024, 4, 1)
    assert interest(re_amortise(terms, state(on, "900", "9"))) == ["1.00"] * 9
    assert interest(re_amortise(terms, state(on, "900", "0.09"))) == ["0.01"] * 9
    assert interest(re_amortise(terms, state(on, "900", "0.08"))) == ["0.08", *["0.00"] * 8]


def test_interest_alone_is_planned_on_the_dates_to_come() -> None:
    alone = re_amortise(plan("1200", 12, "0.1", starts=START), state(date(2024, 4, 1), "0", "9"))
    assert (texts(alone), dues(alone)[0]) == (["1.00"] * 9, date(2024, 5, 1))


def test_own_amounts_steps_and_down_payments_are_over_when_the_rest_is_planned_anew() -> None:
    own = plan("1200", 12, instalment=usd("110"), down_payment=usd("100"), down_payment_due=date(2024, 1, 15))
    again = re_amortise(own, state(date(2024, 4, 1), "900"))
    assert (texts(again), again.down_payment) == (["100.00"] * 9, None)


def test_the_same_instalment_goes_on_over_the_dates_of_the_plan() -> None:
    terms = plan("1000", 10, "0.36", first_due=date(2024, 7, 4), starts=date(2024, 6, 4), rule=DayRule.FOLLOWING,
                 market="us", rounding=ROUND_DOWN)  # fmt: skip
    on = date(2024, 6, 24)
    again = re_amortise(terms, state(on, "250.55"), Keep.INSTALMENT, level=usd("100"))
    assert [line.number for line in again.instalments] == [1, 2, 3]
    assert dues(again) == [date(2024, 7, 5), date(2024, 8, 5), date(2024, 9, 4)]
    assert interest(again) == ["2.47", "4.67", "1.76"]
    assert again.starts == on
    assert again.total == usd("250.55") + again.interest


def test_the_level_that_stays_is_the_one_before_the_last() -> None:
    odd = plan("100.01", 2)
    again = re_amortise(odd, account(odd, [], START), Keep.INSTALMENT)
    assert texts(again) == ["50.01", "50.00"]
    exact = re_amortise(plan("100", 2), state(START, "100"), Keep.INSTALMENT, level=usd("100"))
    assert texts(exact) == ["100.00"]
    rated = plan("100", 2, "0.12", day_count=DayCount.D30_360, starts=START)
    assert texts(re_amortise(rated, state(START, "100"), Keep.INSTALMENT, level=usd("100.50"))) == ["100.50", "0.51"]


def test_the_days_after_a_payday_hold_where_the_instalment_stays() -> None:
    paid = plan("600", 6, first_due=date(2024, 1, 31), anchor_day=28, days_after=3)
    again = re_amortise(paid, state(date(2024, 3, 2), "400"), Keep.INSTALMENT, level=usd("100"))
    assert dues(again) == dues(build_schedule(paid))[2:]


def test_what_is_left_is_spread_on_the_anchor() -> None:
    assert dues(re_age(usd("10"), 2, Frequency.MONTH, date(2025, 2, 28), 31)) == [date(2025, 2, 28), date(2025, 3, 31)]


def test_a_reduced_rate_may_be_nothing_or_all() -> None:
    contract = Decimal("0.18")
    assert plan_rate(Treatment.REDUCED, contract, Decimal(0)) == 0
    assert plan_rate(Treatment.REDUCED, contract, contract) == contract


def test_a_debt_is_due_on_its_day() -> None:
    today = date(2025, 6, 1)
    debts = [
        Debt("later", usd("10"), today + timedelta(days=1), Decimal("0.3")),
        Debt("today", usd("10"), today, Decimal("0.1")),
    ]
    assert allocate_debts(usd("10"), debts, today) == {"later": ZERO, "today": usd("10")}


def test_nothing_or_everything_may_be_waived() -> None:
    owed = Balance(usd("100"), usd("30"), usd("20"))
    assert waive_shares(owed, {Component.FEES: Decimal(0)}).waived.total == ZERO
    assert waive_shares(owed, {Component.FEES: Decimal(1)}).left.fees == ZERO
    assert discount(owed, owed.total).left.total == ZERO
    assert settle_for(owed, owed.total).waived.total == ZERO
    assert settle_for(owed, usd("140"), PRINCIPAL_FIRST).left == Balance(usd("90"), usd("30"), usd("20"))
