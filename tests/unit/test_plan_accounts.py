"""Components, waivers, a plan in full, and a plan as it was really paid."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import DayRule, Frequency
from core.errors import InvalidInput
from core.money import Money, sum_money
from core.plans import (
    Account,
    Balance,
    Component,
    DayCount,
    Keep,
    Method,
    Payment,
    Schedule,
    Step,
    Terms,
    account,
    allocate,
    build_schedule,
    contract_order,
    detail,
    discount,
    payoff,
    re_amortise,
    settle_for,
    standing,
    summarise,
    waive,
    waive_shares,
)
from core.plans.allocation import COSTS_INTEREST_PRINCIPAL, INTEREST_FEES_PRINCIPAL, PRINCIPAL_FIRST

ZERO = Money.zero("USD")
START = date(2024, 1, 1)


def usd(text: str) -> Money:
    return Money.of(text, "USD")


def balance(principal: str, interest: str = "0", fees: str = "0", penalty: str = "0", costs: str = "0") -> Balance:
    return Balance(usd(principal), usd(interest), usd(fees), usd(penalty), usd(costs))


OWED = balance("5000", "300", "120", "80", "50")


def plan(total: str = "1200", count: int = 12, rate: str = "0.12", **more: Any) -> Terms:
    given_terms: dict[str, Any] = {
        "frequency": Frequency.MONTH,
        "first_due": date(2024, 2, 1),
        "starts": START,
        "day_count": DayCount.D30_360,
        **more,
    }
    return Terms(usd(total), ZERO, None, count=count, annual_rate=Decimal(rate), **given_terms)


def texts(schedule: Schedule) -> list[str]:
    return [line.amount.to_text() for line in schedule.instalments]


def paid_on_time(terms: Terms, count: int) -> list[Payment]:
    lines = build_schedule(terms).instalments[:count]
    return [Payment(f"p{line.number}", line.due, line.amount) for line in lines]


def test_penalty_and_costs_are_components_of_their_own_and_nothing_where_not_told_apart() -> None:
    assert OWED.total == usd("5550")
    assert Balance(usd("5"), ZERO, ZERO) == balance("5")
    assert replace(OWED, costs=ZERO).total == usd("5500")
    assert balance("0") == OWED - OWED
    assert OWED + balance("1") == balance("5001", "300", "120", "80", "50")
    with pytest.raises(InvalidInput):
        balance("1") - balance("2")
    with pytest.raises(InvalidInput):
        balance("1", costs="-1")


@pytest.mark.parametrize(
    ("order", "payment", "expected"),
    [
        (COSTS_INTEREST_PRINCIPAL, "200", ("0", "30", "120", "0", "50")),
        (COSTS_INTEREST_PRINCIPAL, "560", ("10", "300", "120", "80", "50")),
        (INTEREST_FEES_PRINCIPAL, "450", ("0", "300", "120", "30", "0")),
        (PRINCIPAL_FIRST, "5100", ("5000", "100", "0", "0", "0")),
        (contract_order(Component.PENALTY, Component.PRINCIPAL), "100", ("20", "0", "0", "80", "0")),
        (None, "555", ("500", "30", "12", "8", "5")),
    ],
)
def test_a_payment_reaches_every_component_in_its_order(order: Any, payment: str, expected: tuple[str, ...]) -> None:
    assert allocate(usd(payment), OWED, order).applied == balance(*expected)


def test_an_order_that_forgets_a_component_is_refused() -> None:
    with pytest.raises(InvalidInput):
        allocate(usd("1"), OWED, (Component.PRINCIPAL,))
    assert contract_order() == COSTS_INTEREST_PRINCIPAL


def test_waivers_are_by_component_and_never_more_than_it_holds() -> None:
    waived = waive_shares(OWED, {Component.PENALTY: Decimal(1), Component.INTEREST: Decimal("0.5")})
    assert waived.waived == balance("0", "150", "0", "80")
    assert waived.left == balance("5000", "150", "120", "0", "50")
    assert waive(OWED, {Component.FEES: usd("20")}).left.fees == usd("100")
    assert waive(balance("0"), {}).share == 0
    assert settle_for(OWED, usd("4440")).share == Decimal("0.2")
    with pytest.raises(InvalidInput):
        waive(OWED, {Component.FEES: usd("120.01")})
    for share in ("-0.1", "1.1"):
        with pytest.raises(InvalidInput):
            waive_shares(OWED, {Component.FEES: Decimal(share)})


def test_a_discount_gives_up_penalty_and_fees_before_principal() -> None:
    assert discount(OWED, usd("250")).waived == balance("0", "50", "120", "80")
    assert settle_for(OWED, usd("4000")).left == balance("4000")
    with pytest.raises(InvalidInput):
        discount(OWED, usd("5550.01"))
    with pytest.raises(InvalidInput):
        settle_for(OWED, usd("5550.01"))


def test_a_plan_in_full_says_where_each_payment_goes_and_what_is_left() -> None:
    terms = plan("1000", 2, "0.12")
    lines = detail(build_schedule(terms), balance("800", "150", "50"))
    assert [line.interest for line in lines] == [usd("10"), usd("5.02")]
    assert lines[0].applied == balance("297.51", "150", "50")
    assert [line.left.total for line in lines] == [usd("502.49"), ZERO]
    plain = detail(build_schedule(plan("1000", 2, "0")), balance("900", "100"), PRINCIPAL_FIRST)
    assert plain[0].left == balance("400", "100")
    with pytest.raises(InvalidInput):
        detail(build_schedule(terms), balance("999"))


def test_the_summary_says_what_is_paid_saved_and_at_what_rate() -> None:
    terms = plan("10000", 12, "0.18")
    told = summarise(build_schedule(terms), usd("12000"), START, Frequency.MONTH)
    assert (told.waived, told.settles, told.paid) == (usd("2000"), usd("10000"), usd("11001.61"))
    assert told.saving == usd("998.39") == told.owed - told.paid
    assert abs(told.apr - Decimal("0.18")) < Decimal("0.00001")
    assert abs(told.irr_nominal - Decimal("0.18")) < Decimal("0.00001")
    assert abs(told.irr_effective - Decimal("0.195618")) < Decimal("0.00001")
    assert abs(told.aprc - told.irr_effective) < Decimal("0.00001")
    assert abs(told.xirr - told.aprc) < Decimal("0.001")
    with pytest.raises(InvalidInput):
        summarise(build_schedule(terms), usd("9999"), START, Frequency.MONTH)


def test_a_plan_without_interest_has_no_rate_and_a_down_payment_counts_at_once() -> None:
    told = summarise(build_schedule(plan("1000", 3, "0")), usd("1000"), START, Frequency.MONTH)
    assert not told.apr
    assert not told.irr
    assert told.saving == ZERO
    rated = replace(plan("10000", 12, "0.18"), down_payment=usd("1000"), down_payment_due=START, starts=None)
    told = summarise(build_schedule(rated), usd("10000"), START, Frequency.MONTH)
    assert abs(told.irr_nominal - Decimal("0.18")) < Decimal("0.00001")


def test_paid_as_planned_the_account_and_the_schedule_agree() -> None:
    for method in (Method.ANNUITY, Method.EQUAL_PRINCIPAL):
        terms = plan(method=method)
        payments = paid_on_time(terms, 12)
        schedule = build_schedule(terms)
        for index, line in enumerate(schedule.instalments):
            state = account(terms, payments[: index + 1], line.due)
            assert state.payoff == payoff(
                schedule, sum_money((p.amount for p in payments[: index + 1]), "USD"), line.due
            )
        assert account(terms, payments, date(2025, 6, 1)).payoff == ZERO


def test_a_payoff_quote_counts_the_days_that_passed() -> None:
    terms = plan("1000", 10, "0.365", day_count=DayCount.ACT_365)
    assert account(terms, [], START).payoff == usd("1000")
    assert account(terms, [], date(2024, 1, 11)).payoff == usd("1010")
    assert account(terms, [], date(2023, 12, 1)).payoff == usd("1000")
    early = account(terms, [Payment("a", date(2024, 1, 11), usd("510"))], date(2024, 1, 21))
    assert (early.principal, early.interest, early.paid_interest) == (usd("500"), usd("5"), usd("10"))
    over = account(terms, [Payment("a", date(2024, 1, 11), usd("1011"))], date(2024, 3, 1))
    assert (over.payoff, over.surplus) == (ZERO, usd("1"))


def test_a_payment_taken_back_was_never_made() -> None:
    terms = plan()
    payments = paid_on_time(terms, 3)
    back = Payment("r", date(2024, 3, 5), payments[1].amount, reverses="p2")
    assert account(terms, [*payments, back], date(2024, 4, 1)) == account(
        terms, [payments[0], payments[2]], date(2024, 4, 1)
    )
    assert account(terms, [*payments, back], date(2024, 3, 4)) == account(terms, payments[:2], date(2024, 3, 4))


@pytest.mark.parametrize(
    "bad",
    [
        [Payment("p1", date(2024, 2, 1), usd("5"))],
        [Payment("r", date(2024, 3, 5), usd("5"), reverses="x")],
        [
            Payment("r", date(2024, 3, 5), usd("106.62"), reverses="p1"),
            Payment("s", date(2024, 3, 6), usd("106.62"), "r"),
        ],
        [Payment("r", date(2024, 3, 5), usd("106.62"), "p1"), Payment("s", date(2024, 3, 5), usd("106.62"), "p1")],
        [Payment("r", date(2024, 1, 5), usd("106.62"), "p1")],
        [Payment("r", date(2024, 3, 5), usd("1"), "p1")],
    ],
)
def test_a_reversal_that_cannot_be_is_refused(bad: list[Payment]) -> None:
    with pytest.raises(InvalidInput):
        standing([*paid_on_time(plan(), 1), *bad])


def test_accounts_that_cannot_be_are_refused() -> None:
    with pytest.raises(InvalidInput):
        account(plan(), [Payment("a", START, ZERO)], START)
    with pytest.raises(InvalidInput):
        account(plan(method=Method.FLAT_FEE), [], START)


def test_after_a_missed_payment_the_rest_is_spread_over_the_dates_left() -> None:
    terms = plan()
    state = account(terms, paid_on_time(terms, 3), date(2024, 5, 1))
    again = re_amortise(terms, state)
    assert [line.due for line in again.instalments][:2] == [date(2024, 6, 1), date(2024, 7, 1)]
    assert len(again.instalments) == 8
    assert again.total == state.payoff + (again.interest - state.interest)
    assert again.instalments[0].amount > build_schedule(terms).instalments[0].amount
    longer = re_amortise(terms, state, count=9)
    assert longer.last_due == date(2025, 2, 1)


def test_an_extra_payment_lowers_the_instalment_or_ends_the_plan_sooner() -> None:
    terms = plan()
    level = build_schedule(terms).instalments[0].amount
    state = account(terms, [*paid_on_time(terms, 3), Payment("x", date(2024, 4, 1), usd("400"))], date(2024, 4, 1))
    lower = re_amortise(terms, state)
    assert (len(lower.instalments), lower.last_due) == (9, date(2025, 1, 1))
    assert lower.instalments[0].amount < level
    sooner = re_amortise(terms, state, Keep.INSTALMENT)
    assert len(sooner.instalments) == 5
    assert all(line.amount == level for line in sooner.instalments[:-1])
    assert sooner.instalments[-1].amount <= level
    assert sooner.interest < lower.interest


def test_keeping_the_instalment_pays_unpaid_interest_first_and_ends_later() -> None:
    terms = plan(rule=DayRule.FOLLOWING, market="us")
    state = account(terms, [], date(2024, 4, 1))
    again = re_amortise(terms, state, Keep.INSTALMENT, level=usd("30"))
    assert [line.interest for line in again.instalments[:2]] == [usd("30"), usd("30")]
    assert again.total == usd("1200") + again.interest
    with pytest.raises(InvalidInput):
        re_amortise(terms, state, Keep.INSTALMENT, level=usd("12"))
    with pytest.raises(InvalidInput):
        re_amortise(plan(rate="0.000001"), replace(state, principal=usd("1200"), interest=ZERO), Keep.INSTALMENT,
                    level=usd("0.01"))  # fmt: skip


def test_a_plan_of_one_payment_a_step_plan_and_a_balloon_are_planned_anew_too() -> None:
    once = plan("100", 1)
    assert re_amortise(once, account(once, [], START), Keep.INSTALMENT).total == usd("101")
    stepped = plan(steps=(Step(3, usd("50")),))
    assert len(set(texts(re_amortise(stepped, account(stepped, paid_on_time(stepped, 3), date(2024, 4, 1)))))) <= 2
    ballooned = plan(balloon=usd("600"))
    state = account(ballooned, paid_on_time(ballooned, 3), date(2024, 4, 1))
    again = re_amortise(ballooned, state)
    assert again.instalments[-1].amount > usd("600")
    small = replace(state, principal=usd("500"))
    assert re_amortise(ballooned, small).instalments[-1].amount < usd("60")
    for bad in (ballooned, plan(method=Method.EQUAL_PRINCIPAL)):
        with pytest.raises(InvalidInput):
            re_amortise(bad, state, Keep.INSTALMENT)


def test_unpaid_interest_alone_and_odd_cents_are_planned_too() -> None:
    state = Account(date(2024, 4, 1), ZERO, usd("27"), ZERO, ZERO, ZERO)
    assert texts(re_amortise(plan(), state)) == ["3.00"] * 9
    cents = replace(state, principal=usd("900"), interest=usd("0.05"))
    with_cents, without = (re_amortise(plan(), replace(cents, interest=part)) for part in (usd("0.05"), ZERO))
    assert with_cents.instalments[0].amount == without.instalments[0].amount + usd("0.05")


def test_what_cannot_be_planned_anew_is_refused() -> None:
    nothing = Account(date(2024, 4, 1), ZERO, ZERO, ZERO, ZERO, ZERO)
    with pytest.raises(InvalidInput):
        re_amortise(plan(), nothing)
    late = replace(nothing, principal=usd("5"), on=date(2025, 1, 1))
    with pytest.raises(InvalidInput):
        re_amortise(plan(), late)
    assert re_amortise(plan(), late, count=2).first_due == date(2025, 2, 1)
    with pytest.raises(InvalidInput):
        re_amortise(plan(), replace(late, on=date(2200, 1, 1)), count=2)


def test_the_anchor_and_the_payday_hold_in_the_new_plan() -> None:
    terms = plan(first_due=date(2024, 1, 31))
    terms = replace(terms, starts=date(2023, 12, 31))
    state = account(terms, [], date(2024, 2, 10))
    assert [line.due for line in re_amortise(terms, state).instalments[:2]] == [date(2024, 2, 29), date(2024, 3, 31)]
    anchored = replace(terms, first_due=date(2024, 2, 29), anchor_day=31, starts=START)
    again = re_amortise(anchored, account(anchored, [], date(2024, 3, 1)))
    assert [line.due for line in again.instalments[:2]] == [date(2024, 3, 31), date(2024, 4, 30)]
    paid = plan(first_due=date(2024, 1, 31), days_after=3, starts=date(2023, 12, 31))
    dates = [line.due for line in build_schedule(paid).instalments]
    again = re_amortise(paid, account(paid, [], dates[1]))
    assert [line.due for line in again.instalments] == dates[2:]


events = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 50_000)), max_size=8)


@given(events, st.integers(0, 500), st.sampled_from(DayCount), st.sampled_from(["0", "0.18"]))
def test_whatever_is_paid_nothing_is_negative_and_no_money_is_lost(
    paid: list[tuple[int, int]], after: int, basis: DayCount, rate: str
) -> None:
    terms = plan(rate=rate, day_count=basis)
    payments = [
        Payment(str(key), START + timedelta(days=day), Money(minor, "USD")) for key, (day, minor) in enumerate(paid)
    ]
    state = account(terms, payments, START + timedelta(days=after))
    assert min(state.principal, state.interest, state.surplus) >= ZERO
    assert state.paid == usd("1200") - state.principal + state.paid_interest + state.surplus
    if state.payoff:
        for count in (None, 3):
            try:
                again = re_amortise(terms, state, count=count)
            except InvalidInput:
                assert after >= 335 or state.payoff.minor < 12
                continue
            assert again.total - again.interest == state.principal or not state.principal
            assert again.total >= state.payoff


@given(st.integers(0, 400))
def test_a_quote_never_falls_from_one_day_to_the_next_without_a_payment(after: int) -> None:
    terms = plan(day_count=DayCount.ACT_365)
    today, tomorrow = (account(terms, [], START + timedelta(days=after + day)).payoff for day in (0, 1))
    assert today <= tomorrow


def test_a_negative_payment_goes_nowhere() -> None:
    for order in (COSTS_INTEREST_PRINCIPAL, None):
        with pytest.raises(InvalidInput):
            allocate(usd("-1"), OWED, order)
