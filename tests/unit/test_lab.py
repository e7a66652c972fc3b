"""Simulated debtors: the same for the same seed, strategies inside the limits, a year that can be worked by hand."""

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import Frequency
from core.errors import InvalidInput
from core.lab.bargaining import bearable, monthly, negotiate, preferred
from core.lab.debtor import MONTHS, WEEKS, Debtor, Person, Years, draw_debtor
from core.lab.experiment import START, Block, Setting, run, simulate
from core.lab.parameters import DEFAULTS
from core.lab.paying import live, unpaid
from core.lab.strategies import STRATEGIES
from core.money import Money
from core.negotiation import Accepted, CaseFacts, Finances, Nearest, Offer, Payday, check_offer
from core.negotiation.wish import Wish, build
from core.plans import Balance
from core.policy import Grant, Limits, PolicyVersion
from tests.unit.negotiating import asks, cases, cny, granted, ids, limits

TODAY = date(2026, 3, 2)
STEADY = replace(DEFAULTS, forgets=0.0, commitment=1.0, pays_unasked=0.0, gives_up=0.0)
"""Nobody forgets, changes their mind, pays unasked or leaves."""


def debtor(*, extra: str = "500", savings: str = "0", patience: int = 3, **changes: Any) -> Debtor:
    """Owes 6,000 yuan, earns 5,000 a month, needs 4,000, spends 4,500, and believes that they can pay `extra`."""
    person = Person(
        income=500000,
        surplus=50000,
        protected=400000,
        savings=cny(savings).minor,
        believed=cny(extra).minor,
        dependants=0,
        other_debts=0,
        payday=Payday(day=10),
        told=Finances(),
        willingness=0.6,
        organisation=1.0,
        patience=patience,
        haggled_share=None,
        language="zh",
        age="30-44",
    )
    case = CaseFacts(
        market="cn",
        product="credit_card",
        balance=Balance.of_principal(cny("6000")),
        days_past_due=60,
        today=TODAY,
    )
    half = (0.5,) * WEEKS
    years = Years((500000,) * MONTHS, (0,) * MONTHS, half, half, half, (0.0,) * MONTHS)
    return Debtor(case, replace(person, **changes), years, (0.5,) * patience)


def plan(owner: Debtor, sum_: str, payments: int, *, days: int = 20) -> Offer:
    """So many monthly payments of the sum, the first in `days` days."""
    total = Money(cny(sum_).minor * payments, "CNY")
    wish = Wish(total=total, first_due=TODAY + timedelta(days=days), count=payments, single=payments == 1)
    return build(wish, owner.case, granted(owner.case))


def small(**changes: Any) -> Setting:
    return replace(Setting(seeds=2, cases=25), **changes)


def test_the_same_seed_says_the_same_and_another_does_not() -> None:
    once = run(small())
    assert run(small()) == once
    assert run(small(first_seed=5)) != once


def test_the_size_of_a_block_changes_nobody() -> None:
    whole = simulate(small(), Block(1, 0, 12))
    first, second = simulate(small(), Block(1, 0, 5)), simulate(small(), Block(1, 5, 12))
    assert {name: first[name] + second[name] for name in whole} == whole


def test_every_strategy_meets_the_same_people() -> None:
    alone = run(small(strategies=("menu",)))
    assert alone["strategies"]["menu"] == run(small())["strategies"]["menu"]


def test_a_strategy_that_is_not_known_is_named_with_those_that_are() -> None:
    with pytest.raises(InvalidInput) as error:
        run(small(strategies=("ours", "theirs")))
    assert error.value.data == {"unknown": ["theirs"], "known": ["ours", "menu", "concede", "never"]}


def test_a_market_without_limits_is_refused() -> None:
    with pytest.raises(InvalidInput):
        run(small(version=PolicyVersion(2, ())))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), case=cases(), found=limits())
def test_every_strategy_stays_inside_any_limits(data: st.DataObject, case: CaseFacts, found: Limits) -> None:
    grant = Grant(limits=found, rule=case.market, version=1)
    for strategy in STRATEGIES.values():
        numbers = ids()
        table = strategy.opens(case, grant, numbers)
        answered = strategy.replies(data.draw(asks(case)), case, grant, numbers, table)
        offers = (*table, answered.offer) if isinstance(answered, Accepted | Nearest) else table
        for offer in offers:
            assert check_offer(offer, grant, case.today) == ()
        assert len({offer.id for offer in offers}) == len(offers)


