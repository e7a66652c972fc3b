"""Whatever is asked, of whatever debt, under whatever limits: nothing outside them, and every sum exact."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import Money
from core.negotiation import (
    Accepted,
    Ask,
    CaseFacts,
    Offer,
    PromiseAccepted,
    Unclear,
    affordability,
    answer,
    check_offer,
    offer_from_json,
    offer_to_json,
    opening,
    promise,
)
from core.negotiation.ability import per_period
from core.policy import Grant, Limits, check_promise
from tests.unit.negotiating import asks, cases, ids, limits, sums

EXAMPLES = 150
LIMITS = limits()
WITH_INTEREST = limits(interest=True)


def grant_of(case: CaseFacts, found: Limits) -> Grant:
    return Grant(limits=found, rule=case.market, version=1)


def assert_exact_and_inside(offer: Offer, grant: Grant, case: CaseFacts) -> None:
    assert check_offer(offer, grant, case.today) == ()
    assert offer.schedule.total - offer.schedule.interest == offer.total
    assert offer.total + offer.discount == case.balance.total
    dues = [line.due for line in offer.schedule.lines]
    assert dues == sorted(set(dues))
    assert all(line.amount > Money.zero(case.currency) for line in offer.schedule.lines)
    assert offer.because
    assert offer_from_json(offer_to_json(offer)) == offer


def assert_the_persons_own_numbers(offer: Offer, ask: Ask) -> None:
    instalments = offer.schedule.instalments
    if offer.kind == "instalments":
        if ask.instalment is not None and not ask.at_most:
            assert all(line.amount == ask.instalment for line in instalments[:-1])
        if ask.instalment is not None:
            assert instalments[-1].amount < ask.instalment + Money.of(1, ask.instalment.currency)
        if ask.instalment is None and ask.count is not None:
            assert len(instalments) == ask.count
        if ask.frequency is not None:
            assert offer.terms.frequency is ask.frequency
        if ask.down_payment:
            assert offer.schedule.down_payment is not None
            assert offer.schedule.down_payment.amount == ask.down_payment
        if ask.first_due is not None:
            assert ask.first_due in (instalments[0].due, offer.schedule.first_due)
    elif ask.until is not None and offer.kind == "extension":
        assert instalments[0].due == ask.until
    if ask.total is not None:
        assert offer.total == min(ask.total, offer.balance.total)


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), case=cases(), found=LIMITS)
def test_whatever_is_asked_the_answer_is_inside_the_limits(data: st.DataObject, case: CaseFacts, found: Limits) -> None:
    grant, ask = grant_of(case, found), data.draw(asks(case))
    table = opening(case, grant, ids()) if data.draw(st.booleans()) else ()
    answered = answer(ask, case, grant, ids(), table)
    assert answered == answer(ask, case, grant, ids(), table)
    if isinstance(answered, Unclear):
        return
    assert_exact_and_inside(answered.offer, grant, case)
    if isinstance(answered, Accepted):
        assert_the_persons_own_numbers(answered.offer, ask)
    else:
        assert answered.breaches


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), case=cases(), found=LIMITS)
def test_a_changed_mind_about_an_offer_is_answered_inside_the_limits(
    data: st.DataObject, case: CaseFacts, found: Limits
) -> None:
    grant = grant_of(case, found)
    table: tuple[Offer, ...] = ()
    for _ in range(3):
        answered = answer(data.draw(asks(case)), case, grant, ids(), table)
        if not isinstance(answered, Unclear):
            assert_exact_and_inside(answered.offer, grant, case)
            table = (answered.offer,)
        case = replace(case, today=case.today + timedelta(days=data.draw(st.integers(0, 40))))


@settings(max_examples=25, deadline=None)
@given(data=st.data(), case=cases(), found=WITH_INTEREST)
def test_interest_during_the_plan_keeps_the_answer_inside_the_limits(
    data: st.DataObject, case: CaseFacts, found: Limits
) -> None:
    grant = grant_of(case, found)
    answered = answer(data.draw(asks(case)), case, grant, ids())
    if not isinstance(answered, Unclear):
        assert_exact_and_inside(answered.offer, grant, case)


@settings(max_examples=EXAMPLES, deadline=None)
@given(case=cases(), found=LIMITS)
def test_openings_are_inside_the_limits_and_within_what_the_person_can_pay(case: CaseFacts, found: Limits) -> None:
    grant = grant_of(case, found)
    offers = opening(case, grant, ids())
    assert offers == opening(case, grant, ids())
    assert len(offers) <= 3
    assert [offer.id for offer in offers] == [f"o{number + 1}" for number in range(len(offers))]
    able = affordability(case.finances)
    for offer in offers:
        assert_exact_and_inside(offer, grant, case)
        if able is not None and offer.kind == "instalments":
            most = per_period(able, offer.terms.frequency)
            assert all(line.amount <= most for line in offer.schedule.instalments)


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), case=cases(), found=LIMITS)
def test_the_nearest_promise_is_inside_the_limits(data: st.DataObject, case: CaseFacts, found: Limits) -> None:
    grant, owed = grant_of(case, found), case.balance.total
    due = case.today + timedelta(days=data.draw(st.integers(-30, 120)))
    answered = promise(due, data.draw(st.none() | sums(case.currency)), case, grant)
    made = answered.promise if isinstance(answered, PromiseAccepted) else answered.nearest
    assert check_promise(made.due, made.amount, owed, grant, case.today) == ()
    assert made.amount <= owed
