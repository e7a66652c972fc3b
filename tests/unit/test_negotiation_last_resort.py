"""A discount in instalments is opened with only where no plan of all that is owed keeps to what the person can pay."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.money import Money
from core.negotiation import CaseFacts, Finances, Offer, opening
from core.policy import Grant, held_back
from tests.unit.negotiating import dana, granted, ids, usd


def told(surplus: str) -> CaseFacts:
    """Dana, who owes 2,400 dollars, has so much left of a month."""
    return dana(finances=Finances(income=usd("2000"), spending=usd("2000") - usd(surplus), dependants=0))


def opened(case: CaseFacts, grant: Grant) -> list[Offer]:
    return [offer for offer in opening(case, grant, ids()) if offer.kind == "instalments"]


def test_who_cannot_pay_all_of_it_in_time_is_offered_the_least_that_is_taken() -> None:
    case = told("70")
    offers = opened(case, granted(case))
    assert {offer.total for offer in offers} == {usd("2160")}
    assert max(line.amount for offer in offers for line in offer.schedule.lines) <= usd("63")


def test_who_can_pay_all_of_it_in_time_is_offered_no_discount() -> None:
    case = told("80")
    assert {offer.total for offer in opened(case, granted(case))} == {usd("2400")}


@pytest.mark.parametrize("surplus", ["10", "0"])
def test_a_person_is_called_where_the_discount_is_not_enough(surplus: str) -> None:
    assert opening(told(surplus), granted(told(surplus)), ids()) == ()


def test_nothing_comes_off_in_instalments_where_the_limits_say_so() -> None:
    case = told("70")
    assert opened(case, granted(case, min_settlement_share_instalments=Decimal(1))) == []


def test_no_more_comes_off_than_is_on_offer_yet() -> None:
    case = told("70")
    patient = granted(case, concession_pace="patient", min_settlement_share_instalments=Decimal("0.80"))
    assert {offer.total for offer in opened(case, held_back(patient, 1))} == {usd("2160")}


def test_the_sum_is_whole_and_no_less_than_the_least_taken() -> None:
    case = replace(told("70"), balance=replace(dana().balance, principal=usd("2100.55")))
    share = granted(case).limits.min_settlement_share_instalments
    (total,) = {offer.total for offer in opened(case, granted(case))}
    assert total.minor % 100 == 0
    assert Money(0, "USD") <= total - case.balance.total.share(share) <= usd("1")