@pytest.mark.parametrize("market", ["cn", "us", "uk"])
def test_what_is_agreed_is_inside_the_limits(market: Any) -> None:
    setting = small(market=market)
    agreed = 0
    for number in range(40):
        person = draw_debtor(Random(number), market, START, DEFAULTS)
        for strategy in STRATEGIES.values():
            talk = negotiate(person, strategy, setting.grant, DEFAULTS)
            assert (talk.outcome == "agreed") == (talk.offer is not None)
            assert talk.rounds <= person.person.patience + 1
            if talk.offer is not None:
                agreed += 1
                assert check_offer(talk.offer, setting.grant, person.case.today) == ()
                assert bearable(talk.offer, person)
    assert agreed > 10


def test_groups_are_nothing_that_a_strategy_sees() -> None:
    assert not {"language", "age"} & {field.name for field in (*fields(CaseFacts), *fields(Finances))}
    for number in range(15):
        one = draw_debtor(Random(number), "us", START, DEFAULTS)
        other = replace(one, person=replace(one.person, language="zh", age="60+"))
        for strategy in STRATEGIES.values():
            grant = granted(one.case)
            assert negotiate(one, strategy, grant, DEFAULTS) == negotiate(other, strategy, grant, DEFAULTS)


@pytest.mark.parametrize("name", ["menu", "concede", "never"])
def test_the_simple_strategies_do_not_heed_what_was_told(name: str) -> None:
    case = debtor().case
    told = replace(case, finances=Finances(income=cny("5000"), spending=cny("4990"), payday=Payday(day=5)))
    strategy, grant = STRATEGIES[name], granted(case)
    assert strategy.opens(case, grant, ids()) == strategy.opens(told, grant, ids())


def test_the_menu_is_one_payment_six_months_and_twelve() -> None:
    case = debtor().case
    offers = STRATEGIES["menu"].opens(case, granted(case), ids())
    assert [len(offer.schedule.lines) for offer in offers] == [1, 6, 12]
    assert [offer.total for offer in offers] == [cny("5400"), cny("6000"), cny("6000")]


def test_always_concede_opens_with_the_least_that_the_limits_take() -> None:
    case = debtor().case
    grant = granted(case, min_settlement_share_instalments=Decimal("0.8"), min_instalment=Decimal(100))
    lump, longest = STRATEGIES["concede"].opens(case, grant, ids())
    assert (lump.total, longest.total) == (cny("5400"), cny("4800"))
    assert lump.schedule.first_due == case.today + timedelta(days=grant.limits.max_days_to_first_payment)
    assert len(longest.schedule.lines) == 36
    assert longest.terms.frequency is Frequency.MONTH


def test_always_concede_offers_no_plan_where_no_period_is_allowed() -> None:
    case = debtor().case
    offers = STRATEGIES["concede"].opens(case, granted(case, frequencies=()), ids())
    assert [offer.kind for offer in offers] == ["settlement"]


def test_never_concede_asks_for_all_of_it_once() -> None:
    case = debtor().case
    (offer,) = STRATEGIES["never"].opens(case, granted(case), ids())
    assert (offer.kind, offer.total) == ("full", cny("6000"))


def test_someone_who_can_bear_an_offer_takes_the_cheapest() -> None:
    owner = debtor(extra="1200", savings="5000")
    talk = negotiate(owner, STRATEGIES["menu"], granted(owner.case), STEADY)
    assert talk.offer is not None
    assert (talk.outcome, talk.offer.total, talk.rounds) == ("agreed", cny("5400"), 1)


def test_of_plans_for_the_same_sum_the_willing_take_the_shorter() -> None:
    keen, reluctant = debtor(extra="1000"), debtor(extra="1000", willingness=0.4)
    table = (plan(keen, "1000", 6), plan(keen, "500", 12))
    assert preferred(table, keen) == table[0]
    assert preferred(table, reluctant) == table[1]
    assert preferred(table, debtor(extra="10")) is None


def test_a_counter_offer_inside_the_limits_is_agreed_with_ours() -> None:
    owner = debtor(extra="220")
    talk = negotiate(owner, STRATEGIES["ours"], granted(owner.case), STEADY)
    assert (talk.outcome, talk.rounds) == ("agreed", 2)
    assert talk.offer is not None
    assert talk.offer.schedule.lines[0].amount == cny("220")


