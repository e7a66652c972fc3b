"""What a breach says: the field, what was asked, what is allowed, in which words and by whose leave."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.calendar import Frequency
from core.errors import InvalidInput
from core.money import Money
from core.plans import Balance
from core.policy import (
    CEILINGS,
    DEFAULT_VERSION,
    Band,
    Breach,
    Ceiling,
    Grant,
    Payment,
    PolicyVersion,
    Proposal,
    Rule,
    RuleFacts,
    breach,
    check,
    check_promise,
    diff,
    least_first_payment,
    least_instalment,
    least_settlement,
    least_total,
    market_of,
    may_approve,
    most_waived,
    validate_limits,
    validate_rule,
    validate_version,
)
from core.policy.limits import STRICTEST

TODAY = date(2026, 11, 23)
LIMITS = replace(
    DEFAULT_VERSION.rules[0].limits,
    min_settlement_share=Decimal("0.70"), min_settlement_share_instalments=Decimal("0.90"), max_instalments=12,
    max_term_days=365, min_instalment=Decimal("25.005"), min_first_payment_share=Decimal("0.05"),
    max_days_to_first_payment=45, max_extension_days=30, frequencies=(Frequency.WEEK, Frequency.MONTH),
    plan_interest=Decimal("0.06"), promise_max_days=14, promise_min_share=Decimal("0.1"),
)  # fmt: skip


def usd(text: str) -> Money:
    return Money.of(text, "USD")


def grant(rule: str = "us/credit_card", held: frozenset[str] = frozenset(), **limits: Any) -> Grant:
    return Grant(replace(LIMITS, **limits), rule, 3, held)


def proposal(*amounts: str, first: int = 10, every: int = 30, **more: Any) -> Proposal:
    payments = tuple(Payment(TODAY + timedelta(days=first + every * n), usd(text)) for n, text in enumerate(amounts))
    given: dict[str, Any] = {
        "owed": usd("2400"), "interest": usd("220"), "fees": usd("80"), "frequency": Frequency.MONTH,
        "rate": Decimal("0.06") if len(amounts) > 1 else Decimal(0),
        "total": Money(sum(payment.amount.minor for payment in payments), "USD"), **more,
    }  # fmt: skip
    return Proposal(payments=payments, **given)


FROM = {"rule": "us/credit_card", "version": "3"}
LATE = {"first": 46}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (proposal("2400", first=31), ("max_extension_days", "31", "30", {})),
        (proposal("1200", "1200", **LATE), ("max_days_to_first_payment", "46", "45", {})),
        (
            proposal("1200", "1200", first=-1),
            ("max_days_to_first_payment", "2026-11-22", "2026-11-23", {"bound": "earliest"}),
        ),
        (proposal("1200", "1200", every=400), ("max_term_days", "410", "365", {})),
        (proposal(*["180"] * 13, every=20, total=usd("2340")), ("max_instalments", "13", "12", {})),
        (proposal("1200", "25", "1175"), ("min_instalment", "25.00", "25.01", {"currency": "USD"})),
        (proposal("1200", "1200", frequency=Frequency.QUARTER), ("frequencies", "quarter", "week, month", {})),
        (proposal("1200", "1200", frequency=None), ("frequencies", "", "week, month", {})),
        (proposal("1200", "1200", rate=Decimal("1E-1")), ("plan_interest", "0.1", "0.06", {})),
        (
            proposal("1200", "959.99"),
            (
                "min_settlement_share_instalments", "0.8999", "0.90",
                {"asked_sum": "2159.99", "allowed_sum": "2160.00", "currency": "USD"},
            ),
        ),
        (
            proposal("2359.99", waived_fees=usd("40.01")),
            (
                "max_fee_waiver_share", "0.5002", "0.50",
                {"asked_sum": "40.01", "allowed_sum": "40.00", "currency": "USD"},
            ),
        ),
        (
            proposal("2399", fees=usd("0"), waived_fees=usd("1")),
            ("max_fee_waiver_share", "1", "0.50", {"asked_sum": "1.00", "allowed_sum": "0.00", "currency": "USD"}),
        ),
    ],
)  # fmt: skip
def test_a_breach_says_what_was_asked_and_what_is_allowed(
    asked: Proposal, said: tuple[str, str, str, dict[str, str]]
) -> None:
    [found] = check(asked, grant(), TODAY)
    field, wanted, allowed, data = said
    assert found == Breach(field, wanted, allowed, {**data, **FROM})


def test_at_the_limit_of_a_waiver_or_a_discount_the_share_is_not_rounded_past_it() -> None:
    [lump] = check(proposal("1679.99"), grant(), TODAY)
    assert (lump.asked, lump.data["allowed_sum"]) == ("0.6999", "1680.00")
    tiny = proposal("2399.99", fees=usd("300"), waived_fees=usd("0.01"))
    [waiver] = check(tiny, grant(max_fee_waiver_share=Decimal("1E-6")), TODAY)
    assert (waiver.asked, waiver.allowed) == ("0.0001", "0.000001")


def test_one_payment_bears_no_interest_and_has_no_rhythm_and_no_first_payment() -> None:
    once = proposal("2400", rate=Decimal("0.1"), frequency=Frequency.QUARTER)
    assert check(once, grant(min_first_payment_amount=Decimal(9000)), TODAY) == ()
    down = proposal("1200", "1200", down=True, frequency=Frequency.QUARTER)
    assert check(down, grant(), TODAY) == ()


def test_what_is_held_back_and_what_law_allows_stand_in_the_breach() -> None:
    asked = proposal(*["35"] * 70, every=5, total=usd("2450"), owed=usd("2450"))
    found = {
        each.field: each for each in check(asked, grant("cn/credit_card/M2", held=frozenset(["plan_interest"])), TODAY)
    }
    most = found["max_instalments"]
    assert most.data == {"rule": "cn/credit_card/M2", "version": "3", "ceiling": "60", "ceiling_rule": "CN-70-2"}
    cheap = proposal("1600", rate=Decimal(0))
    [held] = check(cheap, grant(held=frozenset(["min_settlement_share"])), TODAY)
    assert held.data["held"] == "yes"
    assert market_of(grant("cn/credit_card/M2")) == "cn"
    assert market_of(grant("us")) == "us"


def test_a_breach_found_elsewhere_is_named_in_the_same_way() -> None:
    found = breach(grant("cn"), "max_instalments", "61", "12", said="1.00")
    assert found == Breach(
        "max_instalments", "61", "12",
        {"said": "1.00", "rule": "cn", "version": "3", "ceiling": "60", "ceiling_rule": "CN-70-2"},
    )  # fmt: skip


def test_a_promise_says_its_days_and_may_be_for_today() -> None:
    owed = usd("2400")
    assert check_promise(TODAY, usd("240"), owed, grant(), TODAY) == ()
    [past] = check_promise(TODAY - timedelta(days=1), usd("240"), owed, grant(), TODAY)
    assert past == Breach("promise_max_days", "2026-11-22", "2026-11-23", {"bound": "earliest", **FROM})
    [late] = check_promise(TODAY + timedelta(days=15), usd("240"), owed, grant(), TODAY)
    assert late == Breach("promise_max_days", "15", "14", FROM)
    [small] = check_promise(TODAY, usd("239.99"), owed, grant(), TODAY)
    assert (small.field, small.asked, small.allowed) == ("promise_min_share", "0.0999", "0.1")


def test_least_and_most_sums_are_rounded_to_the_safe_side() -> None:
    assert least_total(usd("0.03"), Decimal("0.34")) == usd("0.02")
    assert most_waived(usd("0.03"), Decimal("0.66")) == usd("0.01")
    assert least_instalment(grant().limits, "USD") == usd("25.01")
    assert least_instalment(grant(min_instalment=Decimal(0)).limits, "USD") == usd("0.01")
    assert least_settlement(grant(min_settlement_amount=Decimal("1999.995")).limits, usd("2400")) == usd("2000")
    assert least_first_payment(grant(min_first_payment_amount=Decimal("149.995")).limits, usd("2400")) == usd("150")


def test_a_cent_may_be_the_sum_from_which_a_person_decides() -> None:
    asked = replace(grant(person_decides_above=Decimal("0.5")), facts=RuleFacts("us", role="bot"))
    assert [each.field for each in check(proposal("1200", "1200"), asked, TODAY)] == ["person_decides_above"]


def stretched(field: str, asked: str, allowed: str) -> bool:
    return may_approve("supervisor", [Breach(field, asked, allowed, {})])


def test_a_stretch_of_a_promise_goes_down_and_of_a_share_never_past_all() -> None:
    assert stretched("promise_min_share", "0.08", "0.1")
    assert not stretched("promise_min_share", "0.07", "0.1")
    assert stretched("max_fee_waiver_share", "1", "0.9")
    assert not stretched("max_fee_waiver_share", "1.01", "0.9")
    assert stretched("max_instalments", "18", "12")


def test_a_rule_that_comes_or_goes_differs_in_all_that_it_gives() -> None:
    finer = Rule("us", None, STRICTEST, bucket="M2").giving({"max_instalments": 3})
    base = PolicyVersion(1, DEFAULT_VERSION.rules)
    more = PolicyVersion(2, (*DEFAULT_VERSION.rules, finer))
    assert [(each.rule, each.field, each.old, each.new) for each in diff(base, more)] == [
        ("us/M2", "max_instalments", None, "3")
    ]
    assert [(each.old, each.new) for each in diff(more, base)] == [("3", None)]


def test_problems_of_rules_name_their_place_and_what_they_clash_with() -> None:
    us = DEFAULT_VERSION.rules[3]
    low, high = Band(Decimal(0), Decimal(10)), Band(Decimal(5))
    first, second = (Rule("us", None, STRICTEST, band=band).giving({"max_instalments": 3}) for band in (low, high))
    found = dict(validate_version(PolicyVersion(1, (us, first, second))))
    assert found["us/0-10"].data == {"rule": "us/5-"}
    assert found["us/5-"].data == {"rule": "us/0-10"}
    empty = Rule("us", None, STRICTEST, band=Band(Decimal(5), Decimal(5))).giving({"max_instalments": 3})
    [(_, nothing)] = validate_version(PolicyVersion(1, (us, empty)))
    assert (nothing.field, nothing.message_key, nothing.data) == ("band", "limits.band_empty", {})
    none = Rule("us", None, STRICTEST, bucket="M1").giving({})
    [(_, nothing)] = validate_version(PolicyVersion(1, (us, none)))
    assert (nothing.field, nothing.data) == ("rule", {})
    [(_, alone)] = validate_version(PolicyVersion(1, (first,)))
    assert (alone.field, alone.message_key, alone.data) == ("rule", "limits.no_base", {"market": "us"})


def test_the_ceilings_asked_about_are_those_that_bound() -> None:
    us = DEFAULT_VERSION.rules[3]
    law = Ceiling(market="us", field="max_instalments", at_most=Decimal(50), rule="X-1", source="a law", since=TODAY)
    version = PolicyVersion(1, (us,))
    for found in (
        validate_limits(us.limits, "us", [law]),
        validate_rule(version, us, iter([law])),
        tuple(problem for _, problem in validate_version(version, iter([law]))),
    ):
        assert [(each.field, each.data["rule"]) for each in found] == [("max_instalments", "X-1")]
    assert validate_version(version, CEILINGS) == ()
    assert [each.field for each in validate_limits(replace(us.limits, max_term_days=0), "us")] == [
        "max_term_days", "max_days_to_first_payment", "max_extension_days",
    ]  # fmt: skip


def test_a_band_contains_itself() -> None:
    assert Band(Decimal(5), Decimal(9)).contains(Band(Decimal(5), Decimal(9)))


def test_charges_are_all_that_is_neither_principal_nor_interest() -> None:
    assert Balance(usd("100"), usd("30"), usd("20"), usd("7"), usd("5")).charges == usd("32")
    with pytest.raises(InvalidInput):
        Balance(usd("1"), usd("1"), usd("-1"))
    assert usd("1").share_of(usd("3")) == Decimal("0." + "3" * 28)
