"""What the negotiator makes of least sums, and what an offer keeps of the rules that allowed it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.dialogue.differences import differences
from core.negotiation import Ask, Nearest, answer, offer_from_json, offer_to_json, opening
from core.policy import RuleFacts
from tests.unit.negotiating import dana, granted, ids, usd

FACTS = RuleFacts(
    market="us",
    product="credit_card",
    creditor="Harbour Bank",
    days_past_due=30,
    balance=Decimal("2400.00"),
    segments=frozenset({"hardship", "broken_plan"}),
    role="bot",
)


def test_a_settlement_below_the_least_sum_is_raised_to_it_and_the_sum_is_said() -> None:
    grant = granted(dana(), min_settlement_share=Decimal("0.5"), min_settlement_amount=Decimal(2000))
    found = answer(Ask(total=usd("1500")), dana(), grant, ids())
    assert isinstance(found, Nearest)
    assert (found.offer.total, [each.field for each in found.breaches]) == (usd("2000"), ["min_settlement_amount"])
    (said,) = differences(found.breaches, "USD", grant.limits)
    assert said.key == "counter.min_settlement_share"
    assert (said.params["asked_sum"], said.params["allowed_sum"]) == (usd("1500"), usd("2000"))


def test_the_opening_settlement_and_the_discount_asked_for_keep_to_the_least_sum() -> None:
    grant = granted(dana(), min_settlement_share=Decimal("0.5"), min_settlement_amount=Decimal(2000))
    first = opening(dana(), grant, ids())[0]
    assert (first.kind, first.total) == ("settlement", usd("2000"))
    assert "limit:min_settlement_amount=2000 rule:us/credit_card v1" in first.because
    found = answer(Ask(discount=True, count=1), dana(), grant, ids())
    assert found.offer.total == usd("2000")  # type: ignore[union-attr]


def test_of_a_debt_below_the_least_sum_nothing_comes_off_at_once() -> None:
    grant = granted(dana(), min_settlement_share=Decimal("0.5"), min_settlement_amount=Decimal(5000))
    assert opening(dana(), grant, ids())[0].kind == "full"


@pytest.mark.parametrize("ask", [Ask(down_payment=usd("10"), count=4), Ask(instalment=usd("110"))])
def test_a_first_payment_below_the_least_sum_is_raised_to_it(ask: Ask) -> None:
    grant = granted(dana(), min_first_payment_amount=Decimal(120))
    found = answer(ask, dana(), grant, ids())
    assert isinstance(found, Nearest)
    assert [each.field for each in found.breaches] == ["min_first_payment_amount"]
    assert found.offer.schedule.lines[0].amount == usd("120")
    assert [each.key for each in differences(found.breaches, "USD", grant.limits)] == [
        "counter.min_first_payment_share"
    ]


def test_opening_plans_begin_with_the_least_first_sum_or_more() -> None:
    offers = opening(dana(), granted(dana(), min_first_payment_amount=Decimal(300)), ids())
    plans = [offer for offer in offers if offer.kind == "instalments"]
    assert plans
    assert all(offer.schedule.lines[0].amount >= usd("300") for offer in plans)


def test_an_offer_keeps_what_its_limits_were_chosen_by() -> None:
    made = opening(dana(), replace(granted(dana()), facts=FACTS), ids())[0]
    assert made.rule_facts == FACTS
    assert offer_from_json(offer_to_json(made)) == made
    old = replace(made, rule_facts=None)
    assert "rule_facts" not in offer_to_json(old)
    assert offer_from_json(offer_to_json(old)) == old


def test_an_offer_says_of_each_limit_which_rule_gave_it() -> None:
    grant = replace(granted(dana()), sources={"max_instalments": "us/M1", "max_term_days": "us"})
    plan = next(offer for offer in opening(dana(), grant, ids()) if offer.kind == "instalments")
    rules = {line.partition("=")[0]: line.rpartition("rule:")[2] for line in plan.because if line.startswith("limit:")}
    assert rules == {
        "limit:max_instalments": "us/M1 v1",
        "limit:max_term_days": "us v1",
        "limit:min_instalment": "us/credit_card v1",
    }
