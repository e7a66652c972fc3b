"""Counter-offers, offers on the table, promises and affordability, case by case."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.calendar import Frequency
from core.errors import InvalidInput
from core.money import Money
from core.negotiation import (
    Accepted,
    Ask,
    CaseFacts,
    Finances,
    Nearest,
    Offer,
    Payday,
    Promise,
    PromiseAccepted,
    PromiseOutside,
    Unclear,
    adjust_offer,
    affordability,
    answer,
    check_offer,
    manual_offer,
    offer_from_json,
    offer_summary,
    offer_to_json,
    opening,
    promise,
)
from core.plans import Balance
from core.policy import least_settlement
from tests.unit.negotiating import TODAY, cny, dana, granted, ids, lin, usd


def said_yes(ask: Ask, case: CaseFacts, *table: Offer, **limits: Any) -> Offer:
    """The offer of an ask that must be accepted as asked."""
    answered = answer(ask, case, granted(case, **limits), ids(), table)
    assert isinstance(answered, Accepted), answered
    return answered.offer


def nearest(ask: Ask, case: CaseFacts, *table: Offer, **limits: Any) -> tuple[Offer, list[str]]:
    """The nearest offer to an ask that must be outside, and the fields that it breaks."""
    grant = granted(case, **limits)
    answered = answer(ask, case, grant, ids(), table)
    assert isinstance(answered, Nearest), answered
    assert check_offer(answered.offer, grant, case.today) == ()
    return answered.offer, [breach.field for breach in answered.breaches]


def amounts(offer: Offer) -> list[str]:
    return [line.amount.to_text() for line in offer.schedule.instalments]


def first(offer: Offer) -> date:
    return offer.schedule.first_due


def test_eight_hundred_a_month_then_from_the_twelfth_is_exactly_that_plan() -> None:
    table = opening(lin(), granted(lin()), ids(), instalments_only=True)
    lower = said_yes(Ask(instalment=cny("800"), at_most=True, frequency=Frequency.MONTH), lin(), *table)
    asked = Ask(payday=Payday(day=10), first_due=date(2026, 12, 12))
    plan = said_yes(asked, lin(), lower)
    assert amounts(plan) == ["800.00"] * 20 + ["600.00"]
    dues = [line.due for line in plan.schedule.instalments]
    assert (dues[0], dues[1], dues[-1]) == (date(2026, 12, 12), date(2027, 1, 12), date(2028, 8, 12))
    assert plan.schedule.total == cny("16600")


def test_a_hundred_a_month_from_january_settles_in_twenty_four() -> None:
    plan = said_yes(Ask(instalment=usd("100"), first_due=date(2027, 1, 1), at_most=True), dana())
    assert amounts(plan) == ["100.00"] * 24
    assert first(plan) == date(2027, 1, 1)


def test_a_number_of_instalments_splits_equally_with_the_remainder_last() -> None:
    assert amounts(said_yes(Ask(count=12), lin())) == ["1383.33"] * 11 + ["1383.37"]


@pytest.mark.parametrize(("days", "count"), [(90, 3), (180, 6), (365, 12), (730, 24), (61, 2)])
def test_a_length_of_time_is_a_number_of_months(days: int, count: int) -> None:
    assert len(amounts(said_yes(Ask(term_days=days), lin()))) == count


def test_one_month_is_one_payment_of_all_of_it() -> None:
    plan = said_yes(Ask(term_days=30), lin())
    assert (plan.kind, amounts(plan)) == ("full", ["16600.00"])


def test_weekly_and_fortnightly_sums_fall_due_by_the_week() -> None:
    weekly = said_yes(Ask(instalment=usd("50"), frequency=Frequency.WEEK), dana())
    assert amounts(weekly) == ["50.00"] * 48
    assert weekly.schedule.instalments[1].due - first(weekly) == timedelta(days=7)
    fortnightly = said_yes(Ask(instalment=usd("150"), frequency=Frequency.FORTNIGHT), dana())
    assert fortnightly.schedule.instalments[1].due - first(fortnightly) == timedelta(days=14)


def test_more_than_is_owed_is_all_of_it_in_one_payment() -> None:
    for ask in (Ask(instalment=usd("9000")), Ask(total=usd("9000")), Ask(down_payment=usd("9000"))):
        plan = said_yes(ask, dana())
        assert (plan.kind, amounts(plan), plan.discount) == ("full", ["2400.00"], usd("0"))


def test_too_little_a_month_is_answered_with_the_least_that_is_allowed() -> None:
    plan, fields = nearest(Ask(instalment=cny("100")), lin(), max_instalments=36)
    assert fields[:2] == ["min_instalment", "max_instalments"]
    assert amounts(plan) == ["462.00"] * 35 + ["430.00"]
    nothing, fields = nearest(Ask(instalment=cny("0")), lin(), max_instalments=36)
    assert fields == ["min_instalment"]
    assert amounts(nothing)[0] == "462.00"


def test_too_many_instalments_are_answered_with_as_many_as_there_may_be() -> None:
    plan, fields = nearest(Ask(count=48), lin(), max_instalments=24)
    assert fields == ["max_instalments", "max_term_days"]
    assert len(amounts(plan)) == 24


def test_no_instalments_at_all_is_no_plan() -> None:
    _, fields = nearest(Ask(count=0), lin())
    assert fields == ["count"]


def test_the_persons_sum_is_kept_when_only_their_date_is_outside() -> None:
    late, fields = nearest(Ask(instalment=usd("200"), first_due=date(2027, 3, 1)), dana())
    assert fields == ["max_days_to_first_payment"]
    assert amounts(late) == ["200.00"] * 12
    assert first(late) == TODAY + timedelta(days=45)
    past, fields = nearest(Ask(instalment=usd("200"), first_due=date(2026, 11, 5)), dana())
    assert fields == ["max_days_to_first_payment"]
    assert (amounts(past), first(past)) == (["200.00"] * 12, date(2026, 12, 5))


def test_an_earlier_start_is_found_before_the_persons_sum_is_raised() -> None:
    ask = Ask(instalment=usd("200"), first_due=date(2027, 1, 5))
    plan, fields = nearest(ask, dana(), max_term_days=365)
    assert fields == ["max_term_days"]
    assert amounts(plan) == ["200.00"] * 12
    assert plan.schedule.last_due == TODAY + timedelta(days=365)


def test_a_few_cents_left_over_join_the_last_instalment() -> None:
    case = dana(balance=Balance(usd("2500"), usd("0"), usd("0")))
    for at_most in (False, True):
        plan = said_yes(Ask(instalment=usd("833.33"), count=3, at_most=at_most), case)
        assert amounts(plan) == ["833.33", "833.33", "833.34"]
    half = dana(balance=Balance(usd("2400.50"), usd("0"), usd("0")))
    assert amounts(said_yes(Ask(instalment=usd("200")), half)) == ["200.00"] * 11 + ["200.50"]
    ceiling = amounts(said_yes(Ask(instalment=usd("200"), at_most=True), half))
    assert all(Decimal(amount) <= 200 for amount in ceiling)


def test_a_first_instalment_on_the_day_of_the_down_payment_follows_it() -> None:
    january = date(2027, 1, 1)
    plan = said_yes(Ask(down_payment=usd("400"), count=4, first_due=january), dana(), max_days_to_first_payment=0)
    assert [line.due for line in plan.schedule.lines[:2]] == [TODAY, january]
    before, fields = nearest(Ask(down_payment=usd("400"), count=4, first_due=date(2026, 11, 1)), dana())
    assert fields == ["max_days_to_first_payment"]
    assert before.schedule.instalments[0].due == date(2026, 12, 1)


def test_a_down_payment_below_the_first_share_is_raised_to_it() -> None:
    plan, fields = nearest(Ask(down_payment=usd("10"), count=4), dana(), min_first_payment_share=Decimal("0.1"))
    assert fields == ["min_first_payment_share"]
    assert plan.schedule.down_payment is not None
    assert plan.schedule.down_payment.amount == usd("240")


def test_a_sum_and_a_number_that_disagree_keep_the_sum() -> None:
    plan, fields = nearest(Ask(instalment=usd("200"), count=6), dana())
    assert fields == ["count"]
    assert amounts(plan) == ["200.00"] * 12
    assert len(amounts(said_yes(Ask(instalment=usd("200"), count=12), dana()))) == 12


def test_a_sum_and_a_length_that_disagree_keep_the_sum_and_say_so() -> None:
    offer, fields = nearest(Ask(instalment=usd("100"), term_days=181), dana())
    assert (fields, len(offer.schedule.lines)) == (["count"], 24)


def test_the_last_day_of_every_month_stays_the_last_day() -> None:
    offer = said_yes(Ask(count=4, first_due=date(2026, 11, 30), anchor_day=31), dana())
    assert [line.due.day for line in offer.schedule.lines] == [30, 31, 31, 28]


def test_a_period_that_is_not_allowed_becomes_one_that_is_at_the_same_pace() -> None:
    plan, fields = nearest(Ask(instalment=usd("300"), frequency=Frequency.QUARTER), dana())
    assert fields == ["frequencies"]
    assert plan.terms.frequency is Frequency.MONTH
    assert amounts(plan) == ["100.00"] * 24


def test_a_settlement_inside_the_share_is_taken_as_said() -> None:
    plan = said_yes(Ask(total=usd("1800")), dana())
    assert (plan.kind, amounts(plan), plan.discount) == ("settlement", ["1800.00"], usd("600"))
    assert amounts(said_yes(Ask(share=Decimal("0.7")), dana())) == ["1680.00"]


def test_a_settlement_below_the_share_is_answered_with_the_least_that_is_taken() -> None:
    plan, fields = nearest(Ask(total=usd("1000")), dana())
    assert fields == ["min_settlement_share"]
    assert (plan.kind, amounts(plan)) == ("settlement", ["1680.00"])
    free, fields = nearest(Ask(share=Decimal(0)), dana())
    assert (amounts(free), fields) == (["1680.00"], ["min_settlement_share"])


def test_a_settlement_in_instalments_has_its_own_share() -> None:
    plan = said_yes(Ask(total=usd("2160"), count=4), dana())
    assert (plan.kind, amounts(plan)) == ("instalments", ["540.00"] * 4)
    full, fields = nearest(Ask(total=usd("2000"), count=4), dana(), min_settlement_share_instalments=Decimal(1))
    assert fields == ["min_settlement_share_instalments"]
    assert amounts(full) == ["600.00"] * 4


def test_no_discount_means_no_discount() -> None:
    none = {"min_settlement_share": Decimal(1), "min_settlement_share_instalments": Decimal(1)}
    for ask in (Ask(discount=True), Ask(total=usd("2399.99")), Ask(share=Decimal("0.99"))):
        plan, fields = nearest(ask, dana(), **none)
        assert (plan.discount, fields) == (usd("0"), ["min_settlement_share"])
    assert all(not offer.discount for offer in opening(dana(), granted(dana(), **none), ids()))


def test_a_discount_without_a_figure_is_the_best_that_is_allowed() -> None:
    assert amounts(said_yes(Ask(discount=True), dana())) == ["1680.00"]


def test_fees_and_interest_are_waived_up_to_their_shares() -> None:
    plan, fields = nearest(Ask(waive_fees=True), dana())
    assert fields == ["max_fee_waiver_share"]
    assert (plan.discount, plan.waived_fees) == (usd("40"), usd("40"))
    both, fields = nearest(Ask(waive_fees=True, waive_interest=True, instalment=usd("100")), dana())
    assert fields == ["max_fee_waiver_share", "max_interest_waiver_share"]
    assert (both.discount, amounts(both)[0]) == (usd("106"), "100.00")
    whole = said_yes(Ask(waive_fees=True), dana(), max_fee_waiver_share=Decimal(1))
    assert whole.discount == usd("80")


def test_the_penalty_for_paying_late_is_waived_up_to_its_own_share() -> None:
    late = dana(balance=Balance(usd("2100"), usd("220"), usd("80"), usd("60")))
    asked = Ask(waive_fees=True, waive_penalty=True)
    plan, fields = nearest(asked, late, max_penalty_waiver_share=Decimal("0.25"))
    assert fields == ["max_fee_waiver_share", "max_penalty_waiver_share"]
    assert (plan.waived_fees, plan.waived_penalty, plan.discount) == (usd("40"), usd("15"), usd("55"))
    assert any(reason.startswith("limit:max_penalty_waiver_share=0.25") for reason in plan.because)
    kept, fields = nearest(asked, late)
    assert (kept.waived_penalty, kept.discount) == (None, usd("40"))
    assert fields == ["max_fee_waiver_share", "max_penalty_waiver_share"]
    whole = said_yes(Ask(waive_penalty=True), late, max_penalty_waiver_share=Decimal(1))
    assert (whole.waived_fees, whole.waived_penalty, whole.total) == (None, usd("60"), usd("2400"))
    assert offer_from_json(offer_to_json(whole)) == whole
    again = said_yes(Ask(first_due=date(2026, 12, 3)), late, whole, max_penalty_waiver_share=Decimal(1))
    assert again.waived_penalty == usd("60")


def test_a_sum_waived_by_name_is_taken_as_it_is_up_to_its_share() -> None:
    asked = Ask(waived_fees=usd("30"), waived_interest=usd("10.50"), instalment=usd("100"))
    offer = said_yes(asked, dana(), max_interest_waiver_share=Decimal("0.5"))
    assert (offer.waived_fees, offer.waived_interest, offer.discount) == (usd("30"), usd("10.50"), usd("40.50"))
    assert offer.waived == Balance(usd("0"), usd("10.50"), usd("30"))
    assert offer.settles == Balance(usd("2100"), usd("209.50"), usd("50"))
    less, fields = nearest(Ask(waived_fees=usd("60")), dana())
    assert fields == ["max_fee_waiver_share"]
    assert (less.waived_fees, less.total) == (usd("40"), usd("2360"))


def test_what_is_waived_stands_beside_a_sum_that_settles_the_rest() -> None:
    asked = Ask(total=usd("2200"), waived_fees=usd("30"), count=1)
    offer = said_yes(asked, dana(), min_settlement_share=Decimal("0.9"))
    assert (offer.total, offer.discount, offer.waived_fees) == (usd("2200"), usd("200"), usd("30"))
    assert offer.settles == Balance(usd("2100"), usd("100"), usd("0"))
    above, _ = manual_offer(Ask(total=usd("2390"), waived_fees=usd("30"), count=1), dana(), granted(dana()), ids())
    assert (above.total, above.discount) == (usd("2370"), usd("30"))
    none_of_it, fields = nearest(Ask(total=usd("1000"), waived_fees=usd("60"), count=1), dana())
    assert fields == ["min_settlement_share", "max_fee_waiver_share"]
    assert none_of_it.waived_fees == usd("40")
    assert none_of_it.total == least_settlement(granted(dana()).limits, usd("2400"))


def test_less_than_nothing_is_not_waived() -> None:
    offer = said_yes(Ask(waived_fees=usd("-5"), waived_interest=usd("0"), count=3), dana())
    assert (offer.total, offer.discount, offer.waived.total) == (usd("2400"), usd("0"), usd("0"))


def test_a_debt_that_was_put_off_often_enough_is_put_off_no_more() -> None:
    ask = Ask(until=date(2026, 12, 20))
    for before, answered in ((2, Accepted), (3, Nearest)):
        found = answer(ask, dana(extensions=before), granted(dana(), max_extensions=3), ids())
        assert isinstance(found, answered)
        assert found.offer.extensions == before
    assert isinstance(found, Nearest)
    assert [(each.field, each.asked, each.allowed) for each in found.breaches] == [("max_extensions", "4", "3")]
    assert found.offer.kind == "full"
    assert offer_from_json(offer_to_json(found.offer)) == found.offer


def test_a_waiver_leaves_the_plan_on_the_table_as_long_as_it_was() -> None:
    plan = said_yes(Ask(instalment=usd("200")), dana())
    waived = said_yes(Ask(waive_fees=True), dana(), plan, max_fee_waiver_share=Decimal(1))
    assert amounts(waived) == ["200.00"] * 11 + ["120.00"]
    assert first(waived) == first(plan)


def test_the_whole_sum_may_wait_for_the_longest_extension() -> None:
    plan = said_yes(Ask(until=date(2026, 12, 20)), dana())
    assert (plan.kind, first(plan), amounts(plan)) == ("extension", date(2026, 12, 20), ["2400.00"])
    late, fields = nearest(Ask(until=date(2027, 2, 1)), dana())
    assert (fields, first(late)) == (["max_extension_days"], TODAY + timedelta(days=30))


def test_a_down_payment_comes_first_and_the_rest_follows() -> None:
    plan = said_yes(Ask(down_payment=usd("400"), instalment=usd("200")), dana())
    assert plan.schedule.down_payment is not None
    assert (plan.schedule.down_payment.due, plan.schedule.down_payment.amount) == (TODAY, usd("400"))
    assert (amounts(plan), plan.schedule.instalments[0].due) == (["200.00"] * 10, date(2026, 12, 23))


def test_a_day_named_soon_is_the_down_payments_and_a_later_one_the_instalments() -> None:
    friday = date(2026, 11, 27)
    soon = said_yes(Ask(down_payment=usd("400"), instalment=usd("200"), first_due=friday), dana())
    assert [line.due for line in soon.schedule.lines[:2]] == [friday, date(2026, 12, 27)]
    later = said_yes(Ask(down_payment=usd("400"), instalment=usd("200"), first_due=date(2027, 1, 5)), dana())
    assert [line.due for line in later.schedule.lines[:2]] == [TODAY, date(2027, 1, 5)]


def test_a_change_of_one_thing_keeps_the_rest_of_the_offer() -> None:
    case, grant = dana(), granted(dana())
    plan = said_yes(Ask(instalment=usd("200"), first_due=date(2026, 12, 5)), case)

    def changed(ask: Ask) -> Offer:
        answered = adjust_offer(plan, ask, case, grant, ids())
        assert isinstance(answered, Accepted)
        return answered.offer

    assert amounts(changed(Ask(first_due=date(2026, 12, 20)))) == amounts(plan)
    by_count = changed(Ask(count=8))
    assert (amounts(by_count), first(by_count)) == (["300.00"] * 8, date(2026, 12, 5))
    by_level = changed(Ask(instalment=usd("150")))
    assert (amounts(by_level), first(by_level)) == (["150.00"] * 16, date(2026, 12, 5))
    by_payday = changed(Ask(payday=Payday(day=15)))
    assert (amounts(by_payday), first(by_payday)) == (amounts(plan), date(2026, 12, 17))
    weekly = changed(Ask(frequency=Frequency.WEEK))
    assert len(amounts(weekly)) == 52


def test_a_later_date_keeps_the_sum_of_a_settlement() -> None:
    settled = said_yes(Ask(total=usd("1800")), dana())
    moved = said_yes(Ask(first_due=date(2026, 12, 18)), dana(), settled)
    assert (moved.kind, amounts(moved), first(moved)) == ("settlement", ["1800.00"], date(2026, 12, 18))


def test_a_date_on_the_table_that_is_past_is_not_kept() -> None:
    plan = said_yes(Ask(instalment=usd("200"), first_due=date(2026, 12, 5)), dana())
    later = dana(today=date(2026, 12, 10))
    again = said_yes(Ask(instalment=usd("150")), later, plan)
    assert first(again) > later.today


@pytest.mark.parametrize(
    ("payday", "due"),
    [
        (Payday(day=10), date(2026, 12, 12)),
        (Payday(day=25), date(2026, 11, 27)),
        (Payday(day=-1), date(2026, 12, 1)),
        (Payday(day=30), date(2026, 12, 1)),
        (Payday(weekday=4), date(2026, 11, 30)),
        (Payday(weekday=1), date(2026, 11, 25)),
    ],
)
def test_a_plan_without_a_date_starts_just_after_payday(payday: Payday, due: date) -> None:
    case = dana(finances=Finances(payday=payday))
    assert first(said_yes(Ask(instalment=usd("200")), case)) == due
    assert first(opening(case, granted(case), ids())[0]) == due


def test_a_plan_without_date_or_payday_starts_on_a_working_day_in_two_weeks() -> None:
    assert first(said_yes(Ask(instalment=usd("200")), dana())) == date(2026, 12, 7)
    month_end = dana(today=date(2026, 12, 16))
    assert first(said_yes(Ask(instalment=usd("200")), month_end)) == date(2027, 1, 4)


def test_a_ceiling_on_the_sum_avoids_a_last_instalment_below_the_least() -> None:
    plan = said_yes(Ask(instalment=cny("790"), at_most=True), lin())
    assert amounts(plan) == ["755.00"] * 21 + ["745.00"]
    assert amounts(said_yes(Ask(instalment=cny("790")), lin()))[-1] == "10.00"


def test_too_little_said_is_asked_for() -> None:
    case, grant = dana(), granted(dana())
    for ask in (Ask(), Ask(first_due=date(2026, 12, 5)), Ask(frequency=Frequency.WEEK), Ask(payday=Payday(day=5))):
        assert answer(ask, case, grant, ids()) == Unclear("amount")
    assert answer(Ask(instalment=cny("200")), case, grant, ids()) == Unclear("amount")
    assert answer(Ask(until=date(9999, 12, 31)), case, grant, ids()) == Unclear("date")


def test_nothing_is_offered_on_nothing_owed() -> None:
    zero = usd("0")
    case = dana(balance=Balance(zero, zero, zero))
    assert opening(case, granted(case), ids()) == ()
    assert answer(Ask(count=3), case, granted(case), ids()) == Unclear("amount")


def test_what_the_person_can_pay_is_used_when_they_name_no_sum() -> None:
    able = Finances(income=usd("3000"), spending=usd("2750"))
    plan = said_yes(Ask(frequency=Frequency.MONTH), dana(finances=able))
    assert amounts(plan)[0] == "220.00"


def test_the_opening_offers_differ_in_kind() -> None:
    offers = opening(dana(), granted(dana()), ids())
    assert [offer.id for offer in offers] == ["o1", "o2", "o3"]
    assert [offer.kind for offer in offers] == ["settlement", "instalments", "instalments"]
    assert [amounts(offer)[0] for offer in offers] == ["1680.00", "100.00", "70.00"]
    plans = opening(lin(), granted(lin()), ids(), instalments_only=True)
    assert [amounts(offer)[0] for offer in plans] == ["700.00", "470.00"]


def test_the_opening_never_asks_for_more_than_the_person_can_pay() -> None:
    able = dana(finances=Finances(income=usd("3000"), spending=usd("2850")))
    offers = opening(able, granted(able), ids())
    assert [amounts(offer)[0] for offer in offers] == ["90.00", "65.00"]
    broke = dana(finances=Finances(income=usd("2000"), spending=usd("2000")))
    assert opening(broke, granted(broke), ids()) == ()


def test_someone_paid_by_the_week_is_offered_months_unless_they_ask_and_weeks_where_months_are_not_allowed() -> None:
    weekly = dana(finances=Finances(affordable=usd("300"), payday=Payday(weekday=4)))
    plans = opening(weekly, granted(weekly), ids())
    assert {offer.terms.frequency for offer in plans} == {Frequency.MONTH}
    assert all(first(offer).weekday() == 0 for offer in plans)
    only = opening(weekly, granted(weekly, frequencies=(Frequency.WEEK,)), ids())
    assert {offer.terms.frequency for offer in only} == {Frequency.WEEK}
    assert all(line.amount <= usd("69.23") for offer in only for line in offer.schedule.instalments)


def test_affordability_is_nine_tenths_of_what_is_left_and_never_more_than_was_said() -> None:
    income, spending = usd("3000"), usd("2500")
    assert affordability(Finances(income=income, spending=spending)) == usd("450")
    assert affordability(Finances(income=income, spending=spending), protected=usd("2900")) == usd("90")
    assert affordability(Finances(income=income, spending=spending, affordable=usd("200"))) == usd("200")
    assert affordability(Finances(income=income, spending=spending, affordable=usd("900"))) == usd("450")
    assert affordability(Finances(income=spending, spending=income)) == usd("0")
    assert affordability(Finances(income=income)) is None
    assert affordability(Finances(affordable=usd("200"))) == usd("200")


def test_a_nearest_plan_above_what_the_person_can_pay_says_so() -> None:
    case = dana(finances=Finances(affordable=usd("20")))
    plan, _ = nearest(Ask(instalment=usd("20")), case)
    assert "above affordability" in plan.because


def test_interest_during_the_plan_is_shown_as_a_rate_and_never_raises_the_instalment() -> None:
    plan = said_yes(Ask(instalment=cny("800")), lin(), plan_interest=Decimal("0.18"))
    assert amounts(plan)[:-1] == ["800.00"] * 24
    assert plan.schedule.total == plan.total + plan.schedule.interest > cny("16600")
    assert plan.apr == Decimal("18.00")
    gbp = Balance(Money.of("1000", "GBP"), Money.zero("GBP"), Money.zero("GBP"))
    british = said_yes(Ask(count=12), lin(market="uk", balance=gbp), plan_interest=Decimal("0.12"))
    assert Decimal(12) < british.apr < Decimal(13)


def test_an_agent_may_enter_terms_outside_and_sees_what_is_outside() -> None:
    case, grant = dana(), granted(dana())
    offer, breaches = manual_offer(Ask(total=usd("1000"), first_due=date(2026, 12, 5)), case, grant, ids())
    assert (offer.id, amounts(offer), [breach.field for breach in breaches]) == (
        "o1",
        ["1000.00"],
        ["min_settlement_share"],
    )
    inside, none = manual_offer(Ask(count=6), case, grant, ids())
    assert (len(amounts(inside)), none) == (6, ())


@pytest.mark.parametrize("ask", [Ask(), Ask(total=usd("0")), Ask(count=5000), Ask(count=0), Ask(instalment=usd("0"))])
def test_terms_that_are_no_plan_cannot_be_entered(ask: Ask) -> None:
    with pytest.raises(InvalidInput):
        manual_offer(ask, dana(), granted(dana()), ids())


def test_a_promise_inside_the_limits_is_taken_as_given() -> None:
    case, grant = dana(), granted(dana())
    friday = date(2026, 11, 27)
    assert promise(friday, usd("300"), case, grant) == PromiseAccepted(Promise(friday, usd("300")), grant)
    assert promise(friday, None, case, grant) == PromiseAccepted(Promise(friday, usd("2400")), grant)
    assert promise(friday, usd("5000"), case, grant) == PromiseAccepted(Promise(friday, usd("2400")), grant)


def test_a_promise_outside_is_answered_with_the_nearest_inside() -> None:
    answered = promise(date(2027, 3, 1), usd("10"), dana(), granted(dana()))
    assert isinstance(answered, PromiseOutside)
    assert answered.nearest == Promise(TODAY + timedelta(days=30), usd("120"))
    assert [breach.field for breach in answered.breaches] == ["promise_max_days", "promise_min_share"]


def test_an_offer_survives_storage_as_json() -> None:
    for ask in (Ask(down_payment=usd("400"), instalment=usd("150")), Ask(waive_fees=True), Ask(total=usd("1800"))):
        answered = answer(ask, dana(), granted(dana()), ids())
        assert not isinstance(answered, Unclear)
        assert offer_from_json(json.loads(json.dumps(offer_to_json(answered.offer)))) == answered.offer


def test_an_offers_summary_has_the_scripts_form() -> None:
    plan = said_yes(Ask(down_payment=usd("400"), count=2, first_due=date(2027, 1, 5)), dana())
    assert offer_summary(plan) == {
        "id": "o1",
        "total": "2400.00",
        "discount": "0.00",
        "down_payment": "400.00",
        "frequency": "month",
        "instalments": [{"due": "2027-01-05", "amount": "1000.00"}, {"due": "2027-02-05", "amount": "1000.00"}],
        "apr": "0.00",
    }


def test_every_offer_says_why_it_is_what_it_is() -> None:
    plan, _ = nearest(Ask(count=48), lin(), max_instalments=36)
    assert "ask:count=48" in plan.because
    assert "outside:max_instalments asked=48 allowed=36" in plan.because
    assert "limit:max_instalments=36 rule:cn/credit_card v1" in plan.because
    payday = lin(finances=Finances(payday=Payday(day=10)))
    assert "payday=day:10" in opening(payday, granted(payday), ids())[0].because


def test_a_new_balance_makes_the_table_no_reason_for_an_old_sum() -> None:
    plan = said_yes(Ask(instalment=usd("200")), dana())
    paid = dana(balance=Balance(usd("1900"), usd("0"), usd("0")))
    again = said_yes(Ask(first_due=date(2026, 12, 20)), paid, plan)
    assert again.total == usd("1900")
    assert amounts(again)[0] == "200.00"


def test_fees_added_since_do_not_turn_an_offer_into_a_discount() -> None:
    plan = said_yes(Ask(instalment=usd("200")), dana())
    grown = dana(balance=Balance(usd("2100"), usd("220"), usd("180")))
    again = said_yes(Ask(first_due=date(2026, 12, 20)), grown, plan)
    assert (again.total, again.discount) == (usd("2500"), usd("0"))


def test_no_id_is_used_up_when_nothing_is_offered() -> None:
    names = ids()
    assert answer(Ask(), dana(), granted(dana()), names) == Unclear("amount")
    answered = answer(Ask(count=3), dana(), granted(dana()), names)
    assert isinstance(answered, Accepted)
    assert answered.offer.id == "o1"


def test_a_grant_without_periods_leaves_one_payment() -> None:
    plan, fields = nearest(Ask(count=6), dana(), frequencies=())
    assert (plan.kind, fields) == ("full", ["frequencies"])
    assert opening(replace(dana()), granted(dana(), frequencies=()), ids())[0].kind == "settlement"
