"""Every reason of an offer, to the letter and in order: what was asked, what was outside, what was known, and why."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.calendar import Frequency
from core.negotiation import Ask, CaseFacts, Finances, Offer, Payday, answer, opening
from core.negotiation.types import Unclear
from core.plans import Balance
from tests.unit.negotiating import cny, dana, granted, ids, lin, usd

CN = "rule:cn/credit_card v1"
US = "rule:us/credit_card v1"
LEVEL_CN = (f"limit:max_instalments=60 {CN}", f"limit:max_term_days=1125 {CN}", f"limit:min_instalment=200 {CN}")
LEVEL_US = (f"limit:max_instalments=104 {US}", f"limit:max_term_days=1125 {US}", f"limit:min_instalment=25 {US}")
SETTLED_US = (f"limit:min_settlement_share=0.70 {US}", f"limit:max_days_to_first_payment=45 {US}")
PUT_OFF_US = (f"limit:max_extension_days=30 {US}",)

TOLD = Finances(income=cny("6000"), spending=cny("5500"), payday=Payday(day=10), recovers_on=date(2027, 3, 1))
LATE = dana(balance=Balance(usd("2100"), usd("220"), usd("80"), usd("60")))


def offered(ask: Ask, case: CaseFacts, **limits: Any) -> Offer:
    found = answer(ask, case, granted(case, **limits), ids())
    assert not isinstance(found, Unclear)
    return found.offer


@pytest.mark.parametrize(
    ("ask", "case", "limits", "reasons"),
    [
        pytest.param(
            Ask(instalment=cny("800"), frequency=Frequency.MONTH, at_most=True),
            lin(finances=TOLD, broken_promises=2),
            {},
            (
                "ask:instalment=800.00",
                "ask:at_most=True",
                "ask:frequency=month",
                "affordability=450.00 a month",
                "income back on=2027-03-01",
                "broken promises=2",
                "payday=day:10",
                "above affordability",
                *LEVEL_CN,
            ),
            id="more than they told that they can pay",
        ),
        pytest.param(
            Ask(instalment=cny("300")),
            lin(finances=TOLD),
            {},
            (
                "ask:instalment=300.00",
                "outside:max_term_days asked=1692 allowed=1125",
                "affordability=450.00 a month",
                "income back on=2027-03-01",
                "payday=day:10",
                *LEVEL_CN,
            ),
            id="as much as they can pay, to the yuan",
        ),
        pytest.param(
            Ask(instalment=usd("55"), frequency=Frequency.WEEK, payday=Payday(weekday=4)),
            dana(finances=Finances(affordable=usd("200"))),
            {},
            (
                "ask:instalment=55.00",
                "ask:frequency=week",
                "ask:payday=weekday:4",
                "affordability=200.00 a month",
                "above affordability",
                *LEVEL_US,
            ),
            id="by the week, with a month's sum told",
        ),
        pytest.param(
            Ask(count=3, waive_fees=True, waive_interest=True, waive_penalty=True),
            LATE,
            {"max_penalty_waiver_share": Decimal("0.5")},
            (
                "ask:count=3",
                "ask:waive_fees=True",
                "ask:waive_interest=True",
                "ask:waive_penalty=True",
                "outside:max_fee_waiver_share asked=1.0000 allowed=0.50",
                "outside:max_interest_waiver_share asked=1.0000 allowed=0.30",
                "outside:max_penalty_waiver_share asked=1.0000 allowed=0.5",
                *LEVEL_US,
                f"limit:max_fee_waiver_share=0.50 {US}",
                f"limit:max_interest_waiver_share=0.30 {US}",
                f"limit:max_penalty_waiver_share=0.5 {US}",
            ),
            id="everything that can be waived, in instalments",
        ),
        pytest.param(
            Ask(count=3, waive_interest=True),
            LATE,
            {"max_interest_waiver_share": Decimal(1)},
            ("ask:count=3", "ask:waive_interest=True", *LEVEL_US, f"limit:max_interest_waiver_share=1 {US}"),
            id="interest waived by name is no settlement",
        ),
        pytest.param(
            Ask(count=3, waive_penalty=True),
            LATE,
            {"max_penalty_waiver_share": Decimal(1)},
            ("ask:count=3", "ask:waive_penalty=True", *LEVEL_US, f"limit:max_penalty_waiver_share=1 {US}"),
            id="a penalty waived by name is no settlement",
        ),
        pytest.param(
            Ask(until=date(2026, 12, 20), waive_fees=True),
            LATE,
            {},
            (
                "ask:until=2026-12-20",
                "ask:waive_fees=True",
                "outside:max_fee_waiver_share asked=1.0000 allowed=0.50",
                *SETTLED_US,
                f"limit:max_fee_waiver_share=0.50 {US}",
            ),
            id="fees waived and put off",
        ),
        pytest.param(
            Ask(total=usd("2200"), count=4),
            dana(),
            {"min_first_payment_amount": Decimal(100), "min_settlement_amount": Decimal(500)},
            (
                "ask:count=4",
                "ask:total=2200.00",
                *LEVEL_US,
                f"limit:min_settlement_share_instalments=0.90 {US}",
                f"limit:min_first_payment_amount=100 {US}",
            ),
            id="a settlement in instalments",
        ),
        pytest.param(
            Ask(share=Decimal("0.75")),
            dana(),
            {"min_first_payment_amount": Decimal(100), "min_settlement_amount": Decimal(500)},
            ("ask:share=0.75", *SETTLED_US, f"limit:min_settlement_amount=500 {US}"),
            id="a settlement in one payment",
        ),
        pytest.param(
            Ask(until=date(2026, 12, 20)), dana(), {}, ("ask:until=2026-12-20", *PUT_OFF_US), id="all of it later"
        ),
        pytest.param(
            Ask(count=1),
            dana(finances=Finances(affordable=usd("100"))),
            {},
            ("ask:count=1", "affordability=100.00 a month", *PUT_OFF_US),
            id="all of it at once is measured against no month",
        ),
        pytest.param(
            Ask(down_payment=usd("400"), count=3, first_due=date(2026, 12, 25), anchor_day=25),
            dana(),
            {},
            ("ask:count=3", "ask:first_due=2026-12-25", "ask:anchor_day=25", "ask:down_payment=400.00", *LEVEL_US),
            id="a down payment and a day of the month",
        ),
        pytest.param(
            Ask(count=48),
            lin(),
            {"max_instalments": 36},
            (
                "ask:count=48",
                "outside:max_instalments asked=48 allowed=36",
                "outside:max_term_days asked=1445 allowed=1125",
                f"limit:max_instalments=36 {CN}",
                *LEVEL_CN[1:],
            ),
            id="too many",
        ),
    ],
)
def test_an_answer_says_each_of_its_reasons_once_and_in_order(
    ask: Ask, case: CaseFacts, limits: dict[str, Any], reasons: tuple[str, ...]
) -> None:
    assert offered(ask, case, **limits).because == reasons


def test_a_reason_names_the_version_and_the_rule_that_gave_its_limit() -> None:
    case = dana()
    grant = replace(granted(case), version=7, sources={"max_extension_days": "us"})
    found = answer(Ask(until=date(2026, 12, 20)), case, grant, ids())
    assert not isinstance(found, Unclear)
    assert found.offer.because == ("ask:until=2026-12-20", "limit:max_extension_days=30 rule:us v7")


def test_only_what_falls_due_before_income_is_back_is_measured_against_what_they_can_pay() -> None:
    """The first instalment is due on 7 December; from January on nothing is known of what they can pay."""
    poor = Finances(affordable=usd("50"), recovers_on=date(2026, 12, 7))
    assert "above affordability" not in offered(Ask(instalment=usd("200")), dana(finances=poor)).because
    later = replace(poor, recovers_on=date(2026, 12, 8))
    assert "above affordability" in offered(Ask(instalment=usd("200")), dana(finances=later)).because
    exactly = replace(later, affordable=usd("200"))
    assert "above affordability" not in offered(Ask(instalment=usd("200")), dana(finances=exactly)).because


WEIGHTS = (
    "weights:affordable_share=0.9 protected_minimum=800 health_floor=0.4 discount_rate=0.08 keep_first=0.9 "
    "keep_each=0.97 v1"
)


def test_each_opening_offer_says_what_it_is_there_for_what_it_is_worth_and_what_was_weighed() -> None:
    case = dana(finances=Finances(income=usd("3000"), spending=usd("2500"), payday=Payday(weekday=0)))
    told = ("affordability=450.00 a month", "payday=weekday:0", *LEVEL_US, WEIGHTS)
    assert [(offer.id, *offer.because) for offer in opening(case, granted(case), ids())] == [
        (
            "o1",
            "chosen:shorter",
            "worth:value=1823.44 chance=0.6722 health=0.4000",
            "rank:1 of 2 by value, chosen from 10",
            *told,
        ),
        (
            "o2",
            "chosen:gentler",
            "worth:value=1804.54 chance=0.6528 health=0.5800",
            "rank:2 of 2 by value, chosen from 10",
            *told,
        ),
    ]


def test_an_opening_without_anything_told_says_that_what_is_left_is_unknown() -> None:
    """One payment of 1,680 in 14 days: 0.9 × (1 − 0.014) × (1 − 3 × 0.06) come, and 8 % a year are lost on waiting."""
    lump, *plans = opening(dana(), granted(dana()), ids())
    assert lump.because == (
        "chosen:at_once",
        "worth:value=1218.88 chance=0.7277 health=unknown",
        "rank:3 of 3 by value, chosen from 10",
        *SETTLED_US,
        WEIGHTS,
    )
    assert [plan.because[0] for plan in plans] == ["chosen:shorter", "chosen:gentler"]


def test_the_weights_carry_the_version_that_they_come_from() -> None:
    (first, *_) = opening(dana(), replace(granted(dana()), version=7), ids())
    assert first.because[-1].endswith(" keep_each=0.97 v7")
