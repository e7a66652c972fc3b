"""What holds for every plan: sums, balances, dates and payoffs, whoever asks for it and wherever."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import LAST_DAY, DayRule, Frequency, due_dates, is_business_day
from core.calendar.dates import last_of_month
from core.errors import InvalidInput
from core.money import Money, sum_money
from core.plans import (
    Account,
    Balance,
    DayCount,
    Debt,
    Keep,
    Method,
    Payment,
    Remainder,
    Schedule,
    Terms,
    account,
    allocate,
    allocate_debts,
    build_schedule,
    detail,
    left,
    payoff,
    progress,
    re_amortise,
    solve_amount,
    solve_count,
)
from core.plans.allocation import COSTS_INTEREST_PRINCIPAL, INTEREST_FEES_PRINCIPAL, PRINCIPAL_FIRST

MARKETS = ("cn", "us", "uk", "uk-sct", "uk-nir")
CURRENCIES = ("CNY", "USD", "JPY", "KWD")
START = date(2026, 1, 15)

money = st.integers(0, 10**8)
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@st.composite
def all_terms(draw: st.DrawFn) -> Terms:
    """Terms of every shape, in every currency, on every calendar."""
    currency = draw(st.sampled_from(CURRENCIES))
    total = draw(st.integers(10**5, 10**8))
    first = draw(days)
    down = draw(st.sampled_from([0, total // 7]))
    frequency = draw(st.sampled_from(Frequency))
    return Terms(
        Money(total, currency),
        Money(down, currency),
        first - timedelta(days=draw(st.integers(1, 20))) if down else None,
        frequency,
        draw(st.integers(1, 48)),
        first,
        anchor_day=draw(st.sampled_from([None, LAST_DAY, 1, 15, 29, 30, 31])),
        annual_rate=draw(st.sampled_from([Decimal(0), Decimal("0.06"), Decimal("0.1825"), Decimal("0.24")])),
        whole_units=draw(st.booleans()),
        method=draw(st.sampled_from(Method)),
        day_count=draw(st.sampled_from(DayCount)),
        rule=draw(st.sampled_from(DayRule)),
        market=draw(st.sampled_from([None, *MARKETS])),
        remainder=draw(st.sampled_from(Remainder)),
    )


def built(terms: Terms) -> Schedule | None:
    try:
        return build_schedule(terms)
    except InvalidInput:
        assert terms.whole_units or terms.down_payment or terms.total.minor < 100 * terms.count
        return None


@given(all_terms())
def test_instalments_sum_to_the_total_agreed_and_no_balance_is_ever_negative(terms: Terms) -> None:
    schedule = built(terms)
    if schedule is None:
        return
    zero = Money.zero(terms.total.currency)
    assert sum_money((line.amount for line in schedule.lines), zero.currency) == terms.total + schedule.interest
    owed = terms.total
    for line in schedule.lines:
        assert line.amount > zero
        owed = owed - line.amount + (line.interest or zero)
        assert owed >= zero
    assert owed == zero


@given(all_terms())
def test_dates_strictly_increase_and_are_working_days_where_the_rule_says_so(terms: Terms) -> None:
    schedule = built(terms)
    if schedule is None:
        return
    assert all(a.due < b.due for a, b in pairwise(schedule.lines))
    if terms.rule is not DayRule.NONE:
        assert all(is_business_day(terms.market, line.due) for line in schedule.instalments)
    else:
        planned = due_dates(terms.first_due, terms.frequency, terms.count, terms.anchor_day)
        assert tuple(line.due for line in schedule.instalments) == planned


@given(
    days,
    st.sampled_from([Frequency.MONTH, Frequency.QUARTER]),
    st.integers(1, 60),
    st.sampled_from([None, LAST_DAY, *range(1, 32)]),
)
def test_every_month_falls_on_the_anchor_or_on_the_months_end(
    first: date, frequency: Frequency, count: int, anchor: int | None
) -> None:
    wanted = first.day if anchor is None else anchor
    for due in due_dates(first, frequency, count, anchor)[1:]:
        last = last_of_month(due.year, due.month)
        assert due.day == (last if wanted == LAST_DAY else min(wanted, last))


@given(st.tuples(money, money, money, money, money), money, st.sampled_from([
    COSTS_INTEREST_PRINCIPAL, INTEREST_FEES_PRINCIPAL, PRINCIPAL_FIRST, None,
]))  # fmt: skip
def test_an_allocation_never_exceeds_a_component(
    parts: tuple[int, int, int, int, int], paid: int, order: tuple[object, ...] | None
) -> None:
    owed = Balance(*(Money(part, "CNY") for part in parts))
    done = allocate(Money(paid, "CNY"), owed, order)  # type: ignore[arg-type]
    for component, amount in done.applied.by_component().items():
        assert Money.zero("CNY") <= amount <= owed.by_component()[component]
    assert done.applied + done.left == owed
    assert done.applied.total + done.surplus == Money(paid, "CNY")


@given(st.lists(st.tuples(money, st.integers(-90, 90), st.integers(0, 30), st.integers(0, 2)), max_size=6), money)
def test_several_debts_never_get_more_than_is_owed_and_all_of_the_payment(
    rows: list[tuple[int, int, int, int]], paid: int
) -> None:
    debts = [
        Debt(str(key), Money(owed, "CNY"), START + timedelta(days=due), Decimal(rate) / 100, Decimal(security))
        for key, (owed, due, rate, security) in enumerate(rows)
    ]
    parts = allocate_debts(Money(paid, "CNY"), debts, START)
    assert all(Money.zero("CNY") <= parts[debt.key] <= debt.balance for debt in debts)
    whole = sum_money((debt.balance for debt in debts), "CNY")
    assert sum_money(parts.values(), "CNY") == min(Money(paid, "CNY"), whole)


@given(all_terms(), money)
def test_each_line_of_a_plan_leaves_what_the_one_before_it_left_less_what_it_paid(terms: Terms, seed: int) -> None:
    schedule = built(terms)
    if schedule is None:
        return
    principal = seed % (terms.total.minor + 1)
    parts = (principal, terms.total.minor - principal, 0)
    settled = Balance(*(Money(part, terms.total.currency) for part in parts))
    before = settled
    for line in detail(schedule, settled):
        assert line.left + line.applied == before
        assert line.applied.total + line.interest == line.amount
        before = line.left
    assert not before.total


@given(all_terms(), money, days)
def test_a_payoff_is_what_is_left_less_the_interest_of_days_still_to_come(terms: Terms, paid: int, on: date) -> None:
    schedule = built(terms)
    if schedule is None:
        return
    amount = Money(paid, terms.total.currency)
    rebates, start = Money.zero(terms.total.currency), schedule.starts
    for line in progress(schedule, amount):
        due, interest = line.instalment.due, line.instalment.interest
        if interest is not None and start is not None and on < due:
            whole, to_come = (due - start).days, (due - max(start, on)).days
            rebates += min(interest.share(Fraction(to_come, whole)), line.left)
        start = due
    assert payoff(schedule, amount, on) == left(schedule, amount) - rebates
    assert payoff(schedule, amount, schedule.last_due) == left(schedule, amount)


@given(st.integers(10**5, 10**8), st.integers(1, 60), st.sampled_from(CURRENCIES), st.booleans(), days)
def test_the_amount_for_a_number_and_the_number_for_that_amount_agree(
    minor: int, count: int, currency: str, rated: bool, first: date
) -> None:
    zero = Money.zero(currency)
    rate = Decimal("0.18") if rated else Decimal(0)
    terms = Terms(Money(minor, currency), zero, None, Frequency.MONTH, count, first, annual_rate=rate)
    level = solve_amount(terms)
    solved = solve_count(terms, level)
    assert solved.count == count
    assert solve_amount(solved) == level
    assert build_schedule(solved).total == build_schedule(terms).total


@given(st.integers(10**5, 10**7), st.lists(st.tuples(st.integers(0, 300), st.integers(1, 200_000)), max_size=5))
def test_a_payment_taken_back_leaves_the_account_as_if_it_had_never_come(
    minor: int, paid: list[tuple[int, int]]
) -> None:
    terms = Terms(
        Money(minor, "USD"), Money.zero("USD"), None, Frequency.MONTH, 12, START + timedelta(days=30),
        annual_rate=Decimal("0.18"), starts=START,
    )  # fmt: skip
    payments = [
        Payment(f"p{key}", START + timedelta(days=day), Money(amount, "USD")) for key, (day, amount) in enumerate(paid)
    ]
    on = START + timedelta(days=310)
    kept = account(terms, payments, on)
    extra = Payment("extra", START + timedelta(days=50), Money(777, "USD"))
    back = Payment("back", START + timedelta(days=60), Money(777, "USD"), reverses="extra")
    assert account(terms, [*payments, extra, back], on) == kept
    assert kept.principal >= Money.zero("USD") <= kept.interest


@given(st.integers(1, 11), st.integers(0, 50_000), st.sampled_from(Keep))
def test_what_is_left_planned_anew_settles_exactly_what_is_left(done: int, extra: int, keep: Keep) -> None:
    terms = Terms(
        Money(1_200_00, "USD"), Money.zero("USD"), None, Frequency.MONTH, 12, date(2026, 2, 15),
        annual_rate=Decimal("0.18"), starts=START,
    )  # fmt: skip
    lines = build_schedule(terms).instalments[:done]
    payments = [Payment(str(line.number), line.due, line.amount) for line in lines]
    payments += [Payment("extra", lines[-1].due, Money(extra, "USD"))] if extra else []
    state: Account = account(terms, payments, lines[-1].due)
    if not state.payoff:
        return
    again = re_amortise(terms, state, keep)
    assert again.total == state.principal + again.interest
    assert all(a.due < b.due for a, b in pairwise(again.instalments))
    assert again.first_due > state.on


@pytest.fixture(params=["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", "Asia/Shanghai"])
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """The process as if it ran there."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def test_where_the_process_runs_changes_nothing(zone: str) -> None:
    terms = Terms(
        Money(1_234_567, "CNY"), Money.zero("CNY"), None, Frequency.MONTH, 24, date(2026, 1, 31),
        annual_rate=Decimal("0.18"), rule=DayRule.FOLLOWING, market="cn",
    )  # fmt: skip
    schedule = build_schedule(terms)
    assert (schedule.lines[1].due, schedule.lines[-1].due) == (date(2026, 2, 28), date(2027, 12, 31))
    assert schedule.total.minor == 1_478_648
    paid = [Payment("p", date(2026, 2, 1), Money(100_000, "CNY"))]
    state = account(terms, paid, date(2026, 3, 29))
    assert (state.principal.minor, state.interest.minor) == (1_154_049, 31_871)
    assert payoff(schedule, Money.zero("CNY"), date(2026, 3, 29)).minor == 1_286_297


@given(all_terms(), st.integers(-20, 20))
def test_a_plan_of_a_whole_number_of_weeks_later_costs_the_same_without_holidays(terms: Terms, weeks: int) -> None:
    weekly = replace(
        terms, frequency=Frequency.WEEK, rule=DayRule.NONE, market=None, down_payment_due=None,
        down_payment=Money.zero(terms.total.currency), day_count=DayCount.ACT_365,
    )  # fmt: skip
    later = replace(weekly, first_due=weekly.first_due + timedelta(weeks=weeks))
    one, other = built(weekly), built(later)
    if one is not None and other is not None:
        assert [line.amount for line in one.lines] == [line.amount for line in other.lines]
