"""The corners of the negotiator: other currencies, last cents, nothing allowed, offers of yesterday."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from core.calendar import Frequency
from core.negotiation import Accepted, Ask, Finances, Nearest, answer, opening
from core.negotiation.ability import able_to_pay, surplus_of
from core.negotiation.candidates import plan_wishes
from core.negotiation.dates import capacity, periods_in
from core.negotiation.gaps import gaps_of
from core.negotiation.outdated import outdated
from core.negotiation.types import Unclear
from core.negotiation.wish import Wish, instalments_needed
from core.policy import RuleFacts
from tests.unit.negotiating import TODAY, cny, dana, granted, ids, usd


def test_what_was_told_in_another_currency_says_nothing_of_what_can_be_paid() -> None:
    told = dana(finances=Finances(income=cny("9000"), spending=cny("100")))
    assert able_to_pay(told, granted(told)) is None
    assert surplus_of(told, granted(told)) is None


def test_at_most_so_much_and_a_number_that_comes_to_more_is_no_contradiction() -> None:
    ask = Ask(instalment=usd("200"), at_most=True, count=15)
    found = answer(ask, dana(), granted(dana()), ids())
    assert isinstance(found, Accepted)
    assert len(found.offer.schedule.instalments) == 12
    too_few = answer(replace(ask, count=10), dana(), granted(dana()), ids())
    assert isinstance(too_few, Nearest)
    assert [(each.field, each.asked, each.allowed) for each in too_few.breaches] == [("count", "10", "12")]


def test_a_down_payment_on_the_table_keeps_its_sum_and_never_its_past_day() -> None:
    case, grant = dana(), granted(dana())
    found = answer(Ask(down_payment=usd("400"), instalment=usd("200")), case, grant, ids())
    assert isinstance(found, Accepted)
    later = replace(case, today=TODAY + timedelta(days=3))
    moved = answer(Ask(instalment=usd("250")), later, grant, ids(), (found.offer,))
    assert isinstance(moved, Accepted)
    down = moved.offer.schedule.down_payment
    assert down is not None
    assert (down.amount, down.due) == (usd("400"), later.today)


def test_where_the_lightest_plan_is_a_few_cents_below_what_can_be_paid_it_is_taken_to_the_cent() -> None:
    case = dana(finances=Finances(affordable=usd("64.90")))
    levels = [wish.level for wish in plan_wishes(case, granted(case))]
    assert levels == [usd("64.87")]
    less = dana(finances=Finances(affordable=usd("64.80")))
    assert list(plan_wishes(less, granted(less))) == []


def test_no_instalment_fits_after_the_term_or_where_none_is_allowed() -> None:
    limits = granted(dana(), max_term_days=30).limits
    assert capacity(TODAY + timedelta(days=31), Frequency.MONTH, None, limits, TODAY) == 0
    assert capacity(TODAY + timedelta(days=30), Frequency.MONTH, None, limits, TODAY) == 1
    assert capacity(TODAY, Frequency.MONTH, None, replace(limits, max_instalments=0), TODAY) == 0


def test_a_span_holds_so_many_payments() -> None:
    assert [periods_in(days, Frequency.WEEK) for days in (3, 7, 28)] == [1, 1, 4]
    assert periods_in(28, Frequency.FORTNIGHT) == 2
    assert periods_in(56, Frequency.FOUR_WEEKS) == 2
    assert periods_in(365, Frequency.QUARTER) == 4
    assert periods_in(61, Frequency.MONTH) == 2
    assert periods_in(60, Frequency.SEMI_MONTH) == 4


def test_the_steps_of_an_offer_stay_when_its_first_day_comes_nearer() -> None:
    case = dana(finances=Finances(recovers_on=date(2027, 3, 1)))
    stepped = next(offer for offer in opening(case, granted(case), ids()) if offer.terms.steps)
    found = answer(Ask(first_due=date(2027, 2, 20)), case, granted(case), ids(), (stepped,))
    assert isinstance(found, Nearest)
    assert found.offer.terms.steps == stepped.terms.steps
    assert found.offer.schedule.first_due == TODAY + timedelta(days=granted(case).limits.max_days_to_first_payment)
    shorter = granted(case, max_instalments=20)
    found = answer(Ask(first_due=TODAY + timedelta(days=10)), case, shorter, ids(), (stepped,))
    assert isinstance(found, Nearest)
    assert (found.offer.terms.steps, len(found.offer.schedule.instalments)) == ((), 20)


def test_a_down_payment_where_no_instalments_are_allowed_is_answered_with_one_payment() -> None:
    grant = granted(dana(), max_instalments=0)
    found = answer(Ask(down_payment=usd("400")), dana(), grant, ids())
    assert isinstance(found, Nearest)
    assert (found.offer.kind, found.offer.total) == ("full", usd("2400"))


def test_a_sum_that_is_granted_is_no_gap() -> None:
    ask = Ask(instalment=usd("200"), first_due=TODAY + timedelta(days=200))
    found = answer(ask, dana(), granted(dana()), ids())
    assert isinstance(found, Nearest)
    assert [gap.field for gap in gaps_of(ask, found.offer, found.breaches)] == ["max_days_to_first_payment"]
    weekly = Ask(instalment=usd("10"), frequency=Frequency.WEEK)
    monthly = answer(weekly, dana(), granted(dana(), frequencies=(Frequency.MONTH,)), ids())
    assert isinstance(monthly, Nearest)
    assert "instalment" not in [gap.field for gap in gaps_of(weekly, monthly.offer, monthly.breaches)]


def test_plans_that_a_person_decides_on_are_not_offered_at_all() -> None:
    found = granted(dana(), person_decides_above=Decimal(2000))
    bot = replace(found, facts=RuleFacts("us", "credit_card", role="bot"))
    assert opening(dana(), bot, ids()) == ()
    assert opening(dana(), replace(found, facts=RuleFacts("us", "credit_card", role="agent")), ids())


def test_steps_below_the_interest_of_a_month_are_no_plan() -> None:
    case = dana(finances=Finances(recovers_on=date(2027, 3, 1)))
    assert not any(offer.terms.steps for offer in opening(case, granted(case, plan_interest=Decimal("0.24")), ids()))


def test_a_level_that_needs_more_than_the_most_says_one_more() -> None:
    grant = granted(dana(), plan_interest=Decimal("0.12"))
    wish = Wish(total=usd("2400"), first_due=TODAY + timedelta(days=14), level=usd("200"))
    assert instalments_needed(wish, dana(), grant, 60) == 13
    assert instalments_needed(wish, dana(), grant, 12) == 13
    assert instalments_needed(replace(wish, level=usd("1")), dana(), grant, 60) == 2400
    assert instalments_needed(replace(wish, level=usd("23")), dana(), grant, 240) == 241


def test_an_offer_is_of_its_balance_and_of_days_to_come() -> None:
    found = answer(Ask(instalment=usd("200")), dana(), granted(dana()), ids())
    assert isinstance(found, Accepted)
    first = found.offer.schedule.first_due
    assert outdated(found.offer, usd("2400"), first) is None
    assert outdated(found.offer, usd("2400"), first + timedelta(days=1)) == "dates"
    assert outdated(found.offer, usd("2399"), first) == "balance"


def test_less_than_a_unit_a_week_is_no_plan_to_suggest() -> None:
    poor = dana(finances=Finances(affordable=usd("0.50")))
    assert answer(Ask(frequency=Frequency.WEEK), poor, granted(poor), ids()) == Unclear("amount")


def test_a_ceiling_stays_as_it_is_where_an_even_sum_would_pass_it() -> None:
    grant = granted(dana(), max_instalments=100, max_term_days=4000)
    lower = answer(Ask(instalment=usd("199.50"), at_most=True), dana(), grant, ids())
    assert isinstance(lower, Accepted)
    assert lower.offer.schedule.instalments[0].amount == usd("185")
    kept = answer(Ask(instalment=usd("34.70"), at_most=True), dana(), grant, ids())
    assert isinstance(kept, Accepted)
    assert [line.amount for line in kept.offer.schedule.instalments][-2:] == [usd("34.70"), usd("5.70")]