def test_an_ask_that_stays_outside_ends_with_a_person_the_third_time() -> None:
    owner = debtor(extra="20")
    talk = negotiate(owner, STRATEGIES["ours"], granted(owner.case), STEADY)
    assert (talk.outcome, talk.offer, talk.rounds) == ("person", None, 3)


def test_someone_who_can_pay_nothing_is_sent_to_a_person() -> None:
    owner = debtor(extra="0")
    assert negotiate(owner, STRATEGIES["menu"], granted(owner.case), STEADY).outcome == "person"


def test_where_nothing_told_fits_ours_calls_a_person_at_once() -> None:
    told = Finances(income=cny("4000"), spending=cny("4500"))
    talk = negotiate(debtor(told=told), STRATEGIES["ours"], granted(debtor().case), STEADY)
    assert (talk.outcome, talk.rounds) == ("person", 1)


def test_someone_without_patience_leaves_when_nothing_fits() -> None:
    owner = debtor(extra="20", patience=1)
    assert negotiate(owner, STRATEGIES["menu"], granted(owner.case), STEADY).outcome == "left"


def test_the_unwilling_may_leave_at_once() -> None:
    owner = debtor(extra="1000", willingness=0.0)
    talk = negotiate(owner, STRATEGIES["menu"], granted(owner.case), replace(STEADY, gives_up=0.6))
    assert (talk.outcome, talk.rounds) == ("left", 1)


def test_a_haggler_who_is_refused_takes_what_was_offered() -> None:
    owner = debtor(extra="500", haggled_share=0.5)
    talk = negotiate(owner, STRATEGIES["menu"], granted(owner.case), STEADY)
    assert talk.offer is not None
    assert (talk.outcome, len(talk.offer.schedule.lines), talk.rounds) == ("agreed", 12, 2)


def test_a_haggler_gets_from_ours_the_lower_instalment_that_they_ask_for() -> None:
    told = Finances(income=cny("5000"), spending=cny("4000"))
    owner = debtor(extra="500", haggled_share=0.5, told=told)
    grant = granted(owner.case)
    lightest = min(monthly(offer) for offer in STRATEGIES["ours"].opens(owner.told_case, grant, ids()))
    talk = negotiate(owner, STRATEGIES["ours"], grant, STEADY)
    assert talk.offer is not None
    assert (talk.offer.schedule.lines[0].amount, lightest > 25000) == (cny("250"), True)


def test_nobody_bargains_to_pay_more_than_the_lightest_plan_takes() -> None:
    owner = debtor(extra="1100", haggled_share=0.5)
    talk = negotiate(owner, STRATEGIES["menu"], granted(owner.case), STEADY)
    assert talk.offer is not None
    assert (talk.outcome, talk.rounds, len(talk.offer.schedule.lines)) == ("agreed", 1, 6)


def test_a_week_s_payment_counts_for_a_month_s() -> None:
    owner = debtor()
    wish = Wish(total=cny("1200"), first_due=TODAY, frequency=Frequency.WEEK, count=12)
    assert monthly(build(wish, owner.case, granted(owner.case))) == 43334


def test_a_plan_within_means_is_paid_on_its_days() -> None:
    owner = debtor()
    lived = live(owner, plan(owner, "500", 3), STEADY)
    assert lived.payments == ((20, 50000), (51, 50000), (81, 50000))
    assert (lived.kept, lived.missed, lived.below, lived.later) == (True, 0, 0, ())


def test_what_falls_due_after_the_years_is_kept_apart() -> None:
    owner = debtor()
    lived = live(owner, plan(owner, "100", 63), STEADY)
    assert len(lived.payments) == MONTHS
    assert [amount for _, amount in lived.later] == [10000] * 3


def test_a_due_date_is_lived_in_its_month() -> None:
    owner = debtor(organisation=0.0)
    for day, month in ((0, 0), (29, 0), (30, 1), (364, 11), (365, 12), (1824, 59)):
        offer = plan(owner, "500", 1, days=day)
        lost = tuple(300000 if at == month else 500000 for at in range(MONTHS))
        poor = replace(owner, years=replace(owner.years, income=lost))
        steadfast = replace(STEADY, squeezes=1.0, saves=0.0, off_payday=1.0)
        assert live(poor, offer, steadfast).stressed == 1
        assert live(owner, offer, steadfast).stressed == 0


