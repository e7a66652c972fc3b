"""What the calculator refuses, in words that say what to give instead, and with the facts that a reader needs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from core.calendar import (
    DayRule,
    Frequency,
    adjust,
    due_dates,
    is_business_day,
    is_estimate,
    next_in_series,
    next_payday,
)
from core.errors import InvalidInput, ParleyError
from core.money import CurrencyMismatch, Money, currency_exponent, round_ratio
from core.plans import (
    Account,
    Balance,
    Component,
    Debt,
    Keep,
    Method,
    Payment,
    Step,
    Terms,
    Treatment,
    account,
    allocate,
    allocate_debts,
    apply_payment,
    build_schedule,
    count_for_amount,
    detail,
    discount,
    level_split,
    move_instalment,
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
from core.plans.rates import effective_rate, irr

START = date(2024, 1, 1)
NEVER_SETTLES = "This level amount never settles the total."
UNFIT = "This level amount does not fit the number of instalments."


def usd(text: str) -> Money:
    return Money.of(text, "USD")


ZERO = usd("0")
OWED = Balance(usd("1000"), usd("30"), usd("20"))


def plan(total: str = "1200", count: int = 12, rate: str = "0", **more: Any) -> Terms:
    terms: dict[str, Any] = {"frequency": Frequency.MONTH, "first_due": date(2024, 2, 1), "starts": START, **more}
    return Terms(
        usd(total), terms.pop("down_payment", ZERO), terms.pop("down_payment_due", None), count=count,
        annual_rate=Decimal(rate), **terms,
    )  # fmt: skip


def state(principal: str = "1200", interest: str = "0", on: date = START) -> Account:
    return Account(on, usd(principal), usd(interest), ZERO, ZERO, ZERO)


PAID = Payment("p", date(2024, 2, 1), usd("5"))
Refused = tuple[Callable[[], object], str, dict[str, object]]


def each(message: str, data: dict[str, object], *asks: Callable[[], object]) -> list[Refused]:
    return [(ask, message, data) for ask in asks]


CASES: list[Refused] = [
    (
        lambda: currency_exponent("XYZ"),
        "Give an ISO 4217 currency code such as CNY, USD or GBP.",
        {"currency": "XYZ"},
    ),
    (lambda: round_ratio(1, 2, "UP"), "Give a rounding mode of the decimal module.", {"rounding": "'UP'"}),
    (lambda: Money(1.5, "USD"), "Minor units are a whole number.", {"minor": "1.5"}),  # type: ignore[arg-type]
    (lambda: usd("1.234"), "The amount has more decimals than its currency.", {"amount": "1.234", "currency": "USD"}),
    (
        lambda: usd("1").share(Decimal("NaN")),
        "A share is a finite Decimal or a Fraction.",
        {"ratio": "Decimal('NaN')"},
    ),
    (lambda: usd("1").share_of(ZERO), "There is no share of nothing.", {"whole": "0.00 USD"}),
    (
        lambda: usd("1").split(0),
        "Split into at least one part of at least one minor unit.",
        {"parts": 0, "unit": 1},
    ),
    (
        lambda: usd("1").split(2, 0),
        "Split into at least one part of at least one minor unit.",
        {"parts": 2, "unit": 0},
    ),
    (
        lambda: usd("0.02").split(3),
        "The amount is too small for so many parts.",
        {"parts": 3, "amount": "0.02 USD"},
    ),
    (
        lambda: usd("twelve"),
        "Give the amount as plain text such as 12.34, an int or a Decimal.",
        {"amount": "'twelve'"},
    ),
    (lambda: due_dates(START, Frequency.MONTH, 0), "Ask for at least one date.", {"count": 0}),
    (
        lambda: due_dates(START, Frequency.MONTH, 2, 32),
        "The anchor is a day of the month, 1 to 31, or -1 for the last.",
        {"anchor_day": 32},
    ),
    (
        lambda: due_dates(START, Frequency.MONTH, 2, 5, -1),
        "Count days after the payday, not before it.",
        {"days_after": -1},
    ),
    (
        lambda: next_payday(0, START),
        "A payday is a day of the month, 1 to 31, or -1 for the last.",
        {"payday": 0},
    ),
    (
        lambda: next_payday(5, START, -2),
        "Count days after the payday, not before it.",
        {"days_after": -2},
    ),
    (
        lambda: next_in_series(START, Frequency.SEMI_MONTH, START),
        "Give the payday of a wage that is paid twice a month.",
        {"frequency": "semi_month"},
    ),
    (
        lambda: next_in_series(START, Frequency.WEEK, START, -3),
        "Count days after the payday, not before it.",
        {"days_after": -3},
    ),
    *each(
        "Give a market whose calendar is known.",
        {"market": "de", "known": ["cn", "uk", "uk-nir", "uk-sct", "us"]},
        lambda: is_business_day("de", START),
        lambda: is_estimate("de", 2026),
        lambda: adjust(START, DayRule.FOLLOWING, "de"),
    ),
    (
        lambda: Balance(usd("1"), ZERO, ZERO, penalty=usd("-1")),
        "No component of a balance is negative.",
        {"component": "penalty"},
    ),
    (
        lambda: OWED - Balance(ZERO, usd("31"), ZERO),
        "No component of a balance is negative.",
        {"component": "interest"},
    ),
    (lambda: plan("0"), "A plan is for more than nothing.", {"total": "0.00 USD"}),
    (
        lambda: plan(down_payment=usd("1201"), down_payment_due=START),
        "The down payment lies between nothing and the whole.",
        {"amount": "1201.00 USD"},
    ),
    (lambda: plan(down_payment=usd("1")), "Say when the down payment is due.", {}),
    (
        lambda: plan(count=0),
        "Instalments and rest do not match: some of both, or none of both.",
        {"count": 0},
    ),
    (lambda: plan(rate="-0.01"), "Interest is not negative.", {"annual_rate": "-0.01"}),
    (
        lambda: plan(steps=(Step(0, usd("5")),)),
        "A step is at least one instalment of more than nothing.",
        {"count": 0},
    ),
    (
        lambda: plan(count=3, steps=(Step(3, usd("5")),)),
        "Steps come before at least one more instalment.",
        {"count": 3},
    ),
    (
        lambda: plan(balloon=usd("1200.01")),
        "Steps and balloon fit into what the instalments settle.",
        {"balloon": "1200.01 USD"},
    ),
    (
        lambda: plan(steps=(Step(2, usd("601")),)),
        "Steps and balloon fit into what the instalments settle.",
        {"balloon": "0.00 USD"},
    ),
    (
        lambda: build_schedule(plan(down_payment=usd("1"), down_payment_due=date(2024, 2, 1))),
        "The first instalment falls due after the down payment.",
        {"first": "2024-02-01"},
    ),
    (
        lambda: build_schedule(plan(balloon=usd("1200"))),
        "Steps and balloon leave nothing for the level instalments.",
        {"total": "1200.00 USD"},
    ),
    (
        lambda: build_schedule(plan(rate="0.1", starts=date(2024, 2, 1))),
        "Interest starts before the first instalment.",
        {"starts": "2024-02-01"},
    ),
    (lambda: build_schedule(plan(rate="0.1", instalment=usd("20"))), UNFIT, {"level": "20.00 USD"}),
    (lambda: build_schedule(plan(rate="0.12", instalment=usd("9"))), UNFIT, {"level": 900}),
    (
        lambda: level_split(usd("130"), usd("50"), 4),
        "This level amount and number do not come to the total.",
        {"level": "50.00 USD", "count": 4, "total": "130.00 USD"},
    ),
    (
        lambda: count_for_amount(usd("5"), ZERO),
        "Give amounts above nothing.",
        {"total": "5.00 USD", "level": "0.00 USD"},
    ),
    (
        lambda: solve_amount(plan(count=0, down_payment=usd("1200"), down_payment_due=START)),
        "There are no instalments to solve the amount of.",
        {"count": 0},
    ),
    (
        lambda: solve_count(plan(rate="0.1", method=Method.FLAT_FEE), usd("50")),
        "A number is solved for level instalments only.",
        {"method": "flat_fee"},
    ),
    (
        lambda: solve_count(plan(rate="0.5"), usd("4")),
        NEVER_SETTLES,
        {"level": "4.00 USD", "total": "1200.00 USD"},
    ),
    (
        lambda: plan_rate(Treatment.REDUCED, Decimal("0.18"), Decimal("0.19")),
        "A reduced rate lies between nothing and the contract's.",
        {"reduced_rate": "0.19"},
    ),
    (
        lambda: allocate(usd("1"), OWED, (Component.PRINCIPAL,)),
        "An order names each component once.",
        {"order": ["principal"]},
    ),
    (
        lambda: allocate_debts(usd("1"), [Debt("A", usd("5"), START)], START, ["A", "B"]),
        "Name a debt of this debtor.",
        {"unknown": ["B"]},
    ),
    *each(
        "A payment is not negative; take one back by its reversal.",
        {"payment": "-1.00 USD"},
        lambda: allocate(usd("-1"), OWED),
        lambda: allocate(usd("-1"), OWED, None),
        lambda: apply_payment((), usd("-1")),
    ),
    (
        lambda: waive_shares(OWED, {Component.FEES: Decimal("1.5")}),
        "A share lies between nothing and all.",
        {"component": "fees", "share": "1.5"},
    ),
    (
        lambda: discount(OWED, usd("1050.01")),
        "A discount is not more than what is owed.",
        {"discount": "1050.01 USD"},
    ),
    (
        lambda: settle_for(OWED, usd("1050.01")),
        "A settlement is not more than what is owed.",
        {"total": "1050.01 USD"},
    ),
    (
        lambda: detail(build_schedule(plan()), OWED),
        "The plan settles another sum.",
        {"plan": "1200.00 USD", "balance": "1050.00 USD"},
    ),
    (
        lambda: summarise(build_schedule(plan()), OWED.total, START, Frequency.MONTH),
        "A plan settles no more than is owed.",
        {"settles": "1200.00 USD", "owed": "1050.00 USD"},
    ),
    (lambda: standing([PAID, PAID]), "A payment is recorded once and taken back once.", {}),
    (
        lambda: standing([PAID, Payment("r", date(2024, 3, 1), usd("5"), "x")]),
        "A reversal names a payment.",
        {"reverses": "x"},
    ),
    (
        lambda: standing([PAID, Payment("r", date(2024, 3, 1), usd("4"), "p")]),
        "A reversal takes back the whole of an earlier payment.",
        {"reverses": "p"},
    ),
    (
        lambda: account(plan(rate="0.1", method=Method.FLAT_FEE), [], START),
        "A flat fee does not accrue by the day: ask the schedule for its payoff.",
        {},
    ),
    (
        lambda: account(plan(), [Payment("p", START, ZERO)], START),
        "A payment is more than nothing.",
        {"payment": "0.00 USD"},
    ),
    (lambda: re_amortise(plan(), state("0")), "Nothing is left to plan.", {"on": "2024-01-01"}),
    (
        lambda: re_amortise(plan(), state(on=date(2025, 1, 1))),
        "No due date is left: say how many there shall be.",
        {"count": 0},
    ),
    (
        lambda: re_amortise(plan(), state(on=date(2200, 1, 1)), count=2),
        "The plan's dates have long passed.",
        {"on": "2200-01-01"},
    ),
    (
        lambda: re_amortise(plan(rate="0.1", method=Method.EQUAL_PRINCIPAL), state(), Keep.INSTALMENT),
        "Only level instalments without a balloon can stay as they are.",
        {"method": "equal_principal"},
    ),
    (
        lambda: re_amortise(plan(rate="0.5"), state(interest="3"), Keep.INSTALMENT, level=usd("4")),
        NEVER_SETTLES,
        {"level": "4.00 USD", "owed": "1203.00 USD"},
    ),
    (
        lambda: move_instalment(build_schedule(plan()), 13, date(2024, 2, 20)),
        "The plan has no instalment of this number.",
        {"number": 13},
    ),
    (
        lambda: move_instalment(build_schedule(plan()), 1, date(2024, 3, 1)),
        "Keep the instalment between those before and after it.",
        {"new_due": "2024-03-01"},
    ),
    (lambda: irr([-100, -5]), "A rate needs money going both ways.", {}),
    (lambda: effective_rate([(Fraction(0), -100), (Fraction(0), 50)]), "These payments have no rate.", {}),
    (lambda: re_age(usd("0"), 3, Frequency.MONTH, START), "A plan is for more than nothing.", {"total": "0.00 USD"}),
]


@pytest.mark.parametrize(("ask", "message", "data"), CASES, ids=[f"{n}-{case[1]}" for n, case in enumerate(CASES)])
def test_a_refusal_says_what_to_give_and_about_what(
    ask: Callable[[], object], message: str, data: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask()
    assert str(refused.value) == message
    assert refused.value.data == data
    assert refused.value.code == "invalid_input"


@pytest.mark.parametrize(
    "mix",
    [
        lambda: usd("1") + Money(1, "CNY"),
        lambda: usd("1") - Money(1, "CNY"),
        lambda: usd("1") < Money(1, "CNY"),
        lambda: usd("1") <= Money(1, "CNY"),
        lambda: usd("1").share_of(Money(1, "CNY")),
        lambda: Balance(usd("1"), Money.zero("CNY"), ZERO),
        lambda: replace(plan(), balloon=Money(1, "CNY")),
        lambda: allocate(usd("1"), Balance.of_principal(Money(5, "CNY"))),
    ],
)
def test_two_currencies_are_named_wherever_they_meet(mix: Callable[[], object]) -> None:
    with pytest.raises(CurrencyMismatch) as refused:
        mix()
    assert isinstance(refused.value, ParleyError)
    assert str(refused.value) == "Amounts of two currencies do not mix."
    assert refused.value.code == "currency_mismatch"
    assert sorted(map(str, refused.value.data.values())) == ["CNY", "USD"]
