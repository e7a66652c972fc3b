"""What offers are worth, which are preferred, and what none of it may depend on."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import Money
from core.negotiation import Ask, CaseFacts, Finances, Offer, Payday, answer, opening
from core.negotiation.ability import able_to_pay, per_period, protected, surplus_of
from core.negotiation.preference import LIGHTER
from core.negotiation.types import Accepted
from core.negotiation.worth import KeepFacts, chances_of, health_of, monthly, strain_of, worth_of
from core.plans import Balance
from core.policy import DEFAULT_VERSION
from tests.unit.negotiating import cases, cny, dana, granted, ids, limits, lin, usd

LIMITS = DEFAULT_VERSION.rules[0].limits
EASY = KeepFacts(
    strain=Decimal("0.4"), months=11, first_share=Decimal("0.08"), days_to_first=14, after_payday=True, broken=0
)
PROTECTED = (
    "age birth sex gender race ethnic colour color religion belief nation origin citizen language marital married "
    "pregnan disab orient name postcode address province ip photo voice health_condition"
).split()
"""Attributes that law protects, and what stands in for them (PIPL 24, ECOA, Equality Act 2010)."""


def of(instalment: str, case: CaseFacts) -> Offer:
    made = answer(Ask(instalment=Money.of(instalment, case.currency)), case, granted(case), ids())
    assert isinstance(made, Accepted)
    return made.offer


@pytest.mark.parametrize("kind", [CaseFacts, Finances, Ask, KeepFacts, Payday])
def test_no_protected_attribute_can_be_an_input(kind: type) -> None:
    names = {field.name for field in fields(kind)}
    assert [name for name in names if any(part in name.split("_") for part in PROTECTED)] == []


def test_all_that_the_negotiator_sees_of_a_person_is_listed_here() -> None:
    assert {field.name for field in fields(Finances)} == {
        "income", "spending", "dependants", "other_debts", "payday", "affordable", "recovers_on",
    }  # fmt: skip
    assert {field.name for field in fields(CaseFacts)} == {
        "market", "product", "balance", "days_past_due", "today", "finances", "broken_promises",
            "extensions",
    }  # fmt: skip


@pytest.mark.parametrize(
    "worse",
    [
        {"strain": Decimal("0.9")},
        {"days_to_first": 40},
        {"after_payday": False},
        {"broken": 1},
        {"first_share": Decimal("0.02")},
        {"months": 23},
        {"a_month": 4},
    ],
)
def test_what_makes_a_plan_harder_to_keep_lowers_its_chance(worse: dict[str, object]) -> None:
    harder = replace(EASY, **worse)  # type: ignore[arg-type]
    assert chances_of(harder, LIMITS).kept(harder.months) < chances_of(EASY, LIMITS).kept(EASY.months)


def test_an_easy_plan_that_starts_today_has_the_managers_chances() -> None:
    easy = replace(EASY, days_to_first=0, first_share=Decimal(0))
    found = chances_of(easy, LIMITS)
    assert (found.first, found.each) == (Decimal("0.9"), Decimal("0.97"))


def test_a_value_is_each_payment_by_its_chance_and_its_days() -> None:
    case = dana(finances=Finances(income=usd("3000"), spending=usd("1000")))
    grant = granted(case, keep_each=Decimal(1), keep_first=Decimal(1), discount_rate=Decimal(0))
    plan = of("200", case)
    worth = worth_of(plan, replace(case, today=plan.schedule.first_due), grant)
    assert (worth.value, worth.chance) == (plan.total, Decimal(1))
    dearer = worth_of(plan, case, granted(case, keep_each=Decimal(1), keep_first=Decimal(1)))
    assert usd("2250") < dearer.value < usd("2400")


def test_health_is_what_is_left_of_the_surplus_and_unknown_where_too_little_was_told() -> None:
    told = dana(finances=Finances(income=usd("3000"), spending=usd("2500")))
    assert health_of(of("200", told), told, granted(told)) == Decimal("0.6000")
    assert health_of(of("200", dana()), dana(), granted(dana())) is None


def test_living_costs_are_never_taken_for_less_than_the_protected_minimum() -> None:
    case = dana(finances=Finances(income=usd("1600"), spending=usd("100"), dependants=1))
    grant = granted(case)
    assert protected(case, grant) == usd("1200")
    assert surplus_of(case, grant) == usd("400")
    assert able_to_pay(case, grant) == usd("360")


def test_the_recommended_plan_leaves_the_health_floor_and_is_worth_most_of_those_that_do() -> None:
    case = lin(finances=Finances(income=cny("6000"), spending=cny("4000")))
    for offer in opening(case, granted(case), ids(), instalments_only=True):
        assert monthly(offer) <= cny("1200")
    first, second = opening(case, granted(case), ids(), instalments_only=True)
    assert "chosen:shorter" in first.because
    assert "chosen:gentler" in second.because
    assert monthly(second).minor <= monthly(first).minor * LIGHTER


def test_a_plan_below_the_floor_is_recommended_only_where_none_leaves_more() -> None:
    case = lin(finances=Finances(income=cny("5000"), spending=cny("4450")))
    (only,) = opening(case, granted(case), ids(), instalments_only=True)
    assert health_of(only, case, granted(case)) == Decimal("0.1836")
    assert surplus_of(case, granted(case)) == cny("550")


def test_a_debt_so_small_that_every_plan_is_light_is_offered_a_quicker_one_too() -> None:
    small = dana(balance=replace(dana().balance, principal=usd("200"), interest=usd("0"), fees=usd("0")))
    roles = [reason for offer in opening(small, granted(small), ids()) for reason in offer.because[:1]]
    assert roles == ["chosen:at_once", "chosen:quicker", "chosen:shorter"]


def test_income_that_comes_back_in_months_is_met_with_a_plan_that_starts_low() -> None:
    case = dana(finances=Finances(affordable=usd("70"), recovers_on=date(2027, 4, 1)))
    steps, *_ = (offer for offer in opening(case, granted(case), ids()) if offer.terms.steps)
    until = [line.amount for line in steps.schedule.instalments if line.due < date(2027, 4, 1)]
    after = [line.amount for line in steps.schedule.instalments if line.due >= date(2027, 4, 1)]
    assert until == [usd("70")] * 4
    assert min(after[:-1]) > usd("70")
    assert steps.schedule.total == usd("2400")
    assert "income back on=2027-04-01" in steps.because


def test_income_that_comes_back_soon_puts_the_first_payment_after_it() -> None:
    case = dana(finances=Finances(recovers_on=date(2026, 12, 20)))
    offers = opening(case, granted(case), ids(), instalments_only=True)
    assert {offer.schedule.first_due for offer in offers} == {date(2026, 12, 20)}


def test_a_date_asked_for_keeps_the_steps_of_the_plan_on_the_table() -> None:
    case = dana(finances=Finances(affordable=usd("70"), recovers_on=date(2027, 4, 1)))
    steps = next(offer for offer in opening(case, granted(case), ids()) if offer.terms.steps)
    moved = answer(Ask(first_due=date(2026, 12, 15)), case, granted(case), ids(), (steps,))
    assert isinstance(moved, Accepted)
    assert moved.offer.terms.steps == steps.terms.steps


def test_every_figure_of_a_first_offer_is_among_its_reasons() -> None:
    case = lin(finances=Finances(income=cny("6000"), spending=cny("4000")), broken_promises=1)
    for offer in opening(case, granted(case), ids()):
        role, worth, rank, *_, weights = offer.because
        assert role.startswith("chosen:")
        assert worth.startswith("worth:value=")
        assert rank.startswith("rank:")
        assert weights.startswith("weights:affordable_share=0.9 protected_minimum=800 health_floor=0.4")
        assert "broken promises=1" in offer.because


@settings(max_examples=150, deadline=None)
@given(case=cases(), found=limits(), broken=st.integers(0, 4))
def test_offers_differ_in_kind_and_no_instalment_passes_what_can_be_afforded(
    case: CaseFacts, found: object, broken: int
) -> None:
    case = replace(case, broken_promises=broken)
    grant = replace(granted(case), limits=found)  # type: ignore[arg-type]
    offers = opening(case, grant, ids())
    plans = [offer for offer in offers if offer.kind == "instalments"]
    assert len(offers) <= 3
    assert len(plans) <= 2
    heaviest = sorted(monthly(offer).minor for offer in plans)
    assert len(heaviest) < 2 or heaviest[0] <= heaviest[1] * LIGHTER
    able = able_to_pay(case, grant)
    for offer in plans:
        assert 0 <= worth_of(offer, case, grant).chance <= 1
        assert strain_of(offer, case, grant) >= 0
        if able is not None:
            most = per_period(able, offer.terms.frequency)
            assert all(line.amount <= most for line in offer.schedule.instalments)


def test_a_last_instalment_that_takes_what_is_left_over_is_never_above_what_they_can_pay() -> None:
    case = lin(
        balance=Balance(cny("30.98"), cny("2.21"), cny("1.11"), cny("1.10")), finances=Finances(affordable=cny("7.04"))
    )
    grant = granted(
        case,
        min_instalment=Decimal(0),
        min_first_payment_share=Decimal("0.19"),
        max_term_days=287,
        max_days_to_first_payment=58,
    )
    offers = opening(case, grant, ids(), instalments_only=True)
    assert all(line.amount <= cny("7.04") for offer in offers for line in offer.schedule.lines)