def test_harm_is_counted_over_the_years_and_in_the_first_of_them() -> None:
    owner = debtor()
    unmoved = replace(STEADY, squeezes=2.0, worn_by_stress=0.0, off_payday=1.0)
    lived = live(owner, plan(owner, "1500", 24), unmoved)
    assert (lived.below, lived.below_first) == (24, 12)


def test_kept_is_said_of_the_first_year() -> None:
    owner = debtor()
    later = tuple(500000 if at < 12 else 0 for at in range(MONTHS))
    poor = replace(owner, years=replace(owner.years, income=later))
    lived = live(poor, plan(owner, "400", 15), replace(STEADY, squeezes=0.0, saves=0.0))
    assert (lived.kept, lived.missed, lived.later) == (True, 2, ())


def test_a_date_off_the_payday_is_kept_less_often() -> None:
    owner = debtor()
    wavering = replace(owner, years=replace(owner.years, commits=(0.98,) * WEEKS))
    on, off = plan(owner, "100", 3, days=10), plan(owner, "100", 3, days=20)
    assert [line.due.day for line in on.schedule.lines] == [12, 12, 12]
    assert live(wavering, on, STEADY).missed == 0
    assert live(wavering, off, STEADY).missed == 2
    assert live(wavering, off, replace(STEADY, off_payday=1.0)).missed == 0


def test_two_unpaid_instalments_break_a_plan_above_means() -> None:
    owner = debtor()
    lived = live(owner, plan(owner, "1500", 4), replace(STEADY, squeezes=0.0))
    assert (lived.kept, lived.missed, lived.payments, lived.later) == (False, 2, (), ())


def test_someone_who_pays_although_short_lives_on_less_for_that_month() -> None:
    owner = debtor()
    lived = live(owner, plan(owner, "1500", 2), replace(STEADY, squeezes=1.0))
    assert (lived.kept, lived.stressed, lived.below) == (True, 2, 2)


def test_each_month_on_too_little_wears_the_commitment() -> None:
    owner = debtor()
    lived = live(owner, plan(owner, "1500", 4), replace(STEADY, squeezes=1.0, worn_by_stress=0.4))
    assert (lived.kept, lived.stressed, lived.missed) == (False, 2, 2)


def test_what_was_missed_is_paid_with_the_next_where_there_is_enough() -> None:
    owner = debtor()
    forgetful = replace(owner, years=replace(owner.years, remembers=(0.5, 0.5, 0.0, *(0.5,) * (WEEKS - 3))))
    wayward = replace(forgetful, person=replace(forgetful.person, organisation=0.0))
    lived = live(wayward, plan(owner, "300", 3), replace(STEADY, forgets=0.2, catches_up=1.0))
    assert lived.payments == ((51, 30000), (51, 30000), (81, 30000))
    assert (lived.kept, lived.missed) == (True, 1)


def test_savings_carry_one_payment_and_are_then_gone() -> None:
    owner = debtor(savings="5000")
    poor = replace(owner, years=replace(owner.years, income=(500000, 500000, 300000, *(500000,) * (MONTHS - 3))))
    lived = live(poor, plan(owner, "5500", 1), STEADY)
    assert lived.payments == ((20, 550000),)
    assert (lived.below, unpaid(poor, STEADY).below) == (1, 0)


def test_someone_without_a_plan_pays_half_of_what_is_above_the_minimum() -> None:
    owner = debtor()
    lived = live(owner, None, replace(DEFAULTS, saves=0.0, unasked_share=0.5))
    assert lived.payments[:2] == ((15, 50000), (45, 50000))
    assert lived.kept is None
    assert sum(amount for _, amount in lived.payments) == 600000


def test_people_differ_as_the_parameters_say() -> None:
    people = [draw_debtor(Random(number), "cn", START, DEFAULTS).person for number in range(1500)]
    short = sum(person.surplus < 0 for person in people) / len(people)
    told = sum(person.told != Finances() for person in people) / len(people)
    chinese = sum(person.language == "zh" for person in people) / len(people)
    assert (round(short, 1), round(told, 1), round(chinese, 1)) == (0.3, 0.6, 0.9)
