"""Offers as they are stored and as they are told: every field by its name, and older forms read as they were meant."""

import json
from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from core.calendar import DayRule, Frequency
from core.negotiation import Offer, offer_from_json, offer_summary, offer_to_json
from core.negotiation.codec import terms_from_json, terms_to_json
from core.plans import Balance, DayCount, Method, Remainder, Step, Terms, build_schedule
from core.policy import RuleFacts
from tests.unit.negotiating import usd

FULL = Terms(
    total=usd("2440"),
    count=6,
    frequency=Frequency.FORTNIGHT,
    first_due=date(2027, 1, 8),
    down_payment=usd("240"),
    down_payment_due=date(2026, 12, 31),
    anchor_day=8,
    annual_rate=Decimal("0.12"),
    whole_units=True,
    instalment=usd("450"),
    method=Method.ANNUITY,
    day_count=DayCount.ACT_360,
    starts=date(2027, 1, 1),
    rule=DayRule.FOLLOWING,
    market="us",
    steps=(Step(2, usd("100")), Step(1, usd("200"))),
    balloon=usd("60"),
    remainder=Remainder.FIRST,
    rounding=ROUND_CEILING,
    level_rounding=ROUND_CEILING,
    days_after=3,
    interest_on_moved_days=True,
)
FULL_JSON: dict[str, Any] = {
    "total": [244000, "USD"],
    "count": 6,
    "frequency": "fortnight",
    "first_due": "2027-01-08",
    "down_payment": [24000, "USD"],
    "down_payment_due": "2026-12-31",
    "anchor_day": 8,
    "annual_rate": "0.12",
    "whole_units": True,
    "instalment": [45000, "USD"],
    "method": "annuity",
    "day_count": "act/360",
    "starts": "2027-01-01",
    "rule": "following",
    "market": "us",
    "steps": [[2, [10000, "USD"]], [1, [20000, "USD"]]],
    "balloon": [6000, "USD"],
    "remainder": "first",
    "rounding": "ROUND_CEILING",
    "level_rounding": "ROUND_CEILING",
    "days_after": 3,
    "interest_on_moved_days": True,
}
PLAIN = Terms(
    total=usd("2400"),
    count=2,
    frequency=Frequency.MONTH,
    first_due=date(2027, 1, 5),
    down_payment=usd("400"),
    down_payment_due=date(2026, 11, 23),
)


def offer(terms: Terms = PLAIN, **changes: Any) -> Offer:
    base = Offer(
        id="o7",
        kind="instalments",
        terms=terms,
        schedule=build_schedule(terms),
        balance=Balance(usd("2100"), usd("220"), usd("80"), usd("60")),
        discount=usd("60"),
        apr=Decimal("1.50"),
        rule="us/credit_card",
        policy_version=7,
    )
    return replace(base, **changes)


def test_terms_are_stored_with_every_field_by_its_name() -> None:
    assert terms_to_json(FULL) == FULL_JSON
    assert terms_from_json(json.loads(json.dumps(FULL_JSON))) == FULL


def test_terms_that_leave_much_open_store_nothing_for_it() -> None:
    stored = terms_to_json(PLAIN)
    empty = ("anchor_day", "instalment", "starts", "market", "balloon")
    assert {name: stored[name] for name in empty} == dict.fromkeys(empty)
    assert (stored["steps"], stored["whole_units"], stored["interest_on_moved_days"]) == ([], False, False)
    assert terms_from_json(stored) == PLAIN


def test_terms_stored_before_plans_had_shapes_are_read_as_they_were_then() -> None:
    newer = (
        "steps", "balloon", "remainder", "rounding", "level_rounding", "days_after", "interest_on_moved_days",
    )  # fmt: skip
    old = {name: value for name, value in terms_to_json(PLAIN).items() if name not in newer}
    read = terms_from_json(old)
    assert read == PLAIN
    assert (read.rounding, read.level_rounding, read.remainder) == (ROUND_HALF_UP, ROUND_HALF_UP, Remainder.LAST)
    assert (read.days_after, read.interest_on_moved_days) == (0, False)


def test_an_offer_is_stored_with_every_field_by_its_name() -> None:
    full = offer(
        because=("ask:count=2", "above affordability"),
        waived_fees=usd("40"),
        waived_interest=usd("15"),
        waived_penalty=usd("5"),
        extensions=2,
        rule_facts=RuleFacts("us", "credit_card", role="bot"),
    )
    stored = offer_to_json(full)
    assert stored == {
        "id": "o7",
        "kind": "instalments",
        "terms": terms_to_json(PLAIN),
        "balance": {
            "principal": [210000, "USD"],
            "interest": [22000, "USD"],
            "fees": [8000, "USD"],
            "penalty": [6000, "USD"],
            "costs": [0, "USD"],
        },
        "discount": [6000, "USD"],
        "apr": "1.50",
        "rule": "us/credit_card",
        "policy_version": 7,
        "because": ["ask:count=2", "above affordability"],
        "waived_fees": [4000, "USD"],
        "waived_interest": [1500, "USD"],
        "waived_penalty": [500, "USD"],
        "extensions": 2,
        "rule_facts": {
            "market": "us",
            "product": "credit_card",
            "creditor": None,
            "days_past_due": None,
            "balance": None,
            "segments": [],
            "role": "bot",
        },
    }
    assert offer_from_json(json.loads(json.dumps(stored))) == full


def test_an_offer_that_waives_nothing_and_was_never_put_off_stores_as_before() -> None:
    stored = offer_to_json(offer())
    assert (stored["waived_fees"], stored["waived_interest"]) == (None, None)
    assert not {"waived_penalty", "extensions", "rule_facts"} & set(stored)
    assert offer_from_json(stored) == offer()


@pytest.mark.parametrize("missing", ["because", "waived_fees", "waived_interest"])
def test_an_offer_from_before_a_field_was_stored_is_read_without_it(missing: str) -> None:
    stored = {name: value for name, value in offer_to_json(offer()).items() if name != missing}
    assert offer_from_json(stored) == offer()


def test_a_balance_from_before_penalties_were_told_apart_has_none() -> None:
    stored = offer_to_json(offer())
    del stored["balance"]["penalty"]
    assert offer_from_json(stored).balance == Balance(usd("2100"), usd("220"), usd("80"))


def test_a_summary_tells_sums_as_decimals_and_the_down_payment_apart() -> None:
    assert offer_summary(offer(apr=Decimal("1.5E+1"))) == {
        "id": "o7",
        "total": "2400.00",
        "discount": "60.00",
        "down_payment": "400.00",
        "frequency": "month",
        "instalments": [{"due": "2027-01-05", "amount": "1000.00"}, {"due": "2027-02-05", "amount": "1000.00"}],
        "apr": "15",
    }


def test_a_summary_without_a_down_payment_says_none_in_the_debts_currency() -> None:
    plain = replace(PLAIN, down_payment=usd("0"), down_payment_due=None)
    assert offer_summary(offer(plain))["down_payment"] == "0.00"


def test_a_summary_tells_what_is_waived_by_name_where_anything_is() -> None:
    assert "waived" not in offer_summary(offer())
    waived = offer(waived_fees=usd("40"), waived_penalty=usd("5"))
    assert offer_summary(waived)["waived"] == {"fees": "40.00", "penalty": "5.00"}
