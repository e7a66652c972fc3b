"""Every way in which an ask is outside the limits, with both figures and what a sentence about them needs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.calendar import Frequency
from core.errors import InvalidInput
from core.negotiation import Accepted, Ask, CaseFacts, Nearest, Offer, answer, manual_offer
from core.plans import Balance
from core.policy import RuleFacts
from tests.unit.negotiating import TODAY, cny, dana, granted, ids, lin, usd

Found = tuple[str, str, str, Mapping[str, str]]
"""The field, what was asked, what is allowed, and what else is told."""

NOVEMBER_20, DECEMBER_5 = date(2026, 11, 20), date(2026, 12, 5)
EARLIEST = {"bound": "earliest"}


def outside(ask: Ask, case: CaseFacts, *table: Offer, **limits: Any) -> list[Found]:
    """What is outside, without the rule and the version, which every breach names."""
    grant = granted(case, **limits)
    found = answer(ask, case, grant, ids(), table)
    assert isinstance(found, Nearest)
    assert {(each.data["rule"], each.data["version"]) for each in found.breaches} == {(grant.rule, "1")}
    named = ("rule", "version", "ceiling", "ceiling_rule")
    return [
        (each.field, each.asked, each.allowed, {name: text for name, text in each.data.items() if name not in named})
        for each in found.breaches
    ]


def sums(asked: str, allowed: str) -> dict[str, str]:
    return {"asked_sum": asked, "allowed_sum": allowed, "currency": "USD"}


@pytest.mark.parametrize(
    ("ask", "limits", "found"),
    [
        pytest.param(Ask(count=0), {}, [("count", "0", "1", {})], id="no instalment at all"),
        pytest.param(Ask(count=-2), {}, [("count", "-2", "1", {})], id="fewer than none"),
        pytest.param(
            Ask(count=0), {"max_instalments": 0}, [("count", "0", "1", {})], id="no instalment where none is allowed"
        ),
        pytest.param(
            Ask(count=1201, first_due=TODAY), {}, [("max_instalments", "1201", "104", {})], id="too many from today"
        ),
        pytest.param(
            Ask(total=usd("0.02"), count=3), {}, [("count", "3", "2", {})], id="more instalments than there are cents"
        ),
        pytest.param(
            Ask(count=1201),
            {},
            [("max_instalments", "1201", "104", {})],
            id="more than can be counted, and no more said",
        ),
        pytest.param(
            Ask(instalment=usd("0")),
            {},
            [("min_instalment", "0.00", "25.00", {"currency": "USD"})],
            id="nothing a month",
        ),
        pytest.param(
            Ask(instalment=usd("0.50")),
            {},
            [
                ("min_instalment", "0.50", "25.00", {"currency": "USD"}),
                ("max_instalments", "4800", "104", {}),
            ],
            id="so little a month that it never ends",
        ),
        pytest.param(
            Ask(instalment=usd("0.01")),
            {"min_instalment": Decimal(0)},
            [("max_instalments", "240000", "104", {})],
            id="a cent, where a cent is enough",
        ),
        pytest.param(
            Ask(instalment=usd("0.50"), first_due=NOVEMBER_20),
            {},
            [
                ("min_instalment", "0.50", "25.00", {"currency": "USD"}),
                ("max_instalments", "4800", "104", {}),
                ("max_days_to_first_payment", "2026-11-20", "2026-11-23", EARLIEST),
            ],
            id="so little, from a day that is past",
        ),
        pytest.param(
            Ask(total=usd("0")),
            {},
            [("min_settlement_share", "0.0000", "0.70", sums("0.00", "1680.00"))],
            id="nothing for all of it",
        ),
        pytest.param(
            Ask(total=usd("0"), first_due=NOVEMBER_20),
            {},
            [
                ("min_settlement_share", "0.0000", "0.70", sums("0.00", "1680.00")),
                ("max_days_to_first_payment", "2026-11-20", "2026-11-23", EARLIEST),
            ],
            id="nothing, on a day that is past",
        ),
        pytest.param(
            Ask(total=usd("0"), count=3),
            {},
            [("min_settlement_share", "0.0000", "0.70", sums("0.00", "1680.00"))],
            id="nothing, in three parts",
        ),
        pytest.param(
            Ask(until=NOVEMBER_20),
            {},
            [("max_extension_days", "2026-11-20", "2026-11-23", EARLIEST)],
            id="put off to a day that is past",
        ),
        pytest.param(
            Ask(instalment=usd("200"), first_due=NOVEMBER_20),
            {},
            [("max_days_to_first_payment", "2026-11-20", "2026-11-23", EARLIEST)],
            id="instalments from a day that is past",
        ),
        pytest.param(
            Ask(instalment=usd("10"), count=2, first_due=NOVEMBER_20, down_payment=usd("400")),
            {},
            [
                ("count", "2", "200", {"said": "20.00", "rest": "2000.00"}),
                ("min_instalment", "10.00", "25.00", {"currency": "USD"}),
                ("max_instalments", "200", "104", {}),
                ("max_days_to_first_payment", "2026-11-20", "2026-11-23", EARLIEST),
            ],
            id="everything at once, the gravest first",
        ),
        pytest.param(
            Ask(instalment=usd("100"), term_days=365),
            {},
            [("count", "12", "24", {"said": "1200.00", "rest": "2400.00"})],
            id="a sum that takes longer than the time named",
        ),
        pytest.param(
            Ask(instalment=usd("100"), at_most=True, term_days=365),
            {},
            [("count", "12", "24", {"said": "1200.00", "rest": "2400.00"})],
            id="at most a sum that takes longer than the time named",
        ),
        pytest.param(
            Ask(instalment=usd("100"), count=30),
            {},
            [("count", "30", "24", {"said": "3000.00", "rest": "2400.00"})],
            id="a number that comes to more",
        ),
        pytest.param(
            Ask(discount=True),
            {"min_settlement_share": Decimal(1)},
            [("min_settlement_share", "0", "1", {"open": "1"})],
            id="something off at once, where nothing comes off",
        ),
        pytest.param(
            Ask(discount=True, count=5),
            {"min_settlement_share_instalments": Decimal("1.00")},
            [("min_settlement_share_instalments", "0", "1.00", {"open": "1"})],
            id="something off in instalments, where nothing comes off",
        ),
    ],
)
def test_each_breach_is_named_once_with_both_figures(ask: Ask, limits: dict[str, Any], found: list[Found]) -> None:
    assert outside(ask, dana(), **limits) == found


@pytest.mark.parametrize(
    "ask",
    [
        Ask(instalment=usd("200"), at_most=True, count=12),
        Ask(instalment=usd("200"), at_most=True, count=30),
        Ask(instalment=usd("9000"), count=3),
        Ask(discount=True, total=usd("2400")),
        Ask(discount=True, share=Decimal(1)),
        Ask(discount=True),
    ],
)
def test_what_fits_together_is_no_breach(ask: Ask) -> None:
    limits = {} if ask == Ask(discount=True) else {"min_settlement_share": Decimal(1)}
    assert not isinstance(answer(ask, dana(), granted(dana(), **limits), ids()), Nearest)


def test_the_most_that_can_be_counted_is_a_plan_to_an_agent_and_one_more_is_not() -> None:
    case, grant = lin(), granted(lin())
    offer, found = manual_offer(Ask(count=1200), case, grant, ids())
    assert len(offer.schedule.instalments) == 1200
    assert [each.field for each in found] == [
        "min_instalment",
        "max_instalments",
        "max_term_days",
        "min_first_payment_share",
    ]
    with pytest.raises(InvalidInput) as raised:
        manual_offer(Ask(count=1201), case, grant, ids())
    assert raised.value.data == {"most": 1200}
    assert str(raised.value) == "No plan has so many instalments."


def test_an_agent_who_says_too_little_is_told_what_is_missing() -> None:
    with pytest.raises(InvalidInput) as raised:
        manual_offer(Ask(first_due=DECEMBER_5), dana(), granted(dana()), ids())
    assert raised.value.data == {"missing": "amount"}
    assert str(raised.value) == "Say more about the plan."
    with pytest.raises(InvalidInput) as raised:
        manual_offer(Ask(until=date(9999, 12, 31)), dana(), granted(dana()), ids())
    assert raised.value.data == {"missing": "date"}


def test_what_an_agent_enters_has_its_id_its_reasons_and_keeps_the_table() -> None:
    case, grant = dana(), granted(dana())
    table = answer(Ask(instalment=usd("200"), first_due=DECEMBER_5), case, grant, ids())
    assert isinstance(table, Accepted)
    offer, found = manual_offer(Ask(count=120), case, grant, iter(["m1"]), (table.offer,))
    assert offer.id == "m1"
    assert offer.schedule.first_due == DECEMBER_5
    assert [(each.field, each.asked, each.allowed) for each in found] == [
        ("min_instalment", "20.00", "25.00"),
        ("max_instalments", "120", "104"),
        ("max_term_days", "3635", "1125"),
    ]
    assert offer.because == (
        "ask:count=120",
        "outside:min_instalment asked=20.00 allowed=25.00",
        "outside:max_instalments asked=120 allowed=104",
        "outside:max_term_days asked=3635 allowed=1125",
        "limit:max_instalments=104 rule:us/credit_card v1",
        "limit:max_term_days=1125 rule:us/credit_card v1",
        "limit:min_instalment=25 rule:us/credit_card v1",
    )


def test_a_large_balance_that_a_person_decides_on_comes_before_everything_else() -> None:
    case = dana()
    grant = replace(granted(case, person_decides_above=Decimal(2000)), facts=RuleFacts("us", "credit_card", role="bot"))
    found = answer(Ask(instalment=usd("10")), case, grant, ids())
    assert isinstance(found, Nearest)
    assert [each.field for each in found.breaches][:2] == ["person_decides_above", "min_instalment"]
    assert (found.offer.kind, found.offer.schedule.first_due, found.offer.total) == ("full", TODAY, usd("2400"))


def test_waivers_put_off_beyond_the_limit_name_every_part() -> None:
    late = dana(balance=Balance(usd("2100"), usd("220"), usd("80"), usd("60")), extensions=3)
    ask = Ask(waive_fees=True, waive_interest=True, waive_penalty=True, until=TODAY + timedelta(days=80))
    assert outside(ask, late) == [
        ("max_fee_waiver_share", "1.0000", "0.50", sums("80.00", "40.00")),
        ("max_interest_waiver_share", "1.0000", "0.30", sums("220.00", "66.00")),
        ("max_penalty_waiver_share", "1.0000", "0", sums("60.00", "0.00")),
        ("max_days_to_first_payment", "80", "45", {}),
    ]


def test_a_first_instalment_before_the_down_payment_on_the_table_is_told_that_day() -> None:
    case = dana()
    table = answer(Ask(down_payment=usd("400"), count=4, first_due=date(2026, 12, 1)), case, granted(case), ids())
    assert isinstance(table, Accepted)
    assert [line.due for line in table.offer.schedule.lines[:2]] == [date(2026, 12, 1), date(2027, 1, 1)]
    assert outside(Ask(first_due=date(2026, 11, 28)), case, table.offer) == [
        ("first_due", "2026-11-28", "2026-12-01", EARLIEST)
    ]


def test_a_debt_of_charges_alone_is_never_waived_whole() -> None:
    charges = dana(balance=Balance(usd("0"), usd("20"), usd("80"), usd("60")))
    found = outside(Ask(waive_fees=True, waive_interest=True, waive_penalty=True), charges)
    assert found == [
        ("max_fee_waiver_share", "1.0000", "0.50", sums("80.00", "40.00")),
        ("max_interest_waiver_share", "1.0000", "0.30", sums("20.00", "6.00")),
        ("max_penalty_waiver_share", "1.0000", "0", sums("60.00", "0.00")),
    ]


def test_weekly_instalments_are_counted_in_weeks_where_a_time_is_named() -> None:
    ask = Ask(instalment=cny("800"), frequency=Frequency.WEEK, term_days=70)
    assert outside(ask, lin()) == [("count", "10", "21", {"said": "8000.00", "rest": "16600.00"})]
